package slack

import (
	"context"
	"regexp"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

// insistTimes is how often the house is told of an identity code before that is left to looking back.
const insistTimes = 4

// message looks a message of somebody else in a room through for identity codes, also one in a thread. Slack lets no bot delete
// another's message, so the house is told that it still stands there. Nothing of the text is kept or logged.
func (s *Slack) message(ctx context.Context, e *slackevents.MessageEvent) {
	said := e.Message
	if said == nil || e.SubType == slack.MsgSubTypeMessageDeleted || e.SubType == slack.MsgSubTypeMessageReplied {
		return
	}
	if e.SubType == slack.MsgSubTypeMessageChanged && e.PreviousMessage != nil && allText(e.PreviousMessage) == allText(said) {
		return // an unfurled link, say
	}
	user := said.User
	if user == "" {
		user = e.User
	}
	if s.isMine(user, said.BotID) || s.isMine(user, e.BotID) {
		return
	}
	s.insistOn(ctx, e.Channel, user, said)
	if tampering[e.SubType] {
		s.drifted(ctx, e.Channel)
	}
}

// insistOn has the house told of an identity code in a message, again if it cannot take that just now. If it still cannot, the message
// is found again by looking back.
func (s *Slack) insistOn(ctx context.Context, channel, user string, m *slack.Msg) {
	var err error
	for n := range insistTimes {
		if err = s.identityIn(ctx, channel, user, m); err == nil {
			return
		}
		if n == insistTimes-1 || !pause(ctx, s.out.insist<<n) {
			break
		}
	}
	s.out.log.ErrorContext(ctx, "slack: an identity code in a room could not be told of yet", "room", channel, "cause", err)
	s.lookBack(instantOf(m.Timestamp, s.cfg.Now()))
}

// identityIn tells the house, once, of an identity code in a message in a room. The ledger knows it from then on, so that the same words
// are not told of again after looking back.
func (s *Slack) identityIn(ctx context.Context, channel, user string, m *slack.Msg) error {
	looks, valid := s.cfg.House.LooksIdentity(allText(m))
	if !looks {
		return nil
	}
	if ours, err := s.askRoom(ctx, channel); err != nil || !ours {
		return err
	}
	select { // one at a time: the ledger keeps one connection to the database and the house takes another
	case s.out.tells <- struct{}{}:
		defer func() { <-s.out.tells }()
	case <-ctx.Done():
		return ctx.Err()
	}
	as := messageID(channel, m.Timestamp)
	if m.Edited != nil {
		as += ":" + m.Edited.Timestamp
	}
	_, err := s.cfg.Ledger.Once(ctx, Platform, "identity "+as, func(time.Time) (string, error) {
		return "told of " + messageID(channel, m.Timestamp), s.cfg.House.IdentitySaid(ctx, Platform, channel, user, as, valid, false)
	})
	return err
}

// pause waits; false when the context ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// allText is everything of a message that a person may have written a code in.
func allText(m *slack.Msg) string {
	text := m.Text + "\n" + m.Topic + "\n" + m.Purpose
	for _, f := range m.Files {
		text += "\n" + f.Name + "\n" + f.Title
	}
	for _, a := range m.Attachments {
		text += "\n" + a.Title + "\n" + a.Text
	}
	return asTyped(text)
}

// angled is what Slack makes of a link, a number or a mention: <address|what was typed>.
var angled = regexp.MustCompile(`<(?:[^<>|]*\|)?([^<>|]*)>`)

// asTyped gives back what a person typed: Slack turns a row of digits into a telephone link.
func asTyped(text string) string {
	return unescape(angled.ReplaceAllString(text, "$1"))
}
