package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var needAnswered = bot.AreaField("need_answered").Must()

// inviteMember asks a person to the team for a stated need (P03). The invitee learns the code and the role, no more.
var inviteMember = &Command{
	Key:   "team.invite",
	Names: map[bot.Lang]string{bot.FI: "tiimi kutsu", bot.SV: "team bjud-in", bot.EN: "team invite"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		if err := mayGather(c.Desk); err != nil {
			return nil, err
		}
		people, err := c.Desk.people(ctx, givesCare)
		if err != nil {
			return nil, err
		}
		return form(c, personField.From(people), needAnswered), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		who, err := d.User(ctx, personField.Of(in))
		if err != nil {
			return bot.Response{}, err
		}
		invited, err := d.Case.Invite(d.Me.Person, who.Person, needAnswered.Of(in), d.At)
		if err != nil {
			return bot.Response{}, besidePerson(err)
		}
		if err := d.Keep(ctx, invited); err != nil {
			return bot.Response{}, err
		}
		return d.ifUnreached(ctx, who, d.done(ctx, "invited", bot.Data{"who": who.Name}))
	},
}

// givesCare: everybody who gives care or support can be chosen, so that the rule can say why somebody may not be.
func givesCare(u casework.User) bool {
	p := personOf(u)
	return p.Has(bot.Professional) || p.Has(bot.Guest)
}
