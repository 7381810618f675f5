package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

func TestARepeatedRequestGetsTheSameAnswer(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("request ", 10_000)
	w.within(start, func(tx *store.Tx) error {
		if _, _, ok, err := tx.Answered(t.Context(), "ville", long); ok || err != nil {
			t.Errorf("answered before it was asked: %v", err)
		}
		return tx.Remember(t.Context(), "ville", long, []byte("the answer"))
	})
	w.within(start, func(tx *store.Tx) error {
		answer, _, ok, err := tx.Answered(t.Context(), "ville", long)
		if !ok || string(answer) != "the answer" {
			t.Errorf("answered %v with %q", ok, answer)
		}
		if _, _, ok, _ := tx.Answered(t.Context(), "leo", long); ok {
			t.Error("another person got the answer")
		}
		return err
	})
}

func TestAClaimWithoutAnAnswerIsNone(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.within(start, func(tx *store.Tx) error {
			answer, _, ok, err := tx.Answered(t.Context(), "ville", "r")
			if ok {
				t.Errorf("answered with %q", answer)
			}
			return err
		})
	}
}

func TestAnAnswerIsForgottenAfterADay(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error {
		if _, err := tx.Spend(t.Context(), "nonce", start.Add(30*time.Hour)); err != nil {
			return err
		}
		return tx.Remember(t.Context(), "ville", "r", []byte("the answer"))
	})
	for _, step := range []struct {
		after           time.Duration
		answers, nonces int
	}{{24 * time.Hour, 1, 1}, {25 * time.Hour, 0, 1}, {31 * time.Hour, 0, 0}} {
		if err := w.Purge(t.Context(), start.Add(step.after)); err != nil {
			t.Fatal(err)
		}
		if a, n := w.count("select count(*) from requests"), w.count("select count(*) from spent_nonces"); a != step.answers || n != step.nonces {
			t.Errorf("after %v: %d answers, %d nonces", step.after, a, n)
		}
	}
}

// The second of two same requests waits for the first and answers as it did, or takes its place when it failed.
func TestOneOfTwoSameRequestsWaits(t *testing.T) {
	w := newWorld(t)
	failure := errors.New("first failed")
	for name, fails := range map[string]error{"first answers": nil, "first fails": failure} {
		claimed, release := make(chan bool), make(chan bool)
		first := make(chan error, 1)
		go func() {
			first <- w.Within(t.Context(), start, func(tx *store.Tx) error {
				if _, _, _, err := tx.Answered(t.Context(), "ville", name); err != nil {
					return err
				}
				close(claimed)
				<-release
				if fails != nil {
					return fails
				}
				return tx.Remember(t.Context(), "ville", name, []byte("first"))
			})
		}()
		<-claimed
		second := make(chan bool, 1)
		go func() {
			_ = w.Within(t.Context(), start, func(tx *store.Tx) error {
				_, _, ok, err := tx.Answered(t.Context(), "ville", name)
				second <- ok
				return err
			})
		}()
		w.untilSomebodyWaits()
		close(release)
		if err := <-first; !errors.Is(err, fails) {
			t.Fatal(err)
		}
		if ok := <-second; ok != (fails == nil) {
			t.Errorf("%s: second was answered: %v", name, ok)
		}
	}
}

// untilSomebodyWaits returns when a transaction waits for another's lock.
func (w *world) untilSomebodyWaits() {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	for again := time.NewTicker(5 * time.Millisecond); w.count(`select count(*) from pg_locks where not granted`) == 0; {
		select {
		case <-again.C:
		case <-ctx.Done():
			w.Fatal("nobody waits")
		}
	}
}

