package casework

import "time"

// Room is what a case's private room should be.
type Room struct {
	Number  int // the how-manieth room of the case; 0 = it never had one
	Open    bool
	Members []string // logins, the coordinator first
}

// Informed reports whether the person may read at the instant what the client is like and who that is: a consent holds then,
// and lets that very person know (I1; model.md P14). Guests of the third sector never may (R09).
func (c Case) Informed(who Person, now time.Time) bool {
	k, ok := c.ConsentAt(later(now, c.ChangedAt))
	return ok && !who.Guest && k.Informs(who)
}

// Roster tells whether the case's room is open at the instant and exactly who belongs in it: the coordinator, the responsible
// worker and the members who have accepted, each covered by the consent that holds (I1, I2). Without one nobody does.
// Guests of the third sector and near persons are never in the room; neither is who gets no content.
func Roster(c Case, now time.Time) Room {
	room := Room{Number: c.RoomNumber}
	k, ok := c.ConsentAt(now)
	if !ok || !c.State.Together() {
		return room
	}
	room.Open = true
	for _, p := range c.InTeam() {
		if k.Informs(p) && !p.Guest {
			room.Members = append(room.Members, p.Login)
		}
	}
	return room
}

// LeftTeam is when the person's latest place in the team ended; zero for who never had one. Standing in is no place in the team.
func (c Case) LeftTeam(login string) (at time.Time) {
	for _, a := range c.Responsible {
		if a.Person.Login == login && a.State == AssignmentEnded && !a.AcceptedAt.IsZero() {
			at = later(at, a.EndedAt)
		}
	}
	for _, m := range c.Team {
		if m.Person.Login == login && m.State == MemberRemoved && !m.JoinedAt.IsZero() {
			at = later(at, m.EndedAt)
		}
	}
	return at
}
