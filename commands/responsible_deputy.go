package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	absentField = bot.SelectField("absent", "absent", string(casework.AbsentResponsible), string(casework.AbsentCoordinator)).Must()
	fromDay     = bot.DateField("from").Must()
	toDay       = bot.DateField("to").Must()
)

// nameDeputy records that the responsible worker or the coordinator will be away, and asks a deputy to stand in (P05). With a
// code for that case; without one for all cases the person leads.
var nameDeputy = &Command{
	Key:   "responsible.deputy",
	Names: map[bot.Lang]string{bot.FI: "poissa", bot.SV: "frånvaro", bot.EN: "absence"},
	Aim:   bot.AnyCase,
	Form:  deputyForm,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		deputy, err := d.User(ctx, personField.Of(in))
		if err != nil {
			return bot.Response{}, err
		}
		from, to := fromDay.Of(in), toDay.Of(in).AddDate(0, 0, 1)
		if !from.Before(to) {
			return bot.Response{}, bot.Wrong("to", "back_before_away", nil)
		}
		if c.Code != "" {
			of := d.absentRole()
			if _, unheld := d.unheld(); unheld {
				of = casework.AbsentRole(orElse(absentField.Of(in), string(of)))
			}
			if err := d.away(ctx, of, deputy.Person, from, to); err != nil {
				return bot.Response{}, besidePerson(err)
			}
			return d.ifUnreached(ctx, deputy, d.done(ctx, "away", bot.Data{"who": deputy.Name, "from": bot.Date(from), "to": bot.Date(toDay.Of(in))}))
		}
		r, err := d.each(ctx, func(o ownCase) bool { return o.leads }, "away_all", bot.Data{"who": deputy.Name, "from": bot.Date(from), "to": bot.Date(toDay.Of(in))}, func() error {
			return d.away(ctx, d.absentRole(), deputy.Person, from, to)
		})
		if err != nil {
			return r, err
		}
		return d.ifUnreached(ctx, deputy, r)
	},
}

// deputyForm asks for the deputy and the days. A coordinator whose responsible worker is without a deputy says whose absence it
// is about, with that one's days filled in.
func deputyForm(ctx context.Context, c *Call) (*bot.Form, error) {
	d := c.Desk
	role, fields, from, to := bot.Professional, []bot.AnyField(nil), fromDay, toDay
	if alone, unheld := d.unheld(); c.Code != "" && unheld {
		begins := alone.From
		if begins.Before(d.At) {
			begins = d.At
		}
		fields = append(fields, absentField.Preset(string(casework.AbsentResponsible)))
		from, to = from.Preset(isoDay(begins)), to.Preset(isoDay(alone.To.In(casework.Helsinki).AddDate(0, 0, -1)))
	} else if c.Code != "" && d.absentRole() == casework.AbsentCoordinator {
		role = bot.Coordinator
	}
	people, err := d.people(ctx, func(u casework.User) bool { return personOf(u).Has(role) && u.Login != d.Me.Login })
	if err != nil {
		return nil, err
	}
	return form(c, append(fields, personField.From(people), from, to)...), nil
}

// unheld finds the responsible worker's absence that has no deputy, when it is the coordinator who looks for one.
func (d *Desk) unheld() (casework.Absence, bool) {
	i := slices.IndexFunc(d.Case.Absences, func(a casework.Absence) bool {
		return a.Of == casework.AbsentResponsible && (a.State == casework.DeputyDeclined || a.State == casework.DeputyAlone)
	})
	if i < 0 || d.absentRole() != casework.AbsentCoordinator {
		return casework.Absence{}, false
	}
	return d.Case.Absences[i], true
}

// absentRole is the role that the person has in the desk's case and will be away from; a supervisor speaks for the
// responsible worker.
func (d *Desk) absentRole() casework.AbsentRole {
	rw, ok := d.Case.ResponsibleWorker()
	if d.Case.Coordinator.Login == d.Me.Login && (!ok || rw.Person.Login != d.Me.Login) {
		return casework.AbsentCoordinator
	}
	return casework.AbsentResponsible
}

// away asks the deputy to stand in for the role at the desk's case.
func (d *Desk) away(ctx context.Context, of casework.AbsentRole, deputy casework.Person, from, to time.Time) error {
	away, err := d.Case.BeAway(d.Me.Person, of, deputy, from, to, d.At)
	if err != nil {
		return err
	}
	return d.Keep(ctx, away)
}

// each does the same to every case of the person that pick lets through, each on its own: where a rule refuses, that case is named
// with its reason, and the others are done. When none is done, the person who was chosen is refused and the form stays open.
func (d *Desk) each(ctx context.Context, pick func(ownCase) bool, what string, data bot.Data, act func() error) (bot.Response, error) {
	mine, err := d.own(ctx, pick)
	if err != nil {
		return bot.Response{}, err
	}
	if len(mine) == 0 {
		return bot.Response{}, bot.Wrong("person", "no_case_of_mine", nil)
	}
	slices.SortFunc(mine, func(a, b ownCase) int { return int(a.ID - b.ID) }) // everybody locks in the same order
	var done []bot.Text
	var none bot.FieldErrors
	m := bot.Message{}
	for _, o := range mine {
		if d.Case, err = d.LockID(ctx, o.ID); err != nil {
			return bot.Response{}, err
		}
		var refused *casework.Refusal
		switch err := d.Try(ctx, act); {
		case errors.As(err, &refused):
			why := bot.TD("refusal."+string(refused.Rule), d.about(ctx, refused))
			m = m.Fact(bot.Plain(string(o.Code)), why)
			text := bot.TD("error.none_accepts", bot.Data{"code": string(o.Code), "why": why})
			none = bot.FieldErrors{"person": {Rule: string(refused.Rule), Text: text}}
		case err != nil:
			return bot.Response{}, err
		default:
			done = append(done, bot.Plain(string(o.Code)))
		}
	}
	d.Case = casework.Case{}
	if len(done) == 0 {
		return bot.Response{}, none
	}
	data["codes"], data["count"] = done, len(done)
	m.Lines = append([]bot.Line{{Kind: bot.PlainLine, Text: bot.TD("done."+what, data)}}, m.Lines...)
	return bot.Reply(m), nil
}
