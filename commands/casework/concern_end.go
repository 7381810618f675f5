package casework

import (
	"slices"
	"time"
)

// RedirectGrounds are why a concern may be passed on to another service: the client agrees to the contact (SHL 40 §), or a
// statutory duty (T06).
var RedirectGrounds = append([]string{"shl40_client_agrees"}, duties...)

// MayEndConcern tells whether the coordinator may decide on the concern now without taking it as a case.
func (c Case) MayEndConcern(by Person) error {
	if err := c.takenByAnother(by); err != nil {
		return err
	}
	return c.inState(Submitted, Triage)
}

// Decision is how a concern was decided on without becoming a case.
type Decision struct {
	Target   string // service line, when redirected
	Ground   string
	Reason   string // why redirected, or a decline reason
	Guidance string // what the raiser may read
}

// Redirect passes the concern on to another service (T06). The raiser learns only that it has been handled.
func (c Case) Redirect(by Person, d Decision, now time.Time) (Case, error) {
	if err := c.MayEndConcern(by); err != nil {
		return c, err
	}
	switch {
	case !c.Concern.HasIdentity: // advice without a name is answered, not passed on
		return c, refuse(IdentityNeeded)
	case !slices.Contains(RedirectGrounds, d.Ground):
		return c, refuseAbout(GroundMissing, map[string]any{"field": "ground"})
	case !slices.Contains(ServiceLines, d.Target):
		return c, refuseAbout(GroundMissing, map[string]any{"field": "target"})
	case d.Reason == "":
		return c, refuseAbout(GroundMissing, map[string]any{"field": "reason"})
	}
	return c.decide(Redirected, by, d, now), nil
}

// Decline ends the concern with a reason and guidance (T07).
func (c Case) Decline(by Person, d Decision, now time.Time) (Case, error) {
	if err := c.MayEndConcern(by); err != nil {
		return c, err
	}
	switch {
	case !slices.Contains(DeclineReasons, d.Reason):
		return c, refuseAbout(GroundMissing, map[string]any{"field": "decline_reason"})
	case d.Guidance == "":
		return c, refuseAbout(GroundMissing, map[string]any{"field": "guidance"})
	}
	return c.decide(Declined, by, d, now), nil
}

func (c Case) decide(state State, by Person, d Decision, now time.Time) Case {
	c = c.taken(by, now)
	c.endConcern(state, now)
	c.Concern.Decision = d
	c.tell(ToldHandled, c.Concern.Raiser.Login)
	return c
}

// endConcern ends a concern that does not become a case; nobody stands in for anybody in it any more.
func (c *Case) endConcern(state State, now time.Time) {
	c.State, c.ClosedAt = state, now
	c.forgetAbsences(now)
}

// taken begins an act that implies taking the concern up (T03).
func (c Case) taken(by Person, now time.Time) Case {
	c = c.change(now)
	if c.Coordinator.Login == "" {
		c.Coordinator, c.TakenAt = by, now
	}
	return c
}

// MayTakeBack tells whether the raiser may still take the concern back: before anybody has taken it up.
func (c Case) MayTakeBack() error { return c.inState(Submitted) }

// TakeBack withdraws the concern (T10). What it said is forgotten at once; who the client is, the vault forgets.
func (c Case) TakeBack(now time.Time) (Case, error) {
	if err := c.MayTakeBack(); err != nil {
		return c, err
	}
	c = c.change(now)
	n := &c.Concern
	n.OwnView, n.GroundText, n.Question, n.CurrentServices, n.TriedSoFar, n.HasIdentity = "", "", "", "", "", false
	c.endConcern(TakenBack, now)
	if n.Urgency != "normal" {
		c.tell(ToldTakenBack, ToCoordinators)
	}
	return c, nil
}

// MayAcknowledge tells whether an urgent concern waits for somebody to say that it has been seen.
func (c Case) MayAcknowledge() error {
	if err := c.inState(Submitted); err != nil {
		return err
	}
	if c.Concern.Urgency == "normal" || !c.Concern.AcknowledgedAt.IsZero() {
		return refuse(NotUrgent)
	}
	return nil
}

