package casework

import (
	"slices"
	"time"
)

// MayAskConsent tells whether the client may be asked for consent now. For a rest after a refusal nobody
// asks again, except on the client's own initiative or a duty (C03).
func (c Case) MayAskConsent(s Settings, now time.Time) error {
	if err := c.inState(ConsentPending, Paused); err != nil {
		return err
	}
	if rest := daysAfter(c.RefusedBefore, s.RefusalRestDays); now.Before(rest) && !c.Concern.OnDuty() && c.Concern.Basis != "client_own_contact" {
		return refuseAbout(RestPeriod, map[string]any{"day": rest})
	}
	return nil
}

// AskConsent records that the client has been informed and asked (C01). Asking again makes a new version.
func (c Case) AskConsent(by Person, informedOn time.Time, how string, s Settings, now time.Time) (Case, error) {
	if err := c.MayAskConsent(s, now); err != nil {
		return c, err
	}
	c = c.change(now)
	if n := len(c.Consents); n > 0 && c.Consents[n-1].Status == ConsentRequested {
		c.Consents[n-1].Status = ConsentNoReply
	}
	c.Consents = append(c.Consents, Consent{
		Version: len(c.Consents) + 1, Status: ConsentRequested, RequestedAt: now,
		InformedOn: informedOn, InformedHow: how, InformedBy: by.Login,
	})
	return c, nil
}

// MayRecordConsent tells whether the client's answer may be recorded now.
func (c Case) MayRecordConsent() error { return c.inState(ConsentPending, Paused) }

// MayAmendConsent tells whether the consent may get a new version now (C05): only while one holds.
func (c Case) MayAmendConsent(now time.Time) error {
	_, err := c.MayGather(now)
	return err
}

// MayGrant tells what hinders a consent from being recorded as the client gave it: information came first, somebody who may
// gave it, and the client said what data it is about (703/2023 § 53).
func MayGrant(k Consent, s Settings, now time.Time) error {
	switch {
	case k.InformedOn.IsZero(), k.InformedOn.After(now):
		return refuse(NotInformed)
	case !slices.Contains(mandates, k.GivenBy), k.GivenBy == "client" && k.Capacity == "unable":
		return refuse(NoMandate)
	case k.GivenBy != "client" && k.RepresentativeEvidence == "":
		return refuseAbout(GroundMissing, map[string]any{"field": "representative_evidence"})
	case s.Calendar.Day(k.ValidUntil).After(LatestEnd(now, s)), !k.End().After(now):
		return refuseAbout(PastValidity, map[string]any{"field": "valid_until", "day": LatestEnd(now, s)})
	case !slices.Contains(writing, k.Form) && slices.ContainsFunc(k.Parties, needsWriting):
		return refuse(WrittenNeeded)
	case len(k.Categories) == 0:
		return refuseAbout(GroundMissing, map[string]any{"field": "categories"})
	}
	return nil
}

// Who may give a consent: a guardian of property only may not (C09). What counts as writing: a signature, or its electronic
// equal.
var (
	mandates = []string{"client", "guardian_personal_matters", "continuing_poa_personal", "custodian_minor"}
	writing  = []string{"written_signed", "e_identified"}
)

// needsWriting: the third sector and near persons are let in only in writing or by strong identification (house rule of
// model.md § 3.4).
func needsWriting(p Party) bool { return p.Near() || p.Register == ThirdSector }

// Grant records that the client consents (C02): a team may now be gathered (P01). The coordinator's own unit is always a
// party. While a consent holds, this is a new version of it (C05), and whom it no longer covers leaves at once.
func (c Case) Grant(by Person, k Consent, s Settings, now time.Time) (Case, error) {
	amending := c.State.Together()
	if amending {
		if err := c.MayAmendConsent(now); err != nil {
			return c, err
		}
	} else if err := c.MayRecordConsent(); err != nil {
		return c, err
	}
	k = c.completed(k, by, s, now)
	if err := MayGrant(k, s, now); err != nil {
		return c, err
	}
	if !k.Informs(c.Coordinator) || c.opposedWhole(k) { // nobody would hold the matter, or nobody would be let in
		return c, refuse(Objected)
	}
	c = c.change(now)
	c.putConsent(k, now)
	if amending {
		c.dropUncovered(k, now)
		c.narrowMeetings(k, now)
		c.tellTeam(ToldAmended)
		c.settleTeam()
		return c, nil
	}
	c.State, c.PausedAt = TeamForming, time.Time{}
	c.endUncoveredDeputies(k, now)
	c.RoomNumber++
	c.tellCoordinator(ToldRoomOpen)
	c.tellRoom(ToldWelcome)
	if k.Covers(c.Concern.Raiser) && c.Concern.Raiser.Login != c.Coordinator.Login {
		c.tell(ToldStarted, c.Concern.Raiser.Login)
	}
	return c, nil
}

// informedStatuses are those of a version whose information still counts when the next answer is recorded.
var informedStatuses = []ConsentStatus{ConsentRequested, ConsentNoReply, ConsentGranted}

// completed fills in what follows from the case and the moment.
func (c Case) completed(k Consent, by Person, s Settings, now time.Time) Consent {
	if last := c.Consent(); k.InformedOn.IsZero() && slices.Contains(informedStatuses, last.Status) {
		k.InformedOn, k.InformedHow, k.InformedBy, k.RequestedAt = last.InformedOn, last.InformedHow, last.InformedBy, last.RequestedAt
	}
	k.Status, k.GivenAt, k.RecordedBy, k.RecordedAt = ConsentGranted, now, by.Login, now
	if k.ValidUntil.IsZero() {
		k.ValidUntil = LatestEnd(now, s)
	}
	if !slices.Contains(writing, k.Form) {
		k.OralUntil = daysAfter(s.Calendar.Day(now), s.OralConsentDays+1) // its last day is inclusive, too
	}
	own := Party{Code: c.Coordinator.Unit, Register: c.Coordinator.Register}
	if !slices.ContainsFunc(k.Parties, func(p Party) bool { return p.Code == own.Code }) {
		k.Parties = append([]Party{own}, k.Parties...)
	}
	return k
}

// putConsent makes k the latest version: it answers an open request, or begins a version of its own.
func (c *Case) putConsent(k Consent, now time.Time) {
	n := len(c.Consents)
	if n > 0 && c.Consents[n-1].Status == ConsentRequested {
		k.Version, k.RequestedAt, k.Corrects, k.CorrectionReason = n, c.Consents[n-1].RequestedAt, c.Consents[n-1].Corrects, c.Consents[n-1].CorrectionReason
		c.Consents[n-1] = k
		return
	}
	if n > 0 && c.Consents[n-1].Status == ConsentGranted {
		c.Consents[n-1].Status, c.Consents[n-1].EndedAt = ConsentAmended, now
	}
	k.Version = n + 1
	c.Consents = append(c.Consents, k)
}
