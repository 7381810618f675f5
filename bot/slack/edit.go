package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// A text that is too long for one message goes on in others. Under the first one's id the ledger knows which they are, so that an
// edit finds them: the mark says that there is, or was, a message that goes on from it, and which were taken away again. When the
// ledger has forgotten, half a year later, an edit leaves the old continuation standing and says the new one after it; no button
// works that long.
const (
	moreMark    = "more:"
	deletedMark = "deleted:"
)

var errNoMore = errors.New("the text does not go on")

func moreKey(first string, i int) string { return fmt.Sprintf("%s+%d", first, i) }

// sayMore posts what follows a message as its i-th continuation, if that is not there yet.
func (s *Slack) sayMore(ctx context.Context, posting call, first string, i int, text string, blocks []slack.Block) (message string, fresh bool, err error) {
	if err := s.mark(ctx, moreMark, moreKey(first, i)); err != nil {
		return "", false, err
	}
	for turn := 0; ; turn++ { // one that was taken away is never used again
		message, fresh, err = s.once(ctx, posting, fmt.Sprintf("%s.%d", moreKey(first, i), turn), text, blocks)
		if err != nil || fresh {
			return message, fresh, err
		}
		if gone, err := s.marked(ctx, deletedMark, message); err != nil || !gone {
			return message, false, err
		}
	}
}

// Edit replaces a message with its buttons; see bot.Platform. What goes on in other messages is replaced, added and taken away too.
func (s *Slack) Edit(ctx context.Context, room, message string, p bot.Post) error {
	channel, at, ok := strings.Cut(message, ":")
	if !ok || at == "" || room != "" && room != channel {
		return fmt.Errorf("editing: no message of the channel has this id: %w", bot.ErrGone)
	}
	texts, pieces, err := s.pieces(p)
	if err == nil {
		err = s.update(ctx, message, texts[0], pieces[0])
	}
	for i := 1; err == nil && i < len(pieces); i++ {
		err = s.updateMore(ctx, message, i, texts[i], pieces[i])
	}
	if err == nil {
		err = s.dropMore(ctx, message, len(pieces))
	}
	if err != nil {
		return fmt.Errorf("editing: %w", err)
	}
	s.queueChanged(ctx, channel)
	return nil
}

func (s *Slack) update(ctx context.Context, message, text string, blocks []slack.Block) error {
	channel, at, _ := strings.Cut(message, ":")
	err := s.call(ctx, call{method: "chat.update", urgency: talking}, func(ctx context.Context, api *slack.Client) error {
		_, _, _, err := api.UpdateMessageContext(ctx, channel, at,
			slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...), slack.MsgOptionParse(false))
		return err
	})
	return s.roomFault(ctx, channel, err)
}

func (s *Slack) updateMore(ctx context.Context, first string, i int, text string, blocks []slack.Block) error {
	channel, _, _ := strings.Cut(first, ":")
	message, fresh, err := s.sayMore(ctx, posting(channel, talking), first, i, text, blocks)
	if err != nil || fresh {
		return err
	}
	return s.update(ctx, message, text, blocks)
}

// dropMore takes away the continuations of a message from the i-th on.
func (s *Slack) dropMore(ctx context.Context, first string, from int) error {
	channel, _, _ := strings.Cut(first, ":")
	for i := from; ; i++ {
		if there, err := s.marked(ctx, moreMark, moreKey(first, i)); err != nil || !there {
			return err
		}
		message, err := s.lastMore(ctx, first, i)
		if err != nil {
			return err
		}
		if message == "" {
			continue
		}
		_, at, _ := strings.Cut(message, ":")
		err = s.call(ctx, call{method: "chat.delete", urgency: talking}, func(ctx context.Context, api *slack.Client) error {
			_, _, err := api.DeleteMessageContext(ctx, channel, at)
			return err
		})
		if err != nil && !answered(err, "message_not_found") {
			return s.roomFault(ctx, channel, err)
		}
		if err := s.mark(ctx, deletedMark, message); err != nil {
			return err
		}
	}
}

// lastMore finds the i-th continuation that is still there; empty if it is not.
func (s *Slack) lastMore(ctx context.Context, first string, i int) (string, error) {
	channel, _, _ := strings.Cut(first, ":")
	for turn := 0; ; turn++ {
		key := fmt.Sprintf("%s.%d", moreKey(first, i), turn)
		message, err := s.known(ctx, channel, key)
		if err != nil || message == "" {
			return "", err
		}
		if gone, err := s.marked(ctx, deletedMark, message); err != nil || !gone {
			return message, err
		}
	}
}
