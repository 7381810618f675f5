package commands

import (
	"context"

	"luotsi/bot"
)

var moveReason = bot.SelectField("reason", "move_reason", "client_request", "client_ill", "worker_absent", "other").Must()

// moveMeeting sets a new time; the client is asked anew, and reminders follow.
var moveMeeting = &Command{
	Key:   "meeting.move",
	Names: map[bot.Lang]string{bot.FI: "tapaaminen siirrä", bot.SV: "möte flytta", bot.EN: "meeting move"},
	Aim:   bot.OneCase,
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		m, err := c.Desk.meetingOf(c, anyMeeting)
		if err != nil {
			return nil, err
		}
		return meetingForm(c, m, startsAt.Preset(isoMoment(m.StartsAt)), moveReason), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d := c.Desk
		m, err := d.meetingOf(c, anyMeeting)
		if err != nil {
			return bot.Response{}, err
		}
		moved, err := d.Case.Move(m.No, startsAt.Of(c.Input), moveReason.Of(c.Input), d.At)
		if err != nil {
			return bot.Response{}, err
		}
		if err := d.Keep(ctx, moved); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "meeting_moved", bot.Data{"at": startsAt.Of(c.Input)}), nil
	},
}
