package slack

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"luotsi/bot/bottest"
)

// wsRaw finds what could be a mention, a link or a channel: a control character that is not escaped.
var wsRaw = regexp.MustCompile(`[<>]|&(?:[^agl]|a[^m]|g[^t]|l[^t]|$)`)

// escaped fails the test for a text in which something a person wrote could have power.
func (w *workspace) escaped(where, text string) {
	if at := wsRaw.FindStringIndex(text); at != nil {
		w.t.Errorf("%s: not escaped at %d: %q", where, at[0], text)
	}
}

// content reads and judges what a message says.
func (w *workspace) content(c wsCall) (text string, blocks []any, fault string) {
	text = c.text("text")
	w.escaped(c.method, text)
	raw := c.object("blocks")
	if raw == nil {
		if text == "" {
			return "", nil, "no_text"
		}
		return text, nil, ""
	}
	blocks, ok := raw.([]any)
	if !ok {
		return "", nil, "invalid_blocks_format"
	}
	if text == "" {
		w.t.Errorf("%s: blocks without text beside them", c.method)
	}
	if utf8.RuneCountInString(text) > 4000 {
		if c.method == "chat.update" {
			return "", nil, "msg_too_long"
		}
		w.t.Errorf("%s: %d characters of text", c.method, utf8.RuneCountInString(text))
	}
	k := &wsKit{w: w, where: c.method}
	k.blocks(blocks, 50, false)
	if k.total > 10_000 {
		return "", nil, "msg_blocks_too_long"
	}
	if k.wrong != "" {
		w.t.Errorf("%s: %s", c.method, k.wrong)
		return "", nil, "invalid_blocks"
	}
	return text, blocks, ""
}

func (w *workspace) postMessage(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault != "" {
		return nil, fault
	}
	if u := w.users[ch.direct]; u != nil && u.deleted {
		return nil, "channel_not_found"
	}
	text, blocks, fault := w.content(c)
	if fault != "" {
		return nil, fault
	}
	m := &wsMessage{ts: w.stamp(), user: w.bot, botID: w.botID, text: text, blocks: blocks}
	if meta, ok := c.object("metadata").(map[string]any); ok {
		payload, isObject := meta["event_payload"].(map[string]any)
		if meta["event_type"] == "" || !isObject {
			return nil, "invalid_metadata_format"
		}
		for name, v := range payload {
			if s, _ := v.(string); !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(s) {
				w.t.Errorf("metadata %s holds more than a hash: %v", name, v)
			}
		}
		m.metadata = meta
	}
	ch.messages = append(ch.messages, m)
	return wsAnswer{"channel": ch.id, "ts": m.ts, "message": wsAnswer{"text": m.text}}, ""
}

func (ch *wsChannel) message(ts string) *wsMessage {
	for _, m := range ch.messages {
		if m.ts == ts {
			return m
		}
	}
	return nil
}

func (w *workspace) updateMessage(c wsCall) (wsAnswer, string) {
	if ch := w.channels[c.text("channel")]; ch != nil && ch.archived {
		return nil, "is_inactive"
	}
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	m := ch.message(c.text("ts"))
	switch {
	case m == nil:
		return nil, "message_not_found"
	case m.user != w.bot:
		return nil, "cant_update_message"
	}
	text, blocks, fault := w.content(c)
	if fault != "" {
		return nil, fault
	}
	m.text, m.edited = text, true
	if blocks != nil { // a change that has none leaves the old ones
		m.blocks = blocks
	}
	return wsAnswer{"channel": ch.id, "ts": m.ts, "text": m.text}, ""
}

// deleteMessage takes a message away; a bot's own only.
func (w *workspace) deleteMessage(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault != "" {
		return nil, fault
	}
	m := ch.message(c.text("ts"))
	switch {
	case m == nil:
		return nil, "message_not_found"
	case m.user != w.bot:
		return nil, "cant_delete_message"
	}
	ch.messages = slices.DeleteFunc(ch.messages, func(o *wsMessage) bool { return o == m })
	return wsAnswer{"channel": ch.id, "ts": m.ts}, ""
}

