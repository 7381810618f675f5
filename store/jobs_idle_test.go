package store_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/riverqueue/river"

	"luotsi/store"
)

type linkArgs struct {
	Left int `json:"left"`
}

func (linkArgs) Kind() string { return "link" }

// link is a worker whose job adds the next of a chain, as an act in a room leads to a notice.
type link struct {
	river.WorkerDefaults[linkArgs]
	w    *world
	done atomic.Int64
}

func (l *link) Work(ctx context.Context, job *river.Job[linkArgs]) error {
	l.done.Add(1)
	if job.Args.Left == 0 {
		return nil
	}
	return l.w.Within(ctx, start, func(tx *store.Tx) error { return tx.Enqueue(ctx, linkArgs{Left: job.Args.Left - 1}, 1) })
}

// A job that ends while the jobs are counted has added others by then: there is something to be done still.
func TestIdleSeesWhatAJobLeavesBehind(t *testing.T) {
	w := newWorld(t)
	chain := &link{w: w}
	workers := river.NewWorkers()
	river.AddWorker(workers, chain)
	jobs, err := w.Jobs(workers, store.JobOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := jobs.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	const long = 300
	w.within(start, func(tx *store.Tx) error { return tx.Enqueue(t.Context(), linkArgs{Left: long - 1}, 1) })
	w.idle(jobs, 0)
	if n := chain.done.Load(); n != long {
		t.Errorf("idle after %d jobs of %d", n, long)
	}
}
