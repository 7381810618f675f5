package commands

import (
	"context"

	"luotsi/bot"
)

// acceptNaming makes the person the responsible worker (P02, P06), who holds the whole for the client from now on; somebody
// asked to stand in accepts that the same way (P05).
var acceptNaming = &Command{
	Key:   "responsible.accept",
	Names: map[bot.Lang]string{bot.FI: "vastuu hyväksy", bot.SV: "ansvarig ja", bot.EN: "responsible accept"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		if d.Case.MayNotStandIn(d.Me.Person) == nil {
			standing, err := d.Case.StandIn(d.Me.Person, d.At)
			return d.recorded(ctx, "stands_in", standing, err)
		}
		accepted, err := d.Case.AcceptNaming(d.Me.Person, d.At)
		return d.recorded(ctx, "responsible", accepted, err)
	},
}

// declineNaming answers a naming, or a request to stand in, with no: another is asked.
var declineNaming = &Command{
	Key:   "responsible.decline",
	Names: map[bot.Lang]string{bot.FI: "vastuu en-voi", bot.SV: "ansvarig nej", bot.EN: "responsible decline"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		decline, what := d.Case.DeclineNaming, "named_no"
		if d.Case.MayNotStandIn(d.Me.Person) == nil {
			decline, what = d.Case.NotStandIn, "stands_in_no"
		}
		declined, err := decline(d.Me.Person, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, declined); err != nil {
			return bot.Response{}, err
		}
		return d.parting(what), nil
	},
}
