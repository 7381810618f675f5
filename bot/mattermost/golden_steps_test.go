package mattermost

import (
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

// A form in steps is sent in steps, and the house takes the whole as one.
func TestStepsOfARealForm(t *testing.T) {
	th := openTheatre(t, bot.EN)
	s := episode{who: "sanna", key: "concern.raise"}
	opened := th.ask(s, bot.Request{Text: "/concern"})
	if opened.Dialog == nil {
		t.Fatalf("no form: %+v", opened)
	}
	send := func(d bot.Dialog, whole bool, values answered) bot.Answer {
		t.Helper()
		out, err := th.newer.dialog(d, opening{user: idOf(s.who), lang: th.lang, whole: whole})
		if err != nil {
			t.Fatal(err)
		}
		r, _, err := th.newer.decodeForm([]byte(mattermosttest.AsText(model.SubmitDialogRequest{
			State: out.State, UserId: idOf(s.who), ChannelId: idOf("room"), Submission: filledIn(out, values),
		})))
		if err != nil {
			t.Fatal(err)
		}
		return th.ask(s, r.Request)
	}
	first := known(answered{moreName: true})
	delete(first, "identity_name")
	wrong := send(*opened.Dialog, false, first)
	if wrong.Dialog != nil || wrong.Errors["identity_name"] == "" {
		t.Fatalf("a step with a fault goes on: %+v", wrong)
	}
	next := send(*opened.Dialog, false, known(answered{moreName: true}))
	if next.Dialog == nil || len(next.Errors) > 0 {
		t.Fatalf("the form does not go on: %+v", next)
	}
	for _, f := range next.Dialog.Fields {
		if !f.Folded {
			t.Errorf("%s is asked twice", f.Name)
		}
	}
	sent := known(answered{"tried_so_far": "Soitettu kahdesti.", "reasons": []string{"loneliness"}}) // what was sent before comes along
	if done := send(*next.Dialog, true, sent); len(done.Errors) > 0 || len(done.Replies) == 0 || done.Replies[0].Code == "" {
		t.Fatalf("the whole is not taken: %+v", done)
	} else {
		th.codes["A"] = done.Replies[0].Code
	}
	taken := th.ask(episode{who: "paula"}, bot.Request{Text: "/luotsi take " + th.codes["A"]})
	if text := taken.Replies[0].Text(); !strings.Contains(text, "Soitettu kahdesti.") || !strings.Contains(text, "asioitani") {
		t.Errorf("the concern says %q", text)
	}
}
