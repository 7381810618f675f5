package sandbox

import (
	"bytes"
	"database/sql"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/bot/page"
)

// helloCookie begins the name of the cookie that remembers that a person's first words were read.
const helloCookie = "sandbox_hello_"

// helloView is what somebody new should try first as this person.
type helloView struct{ Kind, Command string }

func hello(me Person) *helloView {
	switch {
	case me.has(bot.Coordinator):
		return &helloView{Kind: "coordinator", Command: "/luotsi"}
	case me.has(bot.Professional):
		return &helloView{Kind: "professional", Command: "/huoli"}
	default:
		return &helloView{Kind: "other", Command: "/luotsi"}
	}
}

// act answers a form of the page with what came of it: a form to fill in, a link, a fault, or nothing but news.
func (s *Sandbox) act(w http.ResponseWriter, r *http.Request, do func(as string, in url.Values) (outcome, error)) {
	as, err := s.actor(r)
	if err != nil {
		w.Header().Set("HX-Redirect", "/")
		return
	}
	v := s.bare(r, as)
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		kind := errMalformed
		if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
			kind = &inputError{kind: "too_big"}
		}
		s.alert(w, v, v.Say(kind.said()))
		return
	}
	out, err := do(as, r.PostForm)
	if !s.went(w, v, err) {
		return
	}
	w.Header().Set("HX-Trigger", "luotsi:done")
	s.open(w, v, out)
}

// went tells a fault, if there is one, beside the line people type in.
func (s *Sandbox) went(w http.ResponseWriter, v *pageView, err error) bool {
	var input *inputError
	switch {
	case err == nil:
		return true
	case errors.As(err, &input):
		s.alert(w, v, v.Say(input.said()))
	default:
		s.alert(w, v, v.Say(bot.TD("sandbox.error.internal", bot.Data{"reference": s.logged(err)})))
	}
	return false
}

func (s *Sandbox) alert(w http.ResponseWriter, _ *pageView, text string) {
	s.fragment(w, "#alert", []byte(template.HTMLEscapeString(text)))
}

// fragment answers with HTML that goes into the element.
func (s *Sandbox) fragment(w http.ResponseWriter, target string, html []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("HX-Retarget", target)
	w.Header().Set("HX-Reswap", "innerHTML")
	_, _ = w.Write(html)
}

// open shows a form or a link in the dialog; without either the dialog closes.
func (s *Sandbox) open(w http.ResponseWriter, v *pageView, out outcome) {
	switch {
	case out.Form != nil:
		s.openForm(w, v, page.FormView{Dialog: *out.Form})
	case out.Link != nil:
		var html bytes.Buffer
		if err := s.views.ExecuteTemplate(&html, "link", map[string]any{"V": v, "Link": *out.Link}); err != nil {
			s.broken(w, v, err)
			return
		}
		s.fragment(w, "#dialog-body", html.Bytes())
	default:
		w.Header().Set("HX-Reswap", "none")
		w.Header().Set("HX-Trigger", "luotsi:done, luotsi:closed")
	}
}

func (s *Sandbox) openForm(w http.ResponseWriter, v *pageView, f page.FormView) {
	f.Catalog, f.Lang, f.Cancel, f.Now = s.cfg.Catalog, v.Lang, true, s.cfg.Clock.Now()
	f.Action, f.Target = "/sandbox/submit?"+v.Here(), "#dialog-body"
	f.Echo = "/sandbox/part/when?" + url.Values{"as": {v.Me.Login}}.Encode()
	var html bytes.Buffer
	if err := page.RenderForm(&html, f); err != nil {
		s.broken(w, v, err)
		return
	}
	s.fragment(w, "#dialog-body", html.Bytes())
}

func (s *Sandbox) pageSay(w http.ResponseWriter, r *http.Request) {
	s.act(w, r, func(as string, in url.Values) (outcome, error) {
		return s.say(r.Context(), as, r.URL.Query().Get("room"), in.Get("text"), "")
	})
}

