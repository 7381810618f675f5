package store

import (
	"context"
	"fmt"
	"time"

	"luotsi/commands/casework"
)

// accessLine is a line of a case's access log as it is read.
type accessLine struct {
	accessRow
	First instant `db:"first"`
	Times int     `db:"times"`
	All   int     `db:"all_lines"`
}

// AccessOf reads a page of a case's access log, newest first, and tells how many lines the whole has; of a page beyond the
// last, none.
func (t *Tx) AccessOf(ctx context.Context, caseID int64, p casework.AccessPage) (lines []casework.AccessLine, all int, err error) {
	var found []accessLine
	err = t.db.SelectContext(ctx, &found, `select max(seq) as seq, max(at) as at, min(at) as first, count(*) as times,
			count(*) over () as all_lines, who, unit, action, purpose, surface, allowed, rule
		from access_log where chain = $1 and ($2 = 0 or seq <= $2)
		group by who, unit, action, purpose, surface, allowed, rule, (at at time zone $3)::date,
			case when allowed and action = $4 and purpose = any($5) then seq end
		order by max(seq) desc offset $6 limit $7`,
		chainOf(caseID, ""), p.Upto, casework.Helsinki.String(), p.Alone, codes(p.Purposes), p.From, p.Lines)
	if err != nil {
		return nil, 0, fmt.Errorf("read access log: %w", err)
	}
	for _, l := range found {
		all = l.All
		lines = append(lines, casework.AccessLine{AccessRow: l.access(), No: l.Seq, First: time.Time(l.First), Times: l.Times})
	}
	return lines, all, nil
}
