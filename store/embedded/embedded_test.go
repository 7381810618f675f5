package embedded

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestATemporaryServerLeavesNothing(t *testing.T) {
	t.Setenv("PGPORT", "1") // a person's own settings must not reach a private server
	t.Setenv("PGDATA", "/nowhere")
	for _, fast := range []bool{true, false} {
		s := start(t, Options{Fast: fast})
		pid := s.proc.cmd.Process.Pid
		if got := ask(t, s.URL(superuser), "SHOW listen_addresses"); got != "" {
			t.Errorf("listens on %q, want no network", got)
		}
		if got, want := ask(t, s.URL(superuser), "SHOW fsync"), map[bool]string{true: "off", false: "on"}[fast]; got != want {
			t.Errorf("fast %v: fsync %s, want %s", fast, got, want)
		}
		if info, err := os.Stat(s.run.path); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("run folder: %v %v, want 0700", info.Mode(), err)
		}
		if len(filepath.Join(s.run.path, socketName)) > longestSocket {
			t.Errorf("socket name in %s is too long", s.run.path)
		}
		out, err := exec.Command(s.Bin("pg_dump"), s.URL(superuser)).CombinedOutput()
		if err != nil {
			t.Errorf("pg_dump: %v: %s", err, out)
		}
		for range 2 {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		}
		if alive(pid) {
			t.Error("the server still lives after Stop")
		}
		mustBeGone(t, s.run.path)
	}
}

func TestStopCutsOffWhoIsStillConnected(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Fast: true})
	db, err := sql.Open("postgres", s.URL(superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("CREATE TABLE half_done (n int)"); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

func TestStopTellsOfAServerThatHadDied(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Fast: true})
	if err := s.proc.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	<-s.proc.done
	contains(t, s.Stop(), "before it was told to", "killed")
	mustBeGone(t, s.run.path)
}

func TestALastingServerKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "new", "pg")
	s := start(t, Options{Dir: dir})
	ask(t, s.URL(superuser), "CREATE TABLE kept AS SELECT 42 AS n")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	mustBeGone(t, s.run.path)

	s = start(t, Options{Dir: dir})
	if got := ask(t, s.URL(superuser), "SELECT n FROM kept"); got != "42" {
		t.Errorf("kept %q, want 42", got)
	}
}

func TestAFolderHasOneServer(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	start(t, Options{Dir: dir, Fast: true})
	_, err := Start(context.Background(), Options{Dir: dir, Fast: true})
	if !errors.Is(err, ErrInUse) {
		t.Errorf("second start: %v, want ErrInUse", err)
	}
	contains(t, err, dir)
}

func TestAFolderWithOtherThingsIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := place(t)
	if err := os.WriteFile(filepath.Join(dir, "thesis.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Start(context.Background(), Options{Dir: dir})
	contains(t, err, dir, "other files")
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the folder has changed: %v %v", info.Mode(), err)
	}
}

func TestRootIsToldOfAFolderClosedToTheServer(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		return // an ordinary user's server is the user
	}
	closed := place(t)
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Start(context.Background(), Options{Dir: filepath.Join(closed, "pg")})
	contains(t, err, "may not enter "+closed)
}

func TestDataOfAnotherVersionIsNamed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(place(t), "pg")
	s := start(t, Options{Dir: dir, Fast: true})
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Start(context.Background(), Options{Dir: dir})
	contains(t, err, "PostgreSQL 8", "install that version")
}

func TestAnInterruptedStartLeavesNothing(t *testing.T) {
	for _, moment := range []string{"creating", "starting"} {
		before := runFolders(t)
		dir := filepath.Join(place(t), "pg")
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		_, err := Start(ctx, Options{Dir: dir, Fast: true, Log: func(format string, _ ...any) {
			if strings.Contains(format, moment) {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("while %s: %v, want the context's end", moment, err)
		}
		mustBeGone(t, filepath.Join(dir, "data", "postmaster.pid"))
		for path := range runFolders(t) {
			if !before[path] && ours(path) {
				t.Errorf("while %s: %s is left", moment, path)
			}
		}
		// A half-made folder, as an initdb leaves that was killed outright, is no hindrance either.
		if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
			t.Fatal(err)
		}
		s := start(t, Options{Dir: dir, Fast: true})
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	}
}

// ours tells a folder nobody holds from those of other programs running at the same time.
func ours(path string) bool {
	f, err := lockFolder(path, 0)
	if err != nil {
		return false
	}
	return f.unlock() == nil
}

func TestTheServersLogDoesNotRepeatClients(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: filepath.Join(place(t), "pg"), Fast: true})
	ask(t, s.URL(superuser), "CREATE TABLE secret (word text PRIMARY KEY CHECK (word <> 'no'))")
	db, err := sql.Open("postgres", s.URL(superuser))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 2 {
		_, err = db.Exec("INSERT INTO secret VALUES ($1)", "marjapuuro")
	}
	if err == nil {
		t.Fatal("the same word twice was taken")
	}
	if _, err = db.Exec("INSERT INTO secret VALUES ('kaurapuuro'::text::int)"); err == nil {
		t.Fatal("a word passed as a number")
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(filepath.Join(s.home.path, "server.log"))
	if err != nil || !strings.Contains(string(log), "ready to accept connections") {
		t.Fatalf("the log lacks the server's life: %v: %s", err, log)
	}
	if strings.Contains(string(log), "puuro") {
		t.Errorf("the log repeats a client's words:\n%s", log)
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		s, err := Start(context.Background(), Options{Fast: true})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Stop(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkRestart(b *testing.B) {
	dir := filepath.Join(place(b), "pg")
	s := start(b, Options{Dir: dir})
	var started time.Duration
	for b.Loop() {
		if err := s.Stop(); err != nil {
			b.Fatal(err)
		}
		from := time.Now()
		var err error
		if s, err = Start(context.Background(), Options{Dir: dir}); err != nil {
			b.Fatal(err)
		}
		started += time.Since(from)
	}
	b.ReportMetric(float64(started.Milliseconds())/float64(b.N), "start-ms/op")
	if err := s.Stop(); err != nil {
		b.Fatal(err)
	}
}
