package slack

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tell has an inner event reach Luotsi: to watch if it is set, else as an event would over HTTP or Socket Mode. The lock is held.
func (w *workspace) tell(inner wsAnswer) {
	w.serial++
	outer := wsAnswer{
		"token": "unused", "team_id": w.team, "api_app_id": w.app, "type": "event_callback", "event": inner,
		"event_id": fmt.Sprintf("Ev%08d", w.serial), "event_time": w.clock.Now().Unix(),
	}
	switch {
	case w.leaving: // Slack would bring it again to whoever starts next
	case w.watch != nil:
		w.later(func() { w.watch(inner) })
	case w.handler != nil || w.sockets.any():
		body, _ := json.Marshal(outer)
		w.later(func() { w.deliver("event", body) })
	}
}

// later runs f beside, and the test does not end before it.
func (w *workspace) later(f func()) { w.sockets.beside.Go(f) }

// quiet waits until everything that was to be told has been.
func (w *workspace) quiet() { w.sockets.beside.Wait() }

// shut closes Luotsi once everything that was to be told has reached it: what comes while it closes is rightly turned away.
func (w *workspace) shut(s *Slack) {
	w.t.Helper()
	w.quiet()
	w.do(func() { w.leaving = true })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		w.t.Error(err)
	}
	w.do(func() { w.leaving = false })
}

// request is a delivery over HTTP, signed at the instant.
func (w *workspace) request(path, content string, body []byte, at time.Time) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://luotsi.example/slack/"+path, bytes.NewReader(body))
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(w.secret))
	mac.Write([]byte("v0:" + stamp + ":" + string(body)))
	r.Header.Set("Content-Type", content)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return r
}

// deliver brings something to Luotsi, by Socket Mode if a connection is open, and returns what it acknowledges with. Anything but
// success fails the test. Slack waits for three seconds; that Luotsi does not let it wait is shown by tests that hold the answer up.
func (w *workspace) deliver(path string, body []byte) (ack []byte) {
	if w.sockets.any() {
		ack = w.sockets.deliver(w, path, body)
	} else {
		content := "application/x-www-form-urlencoded"
		switch path {
		case "event":
			content = "application/json"
		case "interaction":
			body = []byte(url.Values{"payload": {string(body)}}.Encode())
		case "command":
			body = []byte(commandValues(body).Encode())
		}
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, w.request(path, content, body, w.clock.Now()))
		if rec.Code != http.StatusOK {
			w.t.Errorf("%s: answered %d", path, rec.Code)
		}
		ack = rec.Body.Bytes()
	}
	return ack
}

func commandValues(body []byte) url.Values {
	var fields map[string]string
	_ = json.Unmarshal(body, &fields)
	form := url.Values{}
	for name, v := range fields {
		form.Set(name, v)
	}
	return form
}

// command is a person typing a slash command. It returns the trigger that came with it.
func (w *workspace) command(user, channel, text string) (trigger string) {
	w.mu.Lock()
	name, rest, _ := strings.Cut(text, " ")
	place := "privategroup"
	if ch := w.channels[channel]; ch != nil && ch.direct != "" {
		place = "directmessage"
	}
	trigger = w.trigger(user)
	response := w.hook(user, channel, nil)
	w.mu.Unlock()
	body, _ := json.Marshal(map[string]string{
		"token": "unused", "team_id": w.team, "team_domain": "testi", "channel_id": channel, "channel_name": place, "user_id": user,
		"user_name": "x", "command": name, "text": rest, "api_app_id": w.app, "response_url": response, "trigger_id": trigger,
	})
	w.acknowledged(response, w.deliver("command", body))
	return trigger
}

// acknowledged shows what an acknowledgement of a command says.
func (w *workspace) acknowledged(response string, ack []byte) {
	if len(bytes.TrimSpace(ack)) == 0 {
		return
	}
	c := wsCall{method: "acknowledgement", args: map[string]any{}}
	if err := json.Unmarshal(ack, &c.args); err != nil {
		w.t.Errorf("acknowledgement: %v", err)
		return
	}
	defer w.lock()()
	w.sent = append(w.sent, wsSent{method: c.method, args: c.args, raw: string(ack)})
	if len(c.args) > 0 {
		w.respond(w.hooks[response[strings.LastIndexByte(response, '/')+1:]], c)
	}
}

// press is a person pressing the button with the label under a message.
func (w *workspace) press(user, message, label string) {
	w.t.Helper()
	channel, ts, _ := strings.Cut(message, ":")
	w.mu.Lock()
	m := w.channels[channel].message(ts)
	payload := w.interaction("block_actions", user)
	payload["response_url"] = w.hook(user, channel, m)
	payload["channel"] = wsAnswer{"id": channel, "name": "privategroup"}
	payload["container"] = wsAnswer{"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": m.ephemeral != ""}
	payload["message"] = wsAnswer{"type": "message", "ts": ts, "user": m.user, "bot_id": m.botID, "text": m.text, "blocks": m.blocks, "metadata": m.metadata}
	payload["actions"] = []any{w.action(m.blocks, label)}
	w.mu.Unlock()
	body, _ := json.Marshal(payload)
	w.deliver("interaction", body)
}

