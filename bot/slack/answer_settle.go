package slack

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// remember keeps the message whose button opened a form until the form is sent.
func (s *Slack) remember(w *work) {
	if w.kind != pressed || w.message == "" || w.ephemeral {
		return
	}
	key := w.user + " " + w.message
	s.in.stands.drop(key)
	s.in.stands.put(key, w.stands(), time.Now())
}

func (d deed) stands() standing {
	return standing{response: d.response, text: d.text, label: d.label, blocks: d.blocks}
}

// settle is what follows once something was done: the message whose button led to it shows that, and the person's home view is
// made anew.
func (s *Slack) settle(ctx context.Context, w *work) {
	if !w.accepted() {
		return
	}
	switch {
	case w.kind == pressed && w.answer.Done:
		s.markDone(ctx, w, w.stands())
	case w.kind == submitted && w.answer.Done:
		if stands, ok := s.in.stands.get(w.user+" "+w.message, time.Now()); ok {
			s.in.stands.drop(w.user + " " + w.message)
			s.markDone(ctx, w, stands)
		}
	}
	if w.kind == submitted || w.answer.Done {
		s.RefreshHome(ctx, w.user)
	}
}

// markDone shows on a message who did what, without its buttons. The coordinators' queue is kept by the office itself, and of a
// message that only the person sees Slack does not tell the text.
func (s *Slack) markDone(ctx context.Context, w *work, m standing) {
	channel, _, _ := strings.Cut(w.message, ":")
	if w.message == "" || w.ephemeral || channel == s.cfg.Queue || m.response == "" || len(m.blocks) == 0 {
		return
	}
	blocks := slices.DeleteFunc(slices.Clone(m.blocks), func(b slack.Block) bool { return b.BlockType() == slack.MBTAction })
	at := bot.FormatDateTime(w.speech.lang, s.cfg.Now().In(bot.Helsinki))
	text := w.speech.sayWith("done", bot.Data{"what": m.label, "at": at})
	if who, err := s.Profile(ctx, w.user); err == nil && who.Name != "" {
		text = w.speech.sayWith("done_by", bot.Data{"who": who.Name, "what": m.label, "at": at})
	}
	blocks = append(blocks, slack.NewContextBlock("", plain(cut(text, maxSection))))
	err := s.webhook(ctx, m.response, slack.WebhookMessage{Text: m.text, Blocks: &slack.Blocks{BlockSet: blocks}, ReplaceOriginal: true})
	if err != nil {
		s.lost(ctx, w, "marking a message as done", err)
	}
}

// webhook says something to a response address, a second time if the first found Slack busy.
func (s *Slack) webhook(ctx context.Context, address string, m slack.WebhookMessage) error {
	err := slack.PostWebhookCustomHTTPContext(ctx, address, s.cfg.HTTP, &m)
	wait := time.Duration(0)
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &limited):
		wait = limited.RetryAfter
	case errors.As(err, &status) && status.Code >= http.StatusInternalServerError:
		wait = time.Second
	}
	if wait == 0 || wait > shortWait {
		return faultOf("response_url", err)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return faultOf("response_url", slack.PostWebhookCustomHTTPContext(ctx, address, s.cfg.HTTP, &m))
	case <-ctx.Done():
		return ctx.Err()
	}
}
