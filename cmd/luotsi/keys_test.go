package main

import (
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

// filledDesk has a production database with a client in it, and other keys beside its own.
func filledDesk(t *testing.T) (d *desk, own, others []string) {
	d, _ = productionDesk(t)
	f := databaseFlags{Keyset: d.path("keyset.json"), Kek: d.path("kek"), DatabaseURL: d.database()}
	s, _, err := f.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Within(t.Context(), monday, func(tx *store.Tx) error {
		raised, err := casework.Raise("BCDFGHJ-K", casework.Concern{
			Raiser: casework.Person{Login: "paula", Unit: "ASIAKASOHJAUS", Register: casework.Social}, Basis: "shl35_1_client_agrees",
			Criteria: []string{"many_contacts", "at_risk"}, Urgency: "normal", HasIdentity: true,
		}, monday)
		if err != nil {
			return err
		}
		id, err := tx.Add(t.Context(), raised, nil)
		if err != nil {
			return err
		}
		return tx.PutIdentity(t.Context(), id, casework.Identity{Name: "Nimi Esimerkki"})
	})
	if err != nil {
		t.Fatal(err)
	}
	others = []string{"--keyset-file", d.path("other.json"), "--kek-file", d.path("other")}
	if code, _, errs := d.run(append([]string{"setup", "keys"}, others...)...); code != 0 {
		t.Fatal(errs)
	}
	return d, []string{"--keyset-file", f.Keyset, "--kek-file", f.Kek}, others
}

// database is the address of the desk's database.
func (d *desk) database() string {
	for i, arg := range d.args {
		if arg == "--database-url" {
			return d.args[i+1]
		}
	}
	return ""
}

// Under keys that did not write what is there nothing works, and every command says why and what to do.
func TestOtherKeysAreRefused(t *testing.T) {
	d, own, others := filledDesk(t)
	at := []string{"--database-url", d.database()}
	people := d.write("people.csv", somePeople)
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"serve":       {append([]string{"serve", "--listen", "127.0.0.1:0", "--base-url", "http://127.0.0.1:1"}, others...), "these are not the keys that the database's data were written with"},
		"import":      {append([]string{"people", "import", people, "--apply"}, others...), "these are not the keys"},
		"close":       {append([]string{"people", "close", "paula"}, others...), "these are not the keys"},
		"audit":       {append([]string{"audit", "verify"}, others...), "the logs do not verify: these are not the keys"},
		"doctor":      {append([]string{"doctor"}, others...), "error: These are not the keys that the database's data were written with."},
		"keys there":  {append([]string{"setup", "keys"}, others...), "these are not the keys"},
		"keys anew":   {[]string{"setup", "keys", "--keyset-file", d.path("new.json"), "--kek-file", d.path("new")}, "no keys were made: the database was written with others"},
		"no kek":      {[]string{"doctor", "--keyset-file", d.path("keyset.json"), "--kek-file", d.path("none")}, "The keys are not there"},
		"another kek": {[]string{"doctor", "--keyset-file", d.path("keyset.json"), "--kek-file", d.path("other")}, "The keys cannot be used"},
	} {
		code, said, errs := d.run(append(tt.args, at...)...)
		if code != 1 || !strings.Contains(said+errs, tt.want) {
			t.Errorf("%s: want %q, said (%d) %s%s", name, tt.want, code, said, errs)
		}
	}
	if _, err := os.Stat(d.path("new.json")); err == nil {
		t.Error("keys were made for a database that was written with others")
	}
	if code, said, errs := d.run(append(append([]string{"audit", "verify"}, own...), at...)...); code != 0 {
		t.Errorf("the logs were spoiled: %s%s", said, errs)
	}
	if code, said, errs := d.run(append(append([]string{"setup", "keys"}, own...), at...)...); code != 0 || !strings.Contains(said, "already; nothing was changed") {
		t.Errorf("its own keys: %s%s", said, errs)
	}
}

// A service that finds no keys says what doctor says.
func TestServeSaysWhereKeysComeFrom(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	c := serveCmd{databaseFlags: databaseFlags{DatabaseURL: "postgres://127.0.0.1:1/x", Keyset: d.path("keyset.json"), Kek: d.path("kek")}}
	_, err := openService(t.Context(), c, time.Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err == nil || !strings.Contains(err.Error(), "A new installation makes them with luotsi setup keys") {
		t.Error(err)
	}
}

// A new installation may make its keys before there is a database.
func TestKeysBeforeTheDatabase(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	code, said, errs := d.run("setup", "keys", "--keyset-file", d.path("keyset.json"), "--kek-file", d.path("kek"), "--database-url", "postgres://127.0.0.1:1/x")
	if code != 0 || !strings.Contains(said, "? Whether the database was written with other keys is not known") || !strings.Contains(said, "Keep a copy of both") {
		t.Error(code, said, errs)
	}
}
