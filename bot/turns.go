package bot

import (
	"context"
	"sync"
	"time"
)

// Turns bounds how many requests are under way at once: in all, so that what Luotsi does by itself always finds a connection to
// the database, and of one person, so that nobody takes the others' share. A nil *Turns bounds nothing.
type Turns struct {
	places chan struct{}

	mu sync.Mutex
	by map[string]int
}

const (
	turnsOfOne   = 4
	turnPatience = 5 * time.Second
)

// NewTurns lets at most so many requests be under way.
func NewTurns(most int) *Turns {
	return &Turns{places: make(chan struct{}, most), by: map[string]int{}}
}

// Take takes a turn for a person, which leave gives back; call it once. Who has four already is told no (ok is false) at once.
// When as many are under way as there may be in all, Take waits up to five seconds, or until the context ends. An empty name is
// nobody's: of those there may be any number.
func (t *Turns) Take(ctx context.Context, who string) (leave func(), ok bool) {
	if t == nil {
		return func() {}, true
	}
	if !t.count(who) {
		return nil, false
	}
	late := time.NewTimer(turnPatience)
	defer late.Stop()
	select {
	case t.places <- struct{}{}:
		return func() { <-t.places; t.discount(who) }, true
	case <-late.C:
	case <-ctx.Done():
	}
	t.discount(who)
	return nil, false
}

func (t *Turns) count(who string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if who != "" && t.by[who] >= turnsOfOne {
		return false
	}
	t.by[who]++
	return true
}

func (t *Turns) discount(who string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by[who]--; t.by[who] == 0 {
		delete(t.by, who)
	}
}
