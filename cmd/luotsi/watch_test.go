package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"luotsi/bot"
	"luotsi/commands"
)

// moody is a chat in which people meddle with rooms: they put Luotsi out of one, or close it.
type moody struct {
	bot.Platform
	evicted atomic.Bool
	closed  atomic.Value // id of a room that somebody closed

	nameTaken atomic.Bool
	stuck     atomic.Value // who cannot be taken out just now
	renamed   atomic.Bool
	forbidden atomic.Bool // the chat lets Luotsi take nobody out
}

// Remove fails for who is stuck.
func (m *moody) Remove(ctx context.Context, room, user string) error {
	switch {
	case m.forbidden.Load():
		return fmt.Errorf("restricted: %w", bot.ErrPermanent)
	case m.stuck.Load() == user:
		return errors.New("not just now")
	}
	return m.Platform.Remove(ctx, room, user)
}

// Restore fails for a room that somebody meddled with.
func (m *moody) Restore(ctx context.Context, room, name string) (bool, error) {
	switch {
	case m.evicted.Load():
		return false, bot.ErrOutside
	case m.closed.Load() == room:
		return false, bot.ErrGone
	case m.nameTaken.Load():
		return false, bot.ErrPermanent
	case m.renamed.CompareAndSwap(true, false):
		return true, nil
	}
	return m.Platform.Restore(ctx, room, name)
}

// Members fails when Luotsi is outside.
func (m *moody) Members(ctx context.Context, room string) ([]string, error) {
	if m.evicted.Load() {
		return nil, bot.ErrOutside
	}
	return m.Platform.Members(ctx, room)
}

func newMoody(t *testing.T) (*talk, *moody) {
	chat, k := &moody{}, newTalk(t)
	k.before = append(k.before, func(c *county) { chat.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, chat })
	k.run("first tiimi\n")
	return k, chat
}

// roomOf is the platform's id of the only open room.
func (k *talk) roomOf() string {
	k.t.Helper()
	rooms, err := k.town.county.house.OpenRooms(k.t.Context(), "sandbox")
	if err != nil || len(rooms) != 1 {
		k.t.Fatal("open rooms", rooms, err)
	}
	return rooms[0]
}

// drift has the room looked at, and waits for what follows.
func (k *talk) drift(room string) {
	k.t.Helper()
	if err := k.town.county.house.RoomDrifted(k.t.Context(), "sandbox", room); err != nil {
		k.t.Fatal(err)
	}
	k.settle()
}

