package commands

import (
	"context"

	"luotsi/bot"
)

// logLimit is how many rows of a case's access log one message shows.
const logLimit = 30

// caseLog shows the data protection officer who did what with a case, newest first. Reading the log is itself a row in it (P28).
var caseLog = &Command{
	Key:   "log.case",
	Names: map[bot.Lang]string{bot.FI: "loki", bot.SV: "logg", bot.EN: "log"},
	Where: bot.DirectOnly,
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		rows, err := d.AccessOf(ctx, d.Case.ID, logLimit)
		if err != nil {
			return bot.Response{}, err
		}
		m := bot.Message{Title: bot.TD("log.title", bot.Data{"code": c.Code})}.About(c.Code)
		for _, row := range rows {
			id, why := "log.allowed", bot.Text{}
			if !row.Allowed {
				id, why = "log.denied", bot.Plain(row.Rule)
			}
			m = m.Fact(bot.TD("moment", bot.Data{"at": row.At}), bot.TD(id, bot.Data{
				"who": row.Who, "unit": row.Unit, "action": actionText(c, row.Action), "purpose": d.purposeText(row.Purpose),
				"surface": row.Surface, "rule": why,
			}))
		}
		return bot.Reply(m), nil
	},
}

// actionText says what a log row tells of having been done: a command by its name in the reader's language, anything else by
// its own sentence. What an earlier version wrote and nothing says any more is shown as it stands.
func actionText(c *Call, action string) bot.Text {
	if command := c.Desk.House.Registry.Command(action); command != nil {
		return bot.Plain(command.NameIn(c.Person.Lang))
	}
	if c.Desk.House.Catalog.Has(bot.FI, "log.action."+action) {
		return bot.T("log.action." + action)
	}
	return bot.Plain(action)
}

// purposeText says what the data were used for.
func (d *Desk) purposeText(purpose string) bot.Text {
	if d.House.Catalog.Has(bot.FI, "purpose."+purpose) {
		return bot.T("purpose." + purpose)
	}
	return bot.Plain(purpose)
}
