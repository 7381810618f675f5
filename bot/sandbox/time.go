package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// farthest is how far the clock moves at once: every reminder of the longest consent is well before it.
const farthest = 10 * 366 * 24 * time.Hour

// travel is where the clock came to and what happened on the way.
type travel struct {
	Now         string `json:"now"`
	Delivered   int    `json:"delivered"`
	Undelivered int    `json:"undelivered"`
}

// moveTo moves the clock ahead, stopping at each instant at which something is due and doing it before going on.
func (s *Sandbox) moveTo(ctx context.Context, to time.Time) (travel, error) {
	s.moving.Lock()
	defer s.moving.Unlock()
	defer s.hub.moved()
	now := s.cfg.Clock.Now()
	switch {
	case to.Before(now.Truncate(time.Second)): // the second that people see is still now
		return travel{}, errBackwards
	case to.Sub(now) > farthest:
		return travel{}, errTooFar
	}
	var out travel
	var last time.Time
	for {
		due, ok, err := s.cfg.Engine.NextDue(ctx, to)
		if err != nil {
			return travel{}, fmt.Errorf("finding what is due: %w", err)
		}
		if !ok {
			break
		}
		before := out.Delivered
		if err := s.stopAt(ctx, due, &out); err != nil {
			return travel{}, err
		}
		if !due.After(last) && out.Delivered == before { // tried in vain: time must go on all the same
			break
		}
		last = due
	}
	if err := s.stopAt(ctx, to, &out); err != nil {
		return travel{}, err
	}
	var err error
	if out.Undelivered, err = s.cfg.Engine.Undelivered(ctx); err != nil {
		return travel{}, fmt.Errorf("counting what is left: %w", err)
	}
	out.Now = s.stamp(s.cfg.Clock.Now())
	return out, nil
}

// stopAt sets the clock, unless it got there by itself meanwhile, and does what is due.
func (s *Sandbox) stopAt(ctx context.Context, t time.Time, out *travel) error {
	if err := s.cfg.Clock.Set(ctx, t); err != nil && !errors.Is(err, ErrBackwards) {
		return err
	}
	delivered, err := s.cfg.Engine.RunDue(ctx)
	out.Delivered += delivered
	if err != nil {
		return fmt.Errorf("doing what is due: %w", err)
	}
	return nil
}

// morningAfter is the next nine o'clock after now, in now's zone.
func morningAfter(now time.Time) time.Time {
	nine := time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, now.Location())
	if !nine.After(now) {
		nine = time.Date(now.Year(), now.Month(), now.Day()+1, 9, 0, 0, 0, now.Location())
	}
	return nine
}
