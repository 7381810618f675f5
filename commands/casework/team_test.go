package casework

import (
	"slices"
	"testing"
	"time"
)

func TestMayInvite(t *testing.T) {
	b := together(t).joined("mika").invited("leo")
	for login, want := range map[string]Rule{
		"kaisa": "", "jaana": "", "mika": AlreadyInTeam, "leo": AlreadyInTeam, "paula": AlreadyInTeam, "katri": "",
	} {
		wantRule(t, b.c.MayInvite(people[login], b.now), want)
	}
	narrow := pending(t, monday).granted("person:leo")
	wantRule(t, narrow.c.MayInvite(people["leo"], monday), "")
	wantRule(t, narrow.c.MayInvite(people["sanna"], monday), NotParty)
	wantRule(t, together(t).c.MayInvite(people["leo"], monday.AddDate(2, 0, 0)), NoConsent)
	wantRule(t, pending(t, monday).c.MayInvite(people["leo"], monday), NoConsent)
	wantRule(t, aCase(t).c.MayInvite(people["leo"], monday), WrongState)
}

// Nobody is in the team by being invited, only by accepting, and only while the consent covers that person.
func TestJoin(t *testing.T) {
	b := together(t).invited("mika")
	wantRule(t, b.c.MayJoin(people["leo"], b.now), NotAccepted)
	wantRule(t, b.c.MayJoin(people["mika"], b.c.Consent().End()), NoConsent)
	moved := people["mika"]
	moved.Unit = "HALLINTO"
	wantRule(t, b.c.MayJoin(moved, b.now), NotParty)
	b.after(time.Hour)
	b.did(b.quiet().Join(people["mika"], b.now))
	m := b.c.Team[0]
	if m.State != MemberActive || !m.JoinedAt.Equal(b.now) || m.Need != "Tuki" || m.InvitedBy != "paula" || !m.InvitedAt.Equal(monday) {
		t.Errorf("joined: %+v", m)
	}
	if got := b.told(); !slices.Equal(got, []string{"joined:paula", "joined:"}) {
		t.Errorf("tells %q", got)
	}
	wantRule(t, b.c.MayJoin(people["mika"], b.now), NotAccepted)
}

func TestDeclinedInvitation(t *testing.T) {
	b := together(t).invited("mika")
	b.did(b.quiet().DeclineInvite(people["mika"], b.now))
	if got := b.told(); !slices.Equal(got, []string{"declined:paula"}) || b.c.Team[0].State != MemberDeclined || len(b.c.InTeam()) != 1 {
		t.Errorf("declined: %+v, tells %q", b.c.Team, got)
	}
	if b.joined("mika"); len(b.c.Team) != 2 || b.c.Team[0].State != MemberDeclined || b.c.Team[1].No != 2 {
		t.Errorf("asked again: %+v", b.c.Team)
	}
}

// Ten working days without an answer end an invitation, each its own.
func TestVoidInvites(t *testing.T) {
	b := together(t).invited("mika").days(1).invited("leo")
	void := helsinki(2026, time.December, 7, 8, 15)
	_, err := b.c.VoidInvites(b.s, void.Add(-1))
	wantRule(t, err, WrongState)
	b.at(void).did(b.quiet().VoidInvites(b.s, void))
	if b.c.Team[0].State != MemberDeclined || b.c.Team[0].EndedFor != "not_answered" || b.c.Team[1].State != MemberInvited {
		t.Errorf("team: %+v", b.c.Team)
	}
	if got := b.told(); !slices.Equal(got, []string{"declined:paula"}) {
		t.Errorf("tells %q", got)
	}
}

func TestMayName(t *testing.T) {
	k := aConsent("KOTIHOITO-B", "MIEPA", "ESIMERKKIJARJESTO")
	k.NoContent = []string{"MIEPA"}
	b := pending(t, monday).grantedAs(k)
	for login, want := range map[string]Rule{"kaisa": "", "paula": "", "leo": NotParty, "mika": NotParty, "jaana": NotParty} {
		wantRule(t, b.c.MayName(people[login], b.now), want)
	}
	b.named("kaisa")
	wantRule(t, b.c.MayName(people["kaisa"], b.now), AlreadyNamed)
	wantRule(t, b.c.MayName(people["paula"], b.now), "")
	b.did(b.quiet().AcceptNaming(people["kaisa"], b.now))
	wantRule(t, b.c.MayName(people["paula"], b.now), AlreadyNamed)
}

