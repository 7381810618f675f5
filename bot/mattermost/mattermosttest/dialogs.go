package mattermosttest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/mattermost/mattermost/server/public/model"
)

// Shown is a dialog that somebody has before them.
type Shown struct {
	User string
	URL  string
	model.Dialog
}

// maxPayload is how much a request may bring, in bytes (ServiceSettings.MaximumPayloadSizeBytes as it comes).
const maxPayload = 300_000

// openDialog shows a dialog to whom the trigger belongs. A real server forwards an invalid one; this one does not.
func (a *ask) openDialog() (int, any, *refusal) {
	var in model.OpenDialogRequest
	if !a.read(&in) || in.URL == "" {
		return 0, nil, badBody
	}
	if whole, err := json.Marshal(in); err != nil || len(whole) > maxPayload {
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
	a.s.dialogs = append(a.s.dialogs, Shown{user, in.URL, in.Dialog})
	return 200, Data{"status": "OK"}, nil
}

// Trigger makes a trigger of the person's.
func (s *Server) Trigger(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := model.NewId()
	s.triggers[id] = user
	return id
}

// Expire ends the life of all triggers.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.triggers)
}

// Before is the last dialog that was opened for the person.
func (s *Server) Before(user string) (d Shown, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.dialogs {
		if one.User == user {
			d, ok = one, true
		}
	}
	return d, ok
}

// Forward calls Luotsi as the server does. The status is what Luotsi answered.
func (s *Server) Forward(address, kind string, body []byte, out any) int {
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

// Click presses a button of a post. A button that is not there, or whose id has other than letters and digits, is a 404.
func (s *Server) Click(user, post, button string) (status int, out model.PostActionIntegrationResponse) {
	s.t.Helper()
	s.mu.Lock()
	var action *model.PostAction
	p := s.post(post)
	if p != nil && s.Channels[p.ChannelId].Members[user] != "" && lettersAndDigits.MatchString(button) {
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
		UserId: user, ChannelId: p.ChannelId, ChannelName: s.Look(p.ChannelId).Name, PostId: p.Id, TeamId: s.Team, TriggerId: s.Trigger(user), Type: "button",
		Context: action.Integration.Context,
	}
	status = s.Forward(action.Integration.URL, "application/json", []byte(AsText(in)), &out)
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

// Submit sends a dialog's answers; state and callback may be invented.
func (s *Server) Submit(user, channel string, d Shown, values map[string]any) (status int, out model.SubmitDialogResponse) {
	s.t.Helper()
	in := model.SubmitDialogRequest{
		Type: "dialog_submission", CallbackId: d.CallbackId, State: d.State, UserId: user, ChannelId: channel, TeamId: s.Team, Submission: values,
	}
	status = s.Forward(d.URL, "application/json", []byte(AsText(in)), &out)
	if out.Form != nil {
		if err := out.Form.IsValid(); err != nil {
			s.t.Errorf("invalid dialog: %v", err)
		}
	}
	return status, out
}

// Command sends a slash command.
func (s *Server) Command(address, token, user, channel, command, words string) (status int, out model.CommandResponse) {
	s.t.Helper()
	form := url.Values{
		"token": {token}, "team_id": {s.Team}, "team_domain": {"kotihoito"}, "channel_id": {channel}, "channel_name": {s.Look(channel).Name},
		"user_id": {user}, "user_name": {s.Users[user].Username}, "command": {command}, "text": {words}, "trigger_id": {s.Trigger(user)},
		"response_url": {s.web.URL + "/hooks/commands/" + model.NewId()},
	}
	return s.Forward(address, "application/x-www-form-urlencoded", []byte(form.Encode()), &out), out
}
