package casework

import (
	"slices"
	"time"
)

// Refuse records that the client says no (C03): the case ends, and nobody is told why.
func (c Case) Refuse(by Person, reason, notifyNeeded, notifyReason string, now time.Time) (Case, error) {
	if err := c.MayRecordConsent(); err != nil {
		return c, err
	}
	return c.refused(by, Consent{RefuseReason: reason, NotifyNeeded: notifyNeeded, NotifyReason: notifyReason}, now), nil
}

// Object records that the client opposes what a representative would agree to (C10): no team is gathered, as after any no, and
// the supervisors are told, to look into it. Once a consent holds, the client's own word takes it back.
func (c Case) Object(by Person, givenBy, evidence string, now time.Time) (Case, error) {
	if err := c.MayRecordConsent(); err != nil {
		return c, err
	}
	if givenBy == "client" || !slices.Contains(mandates, givenBy) {
		return c, refuse(NoMandate)
	}
	c = c.refused(by, Consent{GivenBy: givenBy, RepresentativeEvidence: evidence, RefuseReason: "objected"}, now)
	c.tell(ToldObjected, ToSupervisors)
	return c, nil
}

func (c Case) refused(by Person, k Consent, now time.Time) Case {
	c = c.change(now)
	last := c.Consent()
	k.Status, k.RecordedBy, k.RecordedAt, k.EndedAt = ConsentRefused, by.Login, now, now
	k.RequestedAt, k.InformedOn, k.InformedHow, k.InformedBy = last.RequestedAt, last.InformedOn, last.InformedHow, last.InformedBy
	c.putConsent(k, now)
	c.close("consent_refused", now)
	c.tell(ToldHandled, c.Concern.Raiser.Login)
	return c
}

// opposedWhole reports whether the client opposes everybody beside the coordinator's own unit whom the consent would let in.
func (c Case) opposedWhole(k Consent) bool {
	others := slices.DeleteFunc(slices.Clone(k.Parties), func(p Party) bool { return p.Code == c.Coordinator.Unit })
	return len(others) > 0 && !slices.ContainsFunc(others, func(p Party) bool { return !slices.Contains(k.ObjectsTo, p.Code) })
}

// NoReply records that the client, who was asked, has not answered (C04). Silence is never consent: the case goes on waiting.
func (c Case) NoReply(by Person, now time.Time) (Case, error) {
	if err := c.MayRecordConsent(); err != nil {
		return c, err
	}
	if c.Consent().Status != ConsentRequested {
		return c, refuse(NotInformed)
	}
	c = c.change(now)
	k := Consent{Status: ConsentNoReply, RecordedBy: by.Login, RecordedAt: now}
	last := c.Consent()
	k.InformedOn, k.InformedHow, k.InformedBy, k.RequestedAt = last.InformedOn, last.InformedHow, last.InformedBy, last.RequestedAt
	c.putConsent(k, now)
	if by.Login == System {
		c.tellCoordinator(ToldNoReply)
	}
	return c, nil
}

func (c *Case) close(reason string, now time.Time) {
	c.State, c.ClosedAt, c.ClosedFor = Closed, now, reason
	c.forgetAbsences(now)
	if n := len(c.Consents); n > 0 && c.Consents[n-1].Status == ConsentRequested { // nobody waits for the answer any more
		c.Consents[n-1].Status, c.Consents[n-1].EndedAt = ConsentNoReply, now
	}
}
