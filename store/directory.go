package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"luotsi/commands/casework"
)

type personRow struct {
	Login      string `db:"login"`
	Unit       string `db:"unit"`
	Name       string `db:"name"`
	Profession string `db:"profession"`
	Roles      codes  `db:"roles"`
	Lang       string `db:"lang"`
	QuietFrom  string `db:"quiet_from"`
	QuietTo    string `db:"quiet_to"`
	Digest     bool   `db:"digest"`
	Disabled   bool   `db:"disabled"`
	Email      string `db:"email"`
	Held       bool   `db:"held"`
}

// The roles that rules of care ask about.
const (
	roleCoordinator = "coordinator"
	roleGuest       = "guest"
)

func (r personRow) user(register casework.Register) casework.User {
	return casework.User{
		Person: casework.Person{
			Login: r.Login, Unit: r.Unit, Register: register,
			Coordinator: slices.Contains(r.Roles, roleCoordinator), Guest: slices.Contains(r.Roles, roleGuest),
		},
		Name: r.Name, Email: r.Email, Profession: r.Profession, Roles: r.Roles, Lang: r.Lang,
		QuietFrom: r.QuietFrom, QuietTo: r.QuietTo, Digest: r.Digest, Disabled: r.Disabled, Held: r.Held,
	}
}

func (t *Tx) users(ctx context.Context, rest string, args ...any) ([]casework.User, error) {
	var rows []struct {
		personRow
		Register casework.Register `db:"register"`
	}
	err := t.db.SelectContext(ctx, &rows, `select people.*, register from people join units on units.code = people.unit `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	users := make([]casework.User, len(rows))
	for i, r := range rows {
		users[i] = r.user(r.Register)
	}
	return users, nil
}

func (t *Tx) user(ctx context.Context, rest string, args ...any) (casework.User, error) {
	users, err := t.users(ctx, rest, args...)
	if err == nil && len(users) == 0 {
		err = fmt.Errorf("find person: %w", casework.ErrNotKnown)
	}
	if err != nil {
		return casework.User{}, err
	}
	return users[0], nil
}

// UserByAccount finds a person by a platform account; casework.ErrNotKnown when there is none or it is disabled.
func (t *Tx) UserByAccount(ctx context.Context, platform, user string) (casework.User, error) {
	return t.user(ctx, `join accounts using (login) where platform = $1 and account = $2 and not disabled`, platform, user)
}

// UserByEmail finds a person by e-mail, however it is spelled in capitals; casework.ErrNotKnown when there is none or it is
// disabled.
func (t *Tx) UserByEmail(ctx context.Context, email string) (casework.User, error) {
	if email == "" {
		return casework.User{}, fmt.Errorf("find person: %w", casework.ErrNotKnown)
	}
	return t.user(ctx, `where lower(email) = lower($1) and not disabled`, email)
}

// User finds a person by login; casework.ErrNotKnown when there is none.
func (t *Tx) User(ctx context.Context, login string) (casework.User, error) {
	return t.user(ctx, `where login = $1`, login)
}

// AccountOf finds a person's account on the platform; casework.ErrNotKnown when there is none.
func (t *Tx) AccountOf(ctx context.Context, login, platform string) (user string, err error) {
	err = t.value(ctx, &user, `select account from accounts where login = $1 and platform = $2`, login, platform)
	return user, err
}

// Users lists everybody, disabled people too, by login.
func (t *Tx) Users(ctx context.Context) ([]casework.User, error) {
	return t.users(ctx, `order by login`)
}

// Units lists every unit by code.
func (t *Tx) Units(ctx context.Context) ([]casework.Unit, error) {
	rows, err := rowsOf[unitRow](ctx, t, "units", "order by code")
	units := make([]casework.Unit, len(rows))
	for i, r := range rows {
		units[i] = casework.Unit{Code: r.Code, Name: r.Name, Register: casework.Register(r.Register), Care: r.Care}
	}
	return units, err
}

// SaveUser stores a person's own settings: Lang, QuietFrom, QuietTo, Digest. casework.ErrNotKnown when there is none.
func (t *Tx) SaveUser(ctx context.Context, u casework.User) error {
	return t.touchOne(ctx, "save settings", `update people set lang = $2, quiet_from = $3, quiet_to = $4, digest = $5 where login = $1`,
		u.Login, u.Lang, u.QuietFrom, u.QuietTo, u.Digest)
}

// AddUser puts a new person with a platform's account into the directory. casework.ErrLoginTaken when the login, the e-mail or the
// account is somebody's already; then nothing is changed.
func (t *Tx) AddUser(ctx context.Context, u casework.User, a casework.Account) error {
	return t.Try(ctx, func() error {
		err := add(ctx, t, "people", personOf(u))
		if err == nil {
			err = add(ctx, t, "accounts", accountRow{Platform: a.Platform, Account: a.User, Login: u.Login})
		}
		if isCode(err, "23505") { // unique_violation
			return fmt.Errorf("add person: %w", casework.ErrLoginTaken)
		}
		return err
	})
}

// Disable closes a person's access or opens it again; held: it was closed by hand, and stays so whatever their accounts do.
// Nobody is deleted: the logs and cases go on naming them. A repeated call changes nothing; casework.ErrNotKnown when there is no
// such person.
func (t *Tx) Disable(ctx context.Context, login string, disabled, held bool) error {
	return t.touchOne(ctx, "close access", `update people set disabled = $2, held = $3 where login = $1`, login, disabled, disabled && held)
}

// value reads the first row's only column; casework.ErrNotKnown when there is no row.
func (t *Tx) value(ctx context.Context, into any, query string, args ...any) error {
	err := t.db.GetContext(ctx, into, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return casework.ErrNotKnown
	}
	return err
}

// touchOne runs a statement that must change one row; casework.ErrNotKnown when it changed none.
func (t *Tx) touchOne(ctx context.Context, doing, query string, args ...any) error {
	res, err := t.db.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = casework.ErrNotKnown
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
