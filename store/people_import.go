package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"luotsi/commands/casework"
)

// Directory is the organisation as Luotsi knows it.
type Directory struct {
	Units    []casework.Unit
	People   []casework.User
	Accounts map[string][]casework.Account // by login
}

// DirectoryChanges is how a directory that was given differs from the stored one.
type DirectoryChanges struct {
	UnitsAdded, UnitsChanged     []string // codes
	PeopleAdded, PeopleUnchanged []string // logins
	PeopleChanged                []PersonChange
	PeopleMissing                []string // logins that were not given: they stay as they are
	PeopleClosed                 []string // logins that were given and whose access is closed: it stays closed
}

// PersonChange is what is different about one person.
type PersonChange struct {
	Login string
	What  []FieldChange
}

// FieldChange is one difference. Field is "unit", "name", "email", "profession", "roles" or "account <platform>".
type FieldChange struct{ Field, From, To string }

// importLock is the advisory lock under which directories are imported, one at a time.
const importLock = 20260417

// ImportDirectory compares what is given with the stored directory and makes it so: all of it or nothing. rows gives the rows of
// the access log for what is different, which are written in the same transaction; without it the directories are only compared.
// plan sees the stored directory first and gives the one to import; it may run more than once.
//
// What people have set for themselves stays, also their language, and so does an e-mail address that is not given; whoever is not
// given stays. Closed access stays closed: an account that is given for such a person and is not theirs yet is an error, or a
// newcomer of the same name would open it; their e-mail address may go over to somebody else. An account that is linked to
// somebody who is not given is an error.
func (s *Store) ImportDirectory(
	ctx context.Context, rows func(DirectoryChanges) []casework.AccessRow, plan func(stored Directory) (Directory, error),
) (c DirectoryChanges, err error) {
	err = s.Within(ctx, time.Time{}, func(t *Tx) error {
		if _, err := t.db.ExecContext(ctx, `select pg_advisory_xact_lock($1)`, importLock); err != nil {
			return fmt.Errorf("wait for other imports: %w", err)
		}
		stored, err := t.directory(ctx)
		if err != nil {
			return err
		}
		given, err := plan(stored)
		if err != nil {
			return err
		}
		if c, err = compareDirectories(stored, given); err != nil || rows == nil {
			return err
		}
		for _, row := range rows(c) {
			if err := t.LogAccess(ctx, row); err != nil {
				return err
			}
		}
		return t.seed(ctx, given)
	})
	return c, err
}

func (t *Tx) directory(ctx context.Context) (d Directory, err error) {
	if d.Units, err = t.Units(ctx); err != nil {
		return d, err
	}
	if d.People, err = t.Users(ctx); err != nil {
		return d, err
	}
	d.Accounts, err = t.Accounts(ctx)
	return d, err
}

// Accounts lists everybody's accounts in the chats, by login.
func (t *Tx) Accounts(ctx context.Context) (map[string][]casework.Account, error) {
	rows, err := rowsOf[accountRow](ctx, t, "accounts", "order by login, platform")
	accounts := map[string][]casework.Account{}
	for _, r := range rows {
		accounts[r.Login] = append(accounts[r.Login], casework.Account{Platform: r.Platform, User: r.Account})
	}
	return accounts, err
}

