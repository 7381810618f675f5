package commands

import (
	"context"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	attendanceClient = bot.SelectField("attendance_client", "attendance", casework.Attendances...).Must()
	startedAt        = bot.DateTimeField("started_at").InPast().Fold()
	endedAt          = bot.DateTimeField("ended_at").InPast().Fold()
	attendanceNear   = bot.MultiField("attendance_near", "near").Fold()
	oralConsent      = bot.MultiField("oral_consent_parties", "parties").Fold()
	decisionsField   = bot.AreaField("decisions").Fold()
)

// recordMeeting records that a meeting was held (M03): who took part and how, judged by the consent that held at its start.
var recordMeeting = &Command{
	Key:   "meeting.record",
	Names: map[bot.Lang]string{bot.FI: "tapaaminen kirjaa", bot.SV: "möte anteckna", bot.EN: "meeting record"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		m, err := d.meetingOf(c, anyMeeting)
		if err != nil {
			return nil, err
		}
		if m.StartsAt.After(d.At) {
			return nil, &casework.Refusal{Rule: casework.TooEarly, About: map[string]any{"at": m.StartsAt}}
		}
		fields := []bot.AnyField{attendanceClient}
		for _, f := range d.attendanceFields(ctx, m) {
			fields = append(fields, f)
		}
		parties, err := d.partyOptions(ctx)
		if err != nil {
			return nil, err
		}
		end := m.StartsAt.Add(time.Duration(m.Minutes) * time.Minute)
		fields = append(fields, startedAt.Preset(isoMoment(m.StartsAt)), endedAt.Preset(isoMoment(earlier(end, d.At))),
			attendanceNear.From(nearOf(parties)), oralConsent.From(parties), decisionsField)
		return meetingForm(c, m, fields...), nil
	},
	Do: doRecordMeeting,
}

func doRecordMeeting(ctx context.Context, c *Call) (bot.Response, error) {
	d, in := c.Desk, c.Input
	m, err := d.meetingOf(c, anyMeeting)
	if err != nil {
		return bot.Response{}, err
	}
	r := casework.Record{
		StartedAt: startedAt.Of(in), EndedAt: endedAt.Of(in), Decisions: decisionsField.Of(in), OralConsent: oralConsent.Of(in),
		Attendance: []casework.Attendance{{Who: "client", How: attendanceClient.Of(in)}},
	}
	if r.StartedAt.IsZero() {
		r.StartedAt = m.StartsAt
	}
	if r.EndedAt.IsZero() {
		r.EndedAt = earlier(r.StartedAt.Add(time.Duration(m.Minutes)*time.Minute), d.At)
	}
	if r.EndedAt.Before(r.StartedAt) {
		return bot.Response{}, bot.Wrong("ended_at", "ends_before_start", nil)
	}
	for _, f := range d.attendanceFields(ctx, m) {
		r.Attendance = append(r.Attendance, casework.Attendance{Who: strings.TrimPrefix(f.Name, "attendance_"), How: orElse(f.Of(in), "present_in_person")})
	}
	for _, near := range attendanceNear.Of(in) {
		r.Attendance = append(r.Attendance, casework.Attendance{Who: near, How: "present_in_person"})
	}
	held, err := d.Case.RecordMeeting(m.No, r, d.House.Settings, d.At)
	if err != nil {
		return bot.Response{}, besideField(err)
	}
	if err := d.Keep(ctx, held); err != nil {
		return bot.Response{}, err
	}
	return d.done(ctx, "meeting_held", bot.Data{"at": r.StartedAt}), nil
}

// attendanceFields asks of every invited person of the team how that person took part: present unless said otherwise.
func (d *Desk) attendanceFields(ctx context.Context, m casework.Meeting) []bot.Field[string] {
	var fields []bot.Field[string]
	for _, login := range m.Invitees {
		if strings.HasPrefix(login, "near:") {
			continue
		}
		f := bot.SelectField("attendance_"+login, "attendance", casework.Attendances...).Must().Preset("present_in_person")
		name := d.nameOf(ctx, login)
		fields = append(fields, f.Named(bot.Plain(shorten(name, 24))).Helped(bot.TD("help.attendance", bot.Data{"name": name})))
	}
	return fields
}

func nearOf(parties []bot.Option) []bot.Option {
	var near []bot.Option
	for _, o := range parties {
		if strings.HasPrefix(o.Value, "near:") {
			near = append(near, o)
		}
	}
	return near
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// shorten cuts a name to the bytes a label may have on every platform: after a whole name or part of one if it has several, and
// never in the middle of a letter.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if end := strings.LastIndexAny(s[:limit+1], " -"); end > 0 {
		return s[:end]
	}
	return strings.ToValidUTF8(s[:limit], "")
}
