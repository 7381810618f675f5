package casework

import (
	"testing"
	"time"
)

func TestNextStep(t *testing.T) {
	urgent := aConcern()
	urgent.Urgency = "immediate"
	at := func(day, hour, minute int) time.Time { return helsinki(2026, time.November, day, hour, minute) }
	for name, c := range map[string]struct {
		b    *build
		want Next
	}{
		"submitted":       {aCase(t), Next{"", StepTake, "", at(25, 8, 15)}},
		"urgent":          {raised(t, monday, urgent), Next{"", StepTake, "", at(23, 23, 59).Add(59 * time.Second)}},
		"urgent, taken":   {raised(t, monday, urgent).days(1).taken(), Next{"paula", StepAccept, "paula", at(24, 23, 59).Add(59 * time.Second)}},
		"triage":          {aCase(t).days(1).taken(), Next{"paula", StepAccept, "paula", at(26, 8, 15)}},
		"nameless":        {raised(t, monday, aNamelessConcern()).taken(), Next{"paula", StepConsult, "paula", at(25, 8, 15)}},
		"returned":        {aCase(t).taken().returned(), Next{"paula", StepAnswer, "sanna", at(30, 8, 15)}},
		"answered":        {aCase(t).taken().returned().days(1).answered("sanna"), Next{"paula", StepAccept, "paula", at(26, 8, 15)}},
		"consulted":       {raised(t, monday, aNamelessConcern()).taken().answered("paula"), Next{}},
		"not asked":       {aCase(t).taken().accepted(), Next{"paula", StepAskConsent, "paula", at(30, 8, 15)}},
		"asked":           {pending(t, monday), Next{"paula", StepRecordConsent, "paula", at(30, 8, 15)}},
		"forming":         {together(t), Next{"paula", StepName, "paula", at(30, 8, 15)}},
		"named":           {together(t).named("kaisa"), Next{"paula", StepAcceptNaming, "kaisa", at(25, 8, 15)}},
		"one unit":        {together(t).responsible("kaisa"), Next{"paula", StepInvite, "paula", at(30, 8, 15)}},
		"active":          {active(t), Next{"kaisa", StepPlan, "kaisa", at(53, 8, 15)}},
		"planned":         {active(t).planned(monthOut, "mika"), Next{"kaisa", StepConfirm, "kaisa", monthOut}},
		"confirmed":       {active(t).confirmed(), Next{"kaisa", StepMeet, "kaisa", monthOut}},
		"begun":           {active(t).confirmed().at(monthOut), Next{"kaisa", StepRecordMeeting, "kaisa", helsinki(2026, 12, 18, 13, 0)}},
		"earliest counts": {active(t).planned(monthOut.AddDate(0, 1, 0)).confirmed(), Next{"kaisa", StepMeet, "kaisa", monthOut}},
		"held":            {active(t).confirmed().at(monthOut).held(), Next{"kaisa", StepPlan, "kaisa", helsinki(2027, 1, 14, 13, 0)}},
		"paused":          {active(t).withdrawn(), Next{"paula", StepDecide, "paula", at(37, 8, 15)}},
		"closed":          {active(t).withdrawn().closed(), Next{}},
	} {
		got := NextStep(c.b.c, c.b.s, c.b.now)
		if due := got.Due; !due.Equal(c.want.Due) {
			t.Errorf("%s: due %s, want %s", name, due, c.want.Due)
		}
		got.Due = c.want.Due
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// confirmed is a meeting at monthOut that the client will come to.
func (b *build) confirmed() *build {
	b.t.Helper()
	b.planned(monthOut, "mika")
	return b.did(b.quiet().Confirm(len(b.c.Meetings), "in_person", b.now))
}

// held records the first meeting, with the client there.
func (b *build) held() *build {
	b.t.Helper()
	return b.did(b.quiet().RecordMeeting(1, heldRecord(b.c.Meetings, b.now), b.s, b.now))
}

// Every open case has a holder or stands in the queue, a step and a due instant (I9); what is over has none of them. The
// county may set its limits as it likes, an empty list of reminders included.
func TestEveryOpenCaseHasANextStep(t *testing.T) {
	for phase, b := range phases(t) {
		for _, s := range []Settings{DefaultSettings(), {}} {
			n := NextStep(b.c, s, b.now)
			if !b.c.State.Open() {
				if n != (Next{}) {
					t.Errorf("%s: %+v", phase, n)
				}
				continue
			}
			if n.Step == StepNone || n.Due.Year() < 2026 {
				t.Errorf("%s: %+v", phase, n)
			}
			if inQueue := b.c.State == Submitted; inQueue != (n.Holder == "") || inQueue != (n.By == "") {
				t.Errorf("%s: held by %q, done by %q", phase, n.Holder, n.By)
			}
		}
	}
}
