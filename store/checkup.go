package store

import (
	"context"
	"fmt"
)

// Checkup is what the database tells of itself and of the login that is connected.
type Checkup struct {
	Kind         Kind
	Login        string
	ChangesLogs  bool // the login could change or remove rows of the logs, which the service's must not
	KeysFit      bool // what is stored was written under the store's keys; true when nothing has been written under keys yet
	People       int  // in the directory, whose access is not closed
	Coordinators int  // of them
}

// Checkup looks at the installation without changing anything.
func (s *Store) Checkup(ctx context.Context) (c Checkup, err error) {
	err = s.db.QueryRowContext(ctx, `select
		coalesce((select kind from installation), ''), current_user,
		(select bool_or(has_table_privilege(log, 'update, delete, truncate'))
			from unnest(array['access_log', 'disclosure_log', 'log_seals', 'log_seal_heads', 'duty_notices']) log),
		(select count(*) from people where not disabled),
		(select count(*) from people where not disabled and $1 = any (roles))`, roleCoordinator).
		Scan(&c.Kind, &c.Login, &c.ChangesLogs, &c.People, &c.Coordinators)
	if err != nil {
		return c, fmt.Errorf("look at the database: %w", err)
	}
	if c.KeysFit, err = s.keysFit(ctx); err != nil {
		return c, fmt.Errorf("look at the database: %w", err)
	}
	return c, nil
}

// keysFit reports whether the keys are those that the logs and the vault were written under. One row that verifies is enough: the
// others may have been tampered with, or written under wrong keys, which is for Verify to tell, and must not keep Luotsi from its
// work. What begins a chain is looked at too, as its end is written anew with every row.
func (s *Store) keysFit(ctx context.Context) (bool, error) {
	written, fit, err := anyFits(ctx, s, `select * from log_chains where seq > 0`, func(h head) bool {
		return s.keys.log.VerifyMAC(h.MAC, h.canonical()) == nil
	})
	if err == nil && written && !fit {
		_, fit, err = anyFits(ctx, s, `select * from access_log where seq = 1`, func(row accessRow) bool {
			return s.keys.log.VerifyMAC(row.Hash, canonical(accessLog, row)) == nil
		})
	}
	if err != nil || written && !fit {
		return false, err
	}
	written, fit, err = anyFits(ctx, s, selecting[vaultRow]("vault")+`where name is not null`, func(row vaultRow) bool {
		trial := &cipher{keys: s.keys, table: "vault", row: fmt.Sprint(row.CaseID)}
		trial.open("name", row.Name)
		return trial.err == nil
	})
	return fit || !written, err
}

// anyFits reports whether there are any rows, and whether one of them fits; without keys none does.
func anyFits[R any](ctx context.Context, s *Store, query string, fits func(R) bool) (there, fit bool, err error) {
	rows, err := s.db.QueryxContext(ctx, query)
	if err != nil {
		return false, false, err
	}
	defer rows.Close()
	for rows.Next() && !fit {
		var row R
		if err := rows.StructScan(&row); err != nil {
			return false, false, err
		}
		there, fit = true, s.keys != nil && fits(row)
	}
	return there, fit, rows.Err()
}
