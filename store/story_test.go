package store_test

import (
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

// The words that must never lie readable in the database.
const (
	ownView  = "SALASANA-OMIN-SANOIN"
	secret   = "SALASANA-VAPAA-TEKSTI"
	realName = "Testi Asiakasnimi"
	realCode = "010594Y9032"
)

// raise begins a case by sanna, with every field of a concern filled in.
func (w *world) raise(seed string, at time.Time) int64 {
	w.Helper()
	c, err := casework.Raise(newCode(w, seed), casework.Concern{
		Raiser: person("sanna"), Basis: "shl35_1_client_agrees", Criteria: []string{"many_contacts", "at_risk"}, Urgency: "urgent",
		HasIdentity: true, Reasons: []string{"loneliness"}, FailureDemand: []string{"wrong_service"}, Recurrence: "repeated",
		WrongDoors90d: 3, Living: "home", OwnView: ownView, GroundText: secret, Question: secret,
		CurrentServices: secret, TriedSoFar: secret,
	}, at)
	if err != nil {
		w.Fatal(err)
	}
	var id int64
	w.within(at, func(t *store.Tx) (err error) {
		if id, err = t.Add(w.Context(), c, casework.Agenda(c, w.settings)); err != nil {
			return err
		}
		return t.PutIdentity(w.Context(), id, casework.Identity{Name: realName, Code: realCode, Contact: secret})
	})
	return id
}

// parties of the consent in these tests.
var parties = []casework.Party{
	{Code: "SOTE-KESKUS-A", Register: casework.Health},
	{Code: "KOTIHOITO-B", Register: casework.Health},
	{Code: "person:ville", Register: casework.Social},
	{Code: "near:daughter"},
}

// consented is a case with a granted consent, ready for a team.
func (w *world) consented(seed string, at time.Time) int64 {
	w.Helper()
	id := w.raise(seed, at)
	w.act(id, at.Add(time.Minute), func(c casework.Case) (casework.Case, error) {
		return c.Accept(person("paula"), casework.ClientFacts{Group: "older", UseProfile: "both", TargetGroup: "yes", ServicesCount: 4}, at.Add(time.Minute))
	})
	w.act(id, at.Add(2*time.Minute), func(c casework.Case) (casework.Case, error) {
		return c.AskConsent(person("paula"), at, "in_person", w.settings, at.Add(2*time.Minute))
	})
	w.act(id, at.Add(3*time.Minute), func(c casework.Case) (casework.Case, error) {
		return c.Grant(person("paula"), consent(), w.settings, at.Add(3*time.Minute))
	})
	return id
}

func consent() casework.Consent {
	return casework.Consent{
		Form: "written_signed", GivenBy: "custodian_minor", Capacity: "able", Language: "fi", Parties: parties,
		Categories: []string{"health", "mental_health"}, Direction: "both", NoContent: []string{"person:ville"},
		Purposes: []string{"joint_plan"}, CopyGiven: "paper", ChatToolOK: true, RepresentativeEvidence: secret,
		ObjectsTo: []string{"person:leo"},
	}
}

// together is a case with a team, a responsible worker and a coming meeting.
func (w *world) together(seed string, at time.Time) int64 {
	w.Helper()
	id := w.consented(seed, at)
	step := at.Add(10 * time.Minute)
	w.act(id, step, func(c casework.Case) (casework.Case, error) {
		return c.Name(person("paula"), person("kaisa"), casework.Naming{Need: secret, Note: secret}, step)
	})
	w.act(id, step, func(c casework.Case) (casework.Case, error) { return c.AcceptNaming(person("kaisa"), step) })
	w.act(id, step, func(c casework.Case) (casework.Case, error) {
		return c.Invite(person("paula"), person("sanna"), secret, step)
	})
	w.act(id, step, func(c casework.Case) (casework.Case, error) { return c.Join(person("sanna"), step) })
	w.act(id, step, func(c casework.Case) (casework.Case, error) {
		return c.Plan(person("paula"), meeting(at.AddDate(0, 0, 21)), step)
	})
	return id
}

func meeting(startsAt time.Time) casework.Meeting {
	return casework.Meeting{
		Kind: "network_meeting", StartsAt: startsAt, Minutes: 60, Manner: "in_person", Place: secret,
		Invitees: []string{"kaisa", "sanna", "near:daughter"}, ClientAnswer: "in_person",
		SupportPerson: secret, Interpreter: secret, Agenda: secret,
	}
}
