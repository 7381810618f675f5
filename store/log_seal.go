package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"time"
)

// sealChain is the one chain of the seals.
const sealChain = "all"

type sealRow struct {
	No       int64   `db:"no"`
	At       instant `db:"at"`
	PrevHash []byte  `db:"prev_hash"`
	Hash     []byte  `db:"hash"`
}

// sealedHead is the end of a chain as a seal found it.
type sealedHead struct {
	No    int64  `db:"no"`
	Log   string `db:"log"`
	Chain string `db:"chain"`
	Seq   int64  `db:"seq"`
	Hash  []byte `db:"hash"`
}

// canonical writes what a seal's hash binds together: itself, the seal before it and the ends in their order.
func (r sealRow) canonical(heads []sealedHead) []byte {
	at := time.Time(r.At).UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
	out := field(field(field(field(nil, "seal"), fmt.Sprint(r.No)), at), string(r.PrevHash))
	for _, h := range heads {
		out = field(field(field(field(out, h.Log), h.Chain), fmt.Sprint(h.Seq)), string(h.Hash))
	}
	return out
}

// Seal binds the ends of all chains at this moment to the seal before it: what is cut off later shows. Its number and hash go
// to the program's log, so that a copy lies outside the database. Nobody who writes to a chain waits for it. Each call
// adds a seal.
func (s *Store) Seal(ctx context.Context, at time.Time) error {
	var done sealRow
	err := s.Within(ctx, at, func(t *Tx) error {
		return t.chain(ctx, sealLog, sealChain, func(l link) ([]byte, error) {
			row := sealRow{No: l.Seq, At: instant(at), PrevHash: l.PrevHash}
			heads, err := t.movedHeads(ctx, row.No)
			if err != nil {
				return nil, err
			}
			if row.Hash, err = s.keys.log.ComputeMAC(row.canonical(heads)); err != nil {
				return nil, err
			}
			done = row
			if err := add(ctx, t, "log_seals", row); err != nil {
				return nil, err
			}
			return row.Hash, t.addHeads(ctx, heads)
		})
	})
	if err != nil {
		return fmt.Errorf("seal logs: %w", err)
	}
	slog.InfoContext(ctx, "access and disclosure logs sealed", "seal", done.No, "hash", hex.EncodeToString(done.Hash))
	return nil
}

// movedHeads are the ends of chains that have moved since a seal last found them.
func (t *Tx) movedHeads(ctx context.Context, no int64) ([]sealedHead, error) {
	var heads []sealedHead
	err := t.db.SelectContext(ctx, &heads, `select $1::bigint as no, c.log, c.chain, c.seq, c.hash from log_chains c
		where c.log <> $2 and c.seq > 0 and c.seq is distinct from (select h.seq from log_seal_heads h
			where h.log = c.log and h.chain = c.chain order by h.no desc limit 1)
		order by c.log, c.chain`, no, sealLog)
	return heads, err
}

// headsAtOnce keeps an insertion below the number of parameters a statement may have.
const headsAtOnce = 5000

func (t *Tx) addHeads(ctx context.Context, heads []sealedHead) error {
	for len(heads) > 0 {
		n := min(len(heads), headsAtOnce)
		if err := add(ctx, t, "log_seal_heads", heads[:n]...); err != nil {
			return err
		}
		heads = heads[n:]
	}
	return nil
}