// pressHome is a person pressing a button of their home view.
func (w *workspace) pressHome(user, label string) {
	w.t.Helper()
	w.mu.Lock()
	home := w.homes[user]
	view := wsAnswer{"id": "VHOME" + user, "team_id": w.team, "type": "home", "blocks": home["blocks"], "private_metadata": home["private_metadata"]}
	w.mu.Unlock()
	w.pressIn(user, view, label)
}

// pressView is a person pressing a button in a modal.
func (w *workspace) pressView(v *wsView, label string) {
	w.t.Helper()
	w.mu.Lock()
	view := w.show1(v)
	w.mu.Unlock()
	w.pressIn(v.user, view, label)
}

func (w *workspace) pressIn(user string, view wsAnswer, label string) {
	w.t.Helper()
	w.mu.Lock()
	payload := w.interaction("block_actions", user)
	payload["view"] = view
	payload["container"] = wsAnswer{"type": "view", "view_id": view["id"]}
	payload["actions"] = []any{w.action(wsList(view, "blocks"), label)}
	w.mu.Unlock()
	body, _ := json.Marshal(payload)
	w.deliver("interaction", body)
}

func (w *workspace) interaction(kind, user string) wsAnswer {
	return wsAnswer{
		"type": kind, "token": "unused", "api_app_id": w.app, "trigger_id": w.trigger(user),
		"team": wsAnswer{"id": w.team, "domain": "testi"}, "user": wsAnswer{"id": user, "username": "x", "team_id": w.team},
	}
}

func (w *workspace) action(blocks []any, label string) wsAnswer {
	for _, e := range wsElements(blocks) {
		if wsLiteral(wsLabel(e)) == label {
			return wsAnswer{
				"type": "button", "action_id": e["action_id"], "block_id": "b", "text": e["text"], "value": e["value"],
				"action_ts": w.stamp(),
			}
		}
	}
	w.t.Errorf("no button says %q", label)
	return wsAnswer{}
}

// modal is the one a person sees last of all that are open to them.
func (w *workspace) modal(user string) (found *wsView) {
	defer w.lock()()
	for _, v := range w.views {
		if v.user == user && !v.closed && (found == nil || v.id > found.id) {
			found = v
		}
	}
	return found
}

// submit is a person filling in a modal and sending it: string, []string, bool as one option that is ticked, by action_id. It returns
// the errors that stand in it afterwards.
func (w *workspace) submit(v *wsView, values map[string]any) (errors map[string]string) {
	w.t.Helper()
	w.mu.Lock()
	payload := w.interaction("view_submission", v.user)
	shown := w.show1(v)
	shown["state"] = wsAnswer{"values": w.state(v, values)}
	payload["view"] = shown
	w.mu.Unlock()
	body, _ := json.Marshal(payload)
	ack := w.deliver("interaction", body)
	return w.sentOff(v, ack)
}

// sentOff does what the answer to a sent modal says.
func (w *workspace) sentOff(v *wsView, ack []byte) map[string]string {
	defer w.lock()()
	var answer struct {
		Action string            `json:"response_action"`
		View   map[string]any    `json:"view"`
		Errors map[string]string `json:"errors"`
	}
	if len(bytes.TrimSpace(ack)) > 0 {
		if err := json.Unmarshal(ack, &answer); err != nil {
			w.t.Errorf("answer to a sent modal: %v", err)
		}
		w.sent = append(w.sent, wsSent{method: "response_action", args: answer.View, raw: string(ack)})
	}
	switch answer.Action {
	case "", "clear":
		v.closed = true
	case "errors":
		if len(answer.Errors) == 0 {
			w.t.Error("response_action errors without errors")
		}
		for block := range answer.Errors {
			if !v.asks(block) {
				w.t.Errorf("an error for %q, which is no question of the modal", block)
			}
		}
	case "update", "push":
		if w.judge("response_action "+answer.Action, answer.View) == "" {
			if answer.Action == "push" {
				w.keepView(v.user, answer.View).root = v.root
			} else {
				v.body = answer.View
			}
		}
	default:
		w.t.Errorf("response_action %q", answer.Action)
	}
	return answer.Errors
}

func (v *wsView) asks(block string) bool {
	for _, b := range wsList(v.body, "blocks") {
		if o, _ := b.(wsObject); o["type"] == "input" && o["block_id"] == block {
			return true
		}
	}
	return false
}

// closeView is a person closing a modal without sending it; Luotsi is told if it asked to be.
func (w *workspace) closeView(v *wsView) {
	w.mu.Lock()
	v.closed = true
	payload := w.interaction("view_closed", v.user)
	delete(payload, "trigger_id")
	payload["view"], payload["is_cleared"] = w.show1(v), false
	w.mu.Unlock()
	if v.body["notify_on_close"] == true {
		body, _ := json.Marshal(payload)
		w.deliver("interaction", body)
	}
}

// openHome is a person opening Luotsi's home view.
func (w *workspace) openHome(user string) {
	defer w.lock()()
	w.tell(wsAnswer{"type": "app_home_opened", "user": user, "channel": w.directOf(w.users[user]).id, "tab": "home", "event_ts": w.stamp()})
}
