package mattermost

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

func TestCommandIsDecoded(t *testing.T) {
	m := newQuiet(t)
	sanna, me := idOf("sanna"), idOf("luotsi")
	for name, c := range map[string]struct {
		change func(url.Values)
		text   string
		place  bot.Place
		hook   string
	}{
		"in a room":          {nil, "/luotsi jono", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, idOf("hook")},
		"in the queue":       {func(f url.Values) { f.Set("channel_id", idOf("queue")) }, "/luotsi jono", bot.Place{Kind: bot.InQueue, Room: idOf("queue")}, idOf("hook")},
		"in private":         {func(f url.Values) { f.Set("channel_name", model.GetDMNameFromIds(me, sanna)) }, "/luotsi jono", bot.Place{Kind: bot.InDirect}, idOf("hook")},
		"with somebody else": {func(f url.Values) { f.Set("channel_name", model.GetDMNameFromIds(idOf("paula"), sanna)) }, "/luotsi jono", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, idOf("hook")},
		"bare":               {func(f url.Values) { f.Set("text", "") }, "/luotsi", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, idOf("hook")},
		"spaces":             {func(f url.Values) { f.Set("text", "  ota  X ") }, "/luotsi   ota  X", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, idOf("hook")},
		"odd hook":           {func(f url.Values) { f.Set("response_url", "http://elsewhere.test/hooks/commands/../x") }, "/luotsi jono", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, ""},
		"no hook":            {func(f url.Values) { f.Set("response_url", "") }, "/luotsi jono", bot.Place{Kind: bot.InRoom, Room: idOf("room")}, ""},
	} {
		a, err := m.decodeCommand(commandForm(c.change))
		if err != nil || a.Text != c.text || a.Place != c.place || a.hook != c.hook || a.User != sanna || a.Platform != "mattermost" || a.At.IsZero() {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		if a.Submit != "" || a.Press != "" || a.Open != "" {
			t.Errorf("%s asks for more than one thing: %+v", name, a)
		}
	}
}

// A request's id is the same for what is delivered again, and for nothing else; it tells nothing.
func TestRequestIDs(t *testing.T) {
	m := newQuiet(t)
	seen := map[string]string{}
	note := func(name, id string, again bool) {
		t.Helper()
		if _, known := seen[id]; known != again {
			t.Errorf("%s: the id is that of %q", name, seen[id])
		}
		seen[id] = name
		for _, secret := range []string{"trigger", "sanna", "ticket", "010140"} {
			if strings.Contains(id, secret) {
				t.Errorf("the id %q tells %s", id, secret)
			}
		}
	}
	command := func(change func(url.Values)) string {
		a, err := m.decodeCommand(commandForm(change))
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	note("a command", command(nil), false)
	note("again", command(nil), true)
	note("another", command(func(f url.Values) { f.Set("trigger_id", "other") }), false)
	note("without trigger", command(func(f url.Values) { f.Set("trigger_id", "") }), false)
	note("without trigger, another", command(func(f url.Values) { f.Set("trigger_id", "") }), false)
	click := func(user, trigger string) string {
		a, err := m.decodeClick([]byte(mattermosttest.AsText(model.PostActionIntegrationRequest{UserId: user, ChannelId: idOf("room"), PostId: idOf("post"), TriggerId: trigger})), true)
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	note("a click", click(idOf("sanna"), "trigger"), false)
	note("the click again", click(idOf("sanna"), "trigger"), true)
	note("somebody else's", click(idOf("paula"), "trigger"), false)
	form := func(ticket string, values map[string]any) string {
		a, _, err := m.decodeForm(submission(t, m, state{Ticket: ticket, User: idOf("sanna"), Fields: map[string]string{"code": readOne, "more": readMany}}, values))
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	note("a form", form("ticket", map[string]any{"code": "010140-900T"}), false)
	note("the form again", form("ticket", map[string]any{"code": "010140-900T", "unasked": "x"}), true)
	note("corrected", form("ticket", map[string]any{"code": "010140-901U"}), false)
	note("another form", form("ticket2", map[string]any{"code": "010140-900T"}), false)
}

func submission(t testing.TB, m *Mattermost, s state, values map[string]any) []byte {
	t.Helper()
	sealed, err := m.sealed(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(mattermosttest.AsText(model.SubmitDialogRequest{
		Type: "dialog_submission", State: sealed, UserId: s.User, ChannelId: idOf("room"), Submission: values,
	}))
}

// Every way in which clients and servers of different ages write an answer reads the same.
func TestAnswersAreRead(t *testing.T) {
	shown := map[string]string{"text": readOne, "pick": readOne, "many": readMany, "yes": readBool, "boxes": readBools + "boxes:a", moreName: readMore}
	empty := map[string]any{"text": "", "pick": "", "many": []string{}, "yes": false, "boxes": []string{}}
	with := func(field string, v any) map[string]any {
		all := map[string]any{}
		for k, e := range empty {
			all[k] = e
		}
		all[field] = v
		return all
	}
	for sent, want := range map[string]map[string]any{
		`{}`:   empty,
		`null`: empty,
		`{"text":null,"pick":null,"many":null,"yes":null,"boxes:a":null}`:    empty,
		`{"text":"","pick":"","many":"","yes":"","boxes:a":""}`:              empty,
		`{"text":"<nil>","many":["","<nil>"],"yes":"false","boxes:a":false}`: empty,
		`{"text":" Hei, \n ä "}`:                                             with("text", " Hei, \n ä "),
		`{"text":60}`:                                                        with("text", "60"),
		`{"text":1.5}`:                                                       with("text", "1.5"),
		`{"pick":{"label":"A","value":"a"}}`:                                 with("pick", "a"),
		`{"pick":["a"]}`:                                                     with("pick", "a"),
		`{"many":"a,b, c"}`:                                                  with("many", []string{"a", "b", "c"}),
		`{"many":["a","b","a"]}`:                                             with("many", []string{"a", "b"}),
		`{"many":[{"label":"A","value":"a"}]}`:                               with("many", []string{"a"}),
		`{"many":"person:sanna"}`:                                            with("many", []string{"person:sanna"}),
		`{"yes":true}`:                                                       with("yes", true),
		`{"yes":"true"}`:                                                     with("yes", true),
		`{"yes":1}`:                                                          with("yes", true),
		`{"yes":"no"}`:                                                       with("yes", false),
		`{"boxes:a":true,"boxes:near:son":"true","boxes:c":false}`:           with("boxes", []string{"a", "near:son"}),
		`{"unasked":"x","boxesa":true,"other:a":true}`:                       empty,
		`{"text":{"deep":{"deeper":[1]}},"pick":[["a"]],"many":{"a":1}}`:     with("pick", "a"),
	} {
		var got map[string]any
		if err := json.Unmarshal([]byte(sent), &got); err != nil {
			t.Fatal(err)
		}
		values, more := answers(state{Fields: shown}, got)
		if !reflect.DeepEqual(values, want) || more {
			t.Errorf("%s is read as %#v, %v", sent, values, more)
		}
	}
}

// What a step does not show keeps its default; what the next step will show is left to it.
func TestAnswersKept(t *testing.T) {
	s := state{
		Fields: map[string]string{"long": readOne, moreName: readMore},
		Kept:   map[string]any{"long": "a long text", "kind": "network_meeting", "invitees": []any{"ville", "kaisa"}},
	}
	for _, c := range []struct {
		sent, want map[string]any
		more       bool
	}{
		{map[string]any{}, map[string]any{"long": "a long text", "kind": "network_meeting", "invitees": []string{"ville", "kaisa"}}, false},
		{map[string]any{"long": "new", "kind": "forged"}, map[string]any{"long": "new", "kind": "network_meeting", "invitees": []string{"ville", "kaisa"}}, false},
		{map[string]any{moreName: true}, map[string]any{"long": "a long text"}, true},
	} {
		values, more := answers(s, c.sent)
		if !reflect.DeepEqual(values, c.want) || more != c.more {
			t.Errorf("%v is read as %#v, %v", c.sent, values, more)
		}
	}
	if _, more := answers(state{Fields: map[string]string{}}, map[string]any{moreName: true}); more {
		t.Error("more was asked of a form that has no more")
	}
}

func TestNativeTimesAreReadAsTheyAre(t *testing.T) {
	for sent, want := range map[string]string{"2027-02-16T08:30:00Z": "2027-02-16 10:30", "2027-06-16T10:30:00+03:00": "2027-06-16 10:30", "16.2.2027 10.30": "2027-02-16 10:30"} {
		values, _ := answers(state{Fields: map[string]string{"at": readOne}}, map[string]any{"at": sent})
		got, err := bot.ParseMoment(values["at"].(string), time.Date(2027, 1, 1, 9, 0, 0, 0, bot.Helsinki), false)
		if err != nil || got.In(bot.Helsinki).Format("2006-01-02 15:04") != want {
			t.Errorf("%s is read as %v, %v", sent, got, err)
		}
	}
}

func TestStateIsOurs(t *testing.T) {
	m, sanna := newQuiet(t), idOf("sanna")
	sealed, err := m.sealed(state{Ticket: "ticket", User: sanna, Post: idOf("post"), Fields: map[string]string{"a": readOne}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := m.opened(sealed, sanna); err != nil || s.Ticket != "ticket" || s.Post != idOf("post") {
		t.Errorf("our own state reads %+v, %v", s, err)
	}
	other := newQuiet(t, func(c *Config) { c.Token = "other" })
	for name, open := range map[string]func() (state, error){
		"changed":         func() (state, error) { return m.opened(strings.Replace(sealed, "A", "B", 1), sanna) },
		"cut":             func() (state, error) { return m.opened(sealed[:20], sanna) },
		"empty":           func() (state, error) { return m.opened("", sanna) },
		"invented":        func() (state, error) { return m.opened("{}", sanna) },
		"somebody else's": func() (state, error) { return m.opened(sealed, idOf("paula")) },
		"another token's": func() (state, error) { return other.opened(sealed, sanna) },
	} {
		if s, err := open(); err == nil || s.Ticket != "" {
			t.Errorf("a %s state was read: %+v", name, s)
		}
	}
	for _, text := range []string{"", "x", sealed + "A", `{"t":"ticket"}`} {
		a, _, err := m.decodeForm([]byte(mattermosttest.AsText(model.SubmitDialogRequest{State: text, UserId: sanna, ChannelId: idOf("room"), Submission: map[string]any{"a": "x"}})))
		if err != nil || a.Submit != forged || len(a.Values) > 0 {
			t.Errorf("the state %q asks for %+v, %v", text, a.Request, err)
		}
	}
}

// Whatever comes, the decoder neither falls over nor believes more than one thing at a time.
func FuzzDecode(f *testing.F) {
	m := newQuiet(f)
	f.Add(submission(f, m, state{Ticket: "t", User: idOf("sanna"), Fields: map[string]string{"a": readOne, "b": readMany, "c": ""}}, map[string]any{"a": "x", "b": []string{"y"}}))
	f.Add([]byte(mattermosttest.AsText(model.PostActionIntegrationRequest{UserId: idOf("sanna"), ChannelId: idOf("room"), PostId: idOf("post"), Context: map[string]any{"ticket": "t"}})))
	f.Add([]byte(commandForm(nil).Encode()))
	f.Add([]byte(`{"user_id":"` + idOf("sanna") + `","submission":{"a":[[["x"]]]},"context":{"ticket":{}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		one := func(a asking, err error) {
			if err != nil {
				return
			}
			asked := 0
			for _, s := range []string{a.Text, a.Submit, a.Press} {
				if s != "" {
					asked++
				}
			}
			if asked != 1 || a.Open != "" || a.ID == "" || !model.IsValidId(a.User) {
				t.Errorf("%q asks for %+v", body, a.Request)
			}
			for name, v := range a.Values {
				switch v.(type) {
				case string, bool, []string:
				default:
					t.Errorf("the answer to %q is a %T", name, v)
				}
			}
		}
		one(m.decodeClick(body, true))
		a, cancelled, err := m.decodeForm(body)
		if !cancelled {
			one(a, err)
		}
		if form, err := url.ParseQuery(string(body)); err == nil {
			one(m.decodeCommand(form))
		}
	})
}
