package store

import (
	"context"
	"fmt"
	"time"
)

// Once returns the message that was said under the platform's key, or has it said now; see bot.Ledger. The key is noted before
// say is called and locked while it runs, so that after an answer that was lost, or a process that died, the next call knows
// that the message may be there. A connection is held while say runs.
func (s *Store) Once(ctx context.Context, platform, key string, say func(tried time.Time) (message string, err error)) (message string, err error) {
	id, now := digest(key), time.Now()
	fresh := false
	err = s.Within(ctx, now, func(t *Tx) error {
		done, err := t.db.ExecContext(ctx, `insert into sayings (platform, key, tried_at, message) values ($1, $2, $3, '') on conflict do nothing`,
			platform, id, instant(now))
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		fresh = n == 1
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note what is being said: %w", err)
	}
	err = s.once(ctx, now, func(t *Tx) error { // not Within: say must not run again because the database crossed others
		var row struct {
			Tried   time.Time `db:"tried_at"`
			Message string    `db:"message"`
		}
		err := t.db.GetContext(ctx, &row, `select tried_at, message from sayings where platform = $1 and key = $2 for update`, platform, id)
		if err != nil {
			return fmt.Errorf("read what was said: %w", err)
		}
		if message = row.Message; message != "" {
			return nil
		}
		if fresh {
			row.Tried = time.Time{}
		}
		if message, err = say(row.Tried); err != nil {
			return err
		}
		_, err = t.db.ExecContext(context.WithoutCancel(ctx), `update sayings set message = $3 where platform = $1 and key = $2`, platform, id, message)
		if err != nil {
			return fmt.Errorf("note what was said: %w", err)
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	return message, nil
}

// Said reports whether the message is one that Once had said on the platform.
func (s *Store) Said(ctx context.Context, platform, message string) (said bool, err error) {
	if message == "" {
		return false, nil
	}
	err = s.db.GetContext(ctx, &said, `select exists (select from sayings where platform = $1 and message = $2)`, platform, message)
	if err != nil {
		return false, fmt.Errorf("read what was said: %w", err)
	}
	return said, nil
}
