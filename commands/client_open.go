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
	NearName string // of the client's near person, while a consent holds
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
			return d.logRefused(ctx, sealed, no.Rule)
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

// logRefused writes the row of a link that was not opened, in the log of the case that it was made for.
func (d *Desk) logRefused(ctx context.Context, sealed, rule string) error {
	r := bot.Request{Open: sealed}
	k, _ := d.House.Tickets.Tried(r)
	d.Log = casework.AccessRow{At: d.At, Who: d.Me.Login, Unit: d.Me.Unit, Surface: bot.Web, RequestID: linkID(k), Rule: rule}
	if err := d.logTried(ctx, r); err != nil {
		return err
	}
	return d.LogAccess(ctx, d.Log)
}

// linkID stands for the request id of what a link shows: every opening of one link has the same.
func linkID(k bot.Ticket) string { return "link:" + k.Nonce }

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
		client, err := d.reveal(ctx, code, k)
		if err != nil {
			return nil, err
		}
		if k.Command == myClients.Key { // the list is for finding the code of a name (P15)
			client.Identity, client.NearName = casework.Identity{Name: client.Identity.Name}, ""
		}
		clients = append(clients, client)
	}
	return clients, nil
}

// led lists the codes of the cases the person leads whose client is known and may be shown to the person at this moment.
func (d *Desk) led(ctx context.Context) ([]casework.Code, error) {
	mine, err := d.own(ctx, func(o ownCase) bool {
		return o.leads && o.Concern.HasIdentity && d.may(access[revealClient.Key], o.Case)
	})
	codes := make([]casework.Code, len(mine))
	for i, m := range mine {
		codes[i] = m.Code
	}
	return codes, err
}

// reveal reads one client's identity for somebody who has the right to it at this moment, and logs it.
func (d *Desk) reveal(ctx context.Context, code casework.Code, k bot.Ticket) (Client, error) {
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
	near, err := d.nearName(ctx)
	if err != nil {
		return Client{}, err
	}
	row := logRow(c)
	row.Surface, row.Purpose, row.RequestID, row.Allowed = bot.Web, k.Args["purpose"], linkID(k), true
	return Client{Code: string(code), Identity: identity, NearName: near}, d.LogAccess(ctx, row)
}

// nearName is whom the client wants along, to be invited by telephone or letter (R10): nobody's any more once no consent holds.
func (d *Desk) nearName(ctx context.Context) (string, error) {
	if _, holds := d.Case.ConsentAt(d.At); !holds {
		return "", nil
	}
	return d.NearName(ctx, d.Case.ID)
}
