package bot_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"luotsi/bot"
)

// TestNobodyTakesEverybodysTurns: a person has four turns, and of all there are as many as were made.
func TestNobodyTakesEverybodysTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := bot.NewTurns(6)
		take := func(who string) func() {
			t.Helper()
			leave, ok := turns.Take(t.Context(), who)
			if !ok {
				t.Fatalf("no turn for %q", who)
			}
			return leave
		}
		begun := time.Now()
		first := take("paula")
		for range 3 {
			take("paula")
		}
		if _, ok := turns.Take(t.Context(), "paula"); ok || time.Since(begun) != 0 {
			t.Errorf("a fifth turn: %t, after %s", ok, time.Since(begun))
		}
		take("sanna")
		take("")
		if _, ok := turns.Take(t.Context(), "ville"); ok || time.Since(begun) == 0 {
			t.Errorf("a seventh turn of six: %t, after %s", ok, time.Since(begun))
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if _, ok := turns.Take(ended, "ville"); ok {
			t.Error("a turn for who has gone")
		}
		var waits sync.WaitGroup
		waits.Go(func() { take("ville")() })
		synctest.Wait()
		first()
		waits.Wait() // who waits comes when somebody leaves
		take("paula")()
	})
}

// TestTurnsOfNobody: what no person asks is bounded by all alone, and without Turns nothing is.
func TestTurnsOfNobody(t *testing.T) {
	for name, turns := range map[string]*bot.Turns{"nobody's": bot.NewTurns(20), "none": nil} {
		for range 20 {
			if _, ok := turns.Take(t.Context(), ""); !ok {
				t.Error(name, "no turn")
			}
		}
	}
}

// TestDenialsAreBounded: so many a minute of one user, so many of all.
func TestDenialsAreBounded(t *testing.T) {
	var d bot.Denials
	now := time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)
	room := func(user string, tries int) (n int) {
		for range tries {
			if d.Room(user, now) {
				n++
			}
		}
		return n
	}
	if n := room("mika", bot.DenialsOfOne+5); n != bot.DenialsOfOne {
		t.Errorf("%d of one", n)
	}
	others := 0
	for i := range 10 {
		others += room(string(rune('a'+i)), bot.DenialsOfOne)
	}
	if others != bot.DenialsOfAll-bot.DenialsOfOne {
		t.Errorf("%d of the others", others)
	}
	if now = now.Add(time.Minute); room("mika", 1) != 1 {
		t.Error("none in the next minute")
	}
}
