package page

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// CallbackPath is where the organisation's sign-in sends people back to; with Luotsi's address before it, it is the RedirectURL.
const CallbackPath = "/page/signin"

// SignIn is the organisation's own sign-in, by OpenID Connect. Nothing of it is asked before somebody needs to sign in.
type SignIn struct {
	Issuer, ClientID, ClientSecret string
	RedirectURL                    string // Luotsi's address with CallbackPath, as it is registered there
	// Match finds who in the people directory has the e-mail address; ok is false when nobody.
	Match func(ctx context.Context, email string) (login string, ok bool, err error)
	// TrustEmail takes an address of which the sign-in does not say whether it is verified. Only for sign-ins that never say it
	// and whose people cannot change their own address. One that is said not to be verified is never taken.
	TrustEmail bool
	HTTP       *http.Client // optional
}

// How long somebody may take to sign in, the organisation's sign-in to answer, and how long it is left alone when it did not.
const (
	signInLife = 10 * time.Minute
	signInWait = 10 * time.Second
	failedLife = 5 * time.Second
)

// flow is one signing in that has begun. It lives in a sealed cookie of its own, so that several windows do not disturb each
// other.
type flow struct {
	State, Nonce, Verifier string
	Back                   string // address here that is opened afterwards
	Until                  time.Time
}

// errNotSignedIn: whoever came back has not been signed in; what it wraps says why.
var errNotSignedIn = errors.New("not signed in")

// issuer asks the organisation's sign-in what it offers, once that is needed, and again until it has answered.
type issuer struct {
	SignIn
	now    func() time.Time
	mu     sync.Mutex
	latest *discovery
}

// discovery is one asking of the sign-in what it offers. Everybody who needs to know meanwhile waits for the same.
type discovery struct {
	done     chan struct{} // closed when it is over; the rest is read after that
	provider *oidc.Provider
	err      error
	until    time.Time // a failure is believed until then
}

// stands reports whether the discovery is under way, went well, or failed a moment ago.
func (d *discovery) stands(now time.Time) bool {
	select {
	case <-d.done:
		return d.err == nil || now.Before(d.until)
	default:
		return true
	}
}

// outside makes calls to the sign-in go by its own client, with a time limit.
func (i *issuer) outside(ctx context.Context) context.Context {
	client := i.HTTP
	if client == nil {
		client = &http.Client{Timeout: signInWait}
	}
	return oidc.ClientContext(ctx, client)
}

// known is what the sign-in offers, and how it is asked. It waits for at most one discovery.
func (i *issuer) known(ctx context.Context) (*oidc.Provider, oauth2.Config, error) {
	d, first := i.discovery()
	if first {
		i.discover(ctx, d)
	}
	select {
	case <-d.done:
	case <-ctx.Done():
		return nil, oauth2.Config{}, ctx.Err()
	}
	if d.err != nil {
		return nil, oauth2.Config{}, fmt.Errorf("asking the sign-in what it offers: %w", d.err)
	}
	return d.provider, oauth2.Config{
		ClientID: i.ClientID, ClientSecret: i.ClientSecret, RedirectURL: i.RedirectURL,
		Endpoint: d.provider.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email"},
	}, nil
}

// discovery is the one that stands, or else a new one, which the caller has to do.
func (i *issuer) discovery() (d *discovery, first bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.latest == nil || !i.latest.stands(i.now()) {
		i.latest, first = &discovery{done: make(chan struct{}), err: errors.New("it broke off")}, true
	}
	return i.latest, first
}

func (i *issuer) discover(ctx context.Context, d *discovery) {
	defer close(d.done)
	// The provider keeps its context for fetching keys long after this request.
	d.provider, d.err = oidc.NewProvider(i.outside(context.WithoutCancel(ctx)), i.Issuer)
	d.until = i.now().Add(failedLife)
}

// signIn sends somebody to the organisation's sign-in, to come back to the address that was asked for.
func (p pages) signIn(w http.ResponseWriter, r *http.Request) {
	f := flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: r.URL.EscapedPath(), Until: p.Now().Add(signInLife)}
	_, config, err := p.issuer.known(r.Context())
	var sealed string
	if err == nil {
		sealed, err = p.seal("flow", f)
	}
	if err != nil {
		p.broken(w, "", err)
		return
	}
	began := p.cookie(flowName(f.State), sealed, CallbackPath)
	began.MaxAge = int(signInLife.Seconds()) // those of sign-ins that were given up must not pile up
	http.SetCookie(w, began)
	http.Redirect(w, r, config.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
}

func flowName(state string) string { return "signin-" + state }

