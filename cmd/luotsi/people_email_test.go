package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/store"
)

// byEmail signs somebody in as the organisation's own sign-in does; empty when nobody has the address.
func (d *desk) byEmail(email string) string {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), d.args[len(d.args)-1], nil)
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	house := &commands.House{Now: func() time.Time { return monday }, Within: func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
		return s.Within(ctx, at, func(tx *store.Tx) error { return f(tx) })
	}}
	login, _, err := house.LoginByEmail(d.t.Context(), email)
	if err != nil {
		d.t.Fatal(err)
	}
	return login
}

func TestImportedPeopleSignInByEmail(t *testing.T) {
	d := newDesk(t)
	const (
		header = "login,email,name,unit,profession,roles,language\n"
		rest   = ",KOTIHOITO-B,sairaanhoitaja,professional,fi\n"
		paula  = "paula,Paula.P@example.org,Paula" + rest
	)
	units := d.write("units.csv", someUnits)
	for _, tt := range []struct {
		rows, args, want string
		paula, kaisa     string // whose the addresses are afterwards
	}{
		{paula + ",kaisa@example.org,Kaisa" + rest, "--apply", "2 added", "paula", "kaisa"},
		{"paula,,Paula" + rest, "--apply", "1 as they were", "paula", "kaisa"},
		{"paula,uusi@example.org,Paula" + rest, "", "~ paula: email paula.p@example.org -> uusi@example.org", "paula", "kaisa"},
		{",PAULA.P@example.org,Paula" + rest, "--apply", "1 as they were", "paula", "kaisa"}, // found by it, whatever its local part is
		{"anna,kaisa@example.org,Anna" + rest, "--apply", "line 2: the e-mail address is kaisa's in the directory", "paula", "kaisa"},
		{"kaisa,,Kaisa" + rest + "anna,kaisa@example.org,Anna" + rest, "--apply", "line 3: the e-mail address is kaisa's", "paula", "kaisa"},
		{"anna,a@example.org,Anna" + rest + "eeva,A@Example.org,Eeva" + rest, "--apply", "line 3: the e-mail address stands on line 2", "paula", "kaisa"},
		{"self-anna,,Anna" + rest, "--apply", "line 2: logins that begin with self-", "paula", "kaisa"},
		{"paula,kaisa@example.org,Paula" + rest + "kaisa,paula.p@example.org,Kaisa" + rest, "--apply", "0 added, 2 changed", "kaisa", "paula"},
	} {
		_, said := d.imports(append([]string{d.write("people.csv", header+tt.rows), "--units", units}, strings.Fields(tt.args)...)...)
		if !strings.Contains(said, tt.want) {
			t.Errorf("%s: want %q, said\n%s", tt.rows, tt.want, said)
		}
		if p, k := d.byEmail("paula.p@Example.org"), d.byEmail("kaisa@example.org"); p != tt.paula || k != tt.kaisa {
			t.Errorf("%s: the addresses are %q's and %q's, want %q's and %q's", tt.rows, p, k, tt.paula, tt.kaisa)
		}
	}
}

// slowFinder answers from the nth time it is asked.
type slowFinder struct {
	asked, from int
	after       time.Duration
	expected    []int // how many, each time that it was told
	listed      int   // it may be told from then on
}

func (*slowFinder) Name() string { return "slow" }

func (f *slowFinder) Expect(_ context.Context, people int) error {
	if f.expected = append(f.expected, people); len(f.expected) < f.listed {
		return &bot.RetryError{After: f.after, Err: errors.New("too much to do")}
	}
	return nil
}

func (f *slowFinder) Find(context.Context, string, string) (bot.Profile, error) {
	if f.asked++; f.asked < f.from {
		return bot.Profile{}, &bot.RetryError{After: f.after, Err: errors.New("too much to do")}
	}
	return bot.Profile{User: "id1", Enabled: true}, nil
}

// TestChatsThatPutLookupsOffAreWaitedFor: for a minute, not longer.
func TestChatsThatPutLookupsOffAreWaitedFor(t *testing.T) {
	for _, tt := range []struct {
		slowFinder
		asked int
		found bool
	}{
		{slowFinder{from: 3, after: 20 * time.Second}, 3, true},
		{slowFinder{from: 100, after: 25 * time.Second}, 3, false},
		{slowFinder{from: 100}, 61, false},
		{slowFinder{from: 2, after: 10 * time.Minute}, 1, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			rows := table{rows: []tableRow{{line: 2, values: map[string]string{"login": "paula", "email": ""}}}}
			seen, err := sightings(t.Context(), []accountFinder{&tt.slowFinder}, rows)
			var later *bot.RetryError
			if found := len(seen[2]) == 1; tt.slowFinder.asked != tt.asked || found != tt.found || found == errors.As(err, &later) {
				t.Errorf("asked %d times, want %d; %v %v", tt.slowFinder.asked, tt.asked, seen, err)
			}
		})
	}
}

// TestChatsAreToldHowManyPeopleComeFirst, and a long list is waited for longer than one person.
func TestChatsAreToldHowManyPeopleComeFirst(t *testing.T) {
	for listed, wait := range map[int]time.Duration{1: time.Second, 10: time.Minute, 20: time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			f := slowFinder{listed: listed, after: wait}
			rows := table{rows: []tableRow{{line: 2, values: map[string]string{"login": "paula"}}, {line: 3, values: map[string]string{"login": "kaisa"}}}}
			_, err := sightings(t.Context(), []accountFinder{&f}, rows)
			var later *bot.RetryError
			if gaveUp := listed == 20; errors.As(err, &later) != gaveUp || f.expected[0] != 2 || !gaveUp && (len(f.expected) != listed || f.asked != 2) {
				t.Errorf("told %v, asked %d times: %v", f.expected, f.asked, err)
			}
		})
	}
}
