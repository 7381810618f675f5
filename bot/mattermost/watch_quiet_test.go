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
// and answers pings or does not.
func connections(t *testing.T, answers bool) int {
	t.Helper()
	network := &pipes{calls: make(chan net.Conn), done: make(chan struct{})}
	var count atomic.Int32
	chat := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !websocket.IsWebSocketUpgrade(r) {
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
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		_ = conn.Close()
	})}
	m := newQuiet(t, func(c *Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{DialContext: network.dial, DisableKeepAlives: true}}
		c.House = &hearing{news: make(chan struct{})}
	})
	m.server.queue = ""
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
	return int(count.Load())
}

func TestWatchHoldsAQuietConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n := connections(t, true); n != 1 {
			t.Errorf("connected %d times", n)
		}
	})
}

func TestWatchGivesUpASilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n := connections(t, false); n < 10 || n > 14 { // every 45 seconds, and a second's pause
			t.Errorf("connected %d times", n)
		}
	})
}
