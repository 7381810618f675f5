package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// sayingsKept is how long it is known which message was said under which key: twice as long as its buttons can be pressed.
const sayingsKept = 180 * 24 * time.Hour

// answersKept is how long the answer to a request is kept for its repetition.
const answersKept = 24 * time.Hour

// Answered claims the person's request id. If it was answered before, its answer comes back; while another transaction is
// answering the same id, this waits for it. A claim that is rolled back, or commits without an answer, was none. at is when it
// was answered first.
func (t *Tx) Answered(ctx context.Context, login, request string) (answer []byte, at time.Time, ok bool, err error) {
	id := digest(request)
	res, err := t.db.ExecContext(ctx, `insert into requests (login, request, claimed_at) values ($1, $2, $3) on conflict do nothing`,
		login, id, instant(t.at))
	if err != nil {
		return nil, at, false, fmt.Errorf("claim request: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return nil, at, false, err
	}
	var row struct {
		Answer []byte    `db:"answer"`
		At     time.Time `db:"claimed_at"`
	}
	err = t.db.GetContext(ctx, &row, `select answer, claimed_at from requests where login = $1 and request = $2 for update`, login, id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, at, false, fmt.Errorf("read answered request: %w", err)
	}
	if row.Answer == nil {
		return nil, at, false, nil
	}
	answer, err = t.store.keys.data.Decrypt(row.Answer, answerPlace(login, id))
	if err != nil {
		return nil, at, false, fmt.Errorf("read answered request: %w", err)
	}
	return answer, row.At, true, nil
}

// Remember keeps the answer of a claimed request id, encrypted, for 24 hours. A repeated call replaces it.
func (t *Tx) Remember(ctx context.Context, login, request string, answer []byte) error {
	id := digest(request)
	sealed, err := t.store.keys.data.Encrypt(answer, answerPlace(login, id))
	if err != nil {
		return fmt.Errorf("remember answer: %w", err)
	}
	_, err = t.db.ExecContext(ctx, `insert into requests (login, request, claimed_at, answer) values ($1, $2, $3, $4)
		on conflict (login, request) do update set answer = excluded.answer`, login, id, instant(t.at), sealed)
	if err != nil {
		return fmt.Errorf("remember answer: %w", err)
	}
	return nil
}

func digest(request string) []byte {
	sum := sha256.Sum256([]byte(request))
	return sum[:]
}

func answerPlace(login string, id []byte) []byte {
	return fmt.Appendf(nil, "requests:%s/%x:answer", login, id)
}

// Spend uses up a form's nonce; fresh is false when it was used before. While another transaction is using it, this waits
// for it. A spending that is undone by Try is not one. After until it is fresh again.
func (t *Tx) Spend(ctx context.Context, nonce string, until time.Time) (fresh bool, err error) {
	res, err := t.db.ExecContext(ctx, `insert into spent_nonces (nonce, until) values ($1, $2)
		on conflict (nonce) do update set until = excluded.until where spent_nonces.until < $3`, nonce, instant(until), instant(t.at))
	if err != nil {
		return false, fmt.Errorf("spend nonce: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Unspend makes a nonce fresh again. One that was never spent stays so.
func (t *Tx) Unspend(ctx context.Context, nonce string) error {
	if _, err := t.db.ExecContext(ctx, `delete from spent_nonces where nonce = $1`, nonce); err != nil {
		return fmt.Errorf("give nonce back: %w", err)
	}
	return nil
}

// Purge forgets answers older than 24 hours at the instant, nonces and drafts past their time, and what was said half a year ago. It may be repeated at will.
func (s *Store) Purge(ctx context.Context, at time.Time) error {
	return s.Within(ctx, at, func(t *Tx) error {
		if _, err := t.db.ExecContext(ctx, `delete from requests where claimed_at < $1`, instant(at.Add(-answersKept))); err != nil {
			return fmt.Errorf("purge answers: %w", err)
		}
		if _, err := t.db.ExecContext(ctx, `delete from spent_nonces where until < $1`, instant(at)); err != nil {
			return fmt.Errorf("purge nonces: %w", err)
		}
		if _, err := t.db.ExecContext(ctx, `delete from drafts where until < $1`, instant(at)); err != nil {
			return fmt.Errorf("purge drafts: %w", err)
		}
		if _, err := t.db.ExecContext(ctx, `delete from sayings where tried_at < $1`, instant(at.Add(-sayingsKept))); err != nil {
			return fmt.Errorf("purge sayings: %w", err)
		}
		return nil
	})
}
