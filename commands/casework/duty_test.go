package casework

import (
	"testing"
	"time"
)

func TestMayNotify(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*DutyNotice)
		want   Rule
	}{
		"in order":        {func(*DutyNotice) {}, ""},
		"no ground":       {func(d *DutyNotice) { d.Ground = "" }, GroundMissing},
		"client's leave":  {func(d *DutyNotice) { d.Ground = "shl35_1_client_agrees" }, GroundMissing},
		"no facts":        {func(d *DutyNotice) { d.Facts = "" }, GroundMissing},
		"to nobody":       {func(d *DutyNotice) { d.Target = "" }, GroundMissing},
		"client unsaid":   {func(d *DutyNotice) { d.ClientInformed = "" }, GroundMissing},
		"client in peril": {func(d *DutyNotice) { d.ClientInformed = "no_danger" }, ""},
	} {
		d := aNotice()
		c.change(&d)
		if got := ruleOf(t, aCase(t).c.MayNotify(d)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	for _, ground := range DutyGrounds {
		d := aNotice()
		d.Ground = ground
		wantRule(t, aCase(t).c.MayNotify(d), "")
	}
}

// A notification goes one way (T12): it never opens a room, gathers a team, tells anybody in chat or moves the case.
func TestNotifyMovesNothing(t *testing.T) {
	for phase, b := range phases(t) {
		before, next := b.quiet(), NextStep(b.c, b.s, b.now)
		got, err := before.Notify(people["leo"], aNotice(), b.now)
		if err != nil {
			continue
		}
		room, was := Roster(got, b.now), Roster(before, b.now)
		if got.State != before.State || len(got.News) != 0 || len(room.Members) != len(was.Members) || room.Open != was.Open || NextStep(got, b.s, b.now) != next {
			t.Errorf("%s: moved to %s, told %v", phase, got.State, got.News)
		}
		if len(got.Relations(people["leo"])) != len(before.Relations(people["leo"])) {
			t.Errorf("%s: notifying lets in", phase)
		}
	}
	b := aCase(t)
	for i := range 2 {
		b.after(time.Minute).did(b.quiet().Notify(people["sanna"], aNotice(), b.now))
		if d := b.c.Duties[i]; d.No != i+1 || d.By != "sanna" || !d.At.Equal(b.now) || len(b.c.Duties) != i+1 {
			t.Errorf("notified: %+v", b.c.Duties)
		}
	}
}
