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

// redelivered is how long after its first answer a request counts as one that a chat or browser delivers again. Later it is
// somebody who wants to see the answer again.
const redelivered = 5 * time.Minute

// repeat gives an answer again to who still has the right to it, with a log row of its own. Nothing is done again.
func (o Office) repeat(ctx context.Context, tx Tx, c *Call, answer bot.Answer, say sayFunc) (bot.Answer, error) {
	known, err := o.sit(ctx, tx, c)
	if err != nil {
		return bot.Answer{}, err
	}
	if no := gate(c, known); no != nil {
		return o.finish(ctx, c, bot.Response{}, told(ctx, c, no), say)
	}
	_, err = o.finish(ctx, c, bot.Response{}, nil, say)
	return answer, err
}

func refused(a bot.Answer) bool {
	return len(a.Errors) > 0 || slices.ContainsFunc(a.Replies, func(p bot.Post) bool { return p.Refusal != "" })
}
