package slack

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

const panicValue = "what somebody wrote of a client"

// A panic on the way to an answer is told as any other fault, without its value, and the next request is answered.
func TestAPanicIsToldAsAFault(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	lang := b.slack.cfg.Lang
	b.slack.cfg.Lang = func(context.Context, string) bot.Lang { panic(panicValue) }
	if said := asJSON(ack(t, b.command("C1", "", "tr1"))); !strings.Contains(said, "viite ") {
		t.Errorf("answered %s", said)
	}
	b.slack.cfg.Lang = lang
	if said := asJSON(ack(t, b.command("C1", "", "tr2"))); !strings.Contains(said, "valmis") {
		t.Errorf("then answered %s", said)
	}
	if log := b.log.String(); !strings.Contains(log, "kind=string") || strings.Contains(log, panicValue) {
		t.Errorf("logged %s", log)
	}
}

// What goes on for as long as Luotsi does is begun anew after a panic.
func TestWhatGoesOnIsBegunAnewAfterAPanic(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	b.slack.in.anew = time.Nanosecond
	again, runs := make(chan struct{}), 0
	b.slack.in.last(func(context.Context) {
		if runs++; runs == 1 {
			panic(panicValue)
		}
		close(again)
	})
	<-again
}

// panicky is a clock that stops working.
type panicky struct {
	wallClock
	broken bool
}

func (c *panicky) Now() time.Time {
	if c.broken {
		panic(panicValue)
	}
	return c.wallClock.Now()
}

func TestTheQueueOutlivesAPanic(t *testing.T) {
	c := &panicky{}
	q := newQueue(c, slog.New(slog.DiscardHandler))
	c.broken = true
	q.alarmed()
	c.broken = false
	if err := q.do(t.Context(), call{method: "auth.test"}, func() time.Duration { return 0 }); err != nil {
		t.Error(err)
	}
}

const homeOpenedEvent = `{"type":"event_callback","team_id":"T1","event_id":"%","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`

// A home view that could not be made is made at the next opening.
func TestAHomeViewIsMadeAfterAPanic(t *testing.T) {
	broken := true
	b := newBench(t, func(bot.Request) (bot.Answer, error) {
		if broken {
			panic(panicValue)
		}
		return reply("Tänään"), nil
	})
	open := func(id string) {
		b.deliver("/slack/event", jsonType, strings.Replace(homeOpenedEvent, "%", id, 1))
		b.slack.in.running.Wait()
	}
	open("Ev1")
	broken = false
	open("Ev2")
	if n := len(b.api.sent("views.publish")); n != 1 {
		t.Errorf("%d views were shown", n)
	}
}

// meddling is a context that has ended, and whoever asks it is held up while something happens.
type meddling struct {
	context.Context
	meanwhile func()
}

func (c meddling) Err() error {
	c.meanwhile()
	return context.Canceled
}

// However a making ends, the next opening makes the view again.
func TestAHomeViewIsMadeAfterOneThatWasCutShort(t *testing.T) {
	b := newBench(t, failing)
	homes, now := b.slack.in.homes, b.now
	homes.claim("U1", now, true)
	homes.claim("U1", now, false)
	b.slack.makeHome(meddling{t.Context(), func() { homes.claim("U1", now, false) }}, "U1")
	if !homes.claim("U1", now, true) {
		t.Error("somebody is said to make it for ever")
	}
}

// When there is too much to do, so many people are told at once, and no more is begun for the others.
func TestTooMuchIsToldToSomeAtOnce(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	b.slack.in.slots = make(chan struct{})
	asked, held := make(chan struct{}, 1000), make(chan struct{})
	b.slack.cfg.Lang = func(context.Context, string) bot.Lang { asked <- struct{}{}; <-held; return bot.FI }
	for n := range 10 * maxTold {
		b.press("D1:5.0", strings.Repeat("x", n+1), strings.Repeat("y", n+1))
	}
	close(held)
	if err := b.slack.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(asked); n == 0 || n > maxTold {
		t.Errorf("%d were begun, want at most %d", n, maxTold)
	}
}