// Never two: naming another takes the earlier naming back, and who was named before cannot accept any more (I4).
func TestNeverTwoResponsibleWorkers(t *testing.T) {
	b := together(t).named("kaisa").named("mika")
	if got := b.told(); !slices.Equal(got, []string{"not_asked:kaisa", "named:mika"}) {
		t.Errorf("named instead: tells %q", got)
	}
	if !b.c.WasAsked(people["kaisa"]) || b.c.WasAsked(people["leo"]) {
		t.Error("who was asked once is forgotten, or who was not is remembered")
	}
	wantRule(t, b.c.MayAcceptNaming(people["kaisa"], b.now), NotAccepted)
	wantRule(t, b.c.MayAcceptNaming(people["mika"], b.now), "")
	wantRule(t, b.c.MayAcceptNaming(people["mika"], b.c.Consent().End()), NoConsent)
	moved := people["mika"]
	moved.Unit = "HALLINTO"
	wantRule(t, b.c.MayAcceptNaming(moved, b.now), NotParty)
	b.after(time.Hour)
	b.did(b.quiet().AcceptNaming(people["mika"], b.now))
	if rw, ok := b.c.ResponsibleWorker(); !ok || rw.Person.Login != "mika" || !rw.AcceptedAt.Equal(b.now) || rw.NamedBy != "paula" {
		t.Errorf("responsible: %+v", rw)
	}
	if b.c.Responsible[0].State != AssignmentEnded || b.c.Responsible[0].EndedFor != "another_named" {
		t.Errorf("named before: %+v", b.c.Responsible[0])
	}
	if got := b.told(); !slices.Equal(got, []string{"responsible:paula", "responsible:"}) {
		t.Errorf("tells %q", got)
	}
}

func TestDeclinedNaming(t *testing.T) {
	b := together(t).named("kaisa")
	wantRule(t, b.c.MayDeclineNaming(people["mika"]), NotAccepted)
	b.declinedNaming("kaisa")
	if _, ok := b.c.NamedWorker(); ok || !slices.Equal(b.told(), []string{"named_no:paula"}) || b.c.Responsible[0].State != AssignmentDeclined {
		t.Errorf("declined: %+v, tells %q", b.c.Responsible, b.told())
	}
	b.named("kaisa")
}

// Accepting to be responsible answers an open invitation as well.
func TestResponsibleWorkerIsInTheTeam(t *testing.T) {
	b := together(t).invited("kaisa").responsible("kaisa")
	if b.c.Team[0].State != MemberActive || len(b.c.InTeam()) != 2 {
		t.Errorf("team: %+v", b.c.Team)
	}
}

// The team is active once a responsible worker and somebody of another unit have come together, in whichever order (P04).
func TestActivation(t *testing.T) {
	for name, c := range map[string]struct {
		b    *build
		want State
	}{
		"nobody":                   {together(t), TeamForming},
		"responsible alone":        {together(t).responsible("kaisa"), TeamForming},
		"members of two units":     {together(t).joined("mika", "leo"), TeamForming},
		"responsible, then member": {together(t).responsible("kaisa").joined("mika"), Active},
		"member, then responsible": {together(t).joined("mika").responsible("kaisa"), Active},
		"same unit":                {together(t).responsible("ville").joined("ulla"), TeamForming},
		"same unit, then another":  {together(t).responsible("ville").joined("ulla", "leo"), Active},
		"guest of another unit":    {together(t).responsible("ville").joined("jaana"), Active},
		"coordinator responsible":  {together(t).responsible("paula").joined("mika"), Active},
		"invited only":             {together(t).responsible("kaisa").invited("mika"), TeamForming},
	} {
		if c.b.c.State != c.want {
			t.Errorf("%s: %s, want %s", name, c.b.c.State, c.want)
		}
		holder := "paula"
		if rw, ok := c.b.c.ResponsibleWorker(); ok && c.want == Active {
			holder = rw.Person.Login
		}
		if got := c.b.c.Lead(); got != holder {
			t.Errorf("%s: held by %s, want %s", name, got, holder)
		}
		if rw, ok := c.b.c.ResponsibleWorker(); ok {
			holder = rw.Person.Login // who has accepted is told what happens in the room, whoever holds the case
		}
		if got := c.b.c.Nearest(); got != holder {
			t.Errorf("%s: %s is told of the room, want %s", name, got, holder)
		}
	}
	if got := active(t).told(); !slices.Equal(got, []string{"joined:paula", "joined:", "active:", "active:paula"}) {
		t.Errorf("tells %q", got)
	}
	if got := active(t).joined("leo").told(); slices.Contains(got, "active:") {
		t.Errorf("active again: %q", got)
	}
}
