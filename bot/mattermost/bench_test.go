package mattermost

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
)

// BenchmarkCommand gives fifty commands a second to a house that takes two seconds for each, and reports how long the server
// waits for the answer to its request: all but one in a hundred must come within 300 ms.
func BenchmarkCommand(b *testing.B) {
	const every = time.Second / 50
	answer := bot.Answer{Replies: []bot.Post{{Lines: []bot.PostLine{{Text: "Myöhään."}}}}}
	var delivered sync.WaitGroup
	m := newQuiet(b, func(c *Config) {
		c.HTTP = &http.Client{Transport: counted{&delivered}}
		c.Handle = func(ctx context.Context, _ bot.Request) (bot.Answer, error) {
			select {
			case <-time.After(2 * time.Second):
				return answer, nil
			case <-ctx.Done():
				return bot.Answer{}, ctx.Err()
			}
		}
	})
	web := httptest.NewServer(m.Handler())
	defer web.Close()
	took := make([]time.Duration, b.N)
	var asked sync.WaitGroup
	tick := time.NewTicker(every)
	defer tick.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		delivered.Add(1)
		asked.Go(func() {
			begun := time.Now()
			w, err := http.Post(web.URL+commandPath, formKind, strings.NewReader(commandForm(nil).Encode()))
			if err != nil || w.StatusCode != http.StatusOK {
				b.Errorf("%v %v", w, err)
				return
			}
			took[i] = time.Since(begun)
			if err := w.Body.Close(); err != nil {
				b.Error(err)
			}
		})
	}
	asked.Wait()
	b.StopTimer()
	delivered.Wait()
	if err := m.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	p99 := took[min(len(took)-1, len(took)*99/100)]
	b.ReportMetric(float64(p99.Microseconds())/1000, "ms-p99")
	if p99 > 300*time.Millisecond {
		b.Errorf("the 99th percentile is %v", p99)
	}
}

// counted takes late answers and counts them off.
type counted struct{ *sync.WaitGroup }

func (c counted) RoundTrip(*http.Request) (*http.Response, error) {
	c.Done()
	return httptest.NewRecorder().Result(), nil
}
