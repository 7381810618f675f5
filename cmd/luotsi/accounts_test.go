package main

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// rolls is a chat of which only the list of accounts matters.
type rolls struct {
	bot.Platform
	name string

	mu    sync.Mutex
	off   []string
	fails error
	asked [][]string
}

func (r *rolls) Name() string { return r.name }

// Working has everybody work who is not off.
func (r *rolls) Working(_ context.Context, users []string) ([]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, slices.Sorted(slices.Values(users)))
	if r.fails != nil {
		return nil, r.fails
	}
	return slices.DeleteFunc(slices.Clone(users), func(u string) bool { return slices.Contains(r.off, u) }), nil
}

// Profile tells who is off.
func (r *rolls) Profile(_ context.Context, user string) (bot.Profile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return bot.Profile{User: user, Enabled: !slices.Contains(r.off, user)}, r.fails
}

// rule sets who is off and what fails, and forgets what was asked.
func (r *rolls) rule(fails error, off ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.off, r.fails, r.asked = off, fails, nil
}

// follow is a county with two chats, whose jobs do not run yet. sanna has an account in each, ville in the first, leo in the
// second, kaisa in one that is not in use, nina in none.
type follow struct {
	*county
	t             *testing.T
	first, second *rolls
}

func newFollow(t *testing.T, fails error) *follow {
	t.Helper()
	f := &follow{t: t, first: &rolls{name: "first"}, second: &rolls{name: "second", fails: fails}}
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	if f.county, err = openCounty(t.Context(), storetest.URL(t), keys, monday, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.close(); err != nil {
			t.Error(err)
		}
	})
	f.house.Chats = []commands.Chat{{Platform: f.first}, {Platform: f.second}}
	nina := casework.User{Person: casework.Person{Login: "nina", Unit: "HALLINTO"}, Name: "Nina", Roles: roles("dpo"), Lang: "fi"}
	err = f.store.SeedDirectory(t.Context(), nil, []casework.User{nina}, map[string][]casework.Account{
		"sanna": {{Platform: "first", User: "F-sanna"}, {Platform: "second", User: "S-sanna"}}, "ville": {{Platform: "first", User: "F-ville"}},
		"leo": {{Platform: "second", User: "S-leo"}}, "kaisa": {{Platform: "third", User: "T-kaisa"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// closed are those whose access is closed.
func (f *follow) closed() (logins []string) {
	f.t.Helper()
	err := f.house.Within(f.t.Context(), monday, func(tx commands.Tx) error {
		users, err := tx.Users(f.t.Context())
		for _, u := range users {
			if u.Disabled {
				logins = append(logins, u.Login)
			}
		}
		return err
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return logins
}

func TestClosedAccountsAreFollowed(t *testing.T) {
	f := newFollow(t, nil)
	for _, login := range []string{"nina", "kaisa"} { // nobody can tell of them: they stay as they are
		if err := f.house.SetDisabled(t.Context(), login, true); err != nil {
			t.Fatal(err)
		}
	}
	down := errors.New("does not answer")
	for i, step := range []struct {
		first, second []string // who is off
		down          error    // of the second chat
		want          []string
	}{
		{nil, nil, nil, []string{"kaisa", "nina"}},
		{[]string{"F-sanna", "F-ville"}, nil, nil, []string{"kaisa", "nina", "ville"}},
		{[]string{"F-sanna"}, []string{"S-sanna", "S-leo"}, down, []string{"kaisa", "nina"}},
		{[]string{"F-sanna"}, []string{"S-sanna", "S-leo"}, nil, []string{"kaisa", "leo", "nina", "sanna"}},
		{nil, nil, down, []string{"kaisa", "leo", "nina", "sanna"}},
		{nil, []string{"S-sanna"}, nil, []string{"kaisa", "nina"}},
	} {
		f.first.rule(nil, step.first...)
		f.second.rule(step.down, step.second...)
		if err := f.house.FollowAccounts(t.Context()); !errors.Is(err, step.down) {
			t.Errorf("%d: %v", i, err)
		}
		if got := f.closed(); !slices.Equal(got, step.want) {
			t.Errorf("%d: closed are %v, want %v", i, got, step.want)
		}
	}
	for chat, want := range map[*rolls][]string{f.first: {"F-sanna", "F-ville"}, f.second: {"S-leo", "S-sanna"}} {
		if len(chat.asked) != 1 || !slices.Equal(chat.asked[0], want) {
			t.Errorf("%s was asked %v, want once %v", chat.name, chat.asked, want)
		}
	}
}

// TestAccessClosedByHandStaysClosed though the person's accounts work; opened by hand it is open, as long as one does.
func TestAccessClosedByHandStaysClosed(t *testing.T) {
	f := newFollow(t, nil)
	for i, step := range []struct {
		hand string // what is done by hand to ville's access
		off  string // who is off
		want []string
	}{
		{"close", "", []string{"ville"}},
		{"", "F-ville", []string{"ville"}},
		{"", "", []string{"ville"}},
		{"open", "", nil},
		{"", "F-ville", []string{"ville"}},
		{"close", "F-ville", []string{"ville"}}, // who was closed by the account is closed by hand too
		{"", "", []string{"ville"}},
		{"open", "F-ville", []string{"ville"}},
		{"", "", nil},
	} {
		if step.hand != "" {
			if err := f.house.SetAccess(t.Context(), "ville", step.hand == "open", "os:operator"); err != nil {
				t.Fatal(err)
			}
		}
		f.first.rule(nil, step.off)
		if err := f.house.FollowAccounts(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := f.closed(); !slices.Equal(got, step.want) {
			t.Errorf("%d: closed are %v, want %v", i, got, step.want)
		}
	}
	var rows int
	err := f.owner.QueryRowContext(t.Context(), `select count(*) from access_log where who = $1 and action in ('person.disable', 'person.open')`, casework.System).Scan(&rows)
	if err != nil || rows != 3 {
		t.Errorf("%d rows of what accounts did, want 3: %v", rows, err)
	}
}

// TestAChatThatCannotBeAskedHoldsUpNothingElse: the logs are sealed as ever, and no look waits for it: the other chat would be asked about
// all its people each time.
func TestAChatThatCannotBeAskedHoldsUpNothingElse(t *testing.T) {
	f := newFollow(t, &bot.RetryError{After: time.Hour, Err: errors.New("does not answer")})
	if err := f.start(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	for _, job := range []river.JobArgs{commands.Follow{}, commands.Tend{}, commands.Follow{}} {
		err := f.house.Within(t.Context(), monday, func(tx commands.Tx) error { return tx.Enqueue(t.Context(), job, 1) })
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := f.jobs.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := f.owner.QueryContext(t.Context(), `select kind from river_job where state in ('scheduled', 'retryable') or scheduled_at > now()`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var kinds []string
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			t.Fatal(err)
		}
		kinds = append(kinds, kind)
	}
	if rows.Err() != nil || len(kinds) > 0 {
		t.Errorf("waiting are %v: %v", kinds, rows.Err())
	}
}

// TestAChatThatKnowsNobodyIsNotBelieved: settings that point at another server must not take everybody out of their cases.
func TestAChatThatKnowsNobodyIsNotBelieved(t *testing.T) {
	f := newFollow(t, nil)
	more := map[string][]casework.Account{}
	all := []string{"F-sanna", "F-ville"}
	for _, login := range []string{"paula", "mika", "ulla"} {
		more[login] = []casework.Account{{Platform: "first", User: "F-" + login}}
		all = append(all, "F-"+login)
	}
	if err := f.store.SeedDirectory(t.Context(), nil, nil, more); err != nil {
		t.Fatal(err)
	}
	f.first.rule(nil, all...)
	if err := f.house.FollowAccounts(t.Context()); err == nil || len(f.closed()) > 0 {
		t.Errorf("closed are %v: %v", f.closed(), err)
	}
	f.first.rule(nil, all[1:]...)
	if err := f.house.FollowAccounts(t.Context()); err != nil || len(f.closed()) != 4 {
		t.Errorf("closed are %v: %v", f.closed(), err)
	}
}
