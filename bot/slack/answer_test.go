package slack

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"luotsi/bot"
)

var twoFields = bot.Dialog{
	ID: "sealed-form", Command: "consent.withdraw", Title: "Suostumus", Intro: "Tämän näkee tiimi.", Submit: "Lähetä",
	Fields: []bot.DialogField{
		{Name: "withdraw_scope", Kind: bot.Select, Label: "Mitä", Required: true, Options: []bot.DialogOption{{Value: "all", Label: "Kaikki"}, {Value: "parties", Label: "Osa"}}},
		{Name: "copy_given", Kind: bot.Bool, Label: "Jäljennös annettu"},
	},
}

func TestCommandIsAnsweredAtOnce(t *testing.T) {
	b := newBench(t, always(reply("Hei <!channel> & muut", bot.PostButton{ID: "b1", Label: "Avaa", Ticket: "sealed"})))
	got := ack(t, b.command("C1", "asia bcd &amp; x", "tr1"))
	if got["response_type"] != "ephemeral" || !strings.Contains(asJSON(got), `Hei \u0026lt;!channel\u0026gt; \u0026amp; muut`) {
		t.Errorf("answered %v", asJSON(got))
	}
	r := b.asked()[0]
	if r.Text != "/luotsi asia bcd & x" || r.User != "U1" || r.Platform != "slack" || r.Place != (bot.Place{Kind: bot.InRoom, Room: "C1"}) || r.ID == "" || !r.At.Equal(b.now) {
		t.Errorf("asked %+v", r)
	}
	if n := len(b.api.sent("")); n != 0 {
		t.Errorf("%d calls were made for an answer that was ready", n)
	}
}

func TestCommandOpensItsForm(t *testing.T) {
	b := newBench(t, always(bot.Answer{Dialog: &twoFields}))
	if w := b.command("D5", "suostumus peru", "tr1"); w.Body.Len() > 0 {
		t.Errorf("answered %s", w.Body)
	}
	c := b.api.wait("views.open", 1)[0]
	view := c.body["view"].(map[string]any)
	if c.body["trigger_id"] != "tr1" || view["callback_id"] != formView || view["private_metadata"] != `{"t":"sealed-form"}` || view["notify_on_close"] != true {
		t.Errorf("opened %s", c.raw)
	}
	if p := b.asked()[0].Place.Kind; p != bot.InDirect {
		t.Errorf("asked in %s", p)
	}
}

func TestSlowCommandWaitsInAModal(t *testing.T) {
	for name, answer := range map[string]bot.Answer{"form": {Dialog: &twoFields}, "reply": reply("valmis")} {
		t.Run(name, func(t *testing.T) {
			go_ := make(chan struct{})
			b := newBench(t, func(bot.Request) (bot.Answer, error) { <-go_; return answer, nil })
			b.slack.hasty()
			if w := b.command("C1", "", "tr1"); w.Code != http.StatusOK || w.Body.Len() > 0 {
				t.Errorf("answered %d %s", w.Code, w.Body)
			}
			if c := b.api.wait("views.open", 1)[0]; !strings.Contains(c.raw, "Hetki") {
				t.Errorf("opened %s", c.raw)
			}
			close(go_)
			c := b.api.wait("views.update", 1)[0]
			if c.body["view_id"] != "V1" || name == "form" && !strings.Contains(c.raw, "sealed-form") || name == "reply" && !strings.Contains(c.raw, "valmis") {
				t.Errorf("updated %s", c.raw)
			}
		})
	}
}

func TestLateTriggerTellsToTryAgain(t *testing.T) {
	b := newBench(t, always(bot.Answer{Dialog: &twoFields}))
	b.api.refuse["views.open"] = "expired_trigger_id"
	b.command("C1", "", "tr1")
	if c := b.api.wait("response", 1)[0]; !strings.Contains(c.raw, "Lomake ei ehtinyt avautua") || c.body["response_type"] != "ephemeral" {
		t.Errorf("said %s", c.raw)
	}
}

func TestFailureIsToldWithItsReference(t *testing.T) {
	b := newBench(t, failing)
	said := asJSON(ack(t, b.command("C1", "salaisuus", "tr1")))
	m := regexp.MustCompile(`viite ([A-Z2-7]{6})\.`).FindStringSubmatch(said)
	if m == nil {
		t.Fatalf("answered %s", said)
	}
	if log := b.log.String(); !strings.Contains(log, m[1]) || strings.Contains(log, "salaisuus") || strings.Contains(log, "U1") {
		t.Errorf("logged %s", log)
	}
}

