package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

type draftRow struct {
	Nonce   string  `db:"nonce"`
	Login   string  `db:"login"`
	Answers []byte  `db:"answers"`
	Until   instant `db:"until"`
}

// KeepDraft keeps a person's answers to part of a form, encrypted, under the form's nonce until the instant. A repeated call
// replaces them.
func (t *Tx) KeepDraft(ctx context.Context, login, nonce string, answers []byte, until time.Time) error {
	sealed, err := t.store.keys.data.Encrypt(answers, draftPlace(login, nonce))
	if err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return put(ctx, t, "drafts", 1, draftRow{Nonce: nonce, Login: login, Answers: sealed, Until: instant(until)})
}

// Draft is what the person's KeepDraft kept under the nonce; ok is false when nothing.
func (t *Tx) Draft(ctx context.Context, login, nonce string) (answers []byte, ok bool, err error) {
	var sealed []byte
	err = t.db.GetContext(ctx, &sealed, `select answers from drafts where nonce = $1 and login = $2 and until >= $3`, nonce, login, instant(t.at))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err == nil {
		answers, err = t.store.keys.data.Decrypt(sealed, draftPlace(login, nonce))
	}
	if err != nil {
		return nil, false, fmt.Errorf("read draft: %w", err)
	}
	return answers, true, nil
}

// DropDraft forgets what was kept under the nonce. A repeated call does nothing.
func (t *Tx) DropDraft(ctx context.Context, nonce string) error {
	if _, err := t.db.ExecContext(ctx, `delete from drafts where nonce = $1`, nonce); err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}

func draftPlace(login, nonce string) []byte {
	return fmt.Appendf(nil, "drafts:%s/%s:answers", login, nonce)
}
