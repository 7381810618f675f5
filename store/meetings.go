package store

import (
	"context"
	"fmt"
	"time"

	"luotsi/commands/casework"
)

type meetingRow struct {
	CaseID          int64   `db:"case_id"`
	No              int     `db:"no"`
	Revision        int     `db:"revision"`
	State           string  `db:"state"`
	Kind            string  `db:"kind"`
	StartsAt        instant `db:"starts_at"`
	Minutes         int     `db:"minutes"`
	Manner          string  `db:"manner"`
	Place           []byte  `db:"place"`
	Invitees        codes   `db:"invitees"`
	ClientAnswer    string  `db:"client_answer"`
	SupportPerson   []byte  `db:"support_person"`
	Interpreter     []byte  `db:"interpreter"`
	Agenda          []byte  `db:"agenda"`
	PlannedBy       string  `db:"planned_by"`
	SettledAt       instant `db:"settled_at"`
	StartedAt       instant `db:"started_at"`
	EndedAt         instant `db:"ended_at"`
	OralConsent     codes   `db:"oral_consent"`
	Decisions       []byte  `db:"decisions"`
	CountsAsNetwork bool    `db:"counts_as_network"`
	MovedFor        string  `db:"moved_for"`
	EndedFor        string  `db:"ended_for"`
}

type attendanceRow struct {
	CaseID   int64  `db:"case_id"`
	No       int    `db:"no"`
	Position int    `db:"position"`
	Who      string `db:"who"`
	How      string `db:"how"`
}

func (t *Tx) meetingToRow(c casework.Case, m casework.Meeting) (meetingRow, error) {
	s := t.cipherFor("meetings", c.Code, m.No)
	return meetingRow{
		CaseID: c.ID, No: m.No, Revision: m.Revision, State: string(m.State), Kind: m.Kind, StartsAt: instant(m.StartsAt),
		Minutes: m.Minutes, Manner: m.Manner, Place: s.close("place", m.Place), Invitees: m.Invitees,
		ClientAnswer: m.ClientAnswer, SupportPerson: s.close("support_person", m.SupportPerson),
		Interpreter: s.close("interpreter", m.Interpreter), Agenda: s.close("agenda", m.Agenda),
		PlannedBy: m.PlannedBy, SettledAt: instant(m.SettledAt), StartedAt: instant(m.StartedAt),
		EndedAt: instant(m.EndedAt), OralConsent: m.OralConsent, Decisions: s.close("decisions", m.Decisions),
		CountsAsNetwork: m.CountsAsNetwork, MovedFor: m.MovedFor, EndedFor: m.EndedFor,
	}, s.err
}

func (t *Tx) meetingOf(code casework.Code, r meetingRow) (casework.Meeting, error) {
	s := t.cipherFor("meetings", code, r.No)
	return casework.Meeting{
		No: r.No, Revision: r.Revision, State: casework.MeetingState(r.State), Kind: r.Kind, StartsAt: time.Time(r.StartsAt),
		Minutes: r.Minutes, Manner: r.Manner, Place: s.open("place", r.Place), Invitees: r.Invitees,
		ClientAnswer: r.ClientAnswer, SupportPerson: s.open("support_person", r.SupportPerson),
		Interpreter: s.open("interpreter", r.Interpreter), Agenda: s.open("agenda", r.Agenda),
		PlannedBy: r.PlannedBy, SettledAt: time.Time(r.SettledAt), StartedAt: time.Time(r.StartedAt),
		EndedAt: time.Time(r.EndedAt), OralConsent: r.OralConsent, Decisions: s.open("decisions", r.Decisions),
		CountsAsNetwork: r.CountsAsNetwork, MovedFor: r.MovedFor, EndedFor: r.EndedFor,
	}, s.err
}

// saveMeetings writes the given meetings with their attendance.
func (t *Tx) saveMeetings(ctx context.Context, c casework.Case, changed []casework.Meeting) error {
	var rows []meetingRow
	var attendance []attendanceRow
	var numbers codes
	for _, m := range changed {
		row, err := t.meetingToRow(c, m)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		numbers = append(numbers, fmt.Sprint(m.No))
		for i, a := range m.Attendance {
			attendance = append(attendance, attendanceRow{CaseID: c.ID, No: m.No, Position: i, Who: a.Who, How: a.How})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := put(ctx, t, "meetings", 2, rows...); err != nil {
		return err
	}
	_, err := t.db.ExecContext(ctx, `delete from attendance where case_id = $1 and no = any($2::int[])`, c.ID, numbers)
	if err != nil {
		return fmt.Errorf("write attendance: %w", err)
	}
	return add(ctx, t, "attendance", attendance...)
}

func (t *Tx) loadMeetings(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[meetingRow](ctx, t, "meetings", "where case_id = any($1) order by case_id, no", ids)
	if err != nil || len(rows) == 0 {
		return err
	}
	attendance, err := rowsOf[attendanceRow](ctx, t, "attendance", "where case_id = any($1) order by case_id, no, position", ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		c := cases[r.CaseID]
		m, err := t.meetingOf(c.Code, r)
		if err != nil {
			return err
		}
		for len(attendance) > 0 && attendance[0].CaseID == r.CaseID && attendance[0].No == r.No {
			m.Attendance = append(m.Attendance, casework.Attendance{Who: attendance[0].Who, How: attendance[0].How})
			attendance = attendance[1:]
		}
		c.Meetings = append(c.Meetings, m)
	}
	return nil
}
