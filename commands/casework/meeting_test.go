package casework

import (
	"slices"
	"testing"
	"time"
)

func TestMayPlan(t *testing.T) {
	b := active(t).joined("jaana").invited("leo")
	end := b.c.Consent().End()
	for name, c := range map[string]struct {
		startsAt time.Time
		invitees []string
		want     Rule
	}{
		"team, guest and daughter": {monthOut, []string{"paula", "kaisa", "mika", "jaana", "near:daughter"}, ""},
		"on the last day":          {end.Add(-time.Minute), []string{"paula"}, ""},
		"after the last day":       {end, []string{"paula"}, PastValidity},
		"now":                      {b.now, []string{"paula"}, ""},
		"a moment ago":             {b.now.Add(-1), []string{"paula"}, InPast},
		"not in the team":          {monthOut, []string{"ulla"}, NotParty},
		"not yet in the team":      {monthOut, []string{"leo"}, NotParty},
		"another near person":      {monthOut, []string{"near:son"}, NotParty},
		"a unit is no invitee":     {monthOut, []string{"MIEPA"}, NotParty},
	} {
		if got := ruleOf(t, b.c.MayPlan(c.startsAt, c.invitees, b.now)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	wantRule(t, b.c.MayPlan(monthOut, nil, end), NoConsent)
	moved := active(t)
	moved.c.Team[0].Person.Unit = "HALLINTO" // mika, whose new unit is no party
	wantRule(t, moved.c.MayPlan(monthOut, []string{"mika"}, monday), NotParty)
	k := aConsent("near:daughter", "near:son")
	k.ObjectsTo = []string{"near:son"}
	opposed := pending(t, monday).grantedAs(k)
	wantRule(t, opposed.c.MayPlan(monthOut, []string{"near:daughter"}, monday), "")
	wantRule(t, opposed.c.MayPlan(monthOut, []string{"near:son"}, monday), NotParty)
}

func TestPlanAndConfirm(t *testing.T) {
	for answer, want := range map[string]MeetingState{
		"": MeetingPlanned, "not_asked_yet": MeetingPlanned, "in_person": MeetingConfirmed, "remote": MeetingConfirmed, "absent_go_on": MeetingConfirmed,
	} {
		b := active(t)
		b.did(b.quiet().Plan(people["kaisa"], Meeting{StartsAt: monthOut, Invitees: []string{"mika"}, ClientAnswer: answer}, b.now))
		m := b.c.Meetings[0]
		if m.State != want || m.No != 1 || m.Revision != 1 || m.PlannedBy != "kaisa" || !m.SettledAt.Equal(b.now) {
			t.Errorf("planned with %q: %+v", answer, m)
		}
		later := active(t).planned(monthOut, "mika")
		later.did(later.quiet().Confirm(1, answer, later.now))
		if later.c.Meetings[0].State != want || later.c.Meetings[0].ClientAnswer != answer {
			t.Errorf("confirmed with %q: %+v", answer, later.c.Meetings[0])
		}
		if tells := len(later.told()) > 0; tells != (want == MeetingConfirmed) {
			t.Errorf("confirmed with %q: tells %q", answer, later.told())
		}
	}
	b := active(t).planned(monthOut, "mika", "near:daughter")
	if got := b.told(); !slices.Equal(got, []string{"meeting:mika"}) || !b.c.News[0].On.Equal(monthOut) {
		t.Errorf("only who is invited and in chat is told: %q", got)
	}
}

// A moved meeting is a new question to the client, with new reminders.
func TestMove(t *testing.T) {
	b := active(t).confirmed().after(time.Hour)
	to := monthOut.AddDate(0, 0, 2)
	b.did(b.quiet().Move(1, to, "client_ill", b.now))
	m := b.c.Meetings[0]
	if m.State != MeetingPlanned || m.Revision != 2 || m.ClientAnswer != "not_asked_yet" || !m.StartsAt.Equal(to) || !m.SettledAt.Equal(b.now) {
		t.Errorf("moved: %+v", m)
	}
	if got := b.told(); !slices.Equal(got, []string{"moved:mika"}) {
		t.Errorf("tells %q", got)
	}
	wantRule(t, b.c.MayMove(1, b.c.Consent().End(), b.now), PastValidity)
	wantRule(t, b.c.MayMove(2, to, b.now), NoMeeting)
	wantRule(t, b.c.MayMove(1, b.now.Add(-time.Minute), b.now), InPast)
}

func TestCancel(t *testing.T) {
	for now, want := range map[time.Time]MeetingState{
		monthOut.Add(-time.Minute): MeetingCancelled, monthOut: MeetingCancelled, monthOut.Add(time.Minute): MeetingNotHeld,
	} {
		b := active(t).confirmed().at(now)
		b.did(b.quiet().Cancel(1, "client_ill", now))
		m := b.c.Meetings[0]
		if m.State != want || m.EndedFor != "client_ill" || m.CountsAsNetwork || len(b.c.Coming()) != 0 {
			t.Errorf("at %s: %+v", now, m)
		}
		if got := b.told(); !slices.Equal(got, []string{"cancelled:mika"}) {
			t.Errorf("tells %q", got)
		}
		wantRule(t, b.c.MayConfirm(1, now), NoMeeting)
	}
}

func TestComingIsInOrder(t *testing.T) {
	b := active(t).planned(monthOut.AddDate(0, 1, 0)).planned(monthOut).planned(monthOut.AddDate(0, 0, 1))
	b.did(b.quiet().Cancel(3, "other", b.now))
	var order []int
	for _, m := range b.c.Coming() {
		order = append(order, m.No)
	}
	if !slices.Equal(order, []int{2, 1}) {
		t.Errorf("coming: %v", order)
	}
}

func TestMayRecordMeeting(t *testing.T) {
	const here = "present_in_person"
	client := Attendance{clientAttends, here}
	for name, c := range map[string]struct {
		attendance []Attendance
		oral       []string
		want       Rule
	}{
		"client there":             {[]Attendance{client, {"mika", here}}, nil, ""},
		"client wishes it goes on": {[]Attendance{{clientAttends, "absent_agreed"}, {"mika", here}}, nil, ""},
		"against the client":       {[]Attendance{{clientAttends, AbsentNotAgreed}, {"mika", here}}, nil, ClientAbsent},
		"nothing about the client": {[]Attendance{{"mika", here}}, nil, GroundMissing},
		"daughter of the consent":  {[]Attendance{client, {"near:daughter", here}}, nil, ""},
		"another member":           {[]Attendance{client, {"kaisa", "present_remote"}}, nil, ""},
		"somebody not covered":     {[]Attendance{client, {"ulla", here}}, nil, NotParty},
		"remote, not covered":      {[]Attendance{client, {"near:son", "present_remote"}}, nil, NotParty},
		"not covered, not there":   {[]Attendance{client, {"near:son", "absent_agreed"}}, nil, ""},
		"let in on the spot":       {[]Attendance{client, {"near:son", here}}, []string{"near:son"}, ""},
		"a person let in":          {[]Attendance{client, {"ulla", here}}, []string{"person:ulla"}, ""},
		"another let in":           {[]Attendance{client, {"ulla", here}}, []string{"near:son"}, NotParty},
		"let in by who is absent":  {[]Attendance{{clientAttends, "absent_agreed"}, {"ulla", here}}, []string{"person:ulla"}, NotParty},
		"let in from afar":         {[]Attendance{{clientAttends, "present_remote"}, {"ulla", here}}, []string{"person:ulla"}, ""},
	} {
		b := active(t).confirmed().at(monthOut.Add(time.Hour))
		r := Record{StartedAt: monthOut, EndedAt: b.now, Attendance: c.attendance, OralConsent: c.oral}
		if got := ruleOf(t, b.c.MayRecordMeeting(1, r, b.now)); got != c.want {
			t.Errorf("%s: refused by %q, want %q", name, got, c.want)
		}
	}
	b := active(t).confirmed().at(monthOut)
	r := heldRecord(b.c.Meetings, b.now)
	wantRule(t, b.c.MayRecordMeeting(1, r, monthOut.Add(-1)), TooEarly)
	wantRule(t, b.c.MayRecordMeeting(2, r, monthOut), NoMeeting)
	r.StartedAt = monday.AddDate(0, 0, -1)
	wantRule(t, b.c.MayRecordMeeting(1, r, monthOut), NoConsent)
}

// A meeting about which the client was never asked is held only if the client came: that is the answer then (M02, M03).
func TestRecordWithoutTheClientsAnswer(t *testing.T) {
	for how, want := range map[string]Rule{
		"present_in_person": "", "present_remote": "", "absent_agreed": ClientAbsent, "written_view_given": ClientAbsent, AbsentNotAgreed: ClientAbsent,
	} {
		b := active(t).planned(monthOut, "mika").at(monthOut.Add(time.Hour))
		r := Record{StartedAt: monthOut, EndedAt: b.now, Attendance: []Attendance{{clientAttends, how}, {"mika", "present_in_person"}}}
		if got := ruleOf(t, b.c.MayRecordMeeting(1, r, b.now)); got != want {
			t.Errorf("%s: refused by %q, want %q", how, got, want)
		}
		b.did(b.quiet().Confirm(1, "absent_go_on", b.now))
		if got := ruleOf(t, b.c.MayRecordMeeting(1, r, b.now)); how != AbsentNotAgreed && got != "" {
			t.Errorf("%s, asked: refused by %q", how, got)
		}
	}
}

// Who was let in on the spot was let in to that meeting, not to the case (I2).
func TestLetInOnTheSpotIsNoMember(t *testing.T) {
	b := active(t).confirmed().at(monthOut.Add(time.Hour))
	r := heldRecord(b.c.Meetings, b.now)
	r.Attendance, r.OralConsent = append(r.Attendance, Attendance{"ulla", "present_in_person"}), []string{"person:ulla"}
	b.without("IAKKAAT").did(b.quiet().RecordMeeting(1, r, b.s, b.now))
	if !slices.Equal(b.c.Meetings[0].OralConsent, r.OralConsent) || len(b.c.Relations(people["ulla"])) != 0 || slices.Contains(Roster(b.c, b.now).Members, "ulla") {
		t.Errorf("recorded: %+v, ulla is %v", b.c.Meetings[0], b.c.Relations(people["ulla"]))
	}
	wantRule(t, b.c.MayInvite(people["ulla"], b.now), NotParty)
}

// A meeting is recorded by the consent that held at its start, also when that has ended since (I1, I3).
func TestRecordAfterTheConsentEnded(t *testing.T) {
	b := active(t).confirmed().at(monthOut.Add(time.Minute)).withdrawn()
	r := heldRecord(b.c.Meetings, b.now)
	r.Attendance = append(r.Attendance, Attendance{"mika", "present_in_person"})
	b.after(time.Hour)
	b.did(b.quiet().RecordMeeting(1, r, b.s, b.now))
	if m := b.c.Meetings[0]; m.State != MeetingHeld || len(b.c.News) != 0 {
		t.Errorf("recorded: %+v, tells %q", m, b.told())
	}
	late := active(t).confirmed().at(monthOut.Add(-time.Minute)).withdrawn()
	wantRule(t, late.c.MayRecordMeeting(1, r, late.now), NoMeeting)
}

func TestRecordMeeting(t *testing.T) {
	for kind, counts := range map[string]bool{"network_meeting": true, "team_internal": false, "home_visit_joint": false} {
		b := active(t).confirmed().at(monthOut.Add(time.Hour))
		b.c.Meetings[0].Kind = kind
		b.held()
		m := b.c.Meetings[0]
		if m.State != MeetingHeld || m.CountsAsNetwork != counts || !m.StartedAt.Equal(monthOut) || len(m.Attendance) != 1 {
			t.Errorf("%s: %+v", kind, m)
		}
		if got := b.told(); !slices.Equal(got, []string{"met:"}) {
			t.Errorf("tells %q", got)
		}
	}
}
