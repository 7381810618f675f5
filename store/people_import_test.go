package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

// importing is a plan that gives the same whatever is stored.
func importing(d store.Directory) func(store.Directory) (store.Directory, error) {
	return func(store.Directory) (store.Directory, error) { return d, nil }
}

// changedRows are rows that say no more than that an import changed something.
func changedRows(c store.DirectoryChanges) (rows []casework.AccessRow) {
	for _, login := range c.PeopleAdded {
		rows = append(rows, casework.AccessRow{At: start, Who: "os:operator", Action: "person.import", Fields: login, Allowed: true})
	}
	for _, p := range c.PeopleChanged {
		rows = append(rows, casework.AccessRow{At: start, Who: "os:operator", Action: "person.import", Fields: p.Login, Allowed: true})
	}
	return rows
}

// stored reads the directory as it is.
func (w *world) stored() (d store.Directory) {
	w.Helper()
	stop := errors.New("only looking")
	_, err := w.ImportDirectory(w.Context(), changedRows, func(now store.Directory) (store.Directory, error) { d = now; return d, stop })
	if !errors.Is(err, stop) {
		w.Fatal(err)
	}
	return d
}

func TestAnImportIsShownBeforeItIsMade(t *testing.T) {
	w := newWorld(t)
	moved := user("sanna", "KOTIHOITO-B", "professional", "supervisor")
	given := store.Directory{
		Units: []casework.Unit{
			units[0],
			{Code: "IAKKAAT", Name: "Ikäihmiset", Register: casework.Social, Care: true},
			{Code: "UUSI", Name: "Uusi", Register: casework.Health, Care: true},
		},
		People:   []casework.User{user("paula", "ASIAKASOHJAUS", "coordinator", "professional"), moved, user("uusi", "UUSI", "professional")},
		Accounts: map[string][]casework.Account{"sanna": {{Platform: "slack", User: "S3"}}, "uusi": {{Platform: "mattermost", User: "M1"}}},
	}
	want := store.DirectoryChanges{
		UnitsAdded: []string{"UUSI"}, UnitsChanged: []string{"IAKKAAT"}, PeopleAdded: []string{"uusi"}, PeopleUnchanged: []string{"paula"},
		PeopleChanged: []store.PersonChange{{Login: "sanna", What: []store.FieldChange{
			{Field: "unit", From: "SOTE-KESKUS-A", To: "KOTIHOITO-B"},
			{Field: "roles", From: "professional", To: "professional supervisor"},
			{Field: "account slack", From: "S2", To: "S3"},
		}}},
		PeopleMissing: []string{"jaana", "kaisa", "katri", "leo", "ulla", "ville"},
	}
	before := w.stored()
	for _, apply := range []bool{false, true} {
		if d := cmp.Diff(before, w.stored()); d != "" {
			t.Errorf("a look changed something: %s", d)
		}
		rows := changedRows
		if !apply {
			rows = nil
		}
		got, err := w.ImportDirectory(t.Context(), rows, importing(given))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	after := w.stored()
	if d := cmp.Diff([]casework.Account{{Platform: "sandbox", User: "U2"}, {Platform: "slack", User: "S3"}}, after.Accounts["sanna"]); d != "" {
		t.Error(d)
	}
	if len(after.People) != len(before.People)+1 || len(after.Units) != len(before.Units)+1 {
		t.Errorf("%d people, %d units", len(after.People), len(after.Units))
	}
	again, err := w.ImportDirectory(t.Context(), changedRows, importing(given))
	if err != nil || len(again.PeopleAdded)+len(again.PeopleChanged)+len(again.UnitsAdded)+len(again.UnitsChanged) > 0 {
		t.Errorf("again: %+v %v", again, err)
	}
}

// All of it or nothing: also when only the database notices what is wrong.
func TestNothingIsHalfImported(t *testing.T) {
	w := newWorld(t)
	before := w.stored()
	lost := user("lost", "EI-OLE", "professional")
	for name, given := range map[string]store.Directory{
		"no such unit":          {Units: []casework.Unit{{Code: "UUSI", Name: "Uusi"}}, People: []casework.User{user("uusi", "UUSI", "dpo"), lost}},
		"somebody's account":    {People: []casework.User{user("uusi", "IAKKAAT", "dpo")}, Accounts: map[string][]casework.Account{"uusi": {{Platform: "slack", User: "S2"}}}},
		"an account for nobody": {Accounts: map[string][]casework.Account{"nobody": {{Platform: "slack", User: "S9"}}}},
	} {
		if _, err := w.ImportDirectory(t.Context(), changedRows, importing(given)); err == nil {
			t.Errorf("%s was imported", name)
		}
		if d := cmp.Diff(before, w.stored()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestAccountsMaySwap(t *testing.T) {
	w := newWorld(t)
	given := store.Directory{
		People: []casework.User{user("sanna", "SOTE-KESKUS-A", "professional"), user("paula", "ASIAKASOHJAUS", "professional", "coordinator")},
		Accounts: map[string][]casework.Account{
			"paula": {{Platform: "sandbox", User: "U2"}}, "sanna": {{Platform: "sandbox", User: "U1"}},
		},
	}
	c, err := w.ImportDirectory(t.Context(), changedRows, importing(given))
	if err != nil || len(c.PeopleChanged) != 2 {
		t.Fatal(err, c)
	}
	w.within(start, func(tx *store.Tx) error {
		paula, err := tx.UserByAccount(t.Context(), "sandbox", "U2")
		if paula.Login != "paula" {
			t.Errorf("U2 is %q's", paula.Login)
		}
		return err
	})
}

// TestClosedAccessTakesNoOtherAccount: a newcomer who gets the login of somebody who left must not open what was theirs. The address
// may go over to another login.
func TestClosedAccessTakesNoOtherAccount(t *testing.T) {
	w := newWorld(t)
	left := user("sanna", "SOTE-KESKUS-A", "professional")
	left.Email = "s@example.org"
	if _, err := w.ImportDirectory(t.Context(), changedRows, importing(store.Directory{People: []casework.User{left}})); err != nil {
		t.Fatal(err)
	}
	w.within(start, func(tx *store.Tx) error { return tx.Disable(t.Context(), "sanna", true, false) })
	before := w.stored()
	given := func(account string) store.Directory {
		return store.Directory{People: []casework.User{left}, Accounts: map[string][]casework.Account{"sanna": {{Platform: "slack", User: account}}}}
	}
	for _, rows := range []func(store.DirectoryChanges) []casework.AccessRow{nil, changedRows} {
		if _, err := w.ImportDirectory(t.Context(), rows, importing(given("NEW"))); err == nil || !strings.Contains(err.Error(), "access of sanna is closed") {
			t.Error("another account was linked to closed access", err)
		}
	}
	if c, err := w.ImportDirectory(t.Context(), changedRows, importing(given("S2"))); err != nil || len(c.PeopleClosed) != 1 {
		t.Error(err, c)
	}
	if d := cmp.Diff(before, w.stored()); d != "" {
		t.Error(d)
	}
	heir := user("sanna2", "SOTE-KESKUS-A", "professional")
	heir.Email = "S@example.org"
	c, err := w.ImportDirectory(t.Context(), changedRows, importing(store.Directory{People: []casework.User{heir}}))
	want := []store.PersonChange{{Login: "sanna", What: []store.FieldChange{{Field: "email", From: "s@example.org"}}}}
	if d := cmp.Diff(want, c.PeopleChanged); d != "" || err != nil {
		t.Error(d, err)
	}
	w.within(start, func(tx *store.Tx) error {
		u, err := tx.UserByEmail(t.Context(), "s@example.org")
		if old, err2 := tx.User(t.Context(), "sanna"); u.Login != "sanna2" || !old.Disabled || old.Email != "" || err2 != nil {
			t.Errorf("the address is %q's, and the old one is %+v", u.Login, old)
		}
		return err
	})
}

// TestAnImportIsLoggedWithItsChanges, or not made.
func TestAnImportIsLoggedWithItsChanges(t *testing.T) {
	w := newWorld(t)
	if err := w.Seal(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	before, err := w.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	given := store.Directory{People: []casework.User{user("uusi", "IAKKAAT", "professional"), user("sanna", "SOTE-KESKUS-A", "dpo")}}
	for range 2 { // the second changes nothing
		if _, err := w.ImportDirectory(t.Context(), changedRows, importing(given)); err != nil {
			t.Fatal(err)
		}
		after, err := w.Verify(t.Context())
		if err != nil || after.Rows != before.Rows+2 || len(after.Faults) > 0 {
			t.Errorf("%d rows, before %d: %v %v", after.Rows, before.Rows, after.Faults, err)
		}
	}
}

func TestAWholeCountyIsImportedAtOnceByTwo(t *testing.T) {
	w := newWorld(t)
	const county = 11_000
	given := store.Directory{Accounts: map[string][]casework.Account{}}
	for i := range county {
		u := user(fmt.Sprintf("henkilo%d", i), "IAKKAAT", "professional")
		u.Email = u.Login + "@example.org"
		given.People = append(given.People, u)
		given.Accounts[u.Login] = []casework.Account{{Platform: "mattermost", User: "M-" + u.Login}, {Platform: "slack", User: "S-" + u.Login}}
	}
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if _, err := w.ImportDirectory(t.Context(), changedRows, importing(given)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	after := w.stored()
	if n, last := len(after.People), after.Accounts[fmt.Sprintf("henkilo%d", county-1)]; n != county+len(people) || len(last) != 2 {
		t.Errorf("%d people, the last has %v", n, last)
	}
}

func TestCheckupKnowsTheServicesLogin(t *testing.T) {
	w := newWorld(t)
	c, err := w.Checkup(t.Context())
	if err != nil || c.ChangesLogs || !c.KeysFit || c.Kind != store.Production || c.People != len(people) || c.Coordinators != 2 {
		t.Errorf("%+v %v", c, err)
	}
	w.raise("one", start)
	other, err := store.Look(t.Context(), w.owner, newKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if c, err = other.Checkup(t.Context()); err != nil || !c.ChangesLogs || c.KeysFit || strings.HasPrefix(c.Login, "luotsi") {
		t.Errorf("the owner with others' keys: %+v %v", c, err)
	}
}

// An address is found however it is spelled, stays when none is given, and may go over to another person.
func TestEmailsAreStoredAndStay(t *testing.T) {
	w := newWorld(t)
	with := func(email string, u casework.User) casework.User { u.Email = email; return u }
	sanna, paula := user("sanna", "SOTE-KESKUS-A", "professional"), user("paula", "ASIAKASOHJAUS", "professional", "coordinator")
	whose := func(email string) (login string) {
		w.within(start, func(tx *store.Tx) error {
			u, err := tx.UserByEmail(t.Context(), email)
			if login = u.Login; errors.Is(err, casework.ErrNotKnown) {
				return nil
			}
			return err
		})
		return login
	}
	for i, step := range []struct {
		given []casework.User
		said  []store.FieldChange // of sanna
		want  map[string]string
	}{
		{[]casework.User{with("s@example.org", sanna), with("p@example.org", paula)}, []store.FieldChange{{Field: "email", To: "s@example.org"}}, map[string]string{"S@Example.org": "sanna", "p@example.org": "paula"}},
		{[]casework.User{sanna, paula}, nil, map[string]string{"s@example.org": "sanna"}},
		{[]casework.User{with("p@example.org", sanna), with("s@example.org", paula)}, []store.FieldChange{{Field: "email", From: "s@example.org", To: "p@example.org"}}, map[string]string{"p@example.org": "sanna", "s@example.org": "paula"}},
		{[]casework.User{with("new@example.org", sanna), with("p@example.org", paula)}, []store.FieldChange{{Field: "email", From: "p@example.org", To: "new@example.org"}}, map[string]string{"p@example.org": "paula", "s@example.org": ""}},
	} {
		for _, apply := range []bool{false, true} {
			rows := changedRows
			if !apply {
				rows = nil
			}
			c, err := w.ImportDirectory(t.Context(), rows, importing(store.Directory{People: step.given}))
			if err != nil {
				t.Fatal(i, err)
			}
			var said []store.FieldChange
			for _, p := range c.PeopleChanged {
				if p.Login == "sanna" {
					said = p.What
				}
			}
			if d := cmp.Diff(step.said, said); d != "" {
				t.Errorf("%d: %s", i, d)
			}
		}
		for email, login := range step.want {
			if got := whose(email); got != login {
				t.Errorf("%d: %s is %q's, want %q", i, email, got, login)
			}
		}
	}
}
