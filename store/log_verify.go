package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
)

// Report is what a verification of all logs found.
type Report struct {
	Chains, Rows, Seals int
	SealNo              int64     // of the last seal; 0: never sealed
	SealAt              time.Time // zero: never sealed
	SealHash            string    // to compare with the copy in the program's log
	Faults              []Fault   // none: nothing was changed, taken out or put in
}

// Fault is a place where a log is not what was written. It repeats no content.
type Fault struct {
	Log   string // access, disclosure or seal
	Chain string
	Seq   int64 // place in the chain, from 1
	What  string
}

// String says it in words.
func (f Fault) String() string {
	return fmt.Sprintf("%s log, %s, row %d: %s", f.Log, f.Chain, f.Seq, f.What)
}

// What can be wrong with a log.
const (
	rowChanged    = "the row was changed, or was not written by Luotsi"
	rowMissing    = "the row is missing"
	rowUnlinked   = "the row does not follow the one before it"
	rowSurplus    = "the row stands beyond the chain's end"
	endChanged    = "the chain's end was changed, or was not written by Luotsi"
	endMissing    = "the chain's end is missing"
	endOther      = "the chain's end is not that of its last row"
	sealedMissing = "the row is not what a seal found there"
)

// verifier works through one moment's view of the logs.
type verifier struct {
	db     *sqlx.Tx
	keys   *Keys
	heads  map[[2]string]head
	report Report
}

// Verify computes every chain anew, at one moment's view: it finds changed, missing, added and re-ordered rows, chains cut off
// at the end (what was cut off since the last seal only if the end was not cut off with it) and changed seals. The error is
// about the verification itself; what it found is in the report.
func (s *Store) Verify(ctx context.Context) (Report, error) {
	tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return Report{}, fmt.Errorf("verify logs: %w", err)
	}
	v := &verifier{db: tx, keys: s.keys, heads: map[[2]string]head{}}
	err = v.all(ctx)
	if ended := tx.Rollback(); err == nil {
		err = ended
	}
	if err != nil {
		return Report{}, fmt.Errorf("verify logs: %w", err)
	}
	return v.report, nil
}

func (v *verifier) all(ctx context.Context) error {
	if err := v.ends(ctx); err != nil {
		return err
	}
	if err := verifyLog[accessRow](ctx, v, accessLog, "access_log"); err != nil {
		return err
	}
	if err := verifyLog[disclosureRow](ctx, v, disclosureLog, "disclosure_log"); err != nil {
		return err
	}
	if err := v.seals(ctx); err != nil {
		return err
	}
	for _, end := range v.left() {
		v.fault(end.Log, end.Chain, 1, rowMissing)
	}
	return nil
}

// left are the ends of chains that no row was found of.
func (v *verifier) left() []head {
	ends := slices.DeleteFunc(slices.Collect(maps.Values(v.heads)), func(h head) bool { return h.Seq == 0 })
	slices.SortFunc(ends, func(a, b head) int { return cmp.Or(cmp.Compare(a.Log, b.Log), cmp.Compare(a.Chain, b.Chain)) })
	return ends
}

func (v *verifier) fault(log, chain string, seq int64, what string) {
	v.report.Faults = append(v.report.Faults, Fault{Log: log, Chain: chain, Seq: seq, What: what})
}

func (v *verifier) ends(ctx context.Context) error {
	var heads []head
	if err := v.db.SelectContext(ctx, &heads, `select * from log_chains order by log, chain`); err != nil {
		return err
	}
	for _, h := range heads {
		if h.Seq > 0 && v.keys.log.VerifyMAC(h.MAC, h.canonical()) != nil {
			v.fault(h.Log, h.Chain, h.Seq, endChanged)
		}
		v.heads[[2]string{h.Log, h.Chain}] = h
	}
	return nil
}

// linked is a row of a chain.
type linked interface{ linkOf() link }

func (l link) linkOf() link { return l }

