package mattermosttest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"
)

// post finds a post that is there now.
func (s *Server) post(id string) *model.Post {
	for _, p := range s.Posts {
		if p.Id == id && p.DeleteAt == 0 && p.OriginalId == "" {
			return p
		}
	}
	return nil
}

// in reports whether the asker is in the channel. A conversation that two open at once is there before anybody is in it.
func (a *ask) in(id string) bool {
	c := a.s.Channels[id]
	if c != nil && c.Type == "D" && a.s.Unready > 0 {
		a.s.Unready--
		return false
	}
	return c != nil && c.Members[a.user.Id] != ""
}

func (a *ask) createPost() (int, any, *refusal) {
	var p model.Post
	if !a.read(&p) {
		return 0, nil, badBody
	}
	switch {
	case !a.in(p.ChannelId): // also when there is no such channel
		return 0, nil, forbidden
	case a.s.Channels[p.ChannelId].DeleteAt != 0:
		return 0, nil, &refusal{400, "api.post.create_post.can_not_post_to_deleted.error"}
	case utf8.RuneCountInString(p.Message) > 16383:
		return 0, nil, &refusal{400, "model.post.is_valid.msg.app_error"}
	}
	if a.s.pending[p.PendingPostId] != nil && p.PendingPostId != "" {
		return 201, a.s.pending[p.PendingPostId], nil
	}
	p.Id, p.UserId, p.CreateAt = model.NewId(), a.user.Id, a.s.tick()
	p.UpdateAt, p.Type = p.CreateAt, ""
	p.Metadata = &model.PostMetadata{}
	for _, id := range p.FileIds {
		p.Metadata.Files = append(p.Metadata.Files, &model.FileInfo{Id: id, PostId: p.Id, Name: a.s.files[id]})
	}
	if a.user.IsBot {
		p.AddProp("from_bot", "true")
	}
	a.s.checkButtons(&p)
	a.s.Posts = append(a.s.Posts, &p)
	if p.PendingPostId != "" {
		a.s.pending[p.PendingPostId] = &p
	}
	a.s.Channels[p.ChannelId].LastPostAt = p.CreateAt
	a.s.posted("posted", &p)
	return 201, stripped(&p), nil
}

var lettersAndDigits = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// checkButtons fails the test for a button that the server would show and then not let be pressed.
func (s *Server) checkButtons(p *model.Post) {
	for _, attached := range p.Attachments() {
		for _, action := range attached.Actions {
			if !lettersAndDigits.MatchString(action.Id) || action.Name == "" || action.Integration == nil || action.Integration.URL == "" {
				s.t.Errorf("the button %q cannot be pressed", action.Id)
			}
		}
	}
}

// stripped is a post as the server shows it to anybody: without what its buttons are for, and without what it said once it is
// deleted.
func stripped(p *model.Post) *model.Post {
	var out model.Post
	if json.Unmarshal([]byte(AsText(p)), &out) != nil {
		return &out // never: what was just written can be read
	}
	if attached := out.Attachments(); len(attached) > 0 {
		for _, a := range attached {
			for _, action := range a.Actions {
				action.Integration = nil
			}
		}
		out.AddProp("attachments", attached)
	}
	out.PendingPostId = ""
	if out.DeleteAt != 0 && out.OriginalId == "" {
		out.Message, out.Metadata = "", &model.PostMetadata{}
	}
	return &out
}

// AsText is a value as JSON; empty if it cannot be.
func AsText(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(raw)
}

// Stored is a post as the server keeps it, with what its buttons are for, in JSON; empty: there is no such post now.
func (s *Server) Stored(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.post(id); p != nil {
		return AsText(p)
	}
	return ""
}

// posted tells the channel's members of a post.
func (s *Server) posted(event string, p *model.Post) {
	s.tell(event, Data{"post": AsText(stripped(p)), "channel_type": s.Channels[p.ChannelId].Type}, p.ChannelId)
}

