package main

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"luotsi/bot"
)

// shut is a chat in which Luotsi may open no room for a while, and in which somebody closed one.
type shut struct {
	bot.Platform
	refuses atomic.Bool
	closed  atomic.Value // id of a room
}

// OpenRoom fails as long as no administrator has mended it.
func (s *shut) OpenRoom(ctx context.Context, name string) (string, error) {
	if s.refuses.Load() {
		return "", errors.Join(bot.ErrPermanent, errors.New("the bot lacks the right to"))
	}
	return s.Platform.OpenRoom(ctx, name)
}

// Restore fails for the closed room.
func (s *shut) Restore(ctx context.Context, room, name string) (bool, error) {
	if s.closed.Load() == room {
		return false, bot.ErrGone
	}
	return s.Platform.Restore(ctx, room, name)
}

// TestARoomThatMayNotBeOpenedIsTriedUntilItMay: who leads the case is told once, and once an administrator has mended it the room opens.
func TestARoomThatMayNotBeOpenedIsTriedUntilItMay(t *testing.T) {
	chat, k := &shut{}, newTalk(t)
	k.before = append(k.before, func(c *county) { chat.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, chat })
	k.run("first tiimi\n")
	room := k.roomOf()
	chat.closed.Store(room)
	chat.refuses.Store(true)
	k.drift(room)
	k.settle()
	k.run(`ville @dm sees "ei anna Luotsin avata huonetta asialle {A}" 1 times
`)
	if rooms, err := k.town.county.house.OpenRooms(t.Context(), "sandbox"); err != nil || len(rooms) != 0 {
		t.Errorf("open rooms: %v, %v", rooms, err)
	}
	chat.refuses.Store(false)
	k.settle()
	if k.roomOf() == room {
		t.Error("no other room was opened")
	}
}
