package casework

import (
	"slices"
	"testing"
	"time"
)

// A concern is passed on with a ground, to somebody, for a reason (T06); the raiser learns only that it has been handled.
func TestRedirect(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Decision)
		want   Rule
	}{
		"client agrees": {func(*Decision) {}, ""},
		"on a duty":     {func(d *Decision) { d.Ground = "vanhpl25_1_duty" }, ""},
		"no ground":     {func(d *Decision) { d.Ground = "" }, GroundMissing},
		"other ground":  {func(d *Decision) { d.Ground = "shl35_1_client_agrees" }, GroundMissing},
		"to nobody":     {func(d *Decision) { d.Target = "" }, GroundMissing},
		"to somewhere":  {func(d *Decision) { d.Target = "neighbour" }, GroundMissing},
		"no reason":     {func(d *Decision) { d.Reason = "" }, GroundMissing},
	} {
		d, b := aRedirection(), aCase(t).taken()
		c.change(&d)
		got, err := b.quiet().Redirect(people["paula"], d, b.now)
		if rule := ruleOf(t, err); rule != c.want {
			t.Errorf("%s: refused by %q, want %q", name, rule, c.want)
		}
		if err == nil && (got.State != Redirected || got.State.Open() || got.Concern.Decision != d || !got.ClosedAt.Equal(b.now)) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	b := aCase(t).taken()
	if b.did(b.quiet().Redirect(people["paula"], aRedirection(), b.now)); !slices.Equal(b.told(), []string{"handled:sanna"}) {
		t.Errorf("tells %q", b.told())
	}
	nameless := raised(t, monday, aNamelessConcern())
	_, err := nameless.c.Redirect(people["paula"], aRedirection(), monday)
	wantRule(t, err, IdentityNeeded)
}

// Declining needs a coded reason and guidance (T07), and tells the raiser the same as redirecting.
func TestDecline(t *testing.T) {
	for d, want := range map[Decision]Rule{
		{Reason: "not_target_group", Guidance: "Neuvo"}: "", {Reason: "not_target_group"}: GroundMissing, {Guidance: "Neuvo"}: GroundMissing,
		{Reason: "too much to do", Guidance: "Neuvo"}: GroundMissing,
	} {
		_, err := aCase(t).c.Decline(people["paula"], d, monday)
		wantRule(t, err, want)
	}
	b := aCase(t).declined()
	if c := b.c; c.State != Declined || c.Coordinator != people["paula"] || !c.TakenAt.Equal(b.now) || !slices.Equal(b.told(), []string{"handled:sanna"}) {
		t.Errorf("declined: %+v, tells %q", c, b.told())
	}
	if len(Agenda(b.c, b.s)) != 0 || NextStep(b.c, b.s, b.now) != (Next{}) {
		t.Error("something is still to be done")
	}
}

// Whoever came second may not decide on a concern, unless standing in for who came first.
func TestOnlyWhoTookItDecides(t *testing.T) {
	b := aCase(t).taken()
	for _, c := range []Case{b.c, b.away("paula", "katri", monday.Add(time.Hour)).c, b.stoodIn("katri").c} { // accepting is not yet acting
		for _, err := range []error{
			c.MayEndConcern(people["katri"]), c.MayAccept(people["katri"]), c.MayMerge(people["katri"], anotherCase(), true),
		} {
			wantRule(t, err, AlreadyTaken)
		}
	}
	b.turned(monday.Add(time.Hour))
	for _, err := range []error{
		b.c.MayEndConcern(people["katri"]), b.c.MayAccept(people["katri"]), b.c.MayMerge(people["katri"], anotherCase(), true), b.c.MayAccept(people["paula"]),
	} {
		wantRule(t, err, "")
	}
	b.did(b.quiet().Accept(people["katri"], ClientFacts{}, b.now))
	if b.c.Coordinator.Login != "paula" || b.c.Lead() != "katri" || NextStep(b.c, b.s, b.now).By != "katri" {
		t.Errorf("coordinator %s, led by %s", b.c.Coordinator.Login, b.c.Lead())
	}
	nameless := raised(t, monday, aNamelessConcern()).taken().away("paula", "katri", monday).stoodIn("katri")
	wantRule(t, nameless.c.MayAnswer(people["katri"]), "")
	wantRule(t, nameless.c.MayAnswer(people["sanna"]), WrongState)
}

