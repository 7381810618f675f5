package casework

import "time"

func anUrgentConcern() Concern {
	n := aConcern()
	n.Urgency = "immediate"
	return n
}

// away asks the deputy to stand in for three days from the first, for whichever role the person has.
func (b *build) away(who, deputy string, from time.Time) *build {
	b.t.Helper()
	of, _ := b.c.roleOf(who)
	return b.did(b.quiet().BeAway(people[who], of, people[deputy], from, daysAfter(from, 3), b.now))
}

func (b *build) stoodIn(deputy string) *build {
	b.t.Helper()
	return b.did(b.quiet().StandIn(people[deputy], b.now))
}

func (b *build) didNotStandIn(deputy string) *build {
	b.t.Helper()
	return b.did(b.quiet().NotStandIn(people[deputy], b.now))
}

// turned goes to the moment and lets absences begin or end.
func (b *build) turned(at time.Time) *build {
	b.t.Helper()
	b.at(at)
	return b.did(b.quiet().Turn(at))
}

func (b *build) declined() *build {
	b.t.Helper()
	return b.did(b.quiet().Decline(people["paula"], Decision{Reason: "not_target_group", Guidance: "Ota yhteys terveysasemaan."}, b.now))
}

func (b *build) merged() *build {
	b.t.Helper()
	merged, _, err := b.quiet().Merge(people["paula"], anotherCase(), true, b.now)
	return b.did(merged, err)
}

func (b *build) noReply() *build {
	b.t.Helper()
	return b.did(b.quiet().NoReply(people["paula"], b.now))
}

func (b *build) converted() *build {
	b.t.Helper()
	return b.did(b.quiet().Convert("shl35_1_client_agrees", "", b.now))
}

func (b *build) without(parties ...string) *build {
	b.t.Helper()
	w := Withdrawal{By: "client", To: "kaisa", At: b.now, Scope: "parties"}
	return b.did(b.quiet().WithdrawPart(people["kaisa"], w, parties, nil, b.now))
}

func (b *build) handedOver(to string) *build {
	b.t.Helper()
	return b.did(b.quiet().HandOver(people["paula"], people[to], Naming{Need: "Arki", Note: "Lääkelista kesken"}, b.now))
}

func (b *build) tookOver(login string) *build {
	b.t.Helper()
	return b.did(b.quiet().AcceptNaming(people[login], b.now))
}

func (b *build) transferred(to string) *build {
	b.t.Helper()
	return b.did(b.quiet().Transfer(people[to], "Odottaa vastausta", b.now))
}

func (b *build) disabled(login string) *build {
	b.t.Helper()
	return b.did(b.quiet().Disable(login, b.now))
}
