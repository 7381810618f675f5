package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// fastClock is a clock that runs as many times faster than the wall's.
type fastClock struct {
	start time.Time
	times int
}

func newFastClock(times int) *fastClock { return &fastClock{start: time.Now(), times: times} }

func (c *fastClock) Now() time.Time {
	return c.start.Add(time.Since(c.start) * time.Duration(c.times)).Round(0)
}

func (c *fastClock) AfterFunc(d time.Duration, f func()) timer {
	return time.AfterFunc(d/time.Duration(c.times)+time.Microsecond, f)
}

// workspace is a Slack in this process, as strict as Slack is said to be: tokens and scopes, members and archives, rates, every limit
// of Block Kit, triggers that open one modal and soon, response addresses, signatures and Socket Mode. What Slack would let
// pass but Luotsi must not send (a message without text beside its blocks, something not escaped) fails the test.
type workspace struct {
	t      testing.TB
	clock  *fastClock
	server *httptest.Server
	client *http.Client

	team, bot, botID, app      string
	botToken, appToken, secret string
	appScopes                  []string
	pageSize                   int          // more is never given at once
	handler                    http.Handler // Luotsi's, for deliveries over HTTP
	watch                      func(inner map[string]any)
	mu                         sync.Mutex
	scopes                     []string // of the bot token
	serial                     int
	lastStamp                  int64
	users                      map[string]*wsUser
	channels                   map[string]*wsChannel
	views                      map[string]*wsView
	homes                      map[string]map[string]any
	triggers                   map[string]*wsTrigger
	hooks                      map[string]*wsHook
	calls                      map[string][]time.Time
	counts                     map[string]int
	sent                       []wsSent
	down                       bool
	lose                       int               // so many answers are lost after the work is done
	fail                       map[string]string // error by method, once
	slow                       map[string]int    // by method: the next calls are told to slow down
	unlimited                  bool
	dateSkew                   time.Duration
	sockets                    wsSockets
}

// wsSent is what Luotsi sent: a method, or where else it went, with everything that was in it.
type wsSent struct {
	method string
	args   map[string]any
	raw    string
}

type wsUser struct {
	id, name, real, email string
	deleted, guest        bool
	direct                string // id of the conversation with Luotsi
}

type wsChannel struct {
	id, name, creator, topic, purpose string
	private, archived                 bool
	direct                            string // the person, if it is a conversation
	members                           []string
	messages                          []*wsMessage
}

type wsMessage struct {
	ts, user, botID, text, subtype string
	blocks                         []any
	metadata                       map[string]any
	ephemeral                      string // the one who sees it
	edited                         bool
}

func newWorkspace(t testing.TB, times int) *workspace {
	w := &workspace{
		t: t, clock: newFastClock(times), team: "T0000001", bot: "U0LUOTSI", botID: "B0LUOTSI", app: "A0LUOTSI",
		botToken: "xoxb-test", appToken: "xapp-test", secret: "s3cret", pageSize: 20,
		scopes: slices.Clone(Scopes), appScopes: []string{"connections:write"},
		users: map[string]*wsUser{}, channels: map[string]*wsChannel{}, views: map[string]*wsView{}, homes: map[string]map[string]any{},
		triggers: map[string]*wsTrigger{}, hooks: map[string]*wsHook{}, calls: map[string][]time.Time{}, counts: map[string]int{},
		fail: map[string]string{}, slow: map[string]int{},
	}
	w.users[w.bot] = &wsUser{id: w.bot, name: "luotsi", real: "Luotsi"}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveAPI)
	mux.HandleFunc("POST /response/{id}", w.serveHook)
	mux.HandleFunc("/socket/{ticket}", w.serveSocket)
	w.server = httptest.NewServer(mux)
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	w.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		w.sockets.closeAll()
		w.server.CloseClientConnections()
		w.server.Close()
		transport.CloseIdleConnections()
	})
	return w
}

// url is the address of the API, as Config has it.
func (w *workspace) url() string { return w.server.URL + "/api/" }

func (w *workspace) lock() func() {
	w.mu.Lock()
	return w.mu.Unlock
}

func (w *workspace) id(kind string) string {
	w.serial++
	return fmt.Sprintf("%s%07d", kind, w.serial)
}

// stamp is a message's time, which is its id in the channel too: none is given twice.
func (w *workspace) stamp() string {
	now := max(w.clock.Now().UnixMicro(), w.lastStamp+1)
	w.lastStamp = now
	return fmt.Sprintf("%d.%06d", now/1e6, now%1e6)
}

// person makes an account.
func (w *workspace) person(name string) string {
	defer w.lock()()
	u := &wsUser{id: w.id("U"), name: name, real: strings.ToUpper(name[:1]) + name[1:] + " Testaaja", email: name + "@luotsi.example"}
	w.users[u.id] = u
	return u.id
}

// do changes something behind Luotsi's back.
func (w *workspace) do(change func()) {
	defer w.lock()()
	change()
}

// count tells how often a method was called.
func (w *workspace) count(method string) int {
	defer w.lock()()
	return w.counts[method]
}

// everythingSent is all that Luotsi ever sent, to look for what must not be in it.
func (w *workspace) everythingSent() []wsSent {
	defer w.lock()()
	return slices.Clone(w.sent)
}

