package casework

import (
	"slices"
	"testing"
	"time"
)

// firstDay is when the absences of the tests begin; they last three days.
var firstDay = helsinki(2026, time.December, 14, 0, 0)

func TestMayBeAway(t *testing.T) {
	b := active(t)
	day := firstDay
	for name, c := range map[string]struct {
		b        *build
		of       AbsentRole
		deputy   string
		from, to time.Time
		want     Rule
	}{
		"a member":               {b, AbsentResponsible, "mika", day, daysAfter(day, 1), ""},
		"the coordinator":        {b, AbsentResponsible, "paula", day, daysAfter(day, 1), ""},
		"not in the team":        {b, AbsentResponsible, "ville", day, daysAfter(day, 1), ""},
		"since yesterday":        {b, AbsentResponsible, "mika", daysAfter(b.now, -1), daysAfter(b.now, 1), ""},
		"herself":                {b, AbsentResponsible, "kaisa", day, daysAfter(day, 1), AlreadyNamed},
		"a guest":                {b, AbsentResponsible, "jaana", day, daysAfter(day, 1), NotParty},
		"over already":           {b, AbsentResponsible, "mika", daysAfter(b.now, -3), b.now, InPast},
		"ends before it begins":  {b, AbsentResponsible, "mika", day, day, InPast},
		"no responsible worker":  {together(t), AbsentResponsible, "mika", day, daysAfter(day, 1), NobodyAway},
		"nobody took it":         {aCase(t), AbsentCoordinator, "katri", day, daysAfter(day, 1), NobodyAway},
		"closed":                 {active(t).withdrawn().closed(), AbsentCoordinator, "katri", day, daysAfter(day, 1), NobodyAway},
		"coordinator, in triage": {aCase(t).taken(), AbsentCoordinator, "katri", day, daysAfter(day, 1), ""},
		"coordinator, paused":    {active(t).withdrawn(), AbsentCoordinator, "katri", day, daysAfter(day, 1), ""},
		"coordinator, by none":   {b, AbsentCoordinator, "mika", day, daysAfter(day, 1), NotParty},
		"deputy not covered":     {pending(t, monday).granted("KOTIHOITO-B"), AbsentCoordinator, "katri", day, daysAfter(day, 1), NotParty},
		"another was asked":      {active(t).away("kaisa", "mika", day), AbsentResponsible, "ville", day, daysAfter(day, 1), Overlaps},
		"another said no":        {active(t).away("kaisa", "mika", day).didNotStandIn("mika"), AbsentResponsible, "ville", day, daysAfter(day, 1), ""},
	} {
		if got := ruleOf(t, c.b.c.MayBeAway(c.of, people[c.deputy], c.from, c.to, c.b.now)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	k := aConsent("KOTIHOITO-B", "MIEPA")
	k.NoContent = []string{"MIEPA"}
	b = pending(t, monday).grantedAs(k).responsible("kaisa")
	wantRule(t, b.c.MayBeAway(AbsentResponsible, people["mika"], day, daysAfter(day, 1), b.now), NotParty)
}

// A deputy is in the team and the room, and leads, from the first moment of the absence to its last, and not beside it (P05).
func TestDeputyStandsIn(t *testing.T) {
	b := active(t).away("kaisa", "ville", firstDay)
	if got := b.told(); !slices.Equal(got, []string{"deputy:ville"}) || !b.c.News[0].On.Equal(firstDay) {
		t.Errorf("asked: %q", got)
	}
	wantRule(t, b.c.MayStandIn(people["mika"], b.now), NotAccepted)
	b.after(time.Hour).stoodIn("ville")
	if got := b.told(); !slices.Equal(got, []string{"deputy_yes:kaisa", "deputy_yes:paula"}) {
		t.Errorf("accepted: %q", got)
	}
	team := []string{"paula", "kaisa", "mika"}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, team) || b.c.Lead() != "kaisa" {
		t.Errorf("before: %q, led by %s", got, b.c.Lead())
	}
	if got := b.c.Relations(people["ville"]); !slices.Equal(got, []Relation{IsDeputy}) {
		t.Errorf("before, ville is %v", got)
	}
	wantRule(t, b.c.MayTurn(firstDay.Add(-1)), WrongState)
	b.turned(firstDay)
	if got := b.told(); !slices.Equal(got, []string{"stand_in:ville", "stand_in:"}) {
		t.Errorf("begun: %q", got)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, append(team, "ville")) || b.c.Lead() != "ville" || b.c.State != Active {
		t.Errorf("meanwhile: %q, led by %s, %s", got, b.c.Lead(), b.c.State)
	}
	if got := b.c.Relations(people["ville"]); !slices.Equal(got, []Relation{IsDeputy, IsResponsible}) {
		t.Errorf("meanwhile, ville is %v", got)
	}
	if n := NextStep(b.c, b.s, b.now); n.Holder != "ville" || n.By != "ville" {
		t.Errorf("next: %+v", n)
	}
	wantRule(t, b.c.MayPlan(monthOut.AddDate(0, 1, 0), []string{"ville"}, b.now), "")
	b.planned(monthOut.AddDate(0, 1, 0), "ville", "mika")
	b.turned(daysAfter(firstDay, 3))
	if got := b.told(); !slices.Equal(got, []string{"back:ville", "back:kaisa"}) {
		t.Errorf("over: %q", got)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, team) || b.c.Lead() != "kaisa" || len(b.c.Relations(people["ville"])) != 0 {
		t.Errorf("afterwards: %q, led by %s", got, b.c.Lead())
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"mika"}) {
		t.Errorf("still invited: %q", got)
	}
	wantRule(t, b.c.MayTurn(daysAfter(firstDay, 9)), WrongState)
}

