package slack

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// wsMethod is a method of the API: what may call it, and what it does. The error is Slack's code.
type wsMethod struct {
	scope     string
	byChannel bool // the scope's first half depends on the channel
	app       bool // an app-level token's
	do        func(*workspace, wsCall) (wsAnswer, string)
}

var wsMethods = map[string]wsMethod{
	"auth.test":                {do: (*workspace).authTest},
	"conversations.create":     {scope: "groups:write", do: (*workspace).create},
	"conversations.list":       {scope: "groups:read", do: (*workspace).list},
	"conversations.info":       {scope: "read", byChannel: true, do: (*workspace).info},
	"conversations.members":    {scope: "read", byChannel: true, do: (*workspace).membersOf},
	"conversations.invite":     {scope: "write", byChannel: true, do: (*workspace).invite},
	"conversations.kick":       {scope: "write", byChannel: true, do: (*workspace).kickOut},
	"conversations.archive":    {scope: "write", byChannel: true, do: (*workspace).archive},
	"conversations.rename":     {scope: "write", byChannel: true, do: (*workspace).rename},
	"conversations.setTopic":   {scope: "write", byChannel: true, do: (*workspace).setTopic},
	"conversations.setPurpose": {scope: "write", byChannel: true, do: (*workspace).setPurpose},
	"conversations.open":       {scope: "im:write", do: (*workspace).openDirect},
	"conversations.history":    {scope: "history", byChannel: true, do: (*workspace).history},
	"conversations.replies":    {scope: "history", byChannel: true, do: (*workspace).replies},
	"users.info":               {scope: "users:read", do: (*workspace).userInfo},
	"users.list":               {scope: "users:read", do: (*workspace).userList},
	"users.lookupByEmail":      {scope: "users:read.email", do: (*workspace).lookup},
	"chat.postMessage":         {scope: "chat:write", do: (*workspace).postMessage},
	"chat.delete":              {scope: "chat:write", do: (*workspace).deleteMessage},
	"chat.update":              {scope: "chat:write", do: (*workspace).updateMessage},
	"views.open":               {do: (*workspace).openView},
	"views.update":             {do: (*workspace).updateView},
	"views.publish":            {do: (*workspace).publishView},
	"apps.connections.open":    {app: true, scope: "connections:write", do: (*workspace).openSocket},
}

func (w *workspace) authTest(wsCall) (wsAnswer, string) {
	return wsAnswer{"team_id": w.team, "team": "Testi", "user_id": w.bot, "user": "luotsi", "bot_id": w.botID, "url": "https://testi.slack.com/"}, ""
}

// seen is a channel that Luotsi is in. A private one that it is not in looks like one that never was.
func (w *workspace) seen(c wsCall) (*wsChannel, string) {
	ch := w.channels[c.text("channel")]
	switch {
	case ch == nil, ch.private && !slices.Contains(ch.members, w.bot):
		return nil, "channel_not_found"
	case !slices.Contains(ch.members, w.bot):
		return ch, "not_in_channel"
	}
	return ch, ""
}

// open is the same for what is done in a channel; Slack tells of an archived one what it is.
func (w *workspace) open(c wsCall) (*wsChannel, string) {
	if ch := w.channels[c.text("channel")]; ch != nil && ch.archived {
		return nil, "is_archived"
	}
	return w.seen(c)
}

var (
	wsName    = regexp.MustCompile(`^[a-z0-9_-]+$`)
	wsLetters = regexp.MustCompile(`[a-z0-9]`)
)

func (w *workspace) nameFault(name, self string) string {
	switch {
	case name == "":
		return "invalid_name_required"
	case len(name) > 80:
		return "invalid_name_maxlength"
	case !wsName.MatchString(name):
		return "invalid_name_specials"
	case !wsLetters.MatchString(name):
		return "invalid_name_punctuation"
	}
	for _, ch := range w.channels {
		if ch.name == name && ch.id != self {
			return "name_taken" // an archived one keeps its name
		}
	}
	return ""
}

func (w *workspace) create(c wsCall) (wsAnswer, string) {
	if fault := w.nameFault(c.text("name"), ""); fault != "" {
		return nil, fault
	}
	ch := &wsChannel{id: w.id("C"), name: c.text("name"), creator: w.bot, private: c.text("is_private") == "true", members: []string{w.bot}}
	w.channels[ch.id] = ch
	return wsAnswer{"channel": w.show(ch)}, ""
}

func (w *workspace) show(ch *wsChannel) wsAnswer {
	if ch.direct != "" {
		return wsAnswer{"id": ch.id, "is_im": true, "user": ch.direct}
	}
	return wsAnswer{
		"is_shared": ch.shared == "is_ext_shared" || ch.shared == "is_org_shared", "is_ext_shared": ch.shared == "is_ext_shared",
		"is_org_shared": ch.shared == "is_org_shared", "is_pending_ext_shared": ch.shared == "is_pending_ext_shared",
		"id": ch.id, "name": ch.name, "name_normalized": ch.name, "creator": ch.creator, "is_private": ch.private, "is_group": ch.private,
		"is_archived": ch.archived, "is_member": slices.Contains(ch.members, w.bot),
		"topic": wsAnswer{"value": ch.topic}, "purpose": wsAnswer{"value": ch.purpose},
	}
}

