package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"luotsi/commands/casework"
)

// The logs, each with chains of its own.
const (
	accessLog     = "access"
	disclosureLog = "disclosure"
	sealLog       = "seal"
)

// LogAccess adds a row to the access log, at the transaction's time unless it says otherwise.
func (t *Tx) LogAccess(ctx context.Context, row casework.AccessRow) error {
	if row.At.IsZero() {
		row.At = t.at
	}
	r := accessToRow(row)
	err := t.chain(ctx, accessLog, r.Chain, func(l link) ([]byte, error) {
		r.link = l
		var err error
		if r.Hash, err = t.store.keys.log.ComputeMAC(canonical(accessLog, r)); err != nil {
			return nil, err
		}
		return r.Hash, addLog(ctx, t, "access_log", r)
	})
	if err != nil {
		return fmt.Errorf("log access: %w", err)
	}
	return nil
}

// LogDisclosure adds a row to the disclosure log, at the transaction's time unless it says otherwise.
func (t *Tx) LogDisclosure(ctx context.Context, row casework.DisclosureRow) error {
	if row.At.IsZero() {
		row.At = t.at
	}
	r := disclosureToRow(row)
	err := t.chain(ctx, disclosureLog, r.Chain, func(l link) ([]byte, error) {
		r.link = l
		var err error
		if r.Hash, err = t.store.keys.log.ComputeMAC(canonical(disclosureLog, r)); err != nil {
			return nil, err
		}
		return r.Hash, addLog(ctx, t, "disclosure_log", r)
	})
	if err != nil {
		return fmt.Errorf("log disclosure: %w", err)
	}
	return nil
}

func addLog[R any](ctx context.Context, t *Tx, table string, row R) error {
	names := strings.Split(logColumns[R](), ", ")
	_, err := t.db.NamedExecContext(ctx, insertion(table, names), row)
	return err
}

// head is the end of a chain.
type head struct {
	Log   string `db:"log"`
	Chain string `db:"chain"`
	Seq   int64  `db:"seq"`
	Hash  []byte `db:"hash"`
	MAC   []byte `db:"mac"`
}

// canonical writes what a head's mac binds together.
func (h head) canonical() []byte {
	return field(field(field(field(field(nil, "head"), h.Log), h.Chain), fmt.Sprint(h.Seq)), string(h.Hash))
}

// chain holds the end of a chain, lets next add what follows it, and moves the end there.
func (t *Tx) chain(ctx context.Context, log, chain string, next func(link) (hash []byte, err error)) error {
	h, err := t.hold(ctx, log, chain)
	if err != nil {
		return err
	}
	l := link{Chain: chain, Seq: h.Seq + 1, PrevHash: h.Hash}
	if h.Hash, err = next(l); err != nil {
		return err
	}
	h.Log, h.Chain, h.Seq = log, chain, l.Seq
	if h.MAC, err = t.store.keys.log.ComputeMAC(h.canonical()); err != nil {
		return err
	}
	return put(ctx, t, "log_chains", 2, h)
}

// hold locks the end of a chain until the transaction ends, and begins the chain if it is new.
func (t *Tx) hold(ctx context.Context, log, chain string) (h head, err error) {
	const read = `select * from log_chains where log = $1 and chain = $2 for update`
	err = t.db.GetContext(ctx, &h, read, log, chain)
	if !errors.Is(err, sql.ErrNoRows) {
		return h, err
	}
	_, err = t.db.ExecContext(ctx, `insert into log_chains values ($1, $2, 0, '', '') on conflict do nothing`, log, chain)
	if err != nil {
		return h, err
	}
	return h, t.db.GetContext(ctx, &h, read, log, chain)
}

// SealedAt is when all chains were last sealed; zero when never.
func (t *Tx) SealedAt(ctx context.Context) (time.Time, error) {
	var at instant
	if err := t.db.GetContext(ctx, &at, `select max(at) from log_seals`); err != nil {
		return time.Time{}, fmt.Errorf("read last seal: %w", err)
	}
	return time.Time(at), nil
}
