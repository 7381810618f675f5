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
			m = m.Fact(bot.TD("moment", bot.Data{"at": row.At}),
				bot.TD(id, bot.Data{"who": row.Who, "unit": row.Unit, "action": row.Action, "purpose": row.Purpose, "surface": row.Surface, "rule": why}))
		}
		return bot.Reply(m), nil
	},
}
