package commands

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/commands/casework"
)

func newHouse(t *testing.T) *House {
	t.Helper()
	return &House{
		Settings: casework.DefaultSettings(), Catalog: newCatalog(t), Registry: registry(t),
		EmergencyPhone: "0295 000 000", Phone: "0295 000 001",
	}
}

func TestNoticesAreSaidWithTheirValues(t *testing.T) {
	h, at := newHouse(t), time.Date(2026, 11, 24, 9, 0, 0, 0, casework.Helsinki)
	fi := bottest.Sentences(t, Texts(), bot.FI)
	for _, kind := range families(t)["notice."] {
		m := h.noticeMessage(casework.OutNotice{Kind: kind, On: at}, casework.Case{Code: "BCDFGHJ-K"})
		shown := map[string]string{"code": "BCDFGHJ-K", "at": "klo 9.00", "date": "tiistaina 24.11.2026", "phone": "0295 000 000"}
		for _, lang := range bot.Langs {
			said := h.Catalog.Say(lang, m.Lines[0].Text)
			atMost(t, string(lang)+" "+kind, said, 0, 0)
			for _, value := range fi["notice."+kind].Values {
				if lang == bot.FI && !strings.Contains(said, shown[value]) {
					t.Errorf("%s does not show its %s: %s", kind, value, said)
				}
			}
		}
	}
}

// A refusal stands beside the field it is about, with its values, and the form stays open.
func TestRefusalsStandBesideTheirFields(t *testing.T) {
	h, day := newHouse(t), time.Date(2027, 11, 24, 0, 0, 0, 0, casework.Helsinki)
	refusal := func(rule casework.Rule, about map[string]any) error {
		return &casework.Refusal{Rule: rule, About: about}
	}
	for what, c := range map[string]struct {
		err    error
		field  string
		saying string
	}{
		"by rule":           {besideField(refusal(casework.NotInformed, nil)), "info_given_at", "Kerro se ja kirjaa päivä"},
		"as named":          {besideField(refusal(casework.PastValidity, map[string]any{"field": "valid_until", "day": day})), "valid_until", "keskiviikko 24.11.2027"},
		"named over rule":   {besideField(refusal(casework.NoBasis, map[string]any{"field": "ground"})), "ground", "nimettömästi"},
		"with who it names": {besideField(refusal(casework.AlreadyNamed, map[string]any{"field": "person", "login": "kaisa"})), "person", "Kaisa-Maria"},
		"a person":          {besidePerson(refusal(casework.NotParty, nil)), "person", "ei ole mainittu suostumuksessa"},
		"beside nothing":    {besidePerson(refusal(casework.NoConsent, nil)), "", ""},
	} {
		d := &Desk{Tx: people{}, House: h, Me: staffed[0]}
		call := &Call{Desk: d, Request: bot.Request{Submit: "a ticket"}}
		var wrong bot.FieldErrors
		if errors.As(told(context.Background(), call, c.err), &wrong) != (c.field != "") {
			t.Errorf("%s: beside a field is wrong: %v", what, c.err)
			continue
		}
		if said := h.Catalog.Say(bot.FI, wrong[c.field].Text); !strings.Contains(said, c.saying) {
			t.Errorf("%s: beside %q stands %q", what, c.field, said)
		}
	}
}

func TestRaiserOfAnEndedConcernReadsOnlyThatItIsHandled(t *testing.T) {
	for state, want := range map[casework.State]casework.State{
		casework.Redirected: casework.Closed, casework.Declined: casework.Closed, casework.TakenBack: casework.Closed,
		casework.Closed: casework.Closed, casework.Merged: casework.Triage, casework.ConsentPending: casework.Triage, casework.Paused: casework.Triage,
	} {
		if got := outsideState(state); got != want {
			t.Errorf("%s is seen from outside as %s, want %s", state, got, want)
		}
	}
}

func TestPeopleAndUnitsAreShownByName(t *testing.T) {
	d := &Desk{Tx: people{}, House: newHouse(t)}
	for code, want := range map[string]string{
		"KOTIHOITO-B": "Kotihoito B", "MIEPA": "MIEPA", "person:sanna": "Sanna Salo", "person:gone": "gone", "near:daughter": "Läheinen: tytär",
	} {
		if got := d.House.Catalog.Say(bot.FI, d.partyText(t.Context(), code)); got != want {
			t.Errorf("%s is shown as %q, want %q", code, got, want)
		}
	}
	if got := d.whoIs(t.Context(), kaisa); got != staffed[2].Name+" · Kotihoito B" {
		t.Errorf("Kaisa is shown as %q", got)
	}
}

