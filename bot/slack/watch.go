package slack

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// roomBook remembers which channels are rooms in use, so that not every message in Slack asks the house.
type roomBook struct {
	mu    sync.Mutex
	rooms map[string]bool
	at    time.Time // when they were asked for
}

// bookAge is how often the house is asked at most, bookLife how long an answer is believed.
const (
	bookAge  = time.Second
	bookLife = time.Minute
)

// isRoom reports whether a channel is a room in use; when the house cannot be asked, what it said before.
func (s *Slack) isRoom(ctx context.Context, channel string) bool {
	is, err := s.askRoom(ctx, channel)
	if err != nil {
		s.out.log.ErrorContext(ctx, "slack: rooms in use are not known", "cause", err)
	}
	return is
}

// askRoom reports whether a channel is a room in use. The house is asked again about one that is not known.
func (s *Slack) askRoom(ctx context.Context, channel string) (bool, error) {
	b := &s.out.rooms
	b.mu.Lock()
	defer b.mu.Unlock()
	age := time.Since(b.at)
	if known := b.rooms[channel]; b.rooms == nil || age > bookLife || !known && age > bookAge {
		rooms, err := s.cfg.House.OpenRooms(ctx, Platform)
		if err != nil {
			return known, fmt.Errorf("listing the rooms in use: %w", err)
		}
		b.rooms, b.at = make(map[string]bool, len(rooms)), time.Now()
		for _, r := range rooms {
			b.rooms[r] = true
		}
	}
	return b.rooms[channel], nil
}

// event watches rooms: what changes who is in one, what it is called, or whether it is there, has the house look at it; what a
// person writes there is looked through for identity codes.
func (s *Slack) event(ctx context.Context, e slackevents.EventsAPIInnerEvent) {
	switch e := e.Data.(type) {
	case *slackevents.MemberJoinedChannelEvent:
		s.came(ctx, e)
	case *slackevents.MemberLeftChannelEvent:
		s.drifted(ctx, e.Channel)
	case *slackevents.GroupLeftEvent:
		s.drifted(ctx, e.Channel)
	case *slackevents.ChannelLeftEvent:
		s.drifted(ctx, e.Channel)
	case *slackevents.GroupRenameEvent:
		s.drifted(ctx, e.Channel.ID)
	case *slackevents.ChannelRenameEvent:
		s.drifted(ctx, e.Channel.ID)
	case *slackevents.GroupArchiveEvent:
		s.closed(ctx, e.Channel, "a room was archived in Slack: whoever is in it can go on reading it; unarchive it and let Luotsi in, or delete it")
	case *slackevents.ChannelArchiveEvent:
		s.closed(ctx, e.Channel, "a room was archived in Slack: whoever is in it can go on reading it; unarchive it and let Luotsi in, or delete it")
	case *slackevents.GroupDeletedEvent:
		s.closed(ctx, e.Channel, "a room was deleted in Slack")
	case *slackevents.ChannelDeletedEvent:
		s.closed(ctx, e.Channel, "a room was deleted in Slack")
	case *slackevents.MessageEvent:
		s.message(ctx, e)
	}
}

// came tells the house who came into a room: who goes again before the house has looked was there all the same. Luotsi's own
// invitations are no news.
func (s *Slack) came(ctx context.Context, e *slackevents.MemberJoinedChannelEvent) {
	switch {
	case e.Inviter != "" && e.Inviter == s.me:
		return
	case e.User == "" || e.User == s.me || !s.isRoom(ctx, e.Channel):
		s.drifted(ctx, e.Channel)
		return
	}
	var err error
	for n := range insistTimes {
		if err = s.cfg.House.Came(ctx, Platform, e.Channel, e.User); err == nil {
			return
		}
		if n == insistTimes-1 || !pause(ctx, s.out.insist<<n) {
			break
		}
	}
	s.out.log.ErrorContext(ctx, "slack: the house could not be told who came into a room", "room", e.Channel, "cause", err)
}

// drifted has the house look at a room, or at the coordinators' channel. A failure is logged: the next look at the room, by an event or
// at the next start, sees the same.
func (s *Slack) drifted(ctx context.Context, channel string) {
	if channel == "" || channel != s.cfg.Queue && !s.isRoom(ctx, channel) {
		return
	}
	if err := s.cfg.House.RoomDrifted(ctx, Platform, channel); err != nil {
		s.out.log.ErrorContext(ctx, "slack: a room could not be looked at", "room", channel, "cause", err)
	}
}

// closed remembers that somebody else closed a room, and says so to whoever runs Luotsi.
func (s *Slack) closed(ctx context.Context, channel, what string) {
	if !s.isRoom(ctx, channel) {
		s.drifted(ctx, channel) // the coordinators' channel, perhaps
		return
	}
	if mine, err := s.marked(ctx, closedMark, channel); err == nil && mine {
		return
	}
	if err := s.mark(ctx, lostMark, channel); err != nil {
		s.out.log.ErrorContext(ctx, "slack: a closed room could not be remembered", "room", channel, "cause", err)
	}
	s.out.log.ErrorContext(ctx, what, "room", channel)
	s.drifted(ctx, channel)
}

// tampering are the messages by which Slack tells that somebody changed what stands beside a room.
var tampering = map[string]bool{
	slack.MsgSubTypeGroupTopic: true, slack.MsgSubTypeGroupPurpose: true, slack.MsgSubTypeGroupName: true,
	slack.MsgSubTypeChannelTopic: true, slack.MsgSubTypeChannelPurpose: true, slack.MsgSubTypeChannelName: true,
}
