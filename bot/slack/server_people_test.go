package slack

import "slices"

func (w *workspace) openDirect(c wsCall) (wsAnswer, string) {
	u := w.users[c.text("users")]
	switch {
	case u == nil:
		return nil, "user_not_found"
	case u.deleted:
		return nil, "user_disabled"
	}
	return wsAnswer{"channel": w.show(w.directOf(u))}, ""
}

// directOf is a person's conversation with Luotsi.
func (w *workspace) directOf(u *wsUser) *wsChannel {
	if u.direct == "" {
		ch := &wsChannel{id: w.id("D"), direct: u.id, private: true, members: []string{w.bot, u.id}}
		u.direct, w.channels[ch.id] = ch.id, ch
	}
	return w.channels[u.direct]
}

func (w *workspace) showUser(u *wsUser) wsAnswer {
	profile := wsAnswer{"real_name": u.real}
	if slices.Contains(w.scopes, "users:read.email") {
		profile["email"] = u.email
	}
	return wsAnswer{
		"id": u.id, "team_id": w.team, "name": u.name, "real_name": u.real, "deleted": u.deleted, "is_restricted": u.guest,
		"is_bot": u.program, "is_stranger": u.foreign, "profile": profile,
	}
}

func (w *workspace) userInfo(c wsCall) (wsAnswer, string) {
	u := w.users[c.text("user")]
	if u == nil {
		return nil, "user_not_found"
	}
	shown := w.showUser(u)
	if c.text("include_locale") == "true" {
		shown["locale"] = u.locale
	}
	return wsAnswer{"user": shown}, ""
}

func (w *workspace) userList(c wsCall) (wsAnswer, string) {
	ids := make([]string, 0, len(w.users))
	for id, u := range w.users {
		if !u.foreign {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	some, meta := wsPage(w, c, ids)
	members := []wsAnswer{}
	for _, id := range some {
		members = append(members, w.showUser(w.users[id]))
	}
	return wsAnswer{"members": members, "response_metadata": meta}, ""
}

func (w *workspace) lookup(c wsCall) (wsAnswer, string) {
	for _, u := range w.users {
		if u.email == c.text("email") && !u.deleted {
			return wsAnswer{"user": w.showUser(u)}, ""
		}
	}
	return nil, "users_not_found"
}
