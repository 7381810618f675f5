package commands

import (
	"context"

	"luotsi/bot"
)

// withdrawConcern takes a concern back before anybody has taken it up (T10). Who the client is, is forgotten at once.
var withdrawConcern = &Command{
	Key:   "concern.withdraw",
	Names: map[bot.Lang]string{bot.FI: "peru huoli", bot.SV: "ta-tillbaka", bot.EN: "withdraw"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		back, err := d.Case.TakeBack(d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, back); err != nil {
			return bot.Response{}, err
		}
		if err := d.Forget(ctx, d.Case.ID); err != nil {
			return bot.Response{}, err
		}
		return d.parting("taken_back"), nil
	},
}

// acknowledgeConcern says that an urgent concern has been seen (T08). The duty to act stays the raiser's own.
var acknowledgeConcern = &Command{
	Key:   "concern.acknowledge",
	Names: map[bot.Lang]string{bot.FI: "kuittaa", bot.SV: "kvittera", bot.EN: "acknowledge"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		seen, err := d.Case.Acknowledge(d.Me.Person, d.At)
		return d.recorded(ctx, "acknowledged", seen, err)
	},
}
