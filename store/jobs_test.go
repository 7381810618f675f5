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
func (w *world) working(bell *ring) *store.Jobs {
	w.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, bell)
	jobs, err := w.Jobs(workers, store.JobOptions{})
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

// New jobs are heard of at once: having to poll, each would wait for most of a quarter of a second.
func TestJobsAreHeardOf(t *testing.T) {
	w := newWorld(t)
	jobs := w.working(&ring{})
	w.idle(jobs, 0)
	const times = 16
	began := time.Now()
	for range times {
		w.enqueue(1)
		w.idle(jobs, 0)
	}
	if took := time.Since(began); took > times*100*time.Millisecond {
		t.Errorf("%d jobs one after another took %v", times, took)
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
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if pending, _, err := jobs.Idle(ctx); pending != 2 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%d pending, %v", pending, err)
	}
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
