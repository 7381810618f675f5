package commands

import (
	"context"

	"luotsi/bot"
)

var correctionReason = bot.AreaField("reason").Must()

// correctConsent declares the latest recorded answer wrong, with a reason. The wrong one stays in the history; until the right
// one is recorded nobody is together.
var correctConsent = &Command{
	Key:   "consent.correct",
	Names: map[bot.Lang]string{bot.FI: "suostumus korjaa", bot.SV: "samtycke rätta", bot.EN: "consent correct"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayCorrect(); err != nil {
			return nil, err
		}
		return form(c, correctionReason), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		corrected, err := d.Case.Correct(d.Me.Person, correctionReason.Of(c.Input), d.At)
		return d.recorded(ctx, "consent_corrected", corrected, err)
	},
}
