package main

import "slices"

const (
	casework = "commands/casework/"
	commands = "commands/"
)

// rules are the rules that are broken, in the order in which a case meets them. No two break the same place.
var rules = slices.Concat(concernRules, consentRules, teamRules, meetingRules, timeRules, officeRules)

var concernRules = []rule{
	{
		"without a basis nobody is told who the client is", casework + "concern.go",
		`!slices.Contains(Bases, n.Basis), n.Basis == "not_asked", n.Nameless()`, `n.Nameless()`,
	},
	{
		"advice without a name carries no identity", casework + "concern.go",
		`n.Basis == "not_asked", n.Nameless() && n.HasIdentity:`, `n.Basis == "not_asked":`,
	},
	{
		"a duty to notify needs its facts", casework + "concern.go",
		`case n.OnDuty() && n.GroundText == "":`, `case false:`,
	},
	{
		"a concern on a duty is at least urgent", casework + "concern.go",
		`if n.OnDuty() && n.Urgency == "normal" {`, `if false {`,
	},
	{
		"a concern is taken by one coordinator only", casework + "concern.go",
		"return refuseAbout(AlreadyTaken, map[string]any{\"login\": c.Coordinator.Login})", `return nil`,
	},
	{
		"a case needs to know its client", casework + "concern.go",
		`if !c.Concern.HasIdentity {`, `if false {`,
	},
	{
		"a concern is passed on only on a ground", casework + "concern_end.go",
		`case !slices.Contains(RedirectGrounds, d.Ground):`, `case false:`,
	},
	{
		"a concern is taken back only before anybody has taken it", casework + "concern_end.go",
		`MayTakeBack() error { return c.inState(Submitted) }`, `MayTakeBack() error { return c.inState(Submitted, Triage) }`,
	},
	{
		"what was taken back is forgotten", casework + "concern_end.go",
		`n.OwnView, n.GroundText, n.Question, n.CurrentServices, n.TriedSoFar, n.HasIdentity = "", "", "", "", "", false`,
		`n.HasIdentity = false`,
	},
	{
		"duplicates merge only when they are about the same client", casework + "concern_end.go",
		`!sameClient || `, ``,
	},
	{
		"the raiser of a merged concern learns nothing of it", casework + "concern_end.go",
		`c.tell(ToldAccepted, c.Concern.Raiser.Login)`, `c.tell(ToldMerged, c.Concern.Raiser.Login)`,
	},
	{
		"a duty notification needs its provision", casework + "duty.go",
		`case !slices.Contains(DutyGrounds, d.Ground):`, `case false:`,
	},
}

var consentRules = []rule{
	{
		"after a refusal nobody asks again for a rest", casework + "consent_ask.go",
		`now.Before(rest) && !c.Concern.OnDuty()`, `false && !c.Concern.OnDuty()`,
	},
	{
		"the client's own contact ends the rest", casework + "consent_ask.go",
		` && c.Concern.Basis != "client_own_contact" {`, ` {`,
	},
	{
		"information comes before the consent", casework + "consent_ask.go",
		`case k.InformedOn.IsZero(), k.InformedOn.After(now):`, `case k.InformedOn.After(now):`,
	},
	{
		"a guardian of property may not consent", casework + "consent_ask.go",
		`case !slices.Contains(mandates, k.GivenBy), k.GivenBy`, `case k.GivenBy`,
	},
	{
		"a consent lasts at most twelve months", casework + "consent_ask.go",
		`case s.Calendar.Day(k.ValidUntil).After(LatestEnd(now, s)), `, `case `,
	},
	{
		"the third sector is let in only in writing", casework + "consent_ask.go",
		`return p.Near() || p.Register == ThirdSector`, `return p.Near()`,
	},
	{
		"an oral consent lasts thirty days", casework + "consent_ask.go",
		`s.OralConsentDays+1)`, `2*s.OralConsentDays+1)`,
	},
	{
		"protected categories are ticked one by one", commands + "consent_record.go",
		`.Never("protected_category", casework.ProtectedKinds...)`, ``,
	},
	{
		"a consent's last day is inclusive", casework + "consent.go",
		`Calendar{}.Day(k.ValidUntil).AddDate(0, 0, 1)`, `Calendar{}.Day(k.ValidUntil)`,
	},
	{
		"an expired consent carries nothing", casework + "consent.go",
		` && t.Before(k.End()) && `, ` && `,
	},
	{
		"whom the client opposes is never covered", casework + "consent.go",
		`slices.ContainsFunc(k.ObjectsTo, func`, `slices.ContainsFunc(k.ObjectsTo[:0], func`,
	},
	{
		"a party without content reads nothing", casework + "consent.go",
		`slices.ContainsFunc(k.NoContent, func`, `slices.ContainsFunc(k.NoContent[:0], func`,
	},
	{
		"a withdrawal holds at once", casework + "consent_end.go",
		`k.Status, k.EndedAt = ConsentWithdrawn, now`, `k.Status, k.EndedAt = ConsentWithdrawn, now.AddDate(0, 0, 1)`,
	},
	{
		"a withdrawal cancels the coming meetings", casework + "consent_end.go",
		"c.State, c.PausedAt = Paused, now\n\tc.cancelComing(\"consent_not_active\", now)\n", "c.State, c.PausedAt = Paused, now\n",
	},
	{
		"a withdrawal parts the team", casework + "consent_end.go",
		"c.partTeam(\"consent_ended\", now)\n", "",
	},
	{
		"the client's own no to a representative's consent is told", casework + "consent_end.go",
		`if w.By == "client" && k.GivenBy != "client" {`, `if false {`,
	},
	{
		"whose part is withdrawn leaves at once", casework + "consent_part.go",
		"c.dropUncovered(k, now)\n", "",
	},
}

