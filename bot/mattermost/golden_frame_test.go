package mattermost

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// shot is one answer as a golden keeps it: what was typed (nothing: a form was sent), and what the chat gets. Tickets are left out:
// they are never the same.
type shot struct {
	Typed  string            `json:"typed,omitempty"`
	By     string            `json:"by"`
	Newer  *dialogShot       `json:"form_11,omitempty"`
	Then   *dialogShot       `json:"form_11_then,omitempty"` // the rest of the form, for who wants to say more
	Older  *dialogShot       `json:"form_9,omitempty"`
	Same   bool              `json:"form_as_before,omitempty"`
	Errors map[string]string `json:"errors,omitempty"`
	Posts  []postShot        `json:"posts,omitempty"`
	Link   string            `json:"link,omitempty"`
	Done   bool              `json:"done,omitempty"`
}

type dialogShot struct {
	Title    string    `json:"title"`
	Intro    []string  `json:"intro"`
	Submit   string    `json:"submit"`
	Elements []rowShot `json:"elements"`
	Kept     rowShot   `json:"kept,omitempty"`
}

type postShot struct {
	Text    []string  `json:"text"`
	Buttons []rowShot `json:"buttons,omitempty"`
	Refusal string    `json:"refusal,omitempty"`
}

// forget drops a form that was shown just so before.
func (s *shot) forget(shots []shot) {
	for _, other := range shots {
		if other.Newer != nil && s.Newer != nil && rowOf(other.Newer)+rowOf(other.Then)+rowOf(other.Older) == rowOf(s.Newer)+rowOf(s.Then)+rowOf(s.Older) {
			s.Newer, s.Then, s.Older, s.Same = nil, nil, nil, true
		}
	}
}

// take keeps an answer as both servers would get it, and checks that they would take it.
func (th *theatre) take(s episode, typed string, answer bot.Answer) {
	th.t.Helper()
	made := shot{Typed: typed, By: s.who, Errors: answer.Errors, Done: answer.Done}
	if answer.Link != "" {
		made.Link = "https://luotsi.test/…"
	}
	for _, p := range answer.Replies {
		for _, part := range th.newer.render(p, spot{}) {
			if err := checkPart(part); err != nil {
				th.t.Errorf("%s in %s: %v", s.key, th.lang, err)
			}
			made.Posts = append(made.Posts, postShot{Text: strings.Split(part.text, "\n"), Buttons: buttonsOf(part), Refusal: p.Refusal})
		}
	}
	if answer.Dialog != nil {
		o := opening{user: idOf(s.who), lang: th.lang}
		made.Newer, made.Older = th.takeDialog(th.newer, *answer.Dialog, o), th.takeDialog(th.older, *answer.Dialog, o)
		rest := *answer.Dialog
		if _, rest.Fields = steps(rest.Fields); len(rest.Fields) > 0 {
			o.whole = true
			made.Then = th.takeDialog(th.newer, rest, o)
		}
	}
	made.forget(th.seen[s.key])
	th.seen[s.key] = append(th.seen[s.key], made)
}

func (th *theatre) takeDialog(m *Mattermost, d bot.Dialog, o opening) *dialogShot {
	th.t.Helper()
	out, err := m.dialog(d, o)
	if err != nil {
		th.t.Fatal(err)
	}
	if err := out.IsValid(); err != nil {
		th.t.Errorf("%s: %v", d.Command, err)
	}
	whole := out.Title + out.IntroductionText + out.SubmitLabel
	made := &dialogShot{Title: out.Title, Intro: strings.Split(out.IntroductionText, "\n"), Submit: out.SubmitLabel}
	for _, e := range out.Elements {
		element := rowOf(elementShot(e))
		whole += string(element)
		made.Elements = append(made.Elements, element)
		if strings.HasSuffix(e.DisplayName+e.HelpText, "…") && e.Name != moreName {
			th.t.Errorf("%s in %s: %s was cut", d.Command, th.lang, e.Name)
		}
	}
	if strings.Contains(whole, "⟦") || strings.Contains(whole, "no value") {
		th.t.Errorf("%s in %s lacks a sentence", d.Command, th.lang)
	}
	s, err := m.opened(out.State, o.user)
	if err != nil {
		th.t.Fatal(err)
	}
	if len(s.Kept) > 0 {
		made.Kept = rowOf(s.Kept)
	}
	return made
}

// elementShot is an element without what it does not use.
func elementShot(e model.DialogElement) any {
	var options []string
	for _, o := range e.Options {
		options = append(options, o.Value+": "+o.Text)
	}
	days := e.EffectiveDateTimeConfig()
	return struct {
		Name        string   `json:"name"`
		Type        string   `json:"type"`
		Label       string   `json:"label"`
		Optional    bool     `json:"optional,omitempty"`
		Default     string   `json:"default,omitempty"`
		Placeholder string   `json:"placeholder,omitempty"`
		Help        string   `json:"help,omitempty"`
		Max         int      `json:"max,omitempty"`
		Many        bool     `json:"many,omitempty"`
		From        string   `json:"from,omitempty"`
		To          string   `json:"to,omitempty"`
		Options     []string `json:"options,omitempty"`
	}{e.Name, e.Type, e.DisplayName, e.Optional, e.Default, e.Placeholder, e.HelpText, e.MaxLength, e.MultiSelect, days.MinDate, days.MaxDate, options}
}

func buttonsOf(p part) (out []rowShot) {
	for _, a := range p.attachments {
		for _, b := range a.Actions {
			out = append(out, rowOf(map[string]string{"id": b.Id, "label": b.Name}))
		}
	}
	return out
}

// rowShot is JSON that stays on its line in a golden.
type rowShot string

func rowOf(v any) rowShot {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return rowShot(err.Error())
	}
	return rowShot(strings.TrimSpace(b.String()))
}

// frame writes shots down for people to read.
func frame(t *testing.T, shots []shot) []byte {
	t.Helper()
	var lines []string
	mark := func(l rowShot) rowShot {
		if l == "" {
			return ""
		}
		lines = append(lines, string(l))
		return rowShot(fmt.Sprintf("@line %d@", len(lines)-1))
	}
	for _, s := range shots {
		for _, d := range []*dialogShot{s.Newer, s.Then, s.Older} {
			if d == nil {
				continue
			}
			for i := range d.Elements {
				d.Elements[i] = mark(d.Elements[i])
			}
			d.Kept = mark(d.Kept)
		}
		for _, p := range s.Posts {
			for i := range p.Buttons {
				p.Buttons[i] = mark(p.Buttons[i])
			}
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(shots); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for i, l := range lines {
		out = strings.Replace(out, fmt.Sprintf("%q", fmt.Sprintf("@line %d@", i)), l, 1)
	}
	return []byte(strings.ReplaceAll(out, pause, "⎵"))
}
