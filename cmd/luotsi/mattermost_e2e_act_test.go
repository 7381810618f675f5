package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// mmAct is something a person did, and what their client hears after it.
type mmAct struct {
	*mmPerson
	channel string
	mark    int
}

// command gives a slash command in a channel. Who has just been let into it may be unknown there to the server's caches for a
// moment: then it is given again.
func (p *mmPerson) command(channel, text string) mmAct {
	p.t.Helper()
	a := mmAct{p, channel, p.ear.mark()}
	in := map[string]string{"channel_id": channel, "team_id": p.team, "command": text}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		status, err := p.call(http.MethodPost, "/commands/execute", in, nil)
		if err == nil {
			return a
		}
		if status != http.StatusForbidden || time.Now().After(end) {
			p.t.Fatalf("%s: %v", p.login, err)
		}
	}
}

// press presses the newest button with the label in a channel, about a code when one is given.
func (p *mmPerson) press(channel, label string) mmAct {
	p.t.Helper()
	var post *model.Post
	id := ""
	p.until(15*time.Second, fmt.Sprintf("%s to see the button %q", p.login, label), func() error {
		posts, err := p.posts(channel)
		if err != nil {
			return err
		}
		for _, one := range posts {
			if id = buttonOf(one, label); id != "" {
				post = one
				return nil
			}
		}
		return errors.New("there is none")
	})
	return p.pressOn(post, id)
}

// pressOn presses one button.
func (p *mmPerson) pressOn(post *model.Post, id string) mmAct {
	p.t.Helper()
	a := mmAct{p, post.ChannelId, p.ear.mark()}
	p.must(http.MethodPost, "/posts/"+post.Id+"/actions/"+id, struct{}{}, nil)
	return a
}

// buttonOf is the id of a message's button with the label; of any button when the label is empty.
func buttonOf(post *model.Post, label string) string {
	for _, attachment := range post.Attachments() {
		for _, action := range attachment.Actions {
			if label == "" || action.Name == label {
				return action.Id
			}
		}
	}
	return ""
}

// hears waits for an answer that only the person sees and nobody keeps.
func (a mmAct) hears(text string) {
	a.t.Helper()
	a.until(15*time.Second, fmt.Sprintf("%s to hear %q", a.login, text), func() error {
		said := a.ephemeral()
		if slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, text) }) {
			return nil
		}
		return fmt.Errorf("only %q", said)
	})
}

// answered waits for the answer, whether it is kept in the channel with Luotsi or not.
func (a mmAct) answered(text string) {
	a.t.Helper()
	a.until(20*time.Second, fmt.Sprintf("%s to be answered %q", a.login, text), func() error {
		said := a.ephemeral()
		if slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, text) }) {
			return nil
		}
		posts, err := a.posts(a.dm)
		if err != nil {
			return err
		}
		for _, post := range posts {
			if strings.Contains(post.Message, text) && !a.read[post.Id] {
				a.read[post.Id] = true
				return nil
			}
		}
		return fmt.Errorf("only %q, and in private nothing new of it", said)
	})
}

// ephemeral are the messages that only the person saw since.
func (a mmAct) ephemeral() (said []string) {
	for _, e := range a.ear.since(a.mark) {
		if e.Event == string(model.WebsocketEventEphemeralMessage) {
			said = append(said, decoded[model.Post](a.e2e, e, "post").Message)
		}
	}
	return said
}

// decoded reads JSON that stands as text in an event.
func decoded[T any](w *e2e, e heardEvent, field string) (v T) {
	w.t.Helper()
	text, _ := e.Data[field].(string)
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		w.t.Fatalf("the event %s: %v", e.Event, err)
	}
	return v
}

// mmForm is a form in somebody's hands.
type mmForm struct {
	mmAct
	address string
	dialog  model.Dialog
}

// opens waits for the form, which must be one the server's clients can show.
func (a mmAct) opens() (f mmForm) {
	a.t.Helper()
	a.until(15*time.Second, a.login+" to see a form", func() error {
		for _, e := range a.ear.since(a.mark) {
			if e.Event == string(model.WebsocketEventOpenDialog) {
				opened := decoded[model.OpenDialogRequest](a.e2e, e, "dialog")
				f = mmForm{a, opened.URL, opened.Dialog}
				return nil
			}
		}
		return fmt.Errorf("only heard %q", a.ephemeral())
	})
	if err := f.dialog.IsValid(); err != nil {
		a.t.Errorf("the form of %s is not one the server takes: %v", f.dialog.CallbackId, err)
	}
	return f
}

