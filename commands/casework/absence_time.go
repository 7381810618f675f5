package casework

import (
	"slices"
	"time"
)

// MayTurn tells whether an absence begins or ends at this moment.
func (c Case) MayTurn(now time.Time) error {
	if c.State.Open() && slices.ContainsFunc(c.Absences, func(a Absence) bool { return a.due(now) }) {
		return nil
	}
	return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
}

// due reports whether time has brought the absence to its beginning or its end.
func (a Absence) due(now time.Time) bool {
	switch a.State {
	case DeputyAsked, DeputyAccepted, DeputyDeclined:
		return !now.Before(a.From)
	case DeputyActing, DeputyAlone:
		return !now.Before(a.To)
	}
	return false
}

// Turn begins and ends absences as their days come (P05): the deputy stands in, or, when nobody does, the coordinator holds
// the case and an alarm is raised; afterwards the case is again its holder's.
func (c Case) Turn(now time.Time) (Case, error) {
	if err := c.MayTurn(now); err != nil {
		return c, err
	}
	c = c.change(now)
	for i := range c.Absences {
		a := &c.Absences[i]
		switch {
		case !a.due(now):
		case a.State.Begun() || !now.Before(a.To):
			c.endAbsence(a, now)
			c.tell(ToldBack, a.Person.Login)
		case a.State == DeputyAccepted && (!c.State.Together() || c.Consent().Informs(a.Deputy)):
			c.begin(a)
		default:
			c.alone(a, now)
		}
	}
	return c, nil
}

// begin lets the deputy act.
func (c *Case) begin(a *Absence) {
	a.State = DeputyActing
	c.tell(ToldStandIn, a.Deputy.Login, a.To)
	if c.State.Together() {
		c.tellRoom(ToldStandIn, a.To)
	}
}

// alone lets an absence go on with nobody standing in, and raises an alarm.
func (c *Case) alone(a *Absence, now time.Time) {
	if a.State.Live() && a.State != DeputyAsked { // the deputy had said yes, but may not any more
		a.AnsweredAt = now
	}
	a.State = DeputyAlone
	c.tellCoordinator(ToldNobody, a.To)
	c.tell(ToldNobody, ToSupervisors, a.To)
}

// endAbsence ends one; the deputy is then in what was agreed for later only as what else the deputy is.
func (c *Case) endAbsence(a *Absence, now time.Time) {
	stoodIn := a.State == DeputyActing
	a.State, a.EndedAt = DeputyEnded, now
	if stoodIn {
		c.leaveMeetings(a.Deputy.Login, now)
		c.tell(ToldBack, a.Deputy.Login)
	}
}

// endAbsences ends what was planned for a role that has got another holder, or none. Ending an absence that has not begun
// tells nobody but who was to stand in.
func (c *Case) endAbsences(of AbsentRole, now time.Time) {
	for i := range c.Absences {
		if a := &c.Absences[i]; a.Of == of && a.State != DeputyEnded {
			if a.State.Live() {
				c.tell(ToldBack, a.Deputy.Login)
			}
			c.endAbsence(a, now)
		}
	}
}

// endUncoveredDeputies takes deputies out whom the consent no longer lets in; the absence goes on without one.
func (c *Case) endUncoveredDeputies(k Consent, now time.Time) {
	if _, ok := c.ResponsibleWorker(); !ok {
		c.endAbsences(AbsentResponsible, now)
	}
	c.loseDeputies(func(p Person) bool { return !k.Informs(p) }, now)
}

// forgetAbsences ends everything planned when a case ends; about a case that is over nobody is told.
func (c *Case) forgetAbsences(now time.Time) {
	for i := range c.Absences {
		if a := &c.Absences[i]; a.State != DeputyEnded {
			a.State, a.EndedAt = DeputyEnded, now
		}
	}
}

// standing is who acts in the role now: its holder, or the deputy while the holder is away. A responsible worker without a
// deputy is stood in for by the coordinator.
func (c Case) standing(of AbsentRole) (who string, since time.Time) {
	holder, _ := c.holderOf(of)
	i := c.current(of)
	if i < 0 || !c.Absences[i].State.Begun() {
		return holder.Login, time.Time{}
	}
	a := c.Absences[i]
	switch {
	case a.State == DeputyActing:
		return a.Deputy.Login, later(a.From, a.AnsweredAt)
	case of == AbsentResponsible:
		who, since = c.standing(AbsentCoordinator)
		return who, later(a.From, since)
	}
	return holder.Login, time.Time{}
}

// roleOf is the role the person has in the case, if any.
func (c Case) roleOf(login string) (AbsentRole, bool) {
	if rw, ok := c.ResponsibleWorker(); ok && rw.Person.Login == login {
		return AbsentResponsible, true
	}
	return AbsentCoordinator, c.Coordinator.Login == login
}

// answering is who acts in the role at an instant to come as far as is known, and since when that is known: its holder, or the
// deputy while the holder is away. What was due while somebody was away is not due again when that person is back.
func (c Case) answering(of AbsentRole, at time.Time) (who string, since time.Time) {
	who, since = c.Coordinator.Login, c.TakenAt
	if rw, ok := c.ResponsibleWorker(); ok && of == AbsentResponsible {
		who, since = rw.Person.Login, rw.AcceptedAt
	}
	for _, a := range c.Absences {
		if a.Of != of || a.Person.Login != who || at.Before(a.From) || !at.Before(a.To) {
			continue
		}
		switch {
		case a.State == DeputyEnded:
			if !at.After(a.EndedAt) { // what fell due as it ended was still for who stood in
				since = later(since, a.EndedAt)
			}
		case a.State == DeputyAccepted || a.State == DeputyActing:
			return a.Deputy.Login, later(since, a.AnsweredAt)
		case of == AbsentResponsible:
			who, known := c.answering(AbsentCoordinator, at)
			return who, later(later(since, known), later(a.AskedAt, a.AnsweredAt))
		default:
			since = later(since, a.AnsweredAt)
		}
	}
	return who, since
}

// Lead is who answers for the case now: who acts as the responsible worker of an active one, otherwise who acts as its
// coordinator (I4).
func (c Case) Lead() string {
	if c.State == Active {
		return c.Nearest()
	}
	who, _ := c.standing(AbsentCoordinator)
	return who
}

// Nearest is who is told what happens in the case's room: who acts as its responsible worker from accepting on, also while its
// team still forms, otherwise who acts as its coordinator.
func (c Case) Nearest() string {
	of := AbsentCoordinator
	if _, ok := c.ResponsibleWorker(); ok {
		of = AbsentResponsible
	}
	who, _ := c.standing(of)
	return who
}

// deputies are the people who stand in now.
func (c Case) deputies() []Person {
	var acting []Person
	for _, a := range c.Absences {
		if a.State == DeputyActing {
			acting = append(acting, a.Deputy)
		}
	}
	return acting
}
