package store_test

import (
	"errors"
	"testing"

	"luotsi/store"
)

// opens tries the world's database with keys and reports what it says.
func (w *world) opens(keys *store.Keys) error {
	w.Helper()
	s, err := store.Open(w.Context(), store.ServiceURL(w.owner), keys)
	if err == nil {
		err = s.Close()
	}
	return err
}

// Work under keys that did not write what is there would spoil the logs for good. Where nothing is written yet, any keys will do.
func TestAStoreOpensUnderItsOwnKeysOnly(t *testing.T) {
	old, rotated := store.RotateKeys(t, t.TempDir())
	for name, write := range map[string]func(*world){
		"a row of the logs": func(w *world) { // all that a question without a client's name leaves
			w.within(start, func(tx *store.Tx) error { return tx.LogAccess(t.Context(), access(0, "ville", "case.mine")) })
		},
		"a client": func(w *world) { w.raise("one", start) },
	} {
		w := newWorld(t)
		w = worldIn(t, w.owner, old)
		if err := w.opens(newKeys(t)); err != nil {
			t.Errorf("%s: nothing is written yet: %v", name, err)
		}
		write(w)
		if err := w.opens(newKeys(t)); !errors.Is(err, store.ErrOtherKeys) {
			t.Errorf("%s: under others' keys: %v", name, err)
		}
		for _, keys := range []*store.Keys{old, rotated} {
			if err := w.opens(keys); err != nil {
				t.Errorf("%s: under its own: %v", name, err)
			}
		}
	}
}

// Whoever changes a row of the logs must not be able to keep Luotsi from its work: telling of it is for Verify.
func TestAChangedRowDoesNotLookLikeOtherKeys(t *testing.T) {
	w := logged(t)
	if err := w.asOwner(`update log_chains set mac = 'x'`); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Checkup(t.Context()); err != nil || !c.KeysFit || len(w.faults()) == 0 {
		t.Errorf("%+v %v", c, err)
	}
}

// A database in which an older Luotsi wrote under wrong keys is still its own keys'.
func TestASpoiledChainStillOpensUnderItsOwnKeys(t *testing.T) {
	own := newKeys(t)
	w := newWorld(t)
	for _, keys := range []*store.Keys{own, newKeys(t)} {
		s, err := store.Look(t.Context(), store.ServiceURL(w.owner), keys)
		if err != nil {
			t.Fatal(err)
		}
		err = s.Within(t.Context(), start, func(tx *store.Tx) error { return tx.LogAccess(t.Context(), access(0, "ville", "case.mine")) })
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.opens(own); err != nil {
		t.Error(err)
	}
}

// Without keys, a look tells that they are missed, with clients in the vault too.
func TestALookWithoutKeys(t *testing.T) {
	w := newWorld(t)
	look := func() store.Checkup {
		s, err := store.Look(t.Context(), store.ServiceURL(w.owner), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		c, err := s.Checkup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if !look().KeysFit {
		t.Error("keys are missed where nothing is written under any")
	}
	w.raise("one", start)
	if c := look(); c.KeysFit || c.People != len(people) {
		t.Errorf("%+v", c)
	}
}
