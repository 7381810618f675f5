package commands

import (
	"context"

	"luotsi/bot"
)

var returnQuestion = bot.AreaField("question").Must()

// returnConcern sends a concern back to its raiser with a question (T04).
var returnConcern = &Command{
	Key:   "concern.return",
	Names: map[bot.Lang]string{bot.FI: "kysy|palauta", bot.SV: "fråga|returnera", bot.EN: "ask|return"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayReturn(); err != nil {
			return nil, err
		}
		return form(c, returnQuestion), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		returned, err := d.Case.Return(returnQuestion.Of(c.Input), d.House.Settings, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, returned); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "returned"), nil
	},
}
