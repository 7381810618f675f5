package commands

import (
	"context"
	"slices"
	"strconv"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// pageSize is how many cases one message lists; a button leads to the rest (R17: no full-list messages).
const pageSize = 15

// page is the part of a list that the call asks for: the first, or the one that the button it came from leads to.
func page(c *Call, length int) (from, to int) {
	from = min(argument(c, "from"), length)
	return from, min(from+pageSize, length)
}

// argument is a number that the button the call came from holds, 0 if none.
func argument(c *Call, name string) int {
	n, err := strconv.Atoi(c.Args[name])
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// turn tells how many are left after a page and adds the button that leads on, with more ids if the list needs them.
func turn(c *Call, m bot.Message, to, length int, more map[string]string) bot.Message {
	if to >= length {
		return m
	}
	args := map[string]string{"from": strconv.Itoa(to)}
	for name, id := range more {
		args[name] = id
	}
	return m.With(bot.TD("list.more", bot.Data{"count": length - to})).
		Button(bot.Button{Label: bot.T("button.more"), Command: c.Command.Key, Code: c.Code, Args: args})
}

// myCases lists the person's own open cases, the most urgent step first.
var myCases = &Command{
	Key:   "case.mine",
	Names: map[bot.Lang]string{bot.FI: "omat", bot.SV: "mina", bot.EN: "mine"},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		mine, err := d.own(ctx, nil)
		if err != nil {
			return bot.Response{}, err
		}
		m := bot.Message{Title: bot.T("mine.title")}
		if len(mine) == 0 {
			return bot.Reply(m.With(bot.T("mine.none"))), nil
		}
		from, to := page(c, len(mine))
		for i, own := range mine[from:to] {
			m = m.Fact(bot.Plain(string(own.Code)), own.at(d).line(ctx))
			if i < 5 {
				m = m.Button(bot.Button{Label: bot.TD("button.open_case", bot.Data{"code": string(own.Code)}), Command: "case.show", Code: string(own.Code)})
			}
		}
		m = turn(c, m, to, len(mine), nil)
		if slices.ContainsFunc(mine, func(o ownCase) bool { return o.leads }) {
			m = m.Button(bot.Button{Label: bot.T("button.client.mine"), Command: "client.mine"})
		}
		return bot.Reply(m), nil
	},
}

// ownCase is a case with what the person has to do with it.
type ownCase struct {
	casework.Case
	next    casework.Next
	leads   bool // as its coordinator or responsible worker
	invited bool // to the team, not answered
	mine    bool // the next step is this person's
}

// own lists the cases the person has anything to do with, earliest due first; pick leaves some out.
func (d *Desk) own(ctx context.Context, pick func(ownCase) bool) ([]ownCase, error) {
	open, err := d.Open(ctx, d.Me.Login, false)
	if err != nil {
		return nil, err
	}
	var own []ownCase
	for _, c := range open {
		stands := c.Relations(d.Me.Person)
		o := ownCase{Case: c, next: casework.NextStep(c, d.House.Settings, d.At)}
		o.leads = slices.Contains(stands, casework.IsCoordinator) || slices.Contains(stands, casework.IsResponsible)
		o.invited = slices.Contains(stands, casework.IsInvited)
		o.mine = o.next.By == d.Me.Login
		if pick == nil || pick(o) {
			own = append(own, o)
		}
	}
	slices.SortStableFunc(own, func(a, b ownCase) int { return a.next.Due.Compare(b.next.Due) })
	return own, nil
}

// view is a case on a list, said as far as the person may see.
type view struct {
	desk *Desk
	own  ownCase
}

func (o ownCase) at(d *Desk) view { return view{d, o} }

// line says where the case stands: to whom its inside is shown the next step, to others how far it has come.
func (v view) line(ctx context.Context) bot.Text {
	if !v.desk.may(insight, v.own.Case) {
		return bot.T("outside." + string(outsideState(v.own.State)))
	}
	here := *v.desk
	here.Case = v.own.Case
	next, _ := here.nextLine(ctx)
	return bot.TD("list.case", bot.Data{"state": bot.T("state." + string(v.own.State)), "next": next})
}

// choose offers the person's own cases when a command that needs one was given without.
func choose(ctx context.Context, c *Call) (bot.Response, error) {
	d := c.Desk
	r := access[c.Command.Key]
	mine, err := d.Open(ctx, d.Me.Login, d.Me.Coordinator)
	if err != nil {
		return bot.Response{}, err
	}
	m := bot.Message{Refusal: "which_case"}.With(bot.TD("choose.which", bot.Data{"usage": c.Command.Usage(c.Person.Lang, "…")}))
	for _, one := range mine {
		if d.may(r, one) && len(m.Buttons) < pageSize {
			here := *d
			here.Case = one
			label := bot.TD("button.choose", bot.Data{"code": string(one.Code), "state": here.stateText(one.State)})
			m = m.Button(bot.Button{Label: label, Command: c.Command.Key, Code: string(one.Code)})
		}
	}
	if len(m.Buttons) == 0 {
		m = bot.Message{Refusal: "which_case"}.With(bot.TD("choose.none", bot.Data{"usage": c.Command.Usage(c.Person.Lang, "…")}))
	}
	return bot.Reply(m), nil
}
