package commands

import (
	"context"
	"errors"
	"fmt"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// What the access log says of a call.

func logRow(c *Call) casework.AccessRow {
	d := c.Desk
	row := casework.AccessRow{
		At: d.At, Who: d.Me.Login, Unit: d.Me.Unit, Action: "unknown", Surface: c.Request.Platform, RequestID: c.Request.ID,
	}
	if c.Request.Place.Kind == bot.OnPage {
		row.Surface = "web"
	}
	if c.Command != nil {
		row = asking(row, c.Command.Key)
	}
	return d.aboutCase(row, d.Case)
}

// asking says in a row which command was given.
func asking(row casework.AccessRow, key string) casework.AccessRow {
	r := access[key]
	row.Action, row.Purpose, row.Fields = key, r.purpose, r.fields
	return row
}

// aboutCase says in a row which case it is about, whose data that are and on what ground they are used; zero is no case.
func (d *Desk) aboutCase(row casework.AccessRow, c casework.Case) casework.AccessRow {
	if c.ID == 0 {
		return row
	}
	row.CaseID, row.Code, row.Register, row.Basis = c.ID, string(c.Code), string(c.Coordinator.Register), c.Concern.Basis
	if k, ok := c.ConsentAt(d.At); ok {
		row.Basis = consentBasis(k)
	}
	return row
}

// logTried puts what a ticket was made for into the row of somebody whom it gives no right, so that the attempt is found where the
// case's log is read. The person gets to know nothing of it.
func (d *Desk) logTried(ctx context.Context, r bot.Request) error {
	k, ok := d.House.Tickets.Tried(r)
	if !ok {
		return nil
	}
	d.Log = asking(d.Log, k.Command)
	if k.Code == "" {
		return nil
	}
	c, err := d.Lock(ctx, casework.Code(k.Code))
	if errors.Is(err, casework.ErrNotKnown) {
		return nil
	}
	d.Log = d.aboutCase(d.Log, c)
	return err
}

func consentBasis(k casework.Consent) string { return fmt.Sprintf("consent:%d", k.Version) }
