package store_test

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// emptyDatabase is one that nothing has been migrated in.
func emptyDatabase(t *testing.T, name string) string {
	t.Helper()
	server := storetest.Server(t)
	if _, err := storetest.Connect(t, server.URL("postgres")).Exec("create database " + name); err != nil {
		t.Fatal(err)
	}
	return server.URL(name)
}

func TestFourMigrateAtOnceAndAgain(t *testing.T) {
	url := emptyDatabase(t, "four_at_once")
	for range 2 {
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				if err := store.Migrate(t.Context(), url, store.MigrateOptions{Kind: store.Sandbox}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
	}
	s, err := store.Open(t.Context(), store.ServiceURL(url), newKeys(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestADatabaseServesOneKind(t *testing.T) {
	url := storetest.URL(t)
	if err := store.Migrate(t.Context(), url, store.MigrateOptions{Kind: store.Sandbox}); !errors.Is(err, store.ErrOtherKind) {
		t.Errorf("a sandbox in production's database: %v", err)
	}
	if err := store.Migrate(t.Context(), url, store.MigrateOptions{}); err != nil {
		t.Errorf("production again: %v", err)
	}
}

func TestAnUnmigratedDatabaseIsRefused(t *testing.T) {
	url := emptyDatabase(t, "unmigrated")
	if _, err := store.Open(t.Context(), url, newKeys(t)); !errors.Is(err, store.ErrNotMigrated) {
		t.Errorf("empty database: %v", err)
	}
	url = storetest.URL(t)
	storetest.Connect(t, url).MustExec("delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)")
	if _, err := store.Open(t.Context(), store.ServiceURL(url), newKeys(t)); !errors.Is(err, store.ErrNotMigrated) {
		t.Errorf("older database: %v", err)
	}
}

func TestAnAddressIsNeverRepeated(t *testing.T) {
	const address = "postgres://u:geheim@[::bad/x"
	_, err := store.Open(t.Context(), address, newKeys(t))
	for _, err := range []error{err, store.Migrate(t.Context(), address, store.MigrateOptions{})} {
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("error %v", err)
		}
	}
}

// The service works as its own role from the first moment, in every connection.
func TestTheServiceIsNotTheOwner(t *testing.T) {
	w := newWorld(t)
	var role string
	if err := w.DB().Get(&role, "select current_user"); err != nil || role != "luotsi_app" {
		t.Errorf("role %q, %v", role, err)
	}
	for _, s := range []string{"update installation set kind = 'sandbox'", "delete from cases", "delete from consents", "delete from vault", "delete from meetings", "delete from absences", "create table x ()", "alter table access_log disable trigger all", "drop trigger append_only on access_log"} {
		if _, err := w.DB().Exec(s); err == nil {
			t.Errorf("the service may %q", s)
		}
	}
}

// Whoever steals a dump learns neither who anybody is nor a word of what was written.
func TestADumpHoldsNoWords(t *testing.T) {
	w := newWorld(t)
	id := w.together("dumped", start)
	for _, act := range []func(casework.Case) (casework.Case, error){
		func(c casework.Case) (casework.Case, error) { return c.Cancel(1, "client_ill", start) },
		func(c casework.Case) (casework.Case, error) {
			return c.Notify(person("ville"), casework.DutyNotice{Ground: "atl55_2", Facts: secret, Target: "ngo", ClientInformed: "yes"}, start)
		},
		func(c casework.Case) (casework.Case, error) {
			return c.Transfer(person("katri"), secret, start.Add(time.Hour))
		},
	} {
		w.act(id, start, act)
	}
	w.act(w.raise("redirected", start), start, func(c casework.Case) (casework.Case, error) {
		return c.Redirect(person("paula"), casework.Decision{Target: "ngo", Ground: "shl40_client_agrees", Reason: secret, Guidance: secret}, start)
	})
	w.within(start, func(tx *store.Tx) error {
		return errors.Join(tx.Remember(t.Context(), "ville", "r", []byte(secret)), tx.PutNearName(t.Context(), id, realName))
	})
	var dump bytes.Buffer
	cmd := exec.Command(storetest.Server(t).Bin("pg_dump"), "--dbname="+w.owner)
	cmd.Stdout = &dump
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	text := dump.String()
	if !strings.Contains(text, string(newCode(t, "dumped"))) {
		t.Fatal("the dump lacks the case")
	}
	for _, word := range []string{"SALASANA", "Asiakasnimi", realCode, strings.ToLower(realCode), hexOf("SALASANA"), hexOf(realName), hexOf(realCode)} {
		if strings.Contains(text, word) {
			t.Errorf("the dump holds %q", word)
		}
	}
}
