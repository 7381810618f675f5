package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Kind says what an installation is for. One database serves one kind, for good.
type Kind string

// The kinds of installation.
const (
	Production Kind = "production"
	Sandbox    Kind = "sandbox"
)

// serviceRole may do all that the service does, and nothing to log rows but add them.
const serviceRole = "luotsi_app"

// MigrateOptions say what the database is to be.
type MigrateOptions struct {
	Kind Kind         // Production when empty
	Log  *slog.Logger // told of each step; nil: nobody is
}

// Migrate brings the database to this program's version: tables, River's tables and the rights of the service's role
// (luotsi_app, made if missing). It wants the owner's login. A database of the other kind is left as it is (ErrOtherKind).
// Several may run at once: one works, the others wait, all succeed. A repeated call changes nothing.
func Migrate(ctx context.Context, ownerURL string, o MigrateOptions) error {
	if o.Kind == "" {
		o.Kind = Production
	}
	if o.Log == nil {
		o.Log = quiet()
	}
	pool, err := connect(ownerURL)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	db := pool.DB
	err = locked(ctx, db, func() error {
		for _, step := range []func(context.Context, *sql.DB, MigrateOptions) error{
			refuseOtherKind, migrateTables, migrateRiver, markKind, grantRights,
		} {
			if err := step(ctx, db, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// locked runs f while no other migration runs on the database. The lock is asked for again and again rather than waited for:
// a waiting statement would hold up what builds indexes.
func locked(ctx context.Context, db *sql.DB, f func() error) (err error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	defer func() { err = errors.Join(err, locker.SessionUnlock(context.WithoutCancel(ctx), conn)) }()
	return f()
}

func provider(db *sql.DB, log *slog.Logger) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSlog(log))
}

// latestVersion is that of the newest migration this program brings.
func latestVersion() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(errors.New("no migrations"), err)
	}
	return goose.NumericComponent(names[len(names)-1])
}

func refuseOtherKind(ctx context.Context, db *sql.DB, o MigrateOptions) error {
	var marked bool
	err := db.QueryRowContext(ctx, `select to_regclass('public.installation') is not null`).Scan(&marked)
	if err != nil || !marked {
		return err
	}
	var kind Kind
	err = db.QueryRowContext(ctx, `select kind from public.installation`).Scan(&kind)
	switch {
	case errors.Is(err, sql.ErrNoRows), err == nil && kind == o.Kind:
		return nil
	case err == nil:
		err = fmt.Errorf("%w: it is for %s, not %s", ErrOtherKind, kind, o.Kind)
	}
	return err
}

func migrateTables(ctx context.Context, db *sql.DB, o MigrateOptions) error {
	p, err := provider(db, o.Log)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("tables: %w", err)
	}
	return nil
}

func migrateRiver(ctx context.Context, db *sql.DB, o MigrateOptions) error {
	m, err := rivermigrate.New(newDriver(db, ""), &rivermigrate.Config{Logger: o.Log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("tables for jobs: %w", err)
	}
	return nil
}

func markKind(ctx context.Context, db *sql.DB, o MigrateOptions) error {
	_, err := db.ExecContext(ctx, `insert into installation (kind) values ($1) on conflict do nothing`, string(o.Kind))
	return err
}

//go:embed rights.sql
var rights string

func grantRights(ctx context.Context, db *sql.DB, _ MigrateOptions) error {
	// A role belongs to the whole cluster, where migrations of two databases may meet: both want it made.
	_, err := db.ExecContext(ctx, `do $$ begin
		if not exists (select from pg_roles where rolname = '`+serviceRole+`') then create role `+serviceRole+` nologin; end if;
		exception when duplicate_object or unique_violation then null; end $$`)
	if err != nil {
		return fmt.Errorf("make the service's role: %w", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, rights); err != nil {
		return errors.Join(fmt.Errorf("grant rights: %w", err), tx.Rollback())
	}
	return tx.Commit()
}

// ServiceURL turns the owner's address into one whose connections work as the service's role from their first moment, for a
// sandbox and for tests. In production the service has a login of its own.
func ServiceURL(ownerURL string) string {
	u, err := url.Parse(ownerURL)
	if err != nil || u.Scheme == "" {
		return ownerURL + " role=" + serviceRole // a list of settings
	}
	q := u.Query()
	q.Set("role", serviceRole)
	u.RawQuery = q.Encode()
	return u.String()
}

// isCode reports whether the database refused with the SQLSTATE.
func isCode(err error, code pqerror.Code) bool {
	var refused *pq.Error
	return errors.As(err, &refused) && refused.Code == code
}
