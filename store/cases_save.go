package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"luotsi/commands/casework"
)

// known is how a locked case lies in the database: a print of each of its parts, so that only parts that
// changed are encrypted and written anew.
type known struct {
	concern                                                         string
	consents, participants, responsible, meetings, absences, duties []string
}

func knowing(c casework.Case) (known, error) {
	var k known
	var errs [7]error
	var concern []string
	concern, errs[0] = prints([]casework.Concern{c.Concern})
	k.consents, errs[1] = prints(c.Consents)
	k.participants, errs[2] = prints(c.Team)
	k.responsible, errs[3] = prints(c.Responsible)
	k.meetings, errs[4] = prints(c.Meetings)
	k.absences, errs[5] = prints(c.Absences)
	k.duties, errs[6] = prints(c.Duties)
	if err := errors.Join(errs[:]...); err != nil {
		return known{}, err
	}
	k.concern = concern[0]
	return k, nil
}

func prints[T any](parts []T) ([]string, error) {
	of := make([]string, len(parts))
	for i, p := range parts {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, fmt.Errorf("compare a part of a case: %w", err)
		}
		of[i] = string(text)
	}
	return of, nil
}

// changed leaves the parts whose print is not what it was.
func changed[T any](parts []T, was, is []string) []T {
	var left []T
	for i, p := range parts {
		if i >= len(was) || was[i] != is[i] {
			left = append(left, p)
		}
	}
	return left
}

// Add stores a new case and gives its id back; casework.ErrCodeTaken when the code was ever used.
func (t *Tx) Add(ctx context.Context, c casework.Case, agenda []casework.Item) (int64, error) {
	row, err := t.caseToRow(c)
	if err != nil {
		return 0, err
	}
	names := columns[caseRow]()[1:] // the database gives the id
	query, args, err := t.db.BindNamed(insertion("cases", names)+" on conflict (code) do nothing returning id", row)
	if err != nil {
		return 0, fmt.Errorf("add case: %w", err)
	}
	var ids []int64
	if err := t.db.SelectContext(ctx, &ids, query, args...); err != nil {
		return 0, fmt.Errorf("add case: %w", err)
	}
	if len(ids) == 0 {
		return 0, fmt.Errorf("add case: %w", casework.ErrCodeTaken)
	}
	c.ID = ids[0]
	if err := t.saveParts(ctx, c, known{}); err != nil {
		return 0, err
	}
	return c.ID, t.reconcile(ctx, c.ID, agenda)
}

// Save stores a changed case and reconciles its agenda. The case must have been locked by this transaction and have a later
// revision than the stored one; otherwise it is ErrConflict and nothing is written. News is not stored here: see Tell.
func (t *Tx) Save(ctx context.Context, c casework.Case, agenda []casework.Item) error {
	was, ok := t.seen[c.ID]
	if !ok {
		return fmt.Errorf("save case %d: %w", c.ID, ErrConflict)
	}
	row, err := t.caseToRow(c)
	if err != nil {
		return err
	}
	res, err := t.db.NamedExecContext(ctx,
		`update cases set `+settings[caseRow]("id")+` where id = :id and code = :code and revision < :revision`, row)
	if err != nil {
		return fmt.Errorf("save case %d: %w", c.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("save case %d: %w", c.ID, ErrConflict)
	}
	if err := t.saveParts(ctx, c, was); err != nil {
		return err
	}
	return t.reconcile(ctx, c.ID, agenda)
}

func (t *Tx) saveParts(ctx context.Context, c casework.Case, was known) error {
	is, err := knowing(c)
	if err != nil {
		return err
	}
	if is.concern != was.concern {
		row, err := t.concernToRow(c)
		if err != nil {
			return err
		}
		if err := put(ctx, t, "concerns", 1, row); err != nil {
			return err
		}
	}
	if err := t.saveConsents(ctx, c, changed(c.Consents, was.consents, is.consents)); err != nil {
		return err
	}
	if err := t.saveTeam(ctx, c, changed(c.Team, was.participants, is.participants)); err != nil {
		return err
	}
	if err := t.saveResponsible(ctx, c, changed(c.Responsible, was.responsible, is.responsible)); err != nil {
		return err
	}
	if err := t.saveMeetings(ctx, c, changed(c.Meetings, was.meetings, is.meetings)); err != nil {
		return err
	}
	if err := t.saveAbsences(ctx, c, changed(c.Absences, was.absences, is.absences)); err != nil {
		return err
	}
	if err := t.addDuties(ctx, c, changed(c.Duties, was.duties, is.duties)); err != nil {
		return err
	}
	t.seen[c.ID] = is
	return nil
}
