package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// JobOptions say how jobs are worked. The zero value is ready for use.
type JobOptions struct {
	Log      *slog.Logger         // for warnings and errors; slog's default when nil
	Workers  int                  // jobs at once; 10 when zero
	Timeout  time.Duration        // of one job; 30 seconds when zero
	Poll     time.Duration        // how often to look for jobs that nothing told of; a quarter of a second when zero
	Periodic []*river.PeriodicJob // inserted by one replica for all
}

// How jobs are tried again. One that fails is tried soon, since a withdrawal may be among them, and then every minute for
// more than three days: an outage of the chat must not lose anything.
var retryAfter = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second}

const (
	retryLongest = time.Minute
	maxAttempts  = 5000

	defaultWorkers = 10
	// What is looked at for safety's sake has workers of its own: a thousand rooms in a chat that hangs must not keep the others from
	// what somebody waits for.
	queueLast   = "last"
	workersLast = 2

	defaultTimeout = 30 * time.Second
	defaultPoll    = 250 * time.Millisecond
	// A job whose process died is given to another after this long beyond its timeout; a living one has given up by then.
	rescueMargin = 30 * time.Second
	// Finished jobs are of no further use, and their arguments are ids of cases.
	completedKept = time.Hour
)

type retries struct{}

// NextRetry is when a failed job is tried again.
func (retries) NextRetry(job *rivertype.JobRow) time.Time {
	wait := retryLongest
	if n := len(job.Errors); n < len(retryAfter) { // its own failures, not the times it was put off
		wait = retryAfter[n]
	}
	return time.Now().Add(wait)
}

// Jobs works what Enqueue added.
type Jobs struct {
	store  *Store
	client *river.Client[*sql.Tx]
	done   *doneRuns
}

// Jobs makes ready to work jobs with the given workers. Nothing is worked before Start.
func (s *Store) Jobs(workers *river.Workers, o JobOptions) (*Jobs, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Workers == 0 {
		o.Workers = defaultWorkers
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Poll == 0 {
		o.Poll = defaultPoll
	}
	done := &doneRuns{more: make(chan struct{}, 1)}
	client, err := river.NewClient(newDriver(s.db.DB, s.url), &river.Config{
		Logger:                      slog.New(worries{o.Log.Handler()}),
		Workers:                     workers,
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: o.Workers}, queueLast: {MaxWorkers: workersLast}},
		PeriodicJobs:                o.Periodic,
		Middleware:                  []rivertype.Middleware{done},
		JobTimeout:                  o.Timeout,
		RescueStuckJobsAfter:        o.Timeout + rescueMargin,
		RetryPolicy:                 retries{},
		MaxAttempts:                 maxAttempts,
		CompletedJobRetentionPeriod: completedKept,
		FetchCooldown:               10 * time.Millisecond,
		FetchPollInterval:           o.Poll,     // what a lost connection would have told
		ReindexerIndexNames:         []string{}, // only an owner may rebuild indexes
	})
	if err != nil {
		return nil, fmt.Errorf("make ready for jobs: %w", err)
	}
	return &Jobs{store: s, client: client, done: done}, nil
}

// Start begins to work jobs and returns. Cancelling the context stops them as Stop does.
func (j *Jobs) Start(ctx context.Context) error { return j.client.Start(ctx) }

// Stop takes no more jobs and waits for the running ones; when the context ends first, they are cancelled and come back
// later.
func (j *Jobs) Stop(ctx context.Context) error {
	if err := j.client.Stop(ctx); err != nil {
		return j.client.StopAndCancel(context.WithoutCancel(ctx))
	}
	return nil
}

// RetryNow makes every job that waits to be tried again available at once: when it is known that an outage is over.
func (j *Jobs) RetryNow(ctx context.Context) error {
	_, err := j.store.db.ExecContext(ctx, `with freed as (
			update river_job set state = 'available', scheduled_at = now()
			where state in ('retryable', 'scheduled') or state = 'available' and scheduled_at > now() returning queue)
		select pg_notify('`+jobSchema+`.river_insert', json_build_object('queue', queue)::text) from freed group by queue`)
	if err != nil {
		return fmt.Errorf("retry jobs now: %w", err)
	}
	return nil
}
