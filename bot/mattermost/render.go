package mattermost

import (
	"strings"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// part is what one message of the chat holds: marked-up text and, under it, buttons.
type part struct {
	text        string
	attachments []*model.MessageAttachment
}

// render says a post as the chat shows it: in one part or, if it is too long for one, in several, with the buttons under the
// last. There is always one. Everything in it is escaped. Its buttons work only where it is said to stand.
func (m *Mattermost) render(p bot.Post, at spot) []part {
	texts := split(asMarkdown(p), postLimit)
	parts := make([]part, len(texts))
	for i, text := range texts {
		parts[i] = part{text: text}
	}
	parts[len(parts)-1].attachments = m.buttons(p.Buttons, at)
	return parts
}

// asMarkdown is a post's text and, after it, its links.
func asMarkdown(p bot.Post) string {
	var b strings.Builder
	if p.Title != "" {
		b.WriteString("#### " + oneLine(p.Title) + "\n")
	}
	quoted := false
	for _, l := range p.Lines {
		if quoted && l.Kind != bot.QuoteLine {
			b.WriteByte('\n') // else the line would belong to the quotation
		}
		quoted = l.Kind == bot.QuoteLine
		b.WriteString(markdownLine(l) + "\n")
	}
	for _, button := range p.Buttons {
		if button.Link != "" {
			b.WriteString("\n" + link(button.Label, button.Link) + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func markdownLine(l bot.PostLine) string {
	label := ""
	if l.Label != "" {
		label = "**" + oneLine(l.Label) + ":**"
	}
	switch l.Kind {
	case bot.HeadLine:
		return "\n**" + oneLine(l.Text) + "**"
	case bot.QuoteLine:
		words := "> " + strings.ReplaceAll(escape(l.Text), "\n", "\n> ")
		if label == "" {
			return words
		}
		return label + "\n" + words
	case bot.FactLine, bot.PlainLine:
		if label != "" {
			return label + " " + escape(l.Text)
		}
	}
	return escape(l.Text)
}

// oneLine escapes a text that stands inside other markup.
func oneLine(text string) string { return escapeLine(strings.Join(strings.Fields(text), " ")) }

// link is a link to a page of Luotsi's own.
func link(label, address string) string {
	return "[" + oneLine(label) + "](" + strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "\n", "").Replace(address) + ")"
}

// buttons are the post's buttons under an otherwise empty attachment. What a button is for travels in its context, which the
// server shows to nobody.
func (m *Mattermost) buttons(buttons []bot.PostButton, at spot) []*model.MessageAttachment {
	var actions []*model.PostAction
	for _, b := range buttons {
		if b.Ticket == "" {
			continue
		}
		actions = append(actions, &model.PostAction{
			Id: b.ID, Type: model.PostActionTypeButton, Name: b.Label,
			Integration: &model.PostActionIntegration{URL: m.clickAddress(), Context: m.context(button{b.Ticket, b.Label, at})},
		})
	}
	if actions == nil {
		return nil
	}
	return []*model.MessageAttachment{{Actions: actions}}
}

// split cuts a text into pieces of at most limit characters: between lines where it can, else between words, else between
// characters, never within an escape. A quotation goes on as one.
func split(text string, limit int) []string {
	var pieces []string
	for utf8.RuneCountInString(text) > limit {
		head, tail, again := cut(text, limit)
		pieces = append(pieces, head)
		text = again + tail
	}
	return append(pieces, text)
}

// cut takes at most limit characters off the front. again is what the rest must begin with to be read as before.
func cut(text string, limit int) (head, tail, again string) {
	end := 0
	for range limit {
		_, n := utf8.DecodeRuneInString(text[end:])
		end += n
	}
	head = text[:end]
	if i := strings.LastIndexByte(head, '\n'); i > len(head)/2 {
		return head[:i], text[i+1:], ""
	}
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 {
		end = i + 1
	}
	end -= unfinished(text[:end])
	head = text[:end]
	if line := head[strings.LastIndexByte(head, '\n')+1:]; strings.HasPrefix(line, "> ") {
		again = "> "
	}
	return head, text[end:], again
}

// unfinished is how much of an escape stands at the end of the text without its rest, in bytes.
func unfinished(text string) int {
	if n := len(text) - len(strings.TrimRight(text, `\`)); n%2 == 1 {
		return 1
	}
	for _, begun := range []string{"&lt", "&l", "&", "@", ":"} {
		if strings.HasSuffix(text, begun) {
			return len(begun)
		}
	}
	return 0
}
