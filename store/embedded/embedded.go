// Package embedded gives the program a private PostgreSQL made of the programs on this machine: nobody else can reach it,
// and nothing is left of it when it is stopped or its owner dies.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// superuser is the cluster's first role. The socket's folder keeps other people of the machine out, so it has no password.
const superuser = "postgres"

// Options says what kind of server to start. The zero value is a temporary one that keeps its promises on disk.
type Options struct {
	// Dir is the folder that keeps the data from one start to the next. It must be missing, empty, or made by an earlier
	// start. Empty: a temporary folder, removed by Stop.
	Dir string

	// Fast trades durability for speed: a crash of the machine loses the data. For tests. A temporary server is then kept
	// in memory where the machine has room for it.
	Fast bool

	// Log is told in a few words what is being done; nil: nobody is told. Never called after Start has returned.
	Log func(format string, args ...any)
}

// Server is a running PostgreSQL. Its methods may be called by several goroutines at once.
type Server struct {
	bin  string
	run  *folder // the socket, and all the rest of a temporary server
	home *folder // Options.Dir; nil for a temporary server
	proc *process

	stop    sync.Once
	stopErr error
}

// Start starts a server and returns when it answers. The context bounds the starting only: a caller that is told to end
// finishes its own work with the database first and then calls Stop. When the calling process dies without Stop, the
// server goes down with it (on Linux at once; elsewhere when the same folder is started again), and the next Start of
// anyone sweeps up what it left. Start fails with ErrNoBinaries if PostgreSQL is not installed and with ErrInUse if a
// living process has the folder.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	s := &Server{}
	if err := s.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start PostgreSQL: %w", err), s.Stop())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, o Options) error {
	var err error
	if o.Dir != "" {
		if o.Dir, err = filepath.Abs(o.Dir); err != nil {
			return err
		}
	}
	acc, err := chooseAccount(o.Dir)
	if err != nil {
		return err
	}
	if s.run, err = makeRunFolder(acc, o); err != nil {
		return err
	}
	place := s.run.path
	if o.Dir != "" {
		if s.home, err = claimHome(o.Dir, acc); err != nil {
			return err
		}
		place = s.home.path
	}
	c := cluster{acc: acc, place: place, socket: s.run.path, fast: o.Fast, log: o.Log}
	if c.bin, err = binariesFor(c.data()); err != nil {
		return err
	}
	s.bin = c.bin
	if err := c.create(ctx); err != nil {
		return err
	}
	left, err := c.endLeftover(ctx)
	if err != nil {
		return err
	}
	s.proc, err = c.up(ctx, left, s.URL(superuser))
	return err
}

// Stop ends the server in good order, takes its temporary files away and returns when both are done. Clients still
// connected are cut off. A repeated call does nothing and returns what the first returned.
func (s *Server) Stop() error {
	s.stop.Do(func() { s.stopErr = s.end() })
	return s.stopErr
}

func (s *Server) end() error {
	var errs []error
	if s.proc != nil {
		errs = append(errs, s.endServer())
	}
	if s.run != nil {
		errs = append(errs, os.RemoveAll(s.run.path), s.run.unlock())
	}
	if s.home != nil {
		errs = append(errs, s.home.unlock())
	}
	return errors.Join(errs...)
}

func (s *Server) endServer() error {
	early := s.proc.ended()
	if err := s.proc.end(); err != nil {
		return err
	}
	switch {
	case early:
		return fmt.Errorf("PostgreSQL had ended before it was told to (%v)", s.proc.cmd.ProcessState)
	case s.proc.err != nil:
		return fmt.Errorf("PostgreSQL did not end in good order: %w", s.proc.err)
	}
	return nil
}

// URL is the address of a database of this server for its superuser, in the form that lib/pq and PostgreSQL's own
// programs understand. It says nothing about whether that database exists; "postgres" always does.
func (s *Server) URL(database string) string {
	q := url.Values{"host": {s.run.path}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// Bin is the full path of one of PostgreSQL's programs, of the same version as the server: Bin("pg_dump"). Not every
// installation has every program.
func (s *Server) Bin(name string) string { return filepath.Join(s.bin, name) }

// How long the server is given for each way of ending, from the friendliest on: roll back and write a checkpoint, drop
// everything and recover at the next start, be killed.
var endings = []struct {
	signal syscall.Signal
	wait   time.Duration
}{{syscall.SIGINT, 30 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
