package commands

import (
	"cmp"
	"context"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// showQueue lists the concerns nobody has taken: code, urgency and waiting time only, the most urgent and oldest first.
var showQueue = &Command{
	Key:   "concern.queue",
	Names: map[bot.Lang]string{bot.FI: "jono", bot.SV: "kö", bot.EN: "queue"},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		waiting, err := c.Desk.untaken(ctx)
		if err != nil {
			return bot.Response{}, err
		}
		m := bot.Message{Title: bot.TD("queue.title", bot.Data{"count": len(waiting)})}
		if len(waiting) == 0 {
			return bot.Reply(m.With(bot.T("queue.none"))), nil
		}
		from, to := page(c, len(waiting))
		return bot.Reply(turn(c, queueLines(m, waiting[from:to]), to, len(waiting), nil)), nil
	},
}

// untaken lists the concerns nobody has taken, the most urgent and oldest first.
func (d *Desk) untaken(ctx context.Context) ([]casework.Case, error) {
	open, err := d.Open(ctx, d.Me.Login, true)
	if err != nil {
		return nil, err
	}
	waiting := slices.DeleteFunc(open, func(c casework.Case) bool { return c.State != casework.Submitted })
	slices.SortStableFunc(waiting, func(a, b casework.Case) int {
		return cmp.Or(
			-cmp.Compare(slices.Index(casework.Urgencies, a.Concern.Urgency), slices.Index(casework.Urgencies, b.Concern.Urgency)),
			a.Concern.RaisedAt.Compare(b.Concern.RaisedAt))
	})
	return waiting, nil
}

// queueLines lists waiting concerns with a button to take each of the first few.
func queueLines(m bot.Message, waiting []casework.Case) bot.Message {
	for i, w := range waiting {
		m = m.Fact(bot.Plain(string(w.Code)), bot.TD("queue.line", bot.Data{
			"urgency": bot.T("option.urgency." + w.Concern.Urgency), "since": w.Concern.RaisedAt,
		}))
		if i < 5 {
			m = m.Button(bot.Button{Label: bot.TD("button.take_code", bot.Data{"code": string(w.Code)}), Command: "concern.take", Code: string(w.Code)})
		}
	}
	return m
}
