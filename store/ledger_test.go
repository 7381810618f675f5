package store_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luotsi/store"
)

func TestASayingIsSaidOnce(t *testing.T) {
	w := newWorld(t)
	var said atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			message, err := w.Once(t.Context(), "chat", "key", func(time.Time) (string, error) {
				said.Add(1)
				return "m1", nil
			})
			if message != "m1" || err != nil {
				t.Errorf("said as %q: %v", message, err)
			}
		})
	}
	wg.Wait()
	if n := said.Load(); n != 1 {
		t.Errorf("said %d times", n)
	}
	for _, other := range []struct{ platform, key string }{{"chat", "other"}, {"elsewhere", "key"}} {
		message, err := w.Once(t.Context(), other.platform, other.key, func(tried time.Time) (string, error) {
			if !tried.IsZero() {
				t.Errorf("%v was tried at %s", other, tried)
			}
			return "m2", nil
		})
		if message != "m2" || err != nil {
			t.Errorf("%v is said as %q: %v", other, message, err)
		}
	}
}

func TestWhatWasTriedIsKnown(t *testing.T) {
	w := newWorld(t)
	lost := errors.New("the answer was lost")
	before := time.Now().Add(-time.Second)
	_, err := w.Once(t.Context(), "chat", "key", func(tried time.Time) (string, error) {
		if !tried.IsZero() {
			t.Errorf("the first time was tried at %s", tried)
		}
		return "", lost
	})
	if !errors.Is(err, lost) {
		t.Fatalf("error %v", err)
	}
	says := 0
	gone, cancel := context.WithCancel(t.Context())
	defer cancel()
	for _, ctx := range []context.Context{gone, t.Context()} { // who asked for it has gone meanwhile: it is said and known all the same
		message, err := w.Once(ctx, "chat", "key", func(tried time.Time) (string, error) {
			if tried.Before(before) || tried.After(time.Now()) {
				t.Errorf("tried at %s", tried)
			}
			says++
			cancel()
			return "m1", nil
		})
		if message != "m1" || err != nil {
			t.Errorf("said as %q: %v", message, err)
		}
	}
	if says != 1 {
		t.Errorf("said %d times", says)
	}
}

func TestWhoeverComesAfterAFailureKnows(t *testing.T) {
	w := newWorld(t)
	var tries atomic.Int32
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			_, err := w.Once(t.Context(), "chat", "key", func(tried time.Time) (string, error) {
				if n := tries.Add(1); (n == 1) != tried.IsZero() {
					t.Errorf("try %d believes that it was tried at %s", n, tried)
				}
				return "", errors.New("the answer was lost")
			})
			if err == nil {
				t.Error("a lost answer counts as said")
			}
		})
	}
	wg.Wait()
}

func TestOnlyWhatWasSaidIsOurs(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Once(t.Context(), "chat", "key", func(time.Time) (string, error) { return "m1", nil }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		platform, message string
		want              bool
	}{{"chat", "m1", true}, {"chat", "m2", false}, {"elsewhere", "m1", false}, {"chat", "", false}} {
		if said, err := w.Said(t.Context(), c.platform, c.message); said != c.want || err != nil {
			t.Errorf("%s %q was said: %v, %v", c.platform, c.message, said, err)
		}
	}
}

func TestASayingIsForgottenInHalfAYear(t *testing.T) {
	w := newWorld(t)
	say := func() (times int) {
		_, err := w.Once(t.Context(), "chat", "key", func(time.Time) (string, error) { times++; return "m1", nil })
		if err != nil {
			t.Fatal(err)
		}
		return times
	}
	for _, step := range []struct{ days, said int }{{0, 1}, {179, 0}, {181, 1}} {
		if err := w.Purge(t.Context(), time.Now().AddDate(0, 0, step.days)); err != nil {
			t.Fatal(err)
		}
		if n := say(); n != step.said {
			t.Errorf("after %d days said %d times", step.days, n)
		}
	}
}

func TestADraftIsItsPersonsUntilItsTimeIsOver(t *testing.T) {
	w := newWorld(t)
	until := start.Add(12 * time.Hour)
	for _, answers := range []string{"first", "secret answers"} {
		w.within(start, func(tx *store.Tx) error { return tx.KeepDraft(t.Context(), "ville", "n1", []byte(answers), until) })
	}
	read := func(at time.Time, login, nonce, want string) {
		t.Helper()
		w.within(at, func(tx *store.Tx) error {
			answers, ok, err := tx.Draft(t.Context(), login, nonce)
			if string(answers) != want || ok != (want != "") {
				t.Errorf("%s reads %q, %v", login, answers, ok)
			}
			return err
		})
	}
	read(until, "ville", "n1", "secret answers")
	read(start, "leo", "n1", "")
	read(start, "ville", "n2", "")
	read(until.Add(time.Second), "ville", "n1", "")
	var stored string
	if err := w.DB().Get(&stored, `select encode(answers, 'escape') from drafts`); err != nil || strings.Contains(stored, "secret") {
		t.Errorf("stored in the clear, or not at all: %v", err)
	}
	if err := w.Purge(t.Context(), until.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	read(start, "ville", "n1", "")
	w.within(start, func(tx *store.Tx) error {
		err := tx.KeepDraft(t.Context(), "ville", "n3", []byte("answers"), until)
		return errors.Join(err, tx.DropDraft(t.Context(), "n3"), tx.DropDraft(t.Context(), "n3"))
	})
	read(start, "ville", "n3", "")
}
