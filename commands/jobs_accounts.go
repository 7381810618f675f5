package commands

import (
	"context"
	"errors"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// FollowAccounts looks whether anybody's account in the chat has been closed or opened again, and follows it: who is gone
// leaves the cases, and an alarm is raised for those the person led (P07).
func (h *House) FollowAccounts(ctx context.Context) error {
	var users []casework.User
	err := h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		users, err = tx.Users(ctx)
		return err
	})
	if err != nil {
		return err
	}
	for _, u := range users {
		gone, err := h.gone(ctx, u.Login)
		if err != nil {
			return err
		}
		if gone == u.Disabled {
			continue
		}
		if err := h.SetDisabled(ctx, u.Login, gone); err != nil {
			return err
		}
	}
	return nil
}

// gone asks the chats whether every account of the person is closed. Somebody who never had one there is not gone.
func (h *House) gone(ctx context.Context, login string) (bool, error) {
	var accounts []account
	err := h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		accounts, err = h.accountsOf(ctx, tx, login)
		return err
	})
	if err != nil || len(accounts) == 0 {
		return false, err
	}
	for _, a := range accounts {
		profile, err := a.chat.Profile(ctx, a.user)
		if err != nil && !errors.Is(err, bot.ErrGone) {
			return false, err
		}
		if err == nil && profile.Enabled {
			return false, nil
		}
	}
	return true, nil
}

// SetDisabled records that somebody's account was closed or opened again; on closing the person leaves every case. A repeated
// call changes nothing more.
func (h *House) SetDisabled(ctx context.Context, login string, disabled bool) error {
	return h.Within(ctx, h.Now(), func(tx Tx) error {
		if err := tx.Disable(ctx, login, disabled); err != nil || !disabled {
			return err
		}
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
	})
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