func compareDirectories(stored, given Directory) (c DirectoryChanges, err error) {
	if err := accountsFree(stored.Accounts, given.Accounts, given.People); err != nil {
		return c, err
	}
	units := map[string]casework.Unit{}
	for _, u := range stored.Units {
		units[u.Code] = u
	}
	for _, u := range given.Units {
		old, there := units[u.Code]
		switch {
		case !there:
			c.UnitsAdded = append(c.UnitsAdded, u.Code)
		case old != u:
			c.UnitsChanged = append(c.UnitsChanged, u.Code)
		}
	}
	people := map[string]casework.User{}
	for _, u := range stored.People {
		people[u.Login] = u
	}
	for _, u := range given.People {
		old, there := people[u.Login]
		delete(people, u.Login)
		if !there {
			c.PeopleAdded = append(c.PeopleAdded, u.Login)
			continue
		}
		if old.Disabled {
			c.PeopleClosed = append(c.PeopleClosed, u.Login)
			if a, other := OtherAccount(stored.Accounts[u.Login], given.Accounts[u.Login]); other {
				return c, fmt.Errorf("the access of %s is closed, and the account %s in %s is not theirs", u.Login, a.User, a.Platform)
			}
		}
		if what := comparePeople(old, u, stored.Accounts[u.Login], given.Accounts[u.Login]); len(what) > 0 {
			c.PeopleChanged = append(c.PeopleChanged, PersonChange{u.Login, what})
		} else {
			c.PeopleUnchanged = append(c.PeopleUnchanged, u.Login)
		}
	}
	for login, u := range people {
		if !u.Disabled {
			c.PeopleMissing = append(c.PeopleMissing, login)
		}
	}
	slices.Sort(c.PeopleMissing)
	c.PeopleChanged = append(c.PeopleChanged, addressesTaken(stored.People, given.People)...)
	return c, nil
}

// addressesTaken are the addresses of people whose access is closed that somebody else gets.
func addressesTaken(stored, given []casework.User) (changes []PersonChange) {
	takers := map[string]string{}
	for _, u := range given {
		takers[strings.ToLower(u.Email)] = u.Login
	}
	for _, u := range stored {
		if taker := takers[strings.ToLower(u.Email)]; u.Disabled && u.Email != "" && taker != "" && taker != u.Login {
			changes = append(changes, PersonChange{u.Login, []FieldChange{{"email", u.Email, ""}}})
		}
	}
	return changes
}

// OtherAccount finds among the given accounts one that is not among the stored ones.
func OtherAccount(stored, given []casework.Account) (casework.Account, bool) {
	i := slices.IndexFunc(given, func(a casework.Account) bool { return !slices.Contains(stored, a) })
	if i < 0 {
		return casework.Account{}, false
	}
	return given[i], true
}

func comparePeople(old, given casework.User, oldAccounts, givenAccounts []casework.Account) (what []FieldChange) {
	roles := func(u casework.User) string { return strings.Join(slices.Sorted(slices.Values(u.Roles)), " ") }
	for _, f := range []FieldChange{
		{"name", old.Name, given.Name},
		{"unit", old.Unit, given.Unit},
		{"profession", old.Profession, given.Profession},
		{"roles", roles(old), roles(given)},
	} {
		if f.From != f.To {
			what = append(what, f)
		}
	}
	if given.Email != "" && !strings.EqualFold(old.Email, given.Email) {
		what = append(what, FieldChange{"email", old.Email, given.Email})
	}
	before := map[string]string{}
	for _, a := range oldAccounts {
		before[a.Platform] = a.User
	}
	for _, a := range givenAccounts {
		if before[a.Platform] != a.User {
			what = append(what, FieldChange{"account " + a.Platform, before[a.Platform], a.User})
		}
	}
	return what
}

// accountsFree makes sure that no account is taken from somebody who keeps it.
func accountsFree(stored, given map[string][]casework.Account, people []casework.User) error {
	holders := map[casework.Account]string{}
	for login, of := range stored {
		for _, a := range of {
			moves := slices.ContainsFunc(given[login], func(g casework.Account) bool { return g.Platform == a.Platform })
			if !moves {
				holders[a] = login
			}
		}
	}
	known := map[string]bool{}
	for _, u := range people {
		known[u.Login] = true
	}
	for _, login := range slices.Sorted(maps.Keys(given)) {
		for _, a := range given[login] {
			if holder, taken := holders[a]; taken && holder != login {
				return fmt.Errorf("the account %s in %s belongs to %s and cannot be %s's too", a.User, a.Platform, holder, login)
			}
			holders[a] = login
		}
		if !known[login] {
			return fmt.Errorf("an account is given for %s, who is not", login)
		}
	}
	return nil
}
