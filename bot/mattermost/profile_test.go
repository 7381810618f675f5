package mattermost

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

func TestProfileTellsPrograms(t *testing.T) {
	s := newChat(t)
	m := s.stranger()
	person, program := s.Person("sanna"), s.Person("kone")
	s.Change(program, func(u *mattermosttest.Member) { u.IsBot = true })
	for user, want := range map[string]bool{person: false, program: true} {
		if p, err := m.Profile(t.Context(), user); err != nil || p.Bot != want || p.Guest {
			t.Errorf("%+v %v", p, err)
		}
	}
}

// TestProfileTellsTheLanguage that somebody uses the chat in, when it is one of ours.
func TestProfileTellsTheLanguage(t *testing.T) {
	s := newChat(t)
	m, person := s.stranger(), s.Person("oskar")
	for locale, want := range map[string]bot.Lang{"sv": bot.SV, "en-AU": bot.EN, "de": "", "": ""} {
		s.Change(person, func(u *mattermosttest.Member) { u.Locale = locale })
		if p, err := m.Profile(t.Context(), person); err != nil || p.Lang != want {
			t.Errorf("%s: %+v %v", locale, p, err)
		}
	}
}

// TestThousandsAreLookedUpInFewCalls: two hundred in each.
func TestThousandsAreLookedUpInFewCalls(t *testing.T) {
	s := newChat(t)
	m := s.stranger()
	var users []string
	for i := range 1001 {
		users = append(users, s.Person(fmt.Sprint("p", i)))
	}
	s.Disable(users[7])
	before := len(s.Calls)
	got, err := m.Working(t.Context(), append(users, "not an id"))
	if err != nil || len(got) != 1000 || slices.Contains(got, users[7]) {
		t.Errorf("%d work, %v", len(got), err)
	}
	if n := len(s.Calls) - before; n != 6 {
		t.Errorf("%d calls", n)
	}
}

func TestBusyServerIsAskedForPeopleLater(t *testing.T) {
	s := newChat(t)
	s.Set(func() { s.Down = true })
	a, err := NewAccounts(s.URL(), "token-luotsi")
	if err != nil {
		t.Fatal(err)
	}
	var later *bot.RetryError
	if _, err = a.Find(t.Context(), "sanna", ""); !errors.As(err, &later) {
		t.Errorf("not to be tried again: %v", err)
	}
}

// TestAddressesCountWhenTheServerVouchesForThem: anybody may write any into their account, and nobody is told which were confirmed.
func TestAddressesCountWhenTheServerVouchesForThem(t *testing.T) {
	for _, tt := range []struct {
		token   string
		proving bool
		service string // that the account signs in with
		email   string
		want    bool
	}{
		{"admin-token", false, "", "paula@example.org", false},
		{"bot", false, "ldap", "paula@example.org", false},
		{"admin-token", false, "ldap", "paula@example.org", true},
		{"bot", true, "", "paula@example.org", true},
		{"bot", true, "", "", false},
	} {
		o := newOffice(t)
		o.person("paula")
		o.tokens["bot"], o.proving = o.person("bot"), tt.proving
		o.named("paula").AuthService, o.named("paula").EmailVerified = tt.service, true
		a, err := NewAccounts(o.web.URL, tt.token)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"paula", "nobody"} {
			got, err := a.Find(t.Context(), name, tt.email)
			if err == nil && got.Proven != tt.want || err != nil && (name == "paula" || tt.email != "") {
				t.Errorf("%+v: %+v %v", tt, got, err)
			}
		}
	}
}
