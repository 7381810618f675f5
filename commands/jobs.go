package commands

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"luotsi/bot"
)

// The jobs. Their arguments are ids only; what they do they ask anew of the case each time.
type (
	// SyncRoom makes a case's room what Roster says. It is never unique: one inserted while another runs must not be lost.
	SyncRoom struct {
		CaseID   int64 `json:"case_id"`
		Revision int   `json:"revision"`
	}
	// Notify delivers one notice to one person.
	Notify struct {
		NoticeID int64 `json:"notice_id"`
	}
	// ShowCard shows in a chat's coordinators' room where a concern stands. Each chat has its own: while one is away, nothing is said
	// anew in the others.
	ShowCard struct {
		CaseID   int64  `json:"case_id"`
		Revision int    `json:"revision"`
		Platform string `json:"platform"`
	}
	// KeepQueue looks whether Luotsi can use a chat's coordinators' room.
	KeepQueue struct {
		Platform string `json:"platform"`
	}
	// Sweep does what is due by the application's clock.
	Sweep struct{}
	// Patrol has every open room looked at, whatever the chat told or did not tell.
	Patrol struct{}
	// Tend seals the logs and forgets what is kept for a day only.
	Tend struct{}
	// Follow looks whose accounts in the chats were closed or opened again: everybody's, or one person's of whom a chat told.
	Follow struct {
		Login string `json:"login,omitempty"`
	}
)

// Kind names the job.
func (SyncRoom) Kind() string { return "sync_room" }

// Kind names the job.
func (Notify) Kind() string { return "notify" }

// Kind names the job.
func (ShowCard) Kind() string { return "show_card" }

// Kind names the job.
func (KeepQueue) Kind() string { return "keep_queue" }

// Kind names the job.
func (Sweep) Kind() string { return "sweep" }

// Kind names the job.
func (Patrol) Kind() string { return "patrol" }

// Kind names the job.
func (Tend) Kind() string { return "tend" }

// Kind names the job.
func (Follow) Kind() string { return "follow_accounts" }

// AddWorkers registers the workers of all jobs.
func AddWorkers(w *river.Workers, h *House) error {
	return errors.Join(
		river.AddWorkerSafely(w, &roomWorker{House: h}),
		river.AddWorkerSafely(w, &noticeWorker{House: h}),
		river.AddWorkerSafely(w, &cardWorker{House: h}),
		river.AddWorkerSafely(w, &queueWorker{House: h}),
		river.AddWorkerSafely(w, &sweepWorker{House: h}),
		river.AddWorkerSafely(w, &patrolWorker{House: h}),
		river.AddWorkerSafely(w, &tendWorker{House: h}),
		river.AddWorkerSafely(w, &followWorker{House: h}),
	)
}

// Periodic are the jobs that come by themselves: one replica inserts them for all.
func Periodic() []*river.PeriodicJob {
	every := func(d time.Duration, args river.JobArgs) *river.PeriodicJob {
		return river.NewPeriodicJob(river.PeriodicInterval(d),
			func() (river.JobArgs, *river.InsertOpts) { return args, nil }, &river.PeriodicJobOpts{RunOnStart: true})
	}
	return []*river.PeriodicJob{every(10*time.Second, Sweep{}), every(5*time.Minute, Patrol{}), every(time.Hour, Tend{}), every(time.Hour, Follow{})}
}

// longestWait is how long a job waits at most that was put off again and again. What waits is freed when the chat is back.
const longestWait = time.Minute

// patient has a job that was put off again and again wait twice as long each time: a chat that is away for hours is not to be asked a
// thousand things a second when it comes back, nor the database before. What the chat itself asked for is never less.
func patient(job *rivertype.JobRow, err error) error {
	var off *river.JobSnoozeError
	if !errors.As(err, &off) {
		return err
	}
	var before struct {
		Snoozes int `json:"snoozes"`
	}
	if json.Unmarshal(job.Metadata, &before) != nil {
		return err
	}
	return river.JobSnooze(max(off.Duration, min(longestWait, time.Second<<min(before.Snoozes, 10))))
}

// outcome turns what a chat call came to into what River does: done, later without using up an attempt, or retry. A call the
// platform will never take is given up and told to the operator, by kind and ids only.
func outcome(ctx context.Context, what string, id int64, err error) error {
	var later *bot.RetryError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &later):
		return river.JobSnooze(max(later.After, time.Second))
	case errors.Is(err, bot.ErrOutside):
		return nil // a case's room: those who can let it in again have been told; being let in and the patrol bring the next look
	case errors.Is(err, bot.ErrPermanent), errors.Is(err, bot.ErrGone):
		slog.ErrorContext(ctx, "chat call given up", "job", what, "id", id, "cause", err)
		return nil
	}
	return err
}

// worst is the error of several that decides what becomes of a job: one that another try may mend before one that somebody else
// must, and that before one that nobody can. The others are told to the operator.
func worst(ctx context.Context, errs ...error) error {
	rank := func(err error) int {
		switch {
		case err == nil:
			return 0
		case errors.Is(err, bot.ErrPermanent), errors.Is(err, bot.ErrGone):
			return 1
		case errors.Is(err, bot.ErrOutside):
			return 2
		}
		return 3
	}
	var found error
	for _, err := range errs {
		other := err
		if rank(err) > rank(found) {
			found, other = err, found
		}
		if other != nil {
			slog.WarnContext(ctx, "one of several chat calls failed", "cause", other)
		}
	}
	return found
}

// leaseLife is longer than any one run of a job that holds a lease: jobs are ended well before.
const leaseLife = 2 * time.Minute

// alone does a piece of work for a case as the only one who does. A job that finds another at it leaves word and is done: the
// other looks again before it goes, also when it failed or was put off, so what came meanwhile is never lost and never waits. What the
// last look came to is what comes of the job.
func (h *House) alone(ctx context.Context, caseID int64, work string, jobID int64, f func() error) error {
	holder, mine := strconv.FormatInt(jobID, 10), false
	err := h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		mine, err = tx.Lease(ctx, caseID, work, holder, time.Now().Add(leaseLife))
		return err
	})
	for again := mine && err == nil; again; {
		done := f()
		again, err = h.release(ctx, caseID, work, holder)
		err = errors.Join(err, done)
	}
	return err
}

// release gives the lease back, unless somebody left word. A job whose time is over gives it back all the same, and comes again.
func (h *House) release(ctx context.Context, caseID int64, work, holder string) (again bool, err error) {
	over := ctx.Err()
	ctx = context.WithoutCancel(ctx)
	err = h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		again, err = tx.Release(ctx, caseID, work, holder)
		if again && over != nil && err == nil {
			_, err = tx.Release(ctx, caseID, work, holder)
		}
		return err
	})
	if again && over != nil {
		return false, errors.Join(over, err)
	}
	return again && err == nil, err
}
