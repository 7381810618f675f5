package commands

import (
	"context"
	"errors"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Client is who one case's client is, as the page shows it.
type Client struct {
	Code     string
	Identity casework.Identity
}

// OpenLink shows what a one-time link shows, once, to whom it was made for, if that person still has the right; every client
// shown and every refusal is a row in the access log. A refusal is a *bot.Refusal of one and the same rule.
func (o Office) OpenLink(ctx context.Context, sealed string) (bot.Lang, []Client, error) {
	lang, clients := bot.Lang(""), []Client(nil) // whoever comes with a forged link, nobody knows in which language
	at := o.Now()
	login, err := o.Tickets.Holder(sealed)
	if err != nil {
		return lang, nil, bot.Refuse("link_used", nil)
	}
	var refused error
	err = o.Within(ctx, at, func(tx Tx) error {
		user, err := tx.User(ctx, login)
		if err != nil {
			return err
		}
		d := &Desk{Tx: tx, House: o.House, At: at, Me: user}
		lang = bot.Lang(user.Lang).Known()
		refused = tx.Try(ctx, func() error {
			clients, err = d.openLink(ctx, sealed)
			return err
		})
		var no *bot.Refusal
		if errors.As(refused, &no) {
			return tx.LogAccess(ctx, casework.AccessRow{At: at, Who: login, Unit: user.Unit, Action: "client.reveal", Fields: "identity", Surface: "web", Rule: no.Rule})
		}
		return refused
	})
	if err != nil && !errors.Is(err, casework.ErrNotKnown) {
		return lang, nil, err
	}
	if refused != nil || err != nil {
		return lang, nil, bot.Refuse("link_used", nil)
	}
	return lang, clients, nil
}

func (d *Desk) openLink(ctx context.Context, sealed string) ([]Client, error) {
	k, err := d.House.Tickets.Open(bot.LinkTicket, sealed, personOf(d.Me), d.At)
	shows := k.Command == revealClient.Key || k.Command == myClients.Key // other links begin commands on the page, and show nobody
	if err != nil || d.Me.Disabled || !shows || !slices.Contains(casework.RevealPurposes, k.Args["purpose"]) {
		return nil, bot.Refuse("link_used", nil)
	}
	fresh, err := d.Spend(ctx, k.Nonce, k.Expires)
	if err != nil {
		return nil, err
	}
	if !fresh {
		return nil, bot.Refuse("link_used", nil)
	}
	codes := []casework.Code{casework.Code(k.Code)}
	if k.Command == myClients.Key {
		codes, err = d.led(ctx)
		if err != nil {
			return nil, err
		}
	}
	clients := make([]Client, 0, len(codes))
	for _, code := range codes {
		client, err := d.reveal(ctx, code, k.Args["purpose"])
		if err != nil {
			return nil, err
		}
		if k.Command == myClients.Key { // the list is for finding the code of a name (P15)
			client.Identity = casework.Identity{Name: client.Identity.Name}
		}
		clients = append(clients, client)
	}
	return clients, nil
}

// led lists the codes of the cases the person leads whose client is known.
func (d *Desk) led(ctx context.Context) ([]casework.Code, error) {
	mine, err := d.own(ctx, func(o ownCase) bool { return o.leads && o.Concern.HasIdentity })
	codes := make([]casework.Code, len(mine))
	for i, m := range mine {
		codes[i] = m.Code
	}
	return codes, err
}

// reveal reads one client's identity for somebody who has the right to it at this moment, and logs it.
func (d *Desk) reveal(ctx context.Context, code casework.Code, purpose string) (Client, error) {
	found, err := d.Lock(ctx, code)
	if err != nil {
		return Client{}, err
	}
	c := &Call{Person: personOf(d.Me), Command: revealClient, Code: string(code), Desk: d}
	d.Case = found
	if err := gate(c, true); err != nil {
		return Client{}, bot.Refuse("link_used", nil)
	}
	if err := revealable(d); err != nil {
		return Client{}, bot.Refuse("link_used", nil)
	}
	identity, err := d.Identity(ctx, found.ID)
	if err != nil {
		return Client{}, err
	}
	row := logRow(c)
	row.Surface, row.Purpose, row.Allowed = "web", purpose, true
	return Client{Code: string(code), Identity: identity}, d.LogAccess(ctx, row)
}
