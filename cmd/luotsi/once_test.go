package main

import (
	"reflect"
	"testing"

	"luotsi/bot"
)

// TestConversationRequestIsCarriedOutOnce: the chat passes a request on once by itself; a chat that does not is answered alike.
func TestConversationRequestIsCarriedOutOnce(t *testing.T) {
	k := newTalk(t)
	k.run(`first suostumus
paula: tiimi kutsu {A}
  person = kaisa
  need_answered = Lääkkeet
`)
	c := k.town.county
	ask := func() bot.Answer {
		answer, err := c.handle(t.Context(), bot.Request{
			ID: "once", Platform: "sandbox", User: "kaisa", Place: bot.Place{Kind: bot.InDirect}, At: c.clock.Now(),
			Text: "tiimi hyväksy " + k.codes["A"],
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	if first, second := ask(), ask(); !reflect.DeepEqual(first, second) || refused(first) != "" {
		t.Errorf("first  %v\nsecond %v", first, second)
	}
}

// TestAnAnswerIsGivenAgainOnlyToWhoMayStillHaveIt: a delivery that comes twice is answered alike, but days of reading on are not
// a delivery.
func TestAnAnswerIsGivenAgainOnlyToWhoMayStillHaveIt(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	c := k.town.county
	ask := func() bot.Answer {
		answer, err := c.handle(t.Context(), bot.Request{
			ID: "once", Platform: "sandbox", User: "kaisa", Place: bot.Place{Kind: bot.InDirect}, At: c.clock.Now(), Text: "asia " + k.codes["A"],
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	first := ask()
	k.run("clock 2027-02-02 12:00\n")
	if again := ask(); refused(again) != "" || len(again.Replies) != len(first.Replies) {
		t.Errorf("again: %+v", again)
	}
	k.run("paula: suostumus peru {A}\n  withdraw_scope = all\n")
	if late := ask(); refused(late) == "" {
		t.Errorf("read after the consent ended: %+v", late)
	}
}
