package commands

import (
	"context"
	"errors"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// ifUnreached adds to the answer that who was asked has no account in any chat, so that no message reaches them: whoever asked tells
// them.
func (d *Desk) ifUnreached(ctx context.Context, who casework.User, r bot.Response) (bot.Response, error) {
	for _, chat := range d.House.Chats {
		_, err := d.AccountOf(ctx, who.Login, chat.Name())
		if !errors.Is(err, casework.ErrNotKnown) {
			return r, err
		}
	}
	r.Replies[0] = r.Replies[0].With(bot.TD("done.no_account", bot.Data{"who": who.Name}))
	return r, nil
}
