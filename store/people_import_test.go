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

// stored reads the directory as it is.
func (w *world) stored() (d store.Directory) {
	w.Helper()
	stop := errors.New("only looking")
	_, err := w.ImportDirectory(w.Context(), true, func(now store.Directory) (store.Directory, error) { d = now; return d, stop })
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
		got, err := w.ImportDirectory(t.Context(), apply, importing(given))
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
	again, err := w.ImportDirectory(t.Context(), true, importing(given))
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
		if _, err := w.ImportDirectory(t.Context(), true, importing(given)); err == nil {
			t.Errorf("%s was imported", name)
		}
		if d := cmp.Diff(before, w.stored()); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestAccountsMaySwapAndClosedAccessStaysClosed(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error { return tx.Disable(t.Context(), "sanna", true) })
	given := store.Directory{
		People: []casework.User{user("sanna", "SOTE-KESKUS-A", "professional"), user("paula", "ASIAKASOHJAUS", "professional", "coordinator")},
		Accounts: map[string][]casework.Account{
			"paula": {{Platform: "sandbox", User: "U2"}}, "sanna": {{Platform: "sandbox", User: "U1"}},
		},
	}
	c, err := w.ImportDirectory(t.Context(), true, importing(given))
	if err != nil || len(c.PeopleChanged) != 2 || len(c.PeopleClosed) != 1 {
		t.Fatal(err, c)
	}
	w.within(start, func(tx *store.Tx) error {
		paula, err := tx.UserByAccount(t.Context(), "sandbox", "U2")
		if paula.Login != "paula" {
			t.Errorf("U2 is %q's", paula.Login)
		}
		sanna, err2 := tx.User(t.Context(), "sanna")
		if !sanna.Disabled {
			t.Error("the import opened closed access")
		}
		return errors.Join(err, err2)
	})
}

func TestAWholeCountyIsImportedAtOnceByTwo(t *testing.T) {
	w := newWorld(t)
	var given store.Directory
	for i := range 8000 {
		given.People = append(given.People, user(fmt.Sprintf("henkilo%d", i), "IAKKAAT", "professional"))
	}
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if _, err := w.ImportDirectory(t.Context(), true, importing(given)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := len(w.stored().People); n != 8000+len(people) {
		t.Errorf("%d people", n)
	}
}

func TestCheckupKnowsTheServicesLogin(t *testing.T) {
	w := newWorld(t)
	c, err := w.Checkup(t.Context())
	if err != nil || c.ChangesLogs || !c.KeysFit || c.Kind != store.Production || c.People != len(people) || c.Coordinators != 2 {
		t.Errorf("%+v %v", c, err)
	}
	w.raise("one", start)
	other, err := store.Open(t.Context(), w.owner, newKeys(t))
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
			c, err := w.ImportDirectory(t.Context(), apply, importing(store.Directory{People: step.given}))
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
