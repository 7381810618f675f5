package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"
)

// shaky is a chat that panics the first time it is reached and the first time it is listened to.
type shaky struct {
	chat
	started, watched int
}

func (*shaky) Name() string { return "shaky" }

func (c *shaky) Start(context.Context) error {
	if c.started++; c.started == 1 {
		panic("what somebody wrote of a client")
	}
	return nil
}

var errHeard = errors.New("heard until the end")

func (c *shaky) Watch(context.Context) error {
	if c.watched++; c.watched == 1 {
		panic("what somebody wrote of a client")
	}
	return errHeard
}

// TestAChatThatPanicsIsListenedToAgain: one chat's fault ends neither itself nor the others.
func TestAChatThatPanicsIsListenedToAgain(t *testing.T) {
	c := &shaky{}
	s := &service{log: slog.New(slog.DiscardHandler), chats: []*gate{{chat: c}}}
	if err := s.listen(t.Context(), s.chats[0], time.Nanosecond); !errors.Is(err, errHeard) || c.started != 2 || c.watched != 2 {
		t.Errorf("started %d times, listened %d times: %v", c.started, c.watched, err)
	}
}

// lingering is a chat whose answers under way need a while; it notes how long they may take.
type lingering struct {
	chat
	begun, other chan struct{}
	may          time.Duration
}

func (c *lingering) Close(ctx context.Context) error {
	until, _ := ctx.Deadline()
	c.may = time.Until(until)
	close(c.begun)
	select {
	case <-c.other:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestClosingLetsAnswersEnd: an answer may take 24 seconds to find and 15 to show; the chats are waited for at the same time.
func TestClosingLetsAnswersEnd(t *testing.T) {
	one, two := make(chan struct{}), make(chan struct{})
	first, second := &lingering{begun: one, other: two}, &lingering{begun: two, other: one}
	s := &service{log: slog.New(slog.DiscardHandler), chats: []*gate{{chat: first}, {chat: second}}}
	if err := s.close(); err != nil {
		t.Error(err)
	}
	for _, c := range []*lingering{first, second} {
		if c.may < 39*time.Second || c.may > 50*time.Second {
			t.Errorf("answers may take %v", c.may)
		}
	}
}
