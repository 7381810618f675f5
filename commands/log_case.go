package commands

import (
	"context"
	"strconv"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// logLines is how many lines of a case's access log one message shows; a button leads to the rest.
const logLines = 30

// caseLog shows the data protection officer who did what with a case, newest first. The same done again and again on one day is one
// line with its count, so that nobody hides one act under many others; every time that a client was shown is a line. Reading the log
// is itself a row in it (P28).
var caseLog = &Command{
	Key:   "log.case",
	Names: map[bot.Lang]string{bot.FI: "loki", bot.SV: "logg", bot.EN: "log"},
	Where: bot.DirectOnly,
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		from, upto := argument(c, "from"), argument(c, "upto")
		rows, all, err := d.AccessOf(ctx, d.Case.ID, casework.AccessPage{
			Upto: int64(upto), From: from, Lines: logLines, Alone: revealClient.Key, Purposes: casework.RevealPurposes,
		})
		if err != nil {
			return bot.Response{}, err
		}
		if upto == 0 && len(rows) > 0 {
			upto = int(rows[0].No)
		}
		m := bot.Message{Title: bot.TD("log.title", bot.Data{"code": c.Code})}.About(c.Code)
		for _, row := range rows {
			id := "log.denied"
			switch {
			case row.Allowed:
				id = "log.allowed"
			case row.Rule == formIncomplete:
				id = "log.incomplete"
			}
			m = m.Fact(moments(row), bot.TD(id, bot.Data{
				"who": row.Who, "unit": row.Unit, "action": actionText(c, row.Action), "purpose": d.coded("purpose.", row.Purpose),
				"surface": d.coded("log.surface.", row.Surface), "rule": d.coded("log.rule.", row.Rule),
			}))
		}
		return bot.Reply(turn(c, m, from+len(rows), all, map[string]string{"upto": strconv.Itoa(upto)})), nil
	},
}

// moments tell when a line's rows were written, and how many they are.
func moments(l casework.AccessLine) bot.Text {
	if l.Times < 2 {
		return bot.TD("moment", bot.Data{"at": l.At})
	}
	return bot.TD("log.times", bot.Data{"at": l.At, "first": l.First, "times": l.Times})
}

// actionText says what a log row tells of having been done: a command by its name in the reader's language, anything else by
// its own sentence.
func actionText(c *Call, action string) bot.Text {
	if command := c.Desk.House.Registry.Command(action); command != nil {
		return bot.Plain(command.NameIn(c.Person.Lang))
	}
	return c.Desk.coded("log.action.", action)
}

// coded says a code of the log in the words of its family. What an earlier version wrote and nothing says any more is shown as it
// stands.
func (d *Desk) coded(family, code string) bot.Text {
	if d.House.Catalog.Has(bot.FI, family+code) {
		return bot.T(family + code)
	}
	return bot.Plain(code)
}
