package casework

import (
	"fmt"
	"testing"
	"time"
)

// bigCase has ten members of ten units besides its responsible worker, and five meetings to which all are invited.
func bigCase(b *testing.B) *build {
	var parties, invitees []string
	for i := range 10 {
		parties = append(parties, fmt.Sprintf("UNIT-%d", i))
	}
	c := aCase(b).taken().accepted().asked().granted(append(parties, "KOTIHOITO-B")...).responsible("kaisa")
	for i, unit := range parties {
		who := Person{Login: fmt.Sprintf("member%d", i), Unit: unit, Register: Health}
		c.did(c.quiet().Invite(people["paula"], who, "Tuki", c.now)).did(c.quiet().Join(who, c.now))
		invitees = append(invitees, who.Login)
	}
	for i := range 5 {
		c.planned(monthOut.AddDate(0, i, 0), invitees...)
	}
	if got := len(Roster(c.c, c.now).Members); got != 12 || len(c.c.Coming()) != 5 {
		b.Fatalf("%d in the room, %d meetings", got, len(c.c.Coming()))
	}
	return c
}

func BenchmarkRoster(b *testing.B) {
	c := bigCase(b)
	b.ReportAllocs()
	for b.Loop() {
		Roster(c.c, c.now)
	}
}

func BenchmarkAgenda(b *testing.B) {
	c := bigCase(b)
	b.ReportAllocs()
	for b.Loop() {
		Agenda(c.c, c.s)
	}
}

func BenchmarkNextStep(b *testing.B) {
	c := bigCase(b)
	now := c.now.Add(time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		NextStep(c.c, c.s, now)
	}
}
