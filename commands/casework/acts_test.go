package casework

import "time"

// act is one act with such arguments that only the case's state can hinder it.
type act struct {
	name string
	do   func(c Case, s Settings, now time.Time) (Case, error)
}

// acts are all acts there are: TestEveryActIsInTheTable fails when one is missing.
var acts = []act{
	{"Take", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Take(people["paula"], now) }},
	{"Return", func(c Case, s Settings, now time.Time) (Case, error) { return c.Return("Miksi?", s, now) }},
	{"AnswerQuestion", func(c Case, _ Settings, now time.Time) (Case, error) {
		by := people["paula"]
		if c.State == Returned {
			by = people["sanna"]
		}
		return c.AnswerQuestion(by, "Siksi.", now)
	}},
	{"Accept", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Accept(people["paula"], ClientFacts{Group: "older"}, now)
	}},
	{"AskConsent", func(c Case, s Settings, now time.Time) (Case, error) {
		return c.AskConsent(people["paula"], now, "phone", s, now)
	}},
	{"Grant", func(c Case, s Settings, now time.Time) (Case, error) {
		k := aConsent("KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A")
		k.InformedOn = now
		return c.Grant(people["paula"], k, s, now)
	}},
	{"Refuse", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Refuse(people["paula"], "", "no", "", now)
	}},
	{"NoReply", func(c Case, _ Settings, now time.Time) (Case, error) { return c.NoReply(people["paula"], now) }},
	{"Withdraw", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Withdraw(people["mika"], Withdrawal{By: "client", To: "mika", At: now}, now)
	}},
	{"Expire", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Expire(now.AddDate(2, 0, 0)) }},
	{"Correct", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Correct(people["paula"], "Kirjattu väärin", now)
	}},
	{"Close", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Close(now) }},
	{"Name", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Name(people["paula"], people["mika"], Naming{Need: "Arki"}, now)
	}},
	{"AcceptNaming", func(c Case, _ Settings, now time.Time) (Case, error) { return c.AcceptNaming(people["kaisa"], now) }},
	{"DeclineNaming", func(c Case, _ Settings, now time.Time) (Case, error) { return c.DeclineNaming(people["kaisa"], now) }},
	{"Invite", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Invite(people["paula"], people["sanna"], "Lääkkeet", now)
	}},
	{"Join", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Join(people["leo"], now) }},
	{"DeclineInvite", func(c Case, _ Settings, now time.Time) (Case, error) { return c.DeclineInvite(people["leo"], now) }},
	{"VoidInvites", func(c Case, s Settings, now time.Time) (Case, error) { return c.VoidInvites(s, now.AddDate(0, 1, 0)) }},
	{"Plan", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Plan(people["kaisa"], Meeting{StartsAt: now.Add(time.Hour), Invitees: []string{"paula"}}, now)
	}},
	{"Confirm", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Confirm(1, "in_person", now) }},
	{"Move", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Move(1, now.Add(time.Hour), "client_ill", now)
	}},
	{"Cancel", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Cancel(1, "other", now) }},
	{"RecordMeeting", func(c Case, s Settings, now time.Time) (Case, error) {
		return c.RecordMeeting(1, heldRecord(c.Meetings, now), s, now)
	}},
	{"Object", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Object(people["paula"], "guardian_personal_matters", "Päätös", now)
	}},
	{"WithdrawPart", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.WithdrawPart(people["mika"], Withdrawal{By: "client", To: "mika", At: now, Scope: "parties"}, []string{"MIEPA"}, nil, now)
	}},
	{"Redirect", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Redirect(people["paula"], aRedirection(), now)
	}},
	{"Decline", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Decline(people["paula"], Decision{Reason: "not_target_group", Guidance: "Ota yhteys terveysasemaan."}, now)
	}},
	{"TakeBack", func(c Case, _ Settings, now time.Time) (Case, error) { return c.TakeBack(now) }},
	{"Acknowledge", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Acknowledge(people["katri"], now) }},
	{"Merge", func(c Case, _ Settings, now time.Time) (Case, error) {
		merged, _, err := c.Merge(people["paula"], anotherCase(), true, now)
		return merged, err
	}},
	{"Convert", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Convert("shl35_1_client_agrees", "", now)
	}},
	{"GoBack", func(c Case, s Settings, now time.Time) (Case, error) { return c.GoBack(s, now.AddDate(0, 1, 0)) }},
	{"Notify", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Notify(people["sanna"], aNotice(), now)
	}},
	{"BeAway", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.BeAway(people["paula"], AbsentCoordinator, people["katri"], now, now.AddDate(0, 0, 1), now)
	}},
	{"StandIn", func(c Case, _ Settings, now time.Time) (Case, error) { return c.StandIn(askedToStandIn(c), now) }},
	{"NotStandIn", func(c Case, _ Settings, now time.Time) (Case, error) { return c.NotStandIn(askedToStandIn(c), now) }},
	{"Turn", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Turn(now.AddDate(0, 1, 0)) }},
	{"HandOver", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.HandOver(people["paula"], people["mika"], Naming{Need: "Arki", Note: "Avoinna"}, now)
	}},
	{"Transfer", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Transfer(people["katri"], "Avoinna", now)
	}},
	{"Disable", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Disable("paula", now) }},
	{"Remove", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Remove("leo", "other", now) }},
}

// aRedirection passes a concern on with the client's leave.
func aRedirection() Decision {
	return Decision{Target: "home_care", Ground: "shl40_client_agrees", Reason: "Tarvitsee kotihoitoa"}
}

// aNotice is a statutory notification in order.
func aNotice() DutyNotice {
	return DutyNotice{Ground: "vanhpl25_1_duty", Facts: "Ei selviä kotona", Target: "older_services", ClientInformed: "yes"}
}

// anotherCase is one that a concern may be joined to.
func anotherCase() Case {
	return Case{ID: 7, Code: "CDFGHJK-M", Revision: 3, State: ConsentPending, Coordinator: people["paula"], Concern: aConcern()}
}

// askedToStandIn is who has been asked, or somebody who has not.
func askedToStandIn(c Case) Person {
	for _, a := range c.Absences {
		if a.State == DeputyAsked {
			return a.Deputy
		}
	}
	return people["katri"]
}

// heldRecord is a record of the first meeting, with the client there.
func heldRecord(meetings []Meeting, now time.Time) Record {
	started := now
	if len(meetings) > 0 {
		started = meetings[0].StartsAt
	}
	return Record{StartedAt: started, EndedAt: started.Add(time.Hour), Attendance: []Attendance{{"client", "present_in_person"}}}
}