func verifyLog[R linked](ctx context.Context, v *verifier, log, table string) error {
	rows, err := v.db.QueryxContext(ctx, `select * from `+table+` order by chain, seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var last link
	for rows.Next() {
		var row R
		if err := rows.StructScan(&row); err != nil {
			return err
		}
		l := row.linkOf()
		if l.Chain != last.Chain {
			v.close(log, last)
			last = link{Chain: l.Chain}
		}
		v.report.Rows++
		if v.keys.log.VerifyMAC(l.Hash, canonical(log, row)) != nil {
			v.fault(log, l.Chain, l.Seq, rowChanged)
		}
		v.follows(log, last, l)
		last = l
	}
	v.close(log, last)
	if err := rows.Err(); err != nil {
		return err
	}
	return v.sealedRows(ctx, log, table)
}

// follows checks that a row stands behind the one before it. Behind a gap, only the gap is a fault.
func (v *verifier) follows(log string, last, l link) {
	if gap := l.Seq - last.Seq - 1; gap > 0 {
		for seq := last.Seq + 1; seq < l.Seq && seq <= last.Seq+maxGap; seq++ {
			v.fault(log, l.Chain, seq, rowMissing)
		}
	} else if string(l.PrevHash) != string(last.Hash) {
		v.fault(log, l.Chain, l.Seq, rowUnlinked)
	}
}

// maxGap bounds how many rows of one gap are told one by one.
const maxGap = 1000

// close checks a chain that has been read to its last row against its stored end.
func (v *verifier) close(log string, last link) {
	if last.Chain == "" {
		return
	}
	v.report.Chains++
	at := [2]string{log, last.Chain}
	end, ok := v.heads[at]
	delete(v.heads, at)
	switch {
	case !ok || end.Seq == 0:
		v.fault(log, last.Chain, last.Seq, endMissing)
	case end.Seq < last.Seq:
		v.fault(log, last.Chain, last.Seq, rowSurplus)
	case end.Seq > last.Seq:
		for seq := last.Seq + 1; seq <= end.Seq && seq <= last.Seq+maxGap; seq++ {
			v.fault(log, last.Chain, seq, rowMissing)
		}
	case string(end.Hash) != string(last.Hash):
		v.fault(log, last.Chain, last.Seq, endOther)
	}
}

// sealedRows checks that whatever a seal once found at a chain's end is still there.
func (v *verifier) sealedRows(ctx context.Context, log, table string) error {
	var lost []sealedHead
	err := v.db.SelectContext(ctx, &lost, `select h.* from log_seal_heads h left join `+table+` l on l.chain = h.chain and l.seq = h.seq
		where h.log = $1 and l.hash is distinct from h.hash order by h.chain, h.seq`, log)
	for _, h := range lost {
		v.fault(log, h.Chain, h.Seq, sealedMissing)
	}
	return err
}

// seals checks every seal and their order.
func (v *verifier) seals(ctx context.Context) error {
	var seals []sealRow
	if err := v.db.SelectContext(ctx, &seals, `select * from log_seals order by no`); err != nil {
		return err
	}
	last := link{Chain: sealChain}
	for _, s := range seals {
		var heads []sealedHead
		err := v.db.SelectContext(ctx, &heads, `select * from log_seal_heads where no = $1 order by log, chain`, s.No)
		if err != nil {
			return err
		}
		if v.keys.log.VerifyMAC(s.Hash, s.canonical(heads)) != nil {
			v.fault(sealLog, sealChain, s.No, rowChanged)
		}
		l := link{Chain: sealChain, Seq: s.No, PrevHash: s.PrevHash, Hash: s.Hash}
		v.follows(sealLog, last, l)
		last = l
		v.report.Seals++
		v.report.SealNo, v.report.SealAt, v.report.SealHash = s.No, time.Time(s.At), hex.EncodeToString(s.Hash)
	}
	if len(seals) > 0 {
		v.close(sealLog, last)
		v.report.Chains-- // seals are counted by themselves
	}
	return nil
}
