package slack

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// How far what was said in the rooms is looked back through, and how long it is waited at most before that is tried again.
const (
	furthestBack = 24 * time.Hour
	longestWait  = 10 * time.Minute
)

// past knows from when on Slack may have told nobody what was said in the rooms.
type past struct {
	mu      sync.Mutex
	heard   time.Time // when Slack last told anything
	missed  time.Time // since then something may have been missed; zero: nothing was
	looking bool      // somebody looks already, and will look at missed again
}

func (p *past) hears(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = at
}

// silentSince is when Slack last told anything, a little earlier: clocks differ, and what was under way then may have been lost.
func (p *past) silentSince() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.heard.Add(-skew)
}

// miss reports whether the caller has to look.
func (p *past) miss(since time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.missed.IsZero() || since.Before(p.missed) {
		p.missed = since
	}
	first := !p.looking
	p.looking = true
	return first
}

// take is what is to be looked through now; not ok when there is nothing, and the caller looks no more.
func (p *past) take() (since time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	since, p.missed = p.missed, time.Time{}
	p.looking = !since.IsZero()
	return since, p.looking
}

// reconnected makes up for what nobody heard since an instant: in the rooms if no connection was open, and what was said in any case.
func (s *Slack) reconnected(ctx context.Context, since time.Time, alone bool) {
	if !alone {
		s.lookBack(since)
		return
	}
	if err := s.cfg.House.RoomsDrifted(ctx, Platform); err != nil {
		s.out.log.ErrorContext(ctx, "slack: the rooms could not be looked at", "cause", err)
	}
	s.lookBack(since)
}

// lookBack has what was said in the rooms since an instant looked through for identity codes beside, a day back at the most, again and
// again until it has been or Luotsi closes.
func (s *Slack) lookBack(since time.Time) {
	if s.out.past.miss(since) {
		s.in.last(s.keepLooking)
	}
}

// lookBackRegularly looks back through what was said since the last time, until Luotsi closes: what Slack could not deliver after some
// tries over some minutes, it tells nobody any more.
func (s *Slack) lookBackRegularly(ctx context.Context) {
	for since := s.cfg.Now(); pause(ctx, s.out.every); {
		s.lookBack(since.Add(-skew))
		since = s.cfg.Now()
	}
}

func (s *Slack) keepLooking(ctx context.Context) {
	wait := s.out.insist
	for {
		since, ok := s.out.past.take()
		if !ok {
			return
		}
		err := s.lookThrough(ctx, later(since, s.cfg.Now().Add(-furthestBack)))
		if err == nil {
			wait = s.out.insist
			continue
		}
		if ctx.Err() != nil {
			return
		}
		s.out.log.WarnContext(ctx, "slack: what was said in the rooms could not all be looked through yet", "cause", err, "again_in", wait.String())
		s.out.past.miss(since)
		if !pause(ctx, wait) {
			return
		}
		wait = min(2*wait, longestWait)
	}
}

// lookThrough looks through every room; one that cannot be looked through does not keep it from the others.
func (s *Slack) lookThrough(ctx context.Context, since time.Time) error {
	rooms, err := s.cfg.House.OpenRooms(ctx, Platform)
	failed := err
	for _, room := range rooms {
		err := bot.Guarded(s.cfg.Log, "looking through a room", func() error { return s.lookThroughRoom(ctx, room, since) })
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrOutside), errors.Is(err, bot.ErrPermanent):
			// The house finds out by itself that the room is no more; a lacking permission is in the log.
		default:
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// lookThroughRoom looks through a room's messages, and through the threads that begin with one of them. Slack does not tell which older
// threads were written in.
func (s *Slack) lookThroughRoom(ctx context.Context, room string, since time.Time) error {
	var failed error
	var threads []string
	look := func(m slack.Message) bool {
		if !s.isMine(m.User, m.BotID) {
			failed = errors.Join(failed, s.identityIn(ctx, room, m.User, &m.Msg))
		}
		if m.ReplyCount > 0 && m.LatestReply > stampOf(since) {
			threads = append(threads, m.Timestamp)
		}
		return ctx.Err() == nil
	}
	err := s.roomFault(ctx, room, s.history(ctx, room, since, looking, look))
	for _, first := range threads {
		err = errors.Join(err, s.thread(ctx, room, first, since, func(m slack.Message) {
			m.ReplyCount = 0 // seen already
			look(m)
		}))
	}
	return errors.Join(err, failed)
}

// thread goes through what was answered to a message since an instant.
func (s *Slack) thread(ctx context.Context, channel, first string, since time.Time, each func(slack.Message)) error {
	for cursor, more := "", true; more; {
		var page []slack.Message
		err := s.call(ctx, call{method: "conversations.replies", urgency: looking}, func(ctx context.Context, api *slack.Client) (err error) {
			page, more, cursor, err = api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: channel, Timestamp: first, Cursor: cursor, Limit: pageSize, Oldest: stampOf(since),
			})
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range page {
			each(m)
		}
		more = more && cursor != ""
	}
	return nil
}

// instantOf reads the instant in a message's id; now when it tells none.
func instantOf(stamp string, now time.Time) time.Time {
	seconds, _, _ := strings.Cut(stamp, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return now
	}
	return time.Unix(n, 0)
}
