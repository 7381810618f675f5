package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	informedOn  = bot.DateField("informed_on").Must().InPast()
	informedHow = bot.SelectField("informed_how", "informed_how", casework.InformedHows...).Must()
)

// requestConsent records that the client has been told who, why, what, to whom, how long and that saying no costs nothing,
// and has been asked (C01).
var requestConsent = &Command{
	Key:   "consent.request",
	Names: map[bot.Lang]string{bot.FI: "suostumus pyydä", bot.SV: "samtycke begär", bot.EN: "consent request"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := d.knowRefusal(ctx); err != nil {
			return nil, err
		}
		if err := d.Case.MayAskConsent(d.House.Settings, d.At); err != nil {
			return nil, err
		}
		return form(c, informedOn.Preset(isoDay(d.At)), informedHow), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		if err := d.knowRefusal(ctx); err != nil {
			return bot.Response{}, err
		}
		asked, err := d.Case.AskConsent(d.Me.Person, informedOn.Of(c.Input), informedHow.Of(c.Input), d.House.Settings, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, asked); err != nil {
			return bot.Response{}, err
		}
		r := d.done(ctx, "consent_requested", bot.Data{"date": bot.On(informedOn.Of(c.Input))})
		r.Replies[0] = r.Replies[0].Button(d.printables()...)
		return r, nil
	},
}

// knowRefusal looks up when the client last refused, in whatever case: for a rest afterwards nobody asks again (C03).
func (d *Desk) knowRefusal(ctx context.Context) (err error) {
	d.Case.RefusedBefore, err = d.LastRefusal(ctx, d.Case.ID)
	return err
}

// printables are the papers a client is given: they hold nothing personal until somebody fills them in by hand.
func (d *Desk) printables() []bot.Button {
	lang := d.Me.Lang
	return []bot.Button{
		{Label: bot.T("button.print_consent"), Link: d.House.BaseURL + "/page/print/consent?lang=" + lang},
		{Label: bot.T("button.print_information"), Link: d.House.BaseURL + "/page/print/information?lang=" + lang},
	}
}
