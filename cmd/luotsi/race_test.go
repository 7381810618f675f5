package main

import (
	"context"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
)

// slowDoor is a chat in which letting somebody into a room takes as long as the test wants.
type slowDoor struct {
	bot.Platform
	who     string
	reached chan struct{}
	opened  chan struct{}
	once    sync.Once
}

// Invite waits at the door.
func (p *slowDoor) Invite(ctx context.Context, room, user string) error {
	if user == p.who {
		p.once.Do(func() { close(p.reached) })
		select {
		case <-p.opened:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return p.Platform.Invite(ctx, room, user)
}

// TestWithdrawalWhileTheRoomIsBeingFilled takes the consent back in the very moment in which Luotsi is letting somebody into
// the room: the work that runs has read the consent as it was, and the room must be empty and closed all the same.
func TestWithdrawalWhileTheRoomIsBeingFilled(t *testing.T) {
	door := &slowDoor{who: "kaisa", reached: make(chan struct{}), opened: make(chan struct{})}
	k := newTalk(t)
	k.before = append(k.before, func(c *county) { door.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, door })
	k.run(`first suostumus
paula: tiimi kutsu {A}
  person = kaisa
  need_answered = Lääkkeet
`)
	k.say("kaisa", "/luotsi tiimi hyväksy "+k.codes["A"])
	wait(t, door.reached)
	form := k.say("paula", "/luotsi suostumus peru "+k.codes["A"])
	if form.Form == nil {
		t.Fatal("no form")
	}
	var out heard
	values := map[string]any{"withdraw_scope": "all"}
	if _, err := k.town.post(t.Context(), "submit", map[string]any{"as": "paula", "form": form.Form.ID, "values": values}, &out); err != nil || len(out.refusals()) > 0 {
		t.Fatal(err, out)
	}
	k.leftWord()
	close(door.opened)
	if err := k.town.idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	k.run(`room of {A}: archived
kaisa @dm sees "Yhteistyö tässä asiassa on päättynyt. Älä jatka tietojen vaihtoa." 1 times
`)
}

// leftWord waits until the work that the withdrawal gave rise to has come, found the room taken, and left word of itself.
func (k *talk) leftWord() {
	k.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		var word bool
		err := k.town.county.owner.QueryRowContext(k.t.Context(), `select exists (select from leases where work = 'room' and again)`).Scan(&word)
		if err != nil {
			k.t.Fatal(err)
		}
		if word {
			return
		}
		select {
		case <-look.C:
		case <-k.t.Context().Done():
			k.t.Fatal("it never came")
		}
	}
}

// say types a line without waiting for what follows from it.
func (k *talk) say(as, text string) (out heard) {
	k.t.Helper()
	if _, err := k.town.post(k.t.Context(), "say", map[string]any{"as": as, "room": "dm", "text": text}, &out); err != nil {
		k.t.Fatal(err)
	}
	return out
}

func wait(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-t.Context().Done():
		t.Fatal("it never came")
	}
}
