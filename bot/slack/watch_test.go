package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack/slackevents"

	"luotsi/commands/casework"
)

func looksCode(text string) (looks, valid bool) {
	return casework.LooksLikeIdentityCode(text), casework.HasIdentityCode(text)
}

// A code of the 900 series, which nobody is given, and one whose check symbol does not fit.
const (
	testCode  = "010170-999R"
	wrongCode = "010170-999X"
)

// hear makes an inner event as IN decodes it.
func inner(t *testing.T, e map[string]any) slackevents.EventsAPIInnerEvent {
	t.Helper()
	body, _ := json.Marshal(map[string]any{"type": "event_callback", "event_id": "Ev1", "team_id": "T0000001", "event": e})
	parsed, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		t.Fatal(err)
	}
	return parsed.InnerEvent
}

// watched is a workspace whose events reach Luotsi at once.
func watched(t *testing.T) (w *workspace, s *Slack, house *houseBook, log *bytes.Buffer) {
	w = newWorkspace(t, quick)
	house, log = &houseBook{w: w}, &bytes.Buffer{}
	s = w.luotsi(ledgerBook(), func(c *Config) { c.House = house; c.Log = slog.New(slog.NewTextHandler(log, nil)) })
	w.watch = func(e map[string]any) { s.event(context.Background(), inner(t, e)) }
	return w, s, house, log
}

func ledgerBook() *saidBook { return &saidBook{said: map[string]string{}} }

func TestMeddlingIsNoticed(t *testing.T) {
	w, s, house, _ := watched(t)
	sanna, ville := w.person("sanna"), w.person("ville")
	room, err := s.OpenRoom(t.Context(), "luotsi-abc")
	if err != nil {
		t.Fatal(err)
	}
	other := "C7777777"
	w.do(func() {
		w.channels[other] = &wsChannel{id: other, name: "muu", creator: sanna, private: true, members: []string{sanna, w.bot}}
	})
	expect := func(what string, want ...string) {
		t.Helper()
		w.quiet()
		if got, _ := house.told(); !slices.Equal(got, want) {
			t.Errorf("%s: the house looks at %q, want %q", what, got, want)
		}
	}
	if err := s.Invite(t.Context(), room, sanna); err != nil {
		t.Fatal(err)
	}
	expect("an own invitation")
	w.do(func() {
		ch := w.channels[room]
		ch.members = append(ch.members, ville)
		w.tell(wsAnswer{"type": "member_joined_channel", "channel": room, "user": ville, "inviter": sanna})
	})
	expect("an outsider", room)
	if who := house.came; !slices.Equal(who, []string{room + " " + ville}) {
		t.Errorf("the house was told that %q came", who)
	}
	w.do(func() { w.leave(w.channels[room], sanna) })
	expect("somebody left", room)
	w.do(func() { w.tell(wsAnswer{"type": "group_rename", "channel": wsAnswer{"id": room, "name": "aho"}}) })
	expect("another name", room)
	w.do(func() {
		w.tell(wsAnswer{"type": "message", "subtype": "group_topic", "channel": room, "user": sanna, "text": "set the topic", "topic": "Aino", "ts": "1.1"})
	})
	expect("another topic", room)
	w.do(func() { w.tell(wsAnswer{"type": "member_left_channel", "channel": other, "user": ville}) })
	expect("another channel")
	w.do(func() { w.leave(w.channels[room], w.bot) })
	expect("put out", room)
	w.do(func() {
		w.channels[room].members = append(w.channels[room].members, w.bot)
		w.tell(wsAnswer{"type": "member_joined_channel", "channel": room, "user": w.bot, "inviter": sanna})
	})
	expect("let in again", room)
	if len(house.came) != 1 {
		t.Errorf("the house was told that %q came", house.came)
	}
}

// TestMeddlingWithTheCoordinatorsChannelIsNoticed: that Luotsi was put out and let in again, and that it was archived.
func TestMeddlingWithTheCoordinatorsChannelIsNoticed(t *testing.T) {
	w, s, house, _ := watched(t)
	s.cfg.Queue = "C1"
	ch := &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{w.bot}}
	w.do(func() { w.channels["C1"] = ch })
	for what, do := range map[string]func(){
		"put out": func() { w.leave(ch, w.bot) },
		"let in": func() {
			w.tell(wsAnswer{"type": "member_joined_channel", "channel": "C1", "user": w.bot, "inviter": "U1"})
		},
		"closed": func() { w.archived(ch) },
	} {
		w.do(do)
		w.quiet()
		if got, _ := house.told(); !slices.Equal(got, []string{"C1"}) || len(house.came) > 0 {
			t.Errorf("%s: the house looks at %q, %q came", what, got, house.came)
		}
	}
}

