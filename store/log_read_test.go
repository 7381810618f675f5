package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

// read is what a test looks at of a line.
type read struct {
	Who, Action, Rule string
	Times             int
}

func (w *world) readLog(p casework.AccessPage) (lines []read, all int) {
	w.Helper()
	w.within(start, func(tx *store.Tx) error {
		found, n, err := tx.AccessOf(w.Context(), 1, p)
		all = n
		for _, l := range found {
			lines = append(lines, read{l.Who, l.Action, l.Rule, l.Times})
		}
		return err
	})
	return lines, all
}

func TestAccessOfACaseIsReadNewestFirst(t *testing.T) {
	w := logged(t)
	lines, all := w.readLog(casework.AccessPage{Lines: 3})
	if d := cmp.Diff([]read{{"ville", "act.3", "", 1}, {"ville", "act.2", "", 1}, {"ville", "act.1", "", 1}}, lines); d != "" || all != 4 {
		t.Error(all, d)
	}
	lines, all = w.readLog(casework.AccessPage{From: 3, Lines: 3})
	if d := cmp.Diff([]read{{"ville", "act.0", "", 1}}, lines); d != "" || all != 4 {
		t.Error(all, d)
	}
	w.within(start, func(tx *store.Tx) error {
		found, _, err := tx.AccessOf(t.Context(), 1, casework.AccessPage{Lines: 1})
		want := access(1, "ville", "act.3")
		want.Code, want.Fields, want.Register, want.Basis, want.RequestID, want.CaseID = "", "", "", "", "", 0
		if d := cmp.Diff([]casework.AccessLine{{AccessRow: want, No: 4, First: start, Times: 1}}, found); d != "" {
			t.Error(d)
		}
		return err
	})
}

// What one person does again and again on one day is one line, and every row that has to stand alone stands alone.
func TestAccessIsGatheredByDay(t *testing.T) {
	w := newWorld(t)
	night := time.Date(2026, 11, 23, 23, 59, 0, 0, casework.Helsinki)
	add := func(at time.Time, who, action, purpose, rule string) {
		row := access(1, who, action)
		row.At, row.Purpose, row.Allowed, row.Rule = at, purpose, rule == "", rule
		w.within(at, func(tx *store.Tx) error { return tx.LogAccess(t.Context(), row) })
	}
	for range 2 {
		add(night, "ville", "client.reveal", "contact_client", "")
		add(night, "ville", "client.reveal", "contact_client", "link_used")
		add(night, "ville", "client.reveal", "identify_client", "")
		add(night, "ville", "consent.request", "contact_client", "")
	}
	for i := range 3 {
		add(night.Add(time.Duration(i)*time.Minute), "ville", "case.show", "own_work", "")
	}
	add(night, "sanna", "case.show", "own_work", "")
	page := casework.AccessPage{Lines: 20, Alone: "client.reveal", Purposes: []string{"contact_client"}}
	want := []read{
		{"sanna", "case.show", "", 1},
		{"ville", "case.show", "", 2},
		{"ville", "case.show", "", 1},
		{"ville", "consent.request", "", 2},
		{"ville", "client.reveal", "", 2},
		{"ville", "client.reveal", "link_used", 2},
		{"ville", "client.reveal", "", 1},
		{"ville", "client.reveal", "", 1},
	}
	lines, all := w.readLog(page)
	if d := cmp.Diff(want, lines); d != "" || all != len(want) {
		t.Error(all, d)
	}
	add(night, "ville", "client.reveal", "contact_client", "")
	page.Upto = 12
	if lines, all = w.readLog(page); cmp.Diff(want, lines) != "" || all != len(want) {
		t.Errorf("a row more: %d, %v", all, lines)
	}
}
