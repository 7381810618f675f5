package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"luotsi/store"
)

// stuckArgs is a job that does not end by itself if it is about a case.
type stuckArgs struct {
	CaseID int64 `json:"case_id"`
}

func (stuckArgs) Kind() string { return "stuck" }

type stuckWorker struct {
	river.WorkerDefaults[stuckArgs]
	goOn, done chan struct{}
}

func (s *stuckWorker) Work(_ context.Context, job *river.Job[stuckArgs]) error {
	if job.Args.CaseID > 0 {
		<-s.goOn
		return nil
	}
	close(s.done)
	return nil
}

// TestWhatComesLastKeepsNobodyWaiting: however much of it there is, and however long it takes.
func TestWhatComesLastKeepsNobodyWaiting(t *testing.T) {
	w := newWorld(t)
	s, workers := &stuckWorker{goOn: make(chan struct{}), done: make(chan struct{})}, river.NewWorkers()
	river.AddWorker(workers, s)
	jobs, err := w.Jobs(workers, store.JobOptions{Workers: 2})
	if err == nil {
		err = jobs.Start(context.WithoutCancel(t.Context()))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		close(s.goOn)
		w.idle(jobs, 0)
		if err := jobs.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	add := func(caseID int64, priority int) {
		w.within(start, func(tx *store.Tx) error { return tx.Enqueue(t.Context(), stuckArgs{CaseID: caseID}, priority) })
	}
	for n := range int64(5) {
		add(n+1, 4)
	}
	add(0, 2)
	select {
	case <-s.done:
	case <-time.After(20 * time.Second):
		t.Error("the other job was not done")
	}
}
