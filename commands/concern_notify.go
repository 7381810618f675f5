package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	dutyGround     = bot.SelectField("ground", "ground", casework.DutyGrounds...).Must()
	dutyFacts      = bot.AreaField("ground_text").Must().Secret()
	clientInformed = bot.SelectField("client_informed", "client_informed", casework.ClientInformed...).Must()
)

// notifyDuty records a statutory notification without consent (T12): one way, to one authority, with a disclosure row. It never
// opens a room or gathers a team.
var notifyDuty = &Command{
	Key:   "concern.notify",
	Names: map[bot.Lang]string{bot.FI: "ilmoita", bot.SV: "anmäl", bot.EN: "notify"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if !c.Desk.Case.Concern.HasIdentity {
			return nil, &casework.Refusal{Rule: casework.IdentityNeeded}
		}
		return form(c, dutyGround, dutyFacts, targetField, clientInformed), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		duty := casework.DutyNotice{
			Ground: dutyGround.Of(in), Facts: dutyFacts.Of(in), Target: targetField.Of(in), ClientInformed: clientInformed.Of(in),
		}
		notified, err := d.Case.Notify(d.Me.Person, duty, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, notified); err != nil {
			return bot.Response{}, err
		}
		if err := d.disclose(ctx, "duty_facts", duty.Target, duty.Ground); err != nil {
			return bot.Response{}, err
		}
		return bot.Reply(bot.Say(bot.TD("done.notified", bot.Data{
			"code": c.Code, "target": bot.T("option.service_line." + duty.Target), "phone": d.House.EmergencyPhone,
		})).About(c.Code)), nil
	},
}
