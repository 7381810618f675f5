package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// followWorker follows accounts that were closed, as a job that comes again and again.
type followWorker struct {
	river.WorkerDefaults[Follow]
	*House
}

// followTime is enough for a chat that lists its people two hundred at a time, three seconds apart, and has tens of thousands.
const followTime = 15 * time.Minute

// Timeout is longer than that of jobs that wait for one answer only.
func (w *followWorker) Timeout(*river.Job[Follow]) time.Duration { return followTime }

// InsertOpts keep a second look at everybody from coming while one is not done. What a chat told of one person is never left out: the
// one that is being done may have asked before.
func (f Follow) InsertOpts() river.InsertOpts {
	if f.Login != "" {
		return river.InsertOpts{}
	}
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
	}}}
}

// Work does one look; a repeated one changes nothing more. A look at everybody does not wait for a chat that cannot be asked now: the
// next comes within the hour, and when the chat is back.
func (w *followWorker) Work(ctx context.Context, job *river.Job[Follow]) error {
	if job.Args.Login != "" {
		return patient(job.JobRow, outcome(ctx, "follow_accounts", 0, w.followOne(ctx, job.Args.Login)))
	}
	unasked, err := w.follow(ctx)
	if unasked != nil {
		slog.WarnContext(ctx, "whose accounts were closed is not known of every chat", "cause", unasked)
	}
	return err
}

// followOne is FollowAccounts for one person.
func (w *followWorker) followOne(ctx context.Context, login string) error {
	var u casework.User
	var accounts []account
	err := w.Within(ctx, w.Now(), func(tx Tx) (err error) {
		if u, err = tx.User(ctx, login); err != nil {
			return err
		}
		accounts, err = w.accountsOf(ctx, tx, login)
		return err
	})
	if errors.Is(err, casework.ErrNotKnown) {
		return nil
	}
	for _, a := range accounts {
		if err != nil {
			return err
		}
		var p bot.Profile
		if p, err = a.chat.Profile(ctx, a.user); err == nil && p.Enabled {
			return nil // opening access again is left to the look at everybody
		}
		if errors.Is(err, bot.ErrGone) {
			err = nil
		}
	}
	if err != nil || len(accounts) == 0 || u.Disabled || u.Held {
		return err
	}
	return w.SetDisabled(ctx, login, true)
}

// FollowAccounts looks whether anybody's account in the chats has been closed or opened again, and follows it: whose accounts
// are all closed leaves the cases, and an alarm is raised for those the person led (P07). Access is opened again by the account
// it was closed with: an import links no other to closed access, and what was closed by hand stays. Each chat is asked once, for
// all its accounts. Who has none in any chat stays as they are, and so does who has one in a chat that cannot be asked now, whose
// error is returned when the others have been followed.
func (h *House) FollowAccounts(ctx context.Context) error {
	unasked, err := h.follow(ctx)
	return errors.Join(unasked, err)
}

