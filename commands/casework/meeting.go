package casework

import (
	"slices"
	"time"
)

// MeetingState is where a meeting stands.
type MeetingState string

// The states of a meeting (model.md § 2). What follows a held meeting, its completion, begins at MeetingHeld.
const (
	MeetingPlanned   MeetingState = "planned"
	MeetingConfirmed MeetingState = "confirmed"
	MeetingHeld      MeetingState = "held"
	MeetingCancelled MeetingState = "cancelled"
	MeetingNotHeld   MeetingState = "not_held"
)

// Coming reports whether the meeting is still to be held or recorded.
func (s MeetingState) Coming() bool { return s == MeetingPlanned || s == MeetingConfirmed }

// Meeting is a gathering round the client, by default a network meeting.
type Meeting struct {
	No       int
	Revision int // grows when the meeting moves, so that its reminders are new ones
	State    MeetingState
	Kind     string
	StartsAt time.Time
	Minutes  int // planned duration
	Manner   string
	Place    string
	// Invitees are logins of the team, and party codes of near persons, whom the responsible worker invites by phone or letter.
	Invitees      []string
	ClientAnswer  string
	SupportPerson string
	Interpreter   string
	Agenda        string
	PlannedBy     string
	SettledAt     time.Time // when its time was last set, or that it ended: no reminder is due before that

	StartedAt, EndedAt time.Time
	Attendance         []Attendance
	OralConsent        []string // party codes let in by the client's word on the spot
	Decisions          string
	CountsAsNetwork    bool
	MovedFor           string // why it was last moved
	EndedFor           string // why it was cancelled or not held
}

// Attendance is how somebody took part: "client", a login, or a near person's party code.
type Attendance struct {
	Who string
	How string
}

// MayPlan tells whether a meeting may be held at that time: it is not past, consent holds
// now and then (I3), and every invitee is covered.
func (c Case) MayPlan(startsAt time.Time, invitees []string, now time.Time) error {
	k, err := c.MayGather(now)
	if err != nil {
		return err
	}
	return c.mayMeet(k, startsAt, invitees, now)
}

func (c Case) mayMeet(k Consent, startsAt time.Time, invitees []string, now time.Time) error {
	if startsAt.Before(now) {
		return refuseAbout(InPast, map[string]any{"field": "starts_at"})
	}
	if !startsAt.Before(k.End()) {
		return refuseAbout(PastValidity, map[string]any{"field": "starts_at", "day": k.End().Add(-time.Second)})
	}
	for _, who := range invitees {
		if !c.mayAttend(k, who) {
			return refuse(NotParty)
		}
	}
	return nil
}

func (c Case) mayAttend(k Consent, who string) bool {
	if slices.ContainsFunc(k.Parties, func(p Party) bool { return p.Near() && p.Code == who }) {
		return !slices.Contains(k.ObjectsTo, who)
	}
	return slices.ContainsFunc(c.InTeam(), func(p Person) bool { return p.Login == who && k.Covers(p) })
}

// Plan agrees on a meeting (M01); with the client's answer it is confirmed at once (M02).
func (c Case) Plan(by Person, m Meeting, now time.Time) (Case, error) {
	if err := c.MayPlan(m.StartsAt, m.Invitees, now); err != nil {
		return c, err
	}
	c = c.change(now)
	m.No, m.Revision, m.State, m.PlannedBy, m.SettledAt = len(c.Meetings)+1, 1, MeetingPlanned, by.Login, now
	if answered(m.ClientAnswer) {
		m.State = MeetingConfirmed
	}
	c.Meetings = append(c.Meetings, m)
	c.tellInvitees(m, ToldMeeting)
	return c, nil
}

func answered(answer string) bool { return answer != "" && answer != "not_asked_yet" }

func (c *Case) tellInvitees(m Meeting, kind NoticeKind) {
	for _, p := range c.InTeam() {
		if slices.Contains(m.Invitees, p.Login) {
			c.tell(kind, p.Login, m.StartsAt)
		}
	}
}

