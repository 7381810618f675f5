package casework

import (
	"slices"
	"time"
)

// MemberState is where one invitation stands.
type MemberState string

// The states of a participant (model.md § 3.5).
const (
	MemberInvited  MemberState = "invited"
	MemberActive   MemberState = "active"
	MemberDeclined MemberState = "declined"
	MemberRemoved  MemberState = "removed"
)

// Participant is somebody asked to the team for a stated need of the client's: no member without one (R07).
type Participant struct {
	No        int
	Person    Person
	Need      string
	State     MemberState
	InvitedBy string
	InvitedAt time.Time
	JoinedAt  time.Time
	EndedAt   time.Time
	EndedFor  string
}

// MayInvite tells whether the person may be asked to the team now: consent holds, covers the person, and the person is not
// already there. A service coordinator needs no invitation to the own case.
func (c Case) MayInvite(who Person, now time.Time) error {
	k, err := c.MayGather(now)
	if err != nil {
		return err
	}
	if !k.Covers(who) {
		return refuse(NotParty)
	}
	if who.Login == c.Coordinator.Login || c.member(who.Login, MemberInvited, MemberActive) >= 0 {
		return refuse(AlreadyInTeam)
	}
	return nil
}

// Invite asks the person to the team (P03). Until accepting, the invitee knows the code and the role only.
func (c Case) Invite(by, who Person, need string, now time.Time) (Case, error) {
	if err := c.MayInvite(who, now); err != nil {
		return c, err
	}
	c = c.change(now)
	c.Team = append(c.Team, Participant{
		No: len(c.Team) + 1, Person: who, Need: need, State: MemberInvited, InvitedBy: by.Login, InvitedAt: now,
	})
	c.tell(ToldInvited, who.Login)
	return c, nil
}

// MayJoin tells whether the person has an invitation to accept, and the consent still covers the person at this moment.
func (c Case) MayJoin(who Person, now time.Time) error {
	if err := c.MayDecline(who); err != nil {
		return err
	}
	k, err := c.MayGather(now)
	if err != nil {
		return err
	}
	if !k.Covers(who) {
		return refuse(NotParty)
	}
	return nil
}

// Join accepts an invitation: from this moment the person is in the team, and data may be disclosed to that person.
func (c Case) Join(who Person, now time.Time) (Case, error) {
	if err := c.MayJoin(who, now); err != nil {
		return c, err
	}
	c = c.change(now)
	m := &c.Team[c.member(who.Login, MemberInvited)]
	m.State, m.JoinedAt, m.Person = MemberActive, now, who
	c.tellCoordinator(ToldJoined)
	c.tellRoom(ToldJoined)
	c.settleTeam()
	return c, nil
}

// MayDecline tells whether the person has an invitation to answer.
func (c Case) MayDecline(who Person) error {
	if c.member(who.Login, MemberInvited) < 0 {
		return refuse(NotAccepted)
	}
	return nil
}

// DeclineInvite answers an invitation with no. No reason is asked.
func (c Case) DeclineInvite(who Person, now time.Time) (Case, error) {
	if err := c.MayDecline(who); err != nil {
		return c, err
	}
	c = c.change(now)
	m := &c.Team[c.member(who.Login, MemberInvited)]
	m.State, m.EndedAt, m.EndedFor = MemberDeclined, now, "declined"
	c.tell(ToldDeclined, c.inviter(*m))
	return c, nil
}

// inviter is who is told how an invitation was answered: whoever made it, or the coordinator once that person has left.
func (c Case) inviter(m Participant) string {
	if slices.ContainsFunc(c.InTeam(), func(p Person) bool { return p.Login == m.InvitedBy }) {
		return m.InvitedBy
	}
	who, _ := c.standing(AbsentCoordinator)
	return who
}

