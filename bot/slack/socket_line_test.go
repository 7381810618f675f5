package slack

import (
	"slices"
	"sync/atomic"
	"testing"
)

// TestOnlyAConnectionThatComesAloneMissedSomething: not one that is renewed while another hears.
func TestOnlyAConnectionThatComesAloneMissedSomething(t *testing.T) {
	var lines atomic.Int32
	var a, b line
	var alone []bool
	for _, l := range []*line{&a, &a, &b} {
		alone = append(alone, l.up(&lines))
	}
	a.down(&lines)
	a.down(&lines)
	alone = append(alone, a.up(&lines))
	a.down(&lines)
	b.down(&lines)
	alone = append(alone, b.up(&lines))
	if !slices.Equal(alone, []bool{true, false, false, false, true}) || lines.Load() != 1 {
		t.Errorf("%v, %d up", alone, lines.Load())
	}
}
