package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// What marks Luotsi's messages so that one whose answer was lost is found again. Everybody in the channel can read it: it holds
// nothing but a hash of the message's key.
const (
	metadataType = "luotsi"
	metadataKey  = "key"
)

// skew is how far the clocks of Slack and of Luotsi may differ when a message is looked for.
const skew = 2 * time.Minute

// Post says something in a channel; see bot.Platform. A text that is too long for one message goes on in others after it, and the
// last has the buttons; the id is that of the first.
func (s *Slack) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	message, err := s.say(ctx, room, key, p, talking)
	if err != nil {
		return "", fmt.Errorf("posting: %w", err)
	}
	s.queueChanged(ctx, room)
	return message, nil
}

// Which conversation a person has with Luotsi is asked once an hour: opening it also tells whether the account still works.
const (
	directLife = time.Hour
	maxDirects = 10_000
)

// Direct says something to one person alone; see bot.Platform.
func (s *Slack) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	return s.direct(ctx, user, key, p, talking)
}

func (s *Slack) direct(ctx context.Context, user, key string, p bot.Post, u urgency) (message string, err error) {
	channel, known := s.out.direct.get(user, s.cfg.Now())
	if known {
		message, err = s.say(ctx, channel, key, p, u)
	}
	if !known || errors.Is(err, bot.ErrGone) { // the account, or only the conversation as it was known
		s.out.direct.drop(user)
		if channel, err = s.openDirect(ctx, user, u); err == nil {
			message, err = s.say(ctx, channel, key, p, u)
		}
	}
	if err != nil {
		return "", fmt.Errorf("telling a person: %w", err)
	}
	s.out.direct.put(user, channel, s.cfg.Now())
	s.RefreshHome(ctx, user)
	return message, nil
}

func (s *Slack) openDirect(ctx context.Context, user string, u urgency) (string, error) {
	var channel *slack.Channel
	err := s.call(ctx, call{method: "conversations.open", urgency: u}, func(ctx context.Context, api *slack.Client) (err error) {
		channel, _, _, err = api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}, ReturnIM: true})
		return err
	})
	if err != nil {
		return "", err
	}
	return channel.ID, nil
}

// say says something in a channel once under the key.
func (s *Slack) say(ctx context.Context, channel, key string, p bot.Post, u urgency) (message string, err error) {
	texts, pieces, err := s.pieces(p)
	if err != nil {
		return "", err
	}
	message, _, err = s.once(ctx, posting(channel, u), channel+"/"+key, texts[0], pieces[0])
	for i := 1; err == nil && i < len(pieces); i++ {
		_, _, err = s.sayMore(ctx, posting(channel, u), message, i, texts[i], pieces[i])
	}
	if err != nil {
		return "", err
	}
	return message, nil
}

// pieces lays a post out as one message or, if it is too long, as several, each with the text beside its blocks.
func (s *Slack) pieces(p bot.Post) (texts []string, pieces [][]slack.Block, err error) {
	text, blocks, err := s.render(p)
	if err != nil {
		return nil, nil, err
	}
	pieces = parts(blocks)
	if len(pieces) == 1 {
		return []string{text}, pieces, nil
	}
	for _, piece := range pieces {
		texts = append(texts, textBeside(piece))
	}
	return texts, pieces, nil
}

// once posts a message under a key of the ledger. fresh: it was posted now. The ledger is asked when it is the message's turn: while
// it runs say, it holds a connection to the database.
func (s *Slack) once(ctx context.Context, turn call, key, text string, blocks []slack.Block) (message string, fresh bool, err error) {
	mark, channel := markOf(key), turn.channel
	err = s.inTurn(ctx, turn, func() (err error) {
		message, err = s.cfg.Ledger.Once(ctx, Platform, key, func(tried time.Time) (string, error) {
			if !tried.IsZero() {
				if before, err := s.findSaid(ctx, channel, mark, tried.Add(-skew)); before != "" || err != nil {
					return before, err
				}
			}
			sent, err := s.send(ctx, channel, mark, text, blocks)
			fresh = err == nil
			return sent, err
		})
		return err
	})
	return message, fresh, s.roomFault(ctx, channel, err)
}

