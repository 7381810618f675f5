package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var convertBasis = bot.SelectField("basis", "basis", casework.Bases[:6]...).Must()

// convertConsultation turns a nameless consultation into a concern, when its raiser has got a basis to say who the client is.
var convertConsultation = &Command{
	Key:   "concern.convert",
	Names: map[bot.Lang]string{bot.FI: "muuta", bot.SV: "ändra", bot.EN: "convert"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayConvert(); err != nil {
			return nil, err
		}
		f := form(c, convertBasis, identityName, identityCode, identityContact, groundText)
		f.Check = c.Desk.House.checkIdentity
		return f, nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		who, wrong := d.House.identityOf(c.Input)
		if wrong != nil {
			return bot.Response{}, wrong
		}
		converted, err := d.Case.Convert(convertBasis.Of(c.Input), groundText.Of(c.Input), d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, converted); err != nil {
			return bot.Response{}, err
		}
		if err := d.PutIdentity(ctx, d.Case.ID, who); err != nil {
			return bot.Response{}, err
		}
		return bot.Reply(receipt(d, d.Case)), nil
	},
}
