package casework

import "time"

// Withdrawal is what the client said when taking the consent back (C06, C07).
type Withdrawal struct {
	By    string // client, or who represents the client
	To    string // login of who heard it
	At    time.Time
	Scope string
}

// MayWithdraw tells whether there is a consent to take back.
func (c Case) MayWithdraw(now time.Time) error {
	if _, ok := c.ConsentAt(now); !ok || !c.State.Together() {
		return refuse(NoConsent)
	}
	return nil
}

// Withdraw takes the whole consent back (C07). It freezes first and asks nothing: everybody leaves the room, coming meetings
// are cancelled, and the coordinator decides within the pause whether to close or to ask anew.
func (c Case) Withdraw(by Person, w Withdrawal, now time.Time) (Case, error) {
	if err := c.MayWithdraw(now); err != nil {
		return c, err
	}
	c = c.change(now)
	k := &c.Consents[len(c.Consents)-1]
	if w.By == "client" && k.GivenBy != "client" { // the client's own will stops the team whoever gave the consent (C10)
		c.tell(ToldObjected, ToSupervisors)
	}
	k.Status, k.EndedAt = ConsentWithdrawn, now
	k.WithdrawnBy, k.WithdrawnTo, k.WithdrawnAt, k.WithdrawnScope = w.By, w.To, w.At, "all"
	c.pause(ToldEnded, now)
	return c, nil
}

// MayExpire tells whether the consent has reached its end.
func (c Case) MayExpire(now time.Time) error {
	if !c.State.Together() || c.Consent().Status != ConsentGranted || now.Before(c.Consent().End()) {
		return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
	}
	return nil
}

// Expire ends a consent whose last day has passed, or an oral one nobody confirmed in writing (C08).
func (c Case) Expire(now time.Time) (Case, error) {
	if err := c.MayExpire(now); err != nil {
		return c, err
	}
	c = c.change(now)
	k := &c.Consents[len(c.Consents)-1]
	k.Status, k.EndedAt = ConsentExpired, k.End()
	c.pause(ToldExpired, now)
	return c, nil
}

// pause parts the team: everybody is told, nobody stays, nothing that was agreed for later will be.
func (c *Case) pause(told NoticeKind, now time.Time) {
	c.tellTeam(told)
	c.State, c.PausedAt = Paused, now
	c.cancelComing("consent_not_active", now)
	c.partTeam("consent_ended", now)
	c.tellCoordinator(ToldDecide)
}

// MayCorrect tells whether the latest recorded answer may be declared wrong: only the latest, and only an answer.
func (c Case) MayCorrect() error {
	switch c.Consent().Status {
	case ConsentGranted, ConsentRefused, ConsentNoReply, ConsentWithdrawn:
		if c.State != Closed || c.ClosedFor == "consent_refused" {
			return nil
		}
	}
	return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
}

// Correct declares the latest recorded answer wrong, with a reason. The wrong version stays in the history; a new one asks
// again, so that what the client really said can be recorded. Until then nobody is together: a doubtful consent carries nothing.
func (c Case) Correct(by Person, reason string, now time.Time) (Case, error) {
	if err := c.MayCorrect(); err != nil {
		return c, err
	}
	c = c.change(now)
	k := &c.Consents[len(c.Consents)-1]
	asked := Consent{
		Version: k.Version + 1, Status: ConsentRequested, RequestedAt: now, RecordedBy: by.Login, RecordedAt: now,
		InformedOn: k.InformedOn, InformedHow: k.InformedHow, InformedBy: k.InformedBy,
		Corrects: k.Version, CorrectionReason: reason,
	}
	if k.EndedAt.IsZero() {
		k.EndedAt = now
	}
	k.Status = ConsentInError
	c.Consents = append(c.Consents, asked)
	if c.State.Together() {
		c.tellTeam(ToldCorrected)
		c.cancelComing("consent_not_active", now)
		c.partTeam("consent_corrected", now)
	}
	c.State, c.ClosedAt, c.ClosedFor, c.PausedAt = ConsentPending, time.Time{}, "", time.Time{}
	return c, nil
}

// pausedFor is why the consent last ended. What is asked again meanwhile does not change why.
func (c Case) pausedFor() string {
	reason := "consent_withdrawn"
	for _, k := range c.Consents {
		switch k.Status {
		case ConsentWithdrawn:
			reason = "consent_withdrawn"
		case ConsentExpired:
			reason = "consent_expired"
		}
	}
	return reason
}