// signedIn takes in who comes back from the organisation's sign-in, and goes on to what they came for.
func (p pages) signedIn(w http.ResponseWriter, r *http.Request) {
	f, err := p.flowOf(w, r)
	var email string
	if err == nil {
		email, err = p.issuer.emailOf(r.Context(), r.URL.Query().Get("code"), f)
	}
	var login string
	known := false
	if err == nil {
		login, known, err = p.issuer.Match(r.Context(), email)
	}
	switch {
	case errors.Is(err, errNotSignedIn):
		p.tell(w, http.StatusForbidden, p.notice("", "unsigned", p.logged(err)))
	case err != nil:
		p.broken(w, "", err)
	case !known:
		p.tell(w, http.StatusForbidden, p.notice("", "unknown", ""))
	default:
		if err := p.keep(w, session{Login: login, Signed: true, Began: p.Now()}); err != nil {
			p.broken(w, p.lang(r.Context(), login), err)
			return
		}
		http.Redirect(w, r, f.Back, http.StatusSeeOther)
	}
}

// flowOf is the signing in that this browser began and now comes back from. It can come back once.
func (p pages) flowOf(w http.ResponseWriter, r *http.Request) (flow, error) {
	q := r.URL.Query()
	state := q.Get("state")
	cookie, err := r.Cookie(p.cookieName(flowName(state)))
	if err != nil {
		return flow{}, fmt.Errorf("%w: it was not begun in this browser", errNotSignedIn)
	}
	gone := p.cookie(flowName(state), "", CallbackPath)
	gone.MaxAge = -1
	http.SetCookie(w, gone)
	var f flow
	switch {
	case !p.unseal("flow", cookie.Value, &f) || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1:
		return flow{}, fmt.Errorf("%w: it is not what this browser began", errNotSignedIn)
	case p.Now().After(f.Until):
		return flow{}, fmt.Errorf("%w: it took too long", errNotSignedIn)
	case q.Get("iss") != "" && q.Get("iss") != p.issuer.Issuer:
		return flow{}, fmt.Errorf("%w: another issuer answered", errNotSignedIn)
	case q.Get("error") != "" || q.Get("code") == "":
		return flow{}, fmt.Errorf("%w: refused by the sign-in", errNotSignedIn)
	}
	return f, nil
}

// claims are what is read of a token or of the user information.
type claims struct {
	Email    string `json:"email"`
	Verified any    `json:"email_verified"` // true or false, which some send as text; many do not send it
}

// verified reports whether the address is said to be the person's own, or nothing is said and silence is trusted.
func (c claims) verified(silence bool) bool {
	said, _ := c.Verified.(string)
	return c.Verified == true || strings.EqualFold(said, "true") || c.Verified == nil && silence
}

// emailOf proves who signed in and returns their e-mail address. What proves nobody is errNotSignedIn.
func (i *issuer) emailOf(ctx context.Context, code string, f flow) (string, error) {
	provider, config, err := i.known(ctx)
	if err != nil {
		return "", err
	}
	ctx = i.outside(ctx)
	token, err := config.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		var no *oauth2.RetrieveError
		if errors.As(err, &no) && no.Response.StatusCode < http.StatusInternalServerError {
			return "", fmt.Errorf("%w: the code was not taken: %s", errNotSignedIn, no.ErrorCode)
		}
		return "", errors.New("asking the sign-in for a token: no answer that can be used") // its own text may hold what it was asked
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: i.ClientID, Now: i.now}).Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errNotSignedIn, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return "", fmt.Errorf("%w: the token was made for another sign-in", errNotSignedIn)
	}
	return i.emailIn(ctx, provider, token, id)
}

// emailIn reads the address in a token; a sign-in may keep it for those who ask with the token.
func (i *issuer) emailIn(ctx context.Context, provider *oidc.Provider, token *oauth2.Token, id *oidc.IDToken) (string, error) {
	var c claims
	if err := id.Claims(&c); err != nil {
		return "", fmt.Errorf("%w: reading the token: %w", errNotSignedIn, err)
	}
	if c.Email == "" && provider.UserInfoEndpoint() != "" {
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return "", errors.New("asking the sign-in for an e-mail address: no answer that can be used")
		}
		if info.Subject != id.Subject {
			return "", fmt.Errorf("%w: the address is somebody else's", errNotSignedIn)
		}
		if err := info.Claims(&c); err != nil {
			return "", fmt.Errorf("%w: reading the address: %w", errNotSignedIn, err)
		}
	}
	switch {
	case c.Email == "":
		return "", fmt.Errorf("%w: no e-mail address was told", errNotSignedIn)
	case !c.verified(i.TrustEmail):
		return "", fmt.Errorf("%w: the e-mail address is not verified", errNotSignedIn)
	}
	return c.Email, nil
}
