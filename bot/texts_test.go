package bot_test

import (
	"os"
	"slices"
	"testing"
	"unicode/utf8"

	"luotsi/bot"
	"luotsi/bot/bottest"
)

// begun are ids whose end is known only to who uses them: commands' own, except the reasons why a date was not taken.
var begun = []string{"error.", "error.when.", "refusal.", "option.", "form."}

func TestOwnTextsAreComplete(t *testing.T) {
	src := bottest.ReadSource(t, ".")
	used := map[string]bool{"form.submit": true}
	for _, said := range src.Calls(0, "T", "TD") {
		switch {
		case !said.Begins:
			used[said.Text] = true
		case !slices.Contains(begun, said.Text):
			t.Errorf("who completes the id that begins with %q?", said.Text)
		}
	}
	for _, rule := range src.Calls(0, "Refuse") {
		used["refusal."+rule.Text] = true
	}
	for _, reason := range src.Constants("WhenError") {
		used["error.when."+reason] = true
	}
	if len(used) < 20 {
		t.Fatalf("only %d sentences found in the source", len(used))
	}
	bottest.CheckTexts(t, os.DirFS("locale"), used)
}

func TestOwnTextsGetTheirValues(t *testing.T) {
	fi := bottest.Sentences(t, os.DirFS("locale"), bot.FI)
	for _, said := range bottest.ReadSource(t, ".").Calls(0, "T", "TD") {
		for _, name := range fi[said.Text].Values {
			if said.Known && !slices.Contains(said.Data, name) {
				t.Errorf("%q is said without its value %q", said.Text, name)
			}
		}
	}
}

func TestOwnButtonsAreShort(t *testing.T) {
	for _, lang := range bot.Langs {
		said := bottest.Sentences(t, os.DirFS("locale"), lang)
		for _, id := range []string{"button.again", "button.open", "button.help", "button.in_direct", "form.submit"} {
			if s := said[id].Other; utf8.RuneCountInString(s) > 24 {
				t.Errorf("%s: %q is too long for a button: %q", lang, id, s)
			}
		}
	}
}
