package mattermost

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// opening is where a form is shown and to whom.
type opening struct {
	user   string
	lang   bot.Lang
	direct bool   // where the person is alone with Luotsi
	post   string // the message whose button opens it
	room   string // where that stands
	mark   string // what it is known by there
	label  string // the button's
	whole  bool   // the form goes on: nothing is folded away any more
}

// dialog makes a form what this server can show. A long one is asked in steps where the server knows them: what is not folded
// first, and whether the rest is wanted. Nothing is returned that the server's own check rejects; the error names the form's
// command and the field.
func (m *Mattermost) dialog(d bot.Dialog, o opening) (model.Dialog, error) {
	s := state{
		Ticket: d.ID, User: o.user, Post: o.post, Room: o.room, Mark: o.mark, Label: o.label, Direct: o.direct, Part: d.Part,
		Fields: map[string]string{}, Kept: map[string]any{},
	}
	shown, later := d.Fields, []bot.DialogField(nil)
	if m.server.steps() && !o.whole {
		shown, later = steps(d.Fields)
	}
	out := model.Dialog{
		CallbackId: d.Command, Title: clip(d.Title, titleLimit), IntroductionText: escape(d.Intro), SubmitLabel: clip(d.Submit, labelLimit),
		Elements: []model.DialogElement{},
	}
	f := fields{Mattermost: m, lang: o.lang, state: &s}
	for _, field := range shown {
		out.Elements = append(out.Elements, f.elements(field)...)
	}
	if len(later) > 0 {
		out.Elements = append(out.Elements, f.more(later))
	}
	for _, field := range later {
		if len(list(field.Default)) > 0 {
			s.Kept[field.Name] = field.Default
		}
	}
	var err error
	if out.State, err = m.sealed(s); err != nil {
		return model.Dialog{}, fmt.Errorf("the form of %s: %w", d.Command, err)
	}
	return out, checkDialog(out)
}

// steps parts a form in what is asked first and what is asked only of who wants to say more. What may turn out to be required
// is asked first. A form that is all one or the other is asked at once.
func steps(all []bot.DialogField) (first, later []bot.DialogField) {
	for _, f := range all {
		if f.Folded && !f.Required && f.When == nil {
			later = append(later, f)
		} else {
			first = append(first, f)
		}
	}
	if len(first) == 0 {
		return all, nil
	}
	return first, later
}

// checkDialog asks the server's own rules whether it would take the dialog. The error holds no answer.
func checkDialog(d model.Dialog) error {
	seen := map[string]bool{}
	for _, e := range d.Elements {
		if err := e.IsValid(); err != nil || seen[e.Name] {
			return fmt.Errorf("the form of %s: the field %s is not one the server takes", d.CallbackId, e.Name)
		}
		seen[e.Name] = true
	}
	if err := d.IsValid(); err != nil || d.Title == "" || len(d.SubmitLabel) > labelLimit {
		return fmt.Errorf("the form of %s: its title or button is not one the server takes", d.CallbackId)
	}
	return nil
}

// clip shortens a text to so many bytes, at a character.
func clip(text string, limit int) string {
	text = strings.TrimSpace(text)
	if len(text) <= limit {
		return text
	}
	const cut = "…"
	end := limit - len(cut)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return strings.TrimSpace(text[:end]) + cut
}
