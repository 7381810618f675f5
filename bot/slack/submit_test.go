package slack

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
)

// shown is a form as Slack holds it after it was opened.
func shown(t testing.TB, d bot.Dialog) map[string]any {
	t.Helper()
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		t.Fatal(err)
	}
	v, err := formModal(speech{catalog, bot.FI}, d, "D1:5.0")
	if err != nil {
		t.Fatal(err)
	}
	view := map[string]any{}
	if err := json.Unmarshal([]byte(asJSON(v)), &view); err != nil {
		t.Fatal(err)
	}
	return view
}

var allKinds = bot.Dialog{
	ID: "sealed-form", Command: "meeting.plan", Title: "Tapaaminen", Submit: "Lähetä",
	Fields: []bot.DialogField{
		{Name: "line", Kind: bot.LineText, Label: "Rivi", Max: 150},
		{Name: "area", Kind: bot.TextArea, Label: "Teksti", Max: 3000},
		{Name: "one", Kind: bot.Select, Label: "Yksi", Required: true, Options: []bot.DialogOption{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{Name: "two", Kind: bot.Select, Label: "Toinen", Options: []bot.DialogOption{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{Name: "some", Kind: bot.Multi, Label: "Monta", Options: []bot.DialogOption{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}},
		{Name: "many", Kind: bot.Multi, Label: "Moni", Options: numberedOptions(30)},
		{Name: "yes_no", Kind: bot.Bool, Label: "Onko"},
		{Name: "day", Kind: bot.Day, Label: "Päivä"},
		{Name: "moment", Kind: bot.Moment, Label: "Aika"},
		{Name: "who", Kind: bot.Someone, Label: "Kuka", Options: numberedOptions(250)},
	},
}

func option(value string) map[string]any {
	return map[string]any{"value": value, "text": map[string]any{"type": "plain_text", "text": "x"}}
}

func TestSubmitReadsEveryKind(t *testing.T) {
	answers := map[string]any{
		"line":   map[string]any{"line": map[string]any{"type": "plain_text_input", "value": "a & b"}},
		"area":   map[string]any{"area": map[string]any{"type": "plain_text_input", "value": nil}},
		"one":    map[string]any{"one": map[string]any{"type": "radio_buttons", "selected_option": option("b")}},
		"two":    map[string]any{"two": map[string]any{"type": "static_select", "selected_option": nil}},
		"some":   map[string]any{"some": map[string]any{"type": "checkboxes", "selected_options": []any{}}},
		"many":   map[string]any{"many": map[string]any{"type": "multi_static_select", "selected_options": []any{option("o1"), option("o2")}}},
		"yes_no": map[string]any{"yes_no": map[string]any{"type": "checkboxes", "selected_options": []any{option("true")}}},
		"day":    map[string]any{"day": map[string]any{"type": "datepicker", "selected_date": "2026-11-24"}},
		"moment": map[string]any{"moment": map[string]any{"type": "datetimepicker", "selected_date_time": 1795505400}},
		"who":    map[string]any{"who": map[string]any{"type": "static_select", "selected_option": option("o200")}},
	}
	b := newBench(t, always(reply("Kirjattu.")))
	said := asJSON(ack(t, b.submit(shown(t, allKinds), answers)))
	if !strings.Contains(said, `"response_action":"update"`) || !strings.Contains(said, "Kirjattu.") || strings.Contains(said, "private_metadata") {
		t.Errorf("answered %s", said)
	}
	want := map[string]any{
		"line": "a & b", "area": "", "one": "b", "two": "", "some": []string{}, "many": []string{"o1", "o2"}, "yes_no": true,
		"day": "2026-11-24", "moment": "2026-11-24T09:30:00+02:00", "who": "o200",
	}
	r := b.asked()[0]
	if diff := cmp.Diff(want, r.Values); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if r.Submit != "sealed-form" || r.Part || r.Place.Kind != bot.InDirect {
		t.Errorf("asked %+v", r)
	}
	b.submit(shown(t, allKinds), nil)
	answers["day"] = map[string]any{"day": map[string]any{"type": "datepicker", "selected_date": nil}}
	b.submit(shown(t, allKinds), answers)
	all := b.asked()
	if all[1].Values["yes_no"] != false || all[1].Values["day"] != "" || all[0].ID == all[1].ID || all[1].ID == all[2].ID {
		t.Errorf("asked %+v", all)
	}
}

func TestSameAnswersHaveTheSameID(t *testing.T) {
	b := newBench(t, always(reply("Kirjattu.")))
	b.submit(shown(t, twoFields), nil)
	b.slack.in.signatures = newMemory[struct{}](replayLife, 10)
	b.submit(shown(t, twoFields), nil)
	if all := b.asked(); len(all) != 2 || all[0].ID != all[1].ID {
		t.Errorf("asked %+v", all)
	}
}

func TestFaultsStandBesideTheirQuestions(t *testing.T) {
	b := newBench(t, always(bot.Answer{Errors: map[string]string{"withdraw_scope": "Valitse jokin."}}))
	got := ack(t, b.submit(shown(t, twoFields), nil))
	want := map[string]any{"response_action": "errors", "errors": map[string]any{"withdraw_scope": "Valitse jokin."}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFaultsOfOtherQuestionsStandAbove(t *testing.T) {
	b := newBench(t, always(bot.Answer{Errors: map[string]string{"withdraw_scope": "Valitse jokin.", "parties": "Puuttuu."}}))
	answers := map[string]any{
		"withdraw_scope": map[string]any{"withdraw_scope": map[string]any{"type": "radio_buttons", "selected_option": option("parties")}},
		"copy_given":     map[string]any{"copy_given": map[string]any{"type": "checkboxes", "selected_options": []any{option("true")}}},
	}
	view := ack(t, b.submit(shown(t, twoFields), answers))["view"].(map[string]any)
	blocks := view["blocks"].([]any)
	first, said := asJSON(blocks[0]), asJSON(view)
	if !strings.Contains(first, `Puuttuu.\nMitä: Valitse jokin.`) || !strings.Contains(first, faultBlock) {
		t.Errorf("above stands %s", first)
	}
	if view["private_metadata"] != `{"t":"sealed-form","m":"D1:5.0"}` || strings.Count(said, `"initial_option`) != 2 {
		t.Errorf("the form is now %s", said)
	}
	again := ack(t, b.submit(view, answers))["view"].(map[string]any)
	if n := strings.Count(asJSON(again), "Puuttuu."); n != 1 {
		t.Errorf("after sending it again the fault stands %d times", n)
	}
}

func TestRefusalKeepsTheForm(t *testing.T) {
	answer := reply("Tätä ei voi nyt tehdä.", bot.PostButton{ID: "b1", Label: "Avaa asia", Ticket: "way-on"})
	answer.Replies[0].Refusal = "wrong_state"
	b := newBench(t, always(answer))
	said := asJSON(ack(t, b.submit(shown(t, twoFields), nil))["view"])
	for _, part := range []string{"Tätä ei voi nyt tehdä.", "way-on", "sealed-form", "withdraw_scope"} {
		if !strings.Contains(said, part) {
			t.Errorf("the form lacks %s: %s", part, said)
		}
	}
}

func TestFailureKeepsTheForm(t *testing.T) {
	b := newBench(t, failing)
	said := asJSON(ack(t, b.submit(shown(t, twoFields), nil))["view"])
	if !strings.Contains(said, "Jokin meni vikaan") || !strings.Contains(said, "sealed-form") {
		t.Errorf("answered %s", said)
	}
}

func TestPartLeadsToThePage(t *testing.T) {
	part := twoFields
	part.Part = true
	part.Fields = append(part.Fields[:2:2], bot.DialogField{Name: "living", Kind: bot.Bool, Label: "Asuminen", Folded: true})
	view := shown(t, part)
	if s := asJSON(view); strings.Contains(s, "living") || strings.Contains(s, moreBlock) || !strings.Contains(s, "Jatka") {
		t.Errorf("shows %s", s)
	}
	answer := reply("Jatka lomaketta Luotsin sivulla.")
	answer.Link = "https://luotsi.example/page/open/x?a=1&b=2"
	b := newBench(t, always(answer))
	said := asJSON(ack(t, b.submit(view, nil))["view"])
	if !strings.Contains(said, "Jatka lomaketta") || !strings.Contains(said, `"url":"https://luotsi.example/page/open/x?a=1\u0026b=2"`) {
		t.Errorf("answered %s", said)
	}
	if !b.asked()[0].Part {
		t.Error("sent as the whole")
	}
}

func TestLongFormAsksWhetherToAskMore(t *testing.T) {
	long := twoFields
	for _, n := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		long.Fields = append(long.Fields[:len(long.Fields):len(long.Fields)], bot.DialogField{Name: n, Kind: bot.Bool, Label: n, Folded: true})
	}
	view := shown(t, long)
	b := newBench(t, always(reply("Kirjattu.")))
	b.submit(view, nil)
	b.submit(view, map[string]any{moreBlock: map[string]any{moreBlock: map[string]any{"type": "checkboxes", "selected_options": []any{option("true")}}}})
	all := b.asked()
	if all[0].Part || !all[1].Part || len(all[0].Values) != 2 || len(all[1].Values) != 2 {
		t.Errorf("asked %+v", all)
	}
}

func TestNextFormFollows(t *testing.T) {
	next := twoFields
	next.ID = "next-form"
	b := newBench(t, always(bot.Answer{Dialog: &next}))
	view := ack(t, b.submit(shown(t, twoFields), nil))["view"].(map[string]any)
	if view["private_metadata"] != `{"t":"next-form","m":"D1:5.0"}` {
		t.Errorf("follows %s", asJSON(view))
	}
}

func TestSlowFormIsAnsweredLater(t *testing.T) {
	stop := make(chan struct{})
	b := newBench(t, func(bot.Request) (bot.Answer, error) {
		<-stop
		return bot.Answer{Errors: map[string]string{"withdraw_scope": "Valitse jokin."}}, nil
	})
	b.slack.hasty()
	if said := asJSON(ack(t, b.submit(shown(t, twoFields), nil))); !strings.Contains(said, "Hetki") {
		t.Errorf("answered %s", said)
	}
	close(stop)
	c := b.api.wait("views.update", 1)[0]
	if !strings.Contains(c.raw, "Valitse jokin.") || !strings.Contains(c.raw, "sealed-form") || c.body["view_id"] != "V1" {
		t.Errorf("updated %s", c.raw)
	}
}

func TestSlowFormThatWasClosedIsToldDirectly(t *testing.T) {
	stop := make(chan struct{})
	b := newBench(t, func(bot.Request) (bot.Answer, error) { <-stop; return reply("Kirjattu."), nil })
	b.api.refuse["views.update"] = "not_found"
	b.slack.hasty()
	b.submit(shown(t, twoFields), nil)
	close(stop)
	if c := b.api.wait("chat.postMessage", 1)[0]; !strings.Contains(c.raw, "Kirjattu.") {
		t.Errorf("said %s", c.raw)
	}
}

func TestFormThatIsSentClosesTheMessageItStoodOn(t *testing.T) {
	b := newBench(t, func(r bot.Request) (bot.Answer, error) {
		if r.Press != "" {
			return bot.Answer{Dialog: &twoFields}, nil
		}
		return done("Kirjattu."), nil
	})
	b.press("D1:5.0", "ticket", "1")
	view := b.api.wait("views.open", 1)[0].body["view"].(map[string]any)
	if len(b.api.sent("response")) > 0 {
		t.Error("the message changed before the form was sent")
	}
	b.submit(view, nil)
	if c := b.api.wait("response", 1)[0]; c.body["replace_original"] != true || strings.Contains(c.raw, `"button"`) {
		t.Errorf("the message is now %s", c.raw)
	}
}

func TestPressInAModalStaysThere(t *testing.T) {
	b := newBench(t, always(bot.Answer{Dialog: &twoFields}))
	b.press("D1:5.0", "ticket", "1", func(p map[string]any) {
		delete(p, "message")
		p["container"] = map[string]any{"type": "view", "view_id": "V7"}
		p["view"] = map[string]any{"id": "V7", "type": "modal", "blocks": []any{}}
		delete(p, "channel")
		delete(p, "response_url")
	})
	if c := b.api.wait("views.update", 1)[0]; c.body["view_id"] != "V7" {
		t.Errorf("updated %s", c.raw)
	}
}

func TestClosedModalIsNoticed(t *testing.T) {
	b := newBench(t, always(bot.Answer{Dialog: &twoFields}))
	b.press("D1:5.0", "ticket", "1")
	view := b.api.wait("views.open", 1)[0].body["view"].(map[string]any)
	view["id"] = "V1"
	w := b.interact(map[string]any{"type": "view_closed", "team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1"}, "view": view})
	if w.Code != 200 || w.Body.Len() > 0 || len(b.asked()) != 1 {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if _, ok := b.slack.in.stands.get("U1 D1:5.0", b.now); ok {
		t.Error("the message is still remembered")
	}
}

func TestTooLargeForSocketModeIsShownAfterwards(t *testing.T) {
	answer := reply(strings.Repeat("pitkä teksti ", 2000))
	b := newBench(t, always(answer))
	d, err := interactionJSON([]byte(asJSON(map[string]any{
		"type": "view_submission", "user": map[string]any{"id": "U1"}, "view": withState(shown(t, twoFields)),
	})))
	if err != nil {
		t.Fatal(err)
	}
	got, ok := b.slack.take(t.Context(), d, maxAck)
	if !ok || len(got) > maxAck || !strings.Contains(string(got), "Hetki") {
		t.Errorf("answered %d bytes", len(got))
	}
	if c := b.api.wait("views.update", 1)[0]; !strings.Contains(c.raw, "pitk") {
		t.Errorf("updated %s", c.raw)
	}
}

func withState(view map[string]any) map[string]any {
	view["id"], view["state"] = "V1", map[string]any{"values": map[string]any{}}
	return view
}
