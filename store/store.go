package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/riverqueue/river"
)

// Errors of the store. Those of people and cases that are not there are casework.ErrNotKnown and casework.ErrCodeTaken.
var (
	// ErrConflict says that a case was changed by somebody else since it was read, or was not locked by this transaction.
	ErrConflict = errors.New("the case has changed since")
	// ErrOtherKind says that the database belongs to the other kind of installation.
	ErrOtherKind = errors.New("the database belongs to another kind of installation")
	// ErrNotMigrated says that the database lacks tables this program needs: run migrate first.
	ErrNotMigrated = errors.New("the database is not migrated to this version")
	// ErrOtherKeys says that what is in the database was written under other keys. Work under these would spoil its logs for good.
	ErrOtherKeys = errors.New("these are not the keys that the database's data were written with: put the right keyset file and " +
		"key-encryption key back from their copy")
)

// Store is the service's way to its database. Its methods may be called by several goroutines at once.
type Store struct {
	db     *sqlx.DB
	url    string
	keys   *Keys
	insert *river.Client[*sql.Tx] // adds jobs only; Jobs works them
	saying chan struct{}          // a place for each Once that runs
}

// How many connections the pool has: people's requests get half at most, however many wait for one case, and what is being said
// (sayingAtOnce) a quarter, so that a job always finds one. A transaction holds one connection and never asks for a second; what
// Once has said may.
const (
	maxConnections = 32
	ForRequests    = maxConnections / 2 // how many requests may be under way at once
)

// Open connects to the database with the service's login to work on it. It checks that it is there, migrated (ErrNotMigrated), and
// written under these keys if under any (ErrOtherKeys).
func Open(ctx context.Context, url string, keys *Keys) (*Store, error) {
	s, err := Look(ctx, url, keys)
	if err != nil || keys == nil {
		return s, err
	}
	fit, err := s.keysFit(ctx)
	if err == nil && !fit {
		err = ErrOtherKeys
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	return s, nil
}

// Look is Open for whoever writes nothing: the keys may be wrong, or nil, and then only what they are not needed for is read.
func Look(ctx context.Context, url string, keys *Keys) (*Store, error) {
	db, err := connect(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	s := &Store{db: db, url: url, keys: keys, saying: make(chan struct{}, sayingAtOnce)}
	if err := s.check(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.Close())
	}
	return s, nil
}

func connect(url string) (*sqlx.DB, error) {
	c, err := pq.NewConnector(url)
	if err != nil {
		return nil, errors.New("the address cannot be read") // err would repeat it, with its password
	}
	return sqlx.NewDb(sql.OpenDB(c), "postgres"), nil
}

func (s *Store) check(ctx context.Context) error {
	version, err := latestVersion()
	if err != nil {
		return err
	}
	var reached sql.NullInt64
	err = s.db.GetContext(ctx, &reached, `select max(version_id) from goose_db_version where is_applied`)
	switch {
	case isCode(err, "42P01"), err == nil && reached.Int64 < version: // undefined_table
		return ErrNotMigrated
	case err != nil:
		return err
	}
	s.insert, err = river.NewClient(newDriver(s.db.DB, s.url), &river.Config{Logger: quiet(), MaxAttempts: maxAttempts})
	return err
}

// DB is the pool itself, for whoever keeps tables of their own in the same database.
func (s *Store) DB() *sqlx.DB { return s.db }

// Close ends all connections. Jobs must have been stopped before. A repeated call does nothing.
func (s *Store) Close() error { return s.db.Close() }

// attempts is how often a transaction is tried that the database ended because of others.
const attempts = 5

// Within runs f in one transaction (READ COMMITTED) whose time is at: everything f does commits together or not at all. An
// error from f rolls everything back and is returned. When the database ends the transaction because it crossed others
// (a deadlock, a serialization failure), f is run again from the beginning, so it must do nothing outside the transaction
// that a repetition would do twice.
func (s *Store) Within(ctx context.Context, at time.Time, f func(*Tx) error) error {
	var err error
	for n := range attempts {
		if err = s.once(ctx, at, f); !crossed(err) || n == attempts-1 {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rand.N(pause * time.Duration(n+1))):
		}
	}
	return err
}

// pause bounds the first rest before a transaction is tried again, the later ones grow: who was ended and returned at once
// could take the same lock before the other, who waits for it, has woken up, and so cross with it for ever.
const pause = 100 * time.Millisecond

func (s *Store) once(ctx context.Context, at time.Time, f func(*Tx) error) (err error) {
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer func() {
		if rolled := tx.Rollback(); err == nil && rolled != nil && !errors.Is(rolled, sql.ErrTxDone) {
			err = fmt.Errorf("roll back: %w", rolled)
		}
	}()
	t := &Tx{db: tx, store: s, at: at, seen: map[int64]known{}}
	if err := f(t); err != nil {
		return err
	}
	if t.crossed != nil {
		return t.crossed // f went on after losing its locks: what it saw no longer holds
	}
	if err := t.wake(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// crossed reports whether the database ended a transaction because of others, so that it may succeed when tried again.
func crossed(err error) bool { return isCode(err, "40001") || isCode(err, "40P01") }
