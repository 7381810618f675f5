package slack

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"luotsi/bot"
)

// urgency says who goes first when calls wait for their turn.
type urgency int

// The urgencies, the most urgent first.
const (
	removal urgency = iota // somebody must be out of a room now
	holding                // within another call's turn, which keeps a place and a connection to the database meanwhile
	facing                 // somebody sits in front of a screen and waits
	housing                // rooms and who is in them
	talking                // messages and home views
	looking                // through what was said while nobody heard
)

// How many calls may be on their way at once. Removals have places of their own, and a call within another's turn needs none: were it
// to wait for one, as many such turns as there are places would wait for each other.
const (
	widthOrdinary = 6
	widthRemoval  = 8
)

// How long a call waits for its turn before it is put off: whoever waits could do something else meanwhile. A job must be put off
// before its own time is over.
const (
	patience        = 15 * time.Second
	patienceFacing  = 10 * time.Second
	patienceRemoval = 25 * time.Second
	patienceHolding = 5 * time.Second
	patienceLooking = 10 * time.Minute
)

// messageGap keeps to one message a second in a channel. It is counted from the answer to the one before, so that no delay on
// the way can bring two closer together.
const messageGap = time.Second

// timer is what the queue needs of a running timer.
type timer interface{ Stop() bool }

// clock is the time that rates are counted in. Tests run one that is faster.
type clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) timer
}

type wallClock struct{}

func (wallClock) Now() time.Time                            { return time.Now() }
func (wallClock) AfterFunc(d time.Duration, f func()) timer { return time.AfterFunc(d, f) }

// call is one call of a method as the queue sees it.
type call struct {
	method  string
	channel string // where a message is said; empty for everything else
	urgency urgency
}

// lane is what calls of one method, or messages in one channel, share.
type lane struct {
	limit *rate.Limiter // nil: none
	gap   time.Duration // if set, one call at a time with this much between them
	busy  bool
	from  time.Time // closed until then
	users int       // calls waiting or on their way
}

// wait tells how long a call must wait for the lane; zero: not at all.
func (l *lane) wait(now time.Time) time.Duration {
	if l.busy {
		return time.Hour // until the one before is done, which looks again
	}
	w := max(l.from.Sub(now), 0)
	if l.limit != nil {
		if lacks := 1 - l.limit.TokensAt(now); lacks > 0 {
			w = max(w, time.Duration(lacks/float64(l.limit.Limit())*float64(time.Second))+time.Millisecond)
		}
	}
	return w
}

func (l *lane) enter(now time.Time) {
	if l.limit != nil {
		l.limit.AllowN(now, 1)
	}
	l.busy = l.gap > 0
}

// waiter is a call that waits for its turn.
type waiter struct {
	urgency urgency
	lanes   []*lane
	turn    chan struct{} // closed when it is its turn
}

// places is how many of the queue's places the call takes.
func (w *waiter) places() int {
	if w.urgency == holding {
		return 0
	}
	return 1
}

// queue lets calls to Slack through at the rates Slack bears, the most urgent first and otherwise in the order they came. It has no
// goroutine of its own.
type queue struct {
	clock    clock
	log      *slog.Logger
	patience map[urgency]time.Duration

	mu      sync.Mutex
	lanes   map[string]*lane
	waiting []*waiter // in the order of their turns
	running int
	alarm   timer
}

func newQueue(c clock, log *slog.Logger) *queue {
	return &queue{
		clock: c, log: log, lanes: map[string]*lane{},
		patience: map[urgency]time.Duration{
			removal: patienceRemoval, holding: patienceHolding, facing: patienceFacing, housing: patience, talking: patience, looking: patienceLooking,
		},
	}
}

