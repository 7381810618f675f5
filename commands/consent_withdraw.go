package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	withdrawScope    = bot.SelectField("withdraw_scope", "withdraw_scope", casework.WithdrawScopes...).Must().Preset("all")
	withdrawnParties = bot.MultiField("parties", "parties").MustWhen("withdraw_scope", "parties")
	withdrawnData    = bot.MultiField("categories", "categories").MustWhen("withdraw_scope", "categories")
	withdrawnBy      = bot.SelectField("withdrawn_by", "given_by", casework.WithdrawnByOthers...).Preset("client").Fold()
	withdrawnTo      = bot.PersonField("withdrawn_to").Fold()
	withdrawnAt      = bot.DateTimeField("withdrawn_at").InPast().Fold()
)

// withdrawConsent takes the consent back, whole (C07) or in part (C06). The client may say so to anyone, and any member records it; it
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
		k := d.Case.Consent()
		return form(c, withdrawScope, withdrawnParties.From(d.partiesOf(ctx, k)), withdrawnData.From(bot.Options("categories", k.Categories...)), withdrawnBy, withdrawnTo.From(team).Preset(d.Me.Login), withdrawnAt), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		w := casework.Withdrawal{
			By: orElse(withdrawnBy.Of(in), "client"), To: orElse(withdrawnTo.Of(in), d.Me.Login), At: d.At, Scope: withdrawScope.Of(in),
		}
		if withdrawnAt.Given(in) {
			w.At = withdrawnAt.Of(in)
		}
		if w.Scope == "all" {
			withdrawn, err := d.Case.Withdraw(d.Me.Person, w, d.At)
			return d.recorded(ctx, "consent_withdrawn", withdrawn, err)
		}
		var parties, data []string
		if w.Scope == "parties" {
			parties = withdrawnParties.Of(in)
		} else {
			data = withdrawnData.Of(in)
		}
		narrowed, err := d.Case.WithdrawPart(d.Me.Person, w, parties, data, d.At)
		what := "consent_narrowed"
		if err == nil && narrowed.State == casework.Paused { // what was left could carry no team
			what = "consent_withdrawn"
		}
		return d.recorded(ctx, what, narrowed, err)
	},
}

// partiesOf makes choices of whom a consent lets in.
func (d *Desk) partiesOf(ctx context.Context, k casework.Consent) []bot.Option {
	options := make([]bot.Option, len(k.Parties))
	for i, p := range k.Parties {
		options[i] = bot.Option{Value: p.Code, Label: d.partyText(ctx, p.Code)}
	}
	return options
}
