package casework

import (
	"slices"
	"testing"
	"time"
)

// Until the new responsible worker accepts, the one there is goes on; then everything passes on at once (P06).
func TestHandOver(t *testing.T) {
	b := active(t).planned(monthOut, "kaisa", "mika").after(time.Hour).handedOver("ville")
	if b.c.Lead() != "kaisa" || b.c.State != Active || !slices.Equal(b.told(), []string{"named:ville"}) {
		t.Errorf("asked: led by %s, tells %q", b.c.Lead(), b.told())
	}
	if got := only(onAgenda(b), RemindName); len(got) != 0 {
		t.Errorf("there is a responsible worker: %q", got)
	}
	wantRule(t, b.c.MayHandOver(people["ville"], b.now), AlreadyNamed)
	b.handedOver("mika")
	if got := b.told(); !slices.Equal(got, []string{"not_asked:ville", "named:mika"}) {
		t.Errorf("another asked: tells %q", got)
	}
	b.handedOver("ville")
	b.after(time.Hour).tookOver("ville")
	if got := b.told(); !slices.Equal(got, []string{"handed_over:kaisa", "responsible:paula", "responsible:"}) {
		t.Errorf("accepted: %q", got)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "ville", "mika"}) || b.c.Lead() != "ville" || b.c.State != Active {
		t.Errorf("room: %q, led by %s, %s", got, b.c.Lead(), b.c.State)
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"mika", "ville"}) {
		t.Errorf("invited to the meeting: %q", got)
	}
	if rw, _ := b.c.ResponsibleWorker(); rw.Note != "Lääkelista kesken" || b.c.Responsible[0].EndedFor != "handed_over" || !b.c.Responsible[0].EndedAt.Equal(b.now) {
		t.Errorf("responsible: %+v", b.c.Responsible)
	}
	if got := b.c.Relations(people["kaisa"]); !slices.Equal(got, []Relation{WasMember}) {
		t.Errorf("kaisa is %v", got)
	}
	if got := only(onAgenda(b), RemindMeetingOpen); len(got) != 1 || got[0][len(got[0])-5:] != "ville" {
		t.Errorf("open items pass on: %q", got)
	}
}

func TestHandOverRules(t *testing.T) {
	b := active(t).joined("kaisa")
	for login, want := range map[string]Rule{"kaisa": AlreadyNamed, "jaana": NotParty, "mika": "", "paula": ""} {
		wantRule(t, b.c.MayHandOver(people[login], b.now), want)
	}
	wantRule(t, together(t).c.MayHandOver(people["mika"], monday), NobodyAway)
	b.handedOver("mika").did(b.quiet().DeclineNaming(people["mika"], b.now))
	if b.c.Lead() != "kaisa" || b.c.State != Active {
		t.Errorf("declined: led by %s in %s", b.c.Lead(), b.c.State)
	}
	b.planned(monthOut, "kaisa").handedOver("mika").tookOver("mika")
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"kaisa", "mika"}) || b.c.member("kaisa", MemberActive) < 0 {
		t.Errorf("who is also a member stays: %q", got)
	}
	away := active(t).joined("leo").away("kaisa", "ville", monday).stoodIn("ville").handedOver("mika")
	away.tookOver("mika")
	if away.c.Lead() != "mika" || slices.Contains(Roster(away.c, away.now).Members, "ville") || !slices.Contains(away.told(), "back:ville") {
		t.Errorf("the absence ends with the worker's time: led by %s, tells %q", away.c.Lead(), away.told())
	}
	wish := together(t)
	wish.did(wish.quiet().Name(people["paula"], people["kaisa"], Naming{ClientWish: true}, wish.now))
	wish.tookOver("kaisa")
	if wish.c.State != Active {
		t.Errorf("one worker is enough if the client wishes so: %s", wish.c.State)
	}
	wish.handedOver("mika").tookOver("mika")
	if wish.c.State != Active {
		t.Errorf("the wish outlasts the worker: %s", wish.c.State)
	}
}

