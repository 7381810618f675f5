package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"luotsi/bot"
)

// maxBody is how much one request may carry: enough for Luotsi itself to say that a text is too long.
const maxBody = 4 << 20

func (s *Sandbox) routeAPI(mux *http.ServeMux) {
	get := func(path string, do func(*http.Request) (any, error)) {
		mux.HandleFunc("GET /sandbox/api/"+path, func(w http.ResponseWriter, r *http.Request) {
			out, err := do(r)
			s.answer(w, out, err)
		})
	}
	get("people", func(*http.Request) (any, error) { return s.cfg.People, nil })
	get("rooms", s.apiRooms)
	get("messages", s.apiMessages)
	get("clock", func(*http.Request) (any, error) {
		return map[string]string{"now": s.stamp(s.cfg.Clock.Now())}, nil
	})
	post(s, mux, "say", func(ctx context.Context, in sayInput) (any, error) {
		return s.say(ctx, in.As, in.Room, in.Text, in.Request)
	})
	post(s, mux, "submit", func(ctx context.Context, in submitInput) (any, error) {
		return s.submit(ctx, in.As, in.Form, in.Values, in.Request)
	})
	post(s, mux, "press", func(ctx context.Context, in pressInput) (any, error) {
		return s.press(ctx, in.As, in.Message, in.Button, in.Request)
	})
	post(s, mux, "join", func(ctx context.Context, in meddleInput) (any, error) {
		return struct{}{}, s.apiMeddle(ctx, in, true)
	})
	post(s, mux, "leave", func(ctx context.Context, in meddleInput) (any, error) {
		return struct{}{}, s.apiMeddle(ctx, in, false)
	})
	s.routeWorld(mux)
}

// routeWorld serves what is not done by a person in a room: time, and the chat's own ups and downs.
func (s *Sandbox) routeWorld(mux *http.ServeMux) {
	post(s, mux, "clock", func(ctx context.Context, in clockInput) (any, error) {
		to, err := time.Parse(time.RFC3339, in.To)
		if err != nil {
			return nil, errMalformed
		}
		return s.moveTo(ctx, to)
	})
	post(s, mux, "idle", func(ctx context.Context, _ struct{}) (any, error) {
		pending, retrying, err := s.cfg.Engine.Idle(ctx)
		return map[string]int{"pending": pending, "retrying": retrying}, err
	})
	post(s, mux, "account", func(ctx context.Context, in accountInput) (any, error) {
		if in.Enabled == nil {
			return nil, errMalformed
		}
		return map[string]bool{"enabled": *in.Enabled}, s.switchAccount(ctx, in.Login, *in.Enabled)
	})
	post(s, mux, "outage", func(ctx context.Context, in outageInput) (any, error) {
		if in.PlatformDown == nil {
			return nil, errMalformed
		}
		return map[string]bool{"platform_down": *in.PlatformDown}, s.Outage(ctx, *in.PlatformDown)
	})
}

type (
	sayInput    struct{ As, Room, Text, Request string }
	submitInput struct {
		As, Form, Request string
		Values            map[string]any
	}
	pressInput   struct{ As, Message, Button, Request string }
	meddleInput  struct{ As, Room, Login string }
	clockInput   struct{ To string }
	accountInput struct {
		Login   string
		Enabled *bool
	}
	outageInput struct {
		PlatformDown *bool `json:"platform_down"`
	}
)

// post serves one act of the API: JSON in, JSON out.
func post[In any](s *Sandbox, mux *http.ServeMux, path string, do func(context.Context, In) (any, error)) {
	mux.HandleFunc("POST /sandbox/api/"+path, func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if r.ContentLength != 0 && (err != nil || kind != "application/json") {
			writeJSON(w, http.StatusUnsupportedMediaType, map[string]string{"error": "Content-Type must be application/json"})
			return
		}
		var in In
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			s.answer(w, nil, err)
			return
		}
		if len(body) > 0 || path != "idle" {
			if err := json.Unmarshal(body, &in); err != nil {
				s.answer(w, nil, errMalformed)
				return
			}
		}
		out, err := do(r.Context(), in)
		s.answer(w, out, err)
	})
}

func (s *Sandbox) apiRooms(r *http.Request) (any, error) {
	as, err := s.actor(r)
	if err != nil {
		return nil, err
	}
	return s.roomsOf(r.Context(), as)
}

func (s *Sandbox) apiMessages(r *http.Request) (any, error) {
	as, err := s.actor(r)
	if err != nil {
		return nil, err
	}
	in, err := s.seenBy(r.Context(), as, r.URL.Query().Get("room"))
	if err != nil {
		return nil, err
	}
	found, err := s.read(r.Context(), as, in.ID, 0)
	out := make([]message, len(found))
	for i, m := range found {
		out[i] = s.show(m)
	}
	return out, err
}

func (s *Sandbox) apiMeddle(ctx context.Context, in meddleInput, join bool) error {
	on, err := s.isEnabled(ctx, in.As)
	if err == nil && !on {
		err = errUnknownPerson
	}
	if err != nil {
		return err
	}
	return s.meddle(ctx, in.As, in.Room, in.Login, join)
}

// actor is the person a request is made as.
func (s *Sandbox) actor(r *http.Request) (string, error) {
	as := r.URL.Query().Get("as")
	on, err := s.isEnabled(r.Context(), as)
	if err == nil && !on {
		err = errUnknownPerson
	}
	return as, err
}

// answer writes what came of a request. What went wrong inside is told by a reference only, which the log has, too.
func (s *Sandbox) answer(w http.ResponseWriter, out any, err error) {
	var input *inputError
	var big *http.MaxBytesError
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, out)
	case errors.As(err, &big):
		writeJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"error": s.inAllLanguages(bot.T("sandbox.error.too_big"))})
	case errors.As(err, &input):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": input.text})
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, http.ErrBodyReadAfterClose):
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": errMalformed.text})
	default:
		writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "internal error", "reference": s.logged(err)})
	}
}

// logged writes an unexpected error to the log and returns the reference people can tell.
func (s *Sandbox) logged(err error) string {
	ref := rand.Text()[:4]
	s.cfg.Log.Error("sandbox request failed", "reference", ref, "error", err)
	return ref
}

func (s *Sandbox) inAllLanguages(t bot.Text) string {
	said := make([]string, len(bot.Langs))
	for i, lang := range bot.Langs {
		said[i] = s.cfg.Catalog.Say(lang, t)
	}
	return strings.Join(said, " / ")
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the connection is all that can fail here
}
