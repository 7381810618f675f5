package casework

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// onAgenda lists what time will do as "due key", in Helsinki, earliest first.
func onAgenda(b *build) []string {
	var lines []string
	for _, i := range Agenda(b.c, b.s) {
		lines = append(lines, i.Due.In(Helsinki).Format("2006-01-02 15:04 ")+i.Key)
	}
	return lines
}

// only keeps the lines of one kind.
func only(lines []string, kind ItemKind) []string {
	var kept []string
	for _, l := range lines {
		if strings.HasPrefix(l[len("2006-01-02 15:04 "):], string(kind)+"/") {
			kept = append(kept, l)
		}
	}
	return kept
}

func keysOf(b *build) []string {
	var keys []string
	for _, i := range Agenda(b.c, b.s) {
		keys = append(keys, i.Key)
	}
	slices.Sort(keys)
	return keys
}

const consentEnds = "2027-10-22 09:00 consent_end/1.30/paula\n2027-11-16 09:00 consent_end/1.7/paula\n2027-11-24 00:00 act_consent_expires/1"

// Everything that time does to a case in each phase, to the minute.
func TestWholeAgenda(t *testing.T) {
	for name, c := range map[string]struct {
		b    *build
		want string
	}{
		"submitted": {aCase(t), "2026-11-25 09:00 triage/1/@coordinators\n2026-11-30 09:00 triage_escalated/1/@supervisors"},
		"triage":    {aCase(t).taken(), "2026-11-25 09:00 accept/20261123T061500/paula"},
		"returned":  {aCase(t).taken().returned(), "2026-11-26 09:00 answer/20261123T061500/sanna\n2026-11-30 08:15 act_go_back/20261123T061500"},
		"no reply":  {pending(t, monday).noReply(), "2026-12-07 09:00 decide/20261123T061500/paula"},
		"consulted": {raised(t, monday, aNamelessConcern()).taken().answered("paula"), ""},
		"not asked": {aCase(t).taken().accepted(), "2026-11-30 09:00 consent/ask/paula"},
		"asked":     {pending(t, monday), "2026-11-30 09:00 consent/1.7/paula\n2026-12-07 09:00 consent/1.14/paula\n2026-12-23 08:15 act_no_reply/1"},
		"refused":   {pending(t, monday).refused(), ""},
		"forming":   {together(t), "2026-11-30 09:00 name/20261130T061500/paula\n" + consentEnds},
		"named": {
			together(t).named("kaisa"),
			"2026-11-25 09:00 named/1/kaisa\n2026-11-30 09:00 name/1.answer/paula\n" + consentEnds,
		},
		"invited": {
			together(t).responsible("paula").invited("leo"),
			"2026-11-30 09:00 invited/1/leo\n2026-12-07 08:15 act_void_invite/1\n" + consentEnds,
		},
		"active": {
			active(t), "2026-12-16 09:00 plan/20261223T061500/kaisa\n2027-10-22 09:00 consent_end/1.30/paula\n" +
				"2027-10-22 09:00 consent_end/1.30/kaisa\n2027-11-16 09:00 consent_end/1.7/paula\n2027-11-16 09:00 consent_end/1.7/kaisa\n" +
				"2027-11-24 00:00 act_consent_expires/1",
		},
		"paused": {active(t).withdrawn(), "2026-12-07 09:00 decide/20261123T061500/paula"},
		"closed": {active(t).withdrawn().closed(), ""},
	} {
		if got := strings.Join(onAgenda(c.b), "\n"); got != c.want {
			t.Errorf("%s:\n%s", name, cmp.Diff(c.want, got))
		}
	}
}

