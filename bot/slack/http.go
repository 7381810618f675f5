package slack

import (
	"errors"
	"io"
	"mime"
	"net/http"
)

// How large a request's body may be, in bytes. A modal comes back whole, with all its choices.
const (
	maxCommandBody     = 64 << 10
	maxInteractionBody = 4 << 20
	maxEventBody       = 1 << 20
)

// Handler takes what Slack sends to /slack/command, /slack/interaction and /slack/event. It answers within Slack's three
// seconds whatever Luotsi's own work takes.
func (s *Slack) Handler() http.Handler {
	mux := http.NewServeMux()
	const form, object = "application/x-www-form-urlencoded", "application/json"
	mux.Handle("POST /slack/command", s.receive(form, maxCommandBody, commandForm))
	mux.Handle("POST /slack/interaction", s.receive(form, maxInteractionBody, interactionForm))
	mux.Handle("POST /slack/event", s.receive(object, maxEventBody, eventJSON))
	return mux
}

// receive proves that a request is Slack's and of now, and takes what it holds.
func (s *Slack) receive(content string, limit int64, decode func([]byte) (deed, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != content {
			w.WriteHeader(http.StatusUnsupportedMediaType)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err != nil {
			w.WriteHeader(unread(err))
			return
		}
		now := s.cfg.Now()
		seal, err := verify(s.cfg.SigningSecret, r.Header, body, now)
		if err != nil {
			s.cfg.Log.WarnContext(r.Context(), "a request to Slack's address is refused", "path", r.URL.Path, "why", err.Error())
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		d, err := decode(body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if d.kind == challenge {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = io.WriteString(w, d.answer)
			return
		}
		if !s.in.signatures.put(seal, struct{}{}, now) {
			s.cfg.Log.WarnContext(r.Context(), "a request of Slack's came twice and is not done again", "path", r.URL.Path)
			return
		}
		ack, ok := s.take(r.Context(), d, 0)
		if !ok { // Slack brings it again
			s.in.signatures.drop(seal)
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if len(ack) > 0 {
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(ack)
		}
	})
}

// unread is the status of a request whose body did not come whole.
func unread(err error) int {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}
