package casework

import (
	"slices"
	"time"
)

// RemoveReasons are why somebody is taken out of the team.
var RemoveReasons = []string{"need_met", "own_wish", "client_wish", "other"}

// MayRemove tells whether the person is a member, or asked to be one, who can be taken out.
func (c Case) MayRemove(login string) error {
	if err := c.inState(TeamForming, Active); err != nil {
		return err
	}
	if c.member(login, MemberActive, MemberInvited) < 0 {
		return refuse(NobodyToRemove)
	}
	return nil
}

// Remove takes a member out of the team, or an invitation back. The person is told neutrally.
func (c Case) Remove(login, reason string, now time.Time) (Case, error) {
	if err := c.MayRemove(login); err != nil {
		return c, err
	}
	c = c.change(now)
	c.endMemberships(reason, now, func(p Person) bool { return p.Login == login })
	c.leaveMeetings(login, now)
	c.tell(ToldRemoved, login)
	c.settleTeam()
	return c, nil
}

// leaveMeetings takes somebody who is no longer in the team out of what was agreed for later. A meeting that has begun stays as
// it began.
func (c *Case) leaveMeetings(login string, now time.Time) { c.passMeetings(login, "", now) }

// passMeetings puts another into the coming meetings of somebody who has left a role; who is still in the team stays invited.
func (c *Case) passMeetings(from, to string, now time.Time) {
	stays := slices.ContainsFunc(c.InTeam(), func(p Person) bool { return p.Login == from })
	for i := range c.Meetings {
		m := &c.Meetings[i]
		if !m.State.Coming() || !m.StartsAt.After(now) || !slices.Contains(m.Invitees, from) {
			continue
		}
		invitees := slices.Clone(m.Invitees)
		if to != "" {
			invitees = appendNew(invitees, to)
		}
		m.Invitees = slices.DeleteFunc(invitees, func(who string) bool { return who == from && !stays })
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
