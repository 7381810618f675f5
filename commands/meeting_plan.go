package commands

import (
	"context"
	"strconv"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	placeField    = bot.TextField("place").Must()
	meetingKind   = bot.SelectField("kind", "meeting_kind", casework.MeetingKinds...).Preset("network_meeting").Fold()
	durationMin   = bot.TextField("duration_min").Preset("60").Fold()
	mannerField   = bot.SelectField("manner", "manner", casework.Manners...).Preset("in_person").Fold()
	inviteesField = bot.MultiField("invitees", "invitees").Fold()
	supportPerson = bot.TextField("support_person").Fold()
	interpreter   = bot.TextField("interpreter").Fold()
	agendaField   = bot.AreaField("agenda").Fold()
)

// planMeeting agrees on a network meeting (M01); with the client's answer it is confirmed at once (M02).
var planMeeting = &Command{
	Key:   "meeting.plan",
	Names: map[bot.Lang]string{bot.FI: "tapaaminen sovi", bot.SV: "möte boka", bot.EN: "meeting plan"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		if err := mayGather(c.Desk); err != nil {
			return nil, err
		}
		invitees, logins, err := c.Desk.inviteeOptions(ctx)
		if err != nil {
			return nil, err
		}
		return form(c, startsAt, placeField, answerField, meetingKind, durationMin, mannerField,
			inviteesField.From(invitees).Preset(logins), supportPerson, interpreter, agendaField), nil
	},
	Do: doPlan,
}

func doPlan(ctx context.Context, c *Call) (bot.Response, error) {
	d, in := c.Desk, c.Input
	minutes, err := count(durationMin, in)
	if err != nil {
		return bot.Response{}, err
	}
	if minutes == 0 {
		minutes = 60
	}
	m := casework.Meeting{
		Kind: orElse(meetingKind.Of(in), "network_meeting"), StartsAt: startsAt.Of(in), Minutes: minutes,
		Manner: orElse(mannerField.Of(in), "in_person"), Place: placeField.Of(in), Invitees: inviteesField.Of(in),
		ClientAnswer: answerField.Of(in), SupportPerson: supportPerson.Of(in), Interpreter: interpreter.Of(in), Agenda: agendaField.Of(in),
	}
	if len(m.Invitees) == 0 {
		_, m.Invitees, err = d.inviteeOptions(ctx)
		if err != nil {
			return bot.Response{}, err
		}
	}
	planned, err := d.Case.Plan(d.Me.Person, m, d.At)
	if err != nil {
		return bot.Response{}, err
	}
	if err := d.Keep(ctx, planned); err != nil {
		return bot.Response{}, err
	}
	what := "meeting_planned"
	if planned.Meetings[len(planned.Meetings)-1].State == casework.MeetingConfirmed {
		what = "meeting_confirmed"
	}
	return d.done(ctx, what, bot.Data{"at": m.StartsAt}), nil
}

// inviteeOptions offers the whole team and the near persons whom the consent names; logins are the team's, who are invited
// unless somebody is left out.
func (d *Desk) inviteeOptions(ctx context.Context) ([]bot.Option, []string, error) {
	options, err := d.teamOptions(ctx)
	if err != nil {
		return nil, nil, err
	}
	var logins []string
	for _, o := range options {
		logins = append(logins, o.Value)
	}
	for _, p := range d.Case.Consent().Parties {
		if p.Near() {
			options = append(options, bot.Option{Value: p.Code, Label: bot.T("option.near." + p.Code[len("near:"):])})
		}
	}
	return options, logins, nil
}

// meetingOf finds which coming meeting the call is about: the one its button named, or the only one. With several the person
// is asked to choose.
func (d *Desk) meetingOf(c *Call, of func(casework.Meeting) bool) (casework.Meeting, error) {
	var fit []casework.Meeting
	for _, m := range d.Case.Coming() {
		if of(m) {
			fit = append(fit, m)
		}
	}
	for _, m := range fit {
		if strconv.Itoa(m.No) == c.Args["meeting"] || len(fit) == 1 && c.Args["meeting"] == "" {
			return m, nil
		}
	}
	if len(fit) == 0 || c.Args["meeting"] != "" {
		return casework.Meeting{}, &casework.Refusal{Rule: casework.NoMeeting}
	}
	which := &bot.Refusal{Rule: "which_meeting", Text: bot.TD("refusal.which_meeting", bot.Data{"count": len(fit)}), Code: c.Code}
	for _, m := range fit {
		which.Buttons = append(which.Buttons, bot.Button{
			Label: bot.TD("button.this_meeting", bot.Data{"at": m.StartsAt}), Command: c.Command.Key, Code: c.Code,
			Args: map[string]string{"meeting": strconv.Itoa(m.No)},
		})
	}
	return casework.Meeting{}, which
}

// meetingForm begins a form that remembers which meeting it is about.
func meetingForm(c *Call, m casework.Meeting, fields ...bot.AnyField) *bot.Form {
	f := form(c, fields...)
	f.Args = map[string]string{"meeting": strconv.Itoa(m.No)}
	f.Data["at"] = m.StartsAt
	f.Notes = append(f.Notes, bot.TD("form.meeting.which", bot.Data{"at": m.StartsAt}))
	return f
}

func anyMeeting(casework.Meeting) bool { return true }