// What a concern said is forgotten with it (T10); the coordinators hear of it only if they had been called.
func TestTakeBack(t *testing.T) {
	for _, c := range []struct {
		n    Concern
		want []string
	}{{aConcern(), nil}, {anUrgentConcern(), []string{"taken_back:@coordinators"}}} {
		c.n.OwnView, c.n.CurrentServices, c.n.TriedSoFar = "Oma", "Kotihoito", "Soitettu"
		b := raised(t, monday, c.n)
		b.did(b.quiet().TakeBack(b.now))
		n := b.c.Concern
		if n.OwnView+n.GroundText+n.Question+n.CurrentServices+n.TriedSoFar != "" || n.HasIdentity || b.c.State != TakenBack || len(Agenda(b.c, b.s)) != 0 {
			t.Errorf("taken back: %+v", b.c)
		}
		if got := b.told(); !slices.Equal(got, c.want) {
			t.Errorf("tells %q, want %q", got, c.want)
		}
	}
	wantRule(t, aCase(t).taken().c.MayTakeBack(), WrongState)
}

// An immediate concern that nobody has acknowledged in a quarter of an hour is the supervisors' matter, and its raiser calls (T08).
func TestAcknowledge(t *testing.T) {
	b := raised(t, helsinki(2026, 11, 21, 23, 50), anUrgentConcern())
	unseen := []string{"2026-11-22 00:05 unseen/1/@supervisors", "2026-11-22 00:05 call/1/sanna"}
	if got := append(only(onAgenda(b), RemindUnseen), only(onAgenda(b), RemindCall)...); !slices.Equal(got, unseen) {
		t.Errorf("unseen: %q", got)
	}
	b.after(time.Minute).did(b.quiet().Acknowledge(people["katri"], b.now))
	if n := b.c.Concern; n.AcknowledgedBy != "katri" || !n.AcknowledgedAt.Equal(b.now) || !slices.Equal(b.told(), []string{"acknowledged:sanna"}) {
		t.Errorf("acknowledged: %+v, tells %q", n, b.told())
	}
	if got := append(only(onAgenda(b), RemindUnseen), only(onAgenda(b), RemindCall)...); len(got) != 0 {
		t.Errorf("acknowledged, still %q", got)
	}
	if b.c.State != Submitted || len(only(onAgenda(b), RemindTriage)) != 2 {
		t.Error("it does not stay open until somebody has taken it")
	}
	wantRule(t, b.c.MayAcknowledge(), NotUrgent)
	wantRule(t, raised(t, monday, anUrgentConcern()).taken().c.MayAcknowledge(), WrongState)
	urgent := anUrgentConcern()
	urgent.Urgency = "urgent"
	if got := only(onAgenda(raised(t, monday, urgent)), RemindUnseen); len(got) != 0 {
		t.Errorf("urgent only: %q", got)
	}
}

