package sandbox

import (
	"strings"
	"testing"

	"luotsi/bot"
)

func TestPeopleAndStandingRooms(t *testing.T) {
	w := newWorld(t)
	var people []Person
	w.call("GET", "people", nil, 200, &people)
	if len(people) != 7 || people[1].Login != "paula" || people[1].Register != "social" || len(people[1].Roles) != 2 {
		t.Errorf("people: %+v", people)
	}
	rooms := func(as string) string {
		var found []room
		w.call("GET", "rooms?as="+as, nil, 200, &found)
		var out []string
		for _, r := range found {
			out = append(out, r.ID+"="+strings.Join(r.Members, ","))
		}
		return strings.Join(out, " ")
	}
	everyone := "general=sanna,paula,ville,kaisa,leo,esko,katri"
	if got, want := rooms("sanna"), everyone+" dm=sanna"; got != want {
		t.Errorf("sanna's rooms: %s, want %s", got, want)
	}
	if got, want := rooms("paula"), everyone+" dm=paula queue=paula,katri"; got != want {
		t.Errorf("paula's rooms: %s, want %s", got, want)
	}
	id := w.room("case-1", "ville", "paula")
	if got, want := rooms("ville"), everyone+" dm=ville "+id+"=paula,ville"; got != want {
		t.Errorf("ville's rooms: %s, want %s", got, want)
	}
}

func TestPeopleTalk(t *testing.T) {
	w := newWorld(t)
	id := w.room("case-1", "ville", "paula")
	if out := w.say("paula", id, "Hei <kaikki> & muut"); len(out.Replies) != 0 || out.Errors == nil || out.Form != nil {
		t.Errorf("outcome of plain talk: %+v", out)
	}
	w.say("ville", id, "Hei!")
	w.say("ville", "dm", "Itselleni")
	w.reads("paula", id, "paula: Hei <kaikki> & muut\nville: Hei!")
	w.reads("ville", "dm", "ville: Itselleni")
	w.reads("paula", "dm", "")
	m := w.messages("paula", id)[0]
	if m.Room != id || m.OnlyYou || m.Code != nil || m.Refusal != nil || m.Buttons == nil || !strings.HasSuffix(m.At, "+02:00") {
		t.Errorf("message: %+v", m)
	}
}

func TestCommandIsAnsweredToTheAskerAlone(t *testing.T) {
	w := newWorld(t)
	out := w.say("sanna", "general", "/luotsi tänään")
	if len(out.Replies) != 1 || !out.Replies[0].OnlyYou || out.Replies[0].Author != "luotsi" || *out.Replies[0].Code != "BCDFGHJ-K" {
		t.Fatalf("outcome: %+v", out)
	}
	want := "luotsi: Tänään\nSeuraava askel\nVastuussa: Paula Palo\nViimeistään: tiistai 24.11.2026\n" +
		"Asiakkaan oma näkemys: “Haluan asua kotona <niin kauan> kuin pystyn & jaksan.”"
	w.reads("sanna", "general", want)
	w.reads("paula", "general", "")
	req := w.luotsi.last()
	if req.Platform != "sandbox" || req.User != "sanna" || req.Place != (bot.Place{Kind: bot.InOther, Room: "general"}) || req.Text != "/luotsi tänään" {
		t.Errorf("request: %+v", req)
	}
}

func TestPlaceOfARequest(t *testing.T) {
	w := newWorld(t)
	id := w.room("case-1", "paula")
	for room, want := range map[string]bot.Place{
		"dm": {Kind: bot.InDirect}, "queue": {Kind: bot.InQueue, Room: "queue"},
		"general": {Kind: bot.InOther, Room: "general"}, id: {Kind: bot.InRoom, Room: id},
	} {
		w.say("paula", room, "/luotsi tänään")
		if got := w.luotsi.last().Place; got != want {
			t.Errorf("in %s the place is %+v, want %+v", room, got, want)
		}
	}
}

