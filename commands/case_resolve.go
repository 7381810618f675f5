package commands

import (
	"context"

	"luotsi/bot"
)

var resolution = bot.SelectField("resolution", "resolution", "close").Must().Preset("close")

// resolveCase ends a case whose consent ended and was not given anew, or whose client never answered (C04). Asking again is a
// request of consent.
var resolveCase = &Command{
	Key:   "case.resolve",
	Names: map[bot.Lang]string{bot.FI: "ratkaise|päätä", bot.SV: "avgör|avsluta", bot.EN: "resolve|close"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayClose(); err != nil {
			return nil, err
		}
		return form(c, resolution), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		closed, err := d.Case.Close(d.At)
		return d.recorded(ctx, "resolved", closed, err)
	},
}
