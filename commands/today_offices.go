package commands

import (
	"context"
	"strconv"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// todaySupervisor shows figures only: what waits and what goes on. Reports and reviews come later.
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
	return m.Head(bot.T("today.later")).With(bot.T("today.later_supervisor")), nil
}

// small hides person counts of one to four (model.md § 6, suppression 3).
func small(n int) string {
	if n >= 1 && n <= 4 {
		return "<5"
	}
	return strconv.Itoa(n)
}

// todayDPO tells how the logs stand and how to read them. Data requests come later.
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
	m = m.With(bot.TD("today.read_log", bot.Data{"usage": caseLog.Usage(bot.Lang(d.Me.Lang), exampleCode)}))
	return m.Head(bot.T("today.later")).With(bot.T("today.later_dpo")), nil
}

// todayAnalyst: statistics are not built yet, and are named as coming.
func todayAnalyst(_ context.Context, _ *Desk, m bot.Message) (bot.Message, error) {
	return m.Head(bot.T("today.now")).With(bot.T("today.analyst_now")).Head(bot.T("today.later")).With(bot.T("today.later_analyst")), nil
}

// todayAdmin tells whether messages and reminders get through.
func todayAdmin(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	waiting, err := d.Undelivered(ctx)
	if err != nil {
		return m, err
	}
	m = m.Head(bot.T("today.now")).With(bot.TD("today.admin_waiting", bot.Data{"count": waiting}))
	return m.Head(bot.T("today.later")).With(bot.T("today.later_admin")), nil
}
