package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"luotsi/bot"
)

// race has calls made at the same moment and notes when each was let through.
type race struct {
	t  *testing.T
	q  *queue
	mu sync.Mutex
	wg sync.WaitGroup

	start time.Time
	at    map[string][]time.Duration // by name, since the start
	order []string
}

func newRace(t *testing.T) *race {
	return &race{t: t, q: newQueue(wallClock{}, slog.Default()), start: time.Now(), at: map[string][]time.Duration{}}
}

// call makes a call beside that takes a while, and waits until it stands in the queue or is through.
func (r *race) call(name string, c call, takes time.Duration) {
	r.wg.Go(func() {
		err := r.q.do(r.t.Context(), c, func() time.Duration {
			r.mu.Lock()
			r.at[name] = append(r.at[name], time.Since(r.start))
			r.order = append(r.order, name)
			r.mu.Unlock()
			time.Sleep(takes)
			return 0
		})
		if err != nil {
			r.t.Errorf("%s: %v", name, err)
		}
	})
	synctest.Wait()
}

func TestOneMessageASecondInEachChannel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRace(t)
		for range 4 {
			for _, channel := range []string{"C1", "C2"} {
				r.call(channel, call{method: "chat.postMessage", channel: channel, urgency: talking}, 200*time.Millisecond)
			}
		}
		r.wg.Wait()
		for channel, at := range r.at {
			for i := 1; i < len(at); i++ {
				if gap := at[i] - at[i-1]; gap < 1200*time.Millisecond || gap > 1300*time.Millisecond {
					t.Errorf("%s: %s between messages, want a second after the answer", channel, gap)
				}
			}
		}
		if last := r.at["C2"][3]; last > 5*time.Second {
			t.Errorf("channels wait for each other: %s", last)
		}
		time.Sleep(time.Minute)
		r.call("C3", call{method: "chat.postMessage", channel: "C3", urgency: talking}, 0)
		r.wg.Wait()
		time.Sleep(time.Minute)
		r.call("tidy", call{method: "auth.test", urgency: facing}, 0)
		r.wg.Wait()
		if n := len(r.q.lanes); n != 2 {
			t.Errorf("%d lanes are kept, want the two of the methods: %v", n, r.q.lanes)
		}
	})
}

func TestNoMinuteHoldsMoreCallsThanTheTier(t *testing.T) {
	for method, most := range map[string]int{"conversations.create": tier2, "conversations.kick": tier3, "users.info": tier4, "not.known": tier2} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue(wallClock{}, slog.Default())
				var at []time.Time
				for i := range 4 * most {
					if i == 2*most {
						time.Sleep(3 * time.Minute) // the bucket is full again
					}
					if err := q.do(t.Context(), call{method: method, urgency: housing}, func() time.Duration { at = append(at, time.Now()); return 0 }); err != nil {
						t.Fatal(err)
					}
				}
				for i := most; i < len(at); i++ {
					if at[i].Sub(at[i-most]) < time.Minute {
						t.Fatalf("call %d comes %s after the one %d before it", i, at[i].Sub(at[i-most]), most)
					}
				}
				if took := at[2*most-1].Sub(at[0]); took > 2*time.Minute+45*time.Second {
					t.Errorf("%d calls took %s: the tier is not used", 2*most, took)
				}
			})
		})
	}
}

func TestRemovalsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRace(t)
		for i := range widthOrdinary { // every ordinary place is taken for a while
			takes := time.Second + time.Duration(i)*10*time.Millisecond // one after another, so that the order is told by the queue
			r.call("first", call{method: fmt.Sprintf("m%d", i), urgency: housing}, takes)
		}
		r.call("said", call{method: "chat.postMessage", channel: "C1", urgency: talking}, time.Second)
		r.call("invited", call{method: "conversations.invite", urgency: housing}, time.Second)
		r.call("updated", call{method: "views.update", urgency: facing}, time.Second)
		for range widthRemoval - widthOrdinary {
			r.call("removed", call{method: "conversations.kick", urgency: removal}, 1500*time.Millisecond)
		}
		if at := r.at["removed"]; len(at) != 2 || at[1] != 0 {
			t.Errorf("removals wait for ordinary calls: %v", at)
		}
		r.call("removed late", call{method: "conversations.kick", urgency: removal}, time.Second)
		r.wg.Wait()
		if got := r.order[widthRemoval:]; !slices.Equal(got, []string{"removed late", "updated", "invited", "said"}) {
			t.Errorf("order %q", got)
		}
	})
}

func TestACallWithinAnothersTurnNeedsNoPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRace(t)
		for i := range widthRemoval {
			r.call("outer", call{method: fmt.Sprintf("m%d", i), urgency: removal}, time.Second)
		}
		r.call("within", call{method: "conversations.history", urgency: holding}, 0)
		r.wg.Wait()
		if at := r.at["within"]; len(at) != 1 || at[0] != 0 || r.q.running != 0 {
			t.Errorf("let through at %v, %d still run", at, r.q.running)
		}
		for range tier3 { // as many as may come at once, and those that come soon
			r.wg.Go(func() {
				err := r.q.do(t.Context(), call{method: "conversations.history", urgency: holding}, func() time.Duration { return 0 })
				var later *bot.RetryError
				if err != nil && (!errors.As(err, &later) || time.Since(r.start) > time.Second+patienceHolding) {
					t.Errorf("%v after %s", err, time.Since(r.start))
				}
			})
		}
		r.wg.Wait()
		if took := time.Since(r.start); took > time.Second+patienceHolding {
			t.Errorf("a turn was held for %s", took)
		}
	})
}

func TestEqualCallsKeepTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRace(t)
		var want []string
		for i := range 6 {
			name := fmt.Sprint("message ", i)
			want = append(want, name)
			r.call(name, call{method: "chat.postMessage", channel: "C1", urgency: talking}, 0)
		}
		r.wg.Wait()
		if !slices.Equal(r.order, want) {
			t.Errorf("order %q", r.order)
		}
	})
}

func TestWaitingEndsWithTheContextAndWithPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(wallClock{}, slog.Default())
		post := call{method: "chat.postMessage", channel: "C1", urgency: talking}
		closed := func() time.Duration { return 5 * time.Minute }
		if err := q.do(t.Context(), post, closed); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		never := func() time.Duration { t.Error("the call was made"); return 0 }
		if err := q.do(ctx, post, never); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		var later *bot.RetryError
		if err := q.do(t.Context(), post, never); !errors.As(err, &later) || later.After < 4*time.Minute {
			t.Errorf("error %v, want to come again when Slack takes such calls", err)
		}
		made := false
		if err := q.do(t.Context(), call{method: "users.info", urgency: housing}, func() time.Duration { made = true; return 0 }); err != nil || !made {
			t.Errorf("another method waits too: %v", err)
		}
		time.Sleep(5 * time.Minute)
		made = false
		if err := q.do(t.Context(), post, func() time.Duration { made = true; return 0 }); err != nil || !made {
			t.Errorf("still closed: %v", err)
		}
		if len(q.waiting) > 0 || q.running != 0 {
			t.Errorf("%d wait, %d run", len(q.waiting), q.running)
		}
	})
}

func TestAPanicLeavesThePlaceFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(wallClock{}, slog.Default())
		for range 2 * widthRemoval {
			func() {
				defer func() { _ = recover() }()
				_ = q.do(t.Context(), call{method: "chat.postMessage", channel: "C1", urgency: talking}, func() time.Duration { panic("x") })
			}()
		}
		if q.running != 0 {
			t.Errorf("%d still run", q.running)
		}
	})
}
