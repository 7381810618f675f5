package casework

import (
	"errors"
	"testing"
	"time"
)

// The synthetic people that the tests speak of.
var people = map[string]Person{
	"sanna": {Login: "sanna", Unit: "SOTE-KESKUS-A", Register: Health},
	"leo":   {Login: "leo", Unit: "SOTE-KESKUS-A", Register: Health},
	"katri": {Login: "katri", Unit: "SOTE-KESKUS-A", Register: Health, Coordinator: true},
	"paula": {Login: "paula", Unit: "ASIAKASOHJAUS", Register: Social, Coordinator: true},
	"ville": {Login: "ville", Unit: "IAKKAAT", Register: Social},
	"ulla":  {Login: "ulla", Unit: "IAKKAAT", Register: Social},
	"kaisa": {Login: "kaisa", Unit: "KOTIHOITO-B", Register: Health},
	"mika":  {Login: "mika", Unit: "MIEPA", Register: Health},
	"jaana": {Login: "jaana", Unit: "ESIMERKKIJARJESTO", Register: ThirdSector, Guest: true},
}

// monday is when every case of the tests begins, unless a test says otherwise.
var monday = helsinki(2026, time.November, 23, 8, 15)

// build makes a case step by step, each step at its clock; a step that is refused fails the test.
type build struct {
	t   testing.TB
	s   Settings
	now time.Time
	c   Case
}

func aCase(t testing.TB) *build { return aCaseAt(t, monday) }

func aCaseAt(t testing.TB, now time.Time) *build { return raised(t, now, aConcern()) }

func raised(t testing.TB, now time.Time, n Concern) *build {
	t.Helper()
	b := &build{t: t, s: DefaultSettings(), now: now}
	return b.did(Raise("BCDFGHJ-W", n, now))
}

func aConcern() Concern {
	return Concern{
		Raiser: people["sanna"], Basis: "shl35_1_client_agrees", Criteria: []string{"many_contacts"}, Urgency: "normal", HasIdentity: true,
	}
}

func aNamelessConcern() Concern {
	return Concern{
		Raiser: people["sanna"], Basis: "nameless", Criteria: []string{"unclear_provider"}, Urgency: "normal", Question: "Kenelle tämä kuuluu?",
	}
}

// did takes the outcome of an act; what earlier acts told is forgotten, as it is when a case is stored.
func (b *build) did(c Case, err error) *build {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s at %s: %v", b.c.State, b.now, err)
	}
	b.c = c
	return b
}

// quiet is the case as the next act finds it.
func (b *build) quiet() Case {
	b.c.News = nil
	return b.c
}

func (b *build) at(now time.Time) *build { b.now = now; return b }

func (b *build) after(d time.Duration) *build { return b.at(b.now.Add(d)) }

func (b *build) days(n int) *build { return b.at(daysAfter(b.now, n)) }

func (b *build) taken() *build { b.t.Helper(); return b.did(b.quiet().Take(people["paula"], b.now)) }

func (b *build) returned() *build {
	b.t.Helper()
	return b.did(b.quiet().Return("Mistä yhteydestä?", b.s, b.now))
}

func (b *build) answered(login string) *build {
	b.t.Helper()
	return b.did(b.quiet().AnswerQuestion(people[login], "Vastaus", b.now))
}

func (b *build) accepted() *build {
	b.t.Helper()
	return b.did(b.quiet().Accept(people["paula"], ClientFacts{Group: "older", UseProfile: "both"}, b.now))
}

func (b *build) asked() *build {
	b.t.Helper()
	return b.did(b.quiet().AskConsent(people["paula"], b.s.Calendar.Day(b.now), "phone", b.s, b.now))
}

// aConsent is a written consent of the client's own for the parties.
func aConsent(parties ...string) Consent {
	k := Consent{Form: "written_signed", GivenBy: "client", Capacity: "able", Categories: []string{"services_in_use"}}
	for _, code := range parties {
		k.Parties = append(k.Parties, Party{Code: code, Register: registerOf(code)})
	}
	return k
}

func registerOf(party string) Register {
	for _, p := range people {
		if (Party{Code: party}).Covers(p) {
			return p.Register
		}
	}
	return NoRegister
}

func (b *build) granted(parties ...string) *build {
	b.t.Helper()
	return b.grantedAs(aConsent(parties...))
}

func (b *build) grantedAs(k Consent) *build {
	b.t.Helper()
	return b.did(b.quiet().Grant(people["paula"], k, b.s, b.now))
}

// together is a case whose client has let in everybody the tests speak of.
func together(t testing.TB) *build {
	t.Helper()
	return aCase(t).taken().accepted().asked().granted("KOTIHOITO-B", "MIEPA", "IAKKAAT", "SOTE-KESKUS-A", "ESIMERKKIJARJESTO", "near:daughter")
}

// active is such a case with kaisa as responsible worker and mika in the team.
func active(t testing.TB) *build { t.Helper(); return together(t).responsible("kaisa").joined("mika") }

func (b *build) named(login string) *build {
	b.t.Helper()
	return b.did(b.quiet().Name(people["paula"], people[login], Naming{Need: "Arki kotona"}, b.now))
}

func (b *build) responsible(login string) *build {
	b.t.Helper()
	return b.named(login).did(b.quiet().AcceptNaming(people[login], b.now))
}

func (b *build) invited(logins ...string) *build {
	b.t.Helper()
	for _, login := range logins {
		b.did(b.quiet().Invite(people["paula"], people[login], "Tuki", b.now))
	}
	return b
}

func (b *build) joined(logins ...string) *build {
	b.t.Helper()
	for _, login := range logins {
		b.invited(login).did(b.quiet().Join(people[login], b.now))
	}
	return b
}

func (b *build) planned(startsAt time.Time, invitees ...string) *build {
	b.t.Helper()
	m := Meeting{Kind: "network_meeting", StartsAt: startsAt, Minutes: 60, Manner: "in_person", Place: "Huone 3", Invitees: invitees}
	return b.did(b.quiet().Plan(people["kaisa"], m, b.now))
}

func (b *build) withdrawn() *build {
	b.t.Helper()
	return b.did(b.quiet().Withdraw(people["kaisa"], Withdrawal{By: "client", To: "kaisa", At: b.now}, b.now))
}

func (b *build) expired() *build {
	b.t.Helper()
	b.at(b.c.Consent().End())
	return b.did(b.quiet().Expire(b.now))
}

func (b *build) refused() *build {
	b.t.Helper()
	return b.did(b.quiet().Refuse(people["paula"], "", "no", "", b.now))
}

func (b *build) closed() *build { b.t.Helper(); return b.did(b.quiet().Close(b.now)) }

// ruleOf is the rule that refused, or empty when nothing did.
func ruleOf(t testing.TB, err error) Rule {
	t.Helper()
	var r *Refusal
	if err != nil && !errors.As(err, &r) {
		t.Fatalf("refused without a rule: %v", err)
	}
	if r == nil {
		return ""
	}
	return r.Rule
}

func wantRule(t testing.TB, err error, want Rule) {
	t.Helper()
	if got := ruleOf(t, err); got != want {
		t.Errorf("refused by %q, want %q", got, want)
	}
}

// told lists what the last act tells, as "kind:to"; the room is "kind:".
func (b *build) told() []string {
	var told []string
	for _, n := range b.c.News {
		told = append(told, string(n.Kind)+":"+n.To)
	}
	return told
}
