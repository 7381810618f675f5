package main

import (
	"slices"
	"testing"
	"time"

	"luotsi/commands"
)

// logged is what the log holds of an action, oldest first: who, what of, and by what rule it was not allowed.
func (k *talk) logged(action string) (found []string) {
	k.t.Helper()
	rows, err := k.town.county.owner.QueryContext(k.t.Context(),
		`select who || ' | ' || fields || ' | ' || rule from access_log where action = $1 order by seq`, action)
	for err == nil && rows.Next() {
		var row string
		err = rows.Scan(&row)
		found = append(found, row)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return found
}

// later moves the clock on and has everything done that is due.
func (k *talk) later(d time.Duration) {
	k.t.Helper()
	if err := k.town.moveTo(k.t.Context(), k.town.county.clock.Now().Add(d)); err != nil {
		k.t.Fatal(err)
	}
	k.settle()
}

const stuck = `@dm sees "Keskusteluohjelma ei anna Luotsin poistaa ihmisiä asian {A} huoneesta"`

// TestTheChatKeepsPeopleInTheRoom: at a withdrawal those who can take the others out by hand are told, once a day while it lasts, and
// Luotsi goes on trying.
func TestTheChatKeepsPeopleInTheRoom(t *testing.T) {
	k, chat := newMoody(t)
	chat.forbidden.Store(true)
	k.run(`paula: suostumus peru {A}
  withdraw_scope = all
paula ` + stuck + ` 1 times
ville ` + stuck + ` 1 times
esko ` + stuck + ` 1 times
! kaisa ` + stuck + `
`)
	k.enqueue(commands.Patrol{})
	if got := k.logged("room.remove"); !slices.Equal(got, []string{"system | room | chat_refuses"}) {
		t.Errorf("the log says %q", got)
	}
	k.run("paula " + stuck + " 1 times\n")
	k.later(25 * time.Hour)
	k.enqueue(commands.Patrol{})
	k.run("paula " + stuck + " 2 times\n")
	chat.forbidden.Store(false)
	k.enqueue(commands.Patrol{})
	k.run("room of {A}: archived\n")
}

// TestTheChatKeepsAnOutsiderInTheRoom: while the consent holds the supervisors have nothing to do with it.
func TestTheChatKeepsAnOutsiderInTheRoom(t *testing.T) {
	k, chat := newMoody(t)
	chat.forbidden.Store(true)
	k.run(`kaisa adds mika to the room of {A}
paula ` + stuck + ` 1 times
ville ` + stuck + ` 1 times
! esko ` + stuck + `
`)
}

// TestEveryVisitThatWasEndedIsTold: coming and being taken out are one thing to tell of, coming again is another.
func TestEveryVisitThatWasEndedIsTold(t *testing.T) {
	k, _ := newMoody(t)
	k.run(`kaisa adds mika to the room of {A}
room of {A}: paula, ville, kaisa
ville ` + outsider + ` 1 times
kaisa adds mika to the room of {A}
room of {A}: paula, ville, kaisa
ville ` + outsider + ` 2 times
`)
}

const outsider = `@dm sees "oli lisätty henkilö, joka ei kuulu tiimiin"`

// TestWhoWasRemovedAndIsPutBackIsAnOutsider: only the taking out that follows the leaving is told by that alone.
func TestWhoWasRemovedAndIsPutBackIsAnOutsider(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	k.run(`paula: tiimi poista {A}
  person = kaisa
  removed_reason = need_met
room of {A}: paula, ville
! paula ` + outsider + `
! ville ` + outsider + `
`)
	if err := chat.Invite(t.Context(), room, "kaisa"); err != nil { // by Luotsi's own hand: the sandbox tells nobody
		t.Fatal(err)
	}
	k.drift(room)
	k.run("room of {A}: paula, ville\nville " + outsider + " 1 times\n")
}

// TestInReadOut: who came and went before anybody looked is in the log and told of, once a visit; so is somebody whom nobody knows. Who
// belongs there is not.
func TestInReadOut(t *testing.T) {
	k, _ := newMoody(t)
	room, house := k.roomOf(), k.town.county.house
	came := func(user string) {
		t.Helper()
		if err := house.Came(t.Context(), "sandbox", room, user); err != nil {
			t.Fatal(err)
		}
		k.settle()
	}
	came("kaisa")
	k.run("! ville " + outsider + "\n")
	came("mika")
	k.run("ville " + outsider + " 1 times\n! paula " + outsider + "\n")
	came("mika")
	k.run("ville " + outsider + " 1 times\n")
	k.later(11 * time.Minute)
	came("mika")
	came("stranger")
	k.run("ville " + outsider + ` 3 times
tiina: loki {A}
> ulkopuolinen tuli huoneeseen
`)
	want := []string{
		"mika | room | not_in_team", "mika | room | not_in_team", "mika | room | not_in_team", "sandbox:stranger | room | not_in_team",
	}
	if got := k.logged("room.outsider"); !slices.Equal(got, want) {
		t.Errorf("the log says %q, want %q", got, want)
	}
	if err := house.Came(t.Context(), "sandbox", "general", "mika"); err != nil {
		t.Error("a room of no case:", err)
	}
}

// TestARenamedRoomIsInTheLog: by whom, no chat tells.
func TestARenamedRoomIsInTheLog(t *testing.T) {
	k, chat := newMoody(t)
	chat.renamed.Store(true)
	k.drift(k.roomOf())
	k.drift(k.roomOf())
	if got := k.logged("room.restore"); !slices.Equal(got, []string{"system | room | "}) {
		t.Errorf("the log says %q", got)
	}
}
