package casework

import (
	"slices"
	"time"
)

// Concern is what a professional noticed and brought to the service coordinator (T01, T02).
type Concern struct {
	Raiser      Person
	RaisedAt    time.Time
	Basis       string // contact basis: why the client may be told about at all
	Criteria    []string
	Urgency     string
	HasIdentity bool // the vault knows who the client is

	Reasons       []string
	FailureDemand []string
	Recurrence    string
	WrongDoors90d int
	Living        string

	OwnView         string // the client's own words, before the professionals' view
	GroundText      string // the facts of a duty
	Question        string // of a nameless consultation
	CurrentServices string
	TriedSoFar      string

	AcknowledgedAt time.Time // somebody has seen the urgent concern (T08)
	AcknowledgedBy string
	Decision       Decision // when it did not become a case (T06, T07)

	ReturnedAt time.Time
	Asked      string // the coordinator's question to the raiser (T04)
	Answer     string // the raiser's answer, or the coordinator's to a nameless consultation (T11)
	AnsweredAt time.Time
}

// Nameless reports whether advice is asked without telling who the client is (T02).
func (n Concern) Nameless() bool { return n.Basis == "nameless" }

// duties are the bases that rest on a statutory duty: they need their facts, and make a concern at least urgent (T08).
var duties = []string{"shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge"}

// OnDuty reports whether the concern rests on a statutory duty to notify.
func (n Concern) OnDuty() bool { return slices.Contains(duties, n.Basis) }

// MayRaise tells whether a concern may be raised as it is: without a basis nobody may be told who the client is
// (SHL 35 §, VanhPL 25 §), something must have been noticed, a duty needs its facts, and advice is asked without a name or not
// at all.
func MayRaise(n Concern) error {
	switch {
	case !slices.Contains(Bases, n.Basis), n.Basis == "not_asked", n.Nameless() && n.HasIdentity:
		return refuse(NoBasis)
	case len(n.Criteria) == 0:
		return refuseAbout(GroundMissing, map[string]any{"field": "criteria"})
	case n.Nameless() && n.Question == "":
		return refuseAbout(GroundMissing, map[string]any{"field": "question"})
	case n.OnDuty() && n.GroundText == "":
		return refuseAbout(GroundMissing, map[string]any{"field": "ground_text"})
	case !n.Nameless() && !n.HasIdentity:
		return refuse(IdentityNeeded)
	}
	return nil
}

// Raise begins a case from a concern (T01, or T02 when nameless).
func Raise(code Code, n Concern, now time.Time) (Case, error) {
	if err := MayRaise(n); err != nil {
		return Case{}, err
	}
	if n.OnDuty() && n.Urgency == "normal" {
		n.Urgency = "urgent"
	}
	n.RaisedAt = now
	c := Case{Code: code, Revision: 1, ChangedAt: now, State: Submitted, Concern: n}
	if n.Urgency != "normal" {
		c.tell(ToldUrgent, ToCoordinators)
	}
	return c, nil
}

// takenByAnother refuses whoever is not the coordinator who took the concern, nor stands in for that coordinator. Who came
// second is told who came first.
func (c Case) takenByAnother(by Person) error {
	who, _ := c.standing(AbsentCoordinator)
	if c.Coordinator.Login == "" || by.Login == c.Coordinator.Login || by.Login == who {
		return nil
	}
	return refuseAbout(AlreadyTaken, map[string]any{"login": c.Coordinator.Login})
}

// MayTake tells whether a service coordinator may take the concern up now.
func (c Case) MayTake(by Person) error {
	if err := c.takenByAnother(by); err != nil {
		return err
	}
	return c.inState(Submitted)
}

// Take takes the concern up (T03).
func (c Case) Take(by Person, now time.Time) (Case, error) {
	if err := c.MayTake(by); err != nil {
		return c, err
	}
	c = c.change(now)
	c.State, c.Coordinator, c.TakenAt = Triage, by, now
	c.tell(ToldTaken, c.Concern.Raiser.Login)
	return c, nil
}

// MayReturn tells whether the concern may be sent back to its raiser with a question now.
func (c Case) MayReturn() error { return c.inState(Triage) }

// Return sends the concern back to its raiser with a question (T04).
func (c Case) Return(question string, s Settings, now time.Time) (Case, error) {
	if err := c.MayReturn(); err != nil {
		return c, err
	}
	c = c.change(now)
	c.State, c.Concern.Asked, c.Concern.ReturnedAt = Returned, question, now
	c.tell(ToldReturned, c.Concern.Raiser.Login, s.Calendar.AddWorkingDays(now, s.ReturnDueWorkingDays))
	return c, nil
}

// MayAnswer tells whether a question waits for the person's answer: the raiser's to a returned concern, the
// coordinator's to a nameless consultation.
func (c Case) MayAnswer(by Person) error {
	switch {
	case c.State == Returned && by.Login == c.Concern.Raiser.Login:
		return nil
	case c.State == Triage && c.Concern.Nameless() && c.takenByAnother(by) == nil:
		return nil
	}
	return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
}

// AnswerQuestion answers what was asked: a returned concern goes back to triage (T04), a nameless consultation ends (T11).
func (c Case) AnswerQuestion(by Person, answer string, now time.Time) (Case, error) {
	if err := c.MayAnswer(by); err != nil {
		return c, err
	}
	c = c.change(now)
	c.Concern.Answer, c.Concern.AnsweredAt = answer, now
	if c.State == Returned {
		c.State = Triage
		c.tellCoordinator(ToldAnswered)
		return c, nil
	}
	c.endConcern(ConsultationAnswered, now)
	c.tell(ToldConsultation, c.Concern.Raiser.Login)
	return c, nil
}

// MayAccept tells whether the concern may become a case now: a service coordinator who has not taken it takes it by
// accepting, and the client must be known (T05).
func (c Case) MayAccept(by Person) error {
	if err := c.takenByAnother(by); err != nil {
		return err
	}
	if err := c.inState(Submitted, Triage); err != nil {
		return err
	}
	if !c.Concern.HasIdentity {
		return refuse(IdentityNeeded)
	}
	return nil
}

// Accept makes the concern a case that waits for the client's consent (T05; implies T03).
func (c Case) Accept(by Person, facts ClientFacts, now time.Time) (Case, error) {
	if err := c.MayAccept(by); err != nil {
		return c, err
	}
	c = c.taken(by, now)
	c.State, c.AcceptedAt, c.Client = ConsentPending, now, facts
	c.tell(ToldAccepted, c.Concern.Raiser.Login)
	return c, nil
}
