package casework

import "time"

// Room is what a case's private room should be.
type Room struct {
	Number  int // the how-manieth room of the case; 0 = it never had one
	Open    bool
	Members []string // logins, the coordinator first
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
