package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// idOf makes an id of the right shape that tells whose it is.
func idOf(name string) string { return name + strings.Repeat("0", 26-len(name)) }

// newQuiet is a Mattermost 11.6 that has no server to talk to.
func newQuiet(t testing.TB, more ...func(*Config)) *Mattermost {
	t.Helper()
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{
		URL: "http://chat.test", Token: "bot-token", Team: "kotihoito", BaseURL: "http://luotsi.test/", CommandTokens: []string{"one", "two"},
		Handle: (&backOffice{}).handle, Ledger: &notes{}, Catalog: catalog, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Lang: func(context.Context, string) bot.Lang { return bot.FI },
	}
	for _, do := range more {
		do(&c)
	}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	m.server = server{version: [2]int{11, 6}, me: idOf("luotsi")}
	queue := idOf("queue")
	m.found.Store(&queue)
	return m
}

// backOffice is the house: it keeps what it is asked and answers as the test wants.
type backOffice struct {
	mu     sync.Mutex
	asked  []bot.Request
	answer func(context.Context, bot.Request) (bot.Answer, error)
}

func (o *backOffice) handle(ctx context.Context, r bot.Request) (bot.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	answer := o.answer
	o.mu.Unlock()
	if answer == nil {
		return bot.Answer{}, nil
	}
	return answer(ctx, r)
}

// last is what was asked last.
func (o *backOffice) last(t *testing.T) bot.Request {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return o.asked[len(o.asked)-1]
}

func (o *backOffice) answers(f func(context.Context, bot.Request) (bot.Answer, error)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.answer = f
}

func (o *backOffice) says(a bot.Answer) {
	o.answers(func(context.Context, bot.Request) (bot.Answer, error) { return a, nil })
}

// plain is a post of one line.
func plain(text string, buttons ...bot.PostButton) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}, Buttons: buttons}
}

// desk is Luotsi joined to a chat, and the address the chat calls.
type desk struct {
	*Mattermost
	*backOffice
	t     *testing.T
	chat  *chat
	logs  *bytes.Buffer
	hooks *hooks
}

// newDesk joins an office to a new chat of the version, with Sanna and Paula in the team.
func newDesk(t *testing.T, version string) *desk {
	t.Helper()
	s := newChat(t)
	s.Version = version + ".0.0123456789abcdef.false"
	d := &desk{backOffice: &backOffice{}, t: t, chat: s, logs: &bytes.Buffer{}, hooks: &hooks{got: make(chan model.CommandResponse, 8)}}
	var handler http.Handler
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	d.Mattermost = s.luotsi(&notes{}, func(c *Config) {
		c.BaseURL, c.Handle, c.Log, c.HTTP = web.URL, d.handle, slog.New(slog.NewTextHandler(d.logs, nil)), &http.Client{Transport: d.hooks}
	})
	d.patient()
	handler = d.Handler()
	s.Person("sanna")
	s.Person("paula")
	t.Cleanup(d.drain)
	return d
}

// drain waits until nothing is under way any more; afterwards nothing is taken.
func (d *desk) drain() {
	if err := d.Close(context.Background()); err != nil {
		d.t.Error(err)
	}
}

// patient waits for answers: one that the test does not hold up comes at once, however busy the machine is.
func (d *desk) patient() { d.prompt = time.Minute }

// hasty waits for no answer from now on: one that the test holds up comes later.
func (d *desk) hasty() { d.prompt = time.Nanosecond }

func (d *desk) address(path string) string { return d.cfg.BaseURL + path }

func (d *desk) user(name string) string {
	var id string
	d.chat.Set(func() { id = d.chat.UserNamed(name) })
	return id
}

// says types a slash command in a channel.
func (d *desk) types(user, channel, words string) (int, model.CommandResponse) {
	d.t.Helper()
	command, rest, _ := strings.Cut(words, " ")
	return d.chat.Command(d.address(commandPath), "secret", d.user(user), channel, command, rest)
}

// hooks takes the place of the chat's addresses for late answers.
type hooks struct {
	got  chan model.CommandResponse
	gone bool
}

func (h *hooks) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, "/hooks/commands/") {
		return http.DefaultTransport.RoundTrip(r)
	}
	w := httptest.NewRecorder()
	var c model.CommandResponse
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return nil, err
	}
	if h.gone {
		w.Code = http.StatusNotFound
	} else {
		h.got <- c
	}
	return w.Result(), nil
}

func commandForm(change func(url.Values)) url.Values {
	form := url.Values{
		"token": {"one"}, "user_id": {idOf("sanna")}, "channel_id": {idOf("room")}, "channel_name": {"x"}, "command": {"/luotsi"},
		"text": {"jono"}, "trigger_id": {"trigger"}, "response_url": {"http://elsewhere.test/hooks/commands/" + idOf("hook")},
	}
	if change != nil {
		change(form)
	}
	return form
}

func sent(m *Mattermost, method, path, kind string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, r)
	return w
}

const (
	formKind = "application/x-www-form-urlencoded"
	jsonKind = "application/json"
)

