package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"

	"luotsi/bot"
)

// Where the server sends what people do.
const (
	commandPath = "/mattermost/command"
	dialogPath  = "/mattermost/dialog"
	actionPath  = "/mattermost/action"
)

// Handler takes what the server sends: slash commands, forms and clicks. Nothing about a request but its way and its outcome is
// logged. It answers a command or click within a third of a second, later in another way if the answer takes longer.
func (m *Mattermost) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+commandPath, m.serveCommand)
	mux.HandleFunc("POST "+dialogPath, m.serveForm)
	mux.HandleFunc("POST "+actionPath, m.serveClick)
	return mux
}

// Close takes nothing more and waits for what is under way and for answers that wait for the chat, or for the context's end.
func (m *Mattermost) Close(ctx context.Context) error {
	return errors.Join(m.tasks.close(ctx), m.unsaid.close(ctx)) // in this order: the first may leave something to the second
}

func (m *Mattermost) serveCommand(w http.ResponseWriter, r *http.Request) {
	body, ok := m.read(w, r, "application/x-www-form-urlencoded")
	if !ok {
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		m.refuse(w, commandPath, http.StatusBadRequest)
		return
	}
	if !m.ourCommand(form.Get("token"), r.Header) {
		m.refuse(w, commandPath, http.StatusUnauthorized)
		return
	}
	a, err := m.decodeCommand(form)
	if err != nil {
		m.refuse(w, commandPath, http.StatusBadRequest)
		return
	}
	m.attend(w, r, a, m.prompt)
}

func (m *Mattermost) serveClick(w http.ResponseWriter, r *http.Request) {
	body, ok := m.read(w, r, "application/json")
	if !ok {
		return
	}
	a, err := m.decodeClick(body, m.ourClick(r.URL.Query().Get(passName)))
	if err != nil {
		m.refuse(w, actionPath, http.StatusBadRequest)
		return
	}
	m.attendDoubting(w, r, a, a.Press, m.prompt)
}

func (m *Mattermost) serveForm(w http.ResponseWriter, r *http.Request) {
	body, ok := m.read(w, r, "application/json")
	if !ok {
		return
	}
	a, cancelled, err := m.decodeForm(body)
	switch {
	case err != nil:
		m.refuse(w, dialogPath, http.StatusBadRequest)
	case cancelled:
		m.write(w, struct{}{})
	default:
		m.attendDoubting(w, r, a, a.Submit, formTime)
	}
}

// read takes a request's body of the kind, as much as may come and as long as it may take.
func (m *Mattermost) read(w http.ResponseWriter, r *http.Request, kind string) ([]byte, bool) {
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != kind {
		m.refuse(w, r.Pattern, http.StatusUnsupportedMediaType)
		return nil, false
	}
	// A connection without deadlines has its server's own limits. The deadline ends with the body, or it would end the answer.
	conn := http.NewResponseController(w)
	limited := conn.SetReadDeadline(time.Now().Add(readTime)) == nil
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if limited && err == nil {
		err = conn.SetReadDeadline(time.Time{})
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		m.refuse(w, r.Pattern, http.StatusRequestEntityTooLarge)
	case err != nil:
		m.refuse(w, r.Pattern, http.StatusBadRequest)
	}
	return body, err == nil
}

// refuse says no to what did not come from the server, or not whole. Nothing is told of why but the status.
func (m *Mattermost) refuse(w http.ResponseWriter, path string, status int) {
	m.cfg.Log.Warn("mattermost: a request was refused", "path", path, "status", status)
	http.Error(w, http.StatusText(status), status)
}

// write answers in JSON, which the server takes for it only when told.
func (m *Mattermost) write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		m.cfg.Log.Warn("mattermost: an answer could not be sent", "error", err)
	}
}

// attendDoubting attends to a form or click, but hands on no more than some forged ones a minute, so that nobody fills the house's log
// with them. The others get the same denial, in the house's language: which somebody reads, only the house knows.
func (m *Mattermost) attendDoubting(w http.ResponseWriter, r *http.Request, a asking, ticket string, wait time.Duration) {
	if ticket != forged || m.invented.Room(a.User, a.At) {
		m.attend(w, r, a, wait)
		return
	}
	m.cfg.Log.Warn("mattermost: too much that is forged", "path", r.Pattern)
	denial := m.cfg.Catalog.Say(m.cfg.HouseLang.Known(), bot.T("refusal.not_found"))
	m.write(w, m.reply(a, outcome{fault: denial, here: []bot.Post{{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: denial}}}}}))
}

// attend has the house answer apart from the connection, and waits for the answer for a while. What comes later goes another way.
func (m *Mattermost) attend(w http.ResponseWriter, r *http.Request, a asking, wait time.Duration) {
	done, left := make(chan any), make(chan struct{})
	err := m.tasks.start(r.Context(), func(ctx context.Context) {
		o, deliver := m.carry(ctx, a), m.after
		var reply any
		err := bot.Guarded(m.cfg.Log, "showing an answer in Mattermost", func() error { reply = m.reply(a, o); return nil })
		if err != nil {
			o = m.broken(ctx, a, err)
			reply = m.reply(a, o)
		}
		select {
		case done <- reply:
		case <-left:
			deliver = m.late
		}
		m.aside(ctx, func(ctx context.Context) { deliver(ctx, a, o) })
	})
	if err != nil {
		m.cfg.Log.Warn("mattermost: too much is under way", "path", r.Pattern)
		m.write(w, m.reply(a, m.noRoom(r.Context(), a)))
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case reply := <-done:
		m.write(w, reply)
	case <-timer.C:
		close(left)
		m.write(w, struct{}{})
	case <-r.Context().Done():
		close(left)
	}
}
