package mattermosttest

import (
	"slices"
	"strconv"

	"github.com/mattermost/mattermost/server/public/model"
)

// ChannelNamed finds a channel's id by its name, also that of a conversation of two; empty: there is none.
func (s *Server) ChannelNamed(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, c := range s.Channels {
		if c.Name == name {
			return id
		}
	}
	return ""
}

// Look reads a channel's state.
func (s *Server) Look(id string) model.Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Channels[id].Channel
}

// Within lists a channel's members, without the bot.
func (s *Server) Within(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var in []string
	for user := range s.Channels[id].Members {
		if user != s.Bot {
			in = append(in, user)
		}
	}
	return in
}

func (a *ask) createChannel() (int, any, *refusal) {
	c := Channel{Members: map[string]string{}}
	if !a.read(&c.Channel) || c.TeamId != a.s.Team || c.Type != "P" && c.Type != "O" || len(c.DisplayName) > 64 {
		return 0, nil, badBody
	}
	if a.s.Barred && !a.user.Admin {
		return 0, nil, forbidden
	}
	if len(c.Name) > 64 || !model.IsValidChannelIdentifier(c.Name) {
		return 0, nil, &refusal{400, "model.channel.is_valid.1_or_more.app_error"}
	}
	if a.s.Full { // told before anything else, also of a name that is taken
		return 0, nil, &refusal{400, "api.channel.create_channel.max_channel_limit.app_error"}
	}
	if a.s.Named(c.Name) != nil {
		return 0, nil, nameTaken
	}
	c.Id, c.CreatorId, c.CreateAt, c.Header, c.Purpose = model.NewId(), a.user.Id, a.s.tick(), "", ""
	c.Members[a.user.Id] = "channel_user channel_admin"
	a.s.Channels[c.Id] = &c
	a.s.system(&c, a.user, "join_channel", a.user.Username+" joined the channel.")
	a.s.tell("channel_created", Data{"channel_id": c.Id, "team_id": c.TeamId}, "", a.user.Id)
	return 201, &c.Channel, nil
}

// Named finds a channel of the team, also an archived one; nil: there is none. It is for use within Set.
func (s *Server) Named(name string) *Channel {
	for _, c := range s.Channels {
		if c.Name == name && c.TeamId != "" {
			return c
		}
	}
	return nil
}

// channel finds the channel of the path if the asker may see it.
func (a *ask) channel() (*Channel, *refusal) {
	c := a.s.Channels[a.PathValue("channel")]
	switch {
	case !model.IsValidId(a.PathValue("channel")):
		return nil, badParam
	case c == nil:
		return nil, noChannel
	case !a.in(c.Id) && !a.user.Admin && c.Type != "O":
		return nil, forbidden
	}
	return c, nil
}

// managed finds the channel of the path if the asker may change it.
func (a *ask) managed() (*Channel, *refusal) {
	c, no := a.channel()
	if no != nil {
		return nil, no
	}
	if roles := c.Members[a.user.Id]; !a.user.Admin && (roles == "" || a.s.NoManage && roles == "channel_user") {
		return nil, forbidden
	}
	return c, nil
}

func (a *ask) getChannel() (int, any, *refusal) {
	c, no := a.channel()
	if no != nil {
		return 0, nil, no
	}
	return 200, &c.Channel, nil
}

func (a *ask) getChannelByName() (int, any, *refusal) {
	c := a.s.Named(a.PathValue("name"))
	if c == nil || c.DeleteAt != 0 && a.URL.Query().Get("include_deleted") != "true" || c.Type == "P" && c.Members[a.user.Id] == "" {
		return 0, nil, noneByName
	}
	return 200, &c.Channel, nil
}

func (a *ask) patchChannel() (int, any, *refusal) {
	var p model.ChannelPatch
	c, no := a.managed()
	switch {
	case no != nil:
		return 0, nil, no
	case c.DeleteAt != 0:
		return 0, nil, &refusal{400, "app.channel.update.bad_id"}
	case !a.read(&p):
		return 0, nil, badBody
	case p.Name != nil && *p.Name != c.Name && a.s.Named(*p.Name) != nil:
		return 0, nil, &refusal{400, "store.sql_channel.update.exists.app_error"}
	}
	old := c.Channel
	c.Patch(&p)
	c.UpdateAt = a.s.tick()
	a.s.tell("channel_updated", Data{"channel": AsText(&c.Channel)}, c.Id)
	switch {
	case old.Header != c.Header && c.Header == "":
		a.s.system(c, a.user, "header_change", a.user.Username+" removed the channel header (was: "+old.Header+")")
	case old.Header != c.Header:
		a.s.system(c, a.user, "header_change", a.user.Username+" updated the channel header to: "+c.Header)
	}
	return 200, &c.Channel, nil
}

func (a *ask) setPrivacy() (int, any, *refusal) {
	var p struct{ Privacy model.ChannelType }
	c, no := a.channel()
	switch {
	case no != nil:
		return 0, nil, no
	case !a.user.Admin:
		return 0, nil, forbidden
	case !a.read(&p):
		return 0, nil, badBody
	}
	c.Type = p.Privacy
	a.s.tell("channel_updated", Data{"channel": AsText(&c.Channel)}, c.Id)
	for id := range c.Members {
		a.s.tell("channel_converted", Data{"channel_id": c.Id}, "", id)
	}
	return 200, &c.Channel, nil
}

