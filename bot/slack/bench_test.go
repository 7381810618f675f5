package slack

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
)

// BenchmarkCommand tells how long the 99th of a hundred slash commands waits for its acknowledgement when fifty come a second and
// the office takes its time: a fifth of them half a second, the others a little.
func BenchmarkCommand(b *testing.B) {
	var n int
	var mu sync.Mutex
	lab := newBench(b, func(bot.Request) (bot.Answer, error) {
		mu.Lock()
		n++
		slow := n%5 == 0
		mu.Unlock()
		wait := time.NewTimer(20 * time.Millisecond)
		if slow {
			wait.Reset(500 * time.Millisecond)
		}
		<-wait.C
		return bot.Answer{Dialog: &twoFields}, nil
	})
	lab.slack.in.prompt = promptly
	lab.slack.out.queue.clock = newFastClock(quick) // Slack takes a hundred views.update in a minute
	var times []time.Duration
	var all sync.WaitGroup
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i := 0; b.Loop(); i++ {
		<-tick.C
		all.Go(func() {
			begun := time.Now()
			w := lab.command("C1", "", fmt.Sprint("trigger", i))
			took := time.Since(begun)
			if w.Code != http.StatusOK {
				b.Errorf("answered %d", w.Code)
			}
			mu.Lock()
			times = append(times, took)
			mu.Unlock()
		})
	}
	all.Wait()
	slices.Sort(times)
	p99 := times[(len(times)-1)*99/100]
	b.ReportMetric(float64(p99.Milliseconds()), "p99-ms")
	b.ReportMetric(0, "ns/op")
	if p99 > 300*time.Millisecond {
		b.Errorf("the 99th of a hundred waited %s", p99)
	}
}
