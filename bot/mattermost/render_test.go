package mattermost

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/shared/markdown"

	"luotsi/bot"
)

// What people wrote is shown as they wrote it, whatever it looks like.
func TestEscapeShowsTextAsItIs(t *testing.T) {
	for _, text := range []string{
		"", "Hei.", "<b>not bold</b> & *plain* _as_ ~written~ `here` <!channel> @all åäö €", "@channel @here @paula.palo",
		"#hashtag and # heading", "# heading", "####### many", "> quotation", "- item", "+ item", "* item", "1. first", "12) twelfth", "24. marraskuuta",
		"===", "---", "***", "Title\n===", "Title\n---", "    code", "\tcode", "```\ncode\n```", "`a` ``b``", "[text](http://example.org)", "![i](http://x.org/i.png)",
		"http://example.org/a_b_c", "https://example.org", "www.example.org", "WWW2.example.org/x", "mailto:a@example.org", "<https://example.org>", "<a@example.org>",
		":smile: :+1: :not an emoji:", "klo 9:30 ja 10:15", "&amp; &copy; &#64; &", "a < b > c", "<3", "~~gone~~ ~town-square", "| a | b |\n|---|---|\n| 1 | 2 |",
		`\*`, `\\`, `C:\temp`, "a*b*c", "snake_case_word", "^up^", "$x^2$", "[ref]: http://example.org", "line\nline\n\nline", "  two spaces", "* * *", "_ _ _",
		"a\\\nb", "(paren) {brace} !bang", "5 + 5 = 10", "-5 astetta", "é\u0301", "💊 :pill:",
	} {
		shown := readMarkdown(t, escape(text))
		if want := strings.ReplaceAll(text, "\t", "    "); shown != want {
			t.Errorf("%q is shown as %q (%q)", text, shown, escape(text))
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"*a*", "&amp;", "<a@b>", "1. x\n- y", `\`, "a\n===\nb", "[a](b)", "> > x", "\u00a0#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\x00"+pause) {
			return // the chat itself drops these
		}
		if shown := readMarkdown(t, escape(text)); seenOf(shown) != seenOf(text) {
			t.Errorf("%q is shown as %q", text, shown)
		}
	})
}

// seenOf is what people see of a text: not how blank the blanks at the end of a line and between lines are.
func seenOf(text string) string {
	lines := strings.FieldsFunc(strings.NewReplacer("\t", "    ", "\u00a0", " ").Replace(strings.Map(shapeless, text)), func(r rune) bool { return r == '\n' })
	for i, l := range lines {
		lines[i] = strings.TrimRightFunc(l, unicode.IsSpace)
	}
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == "" }), "\n")
}

func shapeless(r rune) rune {
	if r == '\n' {
		return r
	}
	return unseen(r)
}

// readMarkdown is the text that Mattermost's own parser finds in markup. It fails on anything but text in paragraphs.
func readMarkdown(t *testing.T, source string) string {
	t.Helper()
	for _, m := range []string{"@channel", "@all", "@here", "@paula"} {
		if strings.Contains(source, m) {
			t.Errorf("%q calls people", source)
		}
	}
	// Blank lines part paragraphs, which the parser does not keep: each is read by itself.
	paragraphs := strings.Split(source, "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = readParagraph(t, p)
	}
	return strings.NewReplacer(pause, "", "\u00a0", " ").Replace(strings.Join(paragraphs, "\n\n"))
}

func readParagraph(t *testing.T, source string) string {
	t.Helper()
	var b strings.Builder
	markdown.Inspect(source, func(n any) bool {
		switch n := n.(type) {
		case *markdown.Text:
			b.WriteString(n.Text)
		case *markdown.SoftLineBreak, *markdown.HardLineBreak:
			b.WriteByte('\n')
		case *markdown.Document, *markdown.Paragraph, nil:
		default:
			t.Errorf("%q is read as a %T", source, n)
		}
		return true
	})
	return b.String()
}

func everyLine() bot.Post {
	return bot.Post{
		Title: "Asia *BCDFGHJ-K*",
		Lines: []bot.PostLine{
			{Kind: bot.PlainLine, Text: "Otit huolen @all."},
			{Kind: bot.HeadLine, Text: "Huoli"},
			{Kind: bot.FactLine, Label: "Kiireellisyys", Text: "kiireellinen"},
			{Kind: bot.QuoteLine, Label: "Asiakkaan näkemys", Text: "Ensimmäinen rivi\n# toinen rivi"},
			{Kind: bot.FactLine, Label: "Ilmoittaja", Text: "Sanna_Salo"},
		},
		Buttons: []bot.PostButton{
			{ID: "b1", Label: "Ota", Ticket: "sealed"}, {ID: "b2", Label: "Tuloste", Link: "https://luotsi.test/page/print/consent?x=(1)"},
		},
	}
}

func TestRenderShowsEveryKindOfLine(t *testing.T) {
	m := newQuiet(t)
	parts := m.render(everyLine(), spot{})
	want := strings.Join([]string{
		`#### Asia \*BCDFGHJ-K\*`, "Otit huolen @" + pause + "all.", "", "**Huoli**", "**Kiireellisyys:** kiireellinen", "**Asiakkaan näkemys:**",
		"> Ensimmäinen rivi", `> \# toinen rivi`, "", `**Ilmoittaja:** Sanna\_Salo`, "", "[Tuloste](https://luotsi.test/page/print/consent?x=%281%29)",
	}, "\n")
	if len(parts) != 1 || parts[0].text != want {
		t.Errorf("shown as\n%s\nwant\n%s", parts[0].text, want)
	}
	actions := parts[0].attachments[0].Actions
	address, pass, _ := strings.Cut(actions[0].Integration.URL, "?key=")
	if len(actions) != 1 || actions[0].Id != "b1" || actions[0].Integration.Context["ticket"] != "sealed" || address != "http://luotsi.test/mattermost/action" || len(pass) != 43 {
		t.Errorf("the buttons are %+v", actions)
	}
	if err := checkPart(parts[0]); err != nil {
		t.Error(err)
	}
}

