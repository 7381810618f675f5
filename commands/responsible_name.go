package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var clientWish = bot.BoolField("client_wish").Fold()

// nameResponsible asks a person to be the responsible worker for the client's need (P02); accepting is the person's own act.
var nameResponsible = &Command{
	Key:   "responsible.name",
	Names: map[bot.Lang]string{bot.FI: "vastuu", bot.SV: "ansvarig", bot.EN: "responsible"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		if err := mayName(c.Desk); err != nil {
			return nil, err
		}
		people, err := c.Desk.people(ctx, givesCare)
		if err != nil {
			return nil, err
		}
		return form(c, personField.From(people), needField, clientWish), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		who, err := d.User(ctx, personField.Of(in))
		if err != nil {
			return bot.Response{}, err
		}
		before, _ := d.Case.NamedWorker()
		named, err := d.Case.Name(d.Me.Person, who.Person, casework.Naming{Need: needField.Of(in), ClientWish: clientWish.Of(in)}, d.At)
		if err != nil {
			return bot.Response{}, besidePerson(err)
		}
		if err := d.Keep(ctx, named); err != nil {
			return bot.Response{}, err
		}
		return d.ifUnreached(ctx, who, d.insteadOf(ctx, before, d.done(ctx, "named", bot.Data{"who": who.Name})))
	},
}

// insteadOf adds to the answer that somebody was asked before, who had not answered and is told so.
func (d *Desk) insteadOf(ctx context.Context, before casework.Assignment, r bot.Response) bot.Response {
	if before.Person.Login != "" {
		r.Replies[0] = r.Replies[0].With(bot.TD("done.not_asked", bot.Data{"who": d.nameOf(ctx, before.Person.Login)}))
	}
	return r
}
