package main

import (
	"reflect"
	"strings"
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

// TestAPageSentAgainIsAnsweredByWhatHoldsNow: a browser's reload is somebody who looks again, a moment later too; what the person did
// oneself is still told to be done, and nothing else.
func TestAPageSentAgainIsAnsweredByWhatHoldsNow(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	send := func(login, id, text string) bot.Answer {
		return asker{t, k, login}.onPage(bot.Request{ID: id, Text: text + " " + k.codes["A"]})
	}
	if first := send("kaisa", "look", "asia"); !strings.Contains(first.Replies[0].Text(), "Arjen asiat") {
		t.Fatalf("kaisa reads %+v", first)
	}
	k.run(`paula: suostumus muuta {A}
  form = written_signed
  parties = SOTE-KESKUS-A, IAKKAAT, KOTIHOITO-B
  no_content = KOTIHOITO-B
  categories = contact_details
`)
	if again := send("kaisa", "look", "asia"); strings.Contains(again.Replies[0].Text(), "Arjen asiat") || refused(again) != "" {
		t.Errorf("kaisa, who gets no content any more, reads %+v", again)
	}
	k.run("paula: tiimi kutsu {A}\n  person = leo\n  need_answered = Muistitutkimus\n")
	first, again := send("leo", "no", "tiimi en-voi"), send("leo", "no", "tiimi en-voi")
	if refused(again) != "" || len(again.Replies) != 1 || again.Replies[0].Text() != first.Replies[0].Text() || len(again.Replies[0].Buttons) > 0 {
		t.Errorf("leo first reads %+v, then %+v", first, again)
	}
	k.run("paula: suostumus peru {A}\n  withdraw_scope = all\n")
	if gone := send("kaisa", "look", "asia"); refused(gone) == "" {
		t.Errorf("kaisa reads after the consent ended: %+v", gone)
	}
	if n := len(k.loggedOf("case.show")); n != 3 {
		t.Errorf("three looks are %d rows", n)
	}
}