// wsPage cuts a list as the call's limit and cursor say, and never gives more at once than the workspace wants to.
func wsPage[T any](w *workspace, c wsCall, all []T) (some []T, meta wsAnswer) {
	limit, _ := strconv.Atoi(c.text("limit"))
	if limit <= 0 || limit > w.pageSize {
		limit = w.pageSize
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(c.text("cursor"), "at"))
	from = min(from, len(all))
	to, next := min(from+limit, len(all)), ""
	if to < len(all) {
		next = "at" + strconv.Itoa(to)
	}
	return all[from:to], wsAnswer{"next_cursor": next}
}

func (w *workspace) list(c wsCall) (wsAnswer, string) {
	if c.text("types") != "private_channel" {
		return nil, "missing_scope" // any other kind needs a scope that Luotsi does not have
	}
	var ids []string
	for id, ch := range w.channels {
		if ch.private && slices.Contains(ch.members, w.bot) && !(ch.archived && c.text("exclude_archived") == "true") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	some, meta := wsPage(w, c, ids)
	shown := []wsAnswer{}
	for _, id := range some {
		shown = append(shown, w.show(w.channels[id]))
	}
	return wsAnswer{"channels": shown, "response_metadata": meta}, ""
}

func (w *workspace) info(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if ch == nil {
		return nil, fault
	}
	return wsAnswer{"channel": w.show(ch)}, ""
}

func (w *workspace) membersOf(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	some, meta := wsPage(w, c, ch.members)
	return wsAnswer{"members": some, "response_metadata": meta}, ""
}

func (w *workspace) invite(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault != "" {
		return nil, fault
	}
	u := w.users[c.text("users")]
	switch {
	case u == nil:
		return nil, "user_not_found"
	case u.id == w.bot:
		return nil, "cant_invite_self"
	case slices.Contains(ch.members, u.id):
		return nil, "already_in_channel"
	case u.deleted:
		return nil, "cant_invite"
	case u.guest:
		return nil, "user_is_restricted"
	}
	ch.members = append(ch.members, u.id)
	w.tell(wsAnswer{"type": "member_joined_channel", "channel": ch.id, "channel_type": "G", "user": u.id, "inviter": w.bot})
	return wsAnswer{"channel": w.show(ch)}, ""
}

func (w *workspace) kickOut(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	u := w.users[c.text("user")]
	switch {
	case u == nil:
		return nil, "user_not_found"
	case u.id == w.bot:
		return nil, "cant_kick_self"
	case !slices.Contains(ch.members, u.id):
		return nil, "not_in_channel"
	}
	w.leave(ch, u.id)
	return wsAnswer{"errors": wsAnswer{}}, ""
}

func (w *workspace) leave(ch *wsChannel, user string) {
	ch.members = slices.DeleteFunc(ch.members, func(m string) bool { return m == user })
	if user == w.bot {
		w.tell(wsAnswer{"type": "group_left", "channel": ch.id})
		return
	}
	if slices.Contains(ch.members, w.bot) {
		w.tell(wsAnswer{"type": "member_left_channel", "channel": ch.id, "channel_type": "G", "user": user})
	}
}

func (w *workspace) archive(c wsCall) (wsAnswer, string) {
	ch, fault := w.seen(c)
	if fault != "" {
		return nil, fault
	}
	if ch.archived {
		return nil, "already_archived"
	}
	w.archived(ch)
	return nil, ""
}

// archived closes a channel: its people may read on, the bot is out for good.
func (w *workspace) archived(ch *wsChannel) {
	ch.archived = true
	w.tell(wsAnswer{"type": "group_archive", "channel": ch.id})
	ch.members = slices.DeleteFunc(ch.members, func(m string) bool { return m == w.bot })
}

func (w *workspace) rename(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault == "" && ch.creator != w.bot {
		fault = "not_authorized"
	}
	if fault == "" {
		fault = w.nameFault(c.text("name"), ch.id)
	}
	if fault != "" {
		return nil, fault
	}
	ch.name = c.text("name")
	w.tell(wsAnswer{"type": "group_rename", "channel": wsAnswer{"id": ch.id, "name": ch.name}})
	return wsAnswer{"channel": w.show(ch)}, ""
}

func (w *workspace) setTopic(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault != "" {
		return nil, fault
	}
	if len([]rune(c.text("topic"))) > 250 {
		return nil, "too_long"
	}
	ch.topic = c.text("topic")
	return wsAnswer{"channel": w.show(ch)}, ""
}

func (w *workspace) setPurpose(c wsCall) (wsAnswer, string) {
	ch, fault := w.open(c)
	if fault != "" {
		return nil, fault
	}
	if len([]rune(c.text("purpose"))) > 250 {
		return nil, "too_long"
	}
	ch.purpose = c.text("purpose")
	return wsAnswer{"channel": w.show(ch)}, ""
}