// Whatever falls on a day off is due on the working day before; an act of time is due at its own instant.
func TestAgendaOverDaysOff(t *testing.T) {
	saturday := helsinki(2026, 11, 21, 12, 0)
	for name, c := range map[string]struct {
		b    *build
		kind ItemKind
		want []string
	}{
		"over a weekend":         {aCaseAt(t, helsinki(2026, 12, 3, 16, 0)), RemindTriage, []string{"2026-12-07 09:00 triage/1/@coordinators"}},
		"over Christmas":         {aCaseAt(t, helsinki(2026, 12, 23, 10, 0)), RemindTriage, []string{"2026-12-29 09:00 triage/1/@coordinators"}},
		"over Easter":            {aCaseAt(t, helsinki(2027, 3, 25, 10, 0)), RemindTriage, []string{"2027-03-31 09:00 triage/1/@coordinators"}},
		"consent, on a Saturday": {pending(t, saturday), RemindConsent, []string{"2026-11-27 09:00 consent/1.7/paula", "2026-12-04 09:00 consent/1.14/paula"}},
		"no reply on a Monday":   {pending(t, saturday), ActNoReply, []string{"2026-12-21 12:00 act_no_reply/1"}},
		"no reply, clocks gone forward": {
			pending(t, helsinki(2027, 3, 1, 0, 30).UTC()), ActNoReply, []string{"2027-03-31 00:30 act_no_reply/1"},
		},
		"pause over a change of clocks": {
			aCaseAt(t, helsinki(2027, 10, 18, 8, 0)).taken().accepted().asked().granted("MIEPA").at(helsinki(2027, 10, 21, 0, 5).UTC()).withdrawn(),
			RemindDecide,
			[]string{"2027-11-04 09:00 decide/20271020T210500/paula"},
		},
	} {
		if got := only(onAgenda(c.b), c.kind); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// What is urgent is due the same day: the coordinators hear of it again an hour later.
func TestUrgentAgenda(t *testing.T) {
	for _, urgency := range []string{"urgent", "immediate"} {
		n := aConcern()
		n.Urgency = urgency
		b := raised(t, helsinki(2026, 11, 21, 23, 30), n) // also on a Saturday night
		want := []string{"2026-11-22 00:30 triage/urgent/@coordinators", "2026-11-24 09:00 triage/1/@coordinators"}
		if got := only(onAgenda(b), RemindTriage); !slices.Equal(got, want) {
			t.Errorf("%s: %q", urgency, got)
		}
	}
}

// A reminder speaks of the date by which something is due, not of the day it comes on.
func TestAgendaSpeaksOfTheDueDate(t *testing.T) {
	for name, c := range map[string]struct {
		b    *build
		kind ItemKind
		on   time.Time
	}{
		"triage":      {aCase(t), RemindTriage, helsinki(2026, 11, 25, 8, 15)},
		"escalated":   {aCase(t), RemindEscalated, helsinki(2026, 11, 25, 8, 15)},
		"answer":      {aCase(t).taken().returned(), RemindAnswer, helsinki(2026, 11, 30, 8, 15)},
		"consent":     {pending(t, monday), RemindConsent, helsinki(2026, 12, 23, 8, 15)},
		"consent end": {together(t), RemindConsentEnd, helsinki(2027, 11, 23, 23, 59).Add(59 * time.Second)},
		"named":       {together(t).named("kaisa"), RemindNamed, helsinki(2026, 11, 25, 8, 15)},
		"invited":     {together(t).invited("leo"), RemindInvited, helsinki(2026, 12, 7, 8, 15)},
		"plan":        {active(t), RemindPlan, helsinki(2026, 12, 23, 8, 15)},
		"meeting":     {active(t).planned(monthOut, "mika"), RemindMeeting, monthOut},
		"record":      {active(t).planned(monthOut, "mika"), RemindMeetingOpen, helsinki(2026, 12, 18, 13, 0)},
		"decide":      {active(t).withdrawn(), RemindDecide, helsinki(2026, 12, 7, 8, 15)},
	} {
		found := false
		for _, i := range Agenda(c.b.c, c.b.s) {
			if i.Kind == c.kind {
				found = true
				if !i.On.Equal(c.on) {
					t.Errorf("%s: speaks of %s, want %s", name, i.On, c.on)
				}
			}
		}
		if !found {
			t.Errorf("%s: not on the agenda", name)
		}
	}
}

// The same instants read on another clock give the same agenda.
func TestAgendaIsTheSameOnEveryClock(t *testing.T) {
	make := func(at func(time.Time) time.Time) *build {
		b := aCaseAt(t, at(helsinki(2027, 3, 20, 0, 10))).taken().accepted().asked().granted("KOTIHOITO-B", "MIEPA")
		return b.responsible("kaisa").joined("mika").planned(at(helsinki(2027, 4, 1, 0, 30)), "mika").invited("kaisa")
	}
	here := onAgenda(make(func(t time.Time) time.Time { return t }))
	there := onAgenda(make(time.Time.UTC))
	if diff := cmp.Diff(here, there); diff != "" {
		t.Errorf("Helsinki and UTC differ:\n%s", diff)
	}
}
