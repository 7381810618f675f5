package commands

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"luotsi/bot"
)

// What makes a repeated request harmless.

func (o Office) answered(ctx context.Context, tx Tx, c *Call, answer *bot.Answer) (again bool, at time.Time, err error) {
	if c.Request.ID == "" {
		return false, at, nil
	}
	saved, at, ok, err := tx.Answered(ctx, c.Person.Login, c.Request.ID)
	if err != nil || !ok {
		return false, at, err
	}
	return true, at, json.Unmarshal(saved, answer)
}

func remember(ctx context.Context, tx Tx, c *Call, answer bot.Answer) error {
	if c.Request.ID == "" {
		return nil
	}
	saved, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return tx.Remember(ctx, c.Person.Login, c.Request.ID, saved)
}

// deliveredWithin is how long after its first answer a request counts as one that a chat delivers again. Later it is somebody who
// wants to see the answer again.
const deliveredWithin = 5 * time.Minute

// redelivered reports whether a request that was answered at the instant is one that a chat delivers again. On Luotsi's own pages it
// is always the person who sends it again, to whom much may have happened since.
func redelivered(r bot.Request, at time.Time) bool {
	return r.Platform != bot.Web && r.At.Before(at.Add(deliveredWithin))
}

// repeat gives an answer again to who still has the right to it, with a log row of its own. Nothing is done again, but what only
// shows something shows it as it is now. Whose own act has ended the right reads that it was done, and no more.
func (o Office) repeat(ctx context.Context, tx Tx, c *Call, answer bot.Answer, act actFunc, say sayFunc) (bot.Answer, error) {
	known, err := o.sit(ctx, tx, c)
	if err != nil {
		return bot.Answer{}, err
	}
	no := gate(c, known)
	switch {
	case no != nil && answer.Done:
		answer = onlyDone(answer)
	case no != nil:
		return o.finish(ctx, c, bot.Response{}, told(ctx, c, no), say)
	case c.Command != nil && c.Command.Form == nil && !answer.Done && !refused(answer):
		var shown bot.Response
		err := tx.Try(ctx, func() error {
			shown, err = act(ctx, c)
			return err
		})
		return o.finish(ctx, c, shown, told(ctx, c, err), say)
	}
	_, err = o.finish(ctx, c, bot.Response{}, nil, say)
	return answer, err
}

// onlyDone leaves of an answer the sentences that what was asked for was done.
func onlyDone(a bot.Answer) bot.Answer {
	done := bot.Answer{Replies: []bot.Post{}, Direct: a.Direct, Done: true}
	for _, p := range a.Replies {
		said := bot.Post{Code: p.Code, Lines: []bot.PostLine{}}
		for _, l := range p.Lines {
			if l.Kind == bot.PlainLine && l.Bare == "" {
				said.Lines = append(said.Lines, l)
			}
		}
		done.Replies = append(done.Replies, said)
	}
	return done
}

func refused(a bot.Answer) bool {
	return len(a.Errors) > 0 || slices.ContainsFunc(a.Replies, func(p bot.Post) bool { return p.Refusal != "" })
}