func (s *Sandbox) pagePress(w http.ResponseWriter, r *http.Request) {
	s.act(w, r, func(as string, in url.Values) (outcome, error) {
		return s.press(r.Context(), as, in.Get("message"), in.Get("button"), "")
	})
}

// pageSubmit sends a form. While it is not accepted it stays open with everything that was typed.
func (s *Sandbox) pageSubmit(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		w.Header().Set("HX-Redirect", "/")
		return
	}
	v := s.bare(r, as)
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	id := r.PostForm.Get(page.TicketField)
	_, dialog, err := s.findForm(r.Context(), as, id)
	if err != nil {
		s.went(w, v, formGone(err))
		return
	}
	f := page.FormView{Dialog: dialog, Values: page.DecodeForm(dialog, r.PostForm)}
	out, err := s.submit(r.Context(), as, id, f.Values, "")
	var input *inputError
	switch {
	case errors.As(err, &input):
		f.Alert = v.Say(input.said())
	case err != nil:
		f.Alert = v.Say(bot.TD("sandbox.error.internal", bot.Data{"reference": s.logged(err)}))
	case len(out.Errors) > 0:
		f.Errors = out.Errors
	case out.Form == nil && refused(out):
		f.Alert = out.Replies[0].Text
	default:
		w.Header().Set("HX-Trigger", "luotsi:done")
		s.open(w, v, out)
		return
	}
	w.Header().Set("HX-Trigger", "luotsi:done")
	s.openForm(w, v, f)
}

func formGone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errUnknownForm
	}
	return err
}

func refused(out outcome) bool { return len(out.Replies) > 0 && out.Replies[0].Refusal != nil }

// pageClock moves the clock to the next morning or to what was typed.
func (s *Sandbox) pageClock(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		w.Header().Set("HX-Redirect", "/")
		return
	}
	v := s.bare(r, as)
	to, err := morningAfter(s.cfg.Clock.Now().In(s.zone)), r.ParseForm()
	if typed := strings.TrimSpace(r.PostForm.Get("to")); typed != "morning" && err == nil {
		to, err = s.timeTyped(typed)
	}
	if err != nil {
		s.fragment(w, "#goto-error", []byte(template.HTMLEscapeString(v.Say(s.whyNot(err)))))
		return
	}
	went, err := s.moveTo(r.Context(), to)
	if input := (*inputError)(nil); errors.As(err, &input) {
		s.fragment(w, "#goto-error", []byte(template.HTMLEscapeString(v.Say(input.said()))))
		return
	}
	if !s.went(w, v, err) {
		return
	}
	w.Header().Set("HX-Trigger", "luotsi:done, luotsi:moved")
	s.fragment(w, "#notice", []byte(template.HTMLEscapeString(v.Say(bot.TD("sandbox.clock.moved", bot.Data{
		"when": to.In(s.zone), "delivered": went.Delivered, "undelivered": went.Undelivered,
	})))))
}

// whyNot is the sentence that tells what is wrong with a typed time.
func (s *Sandbox) whyNot(err error) bot.Text {
	var reason bot.WhenError
	errors.As(err, &reason)
	return bot.TD(s.cfg.Catalog.First("error.when."+string(reason), "sandbox.error.when"), bot.Data{
		"example": bot.WhenExample(bot.Moment, false, s.cfg.Clock.Now()),
	})
}

func (s *Sandbox) timeTyped(typed string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, typed); err == nil {
		return t, nil
	}
	return bot.ParseMoment(typed, s.cfg.Clock.Now(), false)
}

// pageHello remembers that the first words were read, in this browser and for a day.
func (s *Sandbox) pageHello(w http.ResponseWriter, r *http.Request) {
	as, err := s.actor(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: helloCookie + as, Value: "1", Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: 86400,
	})
}
