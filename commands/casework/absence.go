package casework

import "time"

// AbsentRole says whose place is empty.
type AbsentRole string

// The roles that somebody must stand in for.
const (
	AbsentResponsible AbsentRole = "responsible_worker"
	AbsentCoordinator AbsentRole = "coordinator"
)

// DeputyState is where an absence and its deputy stand.
type DeputyState string

// The states of an absence. Alone: it has begun and nobody stands in.
const (
	DeputyAsked    DeputyState = "asked"
	DeputyAccepted DeputyState = "accepted"
	DeputyDeclined DeputyState = "declined"
	DeputyActing   DeputyState = "acting"
	DeputyAlone    DeputyState = "alone"
	DeputyEnded    DeputyState = "ended"
)

// Live reports whether the deputy has been asked and has not said no.
func (s DeputyState) Live() bool { return s == DeputyAsked || s == DeputyAccepted || s == DeputyActing }

// Begun reports whether the absence is on.
func (s DeputyState) Begun() bool { return s == DeputyActing || s == DeputyAlone }

// Absence is a time during which the responsible worker or the coordinator is away, and who stands in (P05).
type Absence struct {
	No         int
	Of         AbsentRole
	Person     Person // who is away
	Deputy     Person
	From, To   time.Time // from the first moment of the first day to the first moment after the last
	State      DeputyState
	AskedBy    string
	AskedAt    time.Time
	AnsweredAt time.Time
	EndedAt    time.Time
}

// current is the absence of the role that is planned or on, or -1: there is never more than one.
func (c Case) current(of AbsentRole) int {
	for i, a := range c.Absences {
		if a.Of == of && a.State != DeputyEnded {
			return i
		}
	}
	return -1
}

// standsIn reports whether somebody has been asked to stand in for the role and has not said no.
func (c Case) standsIn(of AbsentRole) bool {
	i := c.current(of)
	return i >= 0 && c.Absences[i].State.Live()
}

// holderOf is the person the role belongs to.
func (c Case) holderOf(of AbsentRole) (Person, bool) {
	if of == AbsentCoordinator {
		return c.Coordinator, c.Coordinator.Login != "" && c.State.Open()
	}
	rw, ok := c.ResponsibleWorker()
	return rw.Person, ok
}

// MayBeAway tells whether the deputy may be asked to stand in for the role's holder: a deputy must be one the consent lets in
// and informs, and who stands in for a coordinator must be one.
func (c Case) MayBeAway(of AbsentRole, deputy Person, from, to time.Time, now time.Time) error {
	away, ok := c.holderOf(of)
	switch {
	case !ok:
		return refuse(NobodyAway)
	case !from.Before(to), !to.After(now):
		return refuseAbout(InPast, map[string]any{"field": "to"})
	case c.standsIn(of):
		return refuse(Overlaps)
	case deputy.Login == away.Login:
		return refuseAbout(AlreadyNamed, map[string]any{"login": away.Login})
	case deputy.Guest, of == AbsentCoordinator && !deputy.Coordinator:
		return refuse(NotParty)
	}
	return c.mayStandIn(deputy, now)
}

func (c Case) mayStandIn(deputy Person, now time.Time) error {
	if k, ok := c.ConsentAt(now); c.State.Together() && (!ok || !k.Informs(deputy)) {
		return refuse(NotParty)
	}
	return nil
}

// BeAway records that the role's holder will be away and asks the deputy to stand in (P05).
func (c Case) BeAway(by Person, of AbsentRole, deputy Person, from, to time.Time, now time.Time) (Case, error) {
	if err := c.MayBeAway(of, deputy, from, to, now); err != nil {
		return c, err
	}
	away, _ := c.holderOf(of)
	c = c.change(now)
	if i := c.current(of); i >= 0 { // the one asked before said no, or never answered
		if before := c.Absences[i]; before.unanswered() && before.Deputy.Login != deputy.Login {
			c.tell(ToldNotAsked, before.Deputy.Login)
		}
		c.Absences[i].State, c.Absences[i].EndedAt = DeputyEnded, now
	}
	c.Absences = append(c.Absences, Absence{
		No: len(c.Absences) + 1, Of: of, Person: away, Deputy: deputy, From: from, To: to, State: DeputyAsked, AskedBy: by.Login, AskedAt: now,
	})
	c.tell(ToldDeputy, deputy.Login, from)
	return c, nil
}

// unanswered reports whether the deputy may still say yes or no: also after the absence has begun.
func (a Absence) unanswered() bool {
	return a.State == DeputyAsked || a.State == DeputyAlone && a.AnsweredAt.IsZero()
}

// asked finds the absence the deputy has been asked to stand in for, or -1.
func (c Case) asked(deputy string) int {
	for i, a := range c.Absences {
		if a.Deputy.Login == deputy && a.unanswered() {
			return i
		}
	}
	return -1
}

// MayStandIn tells whether the person has been asked to stand in, and the consent still covers the person.
func (c Case) MayStandIn(who Person, now time.Time) error {
	if c.asked(who.Login) < 0 {
		return refuse(NotAccepted)
	}
	return c.mayStandIn(who, now)
}

// StandIn accepts to stand in; when the absence is on already, from this moment.
func (c Case) StandIn(who Person, now time.Time) (Case, error) {
	if err := c.MayStandIn(who, now); err != nil {
		return c, err
	}
	c = c.change(now)
	a := &c.Absences[c.asked(who.Login)]
	a.State, a.AnsweredAt, a.Deputy = DeputyAccepted, now, who
	c.tell(ToldDeputyYes, a.Person.Login, a.From)
	c.tellCoordinator(ToldDeputyYes, a.From)
	if !now.Before(a.From) {
		c.begin(a)
	}
	return c, nil
}

// MayNotStandIn tells whether the person has been asked to stand in.
func (c Case) MayNotStandIn(who Person) error {
	if c.asked(who.Login) < 0 {
		return refuse(NotAccepted)
	}
	return nil
}

// NotStandIn answers no; another may be asked, and if nobody is, the absence begins with an alarm.
func (c Case) NotStandIn(who Person, now time.Time) (Case, error) {
	if err := c.MayNotStandIn(who); err != nil {
		return c, err
	}
	c = c.change(now)
	a := &c.Absences[c.asked(who.Login)]
	a.AnsweredAt = now
	if a.State == DeputyAsked {
		a.State = DeputyDeclined
	}
	c.tell(ToldDeputyNo, a.Person.Login, a.From)
	c.tellCoordinator(ToldDeputyNo, a.From)
	return c, nil
}
