package embedded

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// holdFolder tells a child of the tests to start a server on that folder and to keep it until it is killed.
const holdFolder = "LUOTSI_TEST_HOLD"

// The main thread never ends before the process. Keeping it to the main goroutine makes sure that a test which ends its
// thread really ends one.
func init() { runtime.LockOSThread() }

func TestMain(m *testing.M) {
	if dir, ok := os.LookupEnv(holdFolder); ok {
		hold(dir)
	}
	os.Exit(m.Run())
}

// hold starts a server, says where it is in one line, and waits for the end of its input.
func hold(dir string) {
	s, err := Start(context.Background(), Options{Dir: dir, Fast: true})
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	fmt.Println(s.URL(superuser), s.run.path, s.proc.cmd.Process.Pid)
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Stop(); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// holder is another process with a server of its own.
type holder struct {
	cmd      *exec.Cmd
	stdin    io.Closer
	url, run string
	pid      int // the server's
}

func startHolder(t *testing.T, dir string) *holder {
	t.Helper()
	h := &holder{cmd: exec.Command(os.Args[0])}
	h.cmd.Env = append(os.Environ(), holdFolder+"="+dir)
	h.cmd.Stderr = os.Stderr
	in, err := h.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	h.stdin = in
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = h.cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	if n, err := fmt.Sscan(line, &h.url, &h.run, &h.pid); n != 3 {
		t.Fatalf("the holder says %q: %v", line, err)
	}
	return h
}

// place is a folder that whoever the server runs as may enter.
func place(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t testing.TB, o Options) *Server {
	t.Helper()
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// ask puts a question to a server and returns its one answer; "" if there is none.
func ask(t testing.TB, url, question string) string {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer sql.NullString
	if err := db.QueryRow(question).Scan(&answer); err != nil && err != sql.ErrNoRows {
		t.Fatalf("%s: %v", question, err)
	}
	return answer.String
}

func alive(pid int) bool { return syscall.Kill(pid, 0) != syscall.ESRCH }

func mustBeGone(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", path, err)
	}
}

// runFolders are the run folders of a base, live ones of other programs included.
func runFolders(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, base := range append(bases(true), bases(false)...) {
		names, err := filepath.Glob(filepath.Join(base, runPrefix+"*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			found[n] = true
		}
	}
	return found
}

func contains(t *testing.T, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q lacks %q", err, w)
		}
	}
}
