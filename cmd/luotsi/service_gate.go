package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"luotsi/bot"
)

// gate is a chat that may not have been reached yet. Until it has, whatever is to be done there is put off: the other chats, and
// the jobs, need not wait for it.
type gate struct {
	chat
	open atomic.Bool
}

var errNotReached = errors.New("the chat has not been reached yet")

func (g *gate) shut() error {
	if g.open.Load() {
		return nil
	}
	return &bot.RetryError{After: 5 * time.Second, Err: errNotReached}
}

// queue is the coordinators' room, once the chat has been reached.
func (g *gate) queue() (string, error) {
	if err := g.shut(); err != nil {
		return "", err
	}
	return g.QueueRoom()
}

// QueueReady waits at the gate.
func (g *gate) QueueReady(ctx context.Context) error {
	if err := g.shut(); err != nil {
		return err
	}
	return g.chat.QueueReady(ctx)
}

// Post waits at the gate; see bot.Platform, as all of these.
func (g *gate) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	if err := g.shut(); err != nil {
		return "", err
	}
	return g.chat.Post(ctx, room, key, p)
}

// Edit waits at the gate.
func (g *gate) Edit(ctx context.Context, room, message string, p bot.Post) error {
	if err := g.shut(); err != nil {
		return err
	}
	return g.chat.Edit(ctx, room, message, p)
}

// Direct waits at the gate.
func (g *gate) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	if err := g.shut(); err != nil {
		return "", err
	}
	return g.chat.Direct(ctx, user, key, p)
}

// OpenRoom waits at the gate.
func (g *gate) OpenRoom(ctx context.Context, name string) (string, error) {
	if err := g.shut(); err != nil {
		return "", err
	}
	return g.chat.OpenRoom(ctx, name)
}

// Restore waits at the gate.
func (g *gate) Restore(ctx context.Context, room, name string) (bool, error) {
	if err := g.shut(); err != nil {
		return false, err
	}
	return g.chat.Restore(ctx, room, name)
}

// Invite waits at the gate.
func (g *gate) Invite(ctx context.Context, room, user string) error {
	if err := g.shut(); err != nil {
		return err
	}
	return g.chat.Invite(ctx, room, user)
}

// Remove waits at the gate.
func (g *gate) Remove(ctx context.Context, room, user string) error {
	if err := g.shut(); err != nil {
		return err
	}
	return g.chat.Remove(ctx, room, user)
}

// Archive waits at the gate.
func (g *gate) Archive(ctx context.Context, room string) error {
	if err := g.shut(); err != nil {
		return err
	}
	return g.chat.Archive(ctx, room)
}

// Members waits at the gate.
func (g *gate) Members(ctx context.Context, room string) ([]string, error) {
	if err := g.shut(); err != nil {
		return nil, err
	}
	return g.chat.Members(ctx, room)
}

// Profile waits at the gate.
func (g *gate) Profile(ctx context.Context, user string) (bot.Profile, error) {
	if err := g.shut(); err != nil {
		return bot.Profile{}, err
	}
	return g.chat.Profile(ctx, user)
}

// Working waits at the gate.
func (g *gate) Working(ctx context.Context, users []string) ([]string, error) {
	if err := g.shut(); err != nil {
		return nil, err
	}
	return g.chat.Working(ctx, users)
}