// Acknowledge says that a coordinator has seen the urgent concern (T08). The duty to act stays the raiser's own.
func (c Case) Acknowledge(by Person, now time.Time) (Case, error) {
	if err := c.MayAcknowledge(); err != nil {
		return c, err
	}
	c = c.change(now)
	c.Concern.AcknowledgedAt, c.Concern.AcknowledgedBy = now, by.Login
	c.tell(ToldAcknowledged, c.Concern.Raiser.Login)
	return c, nil
}

// MayMerge tells whether the concern may be joined to the other case: same client, both open, and the other already a case.
func (c Case) MayMerge(by Person, into Case, sameClient bool) error {
	if err := c.MayEndConcern(by); err != nil {
		return err
	}
	if !sameClient || !c.Concern.HasIdentity || into.ID == c.ID || into.State.Concern() || !into.State.Open() {
		return refuseAbout(OtherClient, map[string]any{"field": "into"})
	}
	return nil
}

// Merge joins a second concern about the same client to the case there already is (T09). Its raiser reads what anybody
// whose concern was accepted reads, and no more; who leads the case learns that a concern was joined.
func (c Case) Merge(by Person, into Case, sameClient bool, now time.Time) (merged, joined Case, err error) {
	if err := c.MayMerge(by, into, sameClient); err != nil {
		return c, into, err
	}
	c = c.taken(by, now)
	c.endConcern(Merged, now)
	c.MergedInto, c.Coordinator = into.Code, into.Coordinator
	c.tell(ToldAccepted, c.Concern.Raiser.Login)
	into = into.change(now)
	into.Linked = append(into.Linked, c.Code)
	into.tell(ToldMerged, into.Lead())
	into.tellCoordinator(ToldMerged)
	return c, into, nil
}

// MayConvert tells whether a nameless consultation may become a concern with a name (T11): its raiser has got a basis for it.
func (c Case) MayConvert() error {
	if !c.Concern.Nameless() {
		return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
	}
	return c.inState(Submitted, Triage, ConsultationAnswered)
}

// Convert gives a nameless consultation a basis and a client. It goes on where it is; one that was answered begins anew.
func (c Case) Convert(basis, groundText string, now time.Time) (Case, error) {
	if err := c.MayConvert(); err != nil {
		return c, err
	}
	n := c.Concern
	n.Basis, n.GroundText, n.HasIdentity = basis, groundText, true
	if n.Nameless() {
		return c, refuse(NoBasis)
	}
	if err := MayRaise(n); err != nil {
		return c, err
	}
	c = c.change(now)
	if n.OnDuty() && n.Urgency == "normal" {
		n.Urgency = "urgent"
	}
	if c.State == ConsultationAnswered {
		c.State, c.ClosedAt, c.Coordinator, c.TakenAt = Submitted, time.Time{}, Person{}, time.Time{}
		n.AcknowledgedAt, n.AcknowledgedBy = time.Time{}, ""
	}
	if c.State == Submitted { // raised by name from now on, with all the time there is to look at it
		n.RaisedAt = now
		if n.Urgency != "normal" {
			c.tell(ToldUrgent, ToCoordinators)
		}
	}
	c.Concern = n
	return c, nil
}

// MayGoBack tells whether the raiser's time to answer has run out.
func (c Case) MayGoBack(s Settings, now time.Time) error {
	if err := c.inState(Returned); err != nil {
		return err
	}
	if due := s.Calendar.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnDueWorkingDays); now.Before(due) {
		return refuseAbout(TooEarly, map[string]any{"at": due})
	}
	return nil
}

// GoBack returns an unanswered concern to its coordinator, who decides without the answer (T04).
func (c Case) GoBack(s Settings, now time.Time) (Case, error) {
	if err := c.MayGoBack(s, now); err != nil {
		return c, err
	}
	c = c.change(now)
	c.State, c.Concern.AnsweredAt = Triage, now
	c.tellCoordinator(ToldUnanswered)
	return c, nil
}
