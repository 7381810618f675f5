package casework

import (
	"slices"
	"testing"
	"time"
)

// Taking back a part removes only that part (C06): whom it let in leaves at once, everybody else stays where they are.
func TestWithdrawPart(t *testing.T) {
	b := meetingAhead(t).days(1).without("MIEPA", "ESIMERKKIJARJESTO")
	if got := b.told(); !slices.Equal(got, []string{"removed:mika", "removed:jaana", "amended:paula", "amended:kaisa"}) {
		t.Errorf("tells %q", got)
	}
	if got := Roster(b.c, b.now); !slices.Equal(got.Members, []string{"paula", "kaisa"}) || got.Number != 1 {
		t.Errorf("room: %+v", got)
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"paula", "kaisa", "near:daughter"}) {
		t.Errorf("invited to the meeting: %q", got)
	}
	old, k := b.c.Consents[0], b.c.Consent()
	if old.Status != ConsentAmended || !old.EndedAt.Equal(b.now) || old.WithdrawnBy != "client" || old.WithdrawnTo != "kaisa" || old.WithdrawnScope != "parties" {
		t.Errorf("before: %+v", old)
	}
	if k.Version != 2 || k.Status != ConsentGranted || k.WithdrawnBy != "" || !k.End().Equal(old.End()) || !k.RecordedAt.Equal(b.now) || len(old.Parties) != len(k.Parties)+2 {
		t.Errorf("after: %+v", k)
	}
	wantRule(t, b.c.MayInvite(people["mika"], b.now), NotParty)
	if before, _ := b.c.ConsentAt(b.now.Add(-1)); before.Version != 1 {
		t.Errorf("before, version %d held", before.Version)
	}
}

// Somebody taken back by name is not let in again by the unit, nor is what was given for that unit's others touched.
func TestWithdrawPerson(t *testing.T) {
	b := active(t).joined("leo", "sanna").without("person:leo")
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "kaisa", "mika", "sanna"}) {
		t.Errorf("room: %q", got)
	}
	wantRule(t, b.c.MayInvite(people["leo"], b.now), NotParty)
	if b.without("person:sanna", "person:mika"); !slices.Equal(b.c.Consent().ObjectsTo, []string{"person:leo", "person:sanna", "person:mika"}) {
		t.Errorf("opposed: %q", b.c.Consent().ObjectsTo)
	}
	wantRule(t, b.c.MayInvite(people["leo"], b.now), NotParty)
	_, err := b.c.WithdrawPart(people["kaisa"], Withdrawal{Scope: "parties"}, []string{"person:leo", "near:son"}, nil, b.now)
	wantRule(t, err, GroundMissing)
}

// When nothing is left that a team can stand on, the whole consent is taken back (C07).
func TestWithdrawingAllByParts(t *testing.T) {
	for name, c := range map[string]struct {
		parties, data []string
		want          State
	}{
		"all information":     {nil, []string{"services_in_use"}, Paused},
		"the coordinator":     {[]string{"ASIAKASOHJAUS"}, nil, Paused},
		"her, by name":        {[]string{"person:paula"}, nil, Paused},
		"everybody else":      {[]string{"KOTIHOITO-B", "MIEPA", "IAKKAAT", "SOTE-KESKUS-A", "ESIMERKKIJARJESTO", "near:daughter"}, nil, TeamForming},
		"a unit nobody is of": {[]string{"IAKKAAT"}, nil, Active},
	} {
		b := active(t)
		b.did(b.quiet().WithdrawPart(people["mika"], Withdrawal{By: "client", To: "mika", At: b.now, Scope: "parties"}, c.parties, c.data, b.now))
		if b.c.State != c.want {
			t.Errorf("%s: %s, want %s", name, b.c.State, c.want)
		}
		if c.want == Paused && (b.c.Consent().Status != ConsentWithdrawn || b.c.Consent().WithdrawnScope != "all" || Roster(b.c, b.now).Open) {
			t.Errorf("%s: %+v", name, b.c.Consent())
		}
	}
	b := active(t).joined("leo").days(10)
	if _, before := b.c.nameDue(b.s); true {
		if _, after := b.without("MIEPA").c.nameDue(b.s); !before.Equal(after) {
			t.Errorf("a narrower consent begins no days anew: %s, %s", before, after)
		}
	}
}

