package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands"
)

// halting is a chat whose first answer about a room's members, once it halts, is long in coming, and bad.
type halting struct {
	bot.Platform
	halts       atomic.Bool
	began, goOn chan struct{}
	named       atomic.Value
	names       []string
}

// Members halts once.
func (h *halting) Members(ctx context.Context, room string) ([]string, error) {
	if h.halts.CompareAndSwap(true, false) {
		close(h.began)
		<-h.goOn
		return nil, &bot.RetryError{After: 10 * time.Minute, Err: errors.New("come back later")}
	}
	return h.Platform.Members(ctx, room)
}

// Restore finds the given name taken.
func (h *halting) Restore(ctx context.Context, room, name string) (bool, error) {
	h.names = append(h.names, name)
	if h.named.Load() == name {
		return false, bot.ErrPermanent
	}
	return h.Platform.Restore(ctx, room, name)
}

func newHalting(t *testing.T) (*talk, *halting) {
	chat, k := &halting{began: make(chan struct{}), goOn: make(chan struct{})}, newTalk(t)
	k.before = append(k.before, func(c *county) { chat.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, chat })
	k.run("first tiimi\n")
	return k, chat
}

// TestAWordLeftDuringALookThatIsPutOffIsHeard: what came meanwhile, perhaps a withdrawal, does not wait as long as the look was put off.
func TestAWordLeftDuringALookThatIsPutOffIsHeard(t *testing.T) {
	k, chat := newHalting(t)
	room, c := k.roomOf(), k.town.county
	chat.halts.Store(true)
	for range 2 {
		if err := c.house.RoomDrifted(t.Context(), "sandbox", room); err != nil {
			t.Fatal(err)
		}
		<-chat.began
	}
	for left, most := false, time.Now().Add(time.Minute); !left; { // until the other job leaves word
		if err := c.owner.QueryRowContext(t.Context(), "select exists (select from leases where again)").Scan(&left); err != nil || time.Now().After(most) {
			t.Fatal("no word was left", err)
		}
	}
	close(chat.goOn)
	if _, retrying, err := c.jobs.Idle(t.Context()); err != nil || retrying != 0 {
		t.Errorf("%d jobs wait, %v", retrying, err)
	}
}

// TestARoomWhoseNameWasTakenGetsAnother: a neutral one, which it keeps.
func TestARoomWhoseNameWasTakenGetsAnother(t *testing.T) {
	k, chat := newHalting(t)
	room := k.roomOf()
	k.drift(room)
	own := chat.names[len(chat.names)-1]
	chat.named.Store(own)
	chat.names = nil
	k.drift(room)
	k.drift(room)
	if n := chat.names; len(n) != 3 || n[0] != own || n[1] == own || n[2] != n[1] || len(n[1]) != len(own)+7 || n[1][:len(own)] != own {
		t.Errorf("%q was restored as %q", own, n)
	}
}

// TestAllRoomsAreLookedAtAfterWhatSomebodyWaitsFor: and those not that somebody is about to look at.
func TestAllRoomsAreLookedAtAfterWhatSomebodyWaitsFor(t *testing.T) {
	k, _ := newHalting(t)
	c := k.town.county
	if err := c.jobs.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.owner.ExecContext(t.Context(), "delete from river_job"); err != nil {
		t.Fatal(err)
	}
	for _, platform := range []string{"elsewhere", "sandbox", "sandbox"} {
		if err := c.house.RoomsDrifted(t.Context(), platform); err != nil {
			t.Fatal(err)
		}
	}
	var priorities []int
	rows, err := c.owner.QueryContext(t.Context(), "select priority from river_job where kind = $1", commands.SyncRoom{}.Kind())
	for err == nil && rows.Next() {
		var p int
		err = rows.Scan(&p)
		priorities = append(priorities, p)
	}
	if err != nil || !slices.Equal(priorities, []int{4}) {
		t.Errorf("waiting with priorities %v, %v", priorities, err)
	}
}
