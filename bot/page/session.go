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

// session is the one the request's browser has; ok is false when there is none that counts. Where people sign in, only that counts.
func (p pages) session(r *http.Request) (s session, ok bool) {
	if p.Sealer == nil {
		return session{}, false
	}
	cookie, err := r.Cookie(p.cookieName("session"))
	if err != nil || !p.unseal("session", cookie.Value, &s) || s.Login == "" || p.Now().After(s.Until) {
		return session{}, false
	}
	if p.issuer != nil && !s.Signed {
		return session{}, false
	}
	return s, true
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
	// Without a time of its own the cookie also ends with the browser.
	http.SetCookie(w, p.cookie("session", sealed, "/page"))
	return nil
}

// leave ends the session and has the browser forget what it showed.
func (p pages) leave(w http.ResponseWriter, r *http.Request) {
	lang := bot.Lang("")
	if s, ok := p.session(r); ok {
		lang = p.lang(r.Context(), s.Login)
	}
	gone := p.cookie("session", "", "/page")
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	http.Redirect(w, r, "/page/closed?lang="+string(lang.Known()), http.StatusSeeOther)
}

// cookieName has the prefix with which browsers take a cookie over https only.
func (p pages) cookieName(name string) string {
	if p.Secure {
		return "__Secure-luotsi-" + name
	}
	return "luotsi-" + name
}

func (p pages) cookie(name, value, path string) *http.Cookie {
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
