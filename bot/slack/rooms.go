package slack

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

const pageSize = 200 // what Slack recommends to ask for at once

var roomName = regexp.MustCompile(`^[a-z0-9_-]{1,80}$`)

// Marks in the ledger, kept beside the messages because a private channel that Luotsi is not in looks to it like one that
// never was: what became of a channel must be remembered. The ledger forgets after half a year, and then Slack and the house are
// believed alone: a channel that is not found and not in use is gone, as with the mark; one that is still in use is taken for one that
// Luotsi was put out of, and somebody is asked to let it in again. By then the house has long put down that such a room is archived and
// asks no more of it. Nobody is left in a room, and nothing is said twice, for want of a mark.
const (
	closedMark = "closed:" // Luotsi emptied it and archived it
	lostMark   = "lost:"   // somebody else archived or deleted it
)

// mark remembers what became of a channel. Doing it twice changes nothing.
func (s *Slack) mark(ctx context.Context, as, room string) error {
	_, err := s.cfg.Ledger.Once(ctx, Platform, as+room, func(time.Time) (string, error) { return as + room, nil })
	return err
}

func (s *Slack) marked(ctx context.Context, as, room string) (bool, error) {
	return s.cfg.Ledger.Said(ctx, Platform, as+room)
}

// roomFault tells a channel that is no more from one that Luotsi was put out of, which Slack does not: one that the house has
// in use and that nobody closed is still there.
func (s *Slack) roomFault(ctx context.Context, room string, err error) error {
	if !answered(err, "channel_not_found", "not_in_channel") {
		return err
	}
	for _, as := range []string{closedMark, lostMark} {
		if is, failed := s.marked(ctx, as, room); failed != nil {
			return failed
		} else if is {
			return fmt.Errorf("the channel was closed (%s): %w", as, bot.ErrGone)
		}
	}
	ours, failed := s.inUse(ctx, room)
	if failed != nil {
		return failed
	}
	if ours || answered(err, "not_in_channel") {
		return fmt.Errorf("not in the channel any more: %w", bot.ErrOutside)
	}
	return err
}

// inUse reports whether the house speaks in the channel.
func (s *Slack) inUse(ctx context.Context, room string) (bool, error) {
	if room != "" && room == s.cfg.Queue {
		return true, nil
	}
	rooms, err := s.cfg.House.OpenRooms(ctx, Platform)
	if err != nil {
		return false, fmt.Errorf("listing the rooms in use: %w", err)
	}
	return slices.Contains(rooms, room), nil
}

// OpenRoom makes a private channel; see bot.Platform. A name that is taken is Luotsi's own channel, made by a call whose answer was
// lost, or ErrPermanent: Slack never gives back the name of an archived one.
func (s *Slack) OpenRoom(ctx context.Context, name string) (string, error) {
	if !roomName.MatchString(name) {
		return "", fmt.Errorf("opening a channel: Slack does not take the name: %w", bot.ErrPermanent)
	}
	var made *slack.Channel
	err := s.call(ctx, call{method: "conversations.create", urgency: housing}, func(ctx context.Context, api *slack.Client) (err error) {
		made, err = api.CreateConversationContext(ctx, slack.CreateConversationParams{ChannelName: name, IsPrivate: true})
		return err
	})
	if err == nil {
		return made.ID, nil
	}
	if !answered(err, "name_taken") {
		return "", fmt.Errorf("opening a channel: %w", err)
	}
	found, err := s.ownRoom(ctx, name)
	if err == nil && found == "" {
		s.out.log.ErrorContext(ctx, "slack: a channel's name is taken", "name", name, "fix", "an archived channel or somebody else's holds it; rename that one")
		err = fmt.Errorf("another channel has the name: %w", bot.ErrPermanent)
	}
	if err != nil {
		return "", fmt.Errorf("opening a channel: %w", err)
	}
	return found, nil
}

// ownRoom finds the open private channel of the name that Luotsi made and is in.
func (s *Slack) ownRoom(ctx context.Context, name string) (room string, err error) {
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page []slack.Channel
		err := s.call(ctx, call{method: "conversations.list", urgency: housing}, func(ctx context.Context, api *slack.Client) (err error) {
			page, cursor, err = api.GetConversationsContext(ctx, &slack.GetConversationsParameters{
				Cursor: cursor, ExcludeArchived: true, Limit: pageSize, Types: []string{"private_channel"},
			})
			return err
		})
		if err != nil {
			return "", err
		}
		for _, c := range page {
			if c.Name == name && c.Creator == s.me && !c.IsArchived {
				return c.ID, nil
			}
		}
	}
	return "", nil
}

// external reports whether people of other organisations are in a channel, or are asked to it (Slack Connect). A channel that several
// workspaces of one organisation share is not.
func external(c *slack.Channel) bool { return c.IsExtShared || c.IsPendingExtShared }

// Restore gives a channel its name back and empties topic and purpose; see bot.Platform. A channel that is no longer private, or is
// shared with another organisation, is gone as a room: it is ErrGone, so that it is emptied and another one opened.
func (s *Slack) Restore(ctx context.Context, room, name string) (changed bool, err error) {
	now, err := s.channel(ctx, room)
	switch {
	case err == nil && now.IsArchived:
		err = bot.ErrGone
	case err == nil && !now.IsPrivate:
		err = fmt.Errorf("the channel is no longer private: %w", bot.ErrGone)
	case err == nil && external(now):
		err = fmt.Errorf("the channel is shared with another organisation: %w", bot.ErrGone)
	}
	if err != nil {
		return false, fmt.Errorf("restoring a channel: %w", s.roomFault(ctx, room, err))
	}
	var failed error
	put := func(method string, wrong bool, do func(context.Context, *slack.Client) error) {
		if !wrong {
			return
		}
		changed = true
		err := s.call(ctx, call{method: method, urgency: housing}, do)
		failed = errors.Join(failed, s.roomFault(ctx, room, err))
	}
	put("conversations.rename", now.Name != name, func(ctx context.Context, api *slack.Client) error {
		_, err := api.RenameConversationContext(ctx, room, name)
		return err
	})
	put("conversations.setTopic", now.Topic.Value != "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.SetTopicOfConversationContext(ctx, room, "")
		return err
	})
	put("conversations.setPurpose", now.Purpose.Value != "", func(ctx context.Context, api *slack.Client) error {
		_, err := api.SetPurposeOfConversationContext(ctx, room, "")
		return err
	})
	if failed != nil {
		return false, fmt.Errorf("restoring a channel: %w", failed)
	}
	return changed, nil
}

