package page

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

const (
	clientID, clientSecret = "luotsi", "between us"
	ownAddress             = "https://luotsi.example"
)

// provider is an organisation's sign-in that takes nothing on trust: it checks what it is asked with, gives each code once, for
// the client, address and verifier it was asked for with, and signs its tokens.
type provider struct {
	*httptest.Server
	t       *testing.T
	now     func() time.Time
	mu      sync.Mutex
	key     *rsa.PrivateKey
	signer  *rsa.PrivateKey // usually key
	asked   map[string]url.Values
	tokens  map[string]map[string]any // user information by access token
	who     map[string]any            // claims of whoever signs in
	change  func(claims map[string]any)
	byToken bool // e-mail addresses are told only to those who ask with a token
}

func newProvider(t *testing.T, now func() time.Time) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{t: t, now: now, key: key, signer: key, asked: map[string]url.Values{}, tokens: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /keys", p.keys)
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("GET /me", p.me)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *provider) signIn() *SignIn {
	return &SignIn{
		Issuer: p.URL, ClientID: clientID, ClientSecret: clientSecret, RedirectURL: ownAddress + CallbackPath,
		Match: func(_ context.Context, email string) (string, bool, error) {
			login, ok := map[string]string{"sanna@example.org": "sanna", "ville@example.org": "ville"}[email]
			return login, ok, nil
		},
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (p *provider) discovery(w http.ResponseWriter, _ *http.Request) {
	reply(w, 200, map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"userinfo_endpoint": p.URL + "/me", "id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"},
	})
}

func (p *provider) keys(w http.ResponseWriter, _ *http.Request) {
	n, e := base64.RawURLEncoding.EncodeToString(p.key.N.Bytes()), base64.RawURLEncoding.EncodeToString(big.NewInt(int64(p.key.E)).Bytes())
	reply(w, 200, map[string]any{"keys": []map[string]string{{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": n, "e": e}}})
}

// authorize signs whoever it is in at once.
func (p *provider) authorize(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := r.URL.Query()
	switch {
	case q.Get("client_id") != clientID || q.Get("redirect_uri") != ownAddress+CallbackPath:
		http.Error(w, "unknown client or address", http.StatusBadRequest)
		return
	case q.Get("response_type") != "code" || q.Get("scope") != "openid email" || len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20:
		http.Error(w, "asked wrongly", http.StatusBadRequest)
		return
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		http.Error(w, "no proof key", http.StatusBadRequest)
		return
	}
	code := rand.Text()
	p.asked[code] = q
	back := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {p.URL}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
	}
	asked, known := p.asked[r.FormValue("code")]
	delete(p.asked, r.FormValue("code"))
	proof := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	switch {
	case id != url.QueryEscape(clientID) || secret != url.QueryEscape(clientSecret) && secret != clientSecret:
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	case !known || r.FormValue("grant_type") != "authorization_code" || r.FormValue("redirect_uri") != asked.Get("redirect_uri"),
		base64.RawURLEncoding.EncodeToString(proof[:]) != asked.Get("code_challenge"):
		reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant", "error_description": "not for sanna@example.org"})
		return
	}
	claims := map[string]any{
		"iss": p.URL, "aud": clientID, "sub": "1", "iat": p.now().Unix(), "exp": p.now().Add(5 * time.Minute).Unix(), "nonce": asked.Get("nonce"),
	}
	access := rand.Text()
	p.tokens[access] = map[string]any{"sub": "1"}
	for name, value := range p.who {
		if p.byToken {
			p.tokens[access][name] = value
		} else {
			claims[name] = value
		}
	}
	if p.change != nil {
		p.change(claims)
	}
	reply(w, 200, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": p.signed(claims)})
}

func (p *provider) signed(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		p.t.Error(err)
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"1","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	sign, err := rsa.SignPKCS1v15(rand.Reader, p.signer, crypto.SHA256, sum[:])
	if err != nil {
		p.t.Error(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sign)
}

func (p *provider) me(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var access string
	_, _ = fmt.Sscanf(r.Header.Get("Authorization"), "Bearer %s", &access)
	info, known := p.tokens[access]
	if !known {
		http.Error(w, "unknown token", http.StatusUnauthorized)
		return
	}
	reply(w, 200, info)
}

// through takes a visitor who was sent to the sign-in through it, and back to Luotsi.
func (p *provider) through(v *visitor) *visitor {
	p.t.Helper()
	back := p.callback(v)
	return v.open(back.RequestURI())
}

// callback is where the sign-in sends the visitor back to.
func (p *provider) callback(v *visitor) *url.URL {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(v.head.Get("Location"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		p.t.Fatalf("the sign-in answered %d to %s", res.StatusCode, v.head.Get("Location"))
	}
	return back
}