func TestOnlyTheServersRequestsAreTaken(t *testing.T) {
	good := commandForm(nil).Encode()
	with := func(name, value string) string {
		return commandForm(func(f url.Values) { f.Set(name, value) }).Encode()
	}
	clicks := newQuiet(t).clickAddress()
	click := `{"user_id":"` + idOf("sanna") + `","channel_id":"` + idOf("room") + `","post_id":"` + idOf("post") + `"}`
	for name, c := range map[string]struct {
		method, path, kind, body string
		header                   []string
		want                     int
	}{
		"a command":             {"POST", commandPath, formKind, good, nil, 200},
		"charset":               {"POST", commandPath, formKind + "; charset=utf-8", good, nil, 200},
		"the other token":       {"POST", commandPath, formKind, with("token", "two"), nil, 200},
		"token in the header":   {"POST", commandPath, formKind, with("token", ""), []string{"Authorization", "Token two"}, 200},
		"no token":              {"POST", commandPath, formKind, with("token", ""), nil, 401},
		"wrong token":           {"POST", commandPath, formKind, with("token", "three"), nil, 401},
		"longer token":          {"POST", commandPath, formKind, with("token", "onee"), nil, 401},
		"token of another kind": {"POST", commandPath, formKind, with("token", ""), []string{"Authorization", "Bearer one"}, 401},
		"wrong in the form":     {"POST", commandPath, formKind, with("token", "x"), []string{"Authorization", "Token one"}, 401},
		"GET":                   {"GET", commandPath + "?" + good, "", "", nil, 405},
		"JSON":                  {"POST", commandPath, jsonKind, good, nil, 415},
		"no kind":               {"POST", commandPath, "", good, nil, 415},
		"no form":               {"POST", commandPath, formKind, "%zz", nil, 400},
		"no user":               {"POST", commandPath, formKind, with("user_id", ""), nil, 400},
		"odd user":              {"POST", commandPath, formKind, with("user_id", "../../etc"), nil, 400},
		"no command":            {"POST", commandPath, formKind, with("command", "luotsi"), nil, 400},
		"too long":              {"POST", commandPath, formKind, with("text", strings.Repeat("x", bodyLimit)), nil, 413},
		"elsewhere":             {"POST", "/mattermost/else", formKind, good, nil, 404},
		"a click":               {"POST", clicks, jsonKind, click, nil, 200},
		"a click as a form":     {"POST", clicks, formKind, click, nil, 415},
		"half a click":          {"POST", clicks, jsonKind, click[:40], nil, 400},
		"two clicks":            {"POST", clicks, jsonKind, click + click, nil, 400},
		"a click by nobody":     {"POST", clicks, jsonKind, `{}`, nil, 400},
		"a form as a list":      {"POST", dialogPath, jsonKind, `[]`, nil, 400},
		"a form by nobody":      {"POST", dialogPath, jsonKind, `{"state":"x"}`, nil, 400},
		"a form in no channel":  {"POST", dialogPath, jsonKind, `{"user_id":"` + idOf("sanna") + `","channel_id":"x"}`, nil, 400},
		"a form that is closed": {"POST", dialogPath, jsonKind, `{"user_id":"` + idOf("sanna") + `","cancelled":true}`, nil, 200},
	} {
		logs := &bytes.Buffer{}
		o := &backOffice{}
		m := newQuiet(t, func(c *Config) { c.Log, c.Handle = slog.New(slog.NewTextHandler(logs, nil)), o.handle })
		w := sent(m, c.method, c.path, c.kind, strings.NewReader(c.body), c.header...)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
		if (w.Code == 200) != (w.Header().Get("Content-Type") == jsonKind) {
			t.Errorf("%s: answered with %s", name, w.Header().Get("Content-Type"))
		}
		if c.want != 200 && len(o.asked) > 0 {
			t.Errorf("%s: the house was asked", name)
		}
		if strings.Contains(logs.String(), "jono") || strings.Contains(logs.String(), "one") || strings.Contains(logs.String(), "key") {
			t.Errorf("%s: the log tells %s", name, logs)
		}
	}
}

func TestNoTokenAcceptsNothing(t *testing.T) {
	m := newQuiet(t)
	m.cfg.CommandTokens = []string{""}
	if m.ourCommand("", http.Header{}) {
		t.Error("an empty token was accepted")
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for name, spoil := range map[string]func(*Config){
		"no address": func(c *Config) { c.URL = "" }, "odd address": func(c *Config) { c.URL = "chat.test" }, "own address": func(c *Config) { c.BaseURL = "ftp://x" },
		"no token": func(c *Config) { c.Token = "" }, "no team": func(c *Config) { c.Team = "" }, "no command token": func(c *Config) { c.CommandTokens = nil },
		"no house": func(c *Config) { c.Handle = nil }, "no ledger": func(c *Config) { c.Ledger = nil },
	} {
		c := newQuiet(t).cfg
		spoil(&c)
		if _, err := New(c); err == nil || strings.Contains(err.Error(), "bot-token") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errTest = errors.New("the database is away")
