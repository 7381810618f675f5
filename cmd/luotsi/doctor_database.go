package main

import (
	"context"
	"errors"
	"time"

	"luotsi/bot"
	"luotsi/store"
)

// lookAtDatabase looks at the keys, the database and the directory in it.
func (d *doctorCmd) lookAtDatabase(ctx context.Context) []bot.Finding {
	found := []bot.Finding{}
	keys, fault := d.lookAtKeys()
	found = append(found, fault...)
	address, err := secretOr(d.DatabaseURL, d.DatabaseURLFile, "LUOTSI_DATABASE_URL")
	if err != nil {
		return append(found, isFault(err.Error()+".", "Set it to the database's address with the service's login, luotsi_app."))
	}
	s, err := store.Look(ctx, address, keys)
	switch {
	case errors.Is(err, store.ErrNotMigrated):
		return append(found, isFault("The database is not at this version of Luotsi.", "Run luotsi migrate with the owner's login."))
	case err != nil:
		return append(found, isFault("The database cannot be used: "+err.Error()+".", "Check LUOTSI_DATABASE_URL, the server, and the login's password."))
	}
	defer s.Close() // nothing was written
	return append(found, d.lookInside(ctx, s, keys != nil)...)
}

// lookInside looks at what the database holds and what its login may, and reads the directory for the chats' checks.
func (d *doctorCmd) lookInside(ctx context.Context, s *store.Store, keyed bool) (found []bot.Finding) {
	c, err := s.Checkup(ctx)
	if err != nil {
		return append(found, isFault("The database cannot be read: "+err.Error()+".", "Run luotsi migrate with the owner's login: it grants the service its rights."))
	}
	if c.Kind != store.Production {
		found = append(found, isFault("The database belongs to a sandbox.", "Use a database of its own for real work."))
	}
	if c.ChangesLogs {
		found = append(found, isFault("The login "+c.Login+" may change rows of the logs.", "Use the service's login luotsi_app in LUOTSI_DATABASE_URL, and the owner's for luotsi migrate only."))
	}
	if keyed && !c.KeysFit {
		found = append(found, isFault("These are not the keys that the database's data were written with.", "Put the right files back where LUOTSI_KEYSET_FILE and LUOTSI_KEK_FILE say; Luotsi does not start without."))
	}
	found = append(found, lookAtDirectory(c)...)
	err = s.Within(ctx, time.Time{}, func(tx *store.Tx) (err error) {
		if d.people, err = tx.Users(ctx); err == nil {
			d.accounts, err = tx.Accounts(ctx)
		}
		return err
	})
	if err != nil {
		found = append(found, isFault("The directory cannot be read: "+err.Error()+".", "Run luotsi migrate with the owner's login."))
	}
	return found
}

func lookAtDirectory(c store.Checkup) []bot.Finding {
	switch {
	case c.People == 0:
		return []bot.Finding{isFault("The people directory is empty, so Luotsi knows nobody.", "Run luotsi people import.")}
	case c.Coordinators == 0:
		return []bot.Finding{isFault("Nobody in the people directory is a coordinator, so concerns are seen by nobody.", "Give somebody the role coordinator and run luotsi people import.")}
	}
	return nil
}

func (d *doctorCmd) lookAtKeys() (*store.Keys, []bot.Finding) {
	if d.Keyset == "" || d.Kek == "" {
		return nil, []bot.Finding{isFault("LUOTSI_KEYSET_FILE or LUOTSI_KEK_FILE is not set.", "Set both to the files that luotsi setup keys makes.")}
	}
	keys, err := store.LoadKeys(d.Keyset, d.Kek, false)
	if err != nil {
		return nil, []bot.Finding{keysFault(err)}
	}
	return keys, nil
}
