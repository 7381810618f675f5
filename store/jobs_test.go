package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"go.uber.org/goleak"

	"luotsi/store"
	"luotsi/store/storetest"
)

type ringArgs struct {
	CaseID int64 `json:"case_id"`
}

func (ringArgs) Kind() string { return "ring" }

// ring is a worker that fails as long as it is told to.
type ring struct {
	river.WorkerDefaults[ringArgs]
	rung atomic.Int64
	down atomic.Bool
}

func (r *ring) Work(context.Context, *river.Job[ringArgs]) error {
	if r.down.Load() {
		return errors.New("chat is down")
	}
	r.rung.Add(1)
	return nil
}

// working starts jobs in a world and stops them when the test ends.
func (w *world) working(bell *ring, options ...store.JobOptions) *store.Jobs {
	w.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, bell)
	jobs, err := w.Jobs(workers, append(options, store.JobOptions{})[0])
	if err != nil {
		w.Fatal(err)
	}
	if err := jobs.Start(context.WithoutCancel(w.Context())); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := jobs.Stop(context.Background()); err != nil {
			w.Error(err)
		}
	})
	return jobs
}

func (w *world) enqueue(n int) {
	w.Helper()
	w.within(start, func(tx *store.Tx) error {
		var err error
		for i := range n {
			err = errors.Join(err, tx.Enqueue(w.Context(), ringArgs{CaseID: int64(i)}, 1+i%4))
		}
		return err
	})
}

func (w *world) idle(jobs *store.Jobs, wantRetrying int) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	pending, retrying, err := jobs.Idle(ctx)
	if pending != 0 || retrying != wantRetrying || err != nil {
		w.Errorf("idle with %d pending, %d retrying, %v; want 0, %d", pending, retrying, err, wantRetrying)
	}
}

func TestJobsCommitWithTheirCause(t *testing.T) {
	w := newWorld(t)
	bell := &ring{}
	jobs := w.working(bell)
	undone := errors.New("undone")
	err := w.Within(t.Context(), start, func(tx *store.Tx) error {
		return errors.Join(undone, tx.Enqueue(t.Context(), ringArgs{}, 1))
	})
	if !errors.Is(err, undone) {
		t.Fatal(err)
	}
	w.enqueue(20)
	w.idle(jobs, 0)
	if n := bell.rung.Load(); n != 20 {
		t.Errorf("%d jobs done, want 20", n)
	}
}

func TestJobsOutliveAnOutage(t *testing.T) {
	w := newWorld(t)
	bell := &ring{}
	bell.down.Store(true)
	jobs := w.working(bell)
	w.enqueue(3)
	w.idle(jobs, 3)
	bell.down.Store(false)
	if err := jobs.RetryNow(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.idle(jobs, 0)
	if n := bell.rung.Load(); n != 3 {
		t.Errorf("%d jobs done after the outage, want 3", n)
	}
}

// New jobs are heard of at once: having to poll, each would wait for most of an hour. Connecting for that takes a moment, in which
// none is heard of, and the very first may be found without.
func TestJobsAreHeardOf(t *testing.T) {
	w := newWorld(t)
	bell := &ring{}
	jobs := w.working(bell, store.JobOptions{Poll: time.Hour})
	w.soon("two jobs are heard of", func() bool {
		for range 2 {
			before := bell.rung.Load()
			w.enqueue(1)
			for n := 0; bell.rung.Load() == before; n++ {
				if time.Sleep(time.Millisecond); n == 100 {
					return false
				}
			}
		}
		return true
	})
	for range 16 {
		w.enqueue(1)
		w.idle(jobs, 0)
	}
}

// soon waits for what happens beside.
func (w *world) soon(what string, is func() bool) {
	w.Helper()
	for late := time.Now().Add(time.Minute); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			w.Fatal("never: ", what)
		}
	}
}

func TestIdleEndsWithItsContext(t *testing.T) {
	w := newWorld(t)
	workers := river.NewWorkers()
	river.AddWorker(workers, &ring{})
	jobs, err := w.Jobs(workers, store.JobOptions{}) // never started
	if err != nil {
		t.Fatal(err)
	}
	w.enqueue(2)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if pending, _, err := jobs.Idle(ctx); pending != 2 || !errors.Is(err, context.Canceled) {
			t.Errorf("%d pending, %v", pending, err)
		}
	}()
	other := storetest.Connect(t, w.owner)
	w.soon("the jobs were counted", func() (counted bool) {
		err := other.Get(&counted, `select count(*) > 0 from pg_stat_activity where datname = current_database() and state = 'idle'
			and query like 'select%count(*) filter%from river_job%'`)
		if err != nil {
			t.Fatal(err)
		}
		return counted
	})
	cancel()
	<-ended
}

// A lost connection costs at most a moment, and stopping leaves nothing running.
func TestJobsOutliveALostConnection(t *testing.T) {
	w := newWorld(t)
	before := goleak.IgnoreCurrent()
	bell := &ring{}
	workers := river.NewWorkers()
	river.AddWorker(workers, bell)
	jobs, err := w.Jobs(workers, store.JobOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.idle(jobs, 0)
	// The division fails when there was no connection to cut.
	err = w.asOwner(`select 1 / count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query like 'LISTEN%'`)
	if err != nil {
		t.Fatal(err)
	}
	w.enqueue(5)
	w.idle(jobs, 0)
	if n := bell.rung.Load(); n != 5 {
		t.Errorf("%d jobs done, want 5", n)
	}
	if err := errors.Join(jobs.Stop(t.Context()), w.Close()); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}
