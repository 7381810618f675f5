package main

import (
	"context"
	"sync"
	"time"

	"luotsi/commands"
)

// engine is what moves behind the sandbox's chat as its clock does.
type engine struct {
	*county
	mu    sync.Mutex
	tried time.Time // what was due up to then has been done, or tried in vain
}

// NextDue is the earliest undelivered instant after what was last tried.
func (e *engine) NextDue(ctx context.Context, until time.Time) (time.Time, bool, error) {
	e.mu.Lock()
	after := e.tried
	e.mu.Unlock()
	return e.store.NextDue(ctx, after, until)
}

// RunDue does what is due now and runs the jobs to the end, also those of another sweep that came first: the clock must not go
// on before they are done.
func (e *engine) RunDue(ctx context.Context) (int, error) {
	now := e.clock.Now()
	before, err := e.Undelivered(ctx)
	if err != nil {
		return 0, err
	}
	done, err := e.house.SweepDue(ctx)
	if err != nil {
		return done, err
	}
	e.mu.Lock()
	e.tried = now
	e.mu.Unlock()
	if _, _, err := e.Idle(ctx); err != nil {
		return done, err
	}
	after, err := e.Undelivered(ctx)
	return max(0, done-max(0, after-before)), err
}

// Idle waits until nothing more can be done now.
func (e *engine) Idle(ctx context.Context) (pending, retrying int, err error) {
	return e.jobs.Idle(ctx)
}

// Retry makes postponed jobs run now.
func (e *engine) Retry(ctx context.Context) error { return e.jobs.RetryNow(ctx) }

// Undelivered counts what is due and has not reached anybody.
func (e *engine) Undelivered(ctx context.Context) (n int, err error) {
	err = e.house.Within(ctx, e.clock.Now(), func(tx commands.Tx) error {
		n, err = tx.Undelivered(ctx)
		return err
	})
	return n, err
}

// goTo brings the clock to an instant through everything that is due on the way.
func (c *county) goTo(ctx context.Context, to time.Time) error {
	e := &engine{county: c}
	for {
		due, ok, err := e.NextDue(ctx, to)
		if err != nil {
			return err
		}
		if !ok {
			due = to
		}
		if due.After(c.clock.Now()) {
			if err := c.clock.Set(ctx, due); err != nil {
				return err
			}
		}
		if _, err := e.RunDue(ctx); err != nil || !ok {
			return err
		}
	}
}
