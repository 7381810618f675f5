package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endLeftover ends a server that outlived a killed owner. As we hold the folder's lock, a server with one of our sockets
// can be nothing else. It returns the process id in a lock file that no server stands behind any more, 0 if there is none.
func (c cluster) endLeftover(ctx context.Context) (left int, err error) {
	l, err := readLockFile(c.data())
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if !l.answers() {
		return l.pid, waitGone(ctx, l.pid, 2*time.Second)
	}
	if !strings.HasPrefix(filepath.Base(l.folder), runPrefix) {
		return 0, fmt.Errorf("a server started by someone else (process %d) uses %s: stop it first", l.pid, c.data())
	}
	c.log("PostgreSQL: ending a server that an earlier run left behind (process %d)", l.pid)
	err = c.run(ctx, "pg_ctl", "-D", c.data(), "-m", "fast", "-w", "-t", "30", "stop")
	if err != nil && l.answers() {
		return 0, err // else it was on its way out and pg_ctl came too late
	}
	return l.pid, waitGone(ctx, l.pid, 2*time.Second)
}

// waitGone gives a server that no longer answers the time to end its last steps. A process that is still there afterwards
// is another one that was given the same number.
func waitGone(ctx context.Context, pid int, limit time.Duration) error {
	enough := time.NewTimer(limit)
	defer enough.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for pid > 0 && syscall.Kill(pid, 0) == nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-enough.C:
			return nil
		case <-again.C:
		}
	}
	return nil
}

// lockFile is what a server writes of itself beside its data, as far as it has got.
type lockFile struct {
	pid                 int
	port, folder, state string // of its socket; the state is "starting", "ready", "stopping" or still missing
}

func readLockFile(data string) (lockFile, error) {
	content, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return lockFile{}, err
	}
	// Line by line: process id, data folder, start time, port, socket folder, address, shared memory, state.
	lines := append(strings.Split(string(content), "\n"), make([]string, 8)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil {
		pid = 0 // cut short by a crash of the machine; the server program overwrites it
	}
	return lockFile{pid: max(pid, 0), port: lines[3], folder: lines[4], state: strings.TrimSpace(lines[7])}, nil
}

// answers reports whether a server listens where the lock file says.
func (l lockFile) answers() bool {
	if l.folder == "" {
		return false
	}
	conn, err := net.DialTimeout("unix", filepath.Join(l.folder, ".s.PGSQL."+l.port), time.Second)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}
