package slack

import (
	"encoding/json"
	"maps"
	"net/http"
	"time"
)

// How long a trigger opens a modal, and what a response address takes.
const (
	wsTriggerLife = time.Minute // three seconds in Slack; this machine may be busy
	wsHookLife    = 30 * time.Minute
	wsHookUses    = 5
)

type wsTrigger struct {
	user string
	made time.Time // by the wall's clock: so long a person's window waits
	used bool
}

type wsView struct {
	id, user, root string
	body           map[string]any
	closed         bool
}

// wsHook is a response address. message is the one it may replace.
type wsHook struct {
	user, channel string
	message       *wsMessage
	made          time.Time
	uses          int
}

func (w *workspace) trigger(user string) string {
	id := w.id("777.") + ".trigger"
	w.triggers[id] = &wsTrigger{user: user, made: time.Now()}
	return id
}

func (w *workspace) hook(user, channel string, m *wsMessage) string {
	id := w.id("hook")
	w.hooks[id] = &wsHook{user: user, channel: channel, message: m, made: w.clock.Now()}
	return w.server.URL + "/response/" + id
}

// judge holds a view against the limits. One that breaks them is refused and fails the test.
func (w *workspace) judge(where string, v map[string]any) string {
	raw, _ := json.Marshal(v)
	k := &wsKit{w: w, where: where}
	k.view(v)
	switch {
	case len(raw) > 250_000:
		return "view_too_large"
	case k.wrong != "":
		w.t.Errorf("%s: %s", where, k.wrong)
		return "invalid_arguments"
	}
	return ""
}

func (w *workspace) openView(c wsCall) (wsAnswer, string) {
	trigger := w.triggers[c.text("trigger_id")]
	switch {
	case trigger == nil:
		return nil, "invalid_trigger_id"
	case trigger.used:
		return nil, "exchanged_trigger_id"
	case time.Since(trigger.made) > wsTriggerLife:
		return nil, "expired_trigger_id"
	}
	body, _ := c.object("view").(map[string]any)
	if fault := w.judge("views.open", body); fault != "" {
		return nil, fault
	}
	trigger.used = true
	return wsAnswer{"view": w.show1(w.keepView(trigger.user, body))}, ""
}

func (w *workspace) keepView(user string, body map[string]any) *wsView {
	v := &wsView{id: w.id("V"), user: user, body: body}
	v.root = v.id
	w.views[v.id] = v
	return v
}

func (w *workspace) show1(v *wsView) wsAnswer {
	shown := maps.Clone(v.body)
	maps.Copy(shown, wsAnswer{"id": v.id, "team_id": w.team, "app_id": w.app, "bot_id": w.botID, "root_view_id": v.root, "hash": "h" + v.id})
	return shown
}

func (w *workspace) updateView(c wsCall) (wsAnswer, string) {
	v := w.views[c.text("view_id")]
	if v == nil || v.closed {
		return nil, "not_found"
	}
	body, _ := c.object("view").(map[string]any)
	if fault := w.judge("views.update", body); fault != "" {
		return nil, fault
	}
	v.body = body
	return wsAnswer{"view": w.show1(v)}, ""
}

func (w *workspace) publishView(c wsCall) (wsAnswer, string) {
	if w.users[c.text("user_id")] == nil {
		return nil, "user_not_found"
	}
	body, _ := c.object("view").(map[string]any)
	if fault := w.judge("views.publish", body); fault != "" {
		return nil, fault
	}
	w.homes[c.text("user_id")] = body
	return wsAnswer{"view": body}, ""
}

// serveHook takes what is sent to a response address.
func (w *workspace) serveHook(rw http.ResponseWriter, r *http.Request) {
	defer w.lock()()
	h := w.hooks[r.PathValue("id")]
	c := wsCall{method: "response_url", args: map[string]any{}}
	if json.NewDecoder(r.Body).Decode(&c.args) != nil || h == nil {
		http.Error(rw, "invalid_payload", http.StatusBadRequest)
		return
	}
	raw, _ := json.Marshal(c.args)
	w.sent = append(w.sent, wsSent{method: c.method, args: c.args, raw: string(raw)})
	if h.uses++; h.uses > wsHookUses || w.clock.Now().Sub(h.made) > wsHookLife {
		w.t.Errorf("response_url: used %d times after %s", h.uses, w.clock.Now().Sub(h.made))
		http.Error(rw, "used_url", http.StatusNotFound)
		return
	}
	w.respond(h, c)
	_, _ = rw.Write([]byte("ok"))
}

// respond shows what a response address, or the answer to a command itself, says.
func (w *workspace) respond(h *wsHook, c wsCall) {
	ch := w.channels[h.channel]
	if c.args["delete_original"] == true && h.message != nil {
		h.message.ephemeral = "nobody"
		return
	}
	text, blocks, fault := w.content(c)
	switch {
	case fault != "":
		w.t.Errorf("%s: %s", c.method, fault)
	case c.args["replace_original"] == true && h.message != nil:
		h.message.text, h.message.blocks, h.message.edited = text, blocks, true
	case ch != nil:
		m := &wsMessage{ts: w.stamp(), user: w.bot, botID: w.botID, text: text, blocks: blocks, ephemeral: h.user}
		if c.args["response_type"] == "in_channel" {
			m.ephemeral = ""
		}
		ch.messages = append(ch.messages, m)
	}
}
