package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// takeConcern takes a concern up (T03): only from now on does the coordinator read what it says.
var takeConcern = &Command{
	Key:   "concern.take",
	Names: map[bot.Lang]string{bot.FI: "ota", bot.SV: "ta", bot.EN: "take"},
	Aim:   bot.OneCase,
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		taken, err := d.Case.Take(d.Me.Person, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, taken); err != nil {
			return bot.Response{}, err
		}
		if err := d.discloseConcern(ctx); err != nil {
			return bot.Response{}, err
		}
		m := d.concernLines(ctx, bot.Say(bot.TD("done.taken", bot.Data{"code": c.Code})).About(c.Code))
		m, err = d.alreadyKnown(ctx, m)
		return bot.Reply(d.withDoable(m)), err
	},
}

// alreadyKnown tells the coordinator, and nobody else, that there is a case about the same client already (R47).
func (d *Desk) alreadyKnown(ctx context.Context, m bot.Message) (bot.Message, error) {
	others, err := d.sameClient(ctx)
	if err != nil || len(others) == 0 {
		return m, err
	}
	for _, other := range others {
		m = m.Fact(bot.T("fact.same_client"), bot.Plain(string(other.Code)))
	}
	return m.Button(bot.Button{Label: bot.T("button.concern.merge"), Command: "concern.merge", Code: string(d.Case.Code)}), nil
}

// discloseConcern: a concern read across registers is a disclosure from the raiser's to the coordinator's (finding 2, P26).
func (d *Desk) discloseConcern(ctx context.Context) error {
	n := d.Case.Concern
	if n.Raiser.Register == d.Me.Register || n.Nameless() {
		return nil
	}
	return d.LogDisclosure(ctx, casework.DisclosureRow{
		At: d.At, CaseID: d.Case.ID, Data: "concern", From: n.Raiser.Register, Discloser: n.Raiser.Login,
		Recipient: d.Me.Login, RecipientUnit: d.Me.Unit, Purpose: "triage", Ground: n.Basis,
	})
}

// concernLines shows what the concern says, the client's own view first.
func (d *Desk) concernLines(ctx context.Context, m bot.Message) bot.Message {
	n := d.Case.Concern
	quote := func(id, words string) {
		if words != "" {
			m = m.Quote(bot.T("fact."+id), words)
		}
	}
	fact := func(id, list string, codes ...string) {
		if len(codes) > 0 && codes[0] != "" {
			m = m.Fact(bot.T("fact."+id), bot.TD("list", bot.Data{"items": labelled(list, codes)}))
		}
	}
	quote("own_view", n.OwnView)
	fact("basis", "basis", n.Basis)
	fact("urgency", "urgency", n.Urgency)
	fact("criteria", "criteria", n.Criteria...)
	fact("reasons", "reasons", n.Reasons...)
	fact("failure_demand", "failure_demand", n.FailureDemand...)
	fact("recurrence", "recurrence", n.Recurrence)
	fact("living", "living", n.Living)
	quote("question", n.Question)
	quote("ground_text", n.GroundText)
	quote("current_services", n.CurrentServices)
	quote("tried_so_far", n.TriedSoFar)
	quote("asked", n.Asked)
	quote("answer", n.Answer)
	return m.Fact(bot.T("fact.raiser"), bot.Plain(d.whoIs(ctx, n.Raiser)))
}
