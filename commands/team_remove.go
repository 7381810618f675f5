package commands

import (
	"context"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var removedReason = bot.SelectField("removed_reason", "removed_reason", casework.RemoveReasons...).Must()

// removeMember takes a member out of the team, or an invitation back.
var removeMember = &Command{
	Key:   "team.remove",
	Names: map[bot.Lang]string{bot.FI: "tiimi poista", bot.SV: "team ta-bort", bot.EN: "team remove"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := mayGather(d); err != nil {
			return nil, err
		}
		members, err := d.people(ctx, func(u casework.User) bool { return d.Case.MayRemove(u.Login) == nil })
		if err != nil {
			return nil, err
		}
		if len(members) == 0 {
			return nil, &casework.Refusal{Rule: casework.NobodyToRemove}
		}
		return form(c, personField.From(slices.Clip(members)), removedReason), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		removed, err := d.Case.Remove(personField.Of(c.Input), removedReason.Of(c.Input), d.At)
		return d.recorded(ctx, "removed", removed, err)
	},
}
