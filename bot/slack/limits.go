package slack

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// What Slack takes, in characters unless said otherwise. It refuses a whole message or view for one that is too long.
const (
	maxTitle       = 24 // also a modal's two buttons
	maxMetadata    = 3000
	maxID          = 255
	maxViewBlocks  = 100
	maxPostBlocks  = 50
	maxPostText    = 10_000 // all blocks of a message together; undocumented
	maxFallback    = 4000
	maxHeader      = 150
	maxSection     = 3000
	maxContext     = 10 // elements
	maxActions     = 25 // elements
	maxButton      = 75
	maxValue       = 2000 // of a button
	maxURL         = 3000
	maxLabel       = 2000
	maxPlaceholder = 150
	maxOptions     = 100 // also the number of groups
	maxFew         = 10  // choices shown all at once
	maxOption      = 75
	maxOptionValue = 150
	maxTyped       = 3000
)

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape takes the power from what a person wrote: no mention, link or channel comes of it.
func escape(s string) string { return entities.Replace(s) }

var literals = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// unescape reads what Slack gives back of a text that it holds escaped.
func unescape(s string) string { return literals.Replace(s) }

// size counts as Slack may count at the most: UTF-16 units of the escaped text.
func size(escaped string) int {
	n := 0
	for _, r := range escaped {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// cut shortens a text so that it fits once escaped; what is left out is marked.
func cut(s string, limit int) string {
	if size(escape(s)) <= limit {
		return s
	}
	head, _ := front(s, limit-1)
	return strings.TrimRight(head, " ") + "…"
}

// front takes as much from the front of a text as fits once escaped, whole lines or whole words if there are any.
func front(s string, limit int) (head, rest string) {
	n, at, word, line := 0, 0, 0, 0
	for at < len(s) {
		r, width := utf8.DecodeRuneInString(s[at:])
		if n += size(escape(string(r))); n > limit {
			break
		}
		at += width
		switch r {
		case '\n':
			line, word = at, at
		case ' ':
			word = at
		}
	}
	switch {
	case at == len(s):
	case line > at/2:
		at = line
	case word > at/2:
		at = word
	}
	return s[:at], s[at:]
}

// plain is a text in which nothing is markup, not even smileys.
func plain(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, escape(s), false, false)
}

// checker collects the first breach of a limit and names where it is.
type checker struct {
	where string
	err   error
	ids   map[string]bool
}

func (c *checker) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("slack: %s: %s", c.where, fmt.Sprintf(format, args...))
	}
}

// text checks a text object. What it says is never part of the error: it may be somebody's words.
func (c *checker) text(what string, t *slack.TextBlockObject, limit int) {
	switch {
	case t == nil || strings.TrimSpace(t.Text) == "":
		c.fail("%s is empty", what)
	case size(t.Text) > limit:
		c.fail("%s has %d characters, may have %d", what, size(t.Text), limit)
	}
}

func (c *checker) length(what, s string, limit int) {
	if size(s) > limit {
		c.fail("%s has %d characters, may have %d", what, size(s), limit)
	}
}

func (c *checker) count(what string, n, least, most int) {
	if n < least || n > most {
		c.fail("%d %s, may be %d to %d", n, what, least, most)
	}
}

// once checks an id that must not stand twice among its like.
func (c *checker) once(what, id string) {
	if id == "" {
		return
	}
	c.length(what, id, maxID)
	if c.ids[what+" "+id] {
		c.fail("%s %q stands twice", what, id)
	}
	c.ids[what+" "+id] = true
}
