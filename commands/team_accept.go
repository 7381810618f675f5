package commands

import (
	"context"

	"luotsi/bot"
)

// acceptInvite joins the team (P03): from this moment the person is in it, and the room takes the person in.
var acceptInvite = &Command{
	Key:   "team.accept",
	Names: map[bot.Lang]string{bot.FI: "tiimi hyväksy", bot.SV: "team ja", bot.EN: "team accept"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		joined, err := d.Case.Join(d.Me.Person, d.At)
		return d.recorded(ctx, "joined", joined, err)
	},
}

// declineInvite answers an invitation with no. No reason is asked.
var declineInvite = &Command{
	Key:   "team.decline",
	Names: map[bot.Lang]string{bot.FI: "tiimi en-voi", bot.SV: "team nej", bot.EN: "team decline"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		declined, err := d.Case.DeclineInvite(d.Me.Person, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, declined); err != nil {
			return bot.Response{}, err
		}
		return d.parting("declined"), nil
	},
}

// parting thanks somebody who from now on has nothing to do with the case, and says no more of it.
func (d *Desk) parting(what string) bot.Response {
	return bot.Reply(bot.Say(bot.TD("done."+what, bot.Data{"code": string(d.Case.Code)})).About(string(d.Case.Code)))
}
