package commands

import (
	"context"

	"luotsi/bot"
)

// acceptNaming makes the person the responsible worker (P02), who holds the whole for the client from now on.
var acceptNaming = &Command{
	Key:   "responsible.accept",
	Names: map[bot.Lang]string{bot.FI: "vastuu hyväksy", bot.SV: "ansvarig ja", bot.EN: "responsible accept"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		accepted, err := d.Case.AcceptNaming(d.Me.Person, d.At)
		return d.recorded(ctx, "responsible", accepted, err)
	},
}

// declineNaming answers a naming with no: the coordinator names another.
var declineNaming = &Command{
	Key:   "responsible.decline",
	Names: map[bot.Lang]string{bot.FI: "vastuu en-voi", bot.SV: "ansvarig nej", bot.EN: "responsible decline"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		declined, err := d.Case.DeclineNaming(d.Me.Person, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, declined); err != nil {
			return bot.Response{}, err
		}
		return d.parting("named_no"), nil
	},
}
