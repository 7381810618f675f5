package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"net/http"
	"strconv"

	"luotsi/bot"
	"luotsi/bot/page"
)

// policy lets the page load only what this program serves itself: no inline script or style, no frames.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// views are the page's templates.
type views struct{ *template.Template }

func newViews() (*views, error) {
	t, err := template.New("").Funcs(template.FuncMap{"pair": func(v *pageView, m messageView) messagePair { return messagePair{v, m} }}).
		ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	return &views{t}, nil
}

func (s *Sandbox) routePage(mux *http.ServeMux) {
	static := http.StripPrefix("/sandbox/static/", http.FileServerFS(folder("static")))
	mux.Handle("GET /sandbox/static/", cached(static))
	mux.Handle("GET /sandbox/form/", cached(http.StripPrefix("/sandbox/form/", http.FileServerFS(page.Static))))
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/sandbox/static/mark.svg", http.StatusMovedPermanently)
	})
	mux.HandleFunc("GET /sandbox/live", s.live)
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /sandbox/part/news", s.news)
	mux.HandleFunc("GET /sandbox/part/clock", s.clockPart)
	mux.HandleFunc("GET /sandbox/part/when", s.whenPart)
	mux.HandleFunc("POST /sandbox/say", s.pageSay)
	mux.HandleFunc("POST /sandbox/press", s.pagePress)
	mux.HandleFunc("POST /sandbox/submit", s.pageSubmit)
	mux.HandleFunc("POST /sandbox/clock", s.pageClock)
	mux.HandleFunc("POST /sandbox/hello", s.pageHello)
}

// cached lets browsers keep what changes only with the program, but ask whether it has.
func cached(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Cache-Control", "no-cache")
		h.ServeHTTP(w, r)
	})
}

// home is the page. Who and where stand in its address; without a person it is the first one whose account works, without
// a room the person's direct messages.
func (s *Sandbox) home(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if errors.Is(err, errUnknownPerson) {
		var on []string
		if on, err = s.enabled(r.Context()); err == nil && len(on) > 0 {
			http.Redirect(w, r, "/?as="+on[0]+"&room="+directRoom, http.StatusSeeOther)
			return
		}
	}
	if err != nil {
		s.broken(w, s.bare(r, as), err)
		return
	}
	in, err := s.seenBy(r.Context(), as, r.URL.Query().Get("room"))
	if err != nil {
		http.Redirect(w, r, "/?as="+as+"&room="+directRoom, http.StatusSeeOther)
		return
	}
	v, err := s.view(r, as, in, 0)
	if err != nil {
		s.broken(w, v, err)
		return
	}
	if _, err := r.Cookie(helloCookie + as); err != nil && in.ID == directRoom {
		v.Hello = hello(v.Me.Person)
	}
	s.render(w, "page", v)
}

// news is what a window has not seen yet: new and edited messages, and the list of rooms if it looks different.
func (s *Sandbox) news(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		w.Header().Set("HX-Redirect", "/")
		return
	}
	in, err := s.seenBy(r.Context(), as, r.URL.Query().Get("room"))
	lost := errors.Is(err, errUnknownRoom)
	if lost {
		in, err = s.seenBy(r.Context(), as, directRoom)
	}
	if err != nil {
		s.broken(w, s.bare(r, as), err)
		return
	}
	since, _ := strconv.ParseInt(r.URL.Query().Get("since"), 10, 64) // no number is as good as having seen nothing
	v, err := s.view(r, as, in, since)
	if err != nil {
		s.broken(w, v, err)
		return
	}
	if lost {
		v.Room.ID = r.URL.Query().Get("room")
		s.render(w, "lost", v)
		return
	}
	v.SideChanged = v.SideHash != r.URL.Query().Get("side")
	s.render(w, "news", v)
}

// view gathers what the page shows, of the messages those after the change number, and marks the room as read.
func (s *Sandbox) view(r *http.Request, as string, in room, since int64) (*pageView, error) {
	ctx := r.Context()
	v := s.bare(r, as)
	found, err := s.read(ctx, as, in.ID, since)
	if err != nil {
		return v, err
	}
	day, err := s.dayBefore(ctx, v.Lang, as, in.ID, since)
	if err != nil {
		return v, err
	}
	v.fill(s, in, found, since, day)
	if err := s.markSeen(ctx, as, in.ID, v.lastSeq); err != nil {
		return v, err
	}
	rooms, err := s.roomsOf(ctx, as)
	if err != nil {
		return v, err
	}
	unread, err := s.unread(ctx)
	if err != nil {
		return v, err
	}
	v.side(s, in, rooms, unread)
	v.Room = v.roomView(s, in, 0)
	var look bytes.Buffer
	if err := s.views.ExecuteTemplate(&look, "side", v); err != nil {
		return v, err
	}
	if err := s.views.ExecuteTemplate(&look, "roomhead", v); err != nil {
		return v, err
	}
	h := fnv.New64a()
	_, _ = h.Write(look.Bytes())
	v.SideHash = strconv.FormatUint(h.Sum64(), 36)
	return v, nil
}

func (s *Sandbox) clockPart(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		w.Header().Set("HX-Redirect", "/")
		return
	}
	s.render(w, "clocktime", s.bare(r, as))
}

// whenPart says in full what a typed date was understood as, or nothing while it is not understood.
func (s *Sandbox) whenPart(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		return
	}
	v, q := s.bare(r, as), r.URL.Query()
	typed, past, now := q.Get(q.Get("field")), q.Get("past") != "", s.cfg.Clock.Now()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if q.Get("kind") == string(bot.Day) {
		if day, err := bot.ParseDay(typed, now, past); err == nil {
			_, _ = fmt.Fprint(w, template.HTMLEscapeString(bot.FormatDate(v.Lang, day.In(s.zone))))
		}
		return
	}
	if at, err := bot.ParseMoment(typed, now, past); err == nil {
		_, _ = fmt.Fprint(w, template.HTMLEscapeString(bot.FormatDateTime(v.Lang, at.In(s.zone))))
	}
}

// render writes a template as a whole or not at all.
func (s *Sandbox) render(w http.ResponseWriter, name string, v *pageView) {
	var out bytes.Buffer
	if err := s.views.ExecuteTemplate(&out, name, v); err != nil {
		s.broken(w, v, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(out.Bytes())
}

// broken tells that something went wrong inside, with the reference the log has.
func (s *Sandbox) broken(w http.ResponseWriter, v *pageView, err error) {
	w.Header().Set("Content-Security-Policy", policy)
	http.Error(w, v.Say(bot.TD("sandbox.error.internal", bot.Data{"reference": s.logged(err)})), http.StatusInternalServerError)
}
