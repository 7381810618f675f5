package mattermost

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/mattermost/mattermost/server/public/model"
)

// shown is a dialog that somebody has before them.
type shown struct {
	User string
	URL  string
	model.Dialog
}

// openDialog shows a dialog to whom the trigger belongs. A real server forwards an invalid one; this one does not.
func (a *ask) openDialog() (int, any, *refusal) {
	var in model.OpenDialogRequest
	if !a.read(&in) || in.URL == "" {
		return 0, nil, badBody
	}
	user := a.s.triggers[in.TriggerId]
	if user == "" {
		return 0, nil, &refusal{400, "interactive_message.decode_trigger_id.expired"}
	}
	if err := in.Dialog.IsValid(); err != nil {
		a.s.t.Errorf("invalid dialog: %v", err)
		return 0, nil, badBody
	}
	a.s.dialogs = append(a.s.dialogs, shown{user, in.URL, in.Dialog})
	return 200, data{"status": "OK"}, nil
}

// trigger makes a trigger of the person's.
func (s *chat) trigger(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := model.NewId()
	s.triggers[id] = user
	return id
}

// expire ends the life of all triggers.
func (s *chat) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.triggers)
}

// before is the last dialog that was opened for the person.
func (s *chat) before(user string) (d shown, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.dialogs {
		if one.User == user {
			d, ok = one, true
		}
	}
	return d, ok
}

// forward calls Luotsi as the server does. The status is what Luotsi answered.
func (s *chat) forward(address, kind string, body []byte, out any) int {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer w.Body.Close()
	if w.StatusCode == http.StatusOK && out != nil {
		if err := json.NewDecoder(w.Body).Decode(out); err != nil {
			s.t.Errorf("the answer cannot be read: %v", err)
		}
	}
	return w.StatusCode
}

// click presses a button of a post. A button that is not there, or whose id has other than letters and digits, is a 404.
func (s *chat) click(user, post, button string) (status int, out model.PostActionIntegrationResponse) {
	s.t.Helper()
	s.mu.Lock()
	var action *model.PostAction
	p := s.post(post)
	if p != nil && s.channels[p.ChannelId].members[user] != "" && lettersAndDigits.MatchString(button) {
		for _, attached := range p.Attachments() {
			for _, one := range attached.Actions {
				if one.Id == button {
					action = one
				}
			}
		}
	}
	s.mu.Unlock()
	if action == nil {
		return http.StatusNotFound, out
	}
	in := model.PostActionIntegrationRequest{
		UserId: user, ChannelId: p.ChannelId, ChannelName: s.look(p.ChannelId).Name, PostId: p.Id, TeamId: s.team, TriggerId: s.trigger(user), Type: "button",
		Context: action.Integration.Context,
	}
	status = s.forward(action.Integration.URL, "application/json", []byte(asText(in)), &out)
	if out.Update != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		p.Message = out.Update.Message
		if out.Update.GetProps() != nil { // none: what was there stays, buttons too
			p.SetProps(out.Update.GetProps())
		}
		p.UpdateAt = s.tick()
		p.EditAt = p.UpdateAt
		s.posted("post_edited", p)
	}
	return status, out
}

// submit sends a dialog's answers; state and callback may be invented.
func (s *chat) submit(user, channel string, d shown, values map[string]any) (status int, out model.SubmitDialogResponse) {
	s.t.Helper()
	in := model.SubmitDialogRequest{
		Type: "dialog_submission", CallbackId: d.CallbackId, State: d.State, UserId: user, ChannelId: channel, TeamId: s.team, Submission: values,
	}
	status = s.forward(d.URL, "application/json", []byte(asText(in)), &out)
	if out.Form != nil {
		if err := out.Form.IsValid(); err != nil {
			s.t.Errorf("invalid dialog: %v", err)
		}
	}
	return status, out
}

// command sends a slash command.
func (s *chat) command(address, token, user, channel, command, words string) (status int, out model.CommandResponse) {
	s.t.Helper()
	form := url.Values{
		"token": {token}, "team_id": {s.team}, "team_domain": {"kotihoito"}, "channel_id": {channel}, "channel_name": {s.look(channel).Name},
		"user_id": {user}, "user_name": {s.users[user].Username}, "command": {command}, "text": {words}, "trigger_id": {s.trigger(user)},
		"response_url": {s.web.URL + "/hooks/commands/" + model.NewId()},
	}
	return s.forward(address, "application/x-www-form-urlencoded", []byte(form.Encode()), &out), out
}
