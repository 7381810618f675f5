package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Clock is the sandbox's time: it runs at real speed, can be moved ahead and never goes back. It is safe for concurrent use.
type Clock struct {
	db   *sql.DB
	mu   sync.Mutex
	base time.Time // what it showed …
	set  time.Time // … at this real moment
}

// ErrBackwards is the answer to moving the clock back.
var ErrBackwards = errors.New("the clock does not go back")

// OpenClock starts the clock at the later of the stored time and start; with neither, at the real time.
func OpenClock(ctx context.Context, db *sql.DB, start time.Time) (*Clock, error) {
	c := &Clock{db: db, base: start, set: time.Now()}
	var stored time.Time
	err := db.QueryRowContext(ctx, `select shows from sandbox.clock`).Scan(&stored)
	switch {
	case err == nil && stored.After(c.base):
		c.base = stored
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("reading the clock: %w", err)
	}
	if c.base.IsZero() {
		c.base = c.set
	}
	return c, c.Save(ctx)
}

// Now is the sandbox's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return c.base.Add(time.Since(c.set)).Round(0) }

// Set moves the clock to t and stores it. Moving it back is ErrBackwards and changes nothing.
func (c *Clock) Set(ctx context.Context, t time.Time) error {
	c.mu.Lock()
	if t.Before(c.now()) {
		c.mu.Unlock()
		return ErrBackwards
	}
	c.base, c.set = t, time.Now()
	c.mu.Unlock()
	return c.Save(ctx)
}

// Save stores what the clock shows, so that it goes on from there after a restart.
func (c *Clock) Save(ctx context.Context) error {
	_, err := c.db.ExecContext(ctx, `insert into sandbox.clock (shows) values ($1)
		on conflict (one) do update set shows = greatest(sandbox.clock.shows, excluded.shows)`, c.Now())
	if err != nil {
		return fmt.Errorf("storing the clock: %w", err)
	}
	return nil
}
