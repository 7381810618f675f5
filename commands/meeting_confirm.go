package commands

import (
	"context"

	"luotsi/bot"
)

// confirmMeeting records the client's answer to a meeting (M02): coming, by phone or video, or not coming but wishing the
// others to go on.
var confirmMeeting = &Command{
	Key:   "meeting.confirm",
	Names: map[bot.Lang]string{bot.FI: "tapaaminen vahvista", bot.SV: "möte bekräfta", bot.EN: "meeting confirm"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		m, err := c.Desk.meetingOf(c, anyMeeting)
		if err != nil {
			return nil, err
		}
		if err := c.Desk.Case.MayConfirm(m.No, c.Desk.At); err != nil {
			return nil, err
		}
		return meetingForm(c, m, answerField), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		m, err := d.meetingOf(c, anyMeeting)
		if err != nil {
			return bot.Response{}, err
		}
		confirmed, err := d.Case.Confirm(m.No, answerField.Of(c.Input), d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, confirmed); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "client_answered", bot.Data{"at": m.StartsAt, "answer": bot.T("option.client_answer." + answerField.Of(c.Input))}), nil
	},
}
