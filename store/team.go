package store

import (
	"context"
	"time"

	"luotsi/commands/casework"
)

type participantRow struct {
	CaseID    int64   `db:"case_id"`
	No        int     `db:"no"`
	Login     string  `db:"login"`
	Need      []byte  `db:"need"`
	State     string  `db:"state"`
	InvitedBy string  `db:"invited_by"`
	InvitedAt instant `db:"invited_at"`
	JoinedAt  instant `db:"joined_at"`
	EndedAt   instant `db:"ended_at"`
	EndedFor  string  `db:"ended_for"`
}

type assignmentRow struct {
	CaseID     int64   `db:"case_id"`
	No         int     `db:"no"`
	Login      string  `db:"login"`
	Need       []byte  `db:"need"`
	State      string  `db:"state"`
	NamedBy    string  `db:"named_by"`
	NamedAt    instant `db:"named_at"`
	AcceptedAt instant `db:"accepted_at"`
	EndedAt    instant `db:"ended_at"`
	EndedFor   string  `db:"ended_for"`
	Note       []byte  `db:"note"`
	ClientWish bool    `db:"client_wish"`
}

func (t *Tx) saveTeam(ctx context.Context, c casework.Case, changed []casework.Participant) error {
	var rows []participantRow
	for _, p := range changed {
		s := t.cipherFor("participants", c.Code, p.No)
		rows = append(rows, participantRow{
			CaseID: c.ID, No: p.No, Login: p.Person.Login, Need: s.close("need", p.Need), State: string(p.State),
			InvitedBy: p.InvitedBy, InvitedAt: instant(p.InvitedAt), JoinedAt: instant(p.JoinedAt),
			EndedAt: instant(p.EndedAt), EndedFor: p.EndedFor,
		})
		if s.err != nil {
			return s.err
		}
	}
	return put(ctx, t, "participants", 2, rows...)
}

func (t *Tx) loadTeam(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[participantRow](ctx, t, "participants", "where case_id = any($1) order by case_id, no", ids)
	for _, r := range rows {
		c := cases[r.CaseID]
		s := t.cipherFor("participants", c.Code, r.No)
		c.Team = append(c.Team, casework.Participant{
			No: r.No, Person: personRef(r.Login), Need: s.open("need", r.Need), State: casework.MemberState(r.State),
			InvitedBy: r.InvitedBy, InvitedAt: time.Time(r.InvitedAt), JoinedAt: time.Time(r.JoinedAt),
			EndedAt: time.Time(r.EndedAt), EndedFor: r.EndedFor,
		})
		if s.err != nil {
			return s.err
		}
	}
	return err
}

// saveResponsible writes in the order of naming: whoever is replaced has ended before the next begins.
func (t *Tx) saveResponsible(ctx context.Context, c casework.Case, changed []casework.Assignment) error {
	var rows []assignmentRow
	for _, a := range changed {
		s := t.cipherFor("assignments", c.Code, a.No)
		rows = append(rows, assignmentRow{
			CaseID: c.ID, No: a.No, Login: a.Person.Login, Need: s.close("need", a.Need), State: string(a.State),
			NamedBy: a.NamedBy, NamedAt: instant(a.NamedAt), AcceptedAt: instant(a.AcceptedAt),
			EndedAt: instant(a.EndedAt), EndedFor: a.EndedFor, Note: s.close("note", a.Note), ClientWish: a.ClientWish,
		})
		if s.err != nil {
			return s.err
		}
	}
	return put(ctx, t, "assignments", 2, rows...)
}

func (t *Tx) loadResponsible(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[assignmentRow](ctx, t, "assignments", "where case_id = any($1) order by case_id, no", ids)
	for _, r := range rows {
		c := cases[r.CaseID]
		s := t.cipherFor("assignments", c.Code, r.No)
		c.Responsible = append(c.Responsible, casework.Assignment{
			No: r.No, Person: personRef(r.Login), Need: s.open("need", r.Need), State: casework.AssignmentState(r.State),
			NamedBy: r.NamedBy, NamedAt: time.Time(r.NamedAt), AcceptedAt: time.Time(r.AcceptedAt),
			EndedAt: time.Time(r.EndedAt), EndedFor: r.EndedFor, Note: s.open("note", r.Note), ClientWish: r.ClientWish,
		})
		if s.err != nil {
			return s.err
		}
	}
	return err
}