// A second concern is joined to the open case of the same client; nothing told to its raiser differs from an accepted one (T09).
func TestMerge(t *testing.T) {
	concern := anotherCase()
	concern.State = Triage
	closed := anotherCase()
	closed.State = Closed
	itself := anotherCase()
	itself.ID = 0
	for name, c := range map[string]struct {
		b    *build
		into Case
		same bool
		want Rule
	}{
		"same client":     {aCase(t).taken(), anotherCase(), true, ""},
		"not yet taken":   {aCase(t), anotherCase(), true, ""},
		"another client":  {aCase(t).taken(), anotherCase(), false, OtherClient},
		"still a concern": {aCase(t).taken(), concern, true, OtherClient},
		"over":            {aCase(t).taken(), closed, true, OtherClient},
		"itself":          {aCase(t).taken(), itself, true, OtherClient},
		"nameless":        {raised(t, monday, aNamelessConcern()).taken(), anotherCase(), true, OtherClient},
		"already a case":  {aCase(t).accepted(), anotherCase(), true, WrongState},
	} {
		if got := ruleOf(t, c.b.c.MayMerge(people["paula"], c.into, c.same)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	into := active(t).c
	into.ID, into.Code, into.News = 7, "CDFGHJK-M", nil
	merged, joined, err := aCase(t).c.Merge(people["katri"], into, true, monday.Add(time.Hour))
	if err != nil || merged.State != Merged || merged.MergedInto != into.Code || !slices.Equal(joined.Linked, []Code{merged.Code}) {
		t.Fatalf("%+v, %+v: %v", merged, joined, err)
	}
	if joined.State != Active || joined.Revision != into.Revision+1 || len(into.Linked) != 0 {
		t.Errorf("the case it was joined to: %+v", joined)
	}
	accepted := aCase(t).accepted()
	if got := (&build{c: merged}).told(); !slices.Equal(got, accepted.told()) {
		t.Errorf("the raiser of a joined concern is told %q, of an accepted one %q", got, accepted.told())
	}
	if got := (&build{c: joined}).told(); !slices.Equal(got, []string{"merged:kaisa", "merged:paula"}) {
		t.Errorf("the case tells %q", got)
	}
}

// A nameless consultation becomes a concern once there is a basis for a name (T11); an answered one is raised anew.
func TestConvert(t *testing.T) {
	for _, basis := range Bases {
		want := Rule("")
		if basis == "nameless" || basis == "not_asked" {
			want = NoBasis
		} else if slices.Contains(duties, basis) {
			want = GroundMissing
		}
		_, err := raised(t, monday, aNamelessConcern()).c.Convert(basis, "", monday)
		wantRule(t, err, want)
	}
	b := raised(t, monday, aNamelessConcern()).taken()
	if b.days(1).converted(); b.c.State != Triage || !b.c.Concern.HasIdentity || b.c.Coordinator.Login != "paula" || NextStep(b.c, b.s, b.now).Step != StepAccept {
		t.Errorf("converted: %+v", b.c)
	}
	wantRule(t, b.c.MayConvert(), WrongState)
	b = raised(t, monday, aNamelessConcern()).taken().answered("paula").days(10)
	b.did(b.quiet().Convert("vanhpl25_1_duty", "Tosiasiat", b.now))
	if c := b.c; c.State != Submitted || c.Coordinator.Login != "" || !c.ClosedAt.IsZero() || !c.Concern.RaisedAt.Equal(b.now) || c.Concern.Urgency != "urgent" {
		t.Errorf("raised anew: %+v", c)
	}
	if got := b.told(); !slices.Equal(got, []string{"urgent:@coordinators"}) {
		t.Errorf("tells %q", got)
	}
	b = raised(t, monday, aNamelessConcern()).days(3).converted()
	want := []string{"2026-11-30 09:00 triage/1.20261126T061500/@coordinators", "2026-12-03 09:00 triage_escalated/1.20261126T061500/@supervisors"}
	if got := onAgenda(b); !slices.Equal(got, want) {
		t.Errorf("its reminders are those of a new concern: %q", got)
	}
}

// Five working days without an answer, and the concern is again its coordinator's (T04).
func TestGoBack(t *testing.T) {
	b := aCase(t).taken().returned()
	due := helsinki(2026, 11, 30, 8, 15)
	wantRule(t, b.c.MayGoBack(b.s, due.Add(-1)), TooEarly)
	b.at(due).did(b.quiet().GoBack(b.s, due))
	if b.c.State != Triage || b.c.Concern.Answer != "" || !slices.Equal(b.told(), []string{"unanswered:paula"}) {
		t.Errorf("back: %+v, tells %q", b.c, b.told())
	}
	if got := onAgenda(b); !slices.Equal(got, []string{"2026-12-02 09:00 accept/20261130T061500/paula"}) {
		t.Errorf("agenda: %q", got)
	}
	wantRule(t, b.c.MayAnswer(people["sanna"]), WrongState)
}
