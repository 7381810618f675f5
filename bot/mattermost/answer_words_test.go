package mattermost

import (
	"context"
	"strings"
	"testing"

	"luotsi/bot"
)

// wordy is an answer that quotes somebody, with a button, which the answer to a click cannot carry.
func wordy() bot.Answer {
	p := plain("Otit huolen.", pressable("Aloita", "next"))
	p.Code = "BCDFGHJ-K"
	p.Lines = append(p.Lines, bot.PostLine{Kind: bot.QuoteLine, Label: "Oma näkemys", Text: "merkittynäkemys"},
		bot.PostLine{Kind: bot.FactLine, Label: "Tiimissä", Text: "Ville · merkittytarve", Bare: "Ville"})
	return bot.Answer{Replies: []bot.Post{p}}
}

// Somebody's own words are shown to who asked, and no message that is kept, and told of in notifications, holds them.
func TestOwnWordsAreReadAndNotKept(t *testing.T) {
	for _, user := range []string{"katri", "paula"} {
		d := newDesk(t, "11.6.0")
		d.says(wordy())
		post := d.told(accept("t")...)
		if user == "katri" {
			var err error
			if post, err = d.Post(t.Context(), d.chat.ChannelNamed("jono"), "card-1", plain("Uusi huoli.", pressable("Ota", "take"))); err != nil {
				t.Fatal(err)
			}
		}
		_, out := d.chat.Click(d.user(user), post, "b1")
		d.drain()
		if !strings.Contains(out.EphemeralText, "merkittynäkemys") || !strings.Contains(out.EphemeralText, "merkittytarve") {
			t.Errorf("%s reads %q", user, out.EphemeralText)
		}
		d.keeps(user)
	}
}

// An answer that comes too late to be read at once is told without the words.
func TestLateWordsAreNotKept(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.hasty()
	release := make(chan struct{})
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) {
		<-release
		return wordy(), nil
	})
	if _, out := d.chat.Click(d.user("paula"), d.told(accept("t")...), "b1"); out.EphemeralText != "" {
		t.Errorf("at once: %q", out.EphemeralText)
	}
	close(release)
	d.drain()
	d.keeps("paula")
}

// keeps: the last message to a person has the button and the rest of the answer, not the words, and says how to read them.
func (d *desk) keeps(user string) {
	d.t.Helper()
	seen := d.chat.Sees(d.user(user), "")
	last := seen[len(seen)-1]
	if !strings.HasPrefix(last.Text, "Otit huolen.\nTiimissä: Ville\n") || !strings.HasSuffix(last.Text, "/luotsi asia BCDFGHJ-K") || len(last.Buttons) != 1 {
		d.t.Errorf("%s has %+v", user, last)
	}
}
