package main

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"luotsi/bot"
	"luotsi/commands"
)

// wary is a chat that is not trusted with a client's identity, as one in a foreign cloud.
type wary struct{ bot.Platform }

// Trusted is false.
func (wary) Trusted() bool { return false }

// asker talks to Luotsi as one person, in a wary chat and on Luotsi's own page.
type asker struct {
	t     *testing.T
	k     *talk
	login string
}

func (a asker) ask(req bot.Request) bot.Answer {
	a.t.Helper()
	c := a.k.town.county
	req.At, req.User = c.clock.Now(), a.login
	if req.Platform == "" {
		req.Platform, req.Place = "sandbox", bot.Place{Kind: bot.InDirect}
	}
	answer, err := c.handle(a.t.Context(), req)
	if err != nil {
		a.t.Fatal(err)
	}
	return answer
}

func (a asker) onPage(req bot.Request) bot.Answer {
	a.t.Helper()
	req.Platform, req.Place = bot.Web, bot.Place{Kind: bot.OnPage}
	return a.ask(req)
}

// opened takes the sealed ticket out of a link and opens it on the page.
func (a asker) opened(link string) bot.Answer {
	a.t.Helper()
	_, sealed, ok := strings.Cut(link, "/page/open/")
	if !ok {
		a.t.Fatalf("no link to the page: %q", link)
	}
	return a.onPage(bot.Request{Open: sealed})
}

func fieldNames(d *bot.Dialog) (names []string) {
	for _, f := range d.Fields {
		names = append(names, f.Name)
	}
	return names
}

func newWary(t *testing.T) *talk {
	k := newTalk(t)
	k.before = append(k.before, func(c *county) { c.house.Chats[0].Platform = wary{c.house.Chats[0].Platform} })
	return k
}

var codedOfConcern = map[string]any{"basis": "client_own_contact", "criteria": []any{"many_contacts"}, "urgency": "normal"}

