package slack

import (
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

	"luotsi/bot"
)

// recorder is a Slack that says yes to everything and keeps what it was sent; the strict one stands in server_test.go.
type recorder struct {
	t      testing.TB
	server *httptest.Server
	mu     sync.Mutex
	calls  []sentCall
	came   chan struct{}
	refuse map[string]string // error by method
}

type sentCall struct {
	method string // or "response"
	body   map[string]any
	raw    string
}

func newRecorder(t testing.TB) *recorder {
	r := &recorder{t: t, came: make(chan struct{}, 10_000), refuse: map[string]string{}}
	r.server = httptest.NewServer(r)
	t.Cleanup(r.server.Close)
	return r
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	raw, _ := io.ReadAll(req.Body)
	c := sentCall{method: strings.TrimPrefix(req.URL.Path, "/api/"), body: map[string]any{}, raw: string(raw)}
	if json.Unmarshal(raw, &c.body) != nil {
		form, _ := url.ParseQuery(string(raw))
		for k := range form {
			c.body[k] = form.Get(k)
		}
	}
	r.mu.Lock()
	c.method = strings.TrimPrefix(c.method, "/")
	failure := r.refuse[c.method]
	r.calls = append(r.calls, c)
	r.mu.Unlock()
	answer := map[string]any{"ok": true, "view": map[string]any{"id": "V1"}, "channel": map[string]any{"id": "D1"}, "ts": "1.0"}
	if c.method == "chat.postMessage" {
		answer["channel"] = "D1"
	}
	if failure != "" {
		answer = map[string]any{"ok": false, "error": failure}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
	r.came <- struct{}{}
}

// wait returns the calls of a method once there are so many.
func (r *recorder) wait(method string, n int) []sentCall {
	r.t.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for {
		if calls := r.sent(method); len(calls) >= n {
			return calls
		}
		select {
		case <-r.came:
		case <-late.C:
			r.t.Fatalf("%s was not called %d times; there was %v", method, n, r.sent(""))
		}
	}
}

func (r *recorder) sent(method string) (calls []sentCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		if method == "" || c.method == method {
			calls = append(calls, c)
		}
	}
	return calls
}

// bench is Luotsi's half of Slack with a dispatcher that answers as the test says.
type bench struct {
	t        testing.TB
	slack    *Slack
	api      *recorder
	handler  http.Handler
	log      *strings.Builder
	mu       sync.Mutex
	requests []bot.Request
	answer   func(bot.Request) (bot.Answer, error)
	now      time.Time
}

const testSecret = "a signing secret"

func newBench(t testing.TB, answer func(bot.Request) (bot.Answer, error)) *bench {
	t.Helper()
	b := &bench{t: t, api: newRecorder(t), answer: answer, log: &strings.Builder{}, now: time.Date(2026, 11, 24, 7, 30, 0, 0, time.UTC)}
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		t.Fatal(err)
	}
	b.slack, err = New(Config{
		BotToken: "xoxb-1", SigningSecret: testSecret, APIURL: b.api.server.URL + "/api/", Queue: "CQUEUE",
		Handle: b.handle, Ledger: &saidBook{said: map[string]string{"k": "D1:5.0", "q": "CQUEUE:6.0"}}, Catalog: catalog,
		Lang: func(context.Context, string) bot.Lang { return bot.FI }, Now: func() time.Time { return b.now },
		Log: slog.New(slog.NewTextHandler(b.log, nil)), House: noHouse{}, HTTP: b.api.server.Client(),
	})
	if err != nil {
		t.Fatal(err)
	}
	b.slack.patient()
	b.handler = b.slack.Handler()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := b.slack.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return b
}

// patient makes Luotsi wait for answers however busy the machine is: one that the test does not hold up comes at once.
func (s *Slack) patient() { s.in.prompt, s.in.submit = time.Minute, time.Minute }

// hasty makes Luotsi wait for no answer: one that the test holds up comes later.
func (s *Slack) hasty() { s.in.prompt, s.in.submit = time.Nanosecond, time.Nanosecond }

func (b *bench) handle(_ context.Context, r bot.Request) (bot.Answer, error) {
	b.mu.Lock()
	b.requests = append(b.requests, r)
	b.mu.Unlock()
	return b.answer(r)
}

func (b *bench) asked() []bot.Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bot.Request(nil), b.requests...)
}

// deliver sends a signed request as Slack does.
func (b *bench) deliver(path, content, body string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	for k, v := range signed(testSecret, []byte(body), b.now) {
		r.Header[k] = v
	}
	r.Header.Set("Content-Type", content)
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

const formType, jsonType = "application/x-www-form-urlencoded", "application/json"

func (b *bench) command(channel, text, trigger string) *httptest.ResponseRecorder {
	form := url.Values{
		"team_id": {"T1"}, "channel_id": {channel}, "user_id": {"U1"}, "command": {"/luotsi"}, "text": {text},
		"trigger_id": {trigger}, "response_url": {b.api.server.URL + "/response"},
	}
	return b.deliver("/slack/command", formType, form.Encode())
}

func (b *bench) interact(payload map[string]any) *httptest.ResponseRecorder {
	b.t.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.deliver("/slack/interaction", formType, url.Values{"payload": {string(data)}}.Encode())
}

// press is a press on the button of a message; container tells where it is.
func (b *bench) press(message, ticket, trigger string, change ...func(map[string]any)) *httptest.ResponseRecorder {
	channel, ts, _ := strings.Cut(message, ":")
	p := map[string]any{
		"type": "block_actions", "team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1"}, "trigger_id": trigger,
		"response_url": b.api.server.URL + "/response", "channel": map[string]any{"id": channel},
		"container": map[string]any{"type": "message", "channel_id": channel, "message_ts": ts},
		"message": map[string]any{"ts": ts, "text": "Tule tiimiin", "blocks": []any{
			map[string]any{"type": "section", "block_id": "x", "text": map[string]any{"type": "plain_text", "text": "Tule &amp; auta"}},
			map[string]any{"type": "actions", "block_id": "y", "elements": []any{map[string]any{
				"type": "button", "action_id": "b1", "value": ticket, "text": map[string]any{"type": "plain_text", "text": "Tulen"},
			}}},
		}},
		"actions": []any{map[string]any{
			"type": "button", "block_id": "y", "action_id": "b1", "value": ticket, "action_ts": "9." + trigger,
			"text": map[string]any{"type": "plain_text", "text": "Tulen &amp; autan"},
		}},
	}
	for _, c := range change {
		c(p)
	}
	return b.interact(p)
}

// submit is a modal that is sent: as it was shown, with its answers.
func (b *bench) submit(view map[string]any, values map[string]any) *httptest.ResponseRecorder {
	view["id"], view["state"] = "V1", map[string]any{"values": values}
	return b.interact(map[string]any{
		"type": "view_submission", "team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1"}, "trigger_id": "t", "view": view,
	})
}

func ack(t testing.TB, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("answered %d: %s", w.Code, w.Body)
	}
	out := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func reply(text string, buttons ...bot.PostButton) bot.Answer {
	return bot.Answer{Replies: []bot.Post{{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}, Buttons: buttons}}}
}

// done is a reply to something that changed a case.
func done(text string) bot.Answer {
	a := reply(text)
	a.Done = true
	return a
}

func always(a bot.Answer) func(bot.Request) (bot.Answer, error) {
	return func(bot.Request) (bot.Answer, error) { return a, nil }
}

func failing(bot.Request) (bot.Answer, error) { return bot.Answer{}, errors.New("database is down") }

func asJSON(v any) string {
	data, _ := json.Marshal(v)
	return string(data)
}