// VoidInvites ends the invitations nobody answered in time (P03).
func (c Case) VoidInvites(s Settings, now time.Time) (Case, error) {
	late := func(m Participant) bool {
		return m.State == MemberInvited && !now.Before(s.Calendar.AddWorkingDays(m.InvitedAt, s.InviteVoidWorkingDays))
	}
	if !slices.ContainsFunc(c.Team, late) {
		return c, refuseAbout(WrongState, map[string]any{"state": string(c.State)})
	}
	c = c.change(now)
	for i := range c.Team {
		if m := &c.Team[i]; late(*m) {
			m.State, m.EndedAt, m.EndedFor = MemberDeclined, now, "not_answered"
			c.tell(ToldDeclined, c.inviter(*m))
		}
	}
	return c, nil
}

// member finds the latest participation of the person in one of the states, or -1.
func (c Case) member(login string, states ...MemberState) int {
	for i := len(c.Team) - 1; i >= 0; i-- {
		if c.Team[i].Person.Login == login && slices.Contains(states, c.Team[i].State) {
			return i
		}
	}
	return -1
}

// InTeam lists everybody in the team at the moment, guests included: the coordinator, the responsible worker, the members,
// and who stands in for somebody.
func (c Case) InTeam() []Person {
	team := []Person{c.Coordinator}
	add := func(p Person) {
		if !slices.ContainsFunc(team, func(q Person) bool { return q.Login == p.Login }) {
			team = append(team, p)
		}
	}
	if rw, ok := c.ResponsibleWorker(); ok {
		add(rw.Person)
	}
	for _, m := range c.Team {
		if m.State == MemberActive {
			add(m.Person)
		}
	}
	for _, p := range c.deputies() {
		add(p)
	}
	return team
}

func (c *Case) tellTeam(kind NoticeKind, on ...time.Time) {
	for _, p := range c.InTeam() {
		c.tell(kind, p.Login, on...)
	}
}

// partTeam ends every membership, invitation and naming.
func (c *Case) partTeam(reason string, now time.Time) {
	everybody := func(Person) bool { return true }
	c.endAbsences(AbsentResponsible, now)
	c.endMemberships(reason, now, everybody)
	c.endAssignments(reason, now, everybody)
}

// dropUncovered ends what the consent no longer covers (C05, C06). A responsible worker must also get the content.
func (c *Case) dropUncovered(k Consent, now time.Time) {
	before := c.InTeam()
	c.endMemberships("not_party", now, func(p Person) bool { return !k.Covers(p) })
	c.endAssignments("not_party", now, func(p Person) bool { return !k.Informs(p) })
	c.endUncoveredDeputies(k, now)
	stay := c.InTeam()
	for _, p := range before {
		if !slices.ContainsFunc(stay, func(q Person) bool { return q.Login == p.Login }) {
			c.tell(ToldRemoved, p.Login)
		}
	}
}

func (c *Case) endMemberships(reason string, now time.Time, whose func(Person) bool) {
	for i := range c.Team {
		m := &c.Team[i]
		if (m.State == MemberActive || m.State == MemberInvited) && whose(m.Person) {
			m.State, m.EndedAt, m.EndedFor = MemberRemoved, now, reason
		}
	}
}

func (c *Case) endAssignments(reason string, now time.Time, whose func(Person) bool) {
	for i := range c.Responsible {
		a := &c.Responsible[i]
		if (a.State == AssignmentAccepted || a.State == AssignmentNamed) && whose(a.Person) {
			a.State, a.EndedAt, a.EndedFor = AssignmentEnded, now, reason
		}
	}
}

// settleTeam makes the case active once a responsible worker has accepted and two units have come together, or the client
// wishes that one is enough (P04), and takes it back to forming when that no longer holds: then the coordinator is the holder again (I4).
func (c *Case) settleTeam() {
	if !c.State.Together() {
		return
	}
	was := c.State
	c.State = TeamForming
	if rw, ok := c.ResponsibleWorker(); ok && (c.unitsTogether() >= 2 || rw.ClientWish) {
		c.State = Active
	}
	if c.State == Active && was != Active {
		c.tellRoom(ToldActive)
		c.tellCoordinator(ToldActive)
	}
}

func (c Case) unitsTogether() int {
	units := map[string]bool{}
	if rw, ok := c.ResponsibleWorker(); ok {
		units[rw.Person.Unit] = true
	}
	for _, m := range c.Team {
		if m.State == MemberActive {
			units[m.Person.Unit] = true
		}
	}
	return len(units)
}
