package store

import (
	"context"
	"time"

	"luotsi/commands/casework"
)

type absenceRow struct {
	CaseID     int64   `db:"case_id"`
	No         int     `db:"no"`
	Of         string  `db:"of_role"`
	Login      string  `db:"login"`
	Deputy     string  `db:"deputy"`
	StartsAt   instant `db:"starts_at"`
	EndsAt     instant `db:"ends_at"`
	State      string  `db:"state"`
	AskedBy    string  `db:"asked_by"`
	AskedAt    instant `db:"asked_at"`
	AnsweredAt instant `db:"answered_at"`
	EndedAt    instant `db:"ended_at"`
}

// saveAbsences writes in the order they were asked for: one that is given up has ended before the next is planned.
func (t *Tx) saveAbsences(ctx context.Context, c casework.Case, changed []casework.Absence) error {
	var rows []absenceRow
	for _, a := range changed {
		rows = append(rows, absenceRow{
			CaseID: c.ID, No: a.No, Of: string(a.Of), Login: a.Person.Login, Deputy: a.Deputy.Login,
			StartsAt: instant(a.From), EndsAt: instant(a.To), State: string(a.State), AskedBy: a.AskedBy,
			AskedAt: instant(a.AskedAt), AnsweredAt: instant(a.AnsweredAt), EndedAt: instant(a.EndedAt),
		})
	}
	return put(ctx, t, "absences", 2, rows...)
}

func (t *Tx) loadAbsences(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[absenceRow](ctx, t, "absences", "where case_id = any($1) order by case_id, no", ids)
	for _, r := range rows {
		c := cases[r.CaseID]
		c.Absences = append(c.Absences, casework.Absence{
			No: r.No, Of: casework.AbsentRole(r.Of), Person: personRef(r.Login), Deputy: personRef(r.Deputy),
			From: time.Time(r.StartsAt), To: time.Time(r.EndsAt), State: casework.DeputyState(r.State), AskedBy: r.AskedBy,
			AskedAt: time.Time(r.AskedAt), AnsweredAt: time.Time(r.AnsweredAt), EndedAt: time.Time(r.EndedAt),
		})
	}
	return err
}
