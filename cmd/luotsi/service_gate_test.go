package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"luotsi/bot"
)

// hung is a chat that does not answer until it is let go.
type hung struct {
	chat
	goOn chan struct{}
}

// Direct waits.
func (h hung) Direct(context.Context, string, string, bot.Post) (string, error) {
	<-h.goOn
	return "m1", nil
}

// TestAChatThatHangsHoldsAFewOnly: the others are put off, at once when it is known; when it answers again all go through.
func TestAChatThatHangsHoldsAFewOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hung{goOn: make(chan struct{})}
		g := &gate{chat: h}
		g.open.Store(true)
		tell := func() error {
			_, err := g.Direct(t.Context(), "u", "k", bot.Post{})
			return err
		}
		for range mayHang {
			go func() {
				if err := tell(); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		for _, waits := range []time.Duration{patience, 0, 0} {
			began := time.Now()
			var later *bot.RetryError
			if err := tell(); !errors.As(err, &later) || later.After != hangPause || time.Since(began) != waits {
				t.Errorf("after %s: %v", time.Since(began), err)
			}
		}
		time.Sleep(2 * patience) // of the bubble's own clock
		close(h.goOn)
		synctest.Wait()
		for range 2 * mayHang {
			if err := tell(); err != nil {
				t.Error(err)
			}
		}
	})
}
