package casework

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A meeting is reminded of 7 days and 1 day before, at nine on a working day, to whoever is invited and in the team.
func TestMeetingReminders(t *testing.T) {
	invitees := []string{"paula", "mika", "near:daughter"}
	for name, c := range map[string]struct {
		startsAt time.Time
		want     []string
	}{
		"on a Tuesday":         {monthOut, []string{"2026-12-08 09:00", "2026-12-14 09:00"}},
		"on a Monday":          {helsinki(2026, 12, 14, 13, 0), []string{"2026-12-07 09:00", "2026-12-11 09:00"}},
		"after Christmas":      {helsinki(2026, 12, 28, 10, 0), []string{"2026-12-21 09:00", "2026-12-23 09:00"}},
		"after Easter, 0.30":   {helsinki(2027, 3, 30, 0, 30).UTC(), []string{"2027-03-23 09:00", "2027-03-25 09:00"}},
		"clocks change, 0.30":  {helsinki(2027, 4, 1, 0, 30).UTC(), []string{"2027-03-25 09:00", "2027-03-31 09:00"}},
		"in six days":          {monday.AddDate(0, 0, 6), []string{"2026-11-27 09:00"}},
		"tomorrow, before 9":   {monday.AddDate(0, 0, 1), []string{"2026-11-23 09:00"}},
		"today":                {monday.Add(3 * time.Hour), nil},
		"when both fall alike": {helsinki(2026, 12, 31, 9, 0), []string{"2026-12-23 09:00", "2026-12-30 09:00"}},
	} {
		got := only(onAgenda(active(t).planned(c.startsAt, invitees...)), RemindMeeting)
		var want []string
		for i, day := range c.want {
			days := "7"
			if i == len(c.want)-1 {
				days = "1"
			}
			want = append(want, day+" meeting/1.1."+days+"/paula", day+" meeting/1.1."+days+"/mika")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Nothing is due before what caused it: a reminder whose instant is past already when its cause arises never is.
func TestNothingBeforeItsCause(t *testing.T) {
	lateMember := active(t).planned(monthOut, "mika").days(16)
	lateMember.joined("leo")
	lateMember.c.Meetings[0].Invitees = append(lateMember.c.Meetings[0].Invitees, "leo")
	short := aConsent("KOTIHOITO-B", "MIEPA")
	short.ValidUntil = helsinki(2026, 12, 8, 0, 0)
	for name, c := range map[string]struct {
		b    *build
		kind ItemKind
		want []string
	}{
		"joined after the first": {
			lateMember, RemindMeeting,
			[]string{"2026-12-08 09:00 meeting/1.1.7/mika", "2026-12-14 09:00 meeting/1.1.1/mika", "2026-12-14 09:00 meeting/1.1.1/leo"},
		},
		"short consent":      {pending(t, monday).grantedAs(short), RemindConsentEnd, []string{"2026-12-01 09:00 consent_end/1.7/paula"}},
		"answered late":      {aCase(t).taken().returned().days(10).answered("sanna"), RemindAccept, []string{"2026-12-07 09:00 accept/20261203T061500/paula"}},
		"responsible late":   {together(t).joined("mika").days(25).responsible("kaisa"), RemindPlan, nil},
		"two units late":     {together(t).responsible("kaisa").days(25).joined("mika"), RemindPlan, nil},
		"cancelled late":     {cancelledLate(t), RemindPlan, nil},
		"declined in time":   {together(t).named("kaisa").days(1).declinedNaming("kaisa"), RemindName, []string{"2026-11-30 09:00 name/20261130T061500/paula"}},
		"declined late":      {together(t).named("kaisa").days(8).declinedNaming("kaisa"), RemindName, []string{"2026-12-08 09:00 name/20261208T061500/paula"}},
		"responsible, ended": {active(t).days(350).responsibleLeaves(), RemindName, []string{"2027-11-15 09:00 name/20271115T061500/paula"}},
		"near the end": {
			together(t).days(355).responsible("kaisa"), RemindConsentEnd,
			[]string{"2027-10-22 09:00 consent_end/1.30/paula", "2027-11-16 09:00 consent_end/1.7/paula", "2027-11-16 09:00 consent_end/1.7/kaisa"},
		},
	} {
		if got := only(onAgenda(c.b), c.kind); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func (b *build) declinedNaming(login string) *build {
	b.t.Helper()
	return b.did(b.quiet().DeclineNaming(people[login], b.now))
}

// responsibleLeaves is an amendment that no longer covers kaisa.
func (b *build) responsibleLeaves() *build {
	b.t.Helper()
	k := aConsent("MIEPA", "SOTE-KESKUS-A")
	return b.grantedAs(k)
}

func cancelledLate(t *testing.T) *build {
	b := active(t).planned(monthOut.AddDate(0, 0, 3), "mika").days(24)
	return b.did(b.quiet().Cancel(1, "client_ill", b.now))
}

// Who records a meeting is reminded: the responsible worker, and the coordinator once there is none any more.
func TestRecordReminder(t *testing.T) {
	b := active(t).planned(monthOut, "mika")
	if got := only(onAgenda(b), RemindMeetingOpen); !slices.Equal(got, []string{"2026-12-18 09:00 record_meeting/1.1.20261218T110000/kaisa"}) {
		t.Errorf("responsible worker: %q", got)
	}
	b.at(monthOut.Add(time.Hour)).withdrawn()
	if got := only(onAgenda(b), RemindMeetingOpen); !slices.Equal(got, []string{"2026-12-18 09:00 record_meeting/1.1.20261218T120000/paula"}) {
		t.Errorf("coordinator: %q", got)
	}
	if b.closed(); len(onAgenda(b)) != 0 {
		t.Errorf("closed: %q", onAgenda(b))
	}
}

// The same cause keeps its keys while other things change; a key that goes belongs to what changed.
func TestKeysAreStable(t *testing.T) {
	start := func() *build {
		return together(t).named("kaisa").invited("mika", "leo").planned(monthOut, "paula", "near:daughter")
	}
	for name, c := range map[string]struct {
		change func(b *build) *build
		gone   string // prefixes of keys that go
	}{
		"somebody invited": {func(b *build) *build { return b.invited("jaana") }, ""},
		"somebody joins":   {func(b *build) *build { return b.did(b.quiet().Join(people["leo"], b.now)) }, "invited/2 act_void_invite/2"},
		"declined":         {func(b *build) *build { return b.did(b.quiet().DeclineInvite(people["leo"], b.now)) }, "invited/2 act_void_invite/2"},
		"confirmed":        {func(b *build) *build { return b.did(b.quiet().Confirm(1, "in_person", b.now)) }, ""},
		"another meeting":  {func(b *build) *build { return b.planned(monthOut.AddDate(0, 1, 0), "paula") }, ""},
		"amended": {
			func(b *build) *build { return b.granted("KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A", "near:daughter") },
			"consent_end/1 act_consent_expires/1",
		},
		"moved": {
			func(b *build) *build { return b.did(b.quiet().Move(1, monthOut.AddDate(0, 0, 1), "other", b.now)) },
			"meeting/1 record_meeting/1",
		},
		"responsible": {func(b *build) *build { return b.did(b.quiet().AcceptNaming(people["kaisa"], b.now)) }, "named/ name/ record_meeting/"},
	} {
		b := start()
		before := keysOf(b)
		after := keysOf(c.change(b.after(time.Hour)))
		for _, key := range before {
			goes := slices.ContainsFunc(strings.Fields(c.gone), func(prefix string) bool { return strings.HasPrefix(key, prefix) })
			if slices.Contains(after, key) == goes {
				t.Errorf("%s: key %s gone: %v, want %v", name, key, !goes, goes)
			}
		}
	}
}

// A new version of the consent begins the days to name somebody and to meet no sooner and no later.
func TestAmendingKeepsTheDays(t *testing.T) {
	all := []string{"KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A"}
	for kind, b := range map[ItemKind]*build{RemindName: together(t), RemindPlan: active(t)} {
		before := only(onAgenda(b), kind)
		if after := only(onAgenda(b.days(2).granted(all...).days(1).granted(all...)), kind); len(before) != 1 || !slices.Equal(before, after) {
			t.Errorf("%s: %q, amended %q", kind, before, after)
		}
	}
	b := active(t).days(1).withdrawn().days(5).asked().granted(all...)
	if _, due := b.c.nameDue(b.s); !due.Equal(helsinki(2026, 12, 4, 8, 15)) {
		t.Errorf("a consent given anew begins the days anew: %s", due)
	}
}