// follow tells apart which chats could not be asked, and what else failed.
func (h *House) follow(ctx context.Context) (unasked, failed error) {
	var users []casework.User
	var accounts map[string][]casework.Account
	err := h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		if users, err = tx.Users(ctx); err != nil {
			return err
		}
		accounts, err = tx.Accounts(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	works, silent, unasked := h.workingAccounts(ctx, accounts)
	for _, u := range users {
		if gone, known := allGone(accounts[u.Login], works, silent); known && gone != u.Disabled && !u.Held {
			failed = errors.Join(failed, h.SetDisabled(ctx, u.Login, gone))
		}
	}
	return unasked, failed
}

// toBelieve is how many accounts at least must all be closed at once to be rather the mark of another server or workspace.
const toBelieve = 5

var errNobodyThere = errors.New("it knows none of our people: is it another server or workspace?")

// workingAccounts asks each chat which of its accounts work. Accounts of chats that do not answer, the silent ones, or are not
// in use are not in the result.
func (h *House) workingAccounts(ctx context.Context, accounts map[string][]casework.Account) (works map[casework.Account]bool, silent map[string]bool, failed error) {
	asked := map[string][]string{}
	for _, of := range accounts {
		for _, a := range of {
			asked[a.Platform] = append(asked[a.Platform], a.User)
		}
	}
	works, silent = map[casework.Account]bool{}, map[string]bool{}
	for _, chat := range h.Chats {
		name := chat.Name()
		working, err := chat.Working(ctx, asked[name])
		if err == nil && len(working) == 0 && len(asked[name]) >= toBelieve {
			err = errNobodyThere
		}
		if err != nil {
			silent[name], failed = true, errors.Join(failed, fmt.Errorf("asking %s who is still there: %w", name, err))
			continue
		}
		for _, user := range asked[name] {
			works[casework.Account{Platform: name, User: user}] = false
		}
		for _, user := range working {
			works[casework.Account{Platform: name, User: user}] = true
		}
	}
	return works, silent, failed
}

// allGone judges by somebody's accounts in the chats in use; known is false when there are none, or a chat of theirs was silent.
func allGone(accounts []casework.Account, works map[casework.Account]bool, silent map[string]bool) (gone, known bool) {
	gone = true
	for _, a := range accounts {
		if silent[a.Platform] {
			return false, false
		}
		on, asked := works[a]
		gone, known = gone && !on, known || asked
	}
	return gone, known
}

// SetDisabled records that somebody's account was closed or opened again; on closing the person leaves every case. A repeated
// call changes nothing more; casework.ErrNotKnown when there is no such person.
func (h *House) SetDisabled(ctx context.Context, login string, disabled bool) error {
	return h.setAccess(ctx, login, disabled, false, casework.AccessRow{Who: casework.System, Purpose: "act_of_time", Surface: "job"})
}

// SetAccess closes somebody's access by hand or opens it again, in the operator's name. What is closed by hand no account opens;
// what is opened is closed again by FollowAccounts if none of the person's accounts works. Otherwise it is as SetDisabled.
func (h *House) SetAccess(ctx context.Context, login string, open bool, operator string) error {
	return h.setAccess(ctx, login, !open, !open, casework.AccessRow{Who: operator, Purpose: "own_work", Surface: "command_line"})
}

// setAccess does it with a log row, whose author, purpose and surface are given, if it changes anything.
func (h *House) setAccess(ctx context.Context, login string, disabled, held bool, row casework.AccessRow) error {
	row.At, row.Action, row.Fields, row.Allowed = h.Now(), "person.open", "access of "+login, true
	if disabled {
		row.Action = "person.disable"
	}
	return h.Within(ctx, row.At, func(tx Tx) error {
		u, err := tx.User(ctx, login)
		if err != nil {
			return err
		}
		if u.Disabled != disabled || u.Held != held {
			if err := tx.LogAccess(ctx, row); err != nil {
				return err
			}
		}
		if err := tx.Disable(ctx, login, disabled, held); err != nil || !disabled {
			return err
		}
		return h.leaveAll(ctx, tx, login)
	})
}

// leaveAll takes somebody out of every case.
func (h *House) leaveAll(ctx context.Context, tx Tx, login string) error {
	open, err := tx.Open(ctx, login, false)
	if err != nil {
		return err
	}
	for _, c := range open {
		d, err := h.systemDesk(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := d.leave(ctx, login); err != nil {
			return err
		}
	}
	return nil
}

// leave takes somebody whose account is closed out of the desk's case, with its log row.
func (d *Desk) leave(ctx context.Context, login string) error {
	left, err := d.Case.Disable(login, d.At)
	var refused *casework.Refusal
	if errors.As(err, &refused) { // has no place there to lose
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.Keep(ctx, left); err != nil {
		return err
	}
	return d.LogAccess(ctx, casework.AccessRow{
		At: d.At, Who: casework.System, Action: "account.disabled", CaseID: d.Case.ID, Code: string(d.Case.Code), Fields: "team",
		Purpose: "act_of_time", Surface: "job", Allowed: true,
	})
}