// sends sends the form as it was shown, with these answers; what is asked only in the form's next step is answered there.
func (f mmForm) sends(answers map[string]any) (answer model.SubmitDialogResponse) {
	f.t.Helper()
	submission, rest := f.fill(answers)
	answer = f.submit(f.mmPerson, submission)
	if answer.Type == string(model.SubmitDialogResponseTypeForm) {
		next := mmForm{f.mmAct, f.address, *answer.Form}
		if err := next.dialog.IsValid(); err != nil {
			f.t.Errorf("the form of %s goes on as the server does not take it: %v", next.dialog.CallbackId, err)
		}
		return next.sends(rest)
	}
	return answer
}

// sent sends the form, and it must be taken.
func (f mmForm) sent(answers map[string]any) {
	f.t.Helper()
	if answer := f.sends(answers); answer.Error != "" || len(answer.Errors) > 0 {
		f.t.Fatalf("the form of %s was not taken: %s %v", f.dialog.CallbackId, answer.Error, answer.Errors)
	}
}

// submit sends a form's state and answers as the person, whoever they are.
func (f mmForm) submit(as *mmPerson, submission map[string]any) (answer model.SubmitDialogResponse) {
	f.t.Helper()
	as.must(http.MethodPost, "/actions/dialogs/submit", model.SubmitDialogRequest{
		URL: f.address, CallbackId: f.dialog.CallbackId, State: f.dialog.State, ChannelId: f.channel, TeamId: f.team, Submission: submission,
	}, &answer)
	return answer
}

// fill answers as a client does: what is preset stays unless it is answered otherwise. rest is what the form does not ask yet.
func (f mmForm) fill(answers map[string]any) (submission, rest map[string]any) {
	f.t.Helper()
	submission, rest = map[string]any{}, map[string]any{}
	asked := map[string]bool{}
	for _, e := range f.dialog.Elements {
		field, choice, _ := strings.Cut(e.Name, ":")
		asked[field] = true
		answer, given := answers[field]
		several, _ := answer.([]string)
		switch {
		case given && choice != "":
			submission[e.Name] = slices.Contains(several, choice)
		case given:
			submission[e.Name] = f.written(e, answer)
		case e.Type == "bool":
			submission[e.Name] = e.Default == "true"
		case e.MultiSelect && e.Default != "":
			submission[e.Name] = strings.Split(e.Default, ",")
		case e.Default != "":
			submission[e.Name] = e.Default
		}
	}
	for field, answer := range answers {
		if !asked[field] {
			rest[field] = answer
		}
	}
	if len(rest) > 0 {
		if _, more := submission[":more"]; !more {
			f.t.Fatalf("the form of %s does not ask %v", f.dialog.CallbackId, rest)
		}
		submission[":more"] = true
	}
	return submission, rest
}

// written is an answer as the element's kind has it. Only what is offered can be chosen.
func (f mmForm) written(e model.DialogElement, answer any) any {
	f.t.Helper()
	if at, ok := answer.(time.Time); ok {
		switch e.Type {
		case "date":
			return at.Format(time.DateOnly)
		case "datetime":
			return at.UTC().Format(time.RFC3339)
		}
		return at.Format("2.1.2006") + map[bool]string{true: at.Format(" klo 15.04")}[at.Hour() != 0]
	}
	if e.Type != "select" && e.Type != "radio" {
		return answer
	}
	chosen, several := answer.([]string)
	if one, ok := answer.(string); ok {
		chosen = []string{one}
	}
	for _, value := range chosen {
		if !slices.ContainsFunc(e.Options, func(o *model.PostActionOptions) bool { return o.Value == value }) {
			f.t.Fatalf("the field %s does not offer %q", e.Name, value)
		}
	}
	if several != e.MultiSelect {
		f.t.Fatalf("the field %s takes %v answers", e.Name, map[bool]string{true: "several", false: "no several"}[e.MultiSelect])
	}
	return answer
}
