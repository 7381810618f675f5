package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// sayingAtOnce bounds how many connections are held by what is being said: a chat that is slow must not stop everything else.
const sayingAtOnce = 8

// Once returns the message that was said under the platform's key, or has it said now; see bot.Ledger. Who says something holds
// a lock on the key, and that it was begun is noted before say is called: after an answer that was lost, or a process that
// died, the next one knows that the message may be there. A connection is held while say runs, so say should be quick.
func (s *Store) Once(ctx context.Context, platform, key string, say func(tried time.Time) (message string, err error)) (message string, err error) {
	select {
	case s.saying <- struct{}{}:
		defer func() { <-s.saying }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	conn, err := s.db.DB.Conn(ctx)
	if err != nil {
		return "", fmt.Errorf("note what is being said: %w", err)
	}
	defer func() {
		if closing := conn.Close(); closing != nil && !errors.Is(closing, sql.ErrConnDone) {
			err = errors.Join(err, closing)
		}
	}()
	id := digest(platform + "\x00" + key)
	lock := int64(binary.BigEndian.Uint64(id))
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, lock); err != nil {
		return "", errors.Join(fmt.Errorf("note what is being said: %w", err), discard(conn))
	}
	defer func() {
		if _, unlocking := conn.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, lock); unlocking != nil {
			err = errors.Join(err, discard(conn)) // the lock ends with the connection
		}
	}()
	return sayLocked(ctx, conn, platform, digest(key), say)
}

func sayLocked(ctx context.Context, conn *sql.Conn, platform string, id []byte, say func(time.Time) (string, error)) (string, error) {
	now := time.Now()
	var tried time.Time
	var message string
	done, err := conn.ExecContext(ctx, `insert into sayings (platform, key, tried_at, message) values ($1, $2, $3, '') on conflict do nothing`,
		platform, id, instant(now))
	if err != nil {
		return "", fmt.Errorf("note what is being said: %w", err)
	}
	n, err := done.RowsAffected()
	if err == nil && n == 0 {
		err = conn.QueryRowContext(ctx, `select tried_at, message from sayings where platform = $1 and key = $2`, platform, id).Scan(&tried, &message)
	}
	if err != nil {
		return "", fmt.Errorf("read what was said: %w", err)
	}
	if message != "" {
		return message, nil
	}
	if message, err = say(tried); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(context.WithoutCancel(ctx), `update sayings set message = $3 where platform = $1 and key = $2`, platform, id, message)
	if err != nil {
		return "", fmt.Errorf("note what was said: %w", err)
	}
	return message, nil
}

// discard has the pool drop the connection instead of using it again.
func discard(conn *sql.Conn) error {
	err := conn.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
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
