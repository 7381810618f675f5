package commands

import (
	"context"
	"strconv"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// todaySupervisor shows figures only: what waits and what goes on.
func todaySupervisor(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	counts, err := d.CountOpen(ctx)
	if err != nil {
		return m, err
	}
	m = m.Head(bot.T("today.figures"))
	for _, state := range casework.States {
		if state.Open() {
			m = m.Fact(bot.T("state."+string(state)), bot.Plain(small(counts[state])))
		}
	}
	return m, nil
}

// small hides person counts of one to four (model.md § 6, suppression 3).
func small(n int) string {
	if n >= 1 && n <= 4 {
		return "<5"
	}
	return strconv.Itoa(n)
}

// todayDPO tells how the logs stand and how to read them.
func todayDPO(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	sealed, err := d.SealedAt(ctx)
	if err != nil {
		return m, err
	}
	m = m.Head(bot.T("today.logs"))
	if sealed.IsZero() {
		m = m.With(bot.T("today.unsealed"))
	} else {
		m = m.With(bot.TD("today.sealed", bot.Data{"at": sealed}))
	}
	return m.With(bot.TD("today.read_log", bot.Data{"usage": caseLog.Usage(bot.Lang(d.Me.Lang), exampleCode)})), nil
}

// todayAdmin tells whether messages and reminders get through.
func todayAdmin(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	waiting, err := d.Undelivered(ctx)
	if err != nil {
		return m, err
	}
	return m.Head(bot.T("today.now")).With(bot.TD("today.admin_waiting", bot.Data{"count": waiting})), nil
}
