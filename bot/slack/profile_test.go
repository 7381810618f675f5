package slack

import (
	"slices"
	"testing"

	"luotsi/bot"
)

func TestProfileTellsPrograms(t *testing.T) {
	w := newWorkspace(t, quick)
	s := w.stranger()
	person, program, foreign := w.person("sanna"), w.person("kone"), w.person("vieras")
	w.do(func() { w.users[program].program, w.users[foreign].foreign = true, true })
	for user, want := range map[string][2]bool{person: {}, program: {true, false}, foreign: {false, true}} {
		if p, err := s.Profile(t.Context(), user); err != nil || p.Bot != want[0] || p.Guest != want[1] || p.Proven == want[1] {
			t.Errorf("%+v %v", p, err)
		}
	}
}

// TestProfileTellsTheLanguage that somebody uses the chat in, when it is one of ours. Slack tells it only to who asks for it.
func TestProfileTellsTheLanguage(t *testing.T) {
	w := newWorkspace(t, quick)
	s, person := w.stranger(), w.person("oskar")
	for locale, want := range map[string]bot.Lang{"sv-SE": bot.SV, "en-US": bot.EN, "de-DE": ""} {
		w.do(func() { w.users[person].locale = locale })
		if p, err := s.Profile(t.Context(), person); err != nil || p.Lang != want {
			t.Errorf("%s: %+v %v", locale, p, err)
		}
	}
}

// TestPeopleOfOtherOrganisationsWork though the list of the workspace's own does not hold them.
func TestPeopleOfOtherOrganisationsWork(t *testing.T) {
	w := newWorkspace(t, quick)
	s := w.stranger()
	person, foreign, gone := w.person("sanna"), w.person("vieras"), w.person("poissa")
	w.do(func() {
		w.users[foreign].foreign = true
		w.users[gone].foreign, w.users[gone].deleted = true, true
	})
	got, err := s.Working(t.Context(), []string{gone, foreign, person, "U404"})
	want := []string{person, foreign}
	slices.Sort(want)
	if slices.Sort(got); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v work, want %v: %v", got, want, err)
	}
}
