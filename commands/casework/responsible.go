package casework

import (
	"slices"
	"time"
)

// AssignmentState is where the naming of a responsible worker stands.
type AssignmentState string

// The states of an assignment.
const (
	AssignmentNamed    AssignmentState = "named"
	AssignmentAccepted AssignmentState = "accepted"
	AssignmentDeclined AssignmentState = "declined"
	AssignmentEnded    AssignmentState = "ended"
)

// Assignment is the naming of a responsible worker by the client's need (R13).
type Assignment struct {
	No         int
	Person     Person
	Need       string
	State      AssignmentState
	NamedBy    string
	NamedAt    time.Time
	AcceptedAt time.Time
	EndedAt    time.Time
	EndedFor   string
	Note       string // handed over with
	ClientWish bool   // the client wishes that one worker is enough (P04)
}

// Naming is why somebody is asked to be the responsible worker.
type Naming struct {
	Need       string
	Note       string // on what is open, when handed over
	ClientWish bool
}

// ResponsibleWorker is who holds the whole for the client now: never two (I4).
func (c Case) ResponsibleWorker() (Assignment, bool) { return c.assignment(AssignmentAccepted) }

// NamedWorker is who has been asked to be the responsible worker and has not answered.
func (c Case) NamedWorker() (Assignment, bool) { return c.assignment(AssignmentNamed) }

func (c Case) assignment(state AssignmentState) (Assignment, bool) {
	for _, a := range c.Responsible {
		if a.State == state {
			return a, true
		}
	}
	return Assignment{}, false
}

// MayNameSomebody tells whether a responsible worker can be named at all now: consent holds and there is none yet. A change of
// responsible worker is an act of its own.
func (c Case) MayNameSomebody(now time.Time) (Consent, error) {
	k, err := c.MayGather(now)
	if err != nil {
		return k, err
	}
	if rw, ok := c.ResponsibleWorker(); ok {
		return k, refuseAbout(AlreadyNamed, map[string]any{"login": rw.Person.Login})
	}
	return k, nil
}

// MayName tells whether the person may be asked to be the responsible worker now: a professional whom the consent covers,
// and nobody else is already (P02).
func (c Case) MayName(who Person, now time.Time) error {
	k, err := c.MayNameSomebody(now)
	if err != nil {
		return err
	}
	if named, ok := c.NamedWorker(); ok && named.Person.Login == who.Login {
		return refuseAbout(AlreadyNamed, map[string]any{"login": who.Login})
	}
	if who.Guest || !k.Informs(who) {
		return refuse(NotParty)
	}
	return nil
}

// Name asks a person to be the responsible worker for a stated need (P02). Naming another while one has not answered takes
// the earlier naming back.
func (c Case) Name(by, who Person, n Naming, now time.Time) (Case, error) {
	if err := c.MayName(who, now); err != nil {
		return c, err
	}
	c = c.change(now)
	c.nameNext(by, who, n, now)
	return c, nil
}

// MayAcceptNaming tells whether the person has a naming to accept, and the consent still covers the person at this moment.
func (c Case) MayAcceptNaming(who Person, now time.Time) error {
	if err := c.MayDeclineNaming(who); err != nil {
		return err
	}
	k, err := c.MayGather(now)
	if err != nil {
		return err
	}
	if !k.Informs(who) {
		return refuse(NotParty)
	}
	return nil
}

// AcceptNaming makes the person the responsible worker, who holds the whole from now on.
func (c Case) AcceptNaming(who Person, now time.Time) (Case, error) {
	if err := c.MayAcceptNaming(who, now); err != nil {
		return c, err
	}
	c = c.change(now)
	old := c.handedOver(now)
	for i := range c.Responsible {
		if a := &c.Responsible[i]; a.State == AssignmentNamed {
			a.State, a.AcceptedAt, a.Person = AssignmentAccepted, now, who
		}
	}
	if i := c.member(who.Login, MemberInvited); i >= 0 {
		c.Team[i].State, c.Team[i].JoinedAt = MemberActive, now
	}
	if old != "" {
		c.passMeetings(old, who.Login, now)
	}
	c.tellCoordinator(ToldResponsible)
	c.tellRoom(ToldResponsible)
	c.settleTeam()
	return c, nil
}

// handedOver ends the time of the responsible worker there was, and tells who it was: that person leaves unless also a member (P06).
func (c *Case) handedOver(now time.Time) string {
	old, ok := c.ResponsibleWorker()
	if !ok {
		return ""
	}
	c.endAbsences(AbsentResponsible, now)
	c.endAssignment(AssignmentAccepted, "handed_over", now)
	c.tell(ToldHandedOver, old.Person.Login)
	return old.Person.Login
}

// WasAsked reports whether the person was ever asked to be the responsible worker, to stand in or to join the team, whatever
// became of it.
func (c Case) WasAsked(who Person) bool {
	return slices.ContainsFunc(c.Responsible, func(a Assignment) bool { return a.Person.Login == who.Login }) ||
		slices.ContainsFunc(c.Absences, func(a Absence) bool { return a.Deputy.Login == who.Login }) ||
		slices.ContainsFunc(c.Team, func(m Participant) bool { return m.Person.Login == who.Login })
}

// MayDeclineNaming tells whether the person has been named and has not answered.
func (c Case) MayDeclineNaming(who Person) error {
	if named, ok := c.NamedWorker(); !ok || named.Person.Login != who.Login {
		return refuse(NotAccepted)
	}
	return nil
}

// DeclineNaming answers a naming with no: the coordinator names another.
func (c Case) DeclineNaming(who Person, now time.Time) (Case, error) {
	if err := c.MayDeclineNaming(who); err != nil {
		return c, err
	}
	c = c.change(now)
	for i := range c.Responsible {
		if a := &c.Responsible[i]; a.State == AssignmentNamed {
			a.State, a.EndedAt, a.EndedFor = AssignmentDeclined, now, "declined"
		}
	}
	c.tellCoordinator(ToldNotNamed)
	return c, nil
}
