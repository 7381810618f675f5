package mattermost

import (
	"testing"

	"luotsi/bot"
	"luotsi/bot/bottest"
)

func TestEverySentenceIsInEveryLanguage(t *testing.T) {
	source, used := bottest.ReadSource(t, "."), map[string]bool{}
	for i, names := range [][]string{{"words"}, {"words", "sentence"}, {"shortly"}} {
		for _, said := range source.Calls(i, names...) {
			if !said.Begins {
				used["mattermost."+said.Text] = true
			}
		}
	}
	if len(used) < 12 {
		t.Fatalf("only %d sentences were found in the source", len(used))
	}
	bottest.CheckTexts(t, Texts, used)
}

func TestSentencesFitForms(t *testing.T) {
	for _, lang := range bot.Langs {
		for id, s := range bottest.Sentences(t, Texts, lang) {
			limit := helpLimit
			if id == "mattermost.more" {
				limit = labelLimit
			}
			if len(s.Other) > limit {
				t.Errorf("%s: %s has %d bytes, it may have %d", lang, id, len(s.Other), limit)
			}
		}
	}
}
