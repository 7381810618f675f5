package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"luotsi/bot"
)

// answering stands in for Luotsi and the proxy before it: what it does with a path, which is 404 when it is not named.
func answering(t *testing.T, changed map[string]http.HandlerFunc) (address string) {
	post := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }
	paths := map[string]http.HandlerFunc{
		"/readyz": func(http.ResponseWriter, *http.Request) {}, "/healthz": func(http.ResponseWriter, *http.Request) {},
		"/page/client": post, "/mattermost/command": post, "/slack/command": post,
	}
	maps.Copy(paths, changed)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := paths[r.URL.Path]; f != nil {
			f(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// told is what was found, as the administrator reads it.
func told(found []bot.Finding) string {
	var lines []string
	for _, f := range found {
		if f.Fix == "" {
			lines = append(lines, "NO FIX")
		}
		lines = append(lines, string(f.Level)+": "+f.What+" "+f.Fix)
	}
	return strings.Join(lines, "\n")
}

func TestDoctorTriesTheWayToEveryPart(t *testing.T) {
	both := func(d *doctorCmd) { d.Mattermost.URL, d.Slack.BotToken = "http://chat", "xoxb" }
	for name, tt := range map[string]struct {
		answers map[string]http.HandlerFunc
		given   func(*doctorCmd)
		want    string // empty: nothing is found
	}{
		"well":                {nil, both, ""},
		"not ready":           {map[string]http.HandlerFunc{"/readyz": (&service{}).readyz}, both, "error: Luotsi runs but is not ready"},
		"not running":         {map[string]http.HandlerFunc{"/readyz": status(502)}, both, "does not reach Luotsi (502)"},
		"somebody else":       {map[string]http.HandlerFunc{"/readyz": nil, "/healthz": nil}, both, "is not Luotsi (404)"},
		"sent elsewhere":      {map[string]http.HandlerFunc{"/readyz": http.RedirectHandler("/healthz", http.StatusFound).ServeHTTP, "/healthz": nil}, both, "is not Luotsi (302)"},
		"readiness kept":      {map[string]http.HandlerFunc{"/readyz": status(403)}, both, "hint: Whether Luotsi is ready cannot be seen"},
		"pages shut":          {map[string]http.HandlerFunc{"/page/client": status(403)}, both, "does not let people's browsers through to /page/ (403)"},
		"a page for all":      {map[string]http.HandlerFunc{"/page/client": status(200)}, both, "does not let people's browsers through to /page/ (200)"},
		"Mattermost's shut":   {map[string]http.HandlerFunc{"/mattermost/command": nil}, both, "What the Mattermost server sends"},
		"Slack's shut":        {map[string]http.HandlerFunc{"/slack/command": nil}, both, "What Slack sends"},
		"Slack not reached":   {map[string]http.HandlerFunc{"/slack/command": status(503)}, both, "has not reached that chat yet (503)"},
		"kept to Mattermost":  {map[string]http.HandlerFunc{"/mattermost/command": status(403)}, both, ""},
		"a chat that is off":  {map[string]http.HandlerFunc{"/mattermost/command": nil, "/slack/command": nil}, func(*doctorCmd) {}, ""},
		"Socket Mode, no way": {map[string]http.HandlerFunc{"/slack/command": nil}, func(d *doctorCmd) { d.Slack.BotToken, d.Slack.AppToken = "xoxb", "xapp" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := doctorCmd{BaseURL: answering(t, tt.answers)}
			tt.given(&d)
			if got := told(d.lookAtAddress(t.Context())); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) || strings.Contains(got, "NO FIX") {
				t.Errorf("want %q, told %q", tt.want, got)
			}
		})
	}
}

func TestDoctorLooksAtTheSignIn(t *testing.T) {
	issuer := ""
	describe := func(named func() string, ends string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			_ = json.NewEncoder(w).Encode(map[string]string{
				"issuer": named(), "authorization_endpoint": ends, "token_endpoint": ends, "jwks_uri": ends,
			})
		}
	}
	const path = "/.well-known/openid-configuration"
	own := func() string { return issuer }
	whole := func(d *doctorCmd) {
		d.SignIn = signInFlags{Issuer: issuer, ClientID: "luotsi", ClientSecret: "geheim"}
		d.Slack.BotToken = "xoxb"
	}
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		given  func(*doctorCmd)
		want   string // empty: nothing is found
	}{
		"well":              {describe(own, "https://login/x"), whole, ""},
		"another name":      {describe(func() string { return "https://other.example" }, "https://login/x"), whole, "error: The sign-in calls itself https://other.example"},
		"no ends":           {describe(own, ""), whole, "does not say where people sign in"},
		"not a description": {status(404), whole, "is not a sign-in's own description"},
		"Slack without":     {nil, func(d *doctorCmd) { d.Slack.BotToken = "xoxb" }, "hint: Slack is on and nobody signs in"},
		"nothing asked":     {nil, func(*doctorCmd) {}, ""},
		"half":              {nil, func(d *doctorCmd) { d.SignIn.ClientID = "luotsi" }, "error: LUOTSI_OIDC_ISSUER is not set"},
		"no client":         {describe(own, "https://login/x"), func(d *doctorCmd) { whole(d); d.SignIn.ClientID = "" }, "LUOTSI_OIDC_CLIENT_ID is not set"},
		"no secret":         {describe(own, "https://login/x"), func(d *doctorCmd) { whole(d); d.SignIn.ClientSecret = "" }, "LUOTSI_OIDC_CLIENT_SECRET is not set"},
		"nobody there":      {nil, func(d *doctorCmd) { whole(d); d.SignIn.Issuer = "http://127.0.0.1:1" }, "does not answer at http://127.0.0.1:1"},
		"no address":        {nil, func(d *doctorCmd) { whole(d); d.SignIn.Issuer = "login" }, "is not an address"},
		"to be overheard":   {nil, func(d *doctorCmd) { whole(d); d.SignIn.Issuer = "http://login.invalid" }, "without encryption"},
	} {
		t.Run(name, func(t *testing.T) {
			issuer = answering(t, map[string]http.HandlerFunc{path: tt.answer})
			var d doctorCmd
			tt.given(&d)
			got := told(d.lookAtSignIn(t.Context()))
			if (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) || strings.Contains(got, "NO FIX") || strings.Contains(got, "geheim") {
				t.Errorf("want %q, told %q", tt.want, got)
			}
		})
	}
}

func TestUnprotectedAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"https://luotsi.example.org": false, "http://127.0.0.1:8088": false, "http://[::1]:8088": false, "http://localhost:8088": false,
		"http://luotsi.example.org": true, "http://10.1.2.3": true, "http://127.0.0.1.example.org": true,
	} {
		if got := unprotected(address); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

func TestUsage(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	for _, tt := range []struct {
		args []string
		want string
		lack string
	}{
		{nil, "setup mattermost", "expected one of"},
		{[]string{"setup"}, "setup keys", "expected one of"},
		{[]string{"foo"}, "unexpected argument foo\nRun \"luotsi --help\"", "Commands:"},
		{[]string{"setup", "foo"}, "Run \"luotsi setup --help\"", "Commands:"},
		{[]string{"serve"}, "missing flags: --base-url", "Commands:"},
		{[]string{"manifest", "slack", "--language", "de"}, "Run \"luotsi manifest slack --help\"", "Commands:"},
	} {
		code, said, errs := d.run(tt.args...)
		if code != 2 || said != "" || !strings.Contains(errs, tt.want) || strings.Contains(errs, tt.lack) {
			t.Errorf("%q: %d, said %q, %s", tt.args, code, said, errs)
		}
	}
}
