package store

import (
	"context"
	"fmt"
	"time"

	"luotsi/commands/casework"
)

type consentRow struct {
	CaseID           int64   `db:"case_id"`
	Version          int     `db:"version"`
	Status           string  `db:"status"`
	RequestedAt      instant `db:"requested_at"`
	InformedOn       instant `db:"informed_on"`
	InformedHow      string  `db:"informed_how"`
	InformedBy       string  `db:"informed_by"`
	Form             string  `db:"form"`
	GivenBy          string  `db:"given_by"`
	Capacity         string  `db:"capacity"`
	Language         string  `db:"language"`
	Categories       codes   `db:"categories"`
	Direction        string  `db:"direction"`
	NoContent        codes   `db:"no_content"`
	Purposes         codes   `db:"purposes"`
	GivenAt          instant `db:"given_at"`
	ValidUntil       instant `db:"valid_until"`
	CopyGiven        string  `db:"copy_given"`
	ChatToolOK       bool    `db:"chat_tool_ok"`
	Evidence         []byte  `db:"representative_evidence"`
	ObjectsTo        codes   `db:"objects_to"`
	RecordedBy       string  `db:"recorded_by"`
	RecordedAt       instant `db:"recorded_at"`
	OralUntil        instant `db:"oral_until"`
	EndsAt           instant `db:"ends_at"`
	RefuseReason     []byte  `db:"refuse_reason"`
	NotifyNeeded     string  `db:"notify_needed"`
	NotifyReason     []byte  `db:"notify_reason"`
	EndedAt          instant `db:"ended_at"`
	WithdrawnAt      instant `db:"withdrawn_at"`
	WithdrawnBy      string  `db:"withdrawn_by"`
	WithdrawnTo      string  `db:"withdrawn_to"`
	WithdrawnScope   string  `db:"withdrawn_scope"`
	Corrects         int     `db:"corrects"`
	CorrectionReason []byte  `db:"correction_reason"`
}

type partyRow struct {
	CaseID   int64  `db:"case_id"`
	Version  int    `db:"version"`
	Position int    `db:"position"`
	Code     string `db:"code"`
	Register string `db:"register"`
}

func (t *Tx) consentToRow(c casework.Case, k casework.Consent) (consentRow, error) {
	s := t.cipherFor("consents", c.Code, k.Version)
	row := consentRow{
		CaseID: c.ID, Version: k.Version, Status: string(k.Status), RequestedAt: instant(k.RequestedAt),
		InformedOn: instant(k.InformedOn), InformedHow: k.InformedHow, InformedBy: k.InformedBy,
		Form: k.Form, GivenBy: k.GivenBy, Capacity: k.Capacity, Language: k.Language, Categories: k.Categories,
		Direction: k.Direction, NoContent: k.NoContent, Purposes: k.Purposes, GivenAt: instant(k.GivenAt),
		ValidUntil: instant(k.ValidUntil), CopyGiven: k.CopyGiven, ChatToolOK: k.ChatToolOK,
		Evidence: s.close("representative_evidence", k.RepresentativeEvidence), ObjectsTo: k.ObjectsTo,
		RecordedBy: k.RecordedBy, RecordedAt: instant(k.RecordedAt), OralUntil: instant(k.OralUntil),
		RefuseReason: s.close("refuse_reason", k.RefuseReason), NotifyNeeded: k.NotifyNeeded,
		NotifyReason: s.close("notify_reason", k.NotifyReason), EndedAt: instant(k.EndedAt),
		WithdrawnAt: instant(k.WithdrawnAt), WithdrawnBy: k.WithdrawnBy, WithdrawnTo: k.WithdrawnTo,
		WithdrawnScope: k.WithdrawnScope, Corrects: k.Corrects,
		CorrectionReason: s.close("correction_reason", k.CorrectionReason),
	}
	if !k.GivenAt.IsZero() {
		row.EndsAt = instant(k.End())
	}
	return row, s.err
}

func (t *Tx) consentOf(code casework.Code, r consentRow) (casework.Consent, error) {
	s := t.cipherFor("consents", code, r.Version)
	return casework.Consent{
		Version: r.Version, Status: casework.ConsentStatus(r.Status), RequestedAt: time.Time(r.RequestedAt),
		InformedOn: time.Time(r.InformedOn), InformedHow: r.InformedHow, InformedBy: r.InformedBy,
		Form: r.Form, GivenBy: r.GivenBy, Capacity: r.Capacity, Language: r.Language, Categories: r.Categories,
		Direction: r.Direction, NoContent: r.NoContent, Purposes: r.Purposes, GivenAt: time.Time(r.GivenAt),
		ValidUntil: time.Time(r.ValidUntil), CopyGiven: r.CopyGiven, ChatToolOK: r.ChatToolOK,
		RepresentativeEvidence: s.open("representative_evidence", r.Evidence), ObjectsTo: r.ObjectsTo,
		RecordedBy: r.RecordedBy, RecordedAt: time.Time(r.RecordedAt), OralUntil: time.Time(r.OralUntil),
		RefuseReason: s.open("refuse_reason", r.RefuseReason), NotifyNeeded: r.NotifyNeeded,
		NotifyReason: s.open("notify_reason", r.NotifyReason), EndedAt: time.Time(r.EndedAt),
		WithdrawnAt: time.Time(r.WithdrawnAt), WithdrawnBy: r.WithdrawnBy, WithdrawnTo: r.WithdrawnTo,
		WithdrawnScope: r.WithdrawnScope, Corrects: r.Corrects,
		CorrectionReason: s.open("correction_reason", r.CorrectionReason),
	}, s.err
}

// saveConsents writes the given versions with their parties.
func (t *Tx) saveConsents(ctx context.Context, c casework.Case, changed []casework.Consent) error {
	var rows []consentRow
	var parties []partyRow
	var versions codes
	for _, k := range changed {
		row, err := t.consentToRow(c, k)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		versions = append(versions, fmt.Sprint(k.Version))
		for i, p := range k.Parties {
			parties = append(parties, partyRow{CaseID: c.ID, Version: k.Version, Position: i, Code: p.Code, Register: string(p.Register)})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := put(ctx, t, "consents", 2, rows...); err != nil {
		return err
	}
	_, err := t.db.ExecContext(ctx, `delete from consent_parties where case_id = $1 and version = any($2::int[])`, c.ID, versions)
	if err != nil {
		return fmt.Errorf("write consent_parties: %w", err)
	}
	return add(ctx, t, "consent_parties", parties...)
}

// loadConsents reads every version of the cases' consents into them.
func (t *Tx) loadConsents(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[consentRow](ctx, t, "consents", "where case_id = any($1) order by case_id, version", ids)
	if err != nil || len(rows) == 0 {
		return err
	}
	parties, err := rowsOf[partyRow](ctx, t, "consent_parties", "where case_id = any($1) order by case_id, version, position", ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		c := cases[r.CaseID]
		k, err := t.consentOf(c.Code, r)
		if err != nil {
			return err
		}
		for len(parties) > 0 && parties[0].CaseID == r.CaseID && parties[0].Version == r.Version {
			k.Parties = append(k.Parties, casework.Party{Code: parties[0].Code, Register: casework.Register(parties[0].Register)})
			parties = parties[1:]
		}
		c.Consents = append(c.Consents, k)
	}
	return nil
}
