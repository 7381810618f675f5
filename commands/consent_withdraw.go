package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	withdrawScope = bot.SelectField("withdraw_scope", "withdraw_scope", "all").Must().Preset("all")
	withdrawnBy   = bot.SelectField("withdrawn_by", "given_by", casework.WithdrawnByOthers...).Preset("client").Fold()
	withdrawnTo   = bot.PersonField("withdrawn_to").Fold()
	withdrawnAt   = bot.DateTimeField("withdrawn_at").InPast().Fold()
)

// withdrawConsent takes the whole consent back (C07). The client may say so to anyone, and any member records it; it
// freezes first and asks nothing that could stop it.
var withdrawConsent = &Command{
	Key:   "consent.withdraw",
	Names: map[bot.Lang]string{bot.FI: "suostumus peru", bot.SV: "samtycke återkalla", bot.EN: "consent withdraw"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := d.Case.MayWithdraw(d.At); err != nil {
			return nil, err
		}
		team, err := d.teamOptions(ctx)
		if err != nil {
			return nil, err
		}
		return form(c, withdrawScope, withdrawnBy, withdrawnTo.From(team).Preset(d.Me.Login), withdrawnAt), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		w := casework.Withdrawal{
			By: orElse(withdrawnBy.Of(in), "client"), To: orElse(withdrawnTo.Of(in), d.Me.Login), At: d.At, Scope: "all",
		}
		if withdrawnAt.Given(in) {
			w.At = withdrawnAt.Of(in)
		}
		withdrawn, err := d.Case.Withdraw(d.Me.Person, w, d.At)
		return d.recorded(ctx, "consent_withdrawn", withdrawn, err)
	},
}
