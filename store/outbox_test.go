package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luotsi/commands/casework"
	"luotsi/store"
)

func noticeFor(id int64) casework.OutNotice {
	return casework.OutNotice{CaseID: id, Kind: "taken", To: "sanna", On: start.AddDate(0, 0, 1)}
}

// save stores a case as it is, one revision later, with the agenda.
func (w *world) save(id int64, at time.Time, agenda ...casework.Item) {
	w.Helper()
	w.within(at, func(tx *store.Tx) error {
		c, err := tx.LockID(w.Context(), id)
		if err != nil {
			return err
		}
		c.Revision++
		return tx.Save(w.Context(), c, agenda)
	})
}

func item(key string, due time.Time) casework.Item {
	return casework.Item{Key: key, Kind: casework.RemindMeeting, To: "kaisa", Due: due, On: due.AddDate(0, 0, 7)}
}

// due claims what is due at the time and marks the given keys done.
func (w *world) due(at time.Time, done ...string) (keys []string) {
	w.Helper()
	w.within(at, func(tx *store.Tx) error {
		items, err := tx.Due(w.Context(), 10)
		for _, i := range items {
			keys = append(keys, i.Key)
			if slices.Contains(done, i.Key) {
				err = errors.Join(err, tx.Done(w.Context(), i.ID))
			}
		}
		return err
	})
	return keys
}

func TestTheAgendaIsReconciled(t *testing.T) {
	w := newWorld(t)
	id := w.raise("agenda", start)
	day := func(n int) time.Time { return start.AddDate(0, 0, n) }
	w.save(id, start, item("delivered", day(1)), item("overdue", day(1)), item("moved", day(2)), item("gone", day(2)))
	if d := cmp.Diff([]string{"delivered", "overdue"}, w.due(day(1), "delivered")); d != "" {
		t.Fatal(d)
	}
	w.save(id, day(1), item("delivered", day(5)), item("overdue", day(1)), item("moved", day(3)), item("new", day(4)))
	if d := cmp.Diff([]string{"overdue", "moved", "new"}, w.due(day(9))); d != "" {
		t.Error(d)
	}
	var due time.Time
	if err := w.DB().Get(&due, "select due from agenda where key = 'delivered'"); err != nil || !due.Equal(day(1)) {
		t.Errorf("a delivered item was changed: %v, %v", due, err)
	}
	w.save(id, day(2))
	if keys := w.due(day(9)); len(keys) > 0 {
		t.Errorf("an empty agenda has %q due", keys)
	}
	w.save(id, day(3), item("delivered", day(3)))
	if keys := w.due(day(9)); len(keys) > 0 {
		t.Errorf("a delivered item came back: %q", keys)
	}
}

func TestDueItemsComeBackWhole(t *testing.T) {
	w := newWorld(t)
	id := w.raise("whole item", start)
	w.save(id, start, item("one", start))
	w.within(start, func(tx *store.Tx) error {
		items, err := tx.Due(t.Context(), 10)
		want := []casework.DueItem{{CaseID: id, Item: item("one", start)}}
		if d := cmp.Diff(want, items, cmpopts.IgnoreFields(casework.DueItem{}, "ID")); d != "" {
			t.Error(d)
		}
		return err
	})
}

// What one claims, another passes over, and so it does with the items of a case that somebody is changing.
func TestClaimsArePassedOver(t *testing.T) {
	w := newWorld(t)
	first, second, held := w.raise("first", start), w.raise("second", start), w.raise("held", start)
	for i, id := range []int64{first, second, held} {
		w.save(id, start, item("k", start.Add(time.Duration(i)*time.Minute)))
	}
	later := start.Add(time.Hour)
	claim := func(tx *store.Tx, limit int) (ids []int64) {
		items, err := tx.Due(t.Context(), limit)
		if err != nil {
			t.Error(err)
		}
		for _, i := range items {
			ids = append(ids, i.CaseID)
		}
		return ids
	}
	w.within(later, func(busy *store.Tx) error {
		_, err := busy.LockID(t.Context(), held)
		w.within(later, func(one *store.Tx) error {
			w.within(later, func(other *store.Tx) error {
				got := [][]int64{claim(one, 1), claim(other, 10)}
				if d := cmp.Diff([][]int64{{first}, {second}}, got); d != "" {
					t.Error(d)
				}
				return nil
			})
			return nil
		})
		return err
	})
}

func TestNextDue(t *testing.T) {
	w := newWorld(t)
	w.save(w.raise("next", start), start, item("a", start.Add(time.Hour)), item("b", start.Add(2*time.Hour)))
	for _, c := range []struct {
		after, until time.Duration
		want         time.Duration
		ok           bool
	}{{0, 5 * time.Hour, time.Hour, true}, {time.Hour, 2 * time.Hour, 2 * time.Hour, true}, {2 * time.Hour, 9 * time.Hour, 0, false}, {0, 30 * time.Minute, 0, false}} {
		due, ok, err := w.NextDue(t.Context(), start.Add(c.after), start.Add(c.until))
		if err != nil || ok != c.ok || ok && !due.Equal(start.Add(c.want)) {
			t.Errorf("next due in (%v, %v]: %v, %v, %v", c.after, c.until, due, ok, err)
		}
	}
}