func TestPressSaysOnTheMessageWhoDidWhat(t *testing.T) {
	b := newBench(t, always(done("Olet tiimissä.")))
	if w := b.press("D1:5.0", "ticket", "1"); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	calls := b.api.wait("response", 2)
	if c := calls[0]; c.body["response_type"] != "ephemeral" || c.body["replace_original"] != false || !strings.Contains(c.raw, "Olet tiimissä.") {
		t.Errorf("first said %s", c.raw)
	}
	c := calls[1]
	if c.body["replace_original"] != true || strings.Contains(c.raw, `"button"`) || !strings.Contains(c.raw, "Tulen \\u0026amp; autan · tiistaina 24. marraskuuta 2026 klo 9.30") || !strings.Contains(c.raw, "Tule \\u0026amp; auta") {
		t.Errorf("then said %s", c.raw)
	}
	if r := b.asked()[0]; r.Press != "ticket" || r.Place.Kind != bot.InDirect {
		t.Errorf("asked %+v", r)
	}
}

func TestPressLeavesButtonsThatAreStillOfUse(t *testing.T) {
	refusal := done("Ei käy")
	refusal.Replies[0].Refusal = "wrong_state"
	tests := []struct {
		name, message string
		answer        bot.Answer
	}{
		{"what only shows", "D1:5.0", reply("Asia BCD")},
		{"a refusal", "D1:5.0", refusal},
		{"the queue, which the office keeps", "CQUEUE:6.0", done("Otettu")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, always(tt.answer))
			b.press(tt.message, "ticket", "1")
			b.api.wait("response", 1)
			if err := b.slack.Close(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, c := range b.api.sent("response") {
				if c.body["replace_original"] == true {
					t.Errorf("replaced %s", c.raw)
				}
			}
		})
	}
}

func TestPressOnAMessageOfNobodyKnown(t *testing.T) {
	b := newBench(t, always(reply("Ei löydy")))
	b.press("C9:1.0", "a good ticket", "1")
	b.api.wait("response", 1)
	if r := b.asked()[0]; r.Press != notOurs {
		t.Errorf("asked %+v", r)
	}
	b.press("C9:2.0", "another", "2", func(p map[string]any) {
		p["container"].(map[string]any)["is_ephemeral"] = true
		delete(p, "message")
	})
	b.api.wait("response", 2)
	if r := b.asked()[1]; r.Press != "another" {
		t.Errorf("a message only the person sees: asked %+v", r)
	}
}

