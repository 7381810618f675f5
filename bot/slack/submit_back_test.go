package slack

import (
	"strings"
	"testing"

	"luotsi/bot"
)

// TestWhatWasWrongBeforeIsAskedAgain: a form's last part is sent, and something in an earlier part turns out to be wrong.
func TestWhatWasWrongBeforeIsAskedAgain(t *testing.T) {
	last, before := twoFields, twoFields
	last.Fields, before.Fields = last.Fields[1:], before.Fields[:1]
	faults := map[string]string{"withdraw_scope": "Valitse jokin.", "copy_given": "Puuttuu."}
	b := newBench(t, always(bot.Answer{Errors: faults, Dialog: &before, Replies: reply("Valitse jokin.").Replies}))
	got := ack(t, b.submit(shown(t, last), nil))
	view, _ := got["view"].(map[string]any)
	if got["response_action"] != "update" || view["private_metadata"] != `{"t":"sealed-form","m":"D1:5.0"}` {
		t.Fatalf("answered %s", asJSON(got))
	}
	blocks := view["blocks"].([]any)
	if first := asJSON(blocks[0]); !strings.Contains(first, `Jäljennös annettu: Puuttuu.\nMitä: Valitse jokin.`) || !strings.Contains(first, faultBlock) {
		t.Errorf("above stands %s", first)
	}
	if all := asJSON(blocks); strings.Count(all, "Valitse jokin.") != 1 || !strings.Contains(all, `"block_id":"withdraw_scope"`) || strings.Contains(all, `"block_id":"copy_given"`) {
		t.Errorf("asks %s", all)
	}
}

// TestWhatWasWrongBeforeIsAskedOnThePage: Slack may not ask it, so the way there must not be lost beside the faults.
func TestWhatWasWrongBeforeIsAskedOnThePage(t *testing.T) {
	answer := reply("Jatka Luotsin sivulla.")
	answer.Errors, answer.Link = map[string]string{"withdraw_scope": "Valitse jokin."}, "https://luotsi.example/page/once"
	b := newBench(t, always(answer))
	said := asJSON(ack(t, b.submit(shown(t, twoFields), nil)))
	for _, part := range []string{"Mitä: Valitse jokin.", "Jatka Luotsin sivulla.", "https://luotsi.example/page/once"} {
		if !strings.Contains(said, part) {
			t.Errorf("lacks %q: %s", part, said)
		}
	}
}
