package mattermost

import (
	"regexp"
	"strings"
	"unicode"
)

// pause is a character without width. It stands where a backslash would not keep the chat from reading a text as a mention, an
// emoji or a link; what people see is unchanged.
const pause = "\u200b"

var (
	// meanings are the characters that Mattermost's markdown reads anywhere in a line.
	meanings = strings.NewReplacer(
		`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", `\#`, "|", `\|`, "~", `\~`, "@", "@"+pause,
	)
	tag       = regexp.MustCompile(`<([^\s=0-9]|$)`)
	entity    = regexp.MustCompile(`&(#?[0-9A-Za-z]+;)`)
	scheme    = regexp.MustCompile(`([A-Za-z]):(//|[A-Za-z0-9])`) // https://, mailto:somebody
	bareLink  = regexp.MustCompile(`(?i)\b(www\d{0,3})\.`)
	emoji     = regexp.MustCompile(`:([A-Za-z0-9_+\\-]+:)`)
	lineMark  = regexp.MustCompile(`^([+>=-])`)
	numbering = regexp.MustCompile(`^(\d+)([.)])`)
	indent    = regexp.MustCompile(`^[ \t]+`)
)

// escape writes a text so that the chat shows it as it is: no markup, no mention that would call anybody, no link that would be
// fetched, no emoji. Line breaks stay.
func escape(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = escapeLine(l)
	}
	return strings.Join(lines, "\n")
}

func escapeLine(l string) string {
	l = strings.Map(unseen, strings.ToValidUTF8(l, "\uFFFD"))
	if strings.TrimSpace(l) == "" {
		return ""
	}
	l = meanings.Replace(l)
	l = entity.ReplaceAllString(l, "&"+pause+"$1")
	l = tag.ReplaceAllString(l, "&lt;$1")
	l = emoji.ReplaceAllString(l, ":"+pause+"$1")
	l = scheme.ReplaceAllString(l, "$1:"+pause+"$2")
	l = bareLink.ReplaceAllString(l, "$1"+pause+".")
	space := indent.FindString(l)
	l = strings.TrimPrefix(l, space)
	l = numbering.ReplaceAllString(l, `$1\$2`)
	l = lineMark.ReplaceAllStringFunc(l, func(mark string) string {
		if mark == "=" {
			return pause + mark
		}
		return `\` + mark
	})
	space = strings.ReplaceAll(space, "\t", "    ")
	return strings.Repeat("\u00a0", len(space)) + l
}

// unseen makes a blank of what has no shape: control characters, which chats read in different ways.
func unseen(r rune) rune {
	if unicode.IsControl(r) && r != '\t' {
		return ' '
	}
	return r
}