func (a *ask) archive() (int, any, *refusal) {
	c, no := a.managed()
	switch {
	case no != nil:
		return 0, nil, no
	case c.DeleteAt != 0:
		return 0, nil, archivedYet
	}
	a.s.system(c, a.user, "channel_deleted", a.user.Username+" archived the channel.")
	c.DeleteAt = a.s.tick()
	a.s.tell("channel_deleted", Data{"channel_id": c.Id, "delete_at": c.DeleteAt}, c.Id)
	return 200, Data{"status": "OK"}, nil
}

func (a *ask) restore() (int, any, *refusal) {
	c, no := a.channel()
	if no != nil || !a.user.Admin {
		return 0, nil, forbidden
	}
	c.DeleteAt = 0
	a.s.tell("channel_restored", Data{"channel_id": c.Id}, c.Id)
	return 200, &c.Channel, nil
}

func (a *ask) createDirect() (int, any, *refusal) {
	var two []string
	if !a.read(&two) || len(two) != 2 || !slices.Contains(two, a.user.Id) || a.s.Users[two[0]] == nil || a.s.Users[two[1]] == nil {
		return 0, nil, &refusal{400, "api.channel.create_direct_channel.invalid_user.app_error"}
	}
	if a.s.Barred && !a.user.Admin {
		return 0, nil, forbidden
	}
	slices.Sort(two)
	for _, c := range a.s.Channels {
		if c.Name == two[0]+"__"+two[1] {
			return 201, &c.Channel, nil
		}
	}
	c := &Channel{Members: map[string]string{two[0]: "channel_user", two[1]: "channel_user"}}
	c.Id, c.Name, c.Type, c.CreateAt, c.CreatorId = model.NewId(), two[0]+"__"+two[1], "D", a.s.tick(), a.user.Id
	a.s.Channels[c.Id] = c
	return 201, &c.Channel, nil
}

func (a *ask) getMembers() (int, any, *refusal) {
	c, no := a.channel()
	if no != nil {
		return 0, nil, forbidden // a channel that is not there is not told apart
	}
	page, _ := strconv.Atoi(a.URL.Query().Get("page"))
	per, _ := strconv.Atoi(a.URL.Query().Get("per_page"))
	var ids []string
	for id := range c.Members {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := []Data{}
	for i, id := range ids {
		if i >= page*per && i < (page+1)*per {
			out = append(out, Data{"channel_id": c.Id, "user_id": id, "roles": c.Members[id]})
		}
	}
	return 200, out, nil
}

func (a *ask) getMember() (int, any, *refusal) {
	c, no := a.channel()
	switch {
	case no != nil:
		return 0, nil, forbidden
	case c.Members[a.id("user")] == "":
		return 0, nil, noMember
	}
	return 200, Data{"channel_id": c.Id, "user_id": a.id("user"), "roles": c.Members[a.id("user")]}, nil
}

func (a *ask) addMember() (int, any, *refusal) {
	var in struct {
		User string `json:"user_id"`
	}
	if !a.read(&in) || !model.IsValidId(in.User) {
		return 0, nil, badBody
	}
	c, no := a.managed()
	if no != nil {
		return 0, nil, no
	}
	u := a.s.Users[in.User]
	switch {
	case u == nil:
		return 0, nil, noUser
	case !u.InTeam:
		return 0, nil, noTeamUser
	case u.DeleteAt != 0:
		return 0, nil, &refusal{403, "app.channel.add_member.deleted_user.app_error"}
	}
	if c.Members[u.Id] == "" { // also in an archived channel: nothing keeps one from it
		c.Members[u.Id] = "channel_user"
		a.s.tell("user_added", Data{"team_id": a.s.Team, "user_id": u.Id}, c.Id)
		if c.DeleteAt == 0 {
			a.s.system(c, a.user, "add_to_channel", u.Username+" added to the channel by "+a.user.Username+".")
		}
	}
	return 201, Data{"channel_id": c.Id, "user_id": u.Id}, nil
}

func (a *ask) removeMember() (int, any, *refusal) {
	c, no := a.channel()
	user := a.id("user")
	if no == nil && user != a.user.Id {
		c, no = a.managed()
	}
	switch {
	case no != nil:
		return 0, nil, no
	case !model.IsValidId(user):
		return 0, nil, badParam
	case a.s.Users[user] == nil:
		return 0, nil, noUser
	case c.Members[user] == "":
		return 0, nil, noMember
	}
	delete(c.Members, user)
	a.s.tell("user_removed", Data{"user_id": user, "remover_id": a.user.Id}, c.Id)
	a.s.tell("user_removed", Data{"channel_id": c.Id, "remover_id": a.user.Id}, "", user)
	if c.DeleteAt == 0 {
		a.s.system(c, a.user, "remove_from_channel", "@"+a.s.Users[user].Username+" removed from the channel.")
	}
	return 200, Data{"status": "OK"}, nil
}
