package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// today shows everybody what is theirs to do now, in one message. What Luotsi does not do yet is named as coming later.
var today = &Command{
	Key:   "today",
	Names: map[bot.Lang]string{bot.FI: "tänään", bot.SV: "idag", bot.EN: "today"},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		m := bot.Message{Title: bot.TD("today.title", bot.Data{"name": d.Me.Name, "date": bot.Date(d.At)})}
		for _, part := range parts {
			if part.role != "" && !c.Person.Has(part.role) {
				continue
			}
			var err error
			if m, err = part.say(ctx, d, m); err != nil {
				return bot.Response{}, err
			}
		}
		if len(m.Lines) == 0 {
			m = m.With(bot.T("today.nothing"))
		}
		m = todayLater(c.Person, m)
		if c.Person.Has(bot.Professional) {
			m = m.Button(bot.Button{Label: bot.T("button.concern.raise"), Command: "concern.raise"})
		}
		return bot.Reply(m.Button(bot.Button{Label: bot.T("button.help"), Command: "help"})), nil
	},
}

// parts make up the view of today, each for a role (or for everybody), in the order it is read in the morning.
var parts = []struct {
	role bot.Role
	say  func(context.Context, *Desk, bot.Message) (bot.Message, error)
}{
	{bot.Coordinator, todayQueue},
	{"", todayOwn},
	{bot.Supervisor, todaySupervisor},
	{bot.DPO, todayDPO},
	{bot.Admin, todayAdmin},
}

// later is what is to come for a role.
var later = []struct {
	role bot.Role
	what bot.Text
}{
	{bot.Supervisor, bot.T("today.later_supervisor")},
	{bot.DPO, bot.T("today.later_dpo")},
	{bot.Analyst, bot.T("today.later_analyst")},
	{bot.Admin, bot.T("today.later_admin")},
}

// todayLater names what Luotsi does not do yet, once for all the person's roles.
func todayLater(p bot.Person, m bot.Message) bot.Message {
	told := false
	for _, l := range later {
		if !p.Has(l.role) {
			continue
		}
		if !told {
			m, told = m.Head(bot.T("today.later")), true
		}
		m = m.With(l.what)
	}
	return m
}

func todayQueue(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	waiting, err := d.untaken(ctx)
	if err != nil || len(waiting) == 0 {
		return m, err
	}
	m = m.Head(bot.TD("queue.title", bot.Data{"count": len(waiting)}))
	if len(waiting) <= groupSize {
		return queueLines(m, waiting), nil
	}
	m = queueLines(m, waiting[:groupSize]).With(bot.TD("list.more", bot.Data{"count": len(waiting) - groupSize}))
	return m.Button(bot.Button{Label: bot.T("button.concern.queue"), Command: "concern.queue"}), nil
}

// todayOwn goes through the person's own cases in the order of a coordinator's morning: consents, cases without a responsible
// worker, today's meetings, meetings to record, answers and invitations waiting, then everything else with its due date.
func todayOwn(ctx context.Context, d *Desk, m bot.Message) (bot.Message, error) {
	own, err := d.own(ctx, nil)
	if err != nil {
		return m, err
	}
	left := own
	for _, g := range groups {
		var here, rest []ownCase
		for _, o := range left {
			if g.fits(d, o) {
				here = append(here, o)
			} else {
				rest = append(rest, o)
			}
		}
		left = rest
		m = todayGroup(ctx, d, m, g.id, here)
	}
	if len(own) > groupSize {
		m = m.Button(bot.Button{Label: bot.T("button.case.mine"), Command: "case.mine"})
	}
	return m, nil
}

// groupSize is how many cases of one kind the morning's view lists; the rest are counted.
const groupSize = 5

func todayGroup(ctx context.Context, d *Desk, m bot.Message, id string, own []ownCase) bot.Message {
	for i, o := range own {
		switch i {
		case 0:
			m = m.Head(bot.T("today." + id))
		case groupSize:
			return m.With(bot.TD("list.more", bot.Data{"count": len(own) - groupSize}))
		}
		m = m.Fact(bot.Plain(string(o.Code)), o.at(d).line(ctx))
		if len(m.Buttons) < 8 {
			m = m.Button(bot.Button{Label: bot.TD("button.open_case", bot.Data{"code": string(o.Code)}), Command: "case.show", Code: string(o.Code)})
		}
	}
	return m
}

// groups sort the person's cases for the morning; a case is listed under the first that fits.
var groups = []struct {
	id   string
	fits func(*Desk, ownCase) bool
}{
	{"ended", func(_ *Desk, o ownCase) bool { return o.leads && o.State == casework.Paused }},
	{"asked", func(_ *Desk, o ownCase) bool { return isInvited(o) }},
	{"consents", func(_ *Desk, o ownCase) bool { return o.mine && o.State == casework.ConsentPending }},
	{"ending", func(d *Desk, o ownCase) bool {
		return o.leads && o.State.Together() && o.Consent().End().Before(d.At.AddDate(0, 0, 30))
	}},
	{"unheld", func(_ *Desk, o ownCase) bool { return o.mine && o.State == casework.TeamForming }},
	{"meetings", func(d *Desk, o ownCase) bool { return o.State.Together() && meetsToday(d, o) }},
	{"unrecorded", func(_ *Desk, o ownCase) bool { return o.mine && o.next.Step == casework.StepRecordMeeting }},
	{"late", func(d *Desk, o ownCase) bool { return o.mine && o.next.Due.Before(d.At) }},
	{"mine", func(_ *Desk, o ownCase) bool { return o.mine }},
	{"others", func(*Desk, ownCase) bool { return true }},
}

func isInvited(o ownCase) bool {
	return o.next.Step == casework.StepAcceptNaming && o.mine || o.invited
}

func meetsToday(d *Desk, o ownCase) bool {
	cal := d.House.Settings.Calendar
	for _, m := range o.Coming() {
		if cal.Day(m.StartsAt).Equal(cal.Day(d.At)) {
			return true
		}
	}
	return false
}
