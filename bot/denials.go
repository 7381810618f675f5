package bot

import (
	"sync"
	"time"
)

// How many denials a minute are written into the log: of one user, and of all, since anybody can invent people too.
const (
	DenialsOfOne = 10
	DenialsOfAll = 60
)

// Denials bounds how much is written of what is denied anyway, so that nobody fills the log with it. The zero value is ready.
type Denials struct {
	mu    sync.Mutex
	since time.Time
	by    map[string]int
	all   int
}

// Room counts one more denial of the user at the instant, and reports whether it is to be written.
func (d *Denials) Room(user string, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.by == nil || now.Sub(d.since) >= time.Minute {
		d.since, d.by, d.all = now, map[string]int{}, 0
	}
	if d.all >= DenialsOfAll || d.by[user] >= DenialsOfOne {
		return false
	}
	d.all++
	d.by[user]++
	return true
}
