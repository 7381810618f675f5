package slack

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

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
		"chat.delete": 50, "chat.update": 50, "conversations.history": 50, "conversations.replies": 50, "conversations.info": 50, "conversations.invite": 50, "conversations.kick": 50,
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
	switch ch := w.channels[c.text("channel")]; {
	case ch == nil || ch.private && ch.direct == "":
		return "groups:" + need
	case ch.direct != "":
		return "im:" + need
	case need == "write":
		return "channels:manage"
	}
	return "channels:" + need
}

func wsFailure(code string) wsAnswer { return wsAnswer{"ok": false, "error": code} }
