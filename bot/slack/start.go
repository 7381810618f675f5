package slack

import (
	"context"
	"errors"
	"fmt"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Start finds out who Luotsi is in Slack and whether it can use the coordinators' channel, which it goes on without, and has every room
// in use looked at anew: what happened while Luotsi was away was told to nobody. What was said there meanwhile is looked through beside, and every
// hour what was said since, until Close. It fails with one sentence that says what to do.
func (s *Slack) Start(ctx context.Context) error {
	began := s.cfg.Now()
	self, err := s.whoAmI(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("starting Slack: %w", err)
	case self.BotID == "":
		return errors.New("starting Slack: the token is a person's; LUOTSI_SLACK_BOT_TOKEN must be the app's bot token (xoxb-…)")
	}
	s.team, s.me, s.out.bot = self.TeamID, self.UserID, self.BotID
	switch err := s.QueueReady(ctx); {
	case errors.Is(err, errQueue):
		s.out.log.ErrorContext(ctx, "slack: concerns are not shown in the coordinators' channel", "cause", err)
	case err != nil:
		return fmt.Errorf("starting Slack: %w", err)
	}
	if err := s.cfg.House.RoomsDrifted(ctx, Platform); err != nil {
		return fmt.Errorf("starting Slack: looking at the rooms in use: %w", err)
	}
	s.out.past.hears(began)
	s.lookBack(began.Add(-furthestBack))
	s.in.last(s.lookBackRegularly)
	return nil
}

func (s *Slack) whoAmI(ctx context.Context) (self *slack.AuthTestResponse, err error) {
	err = s.call(ctx, call{method: "auth.test", urgency: facing}, func(ctx context.Context, api *slack.Client) (err error) {
		self, err = api.AuthTestContext(ctx)
		return err
	})
	return self, err
}

// errQueue is that the coordinators' channel cannot be used as it is; what and what to do are divided by a semicolon.
var errQueue = errors.New("coordinators' channel")

type queueError string

func (e queueError) Error() string { return string(e) }

// Is: somebody must let Luotsi in again or mend the channel.
func (e queueError) Is(target error) bool { return target == errQueue || target == bot.ErrOutside }

// Sentences about the coordinators' channel, for QueueReady and Checkup alike.
const (
	queueOutside  queueError = "Luotsi is not in the coordinators' channel (LUOTSI_SLACK_COORDINATOR_CHANNEL, the channel's id); write /invite @Luotsi there"
	queueArchived queueError = "the coordinators' channel is archived; make another and set LUOTSI_SLACK_COORDINATOR_CHANNEL to its id"
	queuePublic   queueError = "the coordinators' channel is public; make it private"
	queueShared   queueError = "the coordinators' channel is shared with another organisation; end that, or make another and set LUOTSI_SLACK_COORDINATOR_CHANNEL to its id"
)

// QueueReady reports whether Luotsi can use the coordinators' channel; nothing when none is configured. bot.ErrOutside when somebody
// must mend something first: the error says in one sentence what.
func (s *Slack) QueueReady(ctx context.Context) error {
	if s.cfg.Queue == "" {
		return nil
	}
	channel, err := s.channel(ctx, s.cfg.Queue)
	switch {
	case madePublic(err):
		return queuePublic
	case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrOutside), err == nil && !channel.IsMember && !channel.IsArchived:
		return queueOutside
	case err != nil:
		return err
	case channel.IsArchived:
		return queueArchived
	case !channel.IsPrivate:
		return queuePublic
	case external(channel):
		return queueShared
	}
	return nil
}
