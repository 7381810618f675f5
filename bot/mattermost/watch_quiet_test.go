package mattermost

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// pipes is a network in memory, so that time in a test's bubble passes by itself.
type pipes struct {
	calls chan net.Conn
	done  chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.calls <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.done); return nil }

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// connections is how often a watcher with its usual pace connects in ten minutes to a server that says nothing after its greeting,
// and answers pings or does not; and how often it asks something else, which the server so many times does not want.
func connections(t *testing.T, answers bool, limited int) (connected, asked int) {
	t.Helper()
	network := &pipes{calls: make(chan net.Conn), done: make(chan struct{})}
	var count, calls atomic.Int32
	chat := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !websocket.IsWebSocketUpgrade(r) {
			if int(calls.Add(1)) <= limited {
				w.Header().Set("Retry-After", "40")
				w.WriteHeader(http.StatusTooManyRequests)
			}
			_, _ = w.Write([]byte("[]"))
			return
		}
		conn, err := new(websocket.Upgrader).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		count.Add(1)
		if !answers {
			conn.SetPingHandler(func(string) error { return nil })
		}
		err = conn.WriteJSON(data{"event": "hello", "data": data{}, "seq": 0, "broadcast": data{}})
		if err == nil && limited > 0 { // of a room that it asks about
			err = conn.WriteJSON(data{"event": "channel_updated", "data": data{"channel_id": idOf("room")}, "seq": 1, "broadcast": data{}})
		}
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		_ = conn.Close()
	})}
	m := newQuiet(t, func(c *Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{DialContext: network.dial, DisableKeepAlives: true}}
		c.House = &hearing{news: make(chan struct{})}
	})
	m.found.Store(nil)
	ctx, end := context.WithCancel(t.Context())
	served, watched := make(chan error, 1), make(chan error, 1)
	go func() { served <- chat.Serve(network) }()
	go func() { watched <- m.Watch(ctx) }()
	time.Sleep(10 * time.Minute)
	end()
	if err := <-watched; err != nil {
		t.Error(err)
	}
	if err := chat.Close(); err != nil {
		t.Error(err)
	}
	<-served
	return int(count.Load()), int(calls.Load())
}

func TestWatchHoldsAQuietConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n, asked := connections(t, true, 0); n != 1 || asked != 1 {
			t.Errorf("connected %d times, asked %d times", n, asked)
		}
	})
}

// A server that wants to be left alone again and again is asked when it wants, over the same connection.
func TestWatchHoldsItsConnectionToALimitedServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n, asked := connections(t, true, 5); n != 1 || asked < 7 || asked > 20 {
			t.Errorf("connected %d times, asked %d times", n, asked)
		}
	})
}

func TestWatchGivesUpASilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n, _ := connections(t, false, 0); n < 10 || n > 14 { // every 45 seconds, and a second's pause
			t.Errorf("connected %d times", n)
		}
	})
}
