package commands

import (
	"context"
	"strconv"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// nameOf is the name people know a login by, or the login itself when the directory has it no more.
func (d *Desk) nameOf(ctx context.Context, login string) string {
	if login == "" {
		return ""
	}
	if d.names[login] == "" {
		u, err := d.User(ctx, login)
		if err != nil {
			return login
		}
		if d.names == nil {
			d.names = map[string]string{}
		}
		d.names[login] = u.Name
	}
	return d.names[login]
}

// unitName is the name people know a unit by, or its code when the directory has it no more.
func (d *Desk) unitName(ctx context.Context, code string) string {
	if d.units == nil {
		units, err := d.Units(ctx)
		if err != nil {
			return code
		}
		d.units = map[string]string{}
		for _, u := range units {
			d.units[u.Code] = u.Name
		}
	}
	return orElse(d.units[code], code)
}

// whoIs shows somebody as a team sees people: name and unit.
func (d *Desk) whoIs(ctx context.Context, p casework.Person) string {
	return d.nameOf(ctx, p.Login) + " · " + d.unitName(ctx, p.Unit)
}

// count reads a number typed into a line of text; nothing is zero.
func count(f bot.Field[string], in bot.Input) (int, error) {
	typed := f.Of(in)
	if typed == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 0 || n > 999 {
		return 0, bot.Wrong(f.Name, "number", nil)
	}
	return n, nil
}

// done says that the act named by the sentence "done.<what>" has been done, what happens next, and offers what the person
// can do then.
func (d *Desk) done(ctx context.Context, what string, more ...bot.Data) bot.Response {
	data := bot.Data{"code": string(d.Case.Code)}
	for _, m := range more {
		for k, v := range m {
			data[k] = v
		}
	}
	m := bot.Say(bot.TD("done."+what, data)).About(string(d.Case.Code))
	if next, ok := d.nextLine(ctx); ok && (d.Case.State.Concern() || d.may(insight, d.Case)) {
		m = m.Fact(bot.T("fact.next"), next)
	}
	r := bot.Reply(d.withDoable(m))
	r.Direct = d.left // said in a room that is about to close, nobody would read it
	return r
}

// nextLine says who does what next, and by when.
func (d *Desk) nextLine(ctx context.Context) (bot.Text, bool) {
	next := casework.NextStep(d.Case, d.House.Settings, d.At)
	if next.Step == casework.StepNone {
		return bot.Text{}, false
	}
	who := bot.T("who.coordinators")
	if next.By != "" {
		who = bot.Plain(d.nameOf(ctx, next.By))
	}
	id := "next"
	if next.Due.Before(d.At) {
		id = "next_late"
	}
	return bot.TD(id, bot.Data{"step": bot.T("step." + string(next.Step)), "who": who, "due": bot.On(next.Due)}), true
}

// isoDay is a day as a date field's preset.
func isoDay(t time.Time) string { return t.In(casework.Helsinki).Format(time.DateOnly) }

// isoMoment is an instant as a date-time field's preset.
func isoMoment(t time.Time) string { return t.In(casework.Helsinki).Format(time.RFC3339) }

// forbidden recognises what may stand in no free text: a personal identity code.
func forbidden(text string) bool { return casework.HasIdentityCode(text) }