var teamRules = []rule{
	{
		"only whom the consent covers is invited", casework + "team.go",
		"if !k.Covers(who) {\n\t\treturn refuse(NotParty)\n\t}\n\tif who.Login", "if !k.Covers(who) && false {\n\t\treturn refuse(NotParty)\n\t}\n\tif who.Login",
	},
	{
		"only whom the consent still covers joins", casework + "team.go",
		"if !k.Covers(who) {\n\t\treturn refuse(NotParty)\n\t}\n\treturn nil", "if !k.Covers(who) && false {\n\t\treturn refuse(NotParty)\n\t}\n\treturn nil",
	},
	{
		"a team needs two units", casework + "team.go",
		`c.unitsTogether() >= 2`, `c.unitsTogether() >= 1`,
	},
	{
		"guests are not in the room", casework + "roster.go",
		`k.Informs(p) && !p.Guest`, `k.Informs(p)`,
	},
	{
		"there is one responsible worker only", casework + "responsible.go",
		"if rw, ok := c.ResponsibleWorker(); ok {\n\t\treturn k,", "if rw, ok := c.ResponsibleWorker(); ok && false {\n\t\treturn k,",
	},
	{
		"a responsible worker reads the content", casework + "responsible.go",
		"if who.Guest || !k.Informs(who) {", "if who.Guest || !k.Covers(who) {",
	},
	{
		"after a handover the old one leaves", casework + "responsible.go",
		"c.endAssignment(AssignmentAccepted, \"handed_over\", now)\n", "",
	},
	{
		"a deputy is covered by the consent", casework + "absence.go",
		`(!ok || !k.Informs(deputy))`, `(!ok || !k.Informs(deputy) && false)`,
	},
	{
		"an absence without a deputy raises an alarm", casework + "absence_time.go",
		"c.tell(ToldNobody, ToSupervisors, a.To)\n", "",
	},
	{
		"a closed account of who leads raises an alarm", casework + "handover.go",
		`if led || gone(c.Coordinator) {`, `if false {`,
	},
	{
		"a case is transferred to a coordinator only", casework + "handover.go",
		`case !to.Coordinator:`, `case false:`,
	},
}

var meetingRules = []rule{
	{
		"a meeting is within the consent's validity", casework + "meeting.go",
		`if !startsAt.Before(k.End()) {`, `if false {`,
	},
	{
		"a meeting's invitees are in the team", casework + "meeting.go",
		`return p.Login == who && k.Covers(p)`, `return k.Covers(p)`,
	},
	{
		"a moved meeting is asked of the client again", casework + "meeting.go",
		`m.ClientAnswer = startsAt, now, MeetingPlanned, "not_asked_yet"`, `m.ClientAnswer = startsAt, now, m.State, m.ClientAnswer`,
	},
	{
		"no network meeting against the client's absence", casework + "meeting_record.go",
		`if a.Who == clientAttends && a.How == AbsentNotAgreed {`, `if false {`,
	},
	{
		"nobody takes part whom the client did not let in", casework + "meeting_record.go",
		`if !c.wasWelcome(k, m.Invitees, a, r.OralConsent) {`, `if !c.wasWelcome(k, m.Invitees, a, r.OralConsent) && false {`,
	},
	{
		"who is not there lets nobody in by word", casework + "meeting_record.go",
		"if !there { // nobody", "if false { // nobody",
	},
}

var timeRules = []rule{
	{
		"the agenda holds nothing due before its cause", casework + "agenda.go",
		`if due.Before(cause) {`, `if false {`,
	},
	{
		"an unseen immediate concern is told to the supervisors", casework + "agenda.go",
		`if c.Concern.Urgency == "immediate" && c.Concern.AcknowledgedAt.IsZero() {`, `if false {`,
	},
	{
		"an unanswered invitation ends in ten working days", casework + "team.go",
		`s.InviteVoidWorkingDays))`, `s.InviteVoidWorkingDays+1))`,
	},
	{
		"days are days of Helsinki, however long", casework + "settings.go",
		`return t.In(Helsinki).AddDate(0, 0, days)`, `return t.Add(time.Duration(days) * 24 * time.Hour)`,
	},
	{
		"holidays are no working days", casework + "calendar.go",
		` && !easterHoliday(day)`, ``,
	},
}
