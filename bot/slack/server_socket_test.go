package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// wsPatience is how long is waited for Luotsi: longer than Slack does, as this machine may be busy.
const wsPatience = time.Minute

// wsAckLimit is how large an acknowledgement may be; a larger one Slack drops without a word.
const wsAckLimit = 20 << 10

// wsSockets are the connections of Socket Mode.
type wsSockets struct {
	beside sync.WaitGroup

	mu      sync.Mutex
	tickets map[string]bool
	open    []*wsSocket
	changed chan struct{} // told when one is opened or closed
	turn    int
	acks    map[string]chan json.RawMessage
	serial  int
}

func (s *wsSockets) init() {
	s.tickets, s.acks, s.changed = map[string]bool{}, map[string]chan json.RawMessage{}, make(chan struct{}, 1)
}

type wsSocket struct {
	conn  *websocket.Conn
	write sync.Mutex
}

func (w *workspace) openSocket(wsCall) (wsAnswer, string) {
	s := &w.sockets
	s.mu.Lock()
	defer s.mu.Unlock()
	ticket := w.id("ticket")
	s.tickets[ticket] = true
	return wsAnswer{"url": "ws" + strings.TrimPrefix(w.server.URL, "http") + "/socket/" + ticket}, ""
}

func (w *workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	s := &w.sockets
	s.mu.Lock()
	good := s.tickets[r.PathValue("ticket")] && len(s.open) < 10
	delete(s.tickets, r.PathValue("ticket"))
	s.mu.Unlock()
	if !good {
		rw.WriteHeader(http.StatusForbidden)
		return
	}
	conn, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(rw, r, nil) // clients name Slack
	if err != nil {
		return
	}
	socket := &wsSocket{conn: conn}
	socket.send(wsAnswer{"type": "hello", "num_connections": 1, "connection_info": wsAnswer{"app_id": w.app}, "debug_info": wsAnswer{"host": "test"}})
	s.mu.Lock()
	s.open = append(s.open, socket)
	s.mu.Unlock()
	tellOne(s.changed)
	defer func() {
		s.mu.Lock()
		s.open = slices.DeleteFunc(s.open, func(o *wsSocket) bool { return o == socket })
		s.mu.Unlock()
		tellOne(s.changed)
		_ = conn.Close()
	}()
	for {
		_, raw, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var ack struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(raw, &ack) != nil || len(raw) > wsAckLimit {
			w.t.Errorf("acknowledgement of %d bytes", len(raw))
			continue
		}
		s.mu.Lock()
		waiting := s.acks[ack.Envelope]
		delete(s.acks, ack.Envelope)
		s.mu.Unlock()
		if waiting != nil {
			waiting <- ack.Payload
		}
	}
}

func (o *wsSocket) send(v any) {
	o.write.Lock()
	defer o.write.Unlock()
	_ = o.conn.WriteJSON(v)
}

func (s *wsSockets) any() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open) > 0
}

// tellOne has whoever waits for the channel look again.
func tellOne(news chan struct{}) {
	select {
	case news <- struct{}{}:
	default:
	}
}

// opened waits until so many connections are open.
func (s *wsSockets) opened(n int) error {
	return s.until(func(open []*wsSocket) bool { return len(open) >= n })
}

// until waits for something to be so of the open connections.
func (s *wsSockets) until(is func(open []*wsSocket) bool) error {
	late := time.NewTimer(wsPatience)
	defer late.Stop()
	for {
		s.mu.Lock()
		open := slices.Clone(s.open)
		s.mu.Unlock()
		if is(open) {
			return nil
		}
		select {
		case <-s.changed:
		case <-late.C:
			return fmt.Errorf("%d connections are open", len(open))
		}
	}
}

// deliver sends an envelope over one of the connections in turn, and over another if it is not acknowledged.
func (s *wsSockets) deliver(w *workspace, path string, body []byte) []byte {
	kind := map[string]string{"command": "slash_commands", "interaction": "interactive", "event": "events_api"}[path]
	s.mu.Lock()
	s.serial++
	id := fmt.Sprintf("envelope-%d", s.serial)
	s.mu.Unlock()
	for attempt := range 3 {
		acked := make(chan json.RawMessage, 1)
		s.mu.Lock()
		if len(s.open) == 0 {
			s.mu.Unlock()
			w.t.Errorf("%s: no connection to deliver it over", path)
			return nil
		}
		socket := s.open[s.turn%len(s.open)]
		s.turn++
		s.acks[id] = acked
		s.mu.Unlock()
		socket.send(wsAnswer{
			"type": kind, "envelope_id": id, "payload": json.RawMessage(body), "accepts_response_payload": path != "event", "retry_attempt": attempt,
		})
		select {
		case payload := <-acked:
			return payload
		case <-time.After(wsPatience):
		}
	}
	w.t.Errorf("%s: never acknowledged", path)
	return nil
}

// disconnect tells every connection to go, as Slack does now and then, and waits until as many others are there.
func (s *wsSockets) disconnect(t testing.TB, reason string) {
	t.Helper()
	s.mu.Lock()
	old := slices.Clone(s.open)
	s.mu.Unlock()
	for _, o := range old {
		o.send(wsAnswer{"type": "disconnect", "reason": reason, "debug_info": wsAnswer{"host": "test"}})
	}
	err := s.until(func(open []*wsSocket) bool {
		return len(open) == len(old) && !slices.ContainsFunc(open, func(o *wsSocket) bool { return slices.Contains(old, o) })
	})
	if err != nil {
		t.Fatal("the connections were not renewed: ", err)
	}
}

func (s *wsSockets) closeAll() {
	s.mu.Lock()
	open := slices.Clone(s.open)
	s.mu.Unlock()
	for _, o := range open {
		_ = o.conn.Close()
	}
	s.beside.Wait()
}
