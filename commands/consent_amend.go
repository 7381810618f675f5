package commands

import (
	"context"

	"luotsi/bot"
)

// amendConsent records the client's new will as a new version (C05): whom it no longer covers leaves at once.
var amendConsent = &Command{
	Key:   "consent.amend",
	Names: map[bot.Lang]string{bot.FI: "suostumus muuta", bot.SV: "samtycke ändra", bot.EN: "consent amend"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayAmendConsent(c.Desk.At); err != nil {
			return nil, err
		}
		fields, err := grantFields(ctx, c)
		if err != nil {
			return nil, err
		}
		return form(c, append([]bot.AnyField{amendResult}, fields...)...), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		return c.Desk.grant(ctx, c, "consent_amended")
	},
}

// amendResult keeps the form's fields the same as when a consent is recorded; a no to a running consent is a withdrawal.
var amendResult = bot.SelectField("result", "consent_result", "granted").Must().Preset("granted")
