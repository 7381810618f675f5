package sandbox

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
)

//go:embed schema.sql
var schemaSQL string

// Migrate makes the sandbox's own schema and tables. It needs the owner's rights and changes nothing the second time.
// The roles named may then use the tables; they get no right to change them.
func Migrate(ctx context.Context, db *sql.DB, roles ...string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrating the sandbox: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, schemaSQL); err != nil {
		return fmt.Errorf("migrating the sandbox: %w", err)
	}
	for _, role := range roles {
		if _, err := tx.ExecContext(ctx, `select sandbox.open_to($1)`, role); err != nil {
			return fmt.Errorf("opening the sandbox to its role: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrating the sandbox: %w", err)
	}
	return nil
}
