package mattermost

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"
)

// person makes an account that is in the team; the token is "token-" and the name. It returns the id.
func (s *chat) person(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &member{inTeam: true}
	u.Id, u.Username, u.Email, u.Roles = model.NewId(), name, name+"@example.test", "system_user"
	s.users[u.Id], s.tokens["token-"+name] = u, u.Id
	return u.Id
}

// change does something to an account.
func (s *chat) change(user string, do func(*member)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(s.users[user])
}

func (s *chat) disable(user string) { s.change(user, func(m *member) { m.DeleteAt = s.tick() }) }

// act does something as a person, named or by id, and returns the answer; any other status than one wanted fails the test.
func (s *chat) act(who, method, path string, body any, want ...int) data {
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
		if id == who || s.users[id].Username == who {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	s.mu.Unlock()
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	var out data
	_ = json.NewDecoder(w.Body).Decode(&out) // a list, or nothing
	if len(want) > 0 && !slices.Contains(want, w.StatusCode) {
		s.t.Fatalf("%s %s %s: %d %v, want %d", who, method, path, w.StatusCode, out["id"], want)
	}
	return out
}

// says posts a text as a person and returns the post's id.
func (s *chat) says(who, channel, text string) string {
	s.t.Helper()
	id, _ := s.act(who, "POST", "/posts", data{"channel_id": channel, "message": text}, 201)["id"].(string)
	return id
}

func (a *ask) getUser() (int, any, *refusal) {
	id := a.id("user")
	if !model.IsValidId(id) {
		return 0, nil, badParam
	}
	if u := a.s.users[id]; u != nil {
		return 200, &u.User, nil
	}
	return 0, nil, noUser
}

func (a *ask) findUser(is func(*member) bool) (int, any, *refusal) {
	for _, u := range a.s.users {
		if is(u) {
			return 200, &u.User, nil
		}
	}
	return 0, nil, noUser
}

func (a *ask) getUserByName() (int, any, *refusal) {
	return a.findUser(func(u *member) bool { return u.Username == a.PathValue("name") })
}

func (a *ask) getUserByEmail() (int, any, *refusal) {
	return a.findUser(func(u *member) bool { return u.Email == a.PathValue("email") })
}

func (a *ask) getConfig() (int, any, *refusal) {
	return 200, map[string]string{"Version": "9.10.0"}, nil
}

func (a *ask) getTeam() (int, any, *refusal) {
	if a.PathValue("name") != "kotihoito" {
		return 0, nil, &refusal{404, "app.team.get_by_name.missing.app_error"}
	}
	if !a.user.inTeam {
		return 0, nil, forbidden
	}
	return 200, data{"id": a.s.team, "name": "kotihoito"}, nil
}

func (a *ask) getTeamMember() (int, any, *refusal) {
	u := a.s.users[a.id("user")]
	switch {
	case !a.user.inTeam:
		return 0, nil, forbidden
	case u == nil || !u.inTeam:
		return 0, nil, noTeamUser
	}
	return 200, data{"team_id": a.s.team, "user_id": u.Id}, nil
}
