package main

import (
	"context"

	"luotsi/store"
)

// migrateCmd brings the database to this version. It may run any number of times, also by several at once.
type migrateCmd struct {
	URL     string `name:"database-url" env:"LUOTSI_MIGRATE_DATABASE_URL" help:"Database, with the owner's login; it or its file is needed."`
	URLFile string `name:"database-url-file" env:"LUOTSI_MIGRATE_DATABASE_URL_FILE" type:"path" help:"File that holds it."`
}

// Run migrates.
func (m *migrateCmd) Run(ctx context.Context, o *out) error {
	url, err := secretOr(m.URL, m.URLFile, "LUOTSI_MIGRATE_DATABASE_URL")
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, url, store.MigrateOptions{Kind: store.Production}); err != nil {
		return err
	}
	o.say("The database is at this version.")
	return nil
}
