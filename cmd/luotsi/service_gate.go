package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"luotsi/bot"
)

// gate is a chat that may not have been reached yet. Until it has, whatever is to be done there is put off: the other chats, and
// the jobs, need not wait for it.
type gate struct {
	chat
	open              atomic.Bool
	telling, changing turnstile // what is told to people, and messages that are changed: both come by the thousand
}

// How many of the jobs' workers may do one thing in one chat at once, and how long the others wait for that: a chat that hangs must leave
// some for the other chat, and for the rooms. Nothing of a withdrawal waits here.
const (
	mayHang   = 4
	patience  = 2 * time.Second
	hangPause = 5 * time.Second
)

// turnstile lets so many through at once. While those inside take longer than anybody waits, the others are put off at once.
type turnstile struct {
	mu     sync.Mutex
	inside chan struct{}
	slow   atomic.Bool
}

var errHangs = errors.New("the chat answers slowly")

// through does something when it is its turn, or fails with a *bot.RetryError; nothing was done then.
func (t *turnstile) through(ctx context.Context, do func() error) error {
	t.mu.Lock()
	if t.inside == nil {
		t.inside = make(chan struct{}, mayHang)
	}
	t.mu.Unlock()
	late := time.NewTimer(patience)
	defer late.Stop()
	if t.slow.Load() {
		late.Reset(0)
	}
	select {
	case t.inside <- struct{}{}:
	default:
		select {
		case t.inside <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			t.slow.Store(true)
			return &bot.RetryError{After: hangPause, Err: errHangs}
		}
	}
	began := time.Now()
	defer func() { <-t.inside; t.slow.Store(time.Since(began) > patience) }()
	return do()
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
	return g.changing.through(ctx, func() error { return g.chat.Edit(ctx, room, message, p) })
}

// Direct waits at the gate.
func (g *gate) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	if err := g.shut(); err != nil {
		return "", err
	}
	var message string
	err := g.telling.through(ctx, func() (err error) {
		message, err = g.chat.Direct(ctx, user, key, p)
		return err
	})
	return message, err
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
