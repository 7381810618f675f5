package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// ErrInUse means that another living process keeps its PostgreSQL in the same folder.
var ErrInUse = errors.New("the folder is in use by another running Luotsi: stop that one or choose another folder")

const (
	lockName  = "lock"
	runPrefix = "luotsi-pg-"

	// longestSocket is what every supported system can still connect to, with some room.
	longestSocket = 99

	// room is what a temporary cluster in memory may come to need; small memory disks (containers) are left alone.
	room = 1 << 30
)

// folder is a folder that is ours as long as we hold its lock. The kernel drops the lock when we die, however we die.
type folder struct {
	path string
	lock *os.File
}

func (f *folder) unlock() error { return f.lock.Close() }

// lockFolder takes the folder's lock, or fails with ErrInUse.
func lockFolder(path string, flags int) (*folder, error) {
	name := filepath.Join(path, lockName)
	lock, err := os.OpenFile(name, os.O_RDWR|syscall.O_NOFOLLOW|flags, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err == nil {
		err = stillThere(name, lock)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &folder{path: path, lock: lock}, nil
}

// stillThere guards against a sweep that took the file away between our opening and our locking it.
func stillThere(name string, lock *os.File) error {
	named, err := os.Lstat(name)
	if err != nil {
		return err
	}
	held, err := lock.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(named, held) {
		return fmt.Errorf("%s was replaced: %w", name, os.ErrNotExist)
	}
	return nil
}

// makeRunFolder makes the folder that lives as long as the server: its socket and, for a temporary server, its data.
func makeRunFolder(acc account, o Options) (*folder, error) {
	var errs []error
	for _, base := range bases(o.Fast && o.Dir == "") {
		if closed := acc.closedAt(base); closed != "" {
			errs = append(errs, fmt.Errorf("%s is closed to the server's user", closed))
			continue
		}
		sweep(base, acc, time.Now())
		f, err := newRunFolder(base, acc)
		if err == nil {
			return f, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("no place for temporary files: %w", errors.Join(errs...))
}

// bases are the folders to try for temporary files: memory first if wanted, then the usual ones if their names are short
// enough for a socket's.
func bases(memory bool) []string {
	var usable []string
	if memory && hasRoom("/dev/shm") {
		usable = append(usable, "/dev/shm")
	}
	for _, b := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if len(filepath.Join(b, runPrefix+"1234567890", socketName)) <= longestSocket {
			usable = append(usable, b)
		}
	}
	return usable
}

func hasRoom(path string) bool {
	var fs syscall.Statfs_t
	return syscall.Statfs(path, &fs) == nil && fs.Bavail*uint64(fs.Bsize) >= room
}

func newRunFolder(base string, acc account) (*folder, error) {
	path, err := os.MkdirTemp(base, runPrefix)
	if err != nil {
		return nil, err
	}
	f, err := lockFolder(path, os.O_CREATE)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(path))
	}
	if err := acc.give(path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(path), f.unlock())
	}
	return f, nil
}

// sweep removes run folders whose owner has died without Stop. What cannot be removed (another person's, a server still
// going down) is left for the next sweep, so errors do not matter here.
func sweep(base string, acc account, now time.Time) {
	entries, _ := os.ReadDir(base)
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), runPrefix) {
			continue
		}
		path := filepath.Join(base, e.Name())
		if uid, _, err := owner(path); err != nil || (uid != os.Geteuid() && uid != acc.uid) {
			continue
		}
		f, err := lockFolder(path, 0)
		switch {
		case err == nil:
			_ = os.RemoveAll(path)
			_ = f.unlock()
		case errors.Is(err, os.ErrNotExist):
			// No lock: someone is just making it, or died in that very moment.
			if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > time.Minute {
				_ = os.RemoveAll(path)
			}
		}
	}
}

// claimHome makes and locks the folder of a lasting server.
func claimHome(path string, acc account) (*folder, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if closed := acc.closedAt(filepath.Dir(path)); closed != "" {
		return nil, fmt.Errorf("PostgreSQL does not run as root, and the user it runs as may not enter %s: choose another folder", closed)
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := mayClaim(path); err != nil {
		return nil, err
	}
	f, err := lockFolder(path, os.O_CREATE)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := errors.Join(os.Chmod(path, 0o700), acc.give(path), acc.give(f.lock.Name())); err != nil {
		return nil, errors.Join(err, f.unlock())
	}
	return f, nil
}

// mayClaim refuses a folder that holds somebody's other things: claiming changes its owner and its rights.
func mayClaim(path string) error {
	entries, err := os.ReadDir(path)
	if err != nil || len(entries) == 0 {
		return err
	}
	if _, err := os.Lstat(filepath.Join(path, lockName)); err != nil {
		return fmt.Errorf("%s holds other files: choose an empty or a new folder", path)
	}
	return nil
}
