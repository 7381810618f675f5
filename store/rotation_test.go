package store

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/tink-crypto/tink-go/v2/keyset"
)

// RotateKeys makes keys in the folder, and the same installation's keys after every keyset has got a new first key.
func RotateKeys(t testing.TB, dir string) (old, rotated *Keys) {
	t.Helper()
	file, kekFile := filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek")
	old, err := LoadKeys(file, kekFile, true)
	if err != nil {
		t.Fatal(err)
	}
	kek, err := readKEK(kekFile)
	if err != nil {
		t.Fatal(err)
	}
	handles, err := readKeysets(file, kek)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range purposes {
		m := keyset.NewManagerFromHandle(handles[p.name])
		id, err := m.Add(p.template())
		if err != nil {
			t.Fatal(err)
		}
		if err := m.SetPrimary(id); err != nil {
			t.Fatal(err)
		}
		if handles[p.name], err = m.Handle(); err != nil {
			t.Fatal(err)
		}
	}
	if rotated, err = keysOf(handles); err != nil {
		t.Fatal(err)
	}
	return old, rotated
}

// When every keyset has got a new first key, what the old ones wrote is still read, found and verified.
func TestRotatedKeysReadWhatTheOldOnesWrote(t *testing.T) {
	old, rotated := RotateKeys(t, t.TempDir())
	readsOld(t, old, rotated)
	if readsNew(old, rotated) {
		t.Error("the new keys are not in use")
	}
}

func readsOld(t *testing.T, old, rotated *Keys) {
	t.Helper()
	before := cipher{keys: old, table: "concerns", row: "X"}
	after := cipher{keys: rotated, table: "concerns", row: "X"}
	if text := after.open("own_view", before.close("own_view", "words")); text != "words" || before.err != nil || after.err != nil {
		t.Errorf("read %q, %v, %v", text, before.err, after.err)
	}
	hash, err := old.matchHash("010594Y9032")
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := rotated.matchHashes("010594Y9032")
	if err != nil || len(hashes) != 2 || !bytes.Equal(hash, hashes[0]) && !bytes.Equal(hash, hashes[1]) {
		t.Errorf("the client is not found again: %v", err)
	}
	mac, err := old.log.ComputeMAC([]byte("row"))
	if err != nil {
		t.Fatal(err)
	}
	if err := rotated.log.VerifyMAC(mac, []byte("row")); err != nil {
		t.Errorf("an old log row does not verify: %v", err)
	}
}

func readsNew(old, rotated *Keys) bool {
	sealed, err := rotated.data.Encrypt([]byte("words"), nil)
	if err != nil {
		return true
	}
	_, err = old.data.Decrypt(sealed, nil)
	return err == nil
}
