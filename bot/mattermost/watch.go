package mattermost

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// watcher hears what happens in the rooms and tells the house. What it misses while the connection is down it looks up after.
type watcher struct {
	*Mattermost
	pace
	rooms   rooms
	heard   map[string]int64 // identity codes that were told of: by post, when it was last edited
	since   int64            // the server's time, in milliseconds, up to which everything was heard and told
	newest  int64            // likewise, of the newest that was heard or read, told or not
	behind  bool             // something that was said since then is not told yet
	unswept bool             // something may have happened in any room that is not told yet
	past    past             // what is being looked through
	swept   time.Time        // when all rooms were last told of
}

// pace is how a watcher waits.
type pace struct {
	again, most time.Duration // before connecting again: at first, and at most
	ping, quiet time.Duration // how often to ask whether the server is there, and when to give it up
	refresh     time.Duration // the least time between two questions to the house which rooms are open
	insist      time.Duration // before the first repetition of what the house could not take
	every       time.Duration // the least time between two tellings of all rooms, and before what could not be told is looked up
	back        time.Duration // how far back messages are looked through at most
	step        time.Duration // between two channels that are looked through
}

func newWatcher(m *Mattermost) *watcher {
	return &watcher{
		Mattermost: m,
		pace: pace{
			again: time.Second, most: 30 * time.Second, ping: 20 * time.Second, quiet: 45 * time.Second,
			refresh: time.Second, insist: time.Second, every: time.Minute, back: 24 * time.Hour,
			step: 250 * time.Millisecond,
		},
		heard: map[string]int64{},
	}
}

// Watch hears what people do in Luotsi's rooms until the context ends, and tells the house: somebody was put in or went, a room
// was renamed, made public or archived, an identity code was written, an account was closed. It connects again when the
// connection is lost, and then looks up what it missed. The only error is that watching was not set up.
func (m *Mattermost) Watch(ctx context.Context) error {
	if m.cfg.House == nil || m.server.me == "" {
		return errors.New("mattermost: watching needs a house and a successful start")
	}
	w := newWatcher(m)
	w.since = m.cfg.Now().Add(-w.back).UnixMilli()
	w.run(ctx)
	return nil
}

func (w *watcher) run(ctx context.Context) {
	pause := w.again
	for ctx.Err() == nil {
		began := time.Now()
		err := bot.Guarded(w.cfg.Log, "watching Mattermost", func() error { return w.session(ctx) })
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > w.most {
			pause = w.again
		}
		w.cfg.Log.WarnContext(ctx, "watching Mattermost was interrupted", "error", err, "again_in", pause)
		// Spread out, so that a server that comes up again is not met by all at once.
		sleep(ctx, pause/2+rand.N(pause/2+1))
		pause = min(2*pause, w.most)
	}
}

// sleep waits, and reports false when the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// session connects, looks up what was missed, and hears events until something breaks.
func (w *watcher) session(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	conn, err := w.dial(ctx)
	if err != nil {
		return err
	}
	events, broken := make(chan *model.WebSocketEvent, 256), make(chan error, 1)
	var alive sync.WaitGroup
	alive.Go(func() {
		_ = bot.Guarded(w.cfg.Log, "asking whether Mattermost is there", func() error { w.knock(ctx, conn); return nil })
	})
	alive.Go(func() {
		broken <- bot.Guarded(w.cfg.Log, "hearing Mattermost", func() error { return w.listen(ctx, conn, events) })
	})
	defer func() { end(); _ = conn.Close(); alive.Wait() }()
	if err := w.greeted(ctx, events, broken); err != nil {
		return err
	}
	w.unswept, w.past = true, past{}
	err = w.catchUp(ctx) // from here on nothing is missed; what came before is looked up
	var owed, next <-chan time.Time
	for wait := w.step; err == nil; {
		if w.past.left && next == nil {
			next = time.After(wait)
		}
		if wait, owes := w.owes(); owes && owed == nil {
			owed = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err = <-broken:
		case <-owed:
			owed, err = nil, w.catchUp(ctx)
		case <-next:
			next = nil
			wait, err = w.patient(w.readOn(ctx))
		case e := <-events:
			err = w.heardLater(w.hear(ctx, e))
		}
	}
	return err
}