// The client's own no stops the team whoever said yes (C10): before as a refusal, afterwards as a withdrawal.
func TestClientsOwnObjection(t *testing.T) {
	b := pending(t, monday)
	for giver, want := range map[string]Rule{
		"guardian_personal_matters": "", "continuing_poa_personal": "", "custodian_minor": "", "guardian_property_only": NoMandate, "client": NoMandate,
	} {
		_, err := b.c.Object(people["paula"], giver, "Päätös", b.now)
		wantRule(t, err, want)
	}
	b.did(b.quiet().Object(people["paula"], "guardian_personal_matters", "Päätös", b.now))
	if c := b.c; c.State != Closed || c.ClosedFor != "consent_refused" || c.Consent().Status != ConsentRefused || c.Consent().GivenBy != "guardian_personal_matters" {
		t.Errorf("objected: %+v", c)
	}
	if got := b.told(); !slices.Equal(got, []string{"handled:sanna", "objected:@supervisors"}) {
		t.Errorf("tells %q", got)
	}
	k := aConsent("MIEPA", "SOTE-KESKUS-A")
	k.GivenBy, k.Capacity, k.RepresentativeEvidence = "guardian_personal_matters", "unable", "Päätös"
	for _, opposed := range [][]string{{"MIEPA", "SOTE-KESKUS-A"}, {"MIEPA", "SOTE-KESKUS-A", "ASIAKASOHJAUS"}, {"ASIAKASOHJAUS"}} {
		k.ObjectsTo = opposed
		_, err := pending(t, monday).grant(k)
		wantRule(t, err, Objected)
	}
	k.ObjectsTo = []string{"MIEPA"}
	b = pending(t, monday).grantedAs(k).joined("leo")
	wantRule(t, b.c.MayInvite(people["mika"], b.now), NotParty)
	if b.withdrawn(); b.c.State != Paused || !slices.Contains(b.told(), "objected:@supervisors") {
		t.Errorf("the client's own withdrawal: %s, tells %q", b.c.State, b.told())
	}
	if got := active(t).withdrawn().told(); slices.Contains(got, "objected:@supervisors") {
		t.Errorf("nobody else had consented: %q", got)
	}
}

// After silence the coordinator decides by a day: to ask again, or to close (C04). Then nobody waits for an answer any more.
func TestAfterSilence(t *testing.T) {
	b := pending(t, monday).days(30)
	b.did(b.quiet().NoReply(Person{Login: System}, b.now))
	n, due := NextStep(b.c, b.s, b.now), helsinki(2027, 1, 6, 8, 15)
	if n.Step != StepDecide || n.By != "paula" || !n.Due.Equal(due) {
		t.Errorf("next: %+v", n)
	}
	if got := onAgenda(b); !slices.Equal(got, []string{"2027-01-05 09:00 decide/20261223T061500/paula"}) { // the sixth is Epiphany
		t.Errorf("agenda: %q", got)
	}
	wantRule(t, pending(t, monday).c.MayClose(), WrongState)
	wantRule(t, aCase(t).accepted().c.MayClose(), WrongState)
	again := *b
	if b.closed(); b.c.ClosedFor != "no_contact" || !slices.Equal(b.told(), []string{"handled:sanna"}) {
		t.Errorf("closed for %s, tells %q", b.c.ClosedFor, b.told())
	}
	if again.asked(); NextStep(again.c, again.s, again.now).Step != StepRecordConsent || len(only(onAgenda(&again), ActNoReply)) != 1 {
		t.Errorf("asked again: %q", onAgenda(&again))
	}
	paused := active(t).withdrawn().asked().after(time.Hour).closed()
	if k := paused.c.Consent(); k.Status != ConsentNoReply || !k.EndedAt.Equal(paused.now) {
		t.Errorf("still open when the case closed: %+v", k)
	}
}