// wsCall is one call of the API.
type wsCall struct {
	method string
	args   map[string]any
}

func (c wsCall) text(name string) string {
	switch v := c.args[name].(type) {
	case string:
		return v
	case nil:
		return ""
	default:
		raw, _ := json.Marshal(v)
		return string(raw)
	}
}

// object reads an argument that is JSON, sent as such or as text.
func (c wsCall) object(name string) any {
	text, ok := c.args[name].(string)
	if !ok {
		return c.args[name]
	}
	var v any
	if text != "" && json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	return v
}

type wsAnswer = map[string]any

func (w *workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c, token := readCall(r, body)
	w.mu.Lock()
	w.counts[c.method]++
	w.sent = append(w.sent, wsSent{method: c.method, args: c.args, raw: string(body) + r.URL.RawQuery})
	h := rw.Header()
	h.Set("Date", w.clock.Now().Add(w.dateSkew).UTC().Format(http.TimeFormat))
	if w.down {
		w.mu.Unlock()
		rw.WriteHeader(http.StatusServiceUnavailable)
		_, _ = rw.Write([]byte("<html>upstream</html>"))
		return
	}
	if wait := w.limited(c); wait > 0 {
		w.mu.Unlock()
		h.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		rw.WriteHeader(http.StatusTooManyRequests)
		_, _ = rw.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
		return
	}
	answer := w.answer(c, token, h)
	lost := w.lose > 0 && wsChanges.MatchString(c.method)
	if lost {
		w.lose--
	}
	w.mu.Unlock()
	if lost {
		panic(http.ErrAbortHandler)
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(rw).Encode(answer)
}

// wsChanges are the methods that change something.
var wsChanges = regexp.MustCompile(`^(chat\..*|views\..*|conversations\.(create|invite|kick|archive|rename|set.*|open))$`)

func readCall(r *http.Request, body []byte) (c wsCall, token string) {
	c = wsCall{method: r.PathValue("method"), args: map[string]any{}}
	token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.NewDecoder(bytes.NewReader(body)).Decode(&c.args)
		return c, token
	}
	form, _ := url.ParseQuery(string(body))
	maps.Copy(form, r.URL.Query())
	for name, values := range form {
		c.args[name] = values[0]
	}
	if form.Get("token") != "" {
		token = form.Get("token")
		delete(c.args, "token")
	}
	return c, token
}

// limited holds a call against its tier, and a message against one a second in its channel.
func (w *workspace) limited(c wsCall) time.Duration {
	if w.slow[c.method] > 0 {
		w.slow[c.method]--
		return time.Second
	}
	if w.unlimited {
		return 0
	}
	now, most := w.clock.Now(), map[string]int{
		"chat.postMessage": 300, "conversations.members": 100, "users.info": 100, "views.open": 100, "views.publish": 100, "views.update": 100,
		"chat.delete": 50, "chat.update": 50, "conversations.history": 50, "conversations.info": 50, "conversations.invite": 50, "conversations.kick": 50,
		"conversations.open": 50, "users.lookupByEmail": 50,
	}[c.method]
	if most == 0 {
		most = 20
	}
	recent := slices.DeleteFunc(w.calls[c.method], func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	if len(recent) >= most {
		w.calls[c.method] = recent
		return time.Minute - now.Sub(recent[0])
	}
	if c.method == "chat.postMessage" {
		lane := "post " + c.text("channel")
		if last := w.calls[lane]; len(last) > 0 && now.Sub(last[0]) < time.Second {
			return time.Second
		}
		w.calls[lane] = []time.Time{now}
	}
	w.calls[c.method] = append(recent, now)
	return 0
}

func (w *workspace) answer(c wsCall, token string, h http.Header) wsAnswer {
	m, known := wsMethods[c.method]
	if !known {
		return wsFailure("unknown_method")
	}
	have, right := w.scopes, w.botToken
	if m.app {
		have, right = w.appScopes, w.appToken
	}
	switch token {
	case right:
	case "":
		return wsFailure("not_authed")
	case w.appToken, w.botToken:
		return wsFailure("not_allowed_token_type")
	default:
		return wsFailure("invalid_auth")
	}
	h.Set("X-OAuth-Scopes", strings.Join(have, ","))
	if code := w.fail[c.method]; code != "" {
		delete(w.fail, c.method)
		return wsFailure(code)
	}
	if need := m.scope; need != "" {
		if m.byChannel {
			need = w.scopeOf(c, need)
		}
		if !slices.Contains(have, need) {
			answer := wsFailure("missing_scope")
			answer["needed"], answer["provided"] = need, strings.Join(have, ",")
			return answer
		}
	}
	answer, code := m.do(w, c)
	if code != "" {
		return wsFailure(code)
	}
	if answer == nil {
		answer = wsAnswer{}
	}
	answer["ok"] = true
	return answer
}

// scopeOf names the scope for the kind of channel that the call is about.
func (w *workspace) scopeOf(c wsCall, need string) string {
	if ch := w.channels[c.text("channel")]; ch != nil && ch.direct != "" {
		return "im:" + need
	}
	return "groups:" + need
}

func wsFailure(code string) wsAnswer { return wsAnswer{"ok": false, "error": code} }
