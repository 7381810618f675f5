package mattermosttest

import (
	"regexp"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot/bottest"
)

// Sees lists what a person can read in a channel, oldest first, without what the server itself wrote; with channel "" the direct
// messages from the bot.
func (s *Server) Sees(user, room string) []bottest.Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	if room == "" {
		for id, c := range s.Channels {
			if c.Type == "D" && c.Members[user] != "" && c.Members[s.Bot] != "" {
				room = id
			}
		}
	}
	c := s.Channels[room]
	if c == nil || c.Members[user] == "" {
		return nil
	}
	var out []bottest.Seen
	for _, p := range s.Posts {
		if p.ChannelId == room && p.DeleteAt == 0 && p.OriginalId == "" && p.Type == "" {
			out = append(out, seen(p))
		}
	}
	return out
}

// Button finds the id of a post's button by what it says; empty: there is none.
func (s *Server) Button(post, label string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.post(post)
	if p == nil {
		return ""
	}
	for _, a := range p.Attachments() {
		for _, action := range a.Actions {
			if action.Name == label {
				return action.Id
			}
		}
	}
	return ""
}

func seen(p *model.Post) bottest.Seen {
	m := bottest.Seen{ID: p.Id, Text: asShown(p.Message)}
	for _, a := range p.Attachments() {
		if a.Text != "" {
			m.Text += "\n" + asShown(a.Text)
		}
		for _, action := range a.Actions {
			m.Buttons = append(m.Buttons, action.Name)
		}
	}
	return m
}

var (
	escaped  = regexp.MustCompile("\\\\([!-/:-@[-`{-~])")
	markup   = regexp.MustCompile("[*_`~<]|\\[[^\\]]*\\]\\(|(^|\n)([#>+-]|\\d+[.)]) |@[A-Za-z]|:[a-z_]+:|https?://")
	ours     = regexp.MustCompile(`(?m)^#### |^> |\*\*`)
	entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#64;", "@", "\u200b", "", "\u2060", "", "\u00a0", " ")
)

// asShown reads markdown roughly as Mattermost's page shows it: what was escaped is a plain character, and anything that would
// still be read as markup, a mention, an emoji or a link is marked so that no test takes it for text.
func asShown(markdown string) string {
	var kept []string
	text := escaped.ReplaceAllStringFunc(markdown, func(m string) string {
		kept = append(kept, m[1:])
		return "\x00"
	})
	text = ours.ReplaceAllString(text, "")
	text = markup.ReplaceAllString(text, "⟦$0⟧")
	text = entities.Replace(text)
	for _, k := range kept {
		text = strings.Replace(text, "\x00", k, 1)
	}
	return text
}
