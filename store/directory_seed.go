package store

import (
	"context"
	"fmt"
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
// themselves stays, whoever is not among the given stays as well, and an account that was closed (Disable) is not opened
// again. A repeated call changes nothing.
func (s *Store) SeedDirectory(ctx context.Context, units []casework.Unit, users []casework.User, accounts map[string][]casework.Account) error {
	return s.Within(ctx, time.Time{}, func(t *Tx) error {
		if err := t.seedUnits(ctx, units); err != nil {
			return err
		}
		if err := t.seedPeople(ctx, users); err != nil {
			return err
		}
		return t.seedAccounts(ctx, accounts)
	})
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
		QuietFrom: u.QuietFrom, QuietTo: u.QuietTo, Digest: u.Digest, Disabled: u.Disabled, Email: u.Email,
	}
}

func (t *Tx) seedPeople(ctx context.Context, users []casework.User) error {
	if len(users) == 0 {
		return nil
	}
	rows := make([]personRow, len(users))
	for i, u := range users {
		rows[i] = personOf(u)
	}
	_, err := t.db.NamedExecContext(ctx, insertion("people", columns[personRow]())+` on conflict (login) do update set
		unit = excluded.unit, name = excluded.name, profession = excluded.profession, roles = excluded.roles, email = excluded.email,
		disabled = people.disabled or excluded.disabled`, rows)
	if err != nil {
		return fmt.Errorf("write people: %w", err)
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
	return put(ctx, t, "accounts", 2, rows...)
}
