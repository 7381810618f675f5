package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

type unitRow struct {
	Code     string `db:"code"`
	Name     string `db:"name"`
	Register string `db:"register"`
	Care     bool   `db:"care"`
}

type accountRow struct {
	Platform string `db:"platform"`
	Account  string `db:"account"`
	Login    string `db:"login"`
}

// SeedDirectory makes the directory hold the units, users and accounts (by login) as given. What people have set for
// themselves stays, an e-mail address that is not given now too, whoever is not among the given stays as well, and an account
// that was closed (Disable) is not opened again. A repeated call changes nothing.
func (s *Store) SeedDirectory(ctx context.Context, units []casework.Unit, users []casework.User, accounts map[string][]casework.Account) error {
	return s.Within(ctx, time.Time{}, func(t *Tx) error { return t.seed(ctx, Directory{units, users, accounts}) })
}

// atOnce is how many rows a statement writes: PostgreSQL has room for 65,535 values in one.
const atOnce = 1000

func (t *Tx) seed(ctx context.Context, d Directory) error {
	if err := t.seedUnits(ctx, d.Units); err != nil {
		return err
	}
	if err := t.seedPeople(ctx, d.People); err != nil {
		return err
	}
	return t.seedAccounts(ctx, d.Accounts)
}

func (t *Tx) seedUnits(ctx context.Context, units []casework.Unit) error {
	rows := make([]unitRow, len(units))
	for i, u := range units {
		rows[i] = unitRow{Code: u.Code, Name: u.Name, Register: string(u.Register), Care: u.Care}
	}
	return put(ctx, t, "units", 1, rows...)
}

func personOf(u casework.User) personRow {
	return personRow{
		Login: u.Login, Unit: u.Unit, Name: u.Name, Profession: u.Profession, Roles: u.Roles, Lang: u.Lang,
		QuietFrom: u.QuietFrom, QuietTo: u.QuietTo, Digest: u.Digest, Disabled: u.Disabled, Email: u.Email, Held: u.Held,
	}
}

// seedPeople stores people; an e-mail address that is not told now stays as it was.
func (t *Tx) seedPeople(ctx context.Context, users []casework.User) error {
	if err := t.freeEmails(ctx, users); err != nil {
		return err
	}
	for some := range slices.Chunk(users, atOnce) {
		rows := make([]personRow, len(some))
		for i, u := range some {
			rows[i] = personOf(u)
		}
		_, err := t.db.NamedExecContext(ctx, insertion("people", columns[personRow]())+` on conflict (login) do update set
			unit = excluded.unit, name = excluded.name, profession = excluded.profession, roles = excluded.roles,
			email = coalesce(nullif(excluded.email, ''), people.email), disabled = people.disabled or excluded.disabled`, rows)
		if err != nil {
			return fmt.Errorf("write people: %w", err)
		}
	}
	return nil
}

// freeEmails lets go of the addresses that people are about to change, so that one may go over to another person, and of those
// of people whose access is closed that are given to somebody else.
func (t *Tx) freeEmails(ctx context.Context, users []casework.User) error {
	var logins, emails pq.StringArray
	for _, u := range users {
		if u.Email != "" {
			logins, emails = append(logins, u.Login), append(emails, u.Email)
		}
	}
	for _, freed := range []string{ // each by a condition of its own that an index or a hash serves
		`people.login = given.login and lower(people.email) <> lower(given.email)`,
		`people.disabled and people.login <> given.login and lower(people.email) = lower(given.email)`,
	} {
		_, err := t.db.ExecContext(ctx, `update people set email = '' from unnest($1::text[], $2::text[]) given (login, email) where `+freed, logins, emails)
		if err != nil {
			return fmt.Errorf("write people: %w", err)
		}
	}
	return nil
}

func (t *Tx) seedAccounts(ctx context.Context, accounts map[string][]casework.Account) error {
	var rows []accountRow
	var logins, platforms pq.StringArray
	for login, of := range accounts {
		for _, a := range of {
			rows = append(rows, accountRow{Platform: a.Platform, Account: a.User, Login: login})
			logins, platforms = append(logins, login), append(platforms, a.Platform)
		}
	}
	// A person has one account on a platform: the new one takes the old one's place.
	_, err := t.db.ExecContext(ctx, `delete from accounts where (login, platform) in (select * from unnest($1::text[], $2::text[]))`, logins, platforms)
	if err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	for some := range slices.Chunk(rows, atOnce) {
		if err := put(ctx, t, "accounts", 2, some...); err != nil {
			return err
		}
	}
	return nil
}
