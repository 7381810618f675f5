package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/riverqueue/river"

	"luotsi/store"
)

// lines is a log that several may write to.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds a line.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

type failArgs struct{}

func (failArgs) Kind() string { return "fail" }

// fail is a worker that panics, which River says as an error.
type fail struct{ river.WorkerDefaults[failArgs] }

func (*fail) Work(context.Context, *river.Job[failArgs]) error { panic("on purpose") }

// TestJobsLogNothingButTroubles: whoever looks at the last lines of the log must find what was wrong there.
func TestJobsLogNothingButTroubles(t *testing.T) {
	w, log := newWorld(t), &lines{}
	workers := river.NewWorkers()
	river.AddWorker(workers, &fail{})
	jobs, err := w.Jobs(workers, store.JobOptions{Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	if err := jobs.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.within(start, func(tx *store.Tx) error { return tx.Enqueue(t.Context(), failArgs{}, 1) })
	w.idle(jobs, 1)
	if err := jobs.Stop(context.Background()); err != nil {
		t.Error(err)
	}
	if said := log.String(); strings.Contains(said, "level=INFO") || strings.Contains(said, "level=DEBUG") || !strings.Contains(said, "level=ERROR") {
		t.Error(said)
	}
}
