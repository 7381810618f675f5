package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var cancelReason = bot.SelectField("cancel_reason", "cancel_reason", casework.CancelReasons...).Must()

// cancelMeeting ends a meeting that will not be held, or was not (M05).
var cancelMeeting = &Command{
	Key:   "meeting.cancel",
	Names: map[bot.Lang]string{bot.FI: "tapaaminen peru", bot.SV: "möte avboka", bot.EN: "meeting cancel"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		m, err := c.Desk.meetingOf(c, anyMeeting)
		if err != nil {
			return nil, err
		}
		return meetingForm(c, m, cancelReason), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		m, err := d.meetingOf(c, anyMeeting)
		if err != nil {
			return bot.Response{}, err
		}
		cancelled, err := d.Case.Cancel(m.No, cancelReason.Of(c.Input), d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, cancelled); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "meeting_cancelled", bot.Data{"at": m.StartsAt}), nil
	},
}