func posting(channel string, u urgency) call {
	return call{method: "chat.postMessage", channel: channel, urgency: u}
}

// textBeside is what notifications show of a message that is a part of a long text: as much from its front as may stand beside blocks.
func textBeside(blocks []slack.Block) string {
	var text strings.Builder
	for _, b := range blocks {
		said := ""
		switch b := b.(type) {
		case *slack.HeaderBlock:
			said = b.Text.Text
		case *slack.SectionBlock:
			said = b.Text.Text
		}
		if size(text.String())+size(said)+1 > maxFallback {
			break
		}
		if text.Len() > 0 && said != "" {
			text.WriteByte('\n')
		}
		text.WriteString(said)
	}
	return text.String()
}

// markOf is a hash of a message's key, by which nobody learns the key.
func markOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// findSaid finds Luotsi's message with the mark in a channel, said since an instant; empty if there is none. It is called while the
// ledger waits.
func (s *Slack) findSaid(ctx context.Context, channel, mark string, since time.Time) (message string, err error) {
	err = s.history(ctx, channel, since, holding, func(m slack.Message) (on bool) {
		if m.Metadata.EventType == metadataType && m.Metadata.EventPayload[metadataKey] == mark && s.isMine(m.User, m.BotID) {
			message = messageID(channel, m.Timestamp)
		}
		return message == ""
	})
	return message, err
}

// history goes through what was said in a channel since an instant, the newest first, while each goes on.
func (s *Slack) history(ctx context.Context, channel string, since time.Time, u urgency, each func(slack.Message) (on bool)) error {
	for cursor, first := "", true; first || cursor != ""; first = false {
		var page *slack.GetConversationHistoryResponse
		err := s.call(ctx, call{method: "conversations.history", urgency: u}, func(ctx context.Context, api *slack.Client) (err error) {
			page, err = api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
				ChannelID: channel, Cursor: cursor, Limit: pageSize, IncludeAllMetadata: true, Oldest: stampOf(since),
			})
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range page.Messages {
			if !each(m) {
				return nil
			}
		}
		cursor = page.ResponseMetaData.NextCursor
	}
	return nil
}

// stampOf is an instant as Slack writes it in the ids of messages.
func stampOf(at time.Time) string {
	return fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)
}

// isMine reports whether Luotsi is the author, as messages name it.
func (s *Slack) isMine(user, botID string) bool {
	return user != "" && user == s.me || botID != "" && botID == s.out.bot
}

func (s *Slack) send(ctx context.Context, channel, mark, text string, blocks []slack.Block) (message string, err error) {
	err = s.atOnce(ctx, "chat.postMessage", func(ctx context.Context, api *slack.Client) error {
		_, at, err := api.PostMessageContext(ctx, channel,
			slack.MsgOptionText(text, false), slack.MsgOptionBlocks(blocks...),
			slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionParse(false),
			slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{metadataKey: mark}}))
		message = messageID(channel, at)
		return err
	})
	if err != nil {
		return "", err
	}
	return message, nil
}

func messageID(channel, at string) string { return channel + ":" + at }

// known finds the message that was posted under a key of the ledger; empty if none was. Nothing is posted.
func (s *Slack) known(ctx context.Context, channel, key string) (string, error) {
	message, err := s.cfg.Ledger.Once(ctx, Platform, key, func(tried time.Time) (string, error) {
		if tried.IsZero() {
			return "", errNoMore
		}
		before, err := s.findSaid(ctx, channel, markOf(key), tried.Add(-skew))
		if before == "" && err == nil {
			err = errNoMore
		}
		return before, err
	})
	if errors.Is(err, errNoMore) {
		return "", nil
	}
	return message, err
}
