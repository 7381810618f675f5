package commands

import (
	"context"
	"errors"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Stranger logs what somebody tries who is not in the directory, or no longer, in the case's own log when there is such a case.
// The form by which a newcomer registers is theirs to send.
func (o Office) Stranger(ctx context.Context, c *Call) error {
	newcomer := bot.Person{Login: c.Request.Platform + "/" + c.Request.User}
	if _, err := o.Tickets.Open(bot.FormTicket, c.Request.Submit, newcomer, c.Request.At); err == nil || errors.Is(err, bot.ErrTicketExpired) {
		return nil
	}
	return o.Within(ctx, c.Request.At, func(tx Tx) error {
		call := *c // a transaction may run twice
		d := &Desk{Tx: tx, House: o.House, At: c.Request.At, Me: casework.User{Person: casework.Person{Login: c.Person.Login}}}
		if d.Me.Login == "" {
			d.Me.Login = c.Request.Platform + ":" + c.Request.User
		}
		call.Desk = d
		if call.Code != "" {
			if _, err := d.lock(ctx, &call); err != nil {
				return err
			}
		}
		d.Log = logRow(&call)
		if err := d.logTried(ctx, c.Request); err != nil {
			return err
		}
		d.Log.Rule = "unknown_person"
		return d.LogAccess(ctx, d.Log)
	})
}
