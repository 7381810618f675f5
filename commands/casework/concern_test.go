package casework

import (
	"slices"
	"testing"
	"time"
)

func TestMayRaise(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Concern)
		want   Rule
	}{
		"client agrees":         {func(*Concern) {}, ""},
		"no basis":              {func(n *Concern) { n.Basis = "" }, NoBasis},
		"unknown basis":         {func(n *Concern) { n.Basis = "curiosity" }, NoBasis},
		"not asked":             {func(n *Concern) { n.Basis = "not_asked" }, NoBasis},
		"not asked, no name":    {func(n *Concern) { n.Basis, n.HasIdentity = "not_asked", false }, NoBasis},
		"nobody named":          {func(n *Concern) { n.HasIdentity = false }, IdentityNeeded},
		"nothing noticed":       {func(n *Concern) { n.Criteria = nil }, GroundMissing},
		"duty without facts":    {func(n *Concern) { n.Basis = "shl35_2_duty" }, GroundMissing},
		"duty with facts":       {func(n *Concern) { n.Basis, n.GroundText = "vanhpl25_1_duty", "Ei selviä kotona" }, ""},
		"discharge, no facts":   {func(n *Concern) { n.Basis = "vanhpl25_2_discharge" }, GroundMissing},
		"nameless":              {func(n *Concern) { *n = aNamelessConcern() }, ""},
		"nameless with a name":  {func(n *Concern) { *n = aNamelessConcern(); n.HasIdentity = true }, NoBasis},
		"nameless, no question": {func(n *Concern) { *n = aNamelessConcern(); n.Question = "" }, GroundMissing},
	} {
		t.Run(name, func(t *testing.T) {
			n := aConcern()
			c.change(&n)
			wantRule(t, MayRaise(n), c.want)
			raised, err := Raise("BCDFGHJ-W", n, monday)
			wantRule(t, err, c.want)
			if refused := c.want != ""; refused != (raised.State == "") {
				t.Errorf("raised in state %q", raised.State)
			}
		})
	}
}

func TestEveryBasisIsJudged(t *testing.T) {
	for _, basis := range Bases {
		n := aConcern()
		n.Basis, n.GroundText, n.Question = basis, "Tosiasiat", "Kysymys"
		n.HasIdentity = basis != "nameless"
		want := Rule("")
		if basis == "not_asked" {
			want = NoBasis
		}
		if got := ruleOf(t, MayRaise(n)); got != want {
			t.Errorf("%s: refused by %q, want %q", basis, got, want)
		}
	}
}

// A duty makes a concern at least urgent (T08); it never makes an immediate one less so.
func TestDutyIsUrgent(t *testing.T) {
	for _, basis := range []string{"shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge"} {
		for urgency, want := range map[string]string{"normal": "urgent", "urgent": "urgent", "immediate": "immediate"} {
			n := aConcern()
			n.Basis, n.GroundText, n.Urgency = basis, "Tosiasiat", urgency
			if got := raised(t, monday, n).c.Concern.Urgency; got != want {
				t.Errorf("%s raised as %s is %s, want %s", basis, urgency, got, want)
			}
		}
	}
	if got := aCase(t).c.Concern.Urgency; got != "normal" {
		t.Errorf("without a duty it is %s", got)
	}
}

func TestRaisedCase(t *testing.T) {
	c := aCase(t).c
	if c.Revision != 1 || !c.ChangedAt.Equal(monday) || !c.Concern.RaisedAt.Equal(monday) || c.Coordinator.Login != "" || len(c.News) != 0 {
		t.Errorf("raised: %+v", c)
	}
}

func TestWhoComesSecondIsToldWhoCameFirst(t *testing.T) {
	b := aCase(t).taken()
	for _, err := range []error{b.c.MayTake(people["katri"]), b.c.MayAccept(people["katri"])} {
		wantRule(t, err, AlreadyTaken)
		if r, ok := err.(*Refusal); !ok || r.About["login"] != "paula" {
			t.Errorf("about %v", err)
		}
	}
	wantRule(t, b.c.MayAccept(people["paula"]), "")
	wantRule(t, b.c.MayTake(people["paula"]), WrongState)
}

