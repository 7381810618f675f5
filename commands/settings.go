package commands

import (
	"context"

	"luotsi/bot"
)

var languageField = bot.SelectField("language", "language", "fi", "sv", "en").Must()

// personalSettings sets in which language Luotsi speaks to the person, everywhere.
var personalSettings = &Command{
	Key:   "settings",
	Names: map[bot.Lang]string{bot.FI: "asetukset", bot.SV: "inställningar", bot.EN: "settings"},
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		return form(c, languageField.Preset(c.Desk.Me.Lang)), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		d.Me.Lang = languageField.Of(c.Input)
		if err := d.SaveUser(ctx, d.Me); err != nil {
			return bot.Response{}, err
		}
		c.Person.Lang = bot.Lang(d.Me.Lang)
		return bot.Reply(bot.Say(bot.T("done.settings"))), nil
	},
}
