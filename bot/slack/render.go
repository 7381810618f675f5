package slack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// render says a post in blocks, and as the plain text that notifications are made of. Each block keeps its own limits; all of
// them together may need several messages: see parts. The error names no text of the post.
func (s *Slack) render(p bot.Post) (fallback string, blocks []slack.Block, err error) {
	fallback, blocks = escape(cut(p.Text(), maxFallback)), postBlocks(p)
	where := "a message"
	if p.Refusal != "" {
		where = "the refusal " + p.Refusal
	}
	for _, part := range parts(blocks) {
		if err := checkBlocks(where, part, maxPostBlocks); err != nil {
			return "", nil, err
		}
	}
	if fallback == "" {
		return "", nil, fmt.Errorf("slack: %s: there is nothing to say", where)
	}
	return fallback, blocks, nil
}

// postBlocks lays a post out. Whatever people wrote stands in plain text, where nothing is markup.
func postBlocks(p bot.Post) []slack.Block {
	var blocks []slack.Block
	if p.Title != "" {
		blocks = append(blocks, heading(p.Title)...)
	}
	var body strings.Builder
	flush := func() {
		blocks = append(blocks, sections(body.String())...)
		body.Reset()
	}
	for _, l := range p.Lines {
		switch l.Kind {
		case bot.HeadLine:
			flush()
			blocks = append(blocks, slack.NewDividerBlock())
			blocks = append(blocks, heading(l.Text)...)
			continue
		case bot.QuoteLine: // a person's words keep to themselves
			flush()
			blocks = append(blocks, sections(lineText(l))...)
			continue
		}
		if body.Len() > 0 {
			body.WriteByte('\n')
		}
		body.WriteString(lineText(l))
	}
	flush()
	return append(blocks, buttonRows(p.Buttons)...)
}

func lineText(l bot.PostLine) string {
	return bot.Post{Lines: []bot.PostLine{l}}.Text()
}

// heading is a header if it is short enough for one.
func heading(text string) []slack.Block {
	if text = strings.TrimSpace(text); text != "" && size(escape(text)) <= maxHeader {
		return []slack.Block{slack.NewHeaderBlock(plain(text))}
	}
	return sections(text)
}

// sections shows a text of any length.
func sections(text string) []slack.Block {
	var blocks []slack.Block
	for text != "" {
		var head string
		head, text = front(text, maxSection)
		if strings.TrimSpace(head) != "" {
			blocks = append(blocks, slack.NewSectionBlock(plain(strings.TrimRight(head, "\n")), nil, nil))
		}
	}
	return blocks
}

// buttonRows shows a post's buttons. A button's id in the post is its action_id, so each post's buttons are unique in it.
func buttonRows(buttons []bot.PostButton) []slack.Block {
	var rows []slack.Block
	for len(buttons) > 0 {
		n := min(len(buttons), maxActions)
		elements := make([]slack.BlockElement, n)
		for i, b := range buttons[:n] {
			elements[i] = buttonOf(b)
		}
		rows = append(rows, slack.NewActionBlock("", elements...))
		buttons = buttons[n:]
	}
	return rows
}

func buttonOf(b bot.PostButton) *slack.ButtonBlockElement {
	button := slack.NewButtonBlockElement(b.ID, b.Ticket, plain(cut(b.Label, maxButton)))
	if b.Link != "" {
		button.Value = ""
		button.URL = b.Link
	}
	return button
}

// parts divides blocks into messages that each keep the limits of a message. Buttons stay with the block before them.
func parts(blocks []slack.Block) [][]slack.Block {
	var all [][]slack.Block
	begin, text := 0, 0
	for i, b := range blocks {
		n := weight(b)
		if i > begin && (i-begin == maxPostBlocks || text+n > maxPostText) {
			if b.BlockType() == slack.MBTAction && i-1 > begin {
				i--
				n += weight(blocks[i])
			}
			all, begin, text = append(all, blocks[begin:i:i]), i, 0
		}
		text += n
	}
	return append(all, blocks[begin:])
}

// weight is how much text a block adds to its message.
func weight(b slack.Block) int {
	switch b := b.(type) {
	case *slack.HeaderBlock:
		return size(b.Text.Text)
	case *slack.SectionBlock:
		return size(b.Text.Text)
	case *slack.ActionBlock:
		n := 0
		for _, e := range b.Elements.ElementSet {
			if button, ok := e.(*slack.ButtonBlockElement); ok {
				n += size(button.Text.Text)
			}
		}
		return n
	}
	return 0
}

// answerBlocks shows everything an answer says: its replies, one after another, and the way to Luotsi's own page. Ids of
// buttons are made unique among all of them.
func answerBlocks(p speech, a bot.Answer) []slack.Block {
	var blocks []slack.Block
	for i, reply := range a.Replies {
		if i > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
			reply.Buttons = slices.Clone(reply.Buttons)
			for j := range reply.Buttons {
				reply.Buttons[j].ID = fmt.Sprintf("r%d%s", i, reply.Buttons[j].ID)
			}
		}
		blocks = append(blocks, postBlocks(reply)...)
	}
	if a.Link != "" {
		link := bot.PostButton{ID: linkAction, Label: p.say("open_page"), Link: a.Link}
		blocks = append(blocks, buttonRows([]bot.PostButton{link})...)
	}
	return blocks
}

// linkAction is the button that leads to Luotsi's own page; Slack tells of its presses too, and nothing is done then.
const linkAction = "page"

func answerText(a bot.Answer) string {
	texts := make([]string, len(a.Replies))
	for i, reply := range a.Replies {
		texts[i] = reply.Text()
	}
	return escape(cut(strings.Join(texts, "\n\n"), maxFallback))
}
