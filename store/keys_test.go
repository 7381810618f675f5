package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"luotsi/store"
)

func keyFiles(t *testing.T) (keyset, kek string) {
	dir := t.TempDir()
	return filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek")
}

func TestKeysAreMadeOnceForTheirOwnerOnly(t *testing.T) {
	keyset, kek := keyFiles(t)
	if _, err := store.LoadKeys(keyset, kek, false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("keys that nobody made: %v", err)
	}
	first, err := store.LoadKeys(keyset, kek, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{keyset, kek} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", file, info.Mode(), err)
		}
	}
	sealed, err := first.Tickets().Encrypt([]byte("ticket"), []byte("place"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := store.LoadKeys(keyset, kek, true)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := again.Tickets().Decrypt(sealed, []byte("place")); err != nil || string(opened) != "ticket" {
		t.Errorf("opened %q, %v", opened, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(kek)); len(left) != 2 {
		t.Errorf("files left: %v", left)
	}
}

func TestTwoWhoCreateAtOnceGetTheSameKeys(t *testing.T) {
	keyset, kek := keyFiles(t)
	made := make([]*store.Keys, 8)
	var wait sync.WaitGroup
	for i := range made {
		wait.Go(func() {
			var err error
			if made[i], err = store.LoadKeys(keyset, kek, true); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	sealed, err := made[0].Tickets().Encrypt([]byte("x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range made[1:] {
		if _, err := k.Tickets().Decrypt(sealed, nil); err != nil {
			t.Error(err)
		}
	}
}

func TestKeyFilesOthersMayReadAreRefused(t *testing.T) {
	keyset, kek := keyFiles(t)
	if _, err := store.LoadKeys(keyset, kek, true); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{keyset, kek} {
		for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
			if err := os.Chmod(file, mode); err != nil {
				t.Fatal(err)
			}
			if _, err := store.LoadKeys(keyset, kek, true); !errors.Is(err, store.ErrKeysOpen) {
				t.Errorf("%s with %v: %v", filepath.Base(file), mode, err)
			}
		}
		if err := os.Chmod(file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A wrong key or a broken file is told of without a word of what is in it.
func TestKeysAreNeverRepeated(t *testing.T) {
	keyset, kek := keyFiles(t)
	keys, err := store.LoadKeys(keyset, kek, true)
	if err != nil {
		t.Fatal(err)
	}
	right, err := os.ReadFile(kek)
	if err != nil {
		t.Fatal(err)
	}
	for _, print := range []string{fmt.Sprint(keys), fmt.Sprintf("%+v", keys), fmt.Sprintf("%#v", keys)} {
		if print != "keys" {
			t.Errorf("keys print as %q", print)
		}
	}
	for _, wrong := range []string{"", "rubbish!", strings.ToUpper(string(right)), string(right[:20])} {
		if err := os.WriteFile(kek, []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := store.LoadKeys(keyset, kek, true)
		if err == nil || wrong != "" && strings.Contains(err.Error(), strings.TrimSpace(wrong)) {
			t.Errorf("with a wrong key: %v", err)
		}
	}
	if err := os.WriteFile(keyset, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kek, right, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadKeys(keyset, kek, false); err == nil {
		t.Error("an empty keyset file was taken")
	}
}

func TestAKeysetWithoutItsKeyIsNotReplaced(t *testing.T) {
	keyset, kek := keyFiles(t)
	if _, err := store.LoadKeys(keyset, kek, true); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(kek); err != nil {
		t.Fatal(err)
	}
	if _, err := store.LoadKeys(keyset, kek, true); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a keyset without its key: %v", err)
	}
}