// When an absence begins and nobody stands in, the coordinator holds the case and an alarm is raised (P05).
func TestNobodyStandsIn(t *testing.T) {
	moved := active(t).away("kaisa", "ville", firstDay).stoodIn("ville")
	moved.c.Absences[0].Deputy.Unit = "HALLINTO" // as the directory has it now
	for name, b := range map[string]*build{
		"no answer":   active(t).away("kaisa", "ville", firstDay),
		"declined":    active(t).away("kaisa", "ville", firstDay).didNotStandIn("ville"),
		"not covered": active(t).away("kaisa", "ville", firstDay).stoodIn("ville").without("IAKKAAT"),
		"moved":       moved,
		"left":        active(t).away("kaisa", "ville", firstDay).stoodIn("ville").disabled("ville"),
	} {
		b.turned(firstDay)
		if got := b.told(); !slices.Equal(got, []string{"nobody:paula", "nobody:@supervisors"}) {
			t.Errorf("%s: tells %q", name, got)
		}
		if n := NextStep(b.c, b.s, b.now); b.c.Lead() != "paula" || n.Holder != "paula" || n.By != "paula" || b.c.State != Active {
			t.Errorf("%s: %+v in %s", name, n, b.c.State)
		}
		if b.turned(daysAfter(firstDay, 3)); b.c.Lead() != "kaisa" || !slices.Equal(b.told(), []string{"back:kaisa"}) {
			t.Errorf("%s, afterwards: led by %s, tells %q", name, b.c.Lead(), b.told())
		}
	}
	b := active(t).away("kaisa", "ville", firstDay).turned(firstDay).after(2 * time.Hour).stoodIn("ville")
	if b.c.Lead() != "ville" || !slices.Equal(b.told(), []string{"deputy_yes:kaisa", "deputy_yes:paula", "stand_in:ville", "stand_in:"}) {
		t.Errorf("a late yes: led by %s, tells %q", b.c.Lead(), b.told())
	}
	b = active(t).away("kaisa", "ville", firstDay).turned(firstDay).away("kaisa", "mika", firstDay)
	if got := b.told(); !slices.Equal(got, []string{"not_asked:ville", "deputy:mika"}) {
		t.Errorf("another was asked: tells %q", got)
	}
	b.stoodIn("mika")
	if b.c.Lead() != "mika" || len(b.c.Absences) != 2 || b.c.Absences[0].State != DeputyEnded {
		t.Errorf("another was found: %+v", b.c.Absences)
	}
	wantRule(t, b.c.MayStandIn(people["ville"], b.now), NotAccepted)
}

