package mattermost

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

func officeText(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// routes are what setting up and checking ask.
func (o *office) routes() http.Handler {
	mux := http.NewServeMux()
	o.handle(mux, "GET /config/client", false, func(c officeCall) officeAnswer {
		told := map[string]string{"Version": o.version, "SiteURL": *o.settings.ServiceSettings.SiteURL}
		if c.who != nil {
			told["RequireEmailVerification"] = fmt.Sprint(o.proving)
		}
		return officeAnswer{200, told}
	})
	o.handle(mux, "GET /license/client", false, func(officeCall) officeAnswer {
		return officeAnswer{200, map[string]string{"IsLicensed": fmt.Sprint(o.licence)}}
	})
	o.handle(mux, "GET /config", true, func(officeCall) officeAnswer { return officeAnswer{200, o.settings} })
	o.handle(mux, "PUT /config/patch", true, o.merge)
	o.handle(mux, "GET /roles/name/{name}", false, func(c officeCall) officeAnswer {
		if role := o.roles[c.PathValue("name")]; role != nil {
			return officeAnswer{200, role}
		}
		return officeNo(http.StatusNotFound, "no role")
	})
	o.handle(mux, "PUT /roles/{id}/patch", true, o.patchRole)
	o.sessionRoutes(mux)
	o.userRoutes(mux)
	o.teamRoutes(mux)
	o.channelRoutes(mux)
	return mux
}

// sessionRoutes let people sign in, whose password is their name's.
func (o *office) sessionRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v4/users/login", func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		var given struct {
			Login    string `json:"login_id"`
			Password string
		}
		_ = json.NewDecoder(r.Body).Decode(&given) // empty: refused
		u := o.named(given.Login)
		if u == nil || given.Password != given.Login+"-password" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"message":"enter a valid login","status_code":401}`))
			return
		}
		token := model.NewId()
		o.tokens[token] = u.Id
		w.Header().Set("Token", token)
		_ = json.NewEncoder(w).Encode(u)
	})
	o.handle(mux, "POST /users/logout", false, func(c officeCall) officeAnswer {
		_, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
		delete(o.tokens, token)
		return officeAnswer{200, map[string]string{"status": "OK"}}
	})
}

func (o *office) userRoutes(mux *http.ServeMux) {
	find := func(c officeCall) officeAnswer {
		if u := o.named(c.PathValue("name")); u != nil {
			return officeAnswer{200, o.shown(c, u)}
		}
		return officeNo(http.StatusNotFound, "no user")
	}
	o.handle(mux, "GET /users/username/{name}", false, find)
	o.handle(mux, "GET /users/email/{name}", false, func(c officeCall) officeAnswer {
		if show := o.settings.PrivacySettings.ShowEmailAddress; show != nil && !*show && !c.admin() {
			return officeNo(http.StatusForbidden, "permissions")
		}
		return find(c)
	})
	o.handle(mux, "GET /users", false, o.list)
	o.handle(mux, "GET /users/{id}", false, func(c officeCall) officeAnswer {
		if c.PathValue("id") == "me" {
			return officeAnswer{200, c.who}
		}
		return officeAnswer{200, o.users[c.PathValue("id")]}
	})
	o.handle(mux, "POST /users/ids", false, func(officeCall) officeAnswer {
		var all []*model.User
		for _, u := range o.users {
			all = append(all, u)
		}
		return officeAnswer{200, all}
	})
	o.handle(mux, "POST /users/{id}/tokens", true, func(c officeCall) officeAnswer {
		token := model.NewId()
		o.tokens[token] = c.PathValue("id")
		return officeAnswer{200, model.UserAccessToken{Token: token}}
	})
	o.handle(mux, "GET /bots/{id}", true, func(c officeCall) officeAnswer {
		u := o.users[c.PathValue("id")]
		return officeAnswer{200, model.Bot{UserId: u.Id, Username: u.Username, OwnerId: o.owners[u.Id], DeleteAt: u.DeleteAt}}
	})
	o.handle(mux, "POST /bots/{id}/enable", true, func(c officeCall) officeAnswer {
		o.users[c.PathValue("id")].DeleteAt = 0
		return officeAnswer{200, model.Bot{}}
	})
	o.handle(mux, "POST /bots", true, func(c officeCall) officeAnswer {
		if !*o.settings.ServiceSettings.EnableBotAccountCreation {
			return officeNo(http.StatusForbidden, "bot creation is disabled")
		}
		u := &model.User{Id: model.NewId(), Username: c.body["username"].(string), Roles: "system_user", IsBot: true}
		o.users[u.Id], o.owners[u.Id] = u, c.who.Id
		return officeAnswer{201, model.Bot{UserId: u.Id, Username: u.Username}}
	})
}

// list is a page of everybody, or of who is in a channel; addresses are shown as the settings say.
func (o *office) list(c officeCall) officeAnswer {
	q, all := c.URL.Query(), []*model.User{}
	channel := q.Get("in_channel")
	for id, u := range o.users {
		if channel == "" || o.members[channel][id] {
			all = append(all, o.shown(c, u))
		}
	}
	slices.SortFunc(all, func(a, b *model.User) int { return strings.Compare(a.Username, b.Username) })
	page, _ := strconv.Atoi(q.Get("page"))
	size, _ := strconv.Atoi(q.Get("per_page"))
	from := min(page*size, len(all))
	return officeAnswer{200, all[from:min(from+size, len(all))]}
}

// shown is a user as the caller may see them.
func (o *office) shown(c officeCall, u *model.User) *model.User {
	told := *u
	told.EmailVerified = false // of nobody but oneself
	if !c.admin() {
		told.AuthService = ""
		if show := o.settings.PrivacySettings.ShowEmailAddress; show != nil && !*show {
			told.Email = ""
		}
	}
	return &told
}

func (o *office) teamRoutes(mux *http.ServeMux) {
	o.handle(mux, "GET /teams", true, func(officeCall) officeAnswer { return officeAnswer{200, []*model.Team{o.team}} })
	o.handle(mux, "GET /teams/name/{name}", false, func(c officeCall) officeAnswer {
		if c.PathValue("name") != o.team.Name {
			return officeNo(http.StatusNotFound, "no team")
		}
		return officeAnswer{200, o.team}
	})
	o.handle(mux, "GET /teams/{id}/members/{user}", false, func(c officeCall) officeAnswer {
		if !o.teamed[c.PathValue("user")] {
			return officeNo(http.StatusNotFound, "no member")
		}
		return officeAnswer{200, model.TeamMember{UserId: c.PathValue("user"), Roles: "team_user"}}
	})
	o.handle(mux, "POST /teams/{id}/members", true, func(c officeCall) officeAnswer {
		o.teamed[c.body["user_id"].(string)] = true
		return officeAnswer{201, model.TeamMember{}}
	})
	o.handle(mux, "POST /teams/{id}/members/ids", false, func(officeCall) officeAnswer {
		var all []model.TeamMember
		for id := range o.teamed {
			all = append(all, model.TeamMember{UserId: id})
		}
		return officeAnswer{200, all}
	})
	o.handle(mux, "GET /teams/{id}/commands/autocomplete", false, func(officeCall) officeAnswer {
		var bare []*model.Command
		for _, c := range o.commands {
			if !*o.settings.ServiceSettings.EnableCommands {
				break
			}
			sanitized := *c
			sanitized.Sanitize()
			bare = append(bare, &sanitized)
		}
		return officeAnswer{200, bare}
	})
	o.handle(mux, "GET /commands", true, func(officeCall) officeAnswer {
		if !*o.settings.ServiceSettings.EnableCommands {
			return officeNo(http.StatusNotImplemented, "Commands have been disabled by the system admin.")
		}
		return officeAnswer{200, o.commands}
	})
	o.handle(mux, "POST /commands", true, o.command)
	o.handle(mux, "PUT /commands/{id}", true, o.command)
	o.handle(mux, "POST /commands/execute", false, func(officeCall) officeAnswer {
		switch {
		case !*o.settings.ServiceSettings.EnableCommands:
			return officeNo(http.StatusNotImplemented, "Commands have been disabled by the system admin.")
		case len(o.commands) == 0:
			return officeNo(http.StatusNotFound, "no command")
		case !o.reached:
			return officeNo(http.StatusInternalServerError, "the command failed")
		}
		return officeAnswer{200, model.CommandResponse{}}
	})
}

func (o *office) channelRoutes(mux *http.ServeMux) {
	see := func(c officeCall, channel *model.Channel) officeAnswer {
		if channel == nil || !c.admin() && !o.members[channel.Id][c.who.Id] {
			return officeNo(http.StatusNotFound, "no channel")
		}
		return officeAnswer{200, channel}
	}
	o.handle(mux, "GET /teams/{id}/channels/name/{name}", false, func(c officeCall) officeAnswer {
		for _, channel := range o.channels {
			if channel.Name == c.PathValue("name") && channel.DeleteAt == 0 {
				return see(c, channel)
			}
		}
		return officeNo(http.StatusNotFound, "no channel")
	})
	o.handle(mux, "GET /channels/{id}", false, func(c officeCall) officeAnswer { return see(c, o.channels[c.PathValue("id")]) })
	o.handle(mux, "GET /channels/{id}/stats", false, func(c officeCall) officeAnswer {
		return officeAnswer{200, model.ChannelStats{MemberCount: int64(len(o.members[c.PathValue("id")]))}}
	})
	o.handle(mux, "POST /channels", false, func(c officeCall) officeAnswer {
		var channel model.Channel
		c.into(&channel)
		taken := func(old *model.Channel) bool { return old.Name == channel.Name }
		if slices.ContainsFunc(o.channelList(), taken) {
			return officeNo(http.StatusBadRequest, "a channel with that name exists")
		}
		if !o.teamed[c.who.Id] {
			return officeNo(http.StatusForbidden, "permissions")
		}
		channel.Id, channel.CreatorId = model.NewId(), c.who.Id
		o.channels[channel.Id], o.members[channel.Id] = &channel, map[string]bool{c.who.Id: true}
		return officeAnswer{201, channel}
	})
	o.handle(mux, "GET /channels/{id}/members/{user}", false, func(c officeCall) officeAnswer {
		if !o.members[c.PathValue("id")][c.PathValue("user")] {
			return officeNo(http.StatusNotFound, "no member")
		}
		return officeAnswer{200, model.ChannelMember{Roles: "channel_user channel_admin"}}
	})
	o.handle(mux, "POST /channels/{id}/members", false, func(c officeCall) officeAnswer {
		members := o.members[c.PathValue("id")]
		if !c.admin() && !members[c.who.Id] {
			return officeNo(http.StatusForbidden, "permissions")
		}
		members[c.body["user_id"].(string)] = true
		return officeAnswer{201, model.ChannelMember{}}
	})
}

func (o *office) channelList() (all []*model.Channel) {
	for _, c := range o.channels {
		all = append(all, c)
	}
	return all
}
