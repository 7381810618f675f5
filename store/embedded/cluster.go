package embedded

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/lib/pq" // the driver that asks whether the server answers
)

const (
	port       = "5432" // only a part of the socket's name: the server listens on no network
	socketName = ".s.PGSQL." + port
)

// cluster is what it takes to make a data folder and a server on it.
type cluster struct {
	acc    account
	bin    string
	place  string // holds the data and the server's log
	socket string // the folder of the socket
	fast   bool
	log    func(string, ...any)
}

func (c cluster) data() string    { return filepath.Join(c.place, "data") }
func (c cluster) logFile() string { return filepath.Join(c.place, "server.log") }

// command prepares one of PostgreSQL's programs. The environment is made from scratch: PGPORT, PGDATA, PGOPTIONS and the
// like of whoever starts us must not reach a private server.
func (c cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.socket // ours may be closed to the account
	cmd.Env = []string{"PATH=" + c.bin + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	if libs := os.Getenv("LD_LIBRARY_PATH"); libs != "" {
		cmd.Env = append(cmd.Env, "LD_LIBRARY_PATH="+libs)
	}
	cmd.SysProcAttr = attributes(c.acc)
	return cmd
}

// run runs one of PostgreSQL's programs to its end, or interrupts it when the context ends.
func (c cluster) run(ctx context.Context, name string, args ...string) error {
	var out bytes.Buffer
	cmd := c.command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	p, err := launch(cmd)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.end()) // that it ended badly then says nothing new
	}
	if p.err != nil {
		return fmt.Errorf("%s: %w: %s", name, p.err, lastLines(out.String()))
	}
	return nil
}

// create makes the data folder unless it is there. It is made under another name first, so that a half-made one from an
// interrupted start is never taken for a whole one.
func (c cluster) create(ctx context.Context) error {
	if _, err := os.Stat(c.data()); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	c.log("PostgreSQL: creating a private database cluster in %s", c.place)
	half := c.data() + ".new"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	args := []string{"-D", half, "-U", superuser, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"}
	if c.fast {
		args = append(args, "--no-sync")
	}
	if err := c.run(ctx, "initdb", args...); err != nil {
		return err
	}
	return os.Rename(half, c.data())
}

// settings of the server. Everything is on the command line, so that the data folder carries nothing of this start.
func (c cluster) settings() []string {
	set := []string{
		"listen_addresses=", "port=" + port, "unix_socket_directories=" + c.socket, "unix_socket_permissions=0700",
		"timezone=UTC", "log_timezone=UTC", "max_connections=200", "jit=off",
		// One server, no standby: the smallest log of changes does.
		"wal_level=minimal", "max_wal_senders=0",
		// The log must not repeat what clients wrote, and their errors do (statements, values that broke a rule). They are
		// told to the client; the log is for what becomes of the server.
		"log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse",
		"logging_collector=off", "log_destination=stderr",
	}
	if c.fast {
		set = append(set, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=4GB")
	}
	return set
}

// launch starts the server. left is the process id that a crashed server's lock file names, 0 for none.
func (c cluster) launch(left int) (*process, error) {
	c.log("PostgreSQL: starting %s", filepath.Join(c.bin, "postgres"))
	out, err := os.OpenFile(c.logFile(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	if err := c.acc.give(out.Name()); err != nil {
		return nil, err
	}
	args := []string{"-D", c.data()}
	for _, s := range c.settings() {
		args = append(args, "-c", s)
	}
	cmd := c.command("postgres", args...)
	cmd.Stdout, cmd.Stderr = out, out
	if left != 0 {
		// The number may belong to some unrelated process by now, at which the server would refuse to start. This variable
		// names a process that it knows not to be a rival; its other guards stay in force.
		cmd.Env = append(cmd.Env, "PG_GRANDPARENT_PID="+strconv.Itoa(left))
	}
	return launch(cmd)
}

// errLingering means that processes of a crashed server still hold on to the data. They end by themselves very soon.
var errLingering = errors.New("processes of a crashed server still use the data")

// up starts the server and returns when it answers.
func (c cluster) up(ctx context.Context, left int, url string) (*process, error) {
	enough := time.Now().Add(10 * time.Second)
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		p, err := c.launch(left)
		if err != nil {
			return nil, err
		}
		if err = c.waitReady(ctx, p, url); err == nil {
			return p, nil
		}
		err = errors.Join(err, p.end())
		if !errors.Is(err, errLingering) || time.Now().After(enough) {
			return nil, err
		}
		c.log("PostgreSQL: waiting for %v", errLingering)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-again.C:
		}
	}
}

// waitReady returns when the server takes questions and has answered one; it fails when the server ends instead.
func (c cluster) waitReady(ctx context.Context, p *process, url string) error {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !c.saysReady() {
		select {
		case <-p.done:
			return c.whyEnded(p)
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	return errors.Join(db.PingContext(ctx), db.Close())
}

func (c cluster) whyEnded(p *process) error {
	said, err := os.ReadFile(c.logFile())
	switch {
	case err != nil:
		return fmt.Errorf("the server ended at once (%v) and left no log: %w", p.cmd.ProcessState, err)
	case bytes.Contains(said, []byte("is still in use")): // LC_ALL=C: the server speaks English here
		return errLingering
	default:
		return fmt.Errorf("the server ended at once (%v): %s", p.cmd.ProcessState, lastLines(string(said)))
	}
}

// saysReady looks where the server itself writes that it is ready, the last line of its lock file; a trial connection
// could not tell "not yet" from "never". The socket's name tells this server from one that crashed earlier.
func (c cluster) saysReady() bool {
	l, err := readLockFile(c.data())
	return err == nil && l.state == "ready" && l.folder == c.socket
}

// lastLines is the end of a program's output, where the reason of a failure stands.
func lastLines(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-6):], "\n")
}
