package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jmoiron/sqlx"
)

// Tx is what an act can do within its transaction. It belongs to one goroutine and ends with the function it was given to.
type Tx struct {
	db    *sqlx.Tx
	store *Store
	at    time.Time

	seen     map[int64]known // cases locked by this transaction, as stored
	depth    int             // savepoints within one another
	crossed  error           // a deadlock that a savepoint hid
	enqueued []string        // the queues in which jobs were put
}

// At is the transaction's time.
func (t *Tx) At() time.Time { return t.at }

// Try runs f on a savepoint: when f fails, what it did is undone, and its error returned; the transaction lives on.
func (t *Tx) Try(ctx context.Context, f func() error) error {
	t.depth++
	defer func() { t.depth-- }()
	name := fmt.Sprintf("try_%d", t.depth)
	if _, err := t.db.ExecContext(ctx, "savepoint "+name); err != nil {
		return fmt.Errorf("set savepoint: %w", err)
	}
	before := maps.Clone(t.seen)
	if err := f(); err != nil {
		if crossed(err) {
			t.crossed = err
		}
		t.seen = before
		if _, undo := t.db.ExecContext(ctx, "rollback to savepoint "+name); undo != nil {
			return errors.Join(err, fmt.Errorf("undo to savepoint: %w", undo))
		}
		return err
	}
	if _, err := t.db.ExecContext(ctx, "release savepoint "+name); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}