func (s *Slack) channel(ctx context.Context, id string) (found *slack.Channel, err error) {
	err = s.call(ctx, call{method: "conversations.info", urgency: housing}, func(ctx context.Context, api *slack.Client) (err error) {
		found, err = api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
		return err
	})
	return found, err
}

// Invite puts a person into a channel; see bot.Platform. ErrPermanent when the account is one that Slack does not let in, such as
// a guest's.
func (s *Slack) Invite(ctx context.Context, room, user string) error {
	err := s.call(ctx, call{method: "conversations.invite", urgency: housing}, func(ctx context.Context, api *slack.Client) error {
		_, err := api.InviteUsersToConversationContext(ctx, room, user)
		return err
	})
	if err == nil || answered(err, "already_in_channel") {
		return nil
	}
	if answered(err, "cant_invite") { // said of deactivated accounts and of others
		p, unknown := s.Profile(ctx, user)
		switch {
		case errors.Is(unknown, bot.ErrGone), unknown == nil && !p.Enabled:
			err = fmt.Errorf("the account is deactivated: %w", bot.ErrGone)
		case unknown != nil:
			err = unknown
		case p.Guest:
			s.out.log.ErrorContext(ctx, "slack refuses", "method", "conversations.invite", "error", "cant_invite", "fix", fixGuest)
		}
	}
	return fmt.Errorf("inviting: %w", s.roomFault(ctx, room, err))
}

// Remove takes a person out of a channel before any other call that waits; see bot.Platform. In a channel that Archive closed there is
// nobody, so nothing remains to be done. Out of one that somebody else archived nobody can be taken by Luotsi: that is ErrGone.
func (s *Slack) Remove(ctx context.Context, room, user string) error {
	if err := s.kick(ctx, room, user); err != nil {
		if closed, failed := s.marked(ctx, closedMark, room); failed == nil && closed && errors.Is(err, bot.ErrGone) {
			return nil
		}
		return fmt.Errorf("removing: %w", err)
	}
	return nil
}

func (s *Slack) kick(ctx context.Context, room, user string) error {
	err := s.call(ctx, call{method: "conversations.kick", urgency: removal}, func(ctx context.Context, api *slack.Client) error {
		return api.KickUserFromConversationContext(ctx, room, user)
	})
	if err == nil {
		return nil
	}
	if !answered(err, "not_in_channel", "user_not_found") {
		return s.roomFault(ctx, room, err)
	}
	// Slack says not_in_channel of the person and of Luotsi alike. Nobody is believed to be out who was not seen to be.
	in, failed := s.members(ctx, room, removal)
	switch {
	case failed != nil:
		return failed
	case slices.Contains(in, user):
		return &bot.RetryError{After: unreachable, Err: err}
	}
	return nil
}

// Archive closes a channel for good; see bot.Platform. Slack puts Luotsi out of a channel it archives and never lets it back, while
// people may go on reading it. So whoever is still in it is taken out first, and when that fails it is not archived.
func (s *Slack) Archive(ctx context.Context, room string) error {
	in, err := s.members(ctx, room, removal)
	if errors.Is(err, bot.ErrGone) {
		if closed, failed := s.marked(ctx, closedMark, room); failed == nil && closed {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("archiving: %w", err)
	}
	var failed error
	for _, user := range in {
		failed = errors.Join(failed, s.kick(ctx, room, user))
	}
	if failed == nil {
		failed = s.mark(ctx, closedMark, room)
	}
	if failed != nil {
		return fmt.Errorf("archiving: %w", failed)
	}
	err = s.call(ctx, call{method: "conversations.archive", urgency: housing}, func(ctx context.Context, api *slack.Client) error {
		return api.ArchiveConversationContext(ctx, room)
	})
	if err == nil || answered(err, "already_archived", "is_archived", "channel_not_found", "not_in_channel") {
		return nil // not found: an earlier call of this one archived it
	}
	return fmt.Errorf("archiving: %w", err)
}

// Members lists who is in a channel; see bot.Platform.
func (s *Slack) Members(ctx context.Context, room string) ([]string, error) {
	in, err := s.members(ctx, room, housing)
	if err != nil {
		return nil, fmt.Errorf("listing members: %w", err)
	}
	return in, nil
}

func (s *Slack) members(ctx context.Context, room string, u urgency) ([]string, error) {
	in := []string{}
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page []string
		err := s.call(ctx, call{method: "conversations.members", urgency: u}, func(ctx context.Context, api *slack.Client) (err error) {
			page, cursor, err = api.GetUsersInConversationContext(ctx, &slack.GetUsersInConversationParameters{ChannelID: room, Cursor: cursor, Limit: pageSize})
			return err
		})
		if err != nil {
			return nil, s.roomFault(ctx, room, err)
		}
		in = append(in, page...)
	}
	return slices.DeleteFunc(in, func(u string) bool { return u == s.me }), nil
}
