package commands

import (
	"context"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var intoField = bot.SelectField("into", "into").Must()

// mergeConcern joins a second concern about the same client to the case there is (T09). That they are about the same client is
// known by a keyed hash; that they belong together, the coordinator decides.
var mergeConcern = &Command{
	Key:   "concern.merge",
	Names: map[bot.Lang]string{bot.FI: "yhdistä", bot.SV: "slå-ihop", bot.EN: "merge"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := d.Case.MayEndConcern(d.Me.Person); err != nil {
			return nil, err
		}
		others, err := d.sameClient(ctx)
		if err != nil {
			return nil, err
		}
		if len(others) == 0 {
			return nil, &casework.Refusal{Rule: casework.OtherClient}
		}
		var options []bot.Option
		for _, other := range others {
			options = append(options, bot.Option{Value: string(other.Code), Label: bot.TD("option.into", bot.Data{
				"code": string(other.Code), "state": bot.T("state." + string(other.State)), "at": bot.Date(other.AcceptedAt),
			})})
		}
		return form(c, intoField.From(options)), nil
	},
	Do: doMerge,
}

func doMerge(ctx context.Context, c *Call) (bot.Response, error) {
	d := c.Desk
	second := d.Case
	into, err := d.Lock(ctx, casework.Code(intoField.Of(c.Input)))
	if err != nil {
		return bot.Response{}, err
	}
	same, err := d.SameClient(ctx, second.ID)
	if err != nil {
		return bot.Response{}, err
	}
	merged, joined, err := second.Merge(d.Me.Person, into, slices.Contains(same, into.ID), d.At)
	if err != nil {
		return bot.Response{}, err
	}
	d.Case = into
	if err := d.Keep(ctx, joined); err != nil {
		return bot.Response{}, err
	}
	d.Case = second
	if err := d.Keep(ctx, merged); err != nil {
		return bot.Response{}, err
	}
	return bot.Reply(bot.Say(bot.TD("done.merged", bot.Data{"code": c.Code, "into": string(into.Code)})).About(c.Code)), nil
}

// sameClient lists the open cases, no longer concerns, whose client is the same as the desk's case's.
func (d *Desk) sameClient(ctx context.Context) ([]casework.Case, error) {
	ids, err := d.SameClient(ctx, d.Case.ID)
	if err != nil {
		return nil, err
	}
	var others []casework.Case
	for _, id := range ids {
		other, err := d.Read(ctx, id)
		if err != nil {
			return nil, err
		}
		if other.State.Open() && !other.State.Concern() {
			others = append(others, other)
		}
	}
	return others, nil
}
