package casework

import (
	"slices"
	"strings"
	"time"
)

// WithdrawPart takes back what the client let some parties or some information be for (C06), as a new version. Whom the
// consent no longer covers leaves at once, without being told why. When nothing would be left that a team can stand on –
// no information, or not even the coordinator – the whole consent is taken back (C07).
func (c Case) WithdrawPart(by Person, w Withdrawal, parties, categories []string, now time.Time) (Case, error) {
	if err := c.MayWithdraw(now); err != nil {
		return c, err
	}
	k := c.Consent()
	k.Parties = slices.DeleteFunc(slices.Clone(k.Parties), func(p Party) bool { return slices.Contains(parties, p.Code) })
	k.Categories = slices.DeleteFunc(slices.Clone(k.Categories), func(code string) bool { return slices.Contains(categories, code) })
	for _, code := range namedPersons(parties) {
		k.ObjectsTo = appendNew(slices.Clone(k.ObjectsTo), code)
	}
	switch was := c.Consent(); {
	case len(k.Categories) == 0 || !k.Informs(c.Coordinator):
		return c.Withdraw(by, w, now)
	case len(k.Parties) == len(was.Parties) && len(k.Categories) == len(was.Categories) && len(k.ObjectsTo) == len(was.ObjectsTo):
		return c, refuseAbout(GroundMissing, map[string]any{"field": w.Scope}) // nothing would be taken back
	}
	c = c.change(now)
	old := &c.Consents[len(c.Consents)-1]
	old.Status, old.EndedAt = ConsentAmended, now
	old.WithdrawnBy, old.WithdrawnTo, old.WithdrawnAt, old.WithdrawnScope = w.By, w.To, w.At, w.Scope
	k.Version, k.RecordedAt, k.RecordedBy, k.Corrects, k.CorrectionReason = len(c.Consents)+1, now, by.Login, 0, ""
	c.Consents = append(c.Consents, k)
	c.dropUncovered(k, now)
	c.narrowMeetings(k, now)
	c.tellTeam(ToldAmended)
	c.settleTeam()
	return c, nil
}

// namedPersons are the persons taken out by name: a unit that is still a party does not let them in again.
func namedPersons(parties []string) []string {
	return slices.DeleteFunc(slices.Clone(parties), func(code string) bool { return !strings.HasPrefix(code, "person:") })
}

// MayClose tells whether the coordinator may end the case now: a pause is on, or the client has not answered (C04).
func (c Case) MayClose() error {
	if c.State == ConsentPending && c.Consent().Status == ConsentNoReply {
		return nil
	}
	return c.inState(Paused)
}

// Close ends a case whose consent ended and was not given anew, or was never given.
func (c Case) Close(now time.Time) (Case, error) {
	if err := c.MayClose(); err != nil {
		return c, err
	}
	c = c.change(now)
	reason := c.pausedFor()
	if c.State == ConsentPending {
		reason = "no_contact"
		c.tell(ToldHandled, c.Concern.Raiser.Login)
	}
	c.close(reason, now)
	return c, nil
}
