package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var purposeField = bot.SelectField("purpose", "reveal_purpose", casework.RevealPurposes...).Must().Preset("contact_client")

// revealClient gives a one-time link to who the client of one case is (P15). Identity is never said in chat.
var revealClient = &Command{
	Key:   "client.reveal",
	Names: map[bot.Lang]string{bot.FI: "henkilö", bot.SV: "person", bot.EN: "person"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := revealable(c.Desk); err != nil {
			return nil, err
		}
		preset := "contact_client"
		if s := c.Desk.Case.State; s == casework.ConsentPending || s == casework.Triage {
			preset = "ask_consent"
		}
		return form(c, purposeField.Preset(preset)), nil
	},
	Do: func(_ context.Context, c *Call) (bot.Response, error) {
		return c.Desk.link(c, purposeField.Of(c.Input))
	},
}

// myClients gives a one-time link to the names and codes of the clients whose coordinator or responsible worker one is, with
// the purpose preset (P15).
var myClients = &Command{
	Key:   "client.mine",
	Names: map[bot.Lang]string{bot.FI: "omat asiakkaat", bot.SV: "mina klienter", bot.EN: "my clients"},
	Do: func(_ context.Context, c *Call) (bot.Response, error) {
		return c.Desk.link(c, "contact_client")
	},
}

// link seals a link that opens once, for this person, within minutes. What it shows is decided and logged when it is opened.
func (d *Desk) link(c *Call, purpose string) (bot.Response, error) {
	sealed, err := d.House.Tickets.Seal(bot.Ticket{
		Kind: bot.LinkTicket, Command: c.Command.Key, Code: c.Code, Person: d.Me.Login,
		Args: map[string]string{"purpose": purpose}, Expires: d.At.Add(bot.LinkLife),
	})
	if err != nil {
		return bot.Response{}, err
	}
	r := bot.Reply(bot.Say(bot.TD("done.link", bot.Data{"minutes": int(bot.LinkLife.Minutes())})).About(c.Code))
	r.Link = d.House.BaseURL + "/page/client/" + sealed
	return r, nil
}
