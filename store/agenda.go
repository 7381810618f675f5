package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

type agendaRow struct {
	CaseID int64   `db:"case_id"`
	Key    string  `db:"key"`
	Kind   string  `db:"kind"`
	To     string  `db:"to_whom"`
	Due    instant `db:"due"`
	On     instant `db:"on_at"`
}

// reconcile makes the stored agenda the given one, by key: delivered items never change and never come back, undelivered
// ones stay if still in it (even overdue), the rest go.
func (t *Tx) reconcile(ctx context.Context, caseID int64, items []casework.Item) error {
	keys := pq.StringArray{}
	var rows []agendaRow
	for _, i := range items {
		keys = append(keys, i.Key)
		rows = append(rows, agendaRow{CaseID: caseID, Key: i.Key, Kind: string(i.Kind), To: i.To, Due: instant(i.Due), On: instant(i.On)})
	}
	_, err := t.db.ExecContext(ctx, `delete from agenda where case_id = $1 and delivered_at is null and key <> all($2)`, caseID, keys)
	if err != nil {
		return fmt.Errorf("reconcile agenda: %w", err)
	}
	if len(rows) == 0 {
		return nil
	}
	_, err = t.db.NamedExecContext(ctx, insertion("agenda", columns[agendaRow]())+` on conflict (case_id, key) do update set
		kind = excluded.kind, to_whom = excluded.to_whom, due = excluded.due, on_at = excluded.on_at
		where agenda.delivered_at is null and (agenda.kind, agenda.to_whom, agenda.due, agenda.on_at)
			is distinct from (excluded.kind, excluded.to_whom, excluded.due, excluded.on_at)`, rows)
	if err != nil {
		return fmt.Errorf("reconcile agenda: %w", err)
	}
	return nil
}

// Due claims undelivered agenda items due by the transaction's time, earliest first, of all cases but the given ones; others'
// claims are passed over. It locks the items' cases as well: whoever changes a case holds it and then wants its agenda, so
// claiming in the other order would make the two wait for each other.
func (t *Tx) Due(ctx context.Context, limit int, but ...int64) ([]casework.DueItem, error) {
	var rows []struct {
		ID int64 `db:"id"`
		agendaRow
	}
	err := t.db.SelectContext(ctx, &rows, `select a.id, a.case_id, a.key, a.kind, a.to_whom, a.due, a.on_at
		from cases c join agenda a on a.case_id = c.id
		where a.delivered_at is null and a.due <= $1 and a.case_id <> all($3)
		order by a.due, a.id limit $2 for update of c, a skip locked`, instant(t.at), limit, append(pq.Int64Array{}, but...))
	if err != nil {
		return nil, fmt.Errorf("claim due items: %w", err)
	}
	items := make([]casework.DueItem, len(rows))
	for i, r := range rows {
		items[i] = casework.DueItem{ID: r.ID, CaseID: r.CaseID, Item: casework.Item{
			Key: r.Key, Kind: casework.ItemKind(r.Kind), To: r.To, Due: time.Time(r.Due), On: time.Time(r.On),
		}}
	}
	return items, nil
}

// Done marks an agenda item delivered. A repeated call keeps the first time; an item that is gone is passed over: the
// act it belongs to may have taken it off the agenda.
func (t *Tx) Done(ctx context.Context, itemID int64) error {
	_, err := t.db.ExecContext(ctx, `update agenda set delivered_at = $2 where id = $1 and delivered_at is null`, itemID, instant(t.at))
	if err != nil {
		return fmt.Errorf("mark item done: %w", err)
	}
	return nil
}

// NextDue is the earliest instant in (after, until] at which an undelivered agenda item is due; ok is false when none is.
func (s *Store) NextDue(ctx context.Context, after, until time.Time) (due time.Time, ok bool, err error) {
	var first instant
	err = s.db.GetContext(ctx, &first, `select min(due) from agenda where delivered_at is null and due > $1 and due <= $2`,
		instant(after), instant(until))
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find next due item: %w", err)
	}
	return time.Time(first), !time.Time(first).IsZero(), nil
}
