package sandbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"luotsi/bot"
)

func TestClockStopsWhereSomethingIsDue(t *testing.T) {
	w := newWorld(t)
	first, second, later := start.Add(24*time.Hour), start.Add(30*time.Hour), start.Add(72*time.Hour)
	w.engine.due = []time.Time{first, second, later}
	var went travel
	w.call("POST", "clock", object{"to": start.Add(48 * time.Hour).Format(time.RFC3339)}, 200, &went)
	if went.Delivered != 2 || went.Undelivered != 0 || went.Now != start.Add(48*time.Hour).Format(time.RFC3339) {
		t.Errorf("went %+v", went)
	}
	for i, due := range []time.Time{first, second} {
		if at := w.engine.at[i]; at.Before(due) || at.Sub(due) > time.Minute {
			t.Errorf("delivered at %s what was due at %s", at, due)
		}
	}
	w.call("POST", "clock", object{"to": start.Format(time.RFC3339)}, 400, nil)
	w.call("POST", "clock", object{"to": "2099-01-01T00:00:00Z"}, 400, nil)
	var shows map[string]string
	w.call("GET", "clock", nil, 200, &shows)
	if shows["now"][:16] != went.Now[:16] {
		t.Errorf("the clock shows %s after %s", shows["now"], went.Now)
	}
}

func TestClockGoesOnWhenNothingCanBeDelivered(t *testing.T) {
	w := newWorld(t)
	w.engine.due, w.engine.vain = []time.Time{start.Add(time.Hour), start.Add(2 * time.Hour)}, true
	var went travel
	w.call("POST", "clock", object{"to": start.Add(24 * time.Hour).Format(time.RFC3339)}, 200, &went)
	if went.Delivered != 0 || went.Undelivered != 2 || w.engine.tries > 4 {
		t.Errorf("went %+v in %d tries", went, w.engine.tries)
	}
}

func TestNextMorning(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-21T12:00:00+02:00": "2026-11-22T09:00:00+02:00",
		"2026-11-21T08:59:00+02:00": "2026-11-21T09:00:00+02:00",
		"2026-11-21T09:00:00+02:00": "2026-11-22T09:00:00+02:00",
		"2027-03-27T12:00:00+02:00": "2027-03-28T09:00:00+03:00",
		"2026-12-31T23:30:00+02:00": "2027-01-01T09:00:00+02:00",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := morningAfter(at.In(bot.Helsinki)).Format(time.RFC3339); got != want {
			t.Errorf("after %s comes %s, want %s", now, got, want)
		}
	}
}

func TestRunDoesWhatFallsDueAndStoresTheClock(t *testing.T) {
	w := newWorld(t)
	w.engine.due = []time.Time{start}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	window := w.chat.hub.join()
	<-window.clock // as at every opening
	go func() { ended <- w.chat.Run(ctx) }()
	<-window.clock
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if len(w.engine.at) != 1 {
		t.Errorf("delivered %v", w.engine.at)
	}
	select {
	case <-w.chat.hub.done:
	default:
		t.Error("windows were not let go")
	}
	var stored time.Time
	if err := w.chat.db.Get(&stored, `select shows from sandbox.clock`); err != nil || !stored.After(start) {
		t.Errorf("stored %s, %v", stored, err)
	}
}

func TestClockRunsAtRealSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &Clock{base: start, set: time.Now()}
		time.Sleep(90 * time.Second)
		if got := c.Now(); !got.Equal(start.Add(90 * time.Second)) {
			t.Errorf("after 90 s it shows %s", got)
		}
	})
}