// Coming lists the meetings that are still to be held or recorded, earliest first.
func (c Case) Coming() []Meeting {
	var coming []Meeting
	for _, m := range c.Meetings {
		if m.State.Coming() {
			coming = append(coming, m)
		}
	}
	slices.SortStableFunc(coming, func(a, b Meeting) int { return a.StartsAt.Compare(b.StartsAt) })
	return coming
}

// coming finds a coming meeting by its number for an act on it.
func (c *Case) coming(no int) (*Meeting, error) {
	for i := range c.Meetings {
		if c.Meetings[i].No == no && c.Meetings[i].State.Coming() {
			return &c.Meetings[i], nil
		}
	}
	return nil, refuse(NoMeeting)
}

// MayConfirm tells whether the client's answer may be recorded for the meeting now.
func (c Case) MayConfirm(no int, now time.Time) error {
	if _, err := c.coming(no); err != nil {
		return err
	}
	_, err := c.MayGather(now)
	return err
}

// Confirm records the client's answer (M02). Without the client's yes or wish that the others go on it stays planned.
func (c Case) Confirm(no int, answer string, now time.Time) (Case, error) {
	if err := c.MayConfirm(no, now); err != nil {
		return c, err
	}
	c = c.change(now)
	m, err := c.coming(no)
	if err != nil {
		return c, err
	}
	m.ClientAnswer, m.State = answer, MeetingPlanned
	if answered(answer) {
		m.State = MeetingConfirmed
		c.tellInvitees(*m, ToldConfirmed)
	}
	return c, nil
}

// MayMove tells whether the meeting may be moved to that time.
func (c Case) MayMove(no int, startsAt time.Time, now time.Time) error {
	m, err := c.coming(no)
	if err != nil {
		return err
	}
	return c.MayPlan(startsAt, m.Invitees, now)
}

// Move sets a new time. The client's answer was to the old one, so it is asked again; reminders are new ones.
func (c Case) Move(no int, startsAt time.Time, reason string, now time.Time) (Case, error) {
	if err := c.MayMove(no, startsAt, now); err != nil {
		return c, err
	}
	c = c.change(now)
	m, err := c.coming(no)
	if err != nil {
		return c, err
	}
	m.StartsAt, m.SettledAt, m.State, m.ClientAnswer = startsAt, now, MeetingPlanned, "not_asked_yet"
	m.MovedFor = reason
	m.Revision++
	c.tellInvitees(*m, ToldMoved)
	return c, nil
}

// Cancel ends a meeting that will not be held, or was not (M05).
func (c Case) Cancel(no int, reason string, now time.Time) (Case, error) {
	if _, err := c.coming(no); err != nil {
		return c, err
	}
	c = c.change(now)
	m, err := c.coming(no)
	if err != nil {
		return c, err
	}
	state := MeetingCancelled
	if now.After(m.StartsAt) {
		state = MeetingNotHeld
	}
	c.end(m, state, reason, now)
	return c, nil
}

// end ends a meeting that is not held; the invitees are told neutrally.
func (c *Case) end(m *Meeting, state MeetingState, reason string, now time.Time) {
	m.State, m.EndedFor, m.SettledAt = state, reason, now
	c.tellInvitees(*m, ToldCancelled)
}

// cancelComing cancels what was agreed for later. A meeting that has begun stays: it is recorded by what held at its start.
func (c *Case) cancelComing(reason string, now time.Time) {
	for i := range c.Meetings {
		if m := &c.Meetings[i]; m.State.Coming() && m.StartsAt.After(now) {
			c.end(m, MeetingCancelled, reason, now)
		}
	}
}

// narrowMeetings fits the coming meetings to a new version of the consent: one past its end is cancelled (I3), and whom it
// does not cover is no longer invited (I2). A meeting that has begun stays as it began.
func (c *Case) narrowMeetings(k Consent, now time.Time) {
	for i := range c.Meetings {
		m := &c.Meetings[i]
		switch {
		case !m.State.Coming() || !m.StartsAt.After(now):
		case !m.StartsAt.Before(k.End()):
			c.end(m, MeetingCancelled, "consent_not_active", now)
		default:
			m.Invitees = slices.DeleteFunc(slices.Clone(m.Invitees), func(who string) bool { return !c.mayAttend(k, who) })
		}
	}
}