func TestLogIsReadInTheReadersLanguage(t *testing.T) {
	h := newHouse(t)
	c := &Call{Person: bot.Person{Lang: bot.SV}, Desk: &Desk{House: h}}
	for action, want := range map[string]string{
		"consent.record": "samtycke anteckna", "act_no_reply": "begäran om samtycke besvarades inte i tid",
		"room.remove": "en person togs bort ur rummet", "act_of_old": "act_of_old",
	} {
		if got := h.Catalog.Say(bot.SV, actionText(c, action)); got != want {
			t.Errorf("%s is said as %q, want %q", action, got, want)
		}
	}
	for purpose, want := range map[string]string{"triage": "bedömning av ärendet", "": "", "older": "older"} {
		if got := h.Catalog.Say(bot.SV, c.Desk.coded("purpose.", purpose)); got != want {
			t.Errorf("%q is said as %q, want %q", purpose, got, want)
		}
	}
}

// Free text that forms ask for is read by those whom the forms name, and by nobody else.
func TestNotesAreReadByWhomTheFormsSay(t *testing.T) {
	h, at := newHouse(t), time.Date(2026, 11, 24, 9, 0, 0, 0, casework.Helsinki)
	team := casework.Case{
		Code: "BCDFGHJ-K", State: casework.Active, Coordinator: paula, TransferNote: "from before",
		Consents: []casework.Consent{{
			Version: 1, Direction: "both", Status: casework.ConsentGranted, GivenAt: at, RecordedAt: at, ValidUntil: at.AddDate(0, 6, 0),
			Parties: []casework.Party{{Code: "person:sanna"}, {Code: "person:paula"}, {Code: "person:kaisa"}},
		}},
		Responsible: []casework.Assignment{{Person: kaisa, State: casework.AssignmentAccepted, Note: "half done"}},
		Team:        []casework.Participant{{Person: sanna, State: casework.MemberActive}},
		Duties:      []casework.DutyNotice{{At: at, Ground: "atl55_2", Target: "kela", ClientInformed: "yes", Facts: "was notified"}},
		Absences:    []casework.Absence{{Person: kaisa, Deputy: sanna, From: at, To: at.AddDate(0, 0, 2), State: casework.DeputyAsked}},
	}
	declined := casework.Case{
		Code: "BCDFGHJ-K", State: casework.Declined, Coordinator: paula,
		Concern: casework.Concern{Raiser: sanna, Decision: casework.Decision{Reason: "other", Guidance: "a way on"}},
	}
	for _, reads := range []struct {
		who       casework.User
		c         casework.Case
		some, not []string
	}{
		{staffed[0], team, []string{"from before", "half done", "was notified", "Kela", "keskiviikko 25.11.2026"}, nil},
		{staffed[2], team, []string{"half done", "Sanna Salo"}, []string{"from before", "was notified", "Kela"}},
		{staffed[1], team, []string{"on pyydetty Sanna Salo"}, []string{"from before", "half done", "was notified", "Kela"}},
		{staffed[0], declined, []string{"a way on", "Muu syy"}, nil},
		{staffed[1], declined, []string{"a way on"}, []string{"Muu syy", "ei otettu"}},
	} {
		d := &Desk{Tx: people{}, House: h, At: at, Me: reads.who, Case: reads.c}
		r, err := showCase.Do(t.Context(), &Call{Command: showCase, Code: string(reads.c.Code), Desk: d})
		if err != nil {
			t.Fatal(err)
		}
		var said strings.Builder
		for _, line := range r.Replies[0].Lines {
			said.WriteString(h.Catalog.Say(bot.FI, line.Label) + ": " + h.Catalog.Say(bot.FI, line.Text) + "\n")
		}
		for _, words := range reads.some {
			if !strings.Contains(said.String(), words) {
				t.Errorf("%s does not read %q of a case in %s", reads.who.Login, words, reads.c.State)
			}
		}
		for _, words := range reads.not {
			if strings.Contains(said.String(), words) {
				t.Errorf("%s reads %q of a case in %s", reads.who.Login, words, reads.c.State)
			}
		}
		atMost(t, reads.who.Login, said.String(), 0, 0)
	}
}