func TestANonceIsSpentOnce(t *testing.T) {
	w := newWorld(t)
	until := start.Add(time.Hour)
	undone := errors.New("undone")
	w.within(start, func(tx *store.Tx) error {
		err := tx.Try(t.Context(), func() error {
			if fresh, err := tx.Spend(t.Context(), "n", until); !fresh || err != nil {
				t.Errorf("first: fresh %v, %v", fresh, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Errorf("Try returned %v", err)
		}
		if fresh, _ := tx.Spend(t.Context(), "n", until); !fresh {
			t.Error("a spending that was undone counted")
		}
		if fresh, _ := tx.Spend(t.Context(), "n", until); fresh {
			t.Error("spent twice")
		}
		return nil
	})
	w.within(start, func(tx *store.Tx) error {
		if fresh, _ := tx.Spend(t.Context(), "n", until); fresh {
			t.Error("spent twice")
		}
		return nil
	})
	w.within(until.Add(time.Second), func(tx *store.Tx) error { // whether it has been forgotten or not
		first, err1 := tx.Spend(t.Context(), "n", until.Add(time.Hour))
		again, err2 := tx.Spend(t.Context(), "n", until.Add(time.Hour))
		err3 := tx.Unspend(t.Context(), "n")
		given, err4 := tx.Spend(t.Context(), "n", until.Add(time.Hour))
		if !first || again || !given {
			t.Errorf("after its time: fresh %v, then %v; given back %v", first, again, given)
		}
		return errors.Join(err1, err2, err3, err4)
	})
}

// What Try undoes is undone altogether: also what the transaction knew of a case it had saved.
func TestTryUndoesASave(t *testing.T) {
	w := newWorld(t)
	id := w.raise("try", start)
	w.act(id, start, func(c casework.Case) (casework.Case, error) { return c.Take(person("paula"), start) })
	undone := errors.New("undone")
	w.within(start, func(tx *store.Tx) error {
		c, err := tx.LockID(t.Context(), id)
		if err != nil {
			return err
		}
		asked, err := c.Return(secret, w.settings, start)
		if err != nil {
			return err
		}
		err = tx.Try(t.Context(), func() error {
			return errors.Join(undone, tx.Save(t.Context(), asked, nil), tx.Try(t.Context(), func() error { return nil }))
		})
		if !errors.Is(err, undone) {
			t.Errorf("Try returned %v", err)
		}
		return tx.Save(t.Context(), asked, nil)
	})
	if c := w.read(id); c.State != casework.Returned || c.Concern.Asked != secret {
		t.Errorf("state %s, asked %q", c.State, c.Concern.Asked)
	}
}

// A deadlock with others is no failure: the act is done again, even when a Try came between.
func TestCrossedTransactionsAreRepeated(t *testing.T) {
	w := newWorld(t)
	a, b := w.raise("a", start), w.raise("b", start)
	met := make(chan bool)
	act := func(first, second int64) error {
		once := false
		return w.Within(t.Context(), start, func(tx *store.Tx) error {
			if _, err := tx.LockID(t.Context(), first); err != nil {
				return err
			}
			if !once {
				once = true
				select {
				case met <- true:
				case <-met:
				}
			}
			err := tx.Try(t.Context(), func() error {
				_, err := tx.LockID(t.Context(), second)
				return err
			})
			if err != nil {
				return nil // as one who takes every error for a refusal
			}
			_, err = tx.Tell(t.Context(), noticeFor(first))
			return err
		})
	}
	other := make(chan error, 1)
	go func() { other <- act(b, a) }()
	if err := errors.Join(act(a, b), <-other); err != nil {
		t.Error(err)
	}
	if n := w.count("select count(*) from notices"); n != 2 {
		t.Errorf("%d notices of two acts", n)
	}
}

func TestWhatFailsLeavesNothing(t *testing.T) {
	w := newWorld(t)
	failed := errors.New("failed")
	err := w.Within(t.Context(), start, func(tx *store.Tx) error {
		if err := tx.LogAccess(t.Context(), access(0, "ville", "x")); err != nil {
			return err
		}
		return failed
	})
	if !errors.Is(err, failed) || w.count("select count(*) from access_log") != 0 {
		t.Errorf("error %v, %d rows", err, w.count("select count(*) from access_log"))
	}
}
