package casework

import (
	"slices"
	"time"
)

// Record is what was recorded of a meeting that was held (M03).
type Record struct {
	StartedAt, EndedAt time.Time
	Attendance         []Attendance
	OralConsent        []string // party codes the client let in by word on the spot
	Decisions          string
}

// How the client took part, as far as it decides whether a network meeting was held.
const (
	AbsentNotAgreed = "absent_not_agreed"
	clientAttends   = "client"
)

var presences = []string{"present_in_person", "present_remote"}

// MayRecordMeeting tells whether the meeting may be recorded as held: it has begun, consent held at its start (I1), the
// client was there or had been asked and wished it to go on, and everybody present was covered or let in by the client's word (I2).
func (c Case) MayRecordMeeting(no int, r Record, now time.Time) error {
	m, err := c.coming(no)
	if err != nil {
		return err
	}
	if r.StartedAt.After(now) {
		return refuseAbout(TooEarly, map[string]any{"at": m.StartsAt})
	}
	k, ok := c.ConsentAt(r.StartedAt)
	if !ok {
		return refuse(NoConsent)
	}
	if !slices.ContainsFunc(r.Attendance, func(a Attendance) bool { return a.Who == clientAttends }) {
		return refuseAbout(GroundMissing, map[string]any{"field": "attendance_client"})
	}
	there := slices.ContainsFunc(r.Attendance, func(a Attendance) bool { return a.Who == clientAttends && slices.Contains(presences, a.How) })
	if m.State == MeetingPlanned && !there { // the client was never asked whether it may go on without
		return refuse(ClientAbsent)
	}
	if !there { // nobody is let in by the word of somebody who is not there
		r.OralConsent = nil
	}
	for _, a := range r.Attendance {
		if a.Who == clientAttends && a.How == AbsentNotAgreed {
			return refuse(ClientAbsent)
		}
		if !c.wasWelcome(k, m.Invitees, a, r.OralConsent) {
			return refuse(NotParty)
		}
	}
	return nil
}

// wasWelcome reports whether somebody present was the client, an invitee, or let in on the spot.
func (c Case) wasWelcome(k Consent, invitees []string, a Attendance, oral []string) bool {
	return a.Who == clientAttends || !slices.Contains(presences, a.How) ||
		slices.Contains(invitees, a.Who) || slices.Contains(oral, a.Who) || slices.Contains(oral, "person:"+a.Who) || c.mayAttend(k, a.Who)
}

// RecordMeeting records that the meeting was held (M03). Only a network meeting counts as one.
func (c Case) RecordMeeting(no int, r Record, s Settings, now time.Time) (Case, error) {
	if err := c.MayRecordMeeting(no, r, now); err != nil {
		return c, err
	}
	c = c.change(now)
	m, err := c.coming(no)
	if err != nil {
		return c, err
	}
	m.State, m.SettledAt, m.StartedAt, m.EndedAt = MeetingHeld, now, r.StartedAt, r.EndedAt
	m.Attendance, m.OralConsent, m.Decisions = r.Attendance, r.OralConsent, r.Decisions
	m.CountsAsNetwork = m.Kind == "network_meeting"
	if c.State.Together() {
		c.tellRoom(ToldMet, m.StartedAt)
	}
	return c, nil
}
