package commands

import (
	"context"

	"luotsi/bot"
)

var answerText = bot.AreaField("answer").Must()

// answerConcern answers what was asked: the raiser a coordinator's question (T04), the coordinator a nameless consultation (T11).
var answerConcern = &Command{
	Key:   "concern.answer",
	Names: map[bot.Lang]string{bot.FI: "vastaa", bot.SV: "svara", bot.EN: "answer"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := d.Case.MayAnswer(d.Me.Person); err != nil {
			return nil, err
		}
		f := form(c, answerText)
		asked := d.Case.Concern.Asked
		if d.Case.Concern.Nameless() && asked == "" {
			asked = d.Case.Concern.Question
		}
		f.Words = []bot.Text{bot.TD("form.concern.answer.asked", bot.Data{"question": asked})}
		return f, nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		answered, err := d.Case.AnswerQuestion(d.Me.Person, answerText.Of(c.Input), d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, answered); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "answered"), nil
	},
}
