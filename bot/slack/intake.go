package slack

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// How long things last here.
const (
	promptly    = 220 * time.Millisecond // an answer that is ready by then is the acknowledgement itself
	submitWait  = 1500 * time.Millisecond
	handleLife  = 20 * time.Second
	workLife    = 45 * time.Second // with the showing, which may have to wait its turn
	replayLife  = 2*signatureLife + clockJitter
	eventLife   = time.Hour // Slack brings an event again at once, after a minute and after five
	doubleClick = 1500 * time.Millisecond
	standLife   = 25 * time.Minute // a little less than the half hour in which a message can be answered
)

// How much is done and remembered at once.
const (
	maxWorks  = 128
	maxTold   = 16 // people who are told that there is too much to do
	maxSeen   = 50_000
	maxStands = 5_000
)

// intake is what comes in from Slack: what was seen already, and the works that are under way.
type intake struct {
	prompt, submit time.Duration // how long an answer is waited for
	again          time.Duration // before a connection of Socket Mode that ended is made again, at first
	anew           time.Duration // before what panicked and goes on for as long as Luotsi does is begun anew

	signatures *memory[struct{}]
	events     *memory[struct{}] // also commands, which Socket Mode may bring twice
	clicks     *memory[struct{}] // a person's click on one button
	stands     *memory[standing] // by person and message
	homes      *homes

	slots chan struct{} // one for each work under way
	told  chan struct{} // one for each person who is being told that there is no room for theirs

	log  *slog.Logger
	life context.Context // ends when Luotsi closes
	end  func()

	mu      sync.Mutex
	running sync.WaitGroup
	closed  bool
}

// standing is a message whose button opened a form, so that it can be told later what became of it.
type standing struct {
	response string
	text     string
	label    string
	blocks   []slack.Block
}

func newIntake(log *slog.Logger) *intake {
	life, end := context.WithCancel(context.Background())
	return &intake{
		life: life, end: end,
		prompt: promptly, submit: submitWait, again: firstPause, anew: time.Minute,
		signatures: newMemory[struct{}](replayLife, maxSeen), events: newMemory[struct{}](eventLife, maxSeen),
		clicks: newMemory[struct{}](doubleClick, maxSeen), stands: newMemory[standing](standLife, maxStands),
		homes: newHomes(), slots: make(chan struct{}, maxWorks), told: make(chan struct{}, maxTold), log: log,
	}
}

// start runs f beside, apart from the request that it comes from; false when Luotsi is closing.
func (i *intake) start(ctx context.Context, f func(context.Context)) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.closed {
		return false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workLife)
	i.running.Go(func() {
		defer cancel()
		_ = bot.Guarded(i.log, "a work for Slack", func() error { f(ctx); return nil })
	})
	return true
}

// last runs f beside for as long as it takes, or until Luotsi closes, when it is cut short; false when it is closing. After a panic f
// runs anew.
func (i *intake) last(f func(context.Context)) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.closed {
		i.running.Go(func() {
			_ = bot.Restarted(i.life, i.log, "looking after Slack", i.anew, func() error { f(i.life); return nil })
		})
	}
	return !i.closed
}

// work runs f beside if there is room for another work.
func (i *intake) work(ctx context.Context, f func(context.Context)) bool {
	return i.startIn(ctx, i.slots, f)
}

// startIn runs f beside if one of the places is free.
func (i *intake) startIn(ctx context.Context, places chan struct{}, f func(context.Context)) bool {
	select {
	case places <- struct{}{}:
	default:
		return false
	}
	free := func() { <-places }
	if !i.start(ctx, func(ctx context.Context) { defer free(); f(ctx) }) {
		free()
		return false
	}
	return true
}

// Close takes nothing more in and waits until everything under way is answered, or the context ends. Closing twice waits again.
func (s *Slack) Close(ctx context.Context) error {
	s.in.mu.Lock()
	s.in.closed = true
	s.in.mu.Unlock()
	s.in.end()
	done := make(chan struct{})
	go func() { s.in.running.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