// A deputy whom the consent no longer lets in leaves like a member, and an alarm is raised.
func TestDeputyIsCovered(t *testing.T) {
	b := active(t).away("kaisa", "ville", firstDay).stoodIn("ville").turned(firstDay).after(time.Hour).without("IAKKAAT")
	want := []string{"nobody:paula", "nobody:@supervisors", "removed:ville", "amended:paula", "amended:kaisa", "amended:mika"}
	if got := b.told(); !slices.Equal(got, want) || b.c.Lead() != "paula" || len(b.c.Relations(people["ville"])) != 0 {
		t.Errorf("tells %q, led by %s", got, b.c.Lead())
	}
	b = pending(t, monday).away("paula", "katri", monday).stoodIn("katri").granted("KOTIHOITO-B")
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula"}) || b.c.Lead() != "paula" || len(b.c.Relations(people["katri"])) != 0 {
		t.Errorf("a consent that does not cover the coordinator's deputy: %q, led by %s", got, b.c.Lead())
	}
	b = pending(t, monday).away("paula", "katri", monday).stoodIn("katri").granted("SOTE-KESKUS-A")
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "katri"}) || b.c.Lead() != "katri" {
		t.Errorf("one that does: %q, led by %s", got, b.c.Lead())
	}
}

// An absence at the very instant the consent ends: the coordinator's deputy acts on, the responsible worker's is over.
func TestAbsenceBeginsAsTheConsentEnds(t *testing.T) {
	end := active(t).c.Consent().End()
	b := active(t).away("kaisa", "mika", end).stoodIn("mika").away("paula", "katri", end).stoodIn("katri").turned(end).expired()
	if b.c.Absences[0].State != DeputyEnded || b.c.Absences[1].State != DeputyActing || b.c.Lead() != "katri" || Roster(b.c, end).Open {
		t.Errorf("%+v, led by %s", b.c.Absences, b.c.Lead())
	}
}