func TestDoubleClickIsOneClick(t *testing.T) {
	b := newBench(t, always(bot.Answer{Dialog: &twoFields}))
	b.press("D1:5.0", "ticket", "1")
	b.press("D1:5.0", "ticket", "2")
	b.press("D1:5.0", "other", "3")
	b.api.wait("views.open", 2)
	if err := b.slack.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(b.asked()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestAnswerInDirectMessages(t *testing.T) {
	answer := reply("Vain sinulle")
	answer.Direct = true
	b := newBench(t, always(answer))
	b.command("C1", "henkilö", "tr1")
	if c := b.api.wait("chat.postMessage", 1)[0]; !strings.Contains(c.raw, "Vain") {
		t.Errorf("said %s", c.raw)
	}
	if c := b.api.wait("response", 1)[0]; !strings.Contains(c.raw, "yksityisviestill") || strings.Contains(c.raw, "Vain sinulle") {
		t.Errorf("said %s", c.raw)
	}
}

func TestTooMuchAtOnceIsRefusedPolitely(t *testing.T) {
	stop := make(chan struct{})
	b := newBench(t, func(bot.Request) (bot.Answer, error) { <-stop; return reply("valmis"), nil })
	b.slack.in.slots = make(chan struct{}, 1)
	b.slack.in.slots <- struct{}{}
	if said := asJSON(ack(t, b.command("C1", "", "tr1"))); !strings.Contains(said, "paljon tehtävää") {
		t.Errorf("a command: %s", said)
	}
	b.press("D1:5.0", "ticket", "1")
	if c := b.api.wait("response", 1)[0]; !strings.Contains(c.raw, "paljon tehtävää") {
		t.Errorf("a press: %s", c.raw)
	}
	view := shown(t, twoFields)
	if said := asJSON(ack(t, b.submit(view, nil))); !strings.Contains(said, "paljon tehtävää") || !strings.Contains(said, "sealed-form") {
		t.Errorf("a form: %s", said)
	}
	event := `{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`
	if w := b.deliver("/slack/event", jsonType, event); w.Code != http.StatusServiceUnavailable {
		t.Errorf("an event: %d", w.Code)
	}
	<-b.slack.in.slots
	close(stop)
	if w := b.deliver("/slack/event", jsonType, event); w.Code != http.StatusOK {
		t.Errorf("the event again: %d", w.Code)
	}
	b.api.wait("views.publish", 1)
}

func TestHandlerRefuses(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	good := "team_id=T1&channel_id=C1&user_id=U1&command=%2Fluotsi&trigger_id=x"
	tests := []struct {
		name, path, content, body string
		change                    func(*http.Request)
		want                      int
	}{
		{"by GET", "/slack/command", formType, "", func(r *http.Request) { r.Method = http.MethodGet }, 405},
		{"unsigned", "/slack/command", formType, good, func(r *http.Request) { r.Header.Del("X-Slack-Signature") }, 401},
		{"of another kind", "/slack/command", jsonType, good, nil, 415},
		{"of another kind", "/slack/event", formType, good, nil, 415},
		{"too large", "/slack/command", formType, strings.Repeat("a", maxCommandBody+1), nil, 413},
		{"no user", "/slack/command", formType, "command=%2Fluotsi", nil, 400},
		{"no payload", "/slack/interaction", formType, "a=b", nil, 400},
		{"no JSON", "/slack/event", jsonType, "{", nil, 400},
		{"another place", "/slack/other", formType, good, nil, 404},
		{"another workspace's", "/slack/command", formType, strings.Replace(good, "T1", "T2", 1), nil, 200},
	}
	b.slack.team = "T1"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, tt.path, strings.NewReader(tt.body))
			for k, v := range signed(testSecret, []byte(tt.body), b.now) {
				r.Header[k] = v
			}
			r.Header.Set("Content-Type", tt.content)
			if tt.change != nil {
				tt.change(r)
			}
			w := httptest.NewRecorder()
			b.handler.ServeHTTP(w, r)
			if w.Code != tt.want || w.Body.Len() > 0 && w.Code == 200 {
				t.Errorf("answered %d %s, want %d", w.Code, w.Body, tt.want)
			}
		})
	}
	if n := len(b.asked()); n > 0 {
		t.Errorf("%d of them were asked", n)
	}
}

func TestReplayIsNotDoneAgain(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	first, second := b.command("C1", "", "tr1"), b.command("C1", "", "tr1")
	if first.Body.Len() == 0 || second.Code != http.StatusOK || second.Body.Len() > 0 || len(b.asked()) != 1 {
		t.Errorf("answered %q, then %d %q; asked %d times", first.Body, second.Code, second.Body, len(b.asked()))
	}
}

func TestChallenge(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	for range 2 {
		if w := b.deliver("/slack/event", jsonType, `{"type":"url_verification","challenge":"abc"}`); w.Code != 200 || w.Body.String() != "abc" {
			t.Errorf("answered %d %s", w.Code, w.Body)
		}
	}
}

// Socket Mode may bring the same thing twice, unsigned and much later than a double click.
func TestRedeliveryIsNotDoneAgain(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	command, err := commandJSON([]byte(`{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/luotsi","trigger_id":"t1"}`))
	if err != nil {
		t.Fatal(err)
	}
	press, err := interactionJSON([]byte(`{"type":"block_actions","user":{"id":"U1"},"trigger_id":"t2","response_url":"` + b.api.server.URL + `/response",` +
		`"container":{"type":"message","channel_id":"D1","message_ts":"5.0"},"actions":[{"type":"button","block_id":"x","action_id":"b1","value":"ticket","action_ts":"1"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []deed{command, press, command, press} {
		if _, ok := b.slack.take(t.Context(), d, maxAck); !ok {
			t.Errorf("%s was not taken", d.kind)
		}
		b.slack.in.clicks = newMemory[struct{}](doubleClick, 10)
	}
	b.api.wait("response", 1)
	if err := b.slack.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(b.asked()); n != 2 {
		t.Errorf("asked %d times", n)
	}
}
