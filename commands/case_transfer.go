package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// transferCase gives a case to another coordinator, with a note; without a code, all that the coordinator has. A supervisor may
// do it for a coordinator who is no longer there.
var transferCase = &Command{
	Key:   "case.transfer",
	Names: map[bot.Lang]string{bot.FI: "asia siirrä", bot.SV: "ärende överför", bot.EN: "case transfer"},
	Aim:   bot.AnyCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		others, err := c.Desk.people(ctx, func(u casework.User) bool {
			return personOf(u).Has(bot.Coordinator) && u.Login != c.Desk.Case.Coordinator.Login
		})
		if err != nil {
			return nil, err
		}
		return form(c, personField.From(others), noteField), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		to, err := d.User(ctx, personField.Of(in))
		if err != nil {
			return bot.Response{}, err
		}
		transfer := func() error {
			given, err := d.Case.Transfer(to.Person, noteField.Of(in), d.At)
			if err != nil {
				return err
			}
			return d.Keep(ctx, given)
		}
		if c.Code == "" {
			return d.each(ctx, func(o ownCase) bool { return o.Coordinator.Login == d.Me.Login }, "transferred_all", bot.Data{"who": to.Name}, transfer)
		}
		if err := transfer(); err != nil {
			return bot.Response{}, besidePerson(err)
		}
		return d.parting("transferred"), nil
	},
}
