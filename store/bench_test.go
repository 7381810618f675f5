package store_test

import (
	"fmt"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

func BenchmarkLockAndSave(b *testing.B) {
	w := newWorld(b)
	id := w.together("bench", start)
	for b.Loop() {
		w.save(id, start)
	}
}

func BenchmarkSaveWholeCase(b *testing.B) {
	w := newWorld(b)
	c := w.read(w.together("bench", start))
	n := 0
	for b.Loop() {
		n++
		c.Code = newCode(b, fmt.Sprint(n))
		w.within(start, func(tx *store.Tx) error {
			_, err := tx.Add(b.Context(), c, casework.Agenda(c, w.settings))
			return err
		})
	}
}

func BenchmarkOpenFortyCases(b *testing.B) {
	w := newWorld(b)
	for i := range 40 {
		w.together(fmt.Sprint(i), start.Add(time.Duration(i)*time.Hour))
	}
	for b.Loop() {
		w.within(start, func(tx *store.Tx) error {
			cases, err := tx.Open(b.Context(), "paula", true)
			if len(cases) != 40 {
				b.Errorf("%d cases", len(cases))
			}
			return err
		})
	}
}

func BenchmarkLogAccess(b *testing.B) {
	w := newWorld(b)
	for b.Loop() {
		w.within(start, func(tx *store.Tx) error { return tx.LogAccess(b.Context(), access(1, "ville", "case.show")) })
	}
}

func BenchmarkVerify(b *testing.B) {
	w := newWorld(b)
	const rows = 2000
	for i := range rows / 100 {
		w.within(start, func(tx *store.Tx) error {
			for range 100 {
				if err := tx.LogAccess(b.Context(), access(int64(i), "ville", "case.show")); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for b.Loop() {
		if r, err := w.Verify(b.Context()); err != nil || r.Rows != rows || len(r.Faults) > 0 {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(rows, "rows/op")
}
