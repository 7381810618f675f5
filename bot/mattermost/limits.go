package mattermost

import (
	"context"
	"errors"
	"sync"
	"time"

	"luotsi/bot"
)

// What the server takes. Its limits on dialogs are in bytes, those on messages in characters.
const (
	postLimit      = 16_383
	titleLimit     = 24
	labelLimit     = 24
	helpLimit      = 150
	lineLimit      = 150
	areaLimit      = 3000
	choicesByRadio = 4 // more choices than this are picked from a list of their own
)

// What is taken from the server, and how long it waits.
const (
	bodyLimit = 512 << 10              // bytes of one request
	readTime  = 10 * time.Second       // for a request to arrive
	patience  = 200 * time.Millisecond // before a command or a click is told that the answer comes later
	formTime  = 25 * time.Second       // a form keeps what was typed until it is answered; the server hangs up after 30 s
	taskTime  = 24 * time.Second       // for the house to answer, then the chat
	busyTime  = 50 * time.Millisecond  // to find out in which language to say that there is no room
	lateTime  = 15 * time.Second       // to deliver an answer that is late, when it is tried once only
	insistFor = 10 * time.Minute       // to wait in all for a chat that wants to be left alone before an answer is given up
	mostTasks = 256                    // at once; and as many answers that wait for the chat
)

// errBusy: as many requests are under way as there may be, or the program is going down.
var errBusy = errors.New("mattermost: too much is under way")

// tasks are the requests under way, apart from the connections they came on.
type tasks struct {
	places chan struct{}
	mu     sync.Mutex
	closed bool
	count  sync.WaitGroup
}

func newTasks(most int) *tasks { return &tasks{places: make(chan struct{}, most)} }

// start does f on its own, with the context's values but without its end. errBusy when there is no room for it.
func (t *tasks) start(ctx context.Context, f func(context.Context)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errBusy
	}
	select {
	case t.places <- struct{}{}:
	default:
		return errBusy
	}
	t.count.Add(1)
	go func() {
		defer func() { <-t.places; t.count.Done() }()
		_ = bot.Guarded(nil, "a request of Mattermost's", func() error { f(context.WithoutCancel(ctx)); return nil })
	}()
	return nil
}

// close lets nothing more begin and waits for what is under way, or for the context's end.
func (t *tasks) close(ctx context.Context) error {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	done := make(chan struct{})
	go func() { t.count.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
