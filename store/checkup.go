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
	KeysFit      bool // the keys open what is stored; true when there is nothing to open yet
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
	var sealed []vaultRow
	if err := s.db.SelectContext(ctx, &sealed, selecting[vaultRow]("vault")+`where name is not null limit 1`); err != nil {
		return c, fmt.Errorf("look at the database: %w", err)
	}
	c.KeysFit = true
	for _, row := range sealed {
		trial := &cipher{keys: s.keys, table: "vault", row: fmt.Sprint(row.CaseID)}
		trial.open("name", row.Name)
		c.KeysFit = trial.err == nil
	}
	return c, nil
}