// A case changes its coordinator in any open state; while a team is together only to one the consent lets in.
func TestTransfer(t *testing.T) {
	for name, c := range map[string]struct {
		b    *build
		to   string
		want Rule
	}{
		"triage":          {aCase(t).taken(), "katri", ""},
		"paused":          {active(t).withdrawn(), "katri", ""},
		"together":        {active(t), "katri", ""},
		"nobody took it":  {aCase(t), "katri", WrongState},
		"over":            {aCase(t).declined(), "katri", WrongState},
		"to herself":      {active(t), "paula", AlreadyNamed},
		"no coordinator":  {active(t), "mika", NotParty},
		"not let in":      {pending(t, monday).granted("MIEPA"), "katri", NotParty},
		"before consent":  {pending(t, monday), "katri", ""},
		"from her deputy": {active(t).away("paula", "katri", monday).stoodIn("katri"), "katri", ""},
	} {
		if got := ruleOf(t, c.b.c.MayTransfer(people[c.to], c.b.now)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	b := active(t).planned(monthOut, "paula", "mika").away("paula", "katri", firstDay).days(3).transferred("katri")
	if got := b.told(); !slices.Equal(got, []string{"back:katri", "transferred:paula", "transferred:katri", "transferred:kaisa"}) {
		t.Errorf("tells %q", got)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"katri", "kaisa", "mika"}) || b.c.TransferNote == "" || !b.c.TakenAt.Equal(b.now) {
		t.Errorf("room: %q; %+v", got, b.c)
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"mika", "katri"}) || !slices.Equal(b.c.Relations(people["paula"]), []Relation{WasMember}) {
		t.Errorf("invited: %q; she is %q", got, b.c.Relations(people["paula"]))
	}
}

// What the coordinator before was reminded of is not told again to the next one; what is still to come is.
func TestRemindersAfterTransfer(t *testing.T) {
	b := pending(t, monday).days(8).transferred("katri")
	if got := onAgenda(b); !slices.Equal(got, []string{"2026-12-07 09:00 consent/1.14/katri", "2026-12-23 08:15 act_no_reply/1"}) {
		t.Errorf("agenda: %q", got)
	}
	b = together(t).invited("mika").transferred("katri")
	if b.did(b.quiet().DeclineInvite(people["mika"], b.now)); !slices.Equal(b.told(), []string{"declined:katri"}) {
		t.Errorf("an answer to who has left tells %q", b.told())
	}
}

// Whose account is closed has left; what that person led is the coordinator's, and an alarm is raised (P07).
func TestDisable(t *testing.T) {
	for name, c := range map[string]struct {
		b     *build
		login string
		lead  string
		state State
		told  []string
	}{
		"responsible worker": {active(t), "kaisa", "paula", TeamForming, []string{"disabled:@supervisors", "disabled:paula"}},
		"on leave": {
			active(t).away("kaisa", "ville", monday).stoodIn("ville"), "kaisa", "paula", TeamForming,
			[]string{"back:ville", "disabled:@supervisors", "disabled:paula"},
		},
		"her deputy":           {active(t).away("kaisa", "ville", monday).stoodIn("ville"), "ville", "paula", Active, []string{"nobody:paula", "nobody:@supervisors"}},
		"her deputy to be":     {active(t).away("kaisa", "ville", firstDay).stoodIn("ville"), "ville", "kaisa", Active, []string{"deputy_no:paula"}},
		"asked, already begun": {active(t).away("kaisa", "ville", monday).turned(monday), "ville", "paula", Active, nil},
		"coordinator":          {active(t), "paula", "kaisa", Active, []string{"disabled:@supervisors"}},
		"coordinator alone":    {together(t), "paula", "paula", TeamForming, []string{"disabled:@supervisors"}},
		"coordinator's deputy": {
			pending(t, monday).away("paula", "katri", monday).stoodIn("katri"), "katri", "paula", ConsentPending, []string{"nobody:paula", "nobody:@supervisors"},
		},
		"member":  {active(t), "mika", "paula", TeamForming, nil},
		"invited": {together(t).invited("leo"), "leo", "paula", TeamForming, nil},
		"named":   {together(t).named("kaisa"), "kaisa", "paula", TeamForming, []string{"named_no:paula"}},
	} {
		b := c.b.disabled(c.login)
		if got := b.told(); b.c.Lead() != c.lead || b.c.State != c.state || !slices.Equal(got, c.told) {
			t.Errorf("%s: led by %s in %s, tells %q", name, b.c.Lead(), b.c.State, got)
		}
		if c.login != "paula" {
			wantRule(t, b.c.MayDisable(c.login), WrongState)
		}
		if n := NextStep(b.c, b.s, b.now); n.Holder != c.lead || n.Step == StepNone || n.Due.IsZero() {
			t.Errorf("%s: next %+v", name, n)
		}
	}
	wantRule(t, active(t).c.MayDisable("leo"), WrongState)
	wantRule(t, active(t).withdrawn().closed().c.MayDisable("paula"), WrongState)
	b := active(t).planned(monthOut, "kaisa", "mika").disabled("kaisa")
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"mika"}) {
		t.Errorf("still invited: %q", got)
	}
}
