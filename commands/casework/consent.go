package casework

import (
	"slices"
	"strings"
	"time"
)

// ConsentStatus is where one version of a consent stands.
type ConsentStatus string

// The statuses. Only a granted one carries anything.
const (
	ConsentRequested ConsentStatus = "requested"
	ConsentGranted   ConsentStatus = "granted"
	ConsentRefused   ConsentStatus = "refused"
	ConsentNoReply   ConsentStatus = "no_reply"
	ConsentAmended   ConsentStatus = "amended"   // a newer version took its place
	ConsentWithdrawn ConsentStatus = "withdrawn" // by the client
	ConsentExpired   ConsentStatus = "expired"   // by time
	ConsentInError   ConsentStatus = "entered_in_error"
	ConsentEnded     ConsentStatus = "ended" // with the case
)

// Party is somebody the client lets into the matter: a unit ("KOTIHOITO-B"), a named person ("person:kaisa") or a near
// person ("near:daughter"). A unit party covers that unit's staff.
type Party struct {
	Code     string
	Register Register // of the unit or of the person's unit
}

// Near reports whether the party is one of the client's near persons: never in chat.
func (p Party) Near() bool { return strings.HasPrefix(p.Code, "near:") }

// Covers reports whether the party line is about this person.
func (p Party) Covers(who Person) bool {
	return p.Code != "" && (p.Code == who.Unit || p.Code == "person:"+who.Login)
}

// Consent is one version of the client's consent, or of the request for it. It lifts secrecy (703/2023 §§ 6, 53) and is
// the model's own ethic; it is not the legal basis of keeping records.
type Consent struct {
	Version     int
	Status      ConsentStatus
	RequestedAt time.Time
	InformedOn  time.Time
	InformedHow string
	InformedBy  string

	Form, GivenBy, Capacity, Language string
	Parties                           []Party
	Categories                        []string // protected kinds only when ticked one by one
	Direction                         string
	NoContent                         []string // party codes that get no content: not in the room
	Purposes                          []string
	GivenAt                           time.Time
	ValidUntil                        time.Time // midnight that begins the last valid day
	CopyGiven                         string
	ChatToolOK                        bool
	RepresentativeEvidence            string
	ObjectsTo                         []string // parties the represented client opposes
	RecordedBy                        string
	RecordedAt                        time.Time
	OralUntil                         time.Time // an oral consent holds before this midnight unless confirmed in writing; zero otherwise

	RefuseReason   string
	NotifyNeeded   string
	NotifyReason   string
	EndedAt        time.Time // withdrawn, expired or ended
	WithdrawnAt    time.Time // when the client said so
	WithdrawnBy    string
	WithdrawnTo    string // login of who heard it
	WithdrawnScope string

	Corrects         int // version this one puts right; 0 = none
	CorrectionReason string
}

// End is the first instant at which the consent no longer holds: its last day is inclusive, in Helsinki.
func (k Consent) End() time.Time {
	end := Calendar{}.Day(k.ValidUntil).AddDate(0, 0, 1)
	if !k.OralUntil.IsZero() && k.OralUntil.Before(end) {
		return k.OralUntil
	}
	return end
}

// ActiveAt reports whether the consent holds at the instant.
func (k Consent) ActiveAt(t time.Time) bool {
	switch k.Status {
	case ConsentGranted, ConsentAmended, ConsentWithdrawn, ConsentExpired, ConsentEnded:
		return !k.GivenAt.IsZero() && !t.Before(k.RecordedAt) && t.Before(k.End()) && (k.EndedAt.IsZero() || t.Before(k.EndedAt))
	}
	return false
}

// Covers reports whether the person is one the client lets in. What the client opposes is never covered (C10).
func (k Consent) Covers(who Person) bool {
	if slices.ContainsFunc(k.ObjectsTo, func(code string) bool { return Party{Code: code}.Covers(who) }) {
		return false
	}
	return slices.ContainsFunc(k.Parties, func(p Party) bool { return p.Covers(who) })
}

// Informs reports whether the person may also read what is said: covered, and not by a party that gets no content.
func (k Consent) Informs(who Person) bool {
	return k.Covers(who) && !slices.ContainsFunc(k.NoContent, func(code string) bool { return Party{Code: code}.Covers(who) })
}

// Consent is the latest version, or the zero Consent when none was ever asked.
func (c Case) Consent() Consent {
	if len(c.Consents) == 0 {
		return Consent{}
	}
	return c.Consents[len(c.Consents)-1]
}

// ConsentAt is the consent that holds at the instant (I1); ok is false when none does.
func (c Case) ConsentAt(t time.Time) (k Consent, ok bool) {
	for i := len(c.Consents) - 1; i >= 0; i-- {
		if c.Consents[i].ActiveAt(t) {
			return c.Consents[i], true
		}
	}
	return Consent{}, false
}

// MayGather tells whether a team may be gathered round the client now: only with the client's consent (Satakunta's
// ground idea; I1), and only in a state that has a team.
func (c Case) MayGather(now time.Time) (Consent, error) {
	k, ok := c.ConsentAt(now)
	if err := c.inState(ConsentPending, TeamForming, Active, Paused); err != nil {
		return k, err
	}
	if !ok || !c.State.Together() {
		return k, refuse(NoConsent)
	}
	return k, nil
}

// consentSince is when the consent that holds was first given: a new version of it begins nothing anew.
func (c Case) consentSince() time.Time {
	since := c.Consent().RecordedAt
	for i := len(c.Consents) - 2; i >= 0 && c.Consents[i].Status == ConsentAmended; i-- {
		since = c.Consents[i].RecordedAt
	}
	return since
}

// LatestEnd is the latest last day a consent given on the day may have: the same date next year, or the last of that month
// when it has no such date.
func LatestEnd(given time.Time, s Settings) time.Time {
	day := s.Calendar.Day(given)
	end := day.AddDate(0, s.ConsentMaxMonths, 0)
	if end.Day() != day.Day() {
		end = end.AddDate(0, 0, -end.Day())
	}
	return end
}
