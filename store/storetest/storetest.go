// Package storetest gives every test a database of its own, already migrated, in some forty milliseconds, and leaves
// nothing of it behind.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // the driver of every test database

	"luotsi/store/embedded"
)

const (
	admin    = "postgres"
	template = "template_luotsi"
)

// ground is one test program's server: started when the first test asks, because a run that picks tests without a
// database shall not wait for one.
type ground struct {
	migrate func(ctx context.Context, ownerURL string) error
	clones  atomic.Int64

	once   sync.Once
	err    error
	mu     sync.Mutex // guards server, which a signal may stop while a test starts it
	server *embedded.Server
	closed bool
}

// current is the ground that Main has laid. It is global because TestMain has no other way to hand anything to a test.
var current atomic.Pointer[ground]

// Main runs a package's tests with a private PostgreSQL and ends the program: a TestMain has nothing else to do.
// migrate makes the schema that every test finds; it gets the address of an empty database as its owner, and runs once.
// When the program is interrupted, the server ends too.
func Main(m *testing.M, migrate func(ctx context.Context, ownerURL string) error) {
	g := &ground{migrate: migrate}
	current.Store(g)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		_ = g.stop() // the tests cut short have more to complain of
		os.Exit(130)
	}()
	code := m.Run()
	if err := g.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "storetest:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// URL makes a fresh copy of the migrated database and returns its address for its owner (a superuser). The copy is
// dropped when the test ends, whoever is still connected. Without PostgreSQL's programs the test fails and says what to install.
func URL(t testing.TB) string {
	t.Helper()
	server := Server(t)
	name := fmt.Sprintf("t%d", current.Load().clones.Add(1))
	if err := do(t.Context(), server.URL(admin), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal("storetest:", err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := do(context.Background(), server.URL(admin), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error("storetest:", err)
		}
	})
	return server.URL(name)
}

// Open makes a fresh copy as URL does and connects to it as its owner; the connections are closed when the test ends.
func Open(t testing.TB) *sqlx.DB {
	t.Helper()
	return Connect(t, URL(t))
}

// Connect connects to a database until the test ends.
func Connect(t testing.TB, address string) *sqlx.DB {
	t.Helper()
	db, err := sqlx.Open("postgres", address)
	if err != nil {
		t.Fatal("storetest:", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error("storetest:", err)
		}
	})
	return db
}

// As is the same database's address for another role, which must exist and may log in; it needs no password.
func As(t testing.TB, address, role string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("storetest:", err)
	}
	u.User = url.User(role)
	return u.String()
}

// Server is the server that the test databases are in: for PostgreSQL's own programs (Bin) and for further databases,
// which last as long as it does. It starts when first asked for.
func Server(t testing.TB) *embedded.Server {
	t.Helper()
	g := current.Load()
	if g == nil {
		t.Fatal("storetest: this package has no TestMain that calls storetest.Main")
	}
	g.once.Do(func() { g.err = g.start() })
	if g.err != nil {
		t.Fatal("storetest:", g.err)
	}
	return g.server
}

func (g *ground) start() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return errors.New("the tests are ending")
	}
	ctx := context.Background()
	server, err := embedded.Start(ctx, embedded.Options{Fast: true})
	if err != nil {
		return err
	}
	g.server = server
	if err := do(ctx, server.URL(admin), "CREATE DATABASE "+template); err != nil {
		return err
	}
	if err := g.migrate(ctx, server.URL(template)); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	// Copying needs a template that nobody is connected to, and from now on nobody can be.
	return do(ctx, server.URL(admin),
		"ALTER DATABASE "+template+" IS_TEMPLATE true ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '"+template+"'")
}

// stop ends the server and keeps a later test from starting it again.
func (g *ground) stop() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	if g.server == nil {
		return nil
	}
	return g.server.Stop()
}

// do runs statements outside any transaction on a connection of their own, so that none stays open between tests.
func do(ctx context.Context, address string, statements ...string) error {
	db, err := sqlx.Open("postgres", address)
	if err != nil {
		return err
	}
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return errors.Join(fmt.Errorf("%s: %w", strings.ToLower(s), err), db.Close())
		}
	}
	return db.Close()
}