// Accepting takes as well (T04–T07 imply T03), at the same instant.
func TestAcceptImpliesTake(t *testing.T) {
	b := aCase(t).after(time.Hour).accepted()
	if c := b.c; c.Coordinator != people["paula"] || !c.TakenAt.Equal(b.now) || !c.AcceptedAt.Equal(b.now) || c.Client.Group != "older" {
		t.Errorf("accepted: %+v", c)
	}
	later := aCase(t).taken().after(time.Hour).accepted()
	if !later.c.TakenAt.Equal(monday) || !later.c.AcceptedAt.Equal(later.now) {
		t.Errorf("taken %s, accepted %s", later.c.TakenAt, later.c.AcceptedAt)
	}
}

func TestQuestionAndAnswer(t *testing.T) {
	b := aCase(t).taken().after(time.Hour).returned()
	for login, want := range map[string]Rule{"sanna": "", "paula": WrongState, "leo": WrongState} {
		wantRule(t, b.c.MayAnswer(people[login]), want)
	}
	if b.c.Concern.Asked == "" || !b.c.Concern.ReturnedAt.Equal(b.now) {
		t.Errorf("returned: %+v", b.c.Concern)
	}
	b.after(time.Hour).answered("sanna")
	if c := b.c; c.State != Triage || c.Coordinator.Login != "paula" || c.Concern.Answer != "Vastaus" || !c.Concern.AnsweredAt.Equal(b.now) {
		t.Errorf("answered: %+v", c)
	}
	nameless := raised(t, monday, aNamelessConcern()).taken()
	wantRule(t, nameless.c.MayAnswer(people["sanna"]), WrongState)
	wantRule(t, nameless.c.MayAnswer(people["katri"]), WrongState)
	nameless.answered("paula")
	if c := nameless.c; c.State != ConsultationAnswered || c.State.Open() || c.ClosedAt.IsZero() {
		t.Errorf("consulted: %+v", c)
	}
}

// What a concern's acts tell, and to whom: the raiser and the coordinator, nothing more.
func TestConcernTells(t *testing.T) {
	for name, c := range map[string]struct {
		b    *build
		want string
	}{
		"raised":    {aCase(t), ""},
		"taken":     {aCase(t).taken(), "taken:sanna"},
		"returned":  {aCase(t).taken().returned(), "returned:sanna"},
		"answered":  {aCase(t).taken().returned().answered("sanna"), "answered:paula"},
		"accepted":  {aCase(t).accepted(), "accepted:sanna"},
		"consulted": {raised(t, monday, aNamelessConcern()).taken().answered("paula"), "consultation:sanna"},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if got := c.b.told(); !slices.Equal(got, want) {
			t.Errorf("%s tells %q, want %q", name, got, want)
		}
	}
	b := aCase(t).taken().returned()
	if on := b.c.News[0].On; !on.Equal(helsinki(2026, time.November, 30, 8, 15)) {
		t.Errorf("the answer is due %s", on)
	}
}

func TestRelations(t *testing.T) {
	for name, c := range map[string]struct {
		b     *build
		login string
		want  []Relation
	}{
		"raiser":             {aCase(t), "sanna", []Relation{IsRaiser}},
		"queue":              {aCase(t), "katri", []Relation{IsQueue}},
		"taken by another":   {aCase(t).taken(), "katri", []Relation{IsQueue}},
		"another's case":     {aCase(t).accepted(), "katri", nil},
		"coordinator":        {aCase(t).taken(), "paula", []Relation{IsCoordinator, IsQueue}},
		"the case's":         {aCase(t).accepted(), "paula", []Relation{IsCoordinator}},
		"party, not invited": {together(t), "mika", nil},
		"invited":            {together(t).invited("mika"), "mika", []Relation{IsInvited}},
		"member":             {together(t).joined("mika"), "mika", []Relation{IsMember}},
		"named":              {together(t).named("kaisa"), "kaisa", []Relation{IsNamed}},
		"responsible":        {together(t).responsible("kaisa"), "kaisa", []Relation{IsResponsible}},
		"was member":         {active(t).withdrawn(), "mika", []Relation{WasMember}},
		"raiser and member":  {active(t).joined("sanna"), "sanna", []Relation{IsRaiser, IsMember}},
		"nobody":             {aCase(t), "", nil},
	} {
		p := people[c.login]
		if got := c.b.c.Relations(p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if got := aCase(t).c.Relations(Person{Coordinator: true}); len(got) != 0 {
		t.Errorf("somebody without a login has %v", got)
	}
}
