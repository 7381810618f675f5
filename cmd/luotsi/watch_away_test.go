package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands"
)

// away is a chat that may be away, and counts what is done to its cards.
type away struct {
	bot.Platform
	name  string
	fails atomic.Pointer[error] // of what is said and changed
	cards atomic.Int32

	mu   sync.Mutex
	said []string // keys of what was told to people
}

// Name is the platform's, or its own.
func (a *away) Name() string {
	if a.name != "" {
		return a.name
	}
	return a.Platform.Name()
}

func (a *away) down() error {
	if err := a.fails.Load(); err != nil {
		return *err
	}
	return nil
}

// Post counts the cards.
func (a *away) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	if err := a.down(); err != nil {
		return "", err
	}
	if room == "queue" {
		a.cards.Add(1)
	}
	return a.Platform.Post(ctx, room, key, p)
}

// Edit counts the cards.
func (a *away) Edit(ctx context.Context, room, message string, p bot.Post) error {
	a.cards.Add(1)
	return a.Platform.Edit(ctx, room, message, p)
}

// Direct notes the keys.
func (a *away) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	a.mu.Lock()
	a.said = append(a.said, key)
	a.mu.Unlock()
	if err := a.down(); err != nil {
		return "", err
	}
	return a.Platform.Direct(ctx, user, key, p)
}

func newAway(t *testing.T) (k *talk, here, there *away) {
	k, here, there = newTalk(t), &away{}, &away{name: "there"}
	k.before = append(k.before, func(c *county) {
		here.Platform, there.Platform = c.house.Chats[0].Platform, c.house.Chats[0].Platform
		c.house.Chats[0].Platform = here
		c.house.Chats = append(c.house.Chats, commands.Chat{Platform: there, Queue: commands.QueueIs("queue")})
	})
	return k, here, there
}

// TestACardIsShownOnceWhileAnotherChatIsAway: and in the other when that is back.
func TestACardIsShownOnceWhileAnotherChatIsAway(t *testing.T) {
	k, here, there := newAway(t)
	down := error(&bot.RetryError{After: time.Hour, Err: errors.New("does not answer")})
	there.fails.Store(&down)
	k.run("first huoli\n")
	for range 3 {
		k.settle()
	}
	if n := here.cards.Load(); n != 1 {
		t.Errorf("the card was shown %d times", n)
	}
	there.fails.Store(nil)
	k.settle()
	if n, m := here.cards.Load(), there.cards.Load(); n != 1 || m != 1 {
		t.Errorf("the cards were shown %d times and %d times", n, m)
	}
}

// TestAnIdentityCodeElsewhereIsToldOfOnce: whatever becomes of the answers, and whether or not its author can be told.
func TestAnIdentityCodeElsewhereIsToldOfOnce(t *testing.T) {
	k, here, _ := newAway(t)
	k.run("clock 2027-02-01 08:00\n")
	house := k.town.county.house
	down, gone := error(&bot.RetryError{After: time.Second, Err: errors.New("no answer")}), error(bot.ErrGone)
	for i, fails := range []*error{&down, &down, nil, nil, &gone} {
		here.fails.Store(fails)
		err := house.IdentitySaid(t.Context(), "sandbox", "queue", "leo", "m1 0", true, false)
		if (err != nil) != (fails == &down) {
			t.Errorf("try %d: %v", i, err)
		}
	}
	if got := k.logged("room.identity_code"); len(got) != 1 {
		t.Errorf("the log says %q", got)
	}
	if keys := slices.Compact(slices.Clone(here.said)); len(here.said) != 5 || len(keys) != 1 {
		t.Errorf("told under %q", here.said)
	}
}

// TestALateWordOfAComingIsNoVisit: who was taken out before the chat told of the coming was there once; who is put in again, twice.
func TestALateWordOfAComingIsNoVisit(t *testing.T) {
	k, chat := newMoody(t)
	room := k.roomOf()
	for n, told := range []string{" 1 times\n", " 2 times\n"} {
		if err := chat.Invite(t.Context(), room, "mika"); err != nil { // the sandbox tells nobody of Luotsi's own hand
			t.Fatal(err)
		}
		k.drift(room)
		k.run("room of {A}: paula, ville, kaisa\nville " + outsider + told)
		if n > 0 {
			break
		}
		if err := k.town.county.house.Came(t.Context(), "sandbox", room, "mika"); err != nil {
			t.Fatal(err)
		}
		k.settle()
		k.run("ville " + outsider + told)
	}
}