// system is what the server writes itself, in somebody's name.
func (s *Server) system(c *Channel, by *Member, kind, message string) {
	p := &model.Post{Id: model.NewId(), ChannelId: c.Id, UserId: by.Id, Type: "system_" + kind, Message: message, CreateAt: s.tick()}
	p.UpdateAt = p.CreateAt
	if !p.IsJoinLeaveMessage() { // those are not counted as said
		c.LastPostAt = p.CreateAt
	}
	s.Posts = append(s.Posts, p)
	s.posted("posted", p)
}

func (a *ask) getPost() (int, any, *refusal) {
	if !model.IsValidId(a.PathValue("post")) {
		return 0, nil, badParam
	}
	p := a.s.post(a.PathValue("post"))
	switch {
	case p == nil:
		return 0, nil, noPost
	case !a.in(p.ChannelId):
		return 0, nil, forbidden
	}
	return 200, stripped(p), nil
}

func (a *ask) patchPost() (int, any, *refusal) {
	var patch model.PostPatch
	if !model.IsValidId(a.PathValue("post")) {
		return 0, nil, badParam
	}
	p := a.s.post(a.PathValue("post"))
	switch {
	case p == nil || !a.in(p.ChannelId) || p.UserId != a.user.Id: // one that is not there is not told apart
		return 0, nil, forbidden
	case a.s.Channels[p.ChannelId].DeleteAt != 0:
		return 0, nil, &refusal{400, "api.post.patch_post.can_not_update_post_in_deleted.error"}
	case !a.read(&patch):
		return 0, nil, badBody
	case patch.Message != nil && utf8.RuneCountInString(*patch.Message) > 16383:
		return 0, nil, &refusal{400, "model.post.is_valid.msg.app_error"}
	case a.s.Frozen && patch.Message != nil: // also when it stays as it is
		return 0, nil, &refusal{400, "api.post.update_post.permissions_time_limit.app_error"}
	}
	old := stripped(p)
	old.OriginalId, old.Id, old.DeleteAt = p.Id, model.NewId(), a.s.tick()
	a.s.Posts = append(a.s.Posts, old)
	p.Patch(&patch) // no props: the old ones stay, buttons too; props: all old ones go, "from_bot" too
	p.UpdateAt = a.s.tick()
	p.EditAt = p.UpdateAt
	a.s.checkButtons(p)
	a.s.posted("post_edited", p)
	return 200, stripped(p), nil
}

func (a *ask) deletePost() (int, any, *refusal) {
	p := a.s.post(a.PathValue("post"))
	if p == nil || !a.in(p.ChannelId) || p.UserId != a.user.Id && !a.s.MayDelete {
		return 0, nil, forbidden
	}
	at := a.s.tick()
	for _, gone := range a.s.Posts { // answers go with it
		if (gone == p || gone.RootId == p.Id) && gone.DeleteAt == 0 {
			gone.DeleteAt, gone.UpdateAt = at, at
			gone.AddProp(model.PostPropsDeleteBy, a.user.Id)
		}
	}
	a.s.posted("post_deleted", p)
	return 200, Data{"status": "OK"}, nil
}

// getPosts lists a page, newest first; or all that changed since, deleted ones and the older versions of edited ones too.
func (a *ask) getPosts() (int, any, *refusal) {
	c, no := a.channel()
	if no != nil || c.Members[a.user.Id] == "" {
		return 0, nil, forbidden
	}
	since, err := strconv.ParseInt(a.URL.Query().Get("since"), 10, 64)
	page, _ := strconv.Atoi(a.URL.Query().Get("page"))
	per, _ := strconv.Atoi(a.URL.Query().Get("per_page"))
	list := model.NewPostList()
	n := 0
	for _, p := range slices.Backward(a.s.Posts) {
		if p.ChannelId != c.Id || err == nil && p.UpdateAt <= since || err != nil && (p.DeleteAt != 0 || p.OriginalId != "") {
			continue
		}
		if n++; err == nil || n > page*per && n <= (page+1)*per {
			list.AddPost(stripped(p))
			list.AddOrder(p.Id)
		}
	}
	return 200, list, nil
}