func TestFormIsFilledInAndAnswersDirectly(t *testing.T) {
	w := newWorld(t)
	w.luotsi.chat = w.chat
	form := w.say("sanna", "general", "/huoli").Form
	if form == nil || form.Title != "Kerro huoli" || form.Fields[0].Options == nil {
		t.Fatalf("form: %+v", form)
	}
	var out outcome
	w.call("POST", "submit", object{"as": "sanna", "form": form.ID, "values": object{"own_view": "131052-308T"}}, 200, &out)
	if len(out.Errors) < 3 || out.Form != nil || len(out.Replies) != 1 || *out.Replies[0].Refusal != "identity_in_text" {
		t.Errorf("outcome with faults: %+v", out)
	}
	good := object{"client_name": "Maija", "basis": "agrees", "criteria": []string{"home", "falls"}, "urgency": "normal", "own_view": "x"}
	out = outcome{}
	w.call("POST", "submit", object{"as": "sanna", "form": form.ID, "values": good}, 200, &out)
	if len(out.Errors) != 0 || len(out.Replies) != 1 || out.Replies[0].Room != "dm" {
		t.Errorf("outcome: %+v", out)
	}
	if got := w.luotsi.last().Place; got.Room != "general" {
		t.Errorf("submitted in %+v, want where the form was opened", got)
	}
	w.reads("sanna", "dm", "luotsi: Kiitos, huoli on jonossa")
	w.reads("paula", "queue", "luotsi: Uusi huoli")
}

func TestButtonsArePressed(t *testing.T) {
	w := newWorld(t)
	w.luotsi.chat = w.chat
	w.note("sanna")
	m := w.messages("paula", "queue")[0]
	if len(m.Buttons) != 1 || m.Buttons[0].Label != "Ota käsittelyyn" {
		t.Fatalf("buttons: %+v", m.Buttons)
	}
	var out outcome
	press := object{"as": "sanna", "message": m.ID, "button": m.Buttons[0].ID}
	w.call("POST", "press", press, 200, &out)
	if len(out.Replies) != 1 || out.Replies[0].Refusal == nil || out.Replies[0].Room != "dm" {
		t.Errorf("an outsider's press: %+v", out)
	}
	press["as"] = "paula"
	w.call("POST", "press", press, 200, nil)
	w.reads("paula", "queue", "luotsi: Uusi huoli\nluotsi: Otit huolen käsittelyyn.")
	w.reads("katri", "queue", "luotsi: Uusi huoli")
	press["button"] = "b9"
	w.call("POST", "press", press, 400, nil)
	press["message"] = "m0"
	w.call("POST", "press", press, 400, nil)
}

// note raises a worry by the form.
func (w *world) note(as string) {
	w.t.Helper()
	form := w.say(as, "dm", "/huoli").Form
	values := object{"client_name": "Maija", "basis": "agrees", "criteria": []string{"home"}, "urgency": "normal", "own_view": "x"}
	var out outcome
	w.call("POST", "submit", object{"as": as, "form": form.ID, "values": values}, 200, &out)
	if len(out.Replies) != 1 || len(out.Errors) > 0 {
		w.t.Fatalf("raising a worry: %+v", out)
	}
}

func TestSameRequestDoesNothingTwice(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"/luotsi tänään", "Hei kaikki"} {
		in := object{"as": "sanna", "room": "general", "text": text, "request": "r-" + text}
		var first, again outcome
		w.call("POST", "say", in, 200, &first)
		before := w.texts("sanna", "general")
		in["text"] = "something else"
		w.call("POST", "say", in, 200, &again)
		if len(first.Replies) != len(again.Replies) || len(first.Replies) > 0 && first.Replies[0].ID != again.Replies[0].ID {
			t.Errorf("%s: first %+v, again %+v", text, first, again)
		}
		w.reads("sanna", "general", before)
	}
	w.call("POST", "say", object{"as": "paula", "room": "general", "text": "Minäkin", "request": "r-Hei kaikki"}, 200, nil)
	w.call("POST", "say", object{"as": "paula", "room": "general", "text": "/luotsi ota", "request": "r-/luotsi tänään"}, 200, nil)
	if got := w.texts("paula", "general"); got != "sanna: Hei kaikki\npaula: Minäkin\nluotsi: Otit huolen käsittelyyn." {
		t.Errorf("another person's equal requests: %s", got)
	}
}

func TestSameRequestAtOnceDoesNothingTwice(t *testing.T) {
	w := newWorld(t)
	var ids []string
	answers := make(chan outcome, 6)
	for range cap(answers) {
		go func() {
			out, err := w.chat.say(t.Context(), "sanna", "general", "/luotsi tänään", "same")
			if err != nil {
				t.Error(err)
			}
			answers <- out
		}()
	}
	for range cap(answers) {
		if out := <-answers; len(out.Replies) == 1 {
			ids = append(ids, out.Replies[0].ID)
		}
	}
	if len(ids) != cap(answers) || len(w.messages("sanna", "general")) != 1 {
		t.Errorf("answers %v, messages %s", ids, w.texts("sanna", "general"))
	}
}