// settle has everything done that can be, also what failed for a moment and waits to be tried again.
func (k *talk) settle() {
	k.t.Helper()
	jobs := k.town.county.jobs
	for range 3 {
		if err := jobs.RetryNow(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		_, retrying, err := jobs.Idle(k.t.Context())
		if err != nil {
			k.t.Fatal(err)
		}
		if retrying == 0 {
			return
		}
	}
}

// TestLuotsiIsPutOutOfARoom: who can let it in again is told, once; a withdrawal meanwhile is carried out when it is in again.
func TestLuotsiIsPutOutOfARoom(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	chat.evicted.Store(true)
	k.drift(room)
	k.drift(room)
	const lost = `"Luotsi on poistettu asian {A} huoneesta" 1 times` + "\n"
	k.run("paula @dm sees " + lost + "ville @dm sees " + lost + `! kaisa @dm sees "Luotsi on poistettu"
paula: suostumus peru {A}
  withdraw_scope = all
`)
	chat.evicted.Store(false)
	k.drift(room)
	k.run(`room of {A}: archived
tiina: loki {A}
> Luotsi poistettiin huoneesta
`)
}

// TestLuotsiComesBack: the same people are told, and the room is put right at once.
func TestLuotsiComesBack(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	chat.evicted.Store(true)
	k.drift(room)
	chat.evicted.Store(false)
	k.drift(room)
	k.run(`paula @dm sees "Luotsi on taas asian {A} huoneessa" 1 times
ville @dm sees "Luotsi on taas asian {A} huoneessa" 1 times
room of {A}: paula, ville, kaisa
`)
}

// TestSomebodyClosesARoom: another is opened in its place, and the team is there.
func TestSomebodyClosesARoom(t *testing.T) {
	k, chat := newMoody(t)
	old := k.roomOf()
	chat.closed.Store(old)
	k.drift(old)
	if k.roomOf() == old {
		t.Fatal("the closed room is still the case's")
	}
	k.run(`ville @dm sees "Tiimi jatkaa uudessa huoneessa" 1 times
`)
	members, err := chat.Platform.Members(t.Context(), k.roomOf())
	if err != nil || len(members) != 3 {
		t.Errorf("in the new room are %v: %v", members, err)
	}
	if left, err := chat.Platform.Members(t.Context(), old); err != nil || len(left) != 0 {
		t.Errorf("in the closed room are still %v: %v", left, err)
	}
}

// TestOutsidersGoWhateverElseFails: who has taken the room's name in the chat cannot keep an outsider in the room with it.
func TestOutsidersGoWhateverElseFails(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	chat.nameTaken.Store(true)
	chat.stuck.Store("leo")
	for _, outsider := range []string{"leo", "mika"} {
		if err := chat.Invite(t.Context(), room, outsider); err != nil {
			t.Fatal(err)
		}
	}
	k.drift(room)
	k.run(`room of {A}: paula, ville, kaisa, leo
ville @dm sees "oli lisätty henkilö, joka ei kuulu tiimiin" 1 times
`)
	chat.stuck.Store("")
	k.settle()
	k.run("room of {A}: paula, ville, kaisa\n")
	var who []string
	rows, err := k.town.county.owner.QueryContext(t.Context(), `select fields from access_log where action = 'room.remove' order by seq`)
	for err == nil && rows.Next() {
		var fields string
		err = rows.Scan(&fields)
		who = append(who, fields)
	}
	if err != nil || !slices.Equal(who, []string{"room mika", "room leo"}) {
		t.Errorf("the log names %q: %v", who, err)
	}
}

// TestPatrolFindsWhatNobodyTold: a chat may be silent about who came into a room.
func TestPatrolFindsWhatNobodyTold(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	if err := chat.Invite(t.Context(), room, "leo"); err != nil { // by Luotsi's own hand: the sandbox tells nobody
		t.Fatal(err)
	}
	c := k.town.county
	err := c.house.Within(t.Context(), c.clock.Now(), func(tx commands.Tx) error { return tx.Enqueue(t.Context(), commands.Patrol{}, 1) })
	if err != nil {
		t.Fatal(err)
	}
	k.settle()
	k.run(`room of {A}: paula, ville, kaisa
ville @dm sees "oli lisätty henkilö, joka ei kuulu tiimiin" 1 times
`)
}

// TestIdentityCodeInARoom: its author and who leads the case are told, and only that it happened is kept (P07).
func TestIdentityCodeInARoom(t *testing.T) {
	k, _ := newMoody(t)
	room, house := k.roomOf(), k.town.county.house
	for _, s := range []struct {
		room, user, said string
		valid, deleted   bool
	}{
		{room, "kaisa", "m1 0", true, true},
		{room, "kaisa", "m2 0", true, false},
		{room, "kaisa", "m2 0", true, false}, // again, as the answer was lost
		{room, "kaisa", "m2 7", false, false},
		{"queue", "leo", "m3 0", true, false},
		{"queue", "leo", "m4 0", false, false},
		{room, "stranger", "m5 0", true, false},
	} {
		if err := house.IdentitySaid(t.Context(), "sandbox", s.room, s.user, s.said, s.valid, s.deleted); err != nil {
			t.Fatalf("%s by %s: %v", s.said, s.user, err)
		}
	}
	k.settle()
	k.run(`kaisa @dm sees "Kirjoitit asian {A} huoneeseen henkilötunnuksen" 2 times
kaisa @dm sees "on ehkä henkilötunnus" 1 times
ville @dm sees "Luotsi poisti viestin" 1 times
ville @dm sees "Luotsi ei voinut poistaa viestiä" 2 times
! ville @dm sees "on ehkä henkilötunnus"
! paula @dm sees "henkilötunnus"
leo @dm sees "Viestisi näyttää sisältävän henkilötunnuksen" 2 times
tiina: loki {A}
> huoneeseen kirjoitettiin henkilötunnus
`)
	if looks, valid := house.LooksIdentity("hän on 010190-900A"); !looks || valid {
		t.Errorf("looks %v, valid %v", looks, valid)
	}
}
