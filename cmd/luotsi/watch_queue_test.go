package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands"
)

// queueless is a chat whose coordinators' room Luotsi may not be able to use.
type queueless struct {
	bot.Platform
	lost  atomic.Bool
	tries atomic.Int32
}

// ready knows no more than Post has found out: so a card is the first to meet the closed room.
func (q *queueless) ready(context.Context) error {
	if q.lost.Load() && q.tries.Load() > 0 {
		return fmt.Errorf("write /invite there: %w", bot.ErrOutside)
	}
	return nil
}

// Post fails in the coordinators' room while it is lost.
func (q *queueless) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	if room == "queue" {
		q.tries.Add(1)
		if q.lost.Load() {
			return "", bot.ErrOutside
		}
	}
	return q.Platform.Post(ctx, room, key, p)
}

func newQueueless(t *testing.T) (*talk, *queueless) {
	chat, k := &queueless{}, newTalk(t)
	k.before = append(k.before, func(c *county) {
		chat.Platform = c.house.Chats[0].Platform
		c.house.Chats[0].Platform, c.house.Chats[0].QueueReady = chat, chat.ready
	})
	return k, chat
}

// enqueue has a job done, and what follows.
func (k *talk) enqueue(job river.JobArgs) {
	k.t.Helper()
	c := k.town.county
	err := c.house.Within(k.t.Context(), c.clock.Now(), func(tx commands.Tx) error { return tx.Enqueue(k.t.Context(), job, 1) })
	if err != nil {
		k.t.Fatal(err)
	}
	k.settle()
}

// TestACardWaitsForTheCoordinatorsRoom: they are told once that it cannot be used, and when it can be used again all is shown there.
func TestACardWaitsForTheCoordinatorsRoom(t *testing.T) {
	k, chat := newQueueless(t)
	k.run("clock 2027-02-01 08:00\n")
	chat.lost.Store(true)
	k.run("first huoli\n")
	k.settle()
	k.enqueue(commands.Patrol{})
	k.enqueue(commands.Patrol{})
	k.run(`paula @dm sees "Luotsi ei voi käyttää palveluohjaajien kanavaa" 1 times
katri @dm sees "Luotsi ei voi käyttää palveluohjaajien kanavaa" 1 times
! sanna @dm sees "Luotsi ei voi käyttää"
! paula @queue sees "odottaa käsittelyä"
`)
	chat.lost.Store(false)
	if err := k.town.county.house.RoomDrifted(t.Context(), "sandbox", "queue"); err != nil {
		t.Fatal(err)
	}
	if err := k.town.idle(t.Context()); err != nil { // at once: nothing is tried again before its time
		t.Fatal(err)
	}
	k.run(`paula @queue sees "odottaa käsittelyä" 1 times
`)
	k.settle()
	k.run(`paula @queue sees "odottaa käsittelyä" 1 times
`)
	chat.lost.Store(true)
	k.enqueue(commands.Patrol{})
	k.run(`paula @dm sees "Luotsi ei voi käyttää palveluohjaajien kanavaa" 2 times
`)
}
