package mattermosttest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// Person makes an account that is in the team; the token is "token-" and the name. It returns the id.
func (s *Server) Person(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &Member{InTeam: true}
	u.Id, u.Username, u.Email, u.Roles = model.NewId(), name, name+"@example.test", "system_user"
	s.Users[u.Id], s.tokens["token-"+name] = u, u.Id
	return u.Id
}

// Change does something to an account.
func (s *Server) Change(user string, do func(*Member)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(s.Users[user])
}

// Disable deactivates an account, and everybody hears of it.
func (s *Server) Disable(user string) { s.update(user, func(m *Member) { m.DeleteAt = s.tick() }) }

// Enable activates an account, and everybody hears of it.
func (s *Server) Enable(user string) { s.update(user, func(m *Member) { m.DeleteAt = 0 }) }

func (s *Server) update(user string, do func(*Member)) {
	s.Change(user, func(m *Member) {
		do(m)
		s.tell("user_updated", Data{"user": &m.User}, "", slices.Collect(maps.Keys(s.Users))...)
	})
}

// File makes a file that can be put under a post, and returns its id.
func (s *Server) File(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := model.NewId()
	s.files[id] = name
	return id
}

// Act does something as a person, named or by id, and returns the answer; any other status than one wanted fails the test.
func (s *Server) Act(who, method, path string, body any, want ...int) Data {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.web.URL+"/api/v4"+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	for token, id := range s.tokens {
		if id == who || s.Users[id].Username == who {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	s.mu.Unlock()
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	var out Data
	_ = json.NewDecoder(w.Body).Decode(&out) // a list, or nothing
	if len(want) > 0 && !slices.Contains(want, w.StatusCode) {
		s.t.Fatalf("%s %s %s: %d %v, want %d", who, method, path, w.StatusCode, out["id"], want)
	}
	return out
}

// Says posts a text as a person and returns the post's id.
func (s *Server) Says(who, channel, text string) string {
	s.t.Helper()
	id, _ := s.Act(who, "POST", "/posts", Data{"channel_id": channel, "message": text}, 201)["id"].(string)
	return id
}

// UserNamed finds an account's id by its name; empty: there is none. It is for use within Set.
func (s *Server) UserNamed(name string) string {
	for id, u := range s.Users {
		if u.Username == name {
			return id
		}
	}
	return ""
}

func (a *ask) getUser() (int, any, *refusal) {
	id := a.id("user")
	if !model.IsValidId(id) {
		return 0, nil, badParam
	}
	if u := a.s.Users[id]; u != nil {
		return 200, &u.User, nil
	}
	return 0, nil, noUser
}

// getUsersByIDs leaves out whom it does not know. So many at once are what a careful client asks for.
func (a *ask) getUsersByIDs() (int, any, *refusal) {
	var ids []string
	if json.Unmarshal(a.body, &ids) != nil || len(ids) == 0 || len(ids) > 200 {
		return 0, nil, badParam
	}
	found := []*model.User{}
	for _, id := range ids {
		if u := a.s.Users[id]; u != nil {
			found = append(found, &u.User)
		}
	}
	return 200, found, nil
}

func (a *ask) findUser(is func(*Member) bool) (int, any, *refusal) {
	for _, u := range a.s.Users {
		if is(u) {
			return 200, &u.User, nil
		}
	}
	return 0, nil, noUser
}

func (a *ask) getUserByName() (int, any, *refusal) {
	return a.findUser(func(u *Member) bool { return u.Username == a.PathValue("name") })
}

func (a *ask) getUserByEmail() (int, any, *refusal) {
	return a.findUser(func(u *Member) bool { return u.Email == a.PathValue("email") })
}

func (a *ask) getConfig() (int, any, *refusal) {
	return 200, map[string]string{"Version": "9.10.0"}, nil
}

func (a *ask) getTeam() (int, any, *refusal) {
	if a.PathValue("name") != "kotihoito" {
		return 0, nil, &refusal{404, "app.team.get_by_name.missing.app_error"}
	}
	if !a.user.InTeam {
		return 0, nil, forbidden
	}
	return 200, Data{"id": a.s.Team, "name": "kotihoito"}, nil
}

func (a *ask) getTeamMember() (int, any, *refusal) {
	u := a.s.Users[a.id("user")]
	switch {
	case !a.user.InTeam:
		return 0, nil, forbidden
	case u == nil || !u.InTeam:
		return 0, nil, noTeamUser
	}
	return 200, Data{"team_id": a.s.Team, "user_id": u.Id}, nil
}

// getUserChannels lists all channels that the asker is in, conversations too.
func (a *ask) getUserChannels() (int, any, *refusal) {
	in := []*model.Channel{}
	for _, c := range a.s.Channels {
		if c.Members[a.user.Id] != "" && c.DeleteAt == 0 {
			in = append(in, &c.Channel)
		}
	}
	return 200, in, nil
}
