package casework

import (
	"slices"
	"time"
)

// MayHandOver tells whether the person may be asked to become the responsible worker after the one there is (P06).
func (c Case) MayHandOver(who Person, now time.Time) error {
	k, err := c.MayGather(now)
	if err != nil {
		return err
	}
	rw, ok := c.ResponsibleWorker()
	if !ok {
		return refuse(NobodyAway)
	}
	if named, asked := c.NamedWorker(); rw.Person.Login == who.Login || asked && named.Person.Login == who.Login {
		return refuseAbout(AlreadyNamed, map[string]any{"login": who.Login})
	}
	if who.Guest || !k.Informs(who) {
		return refuse(NotParty)
	}
	return nil
}

// HandOver asks another to become the responsible worker, with a note on what is open (P06). Until the other accepts, the one
// there is goes on: nothing is ever without an owner.
func (c Case) HandOver(by, who Person, n Naming, now time.Time) (Case, error) {
	if err := c.MayHandOver(who, now); err != nil {
		return c, err
	}
	rw, _ := c.ResponsibleWorker()
	n.ClientWish = n.ClientWish || rw.ClientWish // the client's wish outlasts the worker
	c = c.change(now)
	c.nameNext(by, who, n, now)
	return c, nil
}

// nameNext asks somebody to be the responsible worker; who was asked before and has not answered no longer is, and is told so.
func (c *Case) nameNext(by, who Person, n Naming, now time.Time) {
	if before, ok := c.NamedWorker(); ok {
		c.tell(ToldNotAsked, before.Person.Login)
	}
	c.endAssignment(AssignmentNamed, "another_named", now)
	c.Responsible = append(c.Responsible, Assignment{
		No: len(c.Responsible) + 1, Person: who, Need: n.Need, Note: n.Note, ClientWish: n.ClientWish,
		State: AssignmentNamed, NamedBy: by.Login, NamedAt: now,
	})
	c.tell(ToldNamed, who.Login)
}

func (c *Case) endAssignment(state AssignmentState, reason string, now time.Time) {
	for i := range c.Responsible {
		if a := &c.Responsible[i]; a.State == state {
			a.State, a.EndedAt, a.EndedFor = AssignmentEnded, now, reason
		}
	}
}

// MayTransfer tells whether another coordinator may take the case over: while a team is together, one whom the consent lets
// in and informs.
func (c Case) MayTransfer(to Person, now time.Time) error {
	switch {
	case !c.State.Open() || c.Coordinator.Login == "":
		return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
	case to.Login == c.Coordinator.Login:
		return refuseAbout(AlreadyNamed, map[string]any{"login": to.Login})
	case !to.Coordinator:
		return refuse(NotParty)
	}
	return c.mayStandIn(to, now)
}

// remember keeps that somebody was in the team by an office that another holds from now on.
func (c *Case) remember(who Person, now time.Time) {
	if c.RoomNumber > 0 && c.member(who.Login, MemberActive, MemberInvited) < 0 {
		c.Team = append(c.Team, Participant{
			No: len(c.Team) + 1, Person: who, State: MemberRemoved, InvitedBy: who.Login, InvitedAt: c.TakenAt, JoinedAt: c.TakenAt,
			EndedAt: now, EndedFor: "transferred",
		})
	}
}

// Transfer gives the case to another coordinator, with a note.
func (c Case) Transfer(to Person, note string, now time.Time) (Case, error) {
	if err := c.MayTransfer(to, now); err != nil {
		return c, err
	}
	c = c.change(now)
	from := c.Coordinator.Login
	c.remember(c.Coordinator, now)
	c.endAbsences(AbsentCoordinator, now)
	c.Coordinator, c.TakenAt, c.TransferNote = to, now, note
	c.passMeetings(from, to.Login, now)
	c.tell(ToldTransferred, from)
	c.tell(ToldTransferred, to.Login)
	c.tell(ToldTransferred, c.Nearest())
	return c, nil
}

// MayDisable tells whether somebody whose account is closed has a place in the open case to lose.
func (c Case) MayDisable(login string) error {
	places := c.Relations(Person{Login: login})
	if !c.State.Open() || !slices.ContainsFunc(places, func(r Relation) bool { return slices.Contains(losable, r) }) && c.asked(login) < 0 {
		return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
	}
	return nil
}

var losable = []Relation{IsCoordinator, IsResponsible, IsNamed, IsMember, IsInvited, IsDeputy}

// Disable follows a closed account (P07): who has left is out of the team, a responsible worker's case is the coordinator's to
// hold, a deputy's absence goes on alone, and an alarm is raised. A coordinator's place stays until a supervisor has transferred
// the case: it is never without a holder. Done again, it tells again.
func (c Case) Disable(login string, now time.Time) (Case, error) {
	if err := c.MayDisable(login); err != nil {
		return c, err
	}
	c = c.change(now)
	gone := func(p Person) bool { return p.Login == login }
	rw, ok := c.ResponsibleWorker()
	led := ok && gone(rw.Person)
	if led {
		c.endAbsences(AbsentResponsible, now)
	}
	if named, asked := c.NamedWorker(); asked && gone(named.Person) {
		c.tellCoordinator(ToldNotNamed)
	}
	c.loseDeputies(gone, now)
	c.endMemberships("account_disabled", now, gone)
	c.endAssignments("account_disabled", now, gone)
	c.leaveMeetings(login, now)
	c.settleTeam()
	if led || gone(c.Coordinator) {
		c.tell(ToldDisabled, ToSupervisors)
	}
	if who, _ := c.standing(AbsentCoordinator); led && who != login {
		c.tell(ToldDisabled, who)
	}
	return c, nil
}

// loseDeputies takes deputies out who cannot stand in any more; the absence goes on without one.
func (c *Case) loseDeputies(lost func(Person) bool, now time.Time) {
	for i := range c.Absences {
		a := &c.Absences[i]
		switch {
		case !lost(a.Deputy):
		case a.State == DeputyActing:
			c.alone(a, now)
			c.leaveMeetings(a.Deputy.Login, now)
		case a.State.Live():
			a.State, a.AnsweredAt = DeputyDeclined, now
			c.tellCoordinator(ToldDeputyNo, a.From)
		case a.State == DeputyAlone && a.AnsweredAt.IsZero(): // asked, and never to answer
			a.AnsweredAt = now
		}
	}
}