func TestPostWithoutButtonsHasNoAttachment(t *testing.T) {
	if parts := newQuiet(t).render(bot.Post{Lines: []bot.PostLine{{Text: "x"}}}, spot{}); len(parts) != 1 || parts[0].attachments != nil {
		t.Errorf("%+v", parts)
	}
}

// A long message is cut where it can be, whole and in order, and every part is within the limit.
func TestSplitKeepsEverything(t *testing.T) {
	word := "sana*_@ "
	for name, p := range map[string]bot.Post{
		"one line":    {Lines: []bot.PostLine{{Text: strings.Repeat(word, 6000)}}},
		"no spaces":   {Lines: []bot.PostLine{{Text: strings.Repeat("ä", 40_000)}}},
		"all escapes": {Lines: []bot.PostLine{{Text: strings.Repeat("*", 40_000)}}},
		"all tags":    {Lines: []bot.PostLine{{Text: strings.Repeat("<a", 20_000)}}},
		"many lines":  {Lines: slicesOf(bot.PostLine{Kind: bot.FactLine, Label: "Nimi", Text: "arvo"}, 3000)},
		"quotation":   {Lines: []bot.PostLine{{Kind: bot.QuoteLine, Label: "Sanat", Text: strings.Repeat("x", 30_000)}}},
	} {
		p.Buttons = everyLine().Buttons[:1]
		m := newQuiet(t)
		parts := m.render(p, spot{})
		if len(parts) < 2 {
			t.Errorf("%s: in one part", name)
		}
		var whole strings.Builder
		for i, part := range parts {
			if err := checkPart(part); err != nil || (part.attachments != nil) != (i == len(parts)-1) {
				t.Errorf("%s: part %d: %v", name, i, err)
			}
			whole.WriteString(part.text)
		}
		drop := strings.NewReplacer("\n", "", "> ", "", pause, "", `\`, "")
		if got, want := drop.Replace(whole.String()), drop.Replace(asMarkdown(p)); got != want {
			t.Errorf("%s: %d characters became %d", name, len(want), len(got))
		}
		for _, part := range parts[1:] {
			if name == "quotation" && !strings.HasPrefix(part.text, "> ") {
				t.Error("a quotation goes on as text")
			}
		}
		for _, part := range parts {
			if n := len(part.text) - len(strings.TrimRight(part.text, `\`)); n%2 == 1 || strings.HasSuffix(part.text, "&l") || strings.HasSuffix(part.text, "&lt") {
				t.Errorf("%s: cut within an escape: %q", name, part.text[len(part.text)-5:])
			}
		}
	}
}

func slicesOf[T any](v T, n int) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = v
	}
	return out
}

var lettersAndDigits = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// checkPart reports what the server would not take or would show but not let be pressed.
func checkPart(p part) error {
	if n := utf8.RuneCountInString(p.text); n > postLimit {
		return fmt.Errorf("a message has %d characters, it may have %d", n, postLimit)
	}
	for _, a := range p.attachments {
		if err := a.IsValid(); err != nil {
			return err
		}
		for _, action := range a.Actions {
			if !lettersAndDigits.MatchString(action.Id) {
				return fmt.Errorf("the button %q could not be pressed: letters and digits only", action.Id)
			}
		}
	}
	return nil
}
