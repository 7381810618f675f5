package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"
	"github.com/riverqueue/river"

	"luotsi/commands/casework"
)

type noticeRow struct {
	ID        int64           `db:"id"`
	CaseID    sql.Null[int64] `db:"case_id"`
	Kind      string          `db:"kind"`
	To        string          `db:"to_login"`
	On        instant         `db:"on_at"`
	CreatedAt instant         `db:"created_at"`
	DoneAt    instant         `db:"done_at"`
}

func (r noticeRow) notice() casework.OutNotice {
	return casework.OutNotice{
		ID: r.ID, CaseID: r.CaseID.V, Kind: r.Kind, To: r.To, On: time.Time(r.On),
		CreatedAt: time.Time(r.CreatedAt), Done: !time.Time(r.DoneAt).IsZero(),
	}
}

// Tell stores a notice, created at the transaction's time unless it says otherwise, and returns its id. One without a case is about
// none.
func (t *Tx) Tell(ctx context.Context, n casework.OutNotice) (id int64, err error) {
	if n.CreatedAt.IsZero() {
		n.CreatedAt = t.at
	}
	err = t.db.GetContext(ctx, &id, `insert into notices (case_id, kind, to_login, on_at, created_at) values (nullif($1, 0), $2, $3, $4, $5) returning id`,
		n.CaseID, n.Kind, n.To, instant(n.On), instant(n.CreatedAt))
	if err != nil {
		return 0, fmt.Errorf("store notice: %w", err)
	}
	return id, nil
}

// Notice reads a notice; casework.ErrNotKnown when there is none.
func (t *Tx) Notice(ctx context.Context, id int64) (casework.OutNotice, error) {
	rows, err := rowsOf[noticeRow](ctx, t, "notices", "where id = $1", id)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("read notice: %w", casework.ErrNotKnown)
	}
	if err != nil {
		return casework.OutNotice{}, err
	}
	return rows[0].notice(), nil
}

// Undelivered counts the notices and due agenda items that wait for delivery at the transaction's time.
func (t *Tx) Undelivered(ctx context.Context) (n int, err error) {
	err = t.db.GetContext(ctx, &n, `select (select count(*) from notices where done_at is null)
		+ (select count(*) from agenda where delivered_at is null and due <= $1)`, instant(t.at))
	if err != nil {
		return 0, fmt.Errorf("count undelivered: %w", err)
	}
	return n, nil
}

// RoomNotices lists a case's undelivered room notices, oldest first.
func (t *Tx) RoomNotices(ctx context.Context, caseID int64) ([]casework.OutNotice, error) {
	rows, err := rowsOf[noticeRow](ctx, t, "notices", "where case_id = $1 and to_login = '' and done_at is null order by id", caseID)
	notices := make([]casework.OutNotice, len(rows))
	for i, r := range rows {
		notices[i] = r.notice()
	}
	return notices, err
}

// Delivered marks a notice delivered as the platform's message, or no longer right when message is empty. A repeated call
// keeps what the first one said.
func (t *Tx) Delivered(ctx context.Context, id int64, platform, message string) error {
	_, err := t.db.ExecContext(ctx, `update notices set done_at = $2, platform = $3, message = $4 where id = $1 and done_at is null`,
		id, instant(t.at), platform, message)
	if err != nil {
		return fmt.Errorf("mark notice delivered: %w", err)
	}
	return nil
}

// Enqueue adds a job to be done after commit; priority 1 is done first, 4 last and by few workers of its own.
func (t *Tx) Enqueue(ctx context.Context, job river.JobArgs, priority int) error {
	queue := river.QueueDefault
	if priority == 4 {
		queue = queueLast
	}
	if _, err := t.store.insert.InsertTx(ctx, t.db.Tx, job, &river.InsertOpts{Priority: priority, Queue: queue}); err != nil {
		return fmt.Errorf("enqueue %s: %w", job.Kind(), err)
	}
	if !slices.Contains(t.enqueued, queue) {
		t.enqueued = append(t.enqueued, queue)
	}
	return nil
}

// wake tells the workers of new jobs when the transaction commits. River tells them as well, but leaves out what comes
// within moments of another job, even if that one's transaction is rolled back.
func (t *Tx) wake(ctx context.Context) error {
	if len(t.enqueued) == 0 {
		return nil
	}
	_, err := t.db.ExecContext(ctx, `select pg_notify('`+jobSchema+`.river_insert', json_build_object('queue', queue)::text) from unnest($1::text[]) queue`,
		pq.Array(t.enqueued))
	if err != nil {
		return fmt.Errorf("wake workers: %w", err)
	}
	return nil
}

// Waiting lists the cases for which a job of the kind waits, to be done or to be tried again. The job's arguments name its case
// as case_id.
func (t *Tx) Waiting(ctx context.Context, kind string) (caseIDs []int64, err error) {
	return t.casesOfJobs(ctx, kind, "available", "pending", "scheduled", "retryable")
}

// Unfinished is Waiting, with the cases for which one is being done now.
func (t *Tx) Unfinished(ctx context.Context, kind string) (caseIDs []int64, err error) {
	return t.casesOfJobs(ctx, kind, "available", "pending", "scheduled", "retryable", "running")
}

func (t *Tx) casesOfJobs(ctx context.Context, kind string, states ...string) (caseIDs []int64, err error) {
	err = t.db.SelectContext(ctx, &caseIDs, `select distinct (args->>'case_id')::bigint from river_job
		where kind = $1 and state::text = any($2)`, kind, pq.Array(states))
	if err != nil {
		return nil, fmt.Errorf("list waiting jobs: %w", err)
	}
	return caseIDs, nil
}
