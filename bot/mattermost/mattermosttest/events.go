package mattermosttest

import (
	"encoding/json"
	"net/http"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

// socket is one open websocket.
type socket struct {
	user string
	out  chan []byte
	conn *websocket.Conn
	seq  int64
}

// connect opens a websocket. Whoever has no valid token hears nothing, as on a real server.
func (s *Server) connect(w http.ResponseWriter, r *http.Request, user *Member) {
	var up websocket.Upgrader
	conn, err := up.Upgrade(w, r, nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	k := &socket{out: make(chan []byte, 1000), conn: conn}
	s.sockets[k] = true
	go func() {
		for raw := range k.out {
			if conn.WriteMessage(websocket.TextMessage, raw) != nil {
				break
			}
		}
		_ = conn.Close()
	}()
	go func() { // answers pings
		for {
			if _, _, err := conn.ReadMessage(); err != nil {
				s.mu.Lock()
				s.hangUp(k)
				s.mu.Unlock()
				return
			}
		}
	}()
	if user != nil {
		k.user = user.Id
		s.send(k, "hello", Data{"server_version": s.Version}, "")
	}
}

func (s *Server) hangUp(k *socket) {
	if s.sockets[k] {
		delete(s.sockets, k)
		close(k.out)
	}
}

// Drop breaks all websockets.
func (s *Server) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.sockets {
		_ = k.conn.Close()
		s.hangUp(k)
	}
}

// LoseEvent has all websockets miss one event.
func (s *Server) LoseEvent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.sockets {
		k.seq++
	}
}

// tell sends an event to a channel's members, or to some people.
func (s *Server) tell(event string, what Data, channel string, users ...string) {
	for k := range s.sockets {
		to := false
		if c := s.Channels[channel]; c != nil {
			to = c.Members[k.user] != ""
		}
		for _, u := range users {
			to = to || u == k.user
		}
		if to {
			s.send(k, event, what, channel)
		}
	}
}

func (s *Server) send(k *socket, event string, what Data, channel string) {
	raw, err := json.Marshal(Data{
		"event": event, "data": what, "seq": k.seq, "broadcast": model.WebsocketBroadcast{ChannelId: channel},
	})
	if err != nil {
		s.t.Error(err)
		return
	}
	k.seq++
	select {
	case k.out <- raw:
	default:
		s.hangUp(k) // as a server does with one who does not keep up
	}
}
