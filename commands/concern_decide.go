package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	targetField    = bot.SelectField("target", "service_line", casework.ServiceLines...).Must()
	redirectGround = bot.SelectField("ground", "ground", casework.RedirectGrounds...).Must()
	redirectReason = bot.AreaField("reason").Must()
	declineReason  = bot.SelectField("decline_reason", "decline_reason", casework.DeclineReasons...).Must()
	guidanceField  = bot.AreaField("guidance").Must()
)

// redirectConcern passes a concern on to another service, on a ground (T06). The raiser learns only that it was handled.
var redirectConcern = &Command{
	Key:   "concern.redirect",
	Names: map[bot.Lang]string{bot.FI: "ohjaa", bot.SV: "hänvisa", bot.EN: "redirect"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayEndConcern(c.Desk.Me.Person); err != nil {
			return nil, err
		}
		return form(c, targetField, redirectGround, redirectReason), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		decision := casework.Decision{Target: targetField.Of(in), Ground: redirectGround.Of(in), Reason: redirectReason.Of(in)}
		redirected, err := d.Case.Redirect(d.Me.Person, decision, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, redirected); err != nil {
			return bot.Response{}, err
		}
		if err := d.disclose(ctx, "concern", decision.Target, decision.Ground); err != nil {
			return bot.Response{}, err
		}
		return d.parting("redirected"), nil
	},
}

// declineConcern ends a concern with a reason and guidance (T07).
var declineConcern = &Command{
	Key:   "concern.decline",
	Names: map[bot.Lang]string{bot.FI: "ei-oteta|hylkää", bot.SV: "ta-inte-emot|avslå", bot.EN: "decline"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayEndConcern(c.Desk.Me.Person); err != nil {
			return nil, err
		}
		return form(c, declineReason, guidanceField), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		declined, err := d.Case.Decline(d.Me.Person, casework.Decision{Reason: declineReason.Of(in), Guidance: guidanceField.Of(in)}, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, declined); err != nil {
			return bot.Response{}, err
		}
		return d.parting("declined_concern"), nil
	},
}

// disclose logs that data of the desk's case went to a service outside it: one way, on a ground.
func (d *Desk) disclose(ctx context.Context, data, target, ground string) error {
	from := d.Case.Coordinator.Register
	if from == casework.NoRegister {
		from = d.Me.Register
	}
	return d.LogDisclosure(ctx, casework.DisclosureRow{
		At: d.At, CaseID: d.Case.ID, Data: data, From: from, Discloser: d.Me.Login, RecipientUnit: target, Purpose: "redirect", Ground: ground,
	})
}