// greeted waits for the server's greeting. One that does not know the token says nothing at all.
func (w *watcher) greeted(ctx context.Context, events <-chan *model.WebSocketEvent, broken <-chan error) error {
	late := time.NewTimer(w.quiet)
	defer late.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-broken:
		return err
	case <-late.C:
		return errors.New("the server did not greet: does it know the token?")
	case e := <-events:
		if e.EventType() != model.WebsocketEventHello {
			return errors.New("the server did not greet")
		}
		return nil
	}
}

// patient takes a server that wants to be left alone for a while at its word: that breaks no connection.
func (w *watcher) patient(err error) (wait time.Duration, other error) {
	var later *bot.RetryError
	if errors.As(err, &later) {
		return later.After, nil
	}
	return w.step, err
}

// heardLater has what an event was about looked up, when the server wanted to be left alone just then.
func (w *watcher) heardLater(err error) error {
	var later *bot.RetryError
	if !errors.As(err, &later) {
		return err
	}
	w.behind, w.unswept = true, true
	return nil
}

// owes reports whether something is to be looked up again, and how long that may wait.
func (w *watcher) owes() (wait time.Duration, owes bool) {
	if w.unswept {
		return w.every - time.Since(w.swept), true
	}
	return w.every, w.behind
}

// listen reads events in their order. A gap in their numbers means that some were lost.
func (w *watcher) listen(ctx context.Context, conn *websocket.Conn, events chan<- *model.WebSocketEvent) error {
	awake := func() error { return conn.SetReadDeadline(time.Now().Add(w.quiet)) }
	conn.SetPongHandler(func(string) error { return awake() })
	for next := int64(0); ; {
		if err := awake(); err != nil {
			return err
		}
		_, data, err := conn.ReadMessage()
		if err != nil {
			return fmt.Errorf("the connection ended: %w", err)
		}
		e, err := model.WebSocketEventFromJSON(strings.NewReader(string(data)))
		if err != nil || !e.IsValid() { // an answer to something, not an event
			continue
		}
		if e.GetSequence() != next {
			return errors.New("events were lost")
		}
		next++
		select {
		case events <- e:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// knock asks now and then whether the server is there: a connection may die without a word.
func (w *watcher) knock(ctx context.Context, conn *websocket.Conn) {
	ticker := time.NewTicker(w.ping)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(w.ping)) != nil {
				return // the reader finds out too
			}
		}
	}
}

func (w *watcher) dial(ctx context.Context) (*websocket.Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: callTimeout, Proxy: http.ProxyFromEnvironment}
	if w.cfg.HTTP != nil {
		if own, ok := w.cfg.HTTP.Transport.(*http.Transport); ok {
			dialer.Proxy, dialer.NetDialContext, dialer.TLSClientConfig = own.Proxy, own.DialContext, cloneTLS(own.TLSClientConfig)
		}
	}
	address := "ws" + strings.TrimPrefix(w.cfg.URL, "http") + model.APIURLSuffix + "/websocket"
	conn, answer, err := dialer.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + w.cfg.Token}})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close()
	}
	var network net.Error
	switch {
	case err == nil:
		conn.SetReadLimit(answerLimit)
		return conn, nil
	case answer != nil:
		return nil, &refused{Status: answer.StatusCode}
	case errors.As(err, &network):
		return nil, fmt.Errorf("connecting: %w", network)
	}
	return nil, fmt.Errorf("connecting: %w", err)
}

func cloneTLS(c *tls.Config) *tls.Config {
	if c == nil {
		return nil
	}
	c = c.Clone()
	c.NextProtos = nil // a websocket is HTTP/1.1
	return c
}

// decode reads JSON that stands as text inside an event.
func decode[T any](e *model.WebSocketEvent, field string) (v T, ok bool) {
	text, _ := e.GetData()[field].(string)
	return v, text != "" && json.Unmarshal([]byte(text), &v) == nil
}
