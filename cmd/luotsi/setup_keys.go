package main

import (
	"context"
	"errors"
	"io/fs"

	"luotsi/store"
)

// setupKeysCmd makes the keys of an installation.
type setupKeysCmd struct {
	Keyset          string `name:"keyset-file" env:"LUOTSI_KEYSET_FILE" required:"" type:"path" help:"Keyset of the vault and the logs."`
	Kek             string `name:"kek-file" env:"LUOTSI_KEK_FILE" required:"" type:"path" help:"Key that encrypts the keyset."`
	DatabaseURL     string `env:"LUOTSI_DATABASE_URL" help:"Database, with the service's login: if given, it is looked at whether it was written with other keys."`
	DatabaseURLFile string `env:"LUOTSI_DATABASE_URL_FILE" type:"path" help:"File that holds it."`
}

// Run makes the files that are missing, for their owner's eyes only, and never writes to one that is there. It makes none for a
// database that was written with others.
func (s *setupKeysCmd) Run(ctx context.Context, o *out) error {
	keys, err := store.LoadKeys(s.Keyset, s.Kek, false)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return badKeys(err)
	}
	if err := s.lookAtDatabase(ctx, keys, o); err != nil {
		return err
	}
	if !missing {
		o.say("The keys are in %s and %s already; nothing was changed.", s.Keyset, s.Kek)
		return nil
	}
	if _, err := store.LoadKeys(s.Keyset, s.Kek, true); err != nil {
		return badKeys(err)
	}
	o.say("The keys are in %s and %s. Keep a copy of both, apart from the database's: without them nobody can ever read the data.", s.Keyset, s.Kek)
	return nil
}

// lookAtDatabase refuses when the database that is configured was written with other keys; keys are nil when they are to be made. A
// database that cannot be looked at yet is told of: a new installation may make its keys first.
func (s *setupKeysCmd) lookAtDatabase(ctx context.Context, keys *store.Keys, o *out) error {
	if s.DatabaseURL == "" && s.DatabaseURLFile == "" {
		return nil
	}
	url, err := secretOr(s.DatabaseURL, s.DatabaseURLFile, "LUOTSI_DATABASE_URL")
	if err != nil {
		return err
	}
	fit, err := keysFit(ctx, url, keys)
	switch {
	case err != nil:
		o.say("? Whether the database was written with other keys is not known: %s. When it is new, all is well.", err)
	case !fit && keys == nil:
		return errors.New("no keys were made: the database was written with others; put those back from their copy")
	case !fit:
		return store.ErrOtherKeys
	}
	return nil
}

func keysFit(ctx context.Context, url string, keys *store.Keys) (bool, error) {
	s, err := store.Look(ctx, url, keys)
	if err != nil {
		return false, err
	}
	defer s.Close() // nothing was written
	c, err := s.Checkup(ctx)
	return c.KeysFit, err
}
