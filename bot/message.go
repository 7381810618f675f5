package bot

import (
	"strings"
	"time"
)

// LineKind says what a line of a message is, so that each platform can show it in its own way.
type LineKind string

// The kinds of line. No raw markup passes through any of them: adapters escape.
const (
	PlainLine LineKind = "text"
	FactLine  LineKind = "fact"  // a label and its value
	QuoteLine LineKind = "quote" // somebody's own words
	HeadLine  LineKind = "head"  // begins a group of lines
)

// Line is one line of a message.
type Line struct {
	Kind  LineKind
	Label Text
	Text  Text
	Words string // somebody's own words that belong to the text
}

// Message is something Luotsi says, in no language yet.
type Message struct {
	Title   Text
	Lines   []Line
	Buttons []Button
	Code    string // the concern's or case's code this is about, if any
	Refusal string // name of the rule that refused, if it is a refusal
}

// Say is a message of one plain line.
func Say(t Text) Message { return Message{Lines: []Line{{Kind: PlainLine, Text: t}}} }

// With returns the message with another plain line.
func (m Message) With(t Text) Message {
	m.Lines = append(m.Lines[:len(m.Lines):len(m.Lines)], Line{Kind: PlainLine, Text: t})
	return m
}

// Fact returns the message with a labelled value.
func (m Message) Fact(label, value Text) Message {
	m.Lines = append(m.Lines[:len(m.Lines):len(m.Lines)], Line{Kind: FactLine, Label: label, Text: value})
	return m
}

// FactAbout returns the message with a labelled value that somebody's own words explain.
func (m Message) FactAbout(label, value Text, words string) Message {
	m = m.Fact(label, value)
	m.Lines[len(m.Lines)-1].Words = words
	return m
}

// Quote returns the message with somebody's own words.
func (m Message) Quote(label Text, words string) Message {
	m.Lines = append(m.Lines[:len(m.Lines):len(m.Lines)], Line{Kind: QuoteLine, Label: label, Text: Plain(words)})
	return m
}

// Head returns the message with a heading that begins a group of lines.
func (m Message) Head(t Text) Message {
	m.Lines = append(m.Lines[:len(m.Lines):len(m.Lines)], Line{Kind: HeadLine, Text: t})
	return m
}

// About returns the message marked with the code it is about.
func (m Message) About(code string) Message { m.Code = code; return m }

// Button returns the message with another button.
func (m Message) Button(b ...Button) Message {
	m.Buttons = append(m.Buttons[:len(m.Buttons):len(m.Buttons)], b...)
	return m
}

// Button is a command call: pressing it is the same as typing the command, and typing it is always possible.
type Button struct {
	Label   Text
	Command string            // command key
	Code    string            // case code, if the command needs one
	Args    map[string]string // ids only, never text
	Person  string            // only this login may press; empty = the one the message is said to
	Role    Role              // instead of a person: anyone with the role may press
	Direct  bool              // answer in the presser's direct messages
	Link    string            // a page of Luotsi's own that holds nothing personal; then there is no command
}

// ButtonLife is how long a button or a form can be used after it was shown.
const (
	ButtonLife = 90 * 24 * time.Hour
	FormLife   = 12 * time.Hour
	LinkLife   = 10 * time.Minute
)

// Post is a Message said in one language: what an adapter shows.
type Post struct {
	Title   string       `json:"title,omitempty"`
	Lines   []PostLine   `json:"lines"`
	Buttons []PostButton `json:"buttons,omitempty"`
	Code    string       `json:"code,omitempty"`
	Refusal string       `json:"refusal,omitempty"`
}

// PostLine is a line of a Post.
type PostLine struct {
	Kind  LineKind `json:"kind"`
	Label string   `json:"label,omitempty"`
	Text  string   `json:"text"`
	Bare  string   `json:"bare,omitempty"` // Text without somebody's own words in it; empty when there are none
}

// PostButton is a button of a Post. ID is letters and digits only and unique in the post (Mattermost refuses the rest).
// Ticket is what authenticates a press; it is kept by the adapter and never shown to people.
type PostButton struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Ticket string `json:"ticket,omitempty"`
	Link   string `json:"link,omitempty"`
}

// WithoutWords is the post without anybody's own words, and whether it had any.
func (p Post) WithoutWords() (bare Post, had bool) {
	lines := make([]PostLine, 0, len(p.Lines))
	for _, l := range p.Lines {
		if l.Bare != "" {
			l.Text, l.Bare, had = l.Bare, "", true
		}
		if l.Kind == QuoteLine {
			had = true
			continue
		}
		lines = append(lines, l)
	}
	p.Lines = lines
	return p, had
}

// Text is the whole post as plain text, the fallback every platform needs and what notifications are made of.
func (p Post) Text() string {
	var b strings.Builder
	line := func(s string) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s)
	}
	if p.Title != "" {
		line(p.Title)
	}
	for _, l := range p.Lines {
		switch {
		case l.Kind == QuoteLine:
			line(l.Label + ": “" + l.Text + "”")
		case l.Label != "":
			line(l.Label + ": " + l.Text)
		default:
			line(l.Text)
		}
	}
	return b.String()
}