// TestFormGoesOnOnThePage: a chat that is not trusted asks what is coded, Luotsi's page the rest, and nothing is asked twice.
func TestFormGoesOnOnThePage(t *testing.T) {
	k := newWary(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	first := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	if first == nil || !first.Part {
		t.Fatalf("no part of a form: %+v", first)
	}
	for _, private := range []string{"own_view", "identity_name", "identity_code", "identity_contact", "ground_text", "question", "tried_so_far"} {
		if slices.Contains(fieldNames(first), private) {
			t.Errorf("the chat is asked for %s", private)
		}
	}
	wrong := sanna.ask(bot.Request{Submit: first.ID, Part: true, Values: map[string]any{"basis": "client_own_contact", "criteria": []any{}}})
	if len(wrong.Errors) != 1 || wrong.Errors["criteria"] == "" {
		t.Fatalf("faults of the part: %v", wrong.Errors)
	}
	values := maps.Clone(codedOfConcern)
	for _, f := range first.Fields {
		if _, ok := values[f.Name]; !ok {
			values[f.Name] = nil
		}
	}
	part := sanna.ask(bot.Request{Submit: first.ID, Part: true, Values: values})
	if part.Link == "" || part.Dialog != nil {
		t.Fatalf("after the part: %+v", part)
	}
	if other := (asker{t, k, "leo"}).opened(part.Link); other.Dialog != nil || refused(other) != "not_found" {
		t.Errorf("somebody else opened the link: %+v", other)
	}
	rest := sanna.opened(part.Link)
	if rest.Dialog == nil || rest.Dialog.Part || !slices.Contains(fieldNames(rest.Dialog), "own_view") {
		t.Fatalf("on the page: %+v", rest)
	}
	for _, f := range rest.Dialog.Fields {
		if f.Name == "basis" && f.Default != "client_own_contact" {
			t.Errorf("the page begins with basis %v", f.Default)
		}
	}
	if again := sanna.opened(part.Link); refused(again) != "link_used" {
		t.Errorf("the link opened twice: %+v", again)
	}
	typed := map[string]any{"identity_name": "Aino Marked", "identity_contact": "040 marked", "own_view": "Marked words"}
	done := sanna.onPage(bot.Request{Submit: rest.Dialog.ID, Values: typed})
	if refused(done) != "" || len(done.Errors) > 0 || len(done.Replies) == 0 || done.Replies[0].Code == "" {
		t.Fatalf("sent from the page: %+v", done)
	}
	if again := sanna.ask(bot.Request{Submit: first.ID, Values: values}); refused(again) != "already_sent" {
		t.Errorf("the form was sent twice: %+v", again)
	}
	k.readOnPage(t, done.Replies[0].Code)
}

// readOnPage: a coordinator who takes the concern in the wary chat is shown codes there, and the words behind a link.
func (k *talk) readOnPage(t *testing.T, code string) {
	t.Helper()
	paula := asker{t, k, "paula"}
	taken := paula.ask(bot.Request{Text: "/luotsi ota " + code})
	if refused(taken) != "" || taken.Link == "" {
		t.Fatalf("taken: %+v", taken)
	}
	for _, p := range taken.Replies {
		if strings.Contains(p.Text(), "Marked") {
			t.Errorf("the chat shows somebody's words: %s", p.Text())
		}
	}
	_, sealed, _ := strings.Cut(taken.Link, "/page/open/")
	if _, clients, err := (commands.Office{House: k.town.county.house}).OpenLink(t.Context(), sealed); err == nil || len(clients) > 0 {
		t.Errorf("a link to words shows who the client is: %v", clients)
	}
	read := paula.opened(taken.Link)
	if len(read.Replies) == 0 || !strings.Contains(read.Replies[0].Text(), "Marked words") {
		t.Errorf("the page does not show the words: %+v", read)
	}
	// A form that asks for words only is not begun in the chat at all.
	asked := paula.ask(bot.Request{Text: "/luotsi kysy " + code})
	if asked.Dialog != nil || asked.Link == "" {
		t.Errorf("asked in the chat: %+v", asked)
	}
	if form := paula.opened(asked.Link); form.Dialog == nil || !slices.Equal(fieldNames(form.Dialog), []string{"question"}) {
		t.Errorf("on the page: %+v", form)
	}
}

// TestFormInStepsWhereAllMayBeAsked: a trusted chat may ask a long form in steps; what was answered is kept.
func TestFormInStepsWhereAllMayBeAsked(t *testing.T) {
	k := newTalk(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	form := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	values := map[string]any{"identity_name": "Aino", "identity_contact": "040", "own_view": "Words", "identity_code": ""}
	maps.Copy(values, codedOfConcern)
	step := sanna.ask(bot.Request{Submit: form.ID, Part: true, Values: values})
	if step.Dialog == nil || slices.ContainsFunc(fieldNames(step.Dialog), func(n string) bool { _, had := values[n]; return had }) {
		t.Fatalf("second step: %+v", step)
	}
	stranger := asker{t, k, "leo"}
	if other := stranger.ask(bot.Request{Submit: step.Dialog.ID, Values: map[string]any{}}); refused(other) != "not_found" {
		t.Errorf("somebody else went on: %+v", other)
	}
	done := sanna.ask(bot.Request{Submit: step.Dialog.ID, Values: map[string]any{"living": "home"}})
	if refused(done) != "" || len(done.Errors) > 0 {
		t.Fatalf("sent: %+v", done)
	}
	paula := asker{t, k, "paula"}
	if shown := paula.ask(bot.Request{Text: "/luotsi ota " + done.Replies[0].Code}); !strings.Contains(shown.Replies[0].Text(), "Words") {
		t.Errorf("the first step's answers are lost: %s", shown.Replies[0].Text())
	}
}

// TestRefusedFormMayComeAgainAsItIs: what hindered it may be gone by then.
func TestRefusedFormMayComeAgainAsItIs(t *testing.T) {
	k := newTalk(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	form := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	values := map[string]any{"identity_name": "Aino", "identity_contact": "040", "basis": "client_own_contact", "urgency": "normal"}
	if wrong := sanna.ask(bot.Request{ID: "same", Submit: form.ID, Values: values}); wrong.Errors["criteria"] == "" {
		t.Fatalf("taken without criteria: %+v", wrong)
	}
	values["criteria"] = []any{"many_contacts"}
	first := sanna.ask(bot.Request{ID: "same", Submit: form.ID, Values: values})
	again := sanna.ask(bot.Request{ID: "same", Submit: form.ID, Values: values})
	if refused(first) != "" || len(first.Errors) > 0 || refused(again) != "" || first.Replies[0].Code != again.Replies[0].Code {
		t.Errorf("first %+v, again %+v", first, again)
	}
}

// TestFormGoesBackToWhatIsWrong: what an earlier step asked is asked again when it turns out to be wrong; nothing typed is lost.
func TestFormGoesBackToWhatIsWrong(t *testing.T) {
	k := newTalk(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	form := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	values := map[string]any{"basis": "vanhpl25_1_duty", "identity_name": "Aino", "identity_code": "wrong", "criteria": []any{"many_contacts"}, "urgency": "urgent"}
	if wrong := sanna.ask(bot.Request{Submit: form.ID, Part: true, Values: values}); len(wrong.Errors) != 1 || wrong.Errors["identity_code"] == "" {
		t.Fatalf("a wrong identity code is told at once: %+v", wrong)
	}
	values["identity_code"] = "010190-900P"
	step := sanna.ask(bot.Request{Submit: form.ID, Part: true, Values: values})
	if step.Dialog == nil {
		t.Fatalf("second step: %+v", step)
	}
	back := sanna.ask(bot.Request{Submit: step.Dialog.ID, Values: map[string]any{"living": "home"}})
	if back.Errors["ground_text"] == "" || back.Dialog == nil || !slices.Equal(fieldNames(back.Dialog), []string{"ground_text"}) {
		t.Fatalf("back to the duty's facts: %+v", back)
	}
	done := sanna.ask(bot.Request{Submit: back.Dialog.ID, Values: map[string]any{"ground_text": "Facts"}})
	if refused(done) != "" || len(done.Errors) > 0 {
		t.Fatalf("sent: %+v", done)
	}
	shown := asker{t, k, "paula"}.ask(bot.Request{Text: "/luotsi ota " + done.Replies[0].Code}).Replies[0].Text()
	if !strings.Contains(shown, "Facts") || !strings.Contains(shown, "Asuu kotona") {
		t.Errorf("answers are lost: %s", shown)
	}
}
