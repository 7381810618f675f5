package slack

import (
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"luotsi/bot"
	"luotsi/bot/bottest"
)

// narrow are the sentences that are a modal's title or one of its two buttons.
var narrow = []string{"slack.title", "slack.close", "slack.cancel", "slack.next"}

func TestOwnTextsAreComplete(t *testing.T) {
	src := bottest.ReadSource(t, ".")
	used := map[string]bool{"slack.manifest.luotsi": true, "slack.manifest.hint": true} // said by cmd/luotsi
	for _, said := range src.Calls(0, "say", "sayWith", "post") {
		used["slack."+said.Text] = true
	}
	if len(used) < 15 {
		t.Fatalf("only %d sentences found in the source", len(used))
	}
	bottest.CheckTexts(t, os.DirFS("locale"), used)
}

func TestOwnTextsFit(t *testing.T) {
	for _, lang := range bot.Langs {
		for id, s := range bottest.Sentences(t, os.DirFS("locale"), lang) {
			limit := maxOption // boxes and buttons; nothing here is longer than a section
			if slices.Contains(narrow, id) {
				limit = maxTitle
			} else if id != "slack.open_page" && id != "slack.more_yes" {
				limit = maxCommandSummary
			}
			if n := utf8.RuneCountInString(s.Other); n > limit {
				t.Errorf("%s: %q has %d characters, may have %d", lang, id, n, limit)
			}
		}
	}
}