// Reminders for somebody away go to who stands in, never to both, and not again when that person is back.
func TestRemindersFollowTheDeputy(t *testing.T) {
	meet := helsinki(2026, time.December, 15, 13, 0) // reminded of on the 8th and the 14th
	for name, c := range map[string]struct {
		b    *build
		kind ItemKind
		want []string
	}{
		"meeting, nobody away": {active(t).planned(meet, "kaisa"), RemindMeeting, []string{"2026-12-08 09:00 meeting/1.1.7/kaisa", "2026-12-14 09:00 meeting/1.1.1/kaisa"}},
		"meeting": {
			active(t).planned(meet, "kaisa").away("kaisa", "mika", firstDay).stoodIn("mika"), RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/kaisa", "2026-12-14 09:00 meeting/1.1.1/mika"},
		},
		"meeting, back": {
			active(t).planned(meet, "kaisa").away("kaisa", "mika", firstDay).stoodIn("mika").turned(firstDay).turned(daysAfter(firstDay, 3)), RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/kaisa"},
		},
		"meeting, no deputy": {
			active(t).planned(meet, "kaisa").away("kaisa", "mika", firstDay), RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/kaisa", "2026-12-14 09:00 meeting/1.1.1/paula"},
		},
		"no deputy, coordinator away too": {
			active(t).planned(meet, "kaisa").away("kaisa", "mika", firstDay).away("paula", "katri", firstDay).stoodIn("katri"), RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/kaisa", "2026-12-14 09:00 meeting/1.1.1/katri"},
		},
		"a member's own": {
			active(t).planned(meet, "mika").away("kaisa", "ville", firstDay).stoodIn("ville"), RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/mika", "2026-12-14 09:00 meeting/1.1.1/mika"},
		},
		"plan":          {active(t).away("kaisa", "mika", firstDay).stoodIn("mika"), RemindPlan, []string{"2026-12-16 09:00 plan/20261223T061500/mika"}},
		"plan, back":    {active(t).away("kaisa", "mika", firstDay).stoodIn("mika").turned(firstDay).turned(daysAfter(firstDay, 3)), RemindPlan, nil},
		"plan, not yet": {active(t).away("kaisa", "mika", daysAfter(firstDay, 9)).stoodIn("mika"), RemindPlan, []string{"2026-12-16 09:00 plan/20261223T061500/kaisa"}},
		"decide":        {active(t).at(firstDay.AddDate(0, 0, -13)).withdrawn().away("paula", "katri", firstDay).stoodIn("katri"), RemindDecide, []string{"2026-12-15 09:00 decide/20261130T220000/katri"}},
		"accept":        {aCaseAt(t, firstDay).taken().away("paula", "katri", firstDay).stoodIn("katri"), RemindAccept, []string{"2026-12-16 09:00 accept/20261213T220000/katri"}},
		"plan, a late yes": {
			active(t).away("kaisa", "mika", firstDay).turned(firstDay).at(helsinki(2026, 12, 16, 9, 30)).stoodIn("mika"), RemindPlan, nil,
		},
		"plan, away anew as it falls due": {
			active(t).away("kaisa", "mika", firstDay).turned(firstDay).at(helsinki(2026, 12, 16, 9, 0)).away("kaisa", "ville", daysAfter(firstDay, 9)), RemindPlan, nil,
		},
		"decide, told to who has left": {
			active(t).at(firstDay.AddDate(0, 0, -13)).withdrawn().away("paula", "katri", firstDay).stoodIn("katri").
				turned(firstDay).at(helsinki(2026, 12, 15, 9, 30)).disabled("katri"), RemindDecide, nil,
		},
		"asked":    {active(t).away("kaisa", "mika", firstDay), RemindStandIn, []string{"2026-12-11 09:00 stand_in/1/mika"}},
		"answered": {active(t).away("kaisa", "mika", firstDay).stoodIn("mika"), RemindStandIn, nil},
	} {
		if got := only(onAgenda(c.b), c.kind); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Days begin and end at midnight in Helsinki, also when one of them is longer or shorter; a case that is over has none.
func TestAbsencesOnTheAgenda(t *testing.T) {
	b := active(t).away("kaisa", "mika", helsinki(2027, 3, 27, 0, 0)).stoodIn("mika")
	if got := only(onAgenda(b), ActTurn); !slices.Equal(got, []string{"2027-03-27 00:00 act_absence_turns/1.from"}) {
		t.Errorf("to begin: %q", got)
	}
	if got := only(onAgenda(b.turned(helsinki(2027, 3, 27, 0, 0))), ActTurn); !slices.Equal(got, []string{"2027-03-30 00:00 act_absence_turns/1.to"}) {
		t.Errorf("to end: %q", got)
	}
	kept := active(t).away("kaisa", "mika", monday)
	kept.c.State = Closed // nothing turns in a case that is over, whatever it still lists
	wantRule(t, kept.c.MayTurn(firstDay), WrongState)
	for name, b := range map[string]*build{
		"closed":    active(t).away("paula", "katri", firstDay).stoodIn("katri").withdrawn().closed(),
		"refused":   pending(t, monday).away("paula", "katri", monday).stoodIn("katri").refused(),
		"declined":  aCase(t).taken().away("paula", "katri", monday).stoodIn("katri").declined(),
		"merged":    aCase(t).taken().away("paula", "katri", monday).stoodIn("katri").merged(),
		"consulted": raised(t, monday, aNamelessConcern()).taken().away("paula", "katri", monday).stoodIn("katri").answered("paula"),
		"withdrawn": active(t).away("kaisa", "ville", monday).stoodIn("ville").withdrawn(),
		"handed on": active(t).away("kaisa", "ville", monday).stoodIn("ville").handedOver("mika").tookOver("mika"),
	} {
		if got := only(onAgenda(b), ActTurn); len(got) != 0 || b.c.MayTurn(daysAfter(firstDay, 9)) == nil {
			t.Errorf("%s: %q", name, got)
		}
		if got := b.c.Relations(Person{Login: "ville"}); len(got) != 0 {
			t.Errorf("%s: the deputy is %v", name, got)
		}
		if !b.c.State.Open() && len(b.c.Relations(Person{Login: "katri"})) != 0 {
			t.Errorf("%s: the deputy stays", name)
		}
	}
}
