package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

type vaultRow struct {
	CaseID       int64  `db:"case_id"`
	Name         []byte `db:"name"`
	IdentityCode []byte `db:"identity_code"`
	Contact      []byte `db:"contact"`
	MatchHash    []byte `db:"match_hash"`
}

func (t *Tx) vaultCipher(caseID int64) *cipher {
	return &cipher{keys: t.store.keys, table: "vault", row: fmt.Sprint(caseID)}
}

// PutIdentity stores who a case's client is. A repeated call replaces it.
func (t *Tx) PutIdentity(ctx context.Context, caseID int64, id casework.Identity) error {
	s := t.vaultCipher(caseID)
	row := vaultRow{
		CaseID: caseID, Name: s.close("name", id.Name), IdentityCode: s.close("identity_code", id.Code),
		Contact: s.close("contact", id.Contact),
	}
	if s.err != nil {
		return s.err
	}
	if code := normalCode(id.Code); code != "" {
		var err error
		if row.MatchHash, err = t.store.keys.matchHash(code); err != nil {
			return fmt.Errorf("hash identity: %w", err)
		}
	}
	return put(ctx, t, "vault", 1, row)
}

// Identity reads who a case's client is; casework.ErrNotKnown when nobody told.
func (t *Tx) Identity(ctx context.Context, caseID int64) (casework.Identity, error) {
	rows, err := rowsOf[vaultRow](ctx, t, "vault", "where case_id = $1", caseID)
	if err != nil {
		return casework.Identity{}, err
	}
	var id casework.Identity
	s := t.vaultCipher(caseID)
	for _, r := range rows {
		id.Name, id.Code = s.open("name", r.Name), s.open("identity_code", r.IdentityCode)
		id.Contact = s.open("contact", r.Contact)
	}
	if s.err == nil && id == (casework.Identity{}) {
		s.err = fmt.Errorf("read identity: %w", casework.ErrNotKnown)
	}
	return id, s.err
}

// PutNearName keeps a near person's name beside the client's identity. A repeated call replaces it.
func (t *Tx) PutNearName(ctx context.Context, caseID int64, name string) error {
	s := t.vaultCipher(caseID)
	sealed := s.close("near_name", name)
	if s.err != nil {
		return s.err
	}
	_, err := t.db.ExecContext(ctx, `insert into vault (case_id, near_name) values ($1, $2)
		on conflict (case_id) do update set near_name = excluded.near_name`, caseID, sealed)
	if err != nil {
		return fmt.Errorf("write vault: %w", err)
	}
	return nil
}

// NearName reads what PutNearName kept; empty when nobody told.
func (t *Tx) NearName(ctx context.Context, caseID int64) (string, error) {
	var sealed []byte
	err := t.value(ctx, &sealed, `select near_name from vault where case_id = $1`, caseID)
	if err != nil && !errors.Is(err, casework.ErrNotKnown) {
		return "", err
	}
	s := t.vaultCipher(caseID)
	return s.open("near_name", sealed), s.err
}

// Forget takes everything out of the vault that tells who a case's client is, and the near person's name. A repeated call
// does nothing.
func (t *Tx) Forget(ctx context.Context, caseID int64) error {
	_, err := t.db.ExecContext(ctx, `update vault set name = null, identity_code = null, contact = null, near_name = null,
		match_hash = null where case_id = $1`, caseID)
	if err != nil {
		return fmt.Errorf("forget identity: %w", err)
	}
	return nil
}

// LastRefusal is when the same client last refused consent in another case; zero when never. What was recorded wrongly and
// put right is no refusal.
func (t *Tx) LastRefusal(ctx context.Context, caseID int64) (time.Time, error) {
	others, err := t.SameClient(ctx, caseID)
	if err != nil || len(others) == 0 {
		return time.Time{}, err
	}
	var last instant
	err = t.db.GetContext(ctx, &last, `select max(recorded_at) from consents where status = 'refused' and case_id = any($1)`,
		pq.Int64Array(others))
	if err != nil {
		return time.Time{}, fmt.Errorf("find the last refusal: %w", err)
	}
	return time.Time(last), nil
}

// SameClient lists other cases' ids, oldest first, whose client has the same personal identity code.
func (t *Tx) SameClient(ctx context.Context, caseID int64) ([]int64, error) {
	rows, err := rowsOf[vaultRow](ctx, t, "vault", "where case_id = $1", caseID)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	s := t.vaultCipher(caseID)
	code := normalCode(s.open("identity_code", rows[0].IdentityCode))
	if s.err != nil || code == "" {
		return nil, s.err
	}
	hashes, err := t.store.keys.matchHashes(code)
	if err != nil {
		return nil, fmt.Errorf("hash identity: %w", err)
	}
	var others []int64
	err = t.db.SelectContext(ctx, &others, `select case_id from vault where match_hash = any($1) and case_id <> $2 order by case_id`,
		pq.ByteaArray(hashes), caseID)
	if err != nil {
		return nil, fmt.Errorf("find the same client: %w", err)
	}
	return others, nil
}

// normalCode is the code in the one form that is hashed. What the rules do not take for a code (a temporary one of another
// system) is at least trimmed and made upper case.
func normalCode(code string) string {
	if id, err := casework.ParseIdentityCode(code, true); err == nil {
		return string(id)
	}
	return strings.ToUpper(strings.TrimSpace(code))
}