func TestArchivedBySomebodyElseIsGoneAndTold(t *testing.T) {
	w, s, house, log := watched(t)
	room, err := s.OpenRoom(t.Context(), "luotsi-abc")
	if err != nil {
		t.Fatal(err)
	}
	w.do(func() { w.archived(w.channels[room]) })
	w.quiet()
	if drifted, _ := house.told(); !slices.Equal(drifted, []string{room}) {
		t.Errorf("the house looks at %q", drifted)
	}
	if !strings.Contains(log.String(), "archived in Slack") {
		t.Errorf("the log says %q", log)
	}
	if _, err := s.Members(t.Context(), room); !isGone(err) {
		t.Errorf("members: %v", err)
	}
	own, err := s.OpenRoom(t.Context(), "luotsi-own")
	if err != nil {
		t.Fatal(err)
	}
	log.Reset()
	if err := s.Archive(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	w.quiet()
	if drifted, _ := house.told(); len(drifted) > 0 || log.Len() > 0 {
		t.Errorf("Luotsi's own archiving: looks at %q, log %q", drifted, log)
	}
}

func TestIdentityCodesInRoomsAreTold(t *testing.T) {
	w, s, house, log := watched(t)
	sanna := w.person("sanna")
	room, err := s.OpenRoom(t.Context(), "luotsi-abc")
	if err != nil {
		t.Fatal(err)
	}
	message := func(more wsAnswer) wsAnswer {
		e := wsAnswer{"type": "message", "channel": room, "channel_type": "group", "user": sanna, "ts": "1.1", "event_ts": "1.1"}
		for k, v := range more {
			e[k] = v
		}
		return e
	}
	told := identitySaid{room: room, user: sanna, valid: true}
	tests := []struct {
		name string
		e    wsAnswer
		want []identitySaid
	}{
		{"a code", message(wsAnswer{"text": "hän on " + testCode}), []identitySaid{told}},
		{"a code made a telephone link", message(wsAnswer{"text": "<tel:010170999|010170-999>R"}), []identitySaid{told}},
		{"a wrong check symbol", message(wsAnswer{"text": wrongCode}), []identitySaid{{room: room, user: sanna}}},
		{"no code", message(wsAnswer{"text": "soita 040 1234567"}), nil},
		{"a file's name", message(wsAnswer{"subtype": "file_share", "text": "", "files": []any{wsAnswer{"id": "F1", "name": testCode + ".pdf"}}}), []identitySaid{told}},
		{"a thread's", message(wsAnswer{"text": testCode, "thread_ts": "1.0"}), []identitySaid{told}},
		{"a topic", message(wsAnswer{"subtype": "group_topic", "text": "set the topic", "topic": testCode}), []identitySaid{told}},
		{"edited in", message(wsAnswer{
			"subtype": "message_changed", "user": "", "message": wsAnswer{"user": sanna, "text": testCode, "ts": "1.0"},
			"previous_message": wsAnswer{"user": sanna, "text": "hei", "ts": "1.0"},
		}), []identitySaid{told}},
		{"unfurled", message(wsAnswer{
			"subtype": "message_changed", "user": "", "message": wsAnswer{"user": sanna, "text": testCode, "ts": "1.0"},
			"previous_message": wsAnswer{"user": sanna, "text": testCode, "ts": "1.0"},
		}), nil},
		{"deleted", message(wsAnswer{"subtype": "message_deleted", "user": "", "previous_message": wsAnswer{"user": sanna, "text": testCode}}), nil},
		{"Luotsi's own", message(wsAnswer{"text": testCode, "user": w.bot}), nil},
		{"Luotsi's own as a bot", message(wsAnswer{"text": testCode, "user": "", "subtype": "bot_message", "bot_id": w.botID}), nil},
		{"another channel's", message(wsAnswer{"text": testCode, "channel": "C5555555"}), nil},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.e["ts"] = fmt.Sprintf("1.%d", i)
			if m, ok := tt.e["message"].(wsAnswer); ok {
				m["edited"] = wsAnswer{"user": sanna, "ts": "2.0"}
			}
			for range 2 { // however often it is told
				s.event(t.Context(), inner(t, tt.e))
			}
			if _, said := house.told(); !slices.Equal(said, tt.want) {
				t.Errorf("told %+v, want %+v", said, tt.want)
			}
		})
	}
	if strings.Contains(log.String(), "999") {
		t.Errorf("the log holds the code: %s", log)
	}
}

func TestChatterOutsideTheRoomsAsksTheHouseSeldom(t *testing.T) {
	_, s, house, _ := watched(t)
	house.asked = 0
	for range 200 {
		s.event(t.Context(), inner(t, wsAnswer{"type": "message", "channel": "C5555555", "user": "U1", "text": "hei", "ts": "1.1"}))
	}
	if house.asked > 2 {
		t.Errorf("the house was asked %d times", house.asked)
	}
}