func TestNoticesAreToldOnce(t *testing.T) {
	w := newWorld(t)
	id := w.raise("told", start)
	w.save(id, start)
	w.within(start, func(tx *store.Tx) error {
		direct, err1 := tx.Tell(t.Context(), noticeFor(id))
		room, err2 := tx.Tell(t.Context(), casework.OutNotice{CaseID: id, Kind: "active"})
		n, err3 := tx.Notice(t.Context(), direct)
		want := noticeFor(id)
		want.ID, want.CreatedAt = direct, start
		if d := cmp.Diff(want, n); d != "" {
			t.Error(d)
		}
		waiting, err4 := tx.RoomNotices(t.Context(), id)
		if len(waiting) != 1 || waiting[0].ID != room {
			t.Errorf("room notices %v", waiting)
		}
		err5 := errors.Join(tx.Delivered(t.Context(), room, "sandbox", "m1"), tx.Delivered(t.Context(), room, "sandbox", "m2"))
		waiting, err6 := tx.RoomNotices(t.Context(), id)
		n, err7 := tx.Notice(t.Context(), room)
		if len(waiting) != 0 || !n.Done {
			t.Errorf("after delivery: %v, %v", waiting, n)
		}
		left, err8 := tx.Undelivered(t.Context())
		if left != 1 {
			t.Errorf("%d undelivered", left)
		}
		_, unknown := tx.Notice(t.Context(), 4711)
		if !errors.Is(unknown, casework.ErrNotKnown) {
			t.Errorf("unknown notice: %v", unknown)
		}
		return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8)
	})
	if n := w.count("select count(*) from notices where message = 'm1'"); n != 1 {
		t.Error("the second delivery replaced the first")
	}
}

func TestRoomsAndCards(t *testing.T) {
	w := newWorld(t)
	id := w.consented("rooms", start)
	w.within(start, func(tx *store.Tx) error {
		one := casework.RoomRecord{CaseID: id, Number: 1, Platform: "sandbox", Room: "R1"}
		two := casework.RoomRecord{CaseID: id, Number: 2, Platform: "sandbox", Room: "R2"}
		err := errors.Join(tx.SaveRoom(t.Context(), one), tx.SaveRoom(t.Context(), two))
		one.Archived = true
		err = errors.Join(err, tx.SaveRoom(t.Context(), one))
		rooms, err1 := tx.Rooms(t.Context(), id)
		if d := cmp.Diff([]casework.RoomRecord{one, two}, rooms); d != "" {
			t.Error(d)
		}
		code, ok, err2 := tx.CodeOfRoom(t.Context(), "sandbox", "R2")
		_, other, err3 := tx.CodeOfRoom(t.Context(), "slack", "R2")
		if !ok || code != newCode(t, "rooms") || other {
			t.Errorf("room is of %q, %v; other platform's %v", code, ok, other)
		}
		_, _, none, err4 := tx.Card(t.Context(), id, "sandbox")
		err5 := errors.Join(tx.SaveCard(t.Context(), id, "sandbox", "queue", "m1"), tx.SaveCard(t.Context(), id, "sandbox", "queue", "m2"))
		room, message, ok, err6 := tx.Card(t.Context(), id, "sandbox")
		if none || !ok || room != "queue" || message != "m2" {
			t.Errorf("card %q %q, %v before, %v after", room, message, none, ok)
		}
		return errors.Join(err, err1, err2, err3, err4, err5, err6)
	})
}

func TestAPieceOfWorkIsLeasedToOne(t *testing.T) {
	w := newWorld(t)
	id := w.raise("lease", start)
	later, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	lease := func(work, holder string, until time.Time) func(*store.Tx) (bool, error) {
		return func(tx *store.Tx) (bool, error) { return tx.Lease(t.Context(), id, work, holder, until) }
	}
	release := func(work, holder string) func(*store.Tx) (bool, error) {
		return func(tx *store.Tx) (bool, error) { return tx.Release(t.Context(), id, work, holder) }
	}
	for i, step := range []struct {
		do   func(*store.Tx) (bool, error)
		want bool
	}{
		{lease("room", "a", later), true},
		{lease("card", "b", later), true}, // another piece of work
		{release("room", "a"), false},     // nobody came
		{lease("room", "b", later), true},
		{lease("room", "a", later), false}, // leaves word
		{release("room", "a"), false},      // not its to release
		{release("room", "b"), true},       // look again
		{lease("room", "a", later), false},
		{release("room", "b"), true},
		{release("room", "b"), false},
		{lease("room", "a", past), true},
		{lease("room", "b", later), true}, // a's had run out
		{lease("room", "b", later), true},
		{release("room", "b"), false},
	} {
		w.within(start, func(tx *store.Tx) error {
			ok, err := step.do(tx)
			if ok != step.want {
				t.Errorf("step %d: %v", i, ok)
			}
			return err
		})
	}
}

// TestAWordLeftAsALeaseIsGivenBackIsHeard: also when both happen at once.
func TestAWordLeftAsALeaseIsGivenBackIsHeard(t *testing.T) {
	w := newWorld(t)
	id := w.raise("lease", start)
	lease := func(tx *store.Tx, holder string) (bool, error) {
		return tx.Lease(t.Context(), id, "room", holder, time.Now().Add(time.Hour))
	}
	w.within(start, func(tx *store.Tx) error { _, err := lease(tx, "a"); return err })
	left, hold, given, again := make(chan struct{}), make(chan struct{}), make(chan error, 1), make(chan bool, 1)
	go func() {
		given <- w.Within(w.Context(), start, func(tx *store.Tx) error {
			mine, err := lease(tx, "b")
			if mine {
				t.Error("two have it")
			}
			close(left)
			<-hold
			return err
		})
	}()
	<-left
	go func() {
		err := w.Within(w.Context(), start, func(tx *store.Tx) error {
			more, err := tx.Release(t.Context(), id, "room", "a")
			again <- more
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}()
	w.untilSomebodyWaits()
	close(hold)
	if err := <-given; err != nil || !<-again {
		t.Errorf("what was left is lost: %v", err)
	}
}
