package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"luotsi/store"
	"luotsi/store/embedded"
)

// sandboxCmd starts a whole county to try Luotsi in: nothing of it is real but Luotsi itself.
type sandboxCmd struct {
	Listen      string    `default:"127.0.0.1:8080" help:"Address of the page. The sandbox's people are not authenticated."`
	Clock       time.Time `help:"Time to start at, like 2027-02-01T09:00:00+02:00. A stored later time wins."`
	Seed        string    `default:"demo" enum:"demo,none" help:"demo (a few cases in different phases) or none (an empty county)."`
	Data        string    `type:"path" help:"Folder that keeps everything from one start to the next. Without it all is temporary."`
	DatabaseURL string    `name:"database-url" help:"Use this database (owner's login) instead of a private one."`
}

// Run runs the sandbox until it is told to stop, and cleans up what was temporary.
func (s *sandboxCmd) Run(ctx context.Context, o *out) (err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("the address of the page cannot be used (choose another with --listen): %w", err)
	}
	defer listener.Close()
	url, stop, err := s.database(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	keys, forget, err := s.keys()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, forget()) }()
	o.say("Preparing the database …")
	if err := store.Migrate(ctx, url, store.MigrateOptions{Kind: store.Sandbox}); err != nil {
		return err
	}
	county, err := openCounty(ctx, url, keys, s.Clock, "http://"+listener.Addr().String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, county.close()) }()
	if err := county.start(ctx, s.Seed == "demo", o); err != nil {
		return err
	}
	o.say("Luotsi's sandbox is at http://%s  (Ctrl-C stops it)", listener.Addr())
	return county.serve(ctx, listener)
}

// database is a private PostgreSQL, or the one that was given.
func (s *sandboxCmd) database(ctx context.Context, o *out) (url string, stop func() error, err error) {
	if s.DatabaseURL != "" {
		return s.DatabaseURL, func() error { return nil }, nil
	}
	dir := ""
	if s.Data != "" {
		// PostgreSQL, which never runs as root, must get through; the keys beside it are closed to others by themselves.
		if err := os.MkdirAll(s.Data, 0o711); err != nil {
			return "", nil, err
		}
		dir = filepath.Join(s.Data, "postgresql")
	}
	o.say("Starting a private PostgreSQL …")
	server, err := embedded.Start(ctx, embedded.Options{Dir: dir, Fast: dir == ""})
	if err != nil {
		return "", nil, err
	}
	url = server.URL("luotsi")
	if err := createDatabase(ctx, server.URL("postgres"), "luotsi"); err != nil {
		return "", nil, errors.Join(err, server.Stop())
	}
	return url, server.Stop, nil
}

func createDatabase(ctx context.Context, url, name string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return err
	}
	defer db.Close()
	var there bool
	if err := db.QueryRowContext(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&there); err != nil || there {
		return err
	}
	_, err = db.ExecContext(ctx, `create database `+name)
	return err
}

// keys are kept in the data folder, or made for this run only.
func (s *sandboxCmd) keys() (keys *store.Keys, forget func() error, err error) {
	dir, forget := s.Data, func() error { return nil }
	if dir == "" {
		if dir, err = os.MkdirTemp("", "luotsi-keys-"); err != nil {
			return nil, nil, err
		}
		forget = func() error { return os.RemoveAll(dir) }
	}
	keys, err = store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		return nil, nil, errors.Join(err, forget())
	}
	return keys, forget, nil
}

// serve answers the page and lets time pass until ctx ends.
func (c *county) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler: c.chat.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return c.chat.Run(ctx) })
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer cancel()
		if err := server.Shutdown(end); err != nil {
			return server.Close()
		}
		return nil
	})
	return group.Wait()
}
