package slack

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
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
	leaving                    bool              // Luotsi is being shut
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
	foreign, program      bool // of another organisation; a program's
	locale                string
	direct                string // id of the conversation with Luotsi
}

type wsChannel struct {
	id, name, creator, topic, purpose string
	private, archived                 bool
	shared                            string // with whom, as Slack's field for it is called
	direct                            string // the person, if it is a conversation
	members                           []string
	messages                          []*wsMessage
}

type wsMessage struct {
	ts, user, botID, text, subtype string
	thread                         string // ts of the message that it answers
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
	w.sockets.init()
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
