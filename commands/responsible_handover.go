package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var noteField = bot.AreaField("note").Must()

// handOver asks another to become the responsible worker, with a note on what is open (P06). Until the other accepts, the one
// there is goes on.
var handOver = &Command{
	Key:   "responsible.handover",
	Names: map[bot.Lang]string{bot.FI: "vastuu siirrä", bot.SV: "ansvarig överlåt", bot.EN: "responsible handover"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := mayGather(d); err != nil {
			return nil, err
		}
		if _, ok := d.Case.ResponsibleWorker(); !ok {
			return nil, &casework.Refusal{Rule: casework.NobodyAway}
		}
		people, err := d.people(ctx, givesCare)
		if err != nil {
			return nil, err
		}
		return form(c, personField.From(people), needField, noteField), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		who, err := d.User(ctx, personField.Of(in))
		if err != nil {
			return bot.Response{}, err
		}
		before, _ := d.Case.NamedWorker()
		named, err := d.Case.HandOver(d.Me.Person, who.Person, casework.Naming{Need: needField.Of(in), Note: noteField.Of(in)}, d.At)
		if err != nil {
			return bot.Response{}, besidePerson(err)
		}
		if err := d.Keep(ctx, named); err != nil {
			return bot.Response{}, err
		}
		return d.ifUnreached(ctx, who, d.insteadOf(ctx, before, d.done(ctx, "handover", bot.Data{"who": who.Name})))
	},
}
