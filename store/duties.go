package store

import (
	"context"
	"time"

	"luotsi/commands/casework"
)

type dutyRow struct {
	CaseID         int64   `db:"case_id"`
	No             int     `db:"no"`
	By             string  `db:"by_login"`
	At             instant `db:"at"`
	Ground         string  `db:"ground"`
	Facts          []byte  `db:"facts"`
	Target         string  `db:"target"`
	ClientInformed string  `db:"client_informed"`
}

// addDuties writes new notifications. One that was made is never changed: the database refuses.
func (t *Tx) addDuties(ctx context.Context, c casework.Case, made []casework.DutyNotice) error {
	var rows []dutyRow
	for _, d := range made {
		s := t.cipherFor("duty_notices", c.Code, d.No)
		rows = append(rows, dutyRow{
			CaseID: c.ID, No: d.No, By: d.By, At: instant(d.At), Ground: d.Ground, Facts: s.close("facts", d.Facts),
			Target: d.Target, ClientInformed: d.ClientInformed,
		})
		if s.err != nil {
			return s.err
		}
	}
	return add(ctx, t, "duty_notices", rows...)
}

func (t *Tx) loadDuties(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[dutyRow](ctx, t, "duty_notices", "where case_id = any($1) order by case_id, no", ids)
	for _, r := range rows {
		c := cases[r.CaseID]
		s := t.cipherFor("duty_notices", c.Code, r.No)
		c.Duties = append(c.Duties, casework.DutyNotice{
			No: r.No, By: r.By, At: time.Time(r.At), Ground: r.Ground, Facts: s.open("facts", r.Facts),
			Target: r.Target, ClientInformed: r.ClientInformed,
		})
		if s.err != nil {
			return s.err
		}
	}
	return err
}
