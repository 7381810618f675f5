package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luotsi/commands/casework"
	"luotsi/store"
)

// sameCase compares what was saved with what was read. News and RefusedBefore are not stored.
var sameCase = cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(casework.Case{}, "News", "RefusedBefore")}

func TestACaseComesBackAsItWasSaved(t *testing.T) {
	w := newWorld(t)
	id := w.together("whole", start)
	met := start.AddDate(0, 0, 21)
	for _, act := range []func(casework.Case) (casework.Case, error){
		func(c casework.Case) (casework.Case, error) { return c.Confirm(1, "remote", start.Add(time.Hour)) },
		func(c casework.Case) (casework.Case, error) {
			return c.Move(1, met, "client_ill", start.Add(time.Hour))
		},
		func(c casework.Case) (casework.Case, error) {
			return c.RecordMeeting(1, casework.Record{
				StartedAt: met, EndedAt: met.Add(time.Hour), OralConsent: []string{"person:leo"}, Decisions: secret,
				Attendance: []casework.Attendance{{Who: "client", How: "present_in_person"}, {Who: "kaisa", How: "present_remote"}},
			}, w.settings, met.Add(2*time.Hour))
		},
		func(c casework.Case) (casework.Case, error) {
			return c.Withdraw(person("sanna"), casework.Withdrawal{By: "client", To: "sanna", At: met.Add(2 * time.Hour)}, met.Add(3*time.Hour))
		},
		func(c casework.Case) (casework.Case, error) {
			return c.Correct(person("paula"), secret, met.Add(4*time.Hour))
		},
		func(c casework.Case) (casework.Case, error) {
			return c.Refuse(person("paula"), secret, "yes", secret, met.Add(5*time.Hour))
		},
	} {
		saved := w.act(id, start, act)
		if d := cmp.Diff(saved, w.read(id), sameCase); d != "" {
			t.Fatalf("saved and read differ in state %s:\n%s", saved.State, d)
		}
	}
}

// Rounding up would store a time that has not been yet.
func TestAStoredTimeIsNeverLater(t *testing.T) {
	w := newWorld(t)
	at := start.Add(time.Second - time.Nanosecond)
	if c := w.read(w.raise("late", at)); !c.ChangedAt.Equal(at.Truncate(time.Microsecond)) {
		t.Errorf("stored %v as %v", at, c.ChangedAt)
	}
}

func TestPeopleInACaseAreAsTheDirectoryHasThemNow(t *testing.T) {
	w := newWorld(t)
	id := w.together("moved", start)
	moved := user("sanna", "IAKKAAT", "professional", "guest")
	if err := w.SeedDirectory(t.Context(), nil, []casework.User{moved}, nil); err != nil {
		t.Fatal(err)
	}
	c := w.read(id)
	want := casework.Person{Login: "sanna", Unit: "IAKKAAT", Register: casework.Social, Guest: true}
	if c.Concern.Raiser != want || c.Team[0].Person != want {
		t.Errorf("raiser %v, member %v; want %v", c.Concern.Raiser, c.Team[0].Person, want)
	}
}

