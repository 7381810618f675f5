package page

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"luotsi/bot"
)

// How long somebody stays known in a browser without doing anything, and however much is done.
const (
	sessionLife = 60 * time.Minute
	sessionMost = 12 * time.Hour
)

// session is who uses a browser. It lives in a sealed cookie; nothing of it is kept here.
type session struct {
	Login  string    `json:"l"`
	Signed bool      `json:"s,omitempty"` // proven by the organisation's sign-in, not by holding a link
	Began  time.Time `json:"b"`
	Until  time.Time `json:"u"`
}

// session is the one the request's browser has; ok is false when there is none that counts.
func (p pages) session(r *http.Request) (s session, ok bool) {
	if s, ok = p.latest(r); !ok || p.Now().After(s.Until) {
		return session{}, false
	}
	return s, true
}

// had reports whether the login has, or had not longer ago than a form lives, a session in the request's browser.
func (p pages) had(r *http.Request, login string) bool {
	s, ok := p.latest(r)
	return ok && s.Login == login && !p.Now().After(s.Until.Add(bot.FormLife))
}

// latest is the session the request's browser had last, over or not. Where people sign in, only one that began so counts.
func (p pages) latest(r *http.Request) (s session, ok bool) {
	if p.Sealer == nil {
		return session{}, false
	}
	cookie, err := r.Cookie(p.cookieName("session"))
	if err != nil || !p.unseal("session", cookie.Value, &s) || s.Login == "" || p.issuer != nil && !s.Signed {
		return session{}, false
	}
	return s, true
}

// still lets a session's request through while its person may use Luotsi, and otherwise ends the session. A request without a
// session goes on: what it may do is not decided by who it comes from.
func (p pages) still(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, known := p.session(r)
		if !known || p.Active == nil {
			h(w, r)
			return
		}
		active, err := p.Active(r.Context(), s.Login)
		switch {
		case err != nil:
			p.broken(w, "", err)
		case !active:
			p.drop(w)
			p.tell(w, http.StatusForbidden, p.notice("", "gone", ""))
		default:
			h(w, r)
		}
	})
}

// keep begins a session, or lets one that is used last longer.
func (p pages) keep(w http.ResponseWriter, s session) error {
	s.Until = p.Now().Add(sessionLife)
	if most := s.Began.Add(sessionMost); s.Until.After(most) {
		s.Until = most
	}
	sealed, err := p.seal("session", s)
	if err != nil {
		return err
	}
	// Without a time of its own the cookie ends with the browser. Until then it outlives the session, which ends by what is
	// sealed in it: that is how a form sent too late is known to come from where its person was; see had.
	http.SetCookie(w, p.cookie("session", sealed, "/page"))
	return nil
}

// leave ends the session and has the browser forget what it showed.
func (p pages) leave(w http.ResponseWriter, r *http.Request) {
	lang := bot.Lang("")
	if s, ok := p.session(r); ok {
		lang = p.lang(r.Context(), s.Login)
	}
	p.drop(w)
	http.Redirect(w, r, "/page/closed?lang="+string(lang.Known()), http.StatusSeeOther)
}

// drop has the browser forget the session.
func (p pages) drop(w http.ResponseWriter) {
	gone := p.cookie("session", "", "/page")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
}

// cookieName has the prefix with which browsers take a cookie only over https and from this very host, so that no neighbour in
// its domain can plant one.
func (p pages) cookieName(name string) string {
	if p.Secure {
		return "__Host-luotsi-" + name
	}
	return "luotsi-" + name
}

// cookie is for the path; over https for the whole host, as the name's prefix asks.
func (p pages) cookie(name, value, path string) *http.Cookie {
	if p.Secure {
		path = "/"
	}
	return &http.Cookie{
		Name: p.cookieName(name), Value: value, Path: path, Secure: p.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// lang is what the person reads.
func (p pages) lang(ctx context.Context, login string) bot.Lang {
	if p.Lang == nil || login == "" {
		return bot.FI
	}
	return p.Lang(ctx, login).Known()
}

// name is what a person is called on the pages; empty for nobody.
func (p pages) name(ctx context.Context, login string) string {
	if p.Name != nil && login != "" {
		if name := p.Name(ctx, login); name != "" {
			return name
		}
	}
	return login
}

// seal makes a value that only this program can read and make, for one purpose.
func (p pages) seal(purpose string, v any) (string, error) {
	if p.Sealer == nil {
		return "", errUnwired
	}
	plain, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("sealing a page's %s: %w", purpose, err)
	}
	sealed, err := p.Sealer.Encrypt(plain, []byte("page:"+purpose))
	if err != nil {
		return "", fmt.Errorf("sealing a page's %s: %w", purpose, err)
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// unseal reads what seal made for the same purpose; anything else is false.
func (p pages) unseal(purpose, sealed string, v any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || sealed == "" {
		return false
	}
	plain, err := p.Sealer.Decrypt(raw, []byte("page:"+purpose))
	return err == nil && json.Unmarshal(plain, v) == nil
}
