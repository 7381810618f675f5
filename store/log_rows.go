package store

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
	"time"

	"luotsi/commands/casework"
)

// link is what makes a row a part of its chain.
type link struct {
	Chain    string `db:"chain"`
	Seq      int64  `db:"seq"`
	PrevHash []byte `db:"prev_hash"`
	Hash     []byte `db:"hash"`
}

type accessRow struct {
	link
	At        instant `db:"at"`
	Who       string  `db:"who"`
	Unit      string  `db:"unit"`
	Action    string  `db:"action"`
	CaseID    int64   `db:"case_id"`
	Code      string  `db:"code"`
	Fields    string  `db:"fields"`
	Register  string  `db:"register"`
	Purpose   string  `db:"purpose"`
	Basis     string  `db:"basis"`
	Surface   string  `db:"surface"`
	RequestID string  `db:"request_id"`
	Allowed   bool    `db:"allowed"`
	Rule      string  `db:"rule"`
}

type disclosureRow struct {
	link
	At            instant `db:"at"`
	CaseID        int64   `db:"case_id"`
	Data          string  `db:"data"`
	From          string  `db:"from_register"`
	Discloser     string  `db:"discloser"`
	Recipient     string  `db:"recipient"`
	RecipientUnit string  `db:"recipient_unit"`
	Purpose       string  `db:"purpose"`
	Ground        string  `db:"ground"`
}

func accessToRow(r casework.AccessRow) accessRow {
	return accessRow{
		link: link{Chain: chainOf(r.CaseID, r.Who)}, At: instant(r.At), Who: r.Who, Unit: r.Unit, Action: r.Action,
		CaseID: r.CaseID, Code: r.Code, Fields: r.Fields, Register: r.Register, Purpose: r.Purpose, Basis: r.Basis,
		Surface: r.Surface, RequestID: r.RequestID, Allowed: r.Allowed, Rule: r.Rule,
	}
}

func (r accessRow) access() casework.AccessRow {
	return casework.AccessRow{
		At: time.Time(r.At), Who: r.Who, Unit: r.Unit, Action: r.Action, CaseID: r.CaseID, Code: r.Code, Fields: r.Fields,
		Register: r.Register, Purpose: r.Purpose, Basis: r.Basis, Surface: r.Surface, RequestID: r.RequestID,
		Allowed: r.Allowed, Rule: r.Rule,
	}
}

func disclosureToRow(r casework.DisclosureRow) disclosureRow {
	return disclosureRow{
		link: link{Chain: chainOf(r.CaseID, r.Discloser)}, At: instant(r.At), CaseID: r.CaseID, Data: r.Data,
		From: string(r.From), Discloser: r.Discloser, Recipient: r.Recipient, RecipientUnit: r.RecipientUnit,
		Purpose: r.Purpose, Ground: r.Ground,
	}
}

// chainOf names the chain of a row: the case's, so that cases do not wait for one another, or the person's.
func chainOf(caseID int64, who string) string {
	if caseID != 0 {
		return fmt.Sprintf("case:%d", caseID)
	}
	return "person:" + who
}

// canonical writes a log's name and a row's columns, the hash left out, so that different rows never give the same bytes:
// every value has its length before it, times are UTC to the microsecond.
func canonical(log string, row any) []byte {
	out := field(nil, log)
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		for f, value := range v.Fields() {
			if f.Anonymous {
				walk(value)
			} else if f.Tag.Get("db") != "hash" {
				out = field(out, plain(value.Interface()))
			}
		}
	}
	walk(reflect.ValueOf(row))
	return out
}

// plain is a column's value as text.
func plain(value any) string {
	switch v := value.(type) {
	case instant:
		return time.Time(v).UTC().Truncate(time.Microsecond).Format("2006-01-02T15:04:05.000000Z")
	case []byte:
		return string(v)
	default:
		return fmt.Sprint(v)
	}
}

func field(out []byte, value string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(value))), value...)
}

// logColumns lists a log row's columns, those of the chain first.
func logColumns[R any]() string {
	return strings.Join(append(columns[link](), columns[R]()...), ", ")
}
