package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"luotsi/bot"
	"luotsi/commands"
)

// rows reads the log's rows that match, each as its columns with spaces between.
func (k *talk) rows(where string) (rows []string) {
	k.t.Helper()
	found, err := k.town.county.owner.QueryContext(k.t.Context(),
		`select who || ' ' || action || ' ' || code || ' ' || surface || ' ' || rule || ' ' || allowed from access_log where `+where+` order by chain, seq`)
	if err != nil {
		k.t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var row string
		if err := found.Scan(&row); err != nil {
			k.t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		k.t.Fatal(err)
	}
	return rows
}

const ofStrangers = `rule = 'unknown_person'`

// TestWhatStrangersTryIsLogged: whoever is not in the directory learns nothing, and what they try of a case stands in its log.
func TestWhatStrangersTryIsLogged(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	form := asker{t, k, "sanna"}.ask(bot.Request{Text: "/huoli"}).Dialog.ID
	guest, code := asker{t, k, "U0GUEST"}, k.codes["A"]
	for _, text := range []string{"/luotsi", "/huoli", "/luotsi asia", "/luotsi omat", "mitä vain"} {
		if said := guest.ask(bot.Request{Text: text}); refused(said) != "unknown_person" {
			t.Errorf("%s: %+v", text, said)
		}
	}
	if rows := k.rows(ofStrangers); len(rows) > 0 {
		t.Errorf("mere commands are logged: %q", rows)
	}
	for _, tried := range []bot.Request{
		{Text: "/luotsi asia " + code}, {Text: "/luotsi asia BCDFGHJ-K"}, {Press: "forged"}, {Open: "forged"}, {Submit: form},
	} {
		if said := guest.ask(tried); refused(said) != "unknown_person" {
			t.Errorf("%+v: %+v", tried, said)
		}
	}
	const who = "sandbox:U0GUEST "
	want := []string{
		who + "case.show " + code + " sandbox unknown_person false", who + "case.show  sandbox unknown_person false",
		who + "unknown  sandbox unknown_person false", who + "unknown  sandbox unknown_person false",
		who + "concern.raise  sandbox unknown_person false",
	}
	if rows := k.rows(ofStrangers); !slices.Equal(rows, want) {
		t.Errorf("logged\n%s", strings.Join(rows, "\n"))
	}
	k.run("tiina: loki {A}\n> " + strings.TrimSpace(who) + "\n")
}

// TestStrangersCannotFillTheLog: ten rows a minute of one of them, and the same answer always.
func TestStrangersCannotFillTheLog(t *testing.T) {
	k := newTalk(t)
	k.run("clock 2027-02-01 09:00\n")
	for range bot.DenialsOfOne + 5 {
		if said := (asker{t, k, "U0GUEST"}).ask(bot.Request{Press: "forged"}); refused(said) != "unknown_person" {
			t.Errorf("%+v", said)
		}
	}
	if rows := k.rows(ofStrangers); len(rows) != bot.DenialsOfOne {
		t.Errorf("%d rows", len(rows))
	}
}

// TestAnOldLinkOfSomebodyWhoHasLeft: it opens nothing, and the attempt stands in the log of the case.
func TestAnOldLinkOfSomebodyWhoHasLeft(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	link, err := k.town.county.house.Tickets.Seal(bot.Ticket{
		Kind: bot.LinkTicket, Command: "case.show", Code: k.codes["A"], Person: "kaisa", Expires: k.town.county.clock.Now().Add(bot.LinkLife),
	})
	if err != nil {
		t.Fatal(err)
	}
	k.run("account of kaisa closes\n")
	k.surfer().get("/page/open/" + link).send("/page/open").sees("Sivua ei voi avata")
	want := []string{"kaisa case.show " + k.codes["A"] + " web unknown_person false"}
	if rows := k.rows(ofStrangers); !slices.Equal(rows, want) {
		t.Errorf("logged %q", rows)
	}
}

// TestANewcomersOwnFormIsNoAttempt: who registers is written down once, as who they have become.
func TestANewcomersOwnFormIsNoAttempt(t *testing.T) {
	k := newTalk(t)
	k.before = append(k.before, func(c *county) {
		c.house.SelfRegistration = true
		c.house.Chats[0].Platform = newcomers{c.house.Chats[0].Platform}
	})
	k.run("clock 2027-02-01 09:00\n")
	uusi := asker{t, k, "U0NEW"}
	form := uusi.ask(bot.Request{Text: "/luotsi"}).Dialog
	if form == nil {
		t.Fatal("no form")
	}
	uusi.ask(bot.Request{Submit: form.ID, Values: map[string]any{"unit": ""}})
	if rows := k.rows(ofStrangers); len(rows) > 0 {
		t.Errorf("logged %q", rows)
	}
	uusi.ask(bot.Request{Text: "/luotsi asia BCDFGHJ-K"})
	if rows := k.rows(ofStrangers); len(rows) != 1 {
		t.Errorf("logged %q", rows)
	}
}

// newcomers is a chat in which everybody is a full member.
type newcomers struct{ bot.Platform }

// Profile is of a full member.
func (newcomers) Profile(_ context.Context, user string) (bot.Profile, error) {
	return bot.Profile{User: user, Login: strings.ToLower(user), Name: user, Enabled: true}, nil
}

// TestWhoCannotBeToldIsNamed: whoever asks somebody without an account in any chat learns that nothing reaches them.
func TestWhoCannotBeToldIsNamed(t *testing.T) {
	k := newTalk(t)
	k.run("first suostumus\n")
	if _, err := k.town.county.owner.ExecContext(t.Context(), `delete from accounts where login in ('kaisa', 'ville')`); err != nil {
		t.Fatal(err)
	}
	k.run(`paula: tiimi kutsu {A}
  person = leo
  need_answered = Muisti
> Kutsu on lähetetty.
>! Kerro hänelle itse
paula: tiimi kutsu {A}
  person = kaisa
  need_answered = Lääkkeet
> Kaisa ei saa viestiä
paula: vastuu {A}
  person = ville
  need = Arki
> Kerro hänelle itse
`)
}

// TestAViewMadeAnewIsNoRow: nobody looked, so nobody's looking is logged.
func TestAViewMadeAnewIsNoRow(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	today := func(unasked bool) (text string, rows int) {
		before := len(k.rows(`action = 'today'`))
		answer := asker{t, k, "ville"}.ask(bot.Request{Text: "/luotsi", Unasked: unasked})
		if len(answer.Replies) == 0 {
			t.Fatalf("answered %+v", answer)
		}
		return answer.Replies[0].Text(), len(k.rows(`action = 'today'`)) - before
	}
	asked, first := today(false)
	unasked, second := today(true)
	if asked != unasked || first != 1 || second != 0 {
		t.Errorf("%d rows of who asked, %d of who did not:\n%s\n%s", first, second, asked, unasked)
	}
}

// homeChat is a chat that keeps home views.
type homeChat struct {
	chat
	anew []string
}

// Name is that of the chat in which everybody has an account.
func (*homeChat) Name() string { return "sandbox" }

// RefreshHome notes whose.
func (h *homeChat) RefreshHome(_ context.Context, user string) { h.anew = append(h.anew, user) }

// TestWhatIsDoneOnThePageIsSeenInTheHomeView: what changed a case there, and nothing else.
func TestWhatIsDoneOnThePageIsSeenInTheHomeView(t *testing.T) {
	k := newTalk(t)
	k.run("first huoli\n")
	c, home := k.town.county, &homeChat{}
	s := &service{house: c.house, handle: commands.NewDispatcher(c.house).Handle, now: c.clock.Now, log: c.log(), chats: []*gate{{chat: home}}}
	ask := func(text string) {
		req := bot.Request{Platform: bot.Web, User: "paula", Place: bot.Place{Kind: bot.OnPage}, At: c.clock.Now(), Text: text}
		if _, err := s.handled(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	ask("asia " + k.codes["A"])
	ask("ota BCDFGHJ-K")
	if len(home.anew) > 0 {
		t.Errorf("made anew %q", home.anew)
	}
	if ask("ota " + k.codes["A"]); !slices.Equal(home.anew, []string{"paula"}) {
		t.Errorf("made anew %q", home.anew)
	}
}
