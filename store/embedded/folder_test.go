package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestSweepTakesOnlyWhatTheDeadLeft(t *testing.T) {
	base := place(t)
	acc, err := chooseAccount("")
	if err != nil {
		t.Fatal(err)
	}
	live, err := newRunFolder(base, acc)
	if err != nil {
		t.Fatal(err)
	}
	dead, err := newRunFolder(base, acc)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(dead.unlock(), os.WriteFile(filepath.Join(dead.path, "data"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	made := map[string]string{} // by what they are
	for _, name := range []string{"just made", "long made", "other name"} {
		prefix := map[bool]string{true: "other-", false: runPrefix}[name == "other name"]
		if made[name], err = os.MkdirTemp(base, prefix); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	old := now.Add(-2 * time.Minute)
	if err := errors.Join(os.Chtimes(made["long made"], old, old), os.Chtimes(made["other name"], old, old)); err != nil {
		t.Fatal(err)
	}
	sweep(base, acc, now)
	var left []string
	entries, err := os.ReadDir(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		left = append(left, filepath.Join(base, e.Name()))
	}
	want := []string{live.path, made["just made"], made["other name"]}
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
	if err := live.unlock(); err != nil {
		t.Error(err)
	}
}

func TestALockTakenAwayIsNoLock(t *testing.T) {
	dir := place(t)
	f, err := lockFolder(dir, os.O_CREATE)
	if err != nil {
		t.Fatal(err)
	}
	defer f.unlock()
	if _, err := lockFolder(dir, 0); !errors.Is(err, ErrInUse) {
		t.Errorf("a held lock: %v, want ErrInUse", err)
	}
	if err := os.Remove(f.lock.Name()); err != nil {
		t.Fatal(err)
	}
	if err := stillThere(f.lock.Name(), f.lock); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a lock whose file is gone: %v, want ErrNotExist", err)
	}
	if err := os.WriteFile(f.lock.Name(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := stillThere(f.lock.Name(), f.lock); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a lock whose file was replaced: %v, want ErrNotExist", err)
	}
}

func TestBasesLeaveRoomForTheSocket(t *testing.T) {
	short := place(t)
	t.Setenv("TMPDIR", short)
	if got := bases(false); len(got) == 0 || got[0] != short {
		t.Errorf("bases %v, want %s first", got, short)
	}
	long := filepath.Join(short, "a-folder-with-a-very-long-name-such-as-some-systems-give-to-their-temporary-files")
	t.Setenv("TMPDIR", long)
	if slices.Contains(bases(false), long) {
		t.Errorf("%s is too long for a socket's name", long)
	}
}
