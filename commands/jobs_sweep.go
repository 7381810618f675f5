package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// sweepWorker does what time has brought, as a job that comes again and again.
type sweepWorker struct {
	river.WorkerDefaults[Sweep]
	*House
}

// Work does one sweep; any number of replicas may.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[Sweep]) error {
	_, err := w.SweepDue(ctx)
	return err
}

// InsertOpts has a sweep tried once: the next comes by itself, and soon.
func (Sweep) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// InsertOpts has a patrol tried once, as a sweep.
func (Patrol) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 1} }

// mostFaults is how many cases a sweep that fails names; when more fail, they mostly fail alike.
const mostFaults = 10

// SweepDue does all agenda items that are due by the application's clock, earliest first, each in a transaction of its own,
// and returns how many. What another sweep has claimed is passed over. A case of which an item cannot be done is left for the next
// sweep, and the others go on; the error tells of each such item by its case's id and its kind.
func (h *House) SweepDue(ctx context.Context) (done int, err error) {
	var left []int64
	var faults []error
	for {
		some, item, err := h.sweepOne(ctx, left)
		switch {
		case err != nil && item.CaseID == 0: // none could be claimed
			return done, errors.Join(append(faults, err)...)
		case err != nil:
			left = append(left, item.CaseID)
			if len(faults) < mostFaults {
				faults = append(faults, fmt.Errorf("%s of case %d: %w", item.Kind, item.CaseID, err))
			}
		case some:
			done++
		case len(left) > len(faults):
			faults = append(faults, fmt.Errorf("and of %d cases more", len(left)-len(faults)))
			fallthrough
		default:
			return done, errors.Join(faults...)
		}
	}
}

// sweepOne does the earliest due item of all cases but those left. The item is told also when it could not be done.
func (h *House) sweepOne(ctx context.Context, left []int64) (some bool, item casework.DueItem, err error) {
	err = h.Within(ctx, h.Now(), func(tx Tx) error {
		some, item = false, casework.DueItem{}
		due, err := tx.Due(ctx, 1, left...)
		if err != nil || len(due) == 0 {
			return err
		}
		some, item = true, due[0]
		return bot.Guarded(nil, "what is due", func() error { return h.doDue(ctx, tx, item) })
	})
	return some, item, err
}

// doDue does one item: marks it done first, so that reconciling the agenda leaves it alone, then asks the rule again.
func (h *House) doDue(ctx context.Context, tx Tx, item casework.DueItem) error {
	if err := tx.Done(ctx, item.ID); err != nil {
		return err
	}
	d, err := h.systemDesk(ctx, tx, item.CaseID)
	if err != nil {
		return err
	}
	if item.Kind.IsAct() {
		return d.actOfTime(ctx, item)
	}
	for _, i := range casework.Agenda(d.Case, h.Settings) {
		if i.Key == item.Key {
			return d.remind(ctx, i)
		}
	}
	return nil
}

// systemDesk is where time itself acts on a case, which it locks.
func (h *House) systemDesk(ctx context.Context, tx Tx, caseID int64) (*Desk, error) {
	c, err := tx.LockID(ctx, caseID)
	if err != nil {
		return nil, err
	}
	d := &Desk{Tx: tx, House: h, At: h.Now(), Case: c, Me: casework.User{Person: casework.Person{Login: casework.System}}}
	if d.At.Before(c.ChangedAt) {
		d.At = c.ChangedAt
	}
	return d, nil
}

// remind tells one person, or each of those an audience means.
func (d *Desk) remind(ctx context.Context, i casework.Item) error {
	return d.tell(ctx, reminder+string(i.Kind), i.To, i.On)
}

// actOfTime changes the case as time itself does, with its log row. An act the rule refuses by now is no longer right.
func (d *Desk) actOfTime(ctx context.Context, item casework.DueItem) error {
	changed, err := d.byTime(item.Kind)
	row := casework.AccessRow{
		At: d.At, Who: casework.System, Action: string(item.Kind), CaseID: d.Case.ID, Code: string(d.Case.Code), Fields: "case",
		Purpose: "act_of_time", Surface: "job", Allowed: err == nil,
	}
	var refused *casework.Refusal
	switch {
	case errors.As(err, &refused):
		row.Rule = string(refused.Rule)
		return d.LogAccess(ctx, row)
	case err != nil:
		return fmt.Errorf("act of time %s: %w", item.Kind, err)
	}
	if err := d.Keep(ctx, changed); err != nil {
		return err
	}
	return d.LogAccess(ctx, row)
}

func (d *Desk) byTime(kind casework.ItemKind) (casework.Case, error) {
	switch kind {
	case casework.ActExpire:
		return d.Case.Expire(d.At)
	case casework.ActNoReply:
		return d.Case.NoReply(d.Me.Person, d.At)
	case casework.ActVoidInvite:
		return d.Case.VoidInvites(d.House.Settings, d.At)
	case casework.ActGoBack:
		return d.Case.GoBack(d.House.Settings, d.At)
	case casework.ActTurn:
		return d.Case.Turn(d.At)
	}
	return d.Case, fmt.Errorf("no act of time is called %s", kind)
}

// tendWorker keeps the store in order as time passes.
type tendWorker struct {
	river.WorkerDefaults[Tend]
	*House
}

// Work does one job; a repeated one adds one more seal.
func (w *tendWorker) Work(ctx context.Context, _ *river.Job[Tend]) error {
	return w.House.Tend(ctx, w.Now())
}
