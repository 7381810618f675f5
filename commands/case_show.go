package commands

import (
	"context"
	"slices"
	"strings"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// showCase shows where a case stands: holder, next step, team, consent, meetings, as far as the asker may see. Others see only how
// far it has come, and whoever is in the team without being informed also what is their own.
var showCase = &Command{
	Key:   "case.show",
	Names: map[bot.Lang]string{bot.FI: "asia", bot.SV: "ärende", bot.EN: "case"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		stands := d.Case.Relations(d.Me.Person)
		m := bot.Message{Title: bot.TD("case.title", bot.Data{"code": c.Code})}.About(c.Code)
		inside := func(of ...casework.Relation) bool {
			return slices.ContainsFunc(of, func(rel casework.Relation) bool { return slices.Contains(stands, rel) })
		}
		switch {
		case d.may(insight, d.Case):
			m = d.inside(ctx, m, inside(casework.IsCoordinator))
		case inside(casework.IsQueue) && d.Case.State == casework.Submitted:
			m = d.waiting(m)
		default:
			m = m.Fact(bot.T("fact.state"), bot.T("outside."+string(outsideState(d.Case.State))))
			m = d.answerToRaiser(m, inside(casework.IsRaiser))
			m = d.ownLines(ctx, m)
		}
		return bot.Reply(d.withDoable(m)), nil
	},
}

// outsideState is all that somebody outside the team learns: received, being handled, or handled. More could reveal whether
// the person has become a client.
func outsideState(s casework.State) casework.State {
	switch s {
	case casework.Submitted, casework.Returned:
		return s
	case casework.Closed, casework.ConsultationAnswered, casework.Redirected, casework.Declined, casework.TakenBack:
		return casework.Closed
	}
	return casework.Triage
}

// stateText says where the case stands as far as the person may know.
func (d *Desk) stateText(s casework.State) bot.Text {
	if d.may(insight, d.Case) {
		return bot.T("state." + string(s))
	}
	return bot.T("outside." + string(outsideState(s)))
}

// ownLines show who is in the team without seeing the inside of the case what that person is in it for, and while a consent holds
// the meetings the person is invited to.
func (d *Desk) ownLines(ctx context.Context, m bot.Message) bot.Message {
	here := slices.IndexFunc(d.Case.Team, func(p casework.Participant) bool {
		return p.Person.Login == d.Me.Login && p.State == casework.MemberActive
	})
	if here < 0 {
		return m
	}
	own := d.Case.Team[here]
	m = m.FactAbout(bot.T("fact.active"), bot.Plain(d.whoIs(ctx, own.Person)), own.Need)
	if _, ok := d.Case.ConsentAt(d.At); !ok {
		return m
	}
	for _, meeting := range d.Case.Meetings {
		if slices.Contains(meeting.Invitees, d.Me.Login) {
			m = meetingLine(m, meeting)
		}
	}
	return m
}

// meetingLine shows when a meeting is or was held; one that is not held is not shown.
func meetingLine(m bot.Message, meeting casework.Meeting) bot.Message {
	if !meeting.State.Coming() && meeting.State != casework.MeetingHeld {
		return m
	}
	return m.Fact(bot.T("meeting."+string(meeting.State)), bot.TD("moment", bot.Data{"at": meeting.StartsAt}))
}

// answerToRaiser shows the raiser what was asked, the answer to a nameless consultation, and the guidance when a concern was
// declined (T07).
func (d *Desk) answerToRaiser(m bot.Message, raiser bool) bot.Message {
	n := d.Case.Concern
	if raiser && n.Asked != "" {
		m = m.Quote(bot.T("fact.asked"), n.Asked)
	}
	if raiser && n.Nameless() && n.Answer != "" {
		m = m.Quote(bot.T("fact.answer"), n.Answer)
	}
	if raiser && d.Case.State == casework.Declined {
		m = m.Quote(bot.T("fact.guidance"), n.Decision.Guidance)
	}
	return m
}

// waiting shows a coordinator a concern nobody has taken: urgency and waiting time, no more.
func (d *Desk) waiting(m bot.Message) bot.Message {
	n := d.Case.Concern
	return m.Fact(bot.T("fact.state"), bot.T("state."+string(d.Case.State))).
		Fact(bot.T("fact.urgency"), bot.T("option.urgency."+n.Urgency)).
		Fact(bot.T("fact.raised"), bot.TD("moment", bot.Data{"at": n.RaisedAt}))
}

func (d *Desk) inside(ctx context.Context, m bot.Message, coordinator bool) bot.Message {
	m = m.Fact(bot.T("fact.state"), bot.T("state."+string(d.Case.State)))
	if next, ok := d.nextLine(ctx); ok {
		m = m.Fact(bot.T("fact.next"), next)
	}
	if holder := d.Case.Lead(); holder != "" && d.Case.State.Open() {
		m = m.Fact(bot.T("fact.holder"), bot.Plain(d.nameOf(ctx, holder)))
	}
	m = d.consentLines(ctx, m)
	m = d.teamLines(ctx, m)
	for _, meeting := range d.Case.Meetings {
		m = meetingLine(m, meeting)
	}
	m = d.absenceLines(ctx, m)
	m = d.noteLines(m)
	if coordinator && d.Case.State != casework.Closed {
		m = d.concernLines(ctx, m.Head(bot.T("head.concern")))
	}
	return m
}

// consentLines tell what the consent lets do now, and its history when something was corrected.
func (d *Desk) consentLines(ctx context.Context, m bot.Message) bot.Message {
	k, ok := d.Case.ConsentAt(d.At)
	switch {
	case ok:
		m = m.Fact(bot.T("fact.consent"), bot.TD("consent.until", bot.Data{"date": bot.Date(lastDay(k))}))
		m = d.partyLines(ctx, m, k)
		m = m.Fact(bot.T("fact.categories"), bot.TD("list", bot.Data{"items": labelled("categories", k.Categories)}))
		if k.Direction != "both" {
			m = m.Fact(bot.T("fact.direction"), bot.T("option.direction."+k.Direction))
		}
	case len(d.Case.Consents) > 0:
		m = m.Fact(bot.T("fact.consent"), bot.T("consent."+string(d.Case.Consent().Status)))
	}
	for _, k := range d.Case.Consents {
		if k.Corrects > 0 {
			m = m.Quote(bot.TD("fact.corrected", bot.Data{"version": k.Corrects}), k.CorrectionReason)
		}
	}
	return m
}

// partyLines tell apart who may know and who takes part without being told anything.
func (d *Desk) partyLines(ctx context.Context, m bot.Message, k casework.Consent) bot.Message {
	var told, untold []bot.Text
	for _, p := range k.Parties {
		if slices.Contains(k.NoContent, p.Code) {
			untold = append(untold, d.partyText(ctx, p.Code))
		} else {
			told = append(told, d.partyText(ctx, p.Code))
		}
	}
	if len(told) > 0 {
		m = m.Fact(bot.T("fact.parties"), bot.TD("list", bot.Data{"items": told}))
	}
	if len(untold) > 0 {
		m = m.Fact(bot.T("fact.no_content"), bot.TD("list", bot.Data{"items": untold}))
	}
	return m
}

// partyText names a party: a unit or a person by name, a near person by the relation.
func (d *Desk) partyText(ctx context.Context, code string) bot.Text {
	if relation, near := strings.CutPrefix(code, "near:"); near {
		return bot.T("option.near." + relation)
	}
	if login, person := strings.CutPrefix(code, "person:"); person {
		return bot.Plain(d.nameOf(ctx, login))
	}
	return bot.Plain(d.unitName(ctx, code))
}

// teamLines show who does what: person, profession, unit, and the client's need that person answers to (R01, R07).
func (d *Desk) teamLines(ctx context.Context, m bot.Message) bot.Message {
	if rw, ok := d.Case.ResponsibleWorker(); ok {
		m = m.FactAbout(bot.T("fact.responsible"), bot.Plain(d.whoIs(ctx, rw.Person)), rw.Need)
	}
	if named, ok := d.Case.NamedWorker(); ok {
		m = m.Fact(bot.T("fact.named"), bot.Plain(d.whoIs(ctx, named.Person)))
	}
	for _, p := range d.Case.Team {
		if p.State == casework.MemberActive || p.State == casework.MemberInvited {
			m = m.FactAbout(bot.T("fact."+string(p.State)), bot.Plain(d.whoIs(ctx, p.Person)), p.Need)
		}
	}
	return m
}
