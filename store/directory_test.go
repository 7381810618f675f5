package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luotsi/commands/casework"
	"luotsi/store"
)

func TestTheDirectoryComesBackAsItWasSeeded(t *testing.T) {
	w := newWorld(t)
	if err := w.SeedDirectory(t.Context(), units, people, accounts); err != nil {
		t.Fatal(err)
	}
	w.within(start, func(tx *store.Tx) error {
		gotUnits, err1 := tx.Units(t.Context())
		gotPeople, err2 := tx.Users(t.Context())
		byCode := cmpopts.SortSlices(func(a, b casework.Unit) bool { return a.Code < b.Code })
		byLogin := cmpopts.SortSlices(func(a, b casework.User) bool { return a.Login < b.Login })
		if d := cmp.Diff(units, gotUnits, byCode); d != "" {
			t.Error(d)
		}
		if d := cmp.Diff(people, gotPeople, byLogin); d != "" {
			t.Error(d)
		}
		return errors.Join(err1, err2)
	})
}

func TestPeopleAreFoundByLoginAndAccount(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error {
		sanna, err1 := tx.UserByAccount(t.Context(), "slack", "S2")
		account, err2 := tx.AccountOf(t.Context(), "sanna", "sandbox")
		if d := cmp.Diff(people[1], sanna); d != "" || account != "U2" {
			t.Error(d, account)
		}
		_, noAccount := tx.UserByAccount(t.Context(), "sandbox", "S2")
		_, noPerson := tx.User(t.Context(), "nobody")
		_, noPlatform := tx.AccountOf(t.Context(), "paula", "slack")
		noSettings := tx.SaveUser(t.Context(), casework.User{Person: casework.Person{Login: "nobody"}})
		for _, err := range []error{noAccount, noPerson, noPlatform, noSettings} {
			if !errors.Is(err, casework.ErrNotKnown) {
				t.Errorf("nobody: %v", err)
			}
		}
		return errors.Join(err1, err2)
	})
}

// A later seed brings what the organisation decides, and leaves what people chose.
func TestSeedingLeavesSettingsAlone(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error {
		u, err := tx.User(t.Context(), "sanna")
		u.Lang, u.QuietFrom, u.QuietTo, u.Digest = "sv", "", "", true
		return errors.Join(err, tx.SaveUser(t.Context(), u))
	})
	left := user("sanna", "KOTIHOITO-B", "supervisor")
	left.Disabled = true
	err := w.SeedDirectory(t.Context(), nil, []casework.User{left}, map[string][]casework.Account{"sanna": {{Platform: "slack", User: "NEW"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := left
	want.Lang, want.QuietFrom, want.QuietTo, want.Digest = "sv", "", "", true
	w.within(start, func(tx *store.Tx) error {
		u, err1 := tx.User(t.Context(), "sanna")
		if d := cmp.Diff(want, u); d != "" {
			t.Error(d)
		}
		account, err2 := tx.AccountOf(t.Context(), "sanna", "slack")
		if account != "NEW" {
			t.Errorf("account %q", account)
		}
		if _, err := tx.UserByAccount(t.Context(), "slack", "NEW"); !errors.Is(err, casework.ErrNotKnown) {
			t.Errorf("a disabled person was found by account: %v", err)
		}
		return errors.Join(err1, err2)
	})
}

// caseload is a world of cases in different phases.
func caseload(t *testing.T) (w *world, team, queued, paused, invited int64) {
	t.Helper()
	w = newWorld(t)
	later := start.Add(3 * time.Hour)
	withdraw := func(c casework.Case) (casework.Case, error) {
		return c.Withdraw(person("paula"), casework.Withdrawal{By: "client"}, later)
	}
	team = w.together("team", start)
	queued = w.raise("queued", start.Add(-time.Hour))
	paused = w.together("paused", start.Add(time.Hour))
	w.act(paused, later, func(c casework.Case) (casework.Case, error) {
		return c.Invite(person("paula"), person("ville"), secret, c.ChangedAt)
	})
	w.act(paused, later, func(c casework.Case) (casework.Case, error) { return c.Join(person("ville"), c.ChangedAt) })
	w.act(paused, later, withdraw)
	closed := w.together("closed", start.Add(2*time.Hour))
	w.act(closed, later, withdraw)
	w.act(closed, later, func(c casework.Case) (casework.Case, error) { return c.Close(later) })
	invited = w.consented("invited", start.Add(4*time.Hour))
	w.act(invited, later, func(c casework.Case) (casework.Case, error) {
		return c.Invite(person("paula"), person("ville"), secret, c.ChangedAt)
	})
	w.act(invited, later, func(c casework.Case) (casework.Case, error) {
		return c.Name(person("paula"), person("kaisa"), casework.Naming{Need: secret}, c.ChangedAt)
	})
	return w, team, queued, paused, invited
}

func TestOpenListsWhatConcernsThePerson(t *testing.T) {
	w, team, queued, paused, invited := caseload(t)
	w.within(start, func(tx *store.Tx) error {
		for _, of := range []struct {
			login string
			queue bool
			want  []int64
		}{
			{"paula", true, []int64{queued, team, paused, invited}},
			{"paula", false, []int64{team, paused, invited}},
			{"sanna", false, []int64{queued, team, paused, invited}},
			{"kaisa", false, []int64{team, invited}},
			{"ville", false, []int64{invited}},
			{"ulla", false, nil},
			{"ulla", true, []int64{queued}},
		} {
			cases, err := tx.Open(t.Context(), of.login, of.queue)
			if err != nil {
				return err
			}
			var ids []int64
			for _, c := range cases {
				ids = append(ids, c.ID)
			}
			if d := cmp.Diff(of.want, ids); d != "" {
				t.Errorf("%s (queue %v): %s", of.login, of.queue, d)
			}
		}
		counts, err := tx.CountOpen(t.Context())
		want := map[casework.State]int{casework.Submitted: 1, casework.Active: 1, casework.Paused: 1, casework.TeamForming: 1}
		if d := cmp.Diff(want, counts); d != "" {
			t.Error(d)
		}
		return err
	})
}

// A list of many cases is the same as each of them read alone.
func TestManyCasesAreReadAsOne(t *testing.T) {
	w := newWorld(t)
	var want []casework.Case
	for i := range 5 {
		want = append(want, w.read(w.together(string(rune('a'+i)), start.Add(time.Duration(i)*time.Hour))))
	}
	w.within(start, func(tx *store.Tx) error {
		got, err := tx.Open(t.Context(), "paula", false)
		if d := cmp.Diff(want, got, sameCase); d != "" {
			t.Error(d)
		}
		return err
	})
}
