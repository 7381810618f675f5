package main

import (
	"context"
	"fmt"

	"luotsi/store"
)

// verifyCmd checks the logs' hash chains and seals.
type verifyCmd struct {
	URL     string `name:"database-url" env:"LUOTSI_DATABASE_URL" help:"Database, with the service's login; it or its file is needed."`
	URLFile string `name:"database-url-file" env:"LUOTSI_DATABASE_URL_FILE" type:"path" help:"File that holds it."`
	Keyset  string `name:"keyset-file" env:"LUOTSI_KEYSET_FILE" required:"" type:"path" help:"Keyset of the vault and the logs."`
	Kek     string `name:"kek-file" env:"LUOTSI_KEK_FILE" required:"" type:"path" help:"Key that encrypts the keyset."`
}

// Run verifies; a fault found is an error.
func (v *verifyCmd) Run(ctx context.Context, o *out) error {
	url, err := secretOr(v.URL, v.URLFile, "LUOTSI_DATABASE_URL")
	if err != nil {
		return err
	}
	keys, err := store.LoadKeys(v.Keyset, v.Kek, false)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, url, keys)
	if err != nil {
		return err
	}
	defer s.Close()
	report, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	o.say("Chains %d, rows %d, seals %d.", report.Chains, report.Rows, report.Seals)
	for _, fault := range report.Faults {
		o.say("FAULT: %s", fault)
	}
	if len(report.Faults) > 0 {
		return fmt.Errorf("the logs have %d faults", len(report.Faults))
	}
	o.say("The logs are whole.")
	return nil
}
