package store_test

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

// hexOf is how the dump would show a text in a bytea.
func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }

func TestTheVaultKnowsTheClientAndFindsThemAgain(t *testing.T) {
	w := newWorld(t)
	a, b, c, d := w.raise("a", start), w.raise("b", start), w.raise("c", start), w.raise("d", start)
	w.within(start, func(tx *store.Tx) error {
		err := errors.Join(
			tx.PutIdentity(t.Context(), b, casework.Identity{Name: "Toisin Kirjoitettu", Code: " 010594y9032 "}),
			tx.PutIdentity(t.Context(), c, casework.Identity{Name: realName, Code: "010594-9032"}), // another century sign, another person
			tx.PutIdentity(t.Context(), d, casework.Identity{Name: realName, Contact: "040"}))
		id, err1 := tx.Identity(t.Context(), a)
		if d := cmp.Diff(casework.Identity{Name: realName, Code: realCode, Contact: secret}, id); d != "" {
			t.Error(d)
		}
		for of, want := range map[int64][]int64{a: {b}, b: {a}, c: nil, d: nil, 4711: nil} {
			same, err := tx.SameClient(t.Context(), of)
			if d := cmp.Diff(want, same); d != "" || err != nil {
				t.Errorf("same client as %d: %s %v", of, d, err)
			}
		}
		return errors.Join(err, err1)
	})
}

func TestANearPersonsNameStaysBesideTheIdentity(t *testing.T) {
	w := newWorld(t)
	id := w.raise("near", start)
	w.within(start, func(tx *store.Tx) error {
		before, err1 := tx.NearName(t.Context(), id)
		err2 := tx.PutNearName(t.Context(), id, "Tytär")
		err3 := tx.PutIdentity(t.Context(), id, casework.Identity{Name: realName})
		name, err4 := tx.NearName(t.Context(), id)
		if before != "" || name != "Tytär" {
			t.Errorf("near name %q, then %q", before, name)
		}
		return errors.Join(err1, err2, err3, err4)
	})
}

// A text opens only where it was written: nobody moves one to another case or field.
func TestAMovedTextDoesNotOpen(t *testing.T) {
	w := newWorld(t)
	a, b := w.raise("a", start), w.raise("b", start)
	for _, move := range []string{
		`update concerns set own_view = (select own_view from concerns where case_id = $1) where case_id = $2`,
		`update concerns set own_view = question where case_id = $2 and $1 = $1`,
	} {
		if _, err := w.DB().Exec(move, a, b); err != nil {
			t.Fatal(err)
		}
		err := w.Within(t.Context(), start, func(tx *store.Tx) error { _, err := tx.Read(t.Context(), b); return err })
		if err == nil {
			t.Errorf("read after %s", move)
		}
	}
}
