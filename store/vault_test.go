package store_test

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
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

// What is forgotten is gone from the database, for this case alone, and nobody is found by it any more.
func TestAForgottenIdentityIsGone(t *testing.T) {
	w := newWorld(t)
	a, b := w.raise("a", start), w.raise("b", start)
	for range 2 {
		w.within(start, func(tx *store.Tx) error {
			err := errors.Join(tx.PutNearName(t.Context(), b, "Tytär"), tx.Forget(t.Context(), b), tx.Forget(t.Context(), 4711))
			_, gone := tx.Identity(t.Context(), b)
			near, err1 := tx.NearName(t.Context(), b)
			if !isNotKnown(gone) || near != "" {
				t.Errorf("identity after forgetting: %v, near person %q", gone, near)
			}
			_, err2 := tx.Identity(t.Context(), a)
			same, err3 := tx.SameClient(t.Context(), a)
			if len(same) > 0 {
				t.Errorf("found by what is forgotten: %v", same)
			}
			return errors.Join(err, err1, err2, err3)
		})
	}
	if n := w.count(`select num_nonnulls(name, identity_code, contact, near_name, match_hash) from vault where case_id = $1`, b); n != 0 {
		t.Errorf("%d fields are left in the vault", n)
	}
}

func refuse(at time.Time) func(casework.Case) (casework.Case, error) {
	return func(c casework.Case) (casework.Case, error) { return c.Refuse(person("paula"), "", "no", "", at) }
}

// refusedCase is a case that ended because its client refused.
func (w *world) refusedCase(seed string, at time.Time) int64 {
	w.Helper()
	id := w.raise(seed, start)
	w.act(id, start, func(c casework.Case) (casework.Case, error) {
		return c.Accept(person("paula"), casework.ClientFacts{}, start)
	})
	w.act(id, at, refuse(at))
	return id
}

func (w *world) lastRefusal(id int64) (at time.Time) {
	w.Helper()
	w.within(start, func(tx *store.Tx) (err error) {
		at, err = tx.LastRefusal(w.Context(), id)
		return err
	})
	return at
}

// A refusal is found from every other case of the same client, the latest one, unless it was recorded in error.
func TestTheLastRefusalIsFoundFromOtherCases(t *testing.T) {
	w := newWorld(t)
	id, day := w.raise("now", start), 24*time.Hour
	stranger := w.raise("stranger", start)
	w.within(start, func(tx *store.Tx) error {
		return tx.PutIdentity(t.Context(), stranger, casework.Identity{Code: "020594X903P"})
	})
	if at := w.lastRefusal(id); !at.IsZero() {
		t.Errorf("nobody refused, found %v", at)
	}
	late := w.refusedCase("late", start.Add(2*day))
	early := w.refusedCase("early", start.Add(day))
	for _, of := range []struct {
		id   int64
		want time.Time
	}{{id, start.Add(2 * day)}, {early, start.Add(2 * day)}, {late, start.Add(day)}, {stranger, time.Time{}}, {4711, time.Time{}}} {
		if at := w.lastRefusal(of.id); !at.Equal(of.want) {
			t.Errorf("case %d: %v, want %v", of.id, at, of.want)
		}
	}
	w.act(late, start, func(c casework.Case) (casework.Case, error) {
		return c.Correct(person("paula"), secret, start.Add(3*day))
	})
	if at := w.lastRefusal(id); !at.Equal(start.Add(day)) {
		t.Errorf("after a correction: %v", at)
	}
}

// What was written before the keys were renewed is found after it, and the other way round.
func TestRefusalsAreFoundAcrossKeyRotation(t *testing.T) {
	old, rotated := store.RotateKeys(t, t.TempDir())
	owner := storetest.URL(t)
	before, after := worldIn(t, owner, old), worldIn(t, owner, rotated)
	if err := before.SeedDirectory(t.Context(), units, people, accounts); err != nil {
		t.Fatal(err)
	}
	first := before.refusedCase("first", start.Add(time.Hour))
	second := after.refusedCase("second", start.Add(2*time.Hour))
	if at := after.lastRefusal(second); !at.Equal(start.Add(time.Hour)) {
		t.Errorf("a refusal from before the rotation: %v", at)
	}
	if at := after.lastRefusal(first); !at.Equal(start.Add(2 * time.Hour)) {
		t.Errorf("a refusal from after the rotation: %v", at)
	}
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