func TestSavingNeedsTheLockAndALaterRevision(t *testing.T) {
	w := newWorld(t)
	id := w.raise("conflict", start)
	c := w.read(id)
	later, err := c.Take(person("paula"), start.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	err = w.Within(t.Context(), start, func(tx *store.Tx) error { return tx.Save(t.Context(), later, nil) })
	if !errors.Is(err, store.ErrConflict) {
		t.Errorf("saved without a lock: %v", err)
	}
	err = w.Within(t.Context(), start, func(tx *store.Tx) error {
		if _, err := tx.LockID(t.Context(), id); err != nil {
			return err
		}
		return tx.Save(t.Context(), c, nil)
	})
	if !errors.Is(err, store.ErrConflict) {
		t.Errorf("saved an old revision: %v", err)
	}
}

// The last of several saves in one transaction counts, also when it takes back what the one before wrote.
func TestSavingTwiceInOneTransaction(t *testing.T) {
	w := newWorld(t)
	id := w.together("twice", start)
	before := w.read(id)
	w.within(start, func(tx *store.Tx) error {
		c, err := tx.LockID(t.Context(), id)
		if err != nil {
			return err
		}
		other := c
		other.Revision, other.Concern.Asked, other.Team = c.Revision+1, "asked", slices.Clone(c.Team)
		other.Team[0].Need = "another"
		c.Revision += 2
		return errors.Join(tx.Save(t.Context(), other, nil), tx.Save(t.Context(), c, nil))
	})
	before.Revision += 2
	if d := cmp.Diff(before, w.read(id), sameCase); d != "" {
		t.Error(d)
	}
}

func TestACodeIsNeverGivenTwice(t *testing.T) {
	w := newWorld(t)
	c := w.read(w.raise("once", start))
	err := w.Within(t.Context(), start, func(tx *store.Tx) error {
		_, err := tx.Add(t.Context(), c, nil)
		return err
	})
	if !errors.Is(err, casework.ErrCodeTaken) {
		t.Errorf("a code was given twice: %v", err)
	}
}

func TestUnknownCasesAreNotKnown(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error {
		_, byCode := tx.Lock(t.Context(), newCode(t, "nobody"))
		_, byID := tx.LockID(t.Context(), 4711)
		_, read := tx.Read(t.Context(), 4711)
		_, identity := tx.Identity(t.Context(), 4711)
		for _, err := range []error{byCode, byID, read, identity} {
			if !errors.Is(err, casework.ErrNotKnown) {
				t.Errorf("unknown case: %v", err)
			}
		}
		return nil
	})
}

// Cases that others change all the time are still read whole: every part is of the same revision.
func TestAReadCaseIsOfOneRevision(t *testing.T) {
	w := newWorld(t)
	one := w.raise("torn", start)
	others := []int64{one, w.raise("torn 2", start), w.raise("torn 3", start)}
	whole := func(cases ...casework.Case) bool {
		return !slices.ContainsFunc(cases, func(c casework.Case) bool { return c.Revision > 1 && c.Concern.WrongDoors90d != c.Revision })
	}
	stop := w.keepChanging(one)
	for range 200 {
		if c := w.read(one); !whole(c) {
			t.Errorf("a case of revision %d has a part of revision %d", c.Revision, c.Concern.WrongDoors90d)
			break
		}
	}
	stop()
	// So many are never read between two changes: in the end those who write have to wait.
	stop = w.keepChanging(others...)
	defer stop()
	for range 20 {
		w.within(start, func(tx *store.Tx) error {
			cases, err := tx.Open(t.Context(), "sanna", false)
			if err == nil && (len(cases) != len(others) || !whole(cases...)) {
				t.Errorf("%d cases, whole: %v", len(cases), whole(cases...))
			}
			return err
		})
	}
}

// keepChanging changes the cases all the time, each on its own, until stop is called.
func (w *world) keepChanging(ids ...int64) (stop func()) {
	over := make(chan bool)
	var writers sync.WaitGroup
	for _, id := range ids {
		writers.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				err := w.Within(w.Context(), start, func(tx *store.Tx) error {
					c, err := tx.LockID(w.Context(), id)
					c.Revision++
					c.Concern.WrongDoors90d = c.Revision
					return errors.Join(err, tx.Save(w.Context(), c, nil))
				})
				if err != nil {
					w.Error(err)
					return
				}
			}
		})
	}
	return func() {
		close(over)
		writers.Wait()
	}
}

// Of two who take a concern at once one gets it; the other waits and is told who did.
func TestOneOfTwoTakesAConcern(t *testing.T) {
	w := newWorld(t)
	id := w.raise("taken", start)
	take := func(login string, held chan<- bool, release <-chan bool) error {
		return w.Within(t.Context(), start, func(tx *store.Tx) error {
			c, err := tx.LockID(t.Context(), id)
			if err != nil {
				return err
			}
			held <- true
			<-release
			if c, err = c.Take(person(login), start); err != nil {
				return err
			}
			return tx.Save(t.Context(), c, nil)
		})
	}
	held, release := make(chan bool, 2), make(chan bool)
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- take("paula", held, release) }()
	<-held
	go func() { second <- take("ulla", held, release) }()
	w.untilSomebodyWaits()
	close(release)
	if err := <-first; err != nil {
		t.Error(err)
	}
	var refused *casework.Refusal
	if err := <-second; !errors.As(err, &refused) || refused.Rule != casework.AlreadyTaken || refused.About["login"] != "paula" {
		t.Errorf("the second: %v", err)
	}
}
