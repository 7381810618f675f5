package slack

import (
	"context"
	"strings"
	"testing"

	"luotsi/bot"
)

// Who is not known, or not yet, is told in the house's language.
func TestWhoIsNotKnownYetReadsTheHousesLanguage(t *testing.T) {
	b := newBench(t, always(reply("valmis")))
	b.slack.cfg.HouseLang = bot.SV
	slots := b.slack.in.slots
	b.slack.in.slots = make(chan struct{}) // too much is under way
	for what, said := range map[string]string{
		"command": asJSON(ack(t, b.command("C1", "", "tr1"))), "form": asJSON(ack(t, b.submit(shown(t, twoFields), nil))),
	} {
		if !strings.Contains(said, "mycket att göra") {
			t.Errorf("a %s: %s", what, said)
		}
	}
	b.slack.in.slots = slots
	held := make(chan struct{})
	b.slack.cfg.Lang = func(context.Context, string) bot.Lang { <-held; return bot.FI }
	b.slack.in.prompt = 0
	b.command("C1", "", "tr2")
	if c := b.api.wait("views.open", 1)[0]; !strings.Contains(c.raw, "Ett ögonblick") {
		t.Errorf("while who it is is looked up: %s", c.raw)
	}
	close(held)
	if err := b.slack.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
