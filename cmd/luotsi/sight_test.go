package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// linkFor asks for a one-time link to who the client of case A is and returns what is sealed in it.
func (k *talk) linkFor(login string) string {
	k.t.Helper()
	k.run(login + ": henkilö {A}\n  purpose = contact_client\n")
	return k.link[strings.LastIndex(k.link, "/")+1:]
}

// openAt opens a sealed link at an instant that the county's clock has not reached: nothing that is due then has been done.
func (k *talk) openAt(at time.Time, sealed string) ([]commands.Client, error) {
	later := *k.town.county.house
	later.Now = func() time.Time { return at }
	_, clients, err := commands.Office{House: &later}.OpenLink(k.t.Context(), sealed)
	return clients, err
}

// TestNobodyReadsBetweenTheEndOfAConsentAndItsSweep: it is the consent's own end that counts, not when Luotsi gets round to it.
func TestNobodyReadsBetweenTheEndOfAConsentAndItsSweep(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\nclock 2028-02-02 23:55\n")
	after := time.Date(2028, 2, 3, 0, 0, 30, 0, casework.Helsinki)
	for login, may := range map[string]bool{"paula": true, "ville": false, "kaisa": false} {
		clients, err := k.openAt(after, k.linkFor(login))
		if may != (err == nil && len(clients) == 1) {
			t.Errorf("%s opens %d clients: %v", login, len(clients), err)
		}
		again, err := k.town.county.handle(t.Context(), bot.Request{
			Platform: "sandbox", User: login, Place: bot.Place{Kind: bot.InDirect}, At: after, Text: "henkilö " + k.codes["A"],
		})
		if err != nil || may != (again.Dialog != nil) || !may && refused(again) != "no_consent" {
			t.Errorf("%s asks: %+v (%v)", login, again, err)
		}
	}
	shown, err := k.town.county.handle(t.Context(), bot.Request{
		Platform: "sandbox", User: "kaisa", Place: bot.Place{Kind: bot.InDirect}, At: after, Text: "asia " + k.codes["A"],
	})
	if err != nil || len(shown.Replies) != 1 || strings.Contains(shown.Replies[0].Text(), "Arjen asiat") {
		t.Errorf("kaisa reads %+v (%v)", shown, err)
	}
}

// TestOwnClientsAreThoseThatMayBeShown: one case whose consent has just ended closes nobody's whole list.
func TestOwnClientsAreThoseThatMayBeShown(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\nclock 2028-02-02 23:55\nville: omat asiakkaat\n")
	sealed := k.link[strings.LastIndex(k.link, "/")+1:]
	if clients, err := k.openAt(time.Date(2028, 2, 3, 0, 0, 30, 0, casework.Helsinki), sealed); err != nil || len(clients) > 0 {
		t.Errorf("ville opens %d clients: %v", len(clients), err)
	}
}

// TestATriedLinkIsInTheCasesLog: whoever tries a link in vain is seen by the data protection officer, with the case it was made for.
func TestATriedLinkIsInTheCasesLog(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	sealed := k.linkFor("kaisa")
	leo := asker{t, k, "leo"}
	if other := leo.onPage(bot.Request{ID: "other", Open: sealed}); refused(other) != "not_found" || len(other.Replies) != 1 || other.Replies[0].Code != "" {
		t.Errorf("leo reads %+v", other)
	}
	if _, err := k.openAt(k.town.county.clock.Now(), sealed); err != nil {
		t.Fatal(err)
	}
	if _, err := k.openAt(k.town.county.clock.Now(), sealed); err == nil {
		t.Error("opened twice")
	}
	late := k.linkFor("kaisa")
	if _, err := k.openAt(k.town.county.clock.Now().Add(bot.LinkLife+time.Second), late); err == nil {
		t.Error("opened too late")
	}
	rows := k.loggedOf("client.reveal")
	want := []string{
		"kaisa true sandbox", "kaisa true sandbox", "leo false web not_found", "kaisa true web", "kaisa false web link_used",
		"kaisa true sandbox", "kaisa true sandbox", "kaisa false web link_used",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("the case's log has\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	k.run("tiina: loki {A}\n> leo (SOTE-KESKUS-A): henkilö\n")
	if ids := k.columnOf("request_id like 'link:%'", "count(distinct request_id)::text"); !slices.Equal(ids, []string{"2"}) {
		t.Errorf("links have the request ids %v", ids)
	}
}

// loggedOf reads the rows of case A about an action, oldest first.
func (k *talk) loggedOf(action string) []string {
	k.t.Helper()
	return k.columnOf("action = '"+action+"' and case_id > 0 and code = '"+k.codes["A"]+"' and chain like 'case:%'",
		"trim(who || ' ' || allowed::text || ' ' || surface || ' ' || rule)")
}

// columnOf reads a column of some rows of the access log.
func (k *talk) columnOf(where, column string) (found []string) {
	k.t.Helper()
	order := " order by chain, seq"
	if strings.HasPrefix(column, "count") {
		order = ""
	}
	rows, err := k.town.county.owner.QueryContext(k.t.Context(), "select "+column+" from access_log where "+where+order)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			k.t.Fatal(err)
		}
		found = append(found, one)
	}
	if err := rows.Err(); err != nil {
		k.t.Fatal(err)
	}
	return found
}

// TestNothingIsCrowdedOutOfTheLog: who looks at a case again and again hides neither that the client was shown, nor what was denied.
func TestNothingIsCrowdedOutOfTheLog(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	if _, err := k.openAt(k.town.county.clock.Now(), k.linkFor("kaisa")); err != nil {
		t.Fatal(err)
	}
	k.run("sanna: henkilö {A}\nrefused not_allowed\n" + strings.Repeat("kaisa: asia {A}\n", 31))
	const opened = "kaisa (KOTIHOITO-B): henkilö, käyttötarkoitus yhteydenotto asiakkaaseen"
	k.run("tiina: loki {A}\n> 31 kertaa\n> " + opened + "\n> sanna (SOTE-KESKUS-A): henkilö\n")
	for range 40 {
		if _, err := k.openAt(k.town.county.clock.Now(), k.linkFor("kaisa")); err != nil {
			t.Fatal(err)
		}
	}
	k.run("tiina: loki {A}\n> " + opened + "\n")
	all := k.last.got.text()
	for range 10 {
		if !k.offered("Näytä lisää") {
			break
		}
		k.run("kaisa: asia {A}\npaula: asia {A}\n") // new lines meanwhile move nothing
		k.run(`tiina presses "Näytä lisää"`)
		all += k.last.got.text()
	}
	for _, said := range []string{opened, "sanna (SOTE-KESKUS-A): henkilö", "31 kertaa"} {
		want := 1
		if said == opened {
			want = 41
		}
		if n := strings.Count(all, said); n != want {
			t.Errorf("%q is read %d times, want %d, in\n%s", said, n, want, all)
		}
	}
}
