package storetest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"
)

// waitForSignal makes a child of the tests say where its server is and wait to be interrupted.
const waitForSignal = "LUOTSI_TEST_WAIT"

func TestMain(m *testing.M) {
	Main(m, func(ctx context.Context, url string) error {
		return do(ctx, url, "CREATE TABLE shared (n int)", "INSERT INTO shared VALUES (1)", "CREATE ROLE clerk LOGIN")
	})
}

func count(t *testing.T, address, query string) (n int) {
	t.Helper()
	if err := Connect(t, address).Get(&n, query); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	var names sync.Map
	t.Run("all at once", func(t *testing.T) {
		for i := range 8 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				db := Open(t)
				db.MustExec("INSERT INTO shared VALUES (2)")
				var n int
				if err := db.Get(&n, "SELECT count(*) FROM shared"); err != nil || n != 2 {
					t.Errorf("found %d rows (%v), want the migrated one and my own", n, err)
				}
				var name string
				if err := db.Get(&name, "SELECT current_database()"); err != nil {
					t.Error(err)
				}
				if _, taken := names.LoadOrStore(name, true); taken {
					t.Errorf("database %s was given twice", name)
				}
			})
		}
	})
	left := count(t, Server(t).URL(admin), "SELECT count(*) FROM pg_database WHERE datname ~ '^t[0-9]'")
	if left != 0 {
		t.Errorf("%d databases are left after their tests", left)
	}
}

func TestADatabaseGoesEvenWhenInUse(t *testing.T) {
	var held string
	t.Run("still connected", func(t *testing.T) {
		address := URL(t)
		db, err := sqlx.Open("postgres", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if _, err := db.Begin(); err != nil { // never ended
			t.Fatal(err)
		}
		held = address
	})
	if err := do(t.Context(), held, "SELECT 1"); err == nil {
		t.Error("the database outlived its test")
	}
}

func TestAsIsAnotherRole(t *testing.T) {
	address := URL(t)
	var role string
	if err := Connect(t, As(t, address, "clerk")).Get(&role, "SELECT current_user"); err != nil || role != "clerk" {
		t.Errorf("connected as %q (%v), want clerk", role, err)
	}
	if err := do(t.Context(), As(t, address, "clerk"), "SELECT * FROM shared"); err == nil {
		t.Error("a role without rights reads the owner's table")
	}
}

func TestServerReachesTheOtherPrograms(t *testing.T) {
	out, err := exec.Command(Server(t).Bin("pg_dump"), URL(t)).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "CREATE TABLE public.shared") {
		t.Errorf("pg_dump: %v: %s", err, out)
	}
}

// TestAnInterruptLeavesNothing interrupts a run of this very program in the midst of a test.
func TestAnInterruptLeavesNothing(t *testing.T) {
	if os.Getenv(waitForSignal) != "" {
		u := Connect(t, URL(t))
		var folder string
		if err := u.Get(&folder, "SHOW unix_socket_directories"); err != nil {
			t.Fatal(err)
		}
		fmt.Println("folder", folder)
		<-t.Context().Done() // which comes only after the test: the interrupt is the end
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestAnInterruptLeavesNothing$", "-test.timeout=1m")
		cmd.Env = append(os.Environ(), waitForSignal+"=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(out).ReadString('\n')
		folder, ok := strings.CutPrefix(strings.TrimSpace(line), "folder ")
		if err != nil || !ok {
			t.Fatalf("the child says %q: %v", line, err)
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err == nil || cmd.ProcessState.ExitCode() != 130 {
			t.Errorf("after %v: %v, want exit status 130", sig, err)
		}
		if _, err := os.Stat(filepath.Clean(folder)); !os.IsNotExist(err) {
			t.Errorf("after %v: %s is left (%v)", sig, folder, err)
		}
	}
}

func BenchmarkClone(b *testing.B) {
	server := Server(b)
	for i := 0; b.Loop(); i++ {
		name := fmt.Sprintf("b%d", i)
		if err := do(b.Context(), server.URL(admin), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDrop(b *testing.B) {
	server := Server(b)
	for i := 0; b.Loop(); i++ {
		name := fmt.Sprintf("d%d", i)
		b.StopTimer()
		if err := do(b.Context(), server.URL(admin), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := do(b.Context(), server.URL(admin), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			b.Fatal(err)
		}
	}
}
