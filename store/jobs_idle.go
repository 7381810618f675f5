package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lib/pq"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// doneRuns remembers the latest runs of jobs that went well in this process. River records them in batches, up to a quarter
// of a second later; whoever waits for work to be done need not wait for its bookkeeping.
type doneRuns struct {
	river.MiddlewareDefaults
	more chan struct{} // told of each

	mu   sync.Mutex
	runs [1024]string
	next int
}

// Work lets the job run and remembers that it went well.
func (d *doneRuns) Work(ctx context.Context, job *rivertype.JobRow, doInner func(context.Context) error) error {
	if err := doInner(ctx); err != nil || job.AttemptedAt == nil {
		return err
	}
	d.mu.Lock()
	d.runs[d.next%len(d.runs)] = fmt.Sprintf("%d@%d", job.ID, job.AttemptedAt.UnixMicro())
	d.next++
	d.mu.Unlock()
	select {
	case d.more <- struct{}{}:
	default:
	}
	return nil
}

func (d *doneRuns) latest() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.runs[:])
}

// lookAgain is how often Idle looks at what failed, or what another replica may have done.
const lookAgain = 20 * time.Millisecond

// Idle waits until no job is running or could be, then tells how many wait to be tried again. When the context ends first,
// its error comes with the number of jobs still to be done.
func (j *Jobs) Idle(ctx context.Context) (pending, retrying int, err error) {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		p, r, err := j.count(ctx)
		if err != nil {
			return pending, retrying, errors.Join(ctx.Err(), err)
		}
		if pending, retrying = p, r; pending == 0 {
			return pending, retrying, nil
		}
		select {
		case <-ctx.Done():
			return pending, retrying, ctx.Err()
		case <-j.done.more:
		case <-again.C:
		}
	}
}

// count tells the jobs that are running or could be from those that wait for their time. River keeps a job that is to be tried
// again within seconds among the available ones, with a time to come. A job that ends while this counts, and may have added others
// that are not counted, counts as running still; and the time is that of reading a row, which may have been added after the beginning.
func (j *Jobs) count(ctx context.Context) (pending, retrying int, err error) {
	done := j.done.latest()
	var running pq.StringArray
	err = j.store.db.QueryRowContext(ctx, `select
		count(*) filter (where state = 'pending' or state = 'available' and scheduled_at <= clock_timestamp()),
		count(*) filter (where state in ('retryable', 'scheduled') or state = 'available' and scheduled_at > clock_timestamp()),
		array_agg(id || '@' || (extract(epoch from attempted_at) * 1000000)::bigint) filter (where state = 'running')
		from river_job where state in ('available', 'running', 'pending', 'retryable', 'scheduled')`).Scan(&pending, &retrying, &running)
	if err != nil {
		return 0, 0, fmt.Errorf("count jobs: %w", err)
	}
	for _, run := range running {
		if !slices.Contains(done, run) {
			pending++
		}
	}
	return pending, retrying, nil
}