func (w *workspace) history(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	var found []*wsMessage
	for _, m := range slices.Backward(ch.messages) {
		if oldest := c.text("oldest"); m.ephemeral == "" && m.thread == "" && (oldest == "" || m.ts > oldest) {
			found = append(found, m)
		}
	}
	return w.showMessages(c, ch, found)
}

// replies are a thread's first message, always, and what was answered to it.
func (w *workspace) replies(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	var found []*wsMessage
	for _, m := range ch.messages {
		if m.ts == c.text("ts") || m.thread == c.text("ts") && m.ts > c.text("oldest") {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, "thread_not_found"
	}
	return w.showMessages(c, ch, found)
}

func (w *workspace) showMessages(c wsCall, ch *wsChannel, all []*wsMessage) (wsAnswer, string) {
	some, meta := wsPage(w, c, all)
	shown := []wsAnswer{}
	for _, m := range some {
		show := wsAnswer{"type": "message", "ts": m.ts, "user": m.user, "bot_id": m.botID, "text": m.text, "subtype": m.subtype}
		if c.text("include_all_metadata") == "1" && m.metadata != nil {
			show["metadata"] = m.metadata
		}
		n := 0
		for _, reply := range ch.messages {
			if reply.thread == m.ts {
				n++
				show["reply_count"], show["latest_reply"], show["thread_ts"] = n, reply.ts, m.ts
			}
		}
		shown = append(shown, show)
	}
	return wsAnswer{"messages": shown, "has_more": meta["next_cursor"] != "", "response_metadata": meta}, ""
}

// write is what a person says in a channel.
func (w *workspace) write(user, channel, text string) (ts string) {
	defer w.lock()()
	m := &wsMessage{ts: w.stamp(), user: user, text: text}
	ch := w.channels[channel]
	ch.messages = append(ch.messages, m)
	w.tell(wsAnswer{"type": "message", "channel": channel, "channel_type": "group", "user": user, "text": text, "ts": m.ts, "event_ts": m.ts})
	return m.ts
}

// sees is what a person reads in a channel, or in their conversation with Luotsi.
func (w *workspace) sees(user, channel string) (seen []bottest.Seen) {
	defer w.lock()()
	if channel == "" {
		channel = w.users[user].direct
	}
	ch := w.channels[channel]
	if ch == nil || !slices.Contains(ch.members, user) {
		return nil
	}
	for _, m := range ch.messages {
		if m.ephemeral != "" && m.ephemeral != user {
			continue
		}
		s := bottest.Seen{ID: messageID(ch.id, m.ts), Text: wsLiteral(m.text)}
		if m.blocks != nil {
			s.Text = wsText(m.blocks)
			for _, e := range wsElements(m.blocks) {
				s.Buttons = append(s.Buttons, wsLiteral(wsLabel(e)))
			}
		}
		seen = append(seen, s)
	}
	return seen
}

func wsLiteral(text string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(text)
}

// wsText is what stands in blocks, as people read it. What mrkdwn would make of a text is shown by leaving its marks out.
func wsText(blocks []any) string {
	var lines []string
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		t, _ := block["text"].(map[string]any)
		if t == nil {
			continue
		}
		text, _ := t["text"].(string)
		if t["type"] == "mrkdwn" {
			text = strings.NewReplacer("*", "", "_", "", "~", "", "`", "").Replace(text)
		}
		lines = append(lines, wsLiteral(text))
	}
	return strings.Join(lines, "\n")
}

// wsElements are the buttons of blocks.
func wsElements(blocks []any) (all []map[string]any) {
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		if block["type"] != "actions" {
			continue
		}
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			if e, ok := e.(map[string]any); ok {
				all = append(all, e)
			}
		}
	}
	return all
}

func wsLabel(element map[string]any) string {
	t, _ := element["text"].(map[string]any)
	text, _ := t["text"].(string)
	return text
}
