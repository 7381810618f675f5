package mattermost

import (
	"strings"
	"testing"

	"luotsi/bot"
)

// What more there is to answer is named in whole labels, for as far as the server's limit goes.
func TestWhatMoreIsAskedIsNamedInWholeLabels(t *testing.T) {
	m := aServer(t, 11, 8)
	label := strings.Repeat("ä", 11) + "b" // 23 bytes
	for name, c := range map[string]struct {
		last []string // after five labels of 23 bytes, which with the dots between them are 131 bytes
		want string
	}{
		"the last just fits":    {[]string{strings.Repeat("c", helpLimit-131-4)}, strings.Repeat(label+" · ", 5) + strings.Repeat("c", helpLimit-131-4)},
		"no room for the sign":  {[]string{strings.Repeat("c", helpLimit-131-4), "d"}, strings.TrimSuffix(strings.Repeat(label+" · ", 5), " · ") + " …"},
		"the last does not fit": {[]string{strings.Repeat("c", helpLimit-131-3)}, strings.TrimSuffix(strings.Repeat(label+" · ", 5), " · ") + " …"},
	} {
		form := bot.Dialog{ID: "t", Command: "x", Title: "X", Submit: "X", Fields: []bot.DialogField{{Name: "a", Kind: bot.LineText, Label: "A", Required: true}}}
		for i, l := range append([]string{label, label, label, label, label}, c.last...) {
			form.Fields = append(form.Fields, bot.DialogField{Name: string(rune('b' + i)), Kind: bot.LineText, Label: l, Folded: true})
		}
		d, _ := opened(t, m, form, opening{lang: bot.FI})
		if got := find(t, d, moreName).HelpText; got != c.want || len(got) > helpLimit {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
