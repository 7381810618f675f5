package commands

import (
	"slices"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// right is who may give a command: somebody with any of the roles, who stands in any of the relations to the case. No roles
// means anybody of the organisation; no relations means that no case is needed. Purpose and fields go to the access log.
type right struct {
	roles     []bot.Role
	relations []casework.Relation
	informed  []casework.Relation // those of the relations that count only while a consent holds that informs the person
	also      bot.Role            // somebody with this role needs no relation
	answers   bool                // an answer to a request: who was asked once may know that it was taken back
	purpose   string
	fields    string
}

var (
	staff        = []bot.Role{bot.Professional}
	team         = []bot.Role{bot.Professional, bot.Guest}
	coordinators = []bot.Role{bot.Coordinator}

	theRaiser      = []casework.Relation{casework.IsRaiser}
	onDuty         = []casework.Relation{casework.IsRaiser, casework.IsCoordinator, casework.IsResponsible, casework.IsMember}
	theCoordinator = []casework.Relation{casework.IsCoordinator}
	inQueue        = []casework.Relation{casework.IsQueue, casework.IsCoordinator}
	leads          = []casework.Relation{casework.IsCoordinator, casework.IsResponsible}
	inTeam         = []casework.Relation{casework.IsCoordinator, casework.IsResponsible, casework.IsMember}
	invited        = []casework.Relation{casework.IsInvited, casework.IsMember, casework.IsResponsible, casework.IsCoordinator}
	named          = []casework.Relation{casework.IsNamed, casework.IsDeputy, casework.IsMember, casework.IsResponsible, casework.IsCoordinator}
	underConsent   = []casework.Relation{casework.IsResponsible, casework.IsMember}
	anyRelation    = []casework.Relation{
		casework.IsRaiser, casework.IsCoordinator, casework.IsQueue, casework.IsResponsible,
		casework.IsNamed, casework.IsMember, casework.IsInvited, casework.IsDeputy,
	}
)

// access is who may what, on one screen: command × roles × relation to the case (model.md § 2 "Who", P14). Whether the act is
// possible just now is the case's own answer; this table only says who may try.
var access = map[string]right{
	"today":                {},
	"help":                 {},
	"settings":             {},
	"case.mine":            {roles: team, purpose: "own_work", fields: "case"},
	"case.show":            {roles: team, relations: anyRelation, purpose: "own_work", fields: "case"},
	"concern.raise":        {roles: staff, purpose: "raise_concern", fields: "identity concern"},
	"concern.queue":        {roles: coordinators, purpose: "triage", fields: "case"},
	"concern.take":         {roles: coordinators, relations: inQueue, purpose: "triage", fields: "concern"},
	"concern.return":       {roles: coordinators, relations: theCoordinator, purpose: "triage", fields: "concern"},
	"concern.answer":       {roles: staff, relations: []casework.Relation{casework.IsRaiser, casework.IsCoordinator}, purpose: "triage", fields: "concern"},
	"concern.convert":      {roles: staff, relations: theRaiser, purpose: "raise_concern", fields: "identity concern"},
	"concern.withdraw":     {roles: staff, relations: theRaiser, purpose: "raise_concern", fields: "concern"},
	"concern.acknowledge":  {roles: coordinators, relations: inQueue, purpose: "triage", fields: "case"},
	"concern.redirect":     {roles: coordinators, relations: inQueue, purpose: "triage", fields: "concern"},
	"concern.decline":      {roles: coordinators, relations: inQueue, purpose: "triage", fields: "concern"},
	"concern.merge":        {roles: coordinators, relations: inQueue, purpose: "triage", fields: "concern"},
	"concern.notify":       {roles: staff, relations: onDuty, purpose: "duty_notification", fields: "identity concern"},
	"case.transfer":        {roles: coordinators, relations: theCoordinator, also: bot.Supervisor, purpose: "own_work", fields: "case"},
	"responsible.deputy":   {roles: staff, relations: leads, also: bot.Supervisor, purpose: "own_work", fields: "team"},
	"responsible.handover": {roles: coordinators, relations: theCoordinator, purpose: "team_convening", fields: "team"},
	"team.remove":          {roles: staff, relations: leads, purpose: "team_convening", fields: "team"},
	"concern.accept":       {roles: coordinators, relations: inQueue, purpose: "triage", fields: "concern"},
	"consent.request":      {roles: coordinators, relations: theCoordinator, purpose: "ask_consent", fields: "consent"},
	"consent.record":       {roles: coordinators, relations: theCoordinator, purpose: "ask_consent", fields: "consent"},
	"consent.amend":        {roles: staff, relations: leads, purpose: "ask_consent", fields: "consent"},
	"consent.correct":      {roles: coordinators, relations: theCoordinator, purpose: "correct_record", fields: "consent"},
	"consent.withdraw":     {roles: team, relations: inTeam, purpose: "withdraw_consent", fields: "consent"},
	"case.resolve":         {roles: coordinators, relations: theCoordinator, purpose: "own_work", fields: "case"},
	"responsible.name":     {roles: coordinators, relations: theCoordinator, purpose: "team_convening", fields: "team"},
	"responsible.accept":   {roles: staff, relations: named, answers: true, purpose: "team_convening", fields: "team"},
	"responsible.decline":  {roles: staff, relations: named, answers: true, purpose: "team_convening", fields: "team"},
	"team.invite":          {roles: staff, relations: leads, purpose: "team_convening", fields: "team"},
	"team.accept":          {roles: team, relations: invited, answers: true, purpose: "team_convening", fields: "team"},
	"team.decline":         {roles: team, relations: invited, answers: true, purpose: "team_convening", fields: "team"},
	"meeting.plan":         {roles: staff, relations: leads, purpose: "network_meeting", fields: "meeting"},
	"meeting.confirm":      {roles: staff, relations: leads, purpose: "network_meeting", fields: "meeting"},
	"meeting.move":         {roles: staff, relations: leads, purpose: "network_meeting", fields: "meeting"},
	"meeting.cancel":       {roles: staff, relations: leads, purpose: "network_meeting", fields: "meeting"},
	"meeting.record":       {roles: staff, relations: leads, purpose: "network_meeting", fields: "meeting"},
	"client.reveal":        {roles: staff, relations: inTeam, informed: underConsent, purpose: "identify_client", fields: "identity"},
	"client.mine":          {roles: staff, purpose: "identify_client", fields: "identity"},
	"log.case":             {roles: []bot.Role{bot.DPO}, purpose: "log_supervision", fields: "log"},
}

// insight is who is shown the inside of a case: who leads it, and of the team whom the consent informs. Everybody else is shown
// how far it has come and what is their own (R09, P14).
var insight = right{
	relations: slices.Concat(inTeam, []casework.Relation{casework.WasResponsible}),
	informed:  []casework.Relation{casework.IsMember},
}

// stands reports whether the person stands in one of the relations to the case, and whether in one that counts at the instant.
func (r right) stands(c casework.Case, p casework.Person, at time.Time) (related, counts bool) {
	informed := c.Informed(p, at)
	for _, rel := range c.Relations(p) {
		if slices.Contains(r.relations, rel) {
			related = true
			counts = counts || informed || !slices.Contains(r.informed, rel)
		}
	}
	return related, counts
}

// may reports whether the person stands in a relation to the case that counts at the desk's time.
func (d *Desk) may(r right, c casework.Case) bool {
	_, counts := r.stands(c, d.Me.Person, d.At)
	return counts
}

// gate asks whether the person may give the command about this case at all. Somebody who has nothing to do with a case
// reads the same words as for one that does not exist; a role that may never is told so without looking at any case.
func gate(c *Call, known bool) error {
	if c.Command == nil {
		return nil
	}
	r, ok := access[c.Command.Key]
	without := r.also != "" && c.Person.Has(r.also) // needs no relation
	if !ok || len(r.roles) > 0 && !slices.ContainsFunc(r.roles, c.Person.Has) && !without {
		return bot.Refuse("not_allowed", bot.Data{"command": c.Command.NameIn(c.Person.Lang)})
	}
	if !known {
		return bot.Refuse("not_found", nil)
	}
	if c.Code == "" || len(r.relations) == 0 || without {
		return nil
	}
	d := c.Desk
	related, counts := r.stands(d.Case, d.Me.Person, d.At)
	_, consent := d.Case.ConsentAt(d.At)
	switch {
	case counts:
		return nil
	case r.answers && d.Case.WasAsked(d.Me.Person):
		return bot.Refuse(string(casework.NotAccepted), nil)
	case len(d.Case.Relations(d.Me.Person)) == 0:
		return bot.Refuse("not_found", nil)
	case related && !consent:
		return bot.Refuse("no_consent", nil)
	}
	return bot.Refuse("not_allowed", bot.Data{"command": c.Command.NameIn(c.Person.Lang)})
}
