package slack

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack"
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
	maxSeen   = 50_000
	maxStands = 5_000
)

// intake is what comes in from Slack: what was seen already, and the works that are under way.
type intake struct {
	prompt, submit time.Duration

	signatures *memory[struct{}]
	events     *memory[struct{}] // also commands, which Socket Mode may bring twice
	clicks     *memory[struct{}] // a person's click on one button
	stands     *memory[standing] // by person and message
	homes      *homes

	slots chan struct{} // one for each work under way

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

func newIntake() *intake {
	life, end := context.WithCancel(context.Background())
	return &intake{
		life: life, end: end,
		prompt: promptly, submit: submitWait,
		signatures: newMemory[struct{}](replayLife, maxSeen), events: newMemory[struct{}](eventLife, maxSeen),
		clicks: newMemory[struct{}](doubleClick, maxSeen), stands: newMemory[standing](standLife, maxStands),
		homes: newHomes(), slots: make(chan struct{}, maxWorks),
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
		f(ctx)
	})
	return true
}

// last runs f beside for as long as it takes, or until Luotsi closes, when it is cut short; false when it is closing.
func (i *intake) last(f func(context.Context)) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !i.closed {
		i.running.Go(func() { f(i.life) })
	}
	return !i.closed
}

// work runs f beside if there is room for another work.
func (i *intake) work(ctx context.Context, f func(context.Context)) bool {
	select {
	case i.slots <- struct{}{}:
	default:
		return false
	}
	free := func() { <-i.slots }
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
