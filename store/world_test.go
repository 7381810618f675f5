package store_test

import (
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// world is a database of its own with an organisation in it, its service and its owner.
type world struct {
	testing.TB
	*store.Store
	owner    string // the owner's address
	settings casework.Settings
}

// start is a Monday morning in Helsinki.
var start = time.Date(2027, 2, 1, 9, 0, 0, 0, casework.Helsinki)

func newWorld(t testing.TB) *world {
	t.Helper()
	w := worldIn(t, storetest.URL(t), newKeys(t))
	if err := w.SeedDirectory(t.Context(), units, people, accounts); err != nil {
		t.Fatal(err)
	}
	return w
}

// worldIn is the world that is in a migrated database already.
func worldIn(t testing.TB, owner string, keys *store.Keys) *world {
	t.Helper()
	s, err := store.Open(t.Context(), store.ServiceURL(owner), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{TB: t, Store: s, owner: owner, settings: casework.DefaultSettings()}
}

func newKeys(t testing.TB) *store.Keys {
	t.Helper()
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

var units = []casework.Unit{
	{Code: "ASIAKASOHJAUS", Name: "Asiakasohjaus", Register: casework.Social, Care: true},
	{Code: "IAKKAAT", Name: "Iäkkäiden palvelut", Register: casework.Social, Care: true},
	{Code: "KOTIHOITO-B", Name: "Kotihoito B", Register: casework.Health, Care: true},
	{Code: "SOTE-KESKUS-A", Name: "Sote-keskus A", Register: casework.Health, Care: true},
	{Code: "ESIMERKKIJARJESTO", Name: "Esimerkkijärjestö", Register: casework.ThirdSector, Care: true},
}

var people = []casework.User{
	user("paula", "ASIAKASOHJAUS", "professional", "coordinator"), user("sanna", "SOTE-KESKUS-A", "professional"),
	user("ville", "IAKKAAT", "professional"), user("ulla", "IAKKAAT", "professional"), user("kaisa", "KOTIHOITO-B", "professional"),
	user("leo", "SOTE-KESKUS-A", "professional"), user("jaana", "ESIMERKKIJARJESTO", "guest"),
	user("katri", "SOTE-KESKUS-A", "professional", "coordinator"),
}

var accounts = map[string][]casework.Account{
	"paula": {{Platform: "sandbox", User: "U1"}}, "sanna": {{Platform: "sandbox", User: "U2"}, {Platform: "slack", User: "S2"}},
}

func user(login, unit string, roles ...string) casework.User {
	return casework.User{
		Person: casework.Person{
			Login: login, Unit: unit, Register: registerOf(unit),
			Coordinator: slices.Contains(roles, "coordinator"), Guest: slices.Contains(roles, "guest"),
		},
		Name: "Nimi " + login, Roles: roles, Lang: "fi", QuietFrom: "20:00", QuietTo: "07:00",
	}
}

func registerOf(unit string) casework.Register {
	for _, u := range units {
		if u.Code == unit {
			return u.Register
		}
	}
	return casework.NoRegister
}

func person(login string) casework.Person {
	for _, u := range people {
		if u.Login == login {
			return u.Person
		}
	}
	return casework.Person{Login: login}
}

// newCode draws a case code of its own for every seed.
func newCode(t testing.TB, seed string) casework.Code {
	t.Helper()
	code, err := casework.NewCode(rand.NewChaCha8(sha256.Sum256([]byte(seed))))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// within runs f in a transaction that must commit.
func (w *world) within(at time.Time, f func(*store.Tx) error) {
	w.Helper()
	if err := w.Within(w.Context(), at, f); err != nil {
		w.Fatal(err)
	}
}

// act carries one act out on a case, as commands do: lock, decide, save.
func (w *world) act(id int64, at time.Time, do func(casework.Case) (casework.Case, error)) casework.Case {
	w.Helper()
	var c casework.Case
	w.within(at, func(t *store.Tx) (err error) {
		if c, err = t.LockID(w.Context(), id); err != nil {
			return err
		}
		if c, err = do(c); err != nil {
			return err
		}
		return t.Save(w.Context(), c, casework.Agenda(c, w.settings))
	})
	return c
}

func (w *world) read(id int64) (c casework.Case) {
	w.Helper()
	w.within(start, func(t *store.Tx) (err error) {
		c, err = t.Read(w.Context(), id)
		return err
	})
	return c
}

// asOwner runs statements in one transaction of the owner, whom no grants bind.
func (w *world) asOwner(statements ...string) error {
	w.Helper()
	db, err := sqlx.Open("postgres", w.owner)
	if err != nil {
		w.Fatal(err)
	}
	tx, err := db.Beginx()
	if err != nil {
		w.Fatal(err)
	}
	for _, s := range statements {
		if _, err := tx.Exec(s); err != nil {
			return errors.Join(err, tx.Rollback(), db.Close())
		}
	}
	return errors.Join(tx.Commit(), db.Close())
}

// count runs a query for one number.
func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	if err := w.DB().Get(&n, query, args...); err != nil {
		w.Fatal(err)
	}
	return n
}
