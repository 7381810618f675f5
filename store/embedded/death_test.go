package embedded

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// awaitEnd waits for a process that is not our child.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := waitGone(ctx, pid, time.Minute); err != nil || alive(pid) {
		t.Fatalf("process %d still lives (%v)", pid, err)
	}
}

func TestTheServerDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	h := startHolder(t, dir)
	ask(t, h.url, "CREATE TABLE kept AS SELECT 42 AS n")
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.cmd.Wait()

	// At once, while the old server may still be on its way out.
	s := start(t, Options{Dir: dir, Fast: true})
	if got := ask(t, s.URL(superuser), "SELECT n FROM kept"); got != "42" {
		t.Errorf("kept %q, want 42", got)
	}
	awaitEnd(t, h.pid)
	mustBeGone(t, h.run)
}

// TestTheServerOutlivesTheThreadThatAskedForIt: the kernel's death signal follows a thread, and threads may end early.
func TestTheServerOutlivesTheThreadThatAskedForIt(t *testing.T) {
	t.Parallel()
	var s *Server
	var err error
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		s, err = Start(context.Background(), Options{Fast: true})
	}()
	<-asked
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.proc.done:
	case <-time.After(500 * time.Millisecond): // a death signal would have come by now
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

func TestATemporaryServerDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	h := startHolder(t, "")
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.cmd.Wait()
	awaitEnd(t, h.pid)

	start(t, Options{Fast: true}) // sweeps
	mustBeGone(t, h.run)
}

func TestAnotherProcessKeepsItsFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	h := startHolder(t, dir)
	_, err := Start(context.Background(), Options{Dir: dir, Fast: true})
	contains(t, err, ErrInUse.Error())
	if got := ask(t, h.url, "SELECT 1"); got != "1" {
		t.Errorf("the other's server answers %q, want 1", got)
	}
	h.stdin.Close()
	if err := h.cmd.Wait(); err != nil {
		t.Errorf("the other: %v", err)
	}
	mustBeGone(t, h.run)
}

// crash leaves a folder as a server does that was killed with its owner, and returns its lock file's content.
func crash(t *testing.T, dir string) (lock string) {
	t.Helper()
	s := start(t, Options{Dir: dir, Fast: true})
	content, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.proc.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.proc.done
	contains(t, s.Stop(), "killed")
	return string(content)
}

func TestACrashedFolderStartsAgain(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	crash(t, dir)
	s := start(t, Options{Dir: dir, Fast: true})
	if got := ask(t, s.URL(superuser), "SELECT 1"); got != "1" {
		t.Errorf("answers %q, want 1", got)
	}
}

// TestACrashedServersProcessesAreAwaited holds one of a killed server's processes still until the start has met it.
func TestACrashedServersProcessesAreAwaited(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	s := start(t, Options{Dir: dir, Fast: true})
	pid, err := strconv.Atoi(ask(t, s.URL(superuser), "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	if err := s.proc.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.proc.done
	contains(t, s.Stop(), "killed")
	met := false
	start(t, Options{Dir: dir, Fast: true, Log: func(format string, _ ...any) {
		if strings.Contains(format, "waiting") && !met {
			met = true
			_ = syscall.Kill(pid, syscall.SIGCONT)
		}
	}})
	if !met {
		t.Error("the start did not meet the old process")
	}
}

func TestAReusedProcessNumberDoesNotStopAStart(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	lock := crash(t, dir)
	acc, err := chooseAccount(dir)
	if err != nil {
		t.Fatal(err)
	}
	stranger := exec.Command("sleep", "600") // of the same user, or the number would not matter
	stranger.SysProcAttr = attributes(acc)
	p, err := launch(stranger)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Process.Kill(); <-p.done })
	_, rest, _ := strings.Cut(lock, "\n")
	lock = strconv.Itoa(stranger.Process.Pid) + "\n" + rest
	if err := os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(lock), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir, Fast: true})
	if p.ended() {
		t.Error("the stranger was ended")
	}
}

// TestALeftServerIsEnded plays a system without a death signal: the owner's lock is free, its server lives on.
func TestALeftServerIsEnded(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	s := start(t, Options{Dir: dir, Fast: true})
	if err := s.home.unlock(); err != nil {
		t.Fatal(err)
	}
	next := start(t, Options{Dir: dir, Fast: true})
	if !s.proc.ended() {
		t.Error("the left server still lives")
	}
	if got := ask(t, next.URL(superuser), "SELECT 1"); got != "1" {
		t.Errorf("answers %q, want 1", got)
	}
}

func TestAStrangersServerIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	s := start(t, Options{Dir: dir, Fast: true})
	if err := s.home.unlock(); err != nil {
		t.Fatal(err)
	}
	// The same server under a name that is none of ours, as if somebody had started it by hand.
	elsewhere := place(t)
	if err := os.Symlink(s.run.path, filepath.Join(elsewhere, "by-hand")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "data", "postmaster.pid")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	renamed := strings.Replace(string(content), s.run.path, filepath.Join(elsewhere, "by-hand"), 1)
	if err := os.WriteFile(file, []byte(renamed), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Start(context.Background(), Options{Dir: dir, Fast: true})
	contains(t, err, "started by someone else")
	if s.proc.ended() {
		t.Error("somebody else's server was ended")
	}
}

// TestAsAnOrdinaryUser runs what depends on who we are again as "nobody", when the tests run as root.
func TestAsAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return
	}
	bin := filepath.Join(place(t), "embedded.test")
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(bin, program, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "-test.timeout=3m", "-test.run=ATemporary|ALasting|Another|Reused|Sweep")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}
