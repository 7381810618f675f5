package commands

import (
	"context"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// noteLines show what was decided, notified and handed on, to those who the forms said would read it: the coordinator, and of a
// handover the responsible worker.
func (d *Desk) noteLines(m bot.Message) bot.Message {
	stands := d.Case.Relations(d.Me.Person)
	coordinator := slices.Contains(stands, casework.IsCoordinator)
	if rw, ok := d.Case.ResponsibleWorker(); ok && rw.Note != "" && (coordinator || slices.Contains(stands, casework.IsResponsible)) {
		m = m.Quote(bot.T("fact.handover_note"), rw.Note)
	}
	if !coordinator {
		return m
	}
	if d.Case.TransferNote != "" {
		m = m.Quote(bot.T("fact.transfer_note"), d.Case.TransferNote)
	}
	if d.Case.MergedInto != "" {
		m = m.Fact(bot.T("fact.merged_into"), bot.Plain(string(d.Case.MergedInto)))
	}
	for _, code := range d.Case.Linked {
		m = m.Fact(bot.T("fact.linked"), bot.Plain(string(code)))
	}
	for _, duty := range d.Case.Duties {
		m = m.Fact(bot.T("fact.duty"), bot.TD("duty.made", bot.Data{
			"at": duty.At, "target": bot.T("option.service_line." + duty.Target), "ground": bot.T("option.ground." + duty.Ground),
			"informed": bot.T("option.client_informed." + duty.ClientInformed),
		}))
		m = m.Quote(bot.T("fact.duty_facts"), duty.Facts)
	}
	return d.decisionLines(m)
}

// absenceLines show the team who is or will be away, and who stands in (P05).
func (d *Desk) absenceLines(ctx context.Context, m bot.Message) bot.Message {
	for _, a := range d.Case.Absences {
		if a.State == casework.DeputyEnded {
			continue
		}
		m = m.Fact(bot.TD("fact.away", bot.Data{"who": d.nameOf(ctx, a.Person.Login)}), bot.TD("away."+string(a.State), bot.Data{
			"from": bot.Date(a.From), "to": bot.Date(a.To.In(casework.Helsinki).AddDate(0, 0, -1)), "deputy": d.nameOf(ctx, a.Deputy.Login),
		}))
	}
	return m
}

// decisionLines show how a concern that did not become a case was decided on.
func (d *Desk) decisionLines(m bot.Message) bot.Message {
	decided := d.Case.Concern.Decision
	switch d.Case.State {
	case casework.Redirected:
		m = m.Fact(bot.T("fact.target"), bot.T("option.service_line."+decided.Target))
		m = m.Fact(bot.T("fact.ground"), bot.T("option.ground."+decided.Ground))
		return m.Quote(bot.T("fact.reason"), decided.Reason)
	case casework.Declined:
		m = m.Fact(bot.T("fact.reason"), bot.T("option.decline_reason."+decided.Reason))
		return m.Quote(bot.T("fact.guidance"), decided.Guidance)
	}
	return m
}