// do waits for the call's turn and makes it. work tells for how long Slack wants no more calls of the kind. A call whose turn does
// not come in reasonable time is put off with *bot.RetryError; nothing was done then.
func (q *queue) do(ctx context.Context, c call, work func() (closed time.Duration)) error {
	w := q.join(c)
	late := make(chan struct{})
	t := q.clock.AfterFunc(q.patience[c.urgency], func() { close(late) })
	defer t.Stop()
	select {
	case <-w.turn:
	case <-ctx.Done():
		if q.giveUp(w) {
			return ctx.Err()
		}
	case <-late:
		if q.giveUp(w) {
			return &bot.RetryError{After: q.delay(w), Err: fmt.Errorf("slack %s: too many calls are waiting", c.method)}
		}
	}
	closed := time.Duration(0)
	defer func() { q.leave(w, closed) }()
	closed = work()
	return nil
}

func (q *queue) join(c call) *waiter {
	q.mu.Lock()
	defer q.mu.Unlock()
	w := &waiter{urgency: c.urgency, turn: make(chan struct{}), lanes: []*lane{q.lane(c.method, 0)}}
	if c.channel != "" {
		w.lanes = append(w.lanes, q.lane(c.method+" "+c.channel, messageGap))
	}
	for _, l := range w.lanes {
		l.users++
	}
	i, _ := slices.BinarySearchFunc(q.waiting, w.urgency+1, func(o *waiter, u urgency) int { return int(o.urgency - u) })
	q.waiting = slices.Insert(q.waiting, i, w)
	q.pump()
	return w
}

func (q *queue) lane(name string, gap time.Duration) *lane {
	l := q.lanes[name]
	if l == nil {
		l = &lane{gap: gap}
		if gap == 0 {
			l.limit = budget(name)
		}
		q.lanes[name] = l
	}
	return l
}

// budget is a limiter under which no minute ever holds more calls than the method's tier: what may come at once and what flows
// in during the minute are together a little less.
func budget(method string) *rate.Limiter {
	n := perMinute[method]
	if n == 0 {
		n = tier2
	}
	burst := n / 4
	return rate.NewLimiter(rate.Limit(float64(n-burst)*0.9/60), burst)
}

// giveUp takes a call out of the queue, unless its turn has come already.
func (q *queue) giveUp(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, w)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	q.forget(w)
	q.pump()
	return true
}

// delay is when a call that gave up should come again.
func (q *queue) delay(w *waiter) time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	d := patienceFacing
	for _, l := range w.lanes {
		d = max(d, l.from.Sub(q.clock.Now()))
	}
	return d
}

func (q *queue) leave(w *waiter, closed time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running -= w.places()
	now := q.clock.Now()
	for _, l := range w.lanes {
		l.busy = false
		l.from = later(l.from, now.Add(max(l.gap, closed)))
	}
	q.forget(w)
	q.pump()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// forget counts a call out of its lanes and drops the channels' lanes that say nothing any more.
func (q *queue) forget(w *waiter) {
	for _, l := range w.lanes {
		l.users--
	}
	now := q.clock.Now()
	for name, l := range q.lanes {
		if l.gap > 0 && l.users == 0 && !l.from.After(now) {
			delete(q.lanes, name)
		}
	}
}

// alarmed looks whose turn it is when a time has come. After a panic the next call that comes or goes looks again.
func (q *queue) alarmed() {
	_ = bot.Guarded(q.log, "letting calls to Slack through", func() error {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.pump()
		return nil
	})
}

// pump lets through everyone whose turn it is and sets the alarm for the next.
func (q *queue) pump() {
	if q.alarm != nil {
		q.alarm.Stop()
		q.alarm = nil
	}
	now, next := q.clock.Now(), time.Hour
	q.waiting = slices.DeleteFunc(q.waiting, func(w *waiter) bool {
		if w.places() > 0 && (q.running >= widthRemoval || w.urgency != removal && q.running >= widthOrdinary) {
			return false
		}
		wait := time.Duration(0)
		for _, l := range w.lanes {
			wait = max(wait, l.wait(now))
		}
		if wait > 0 {
			next = min(next, wait)
			return false
		}
		for _, l := range w.lanes {
			l.enter(now)
		}
		q.running += w.places()
		close(w.turn)
		return true
	})
	if len(q.waiting) > 0 && next < time.Hour {
		q.alarm = q.clock.AfterFunc(next, q.alarmed)
	}
}
