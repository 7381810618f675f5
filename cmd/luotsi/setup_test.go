package main

import (
	"os"
	"strings"
	"testing"

	"luotsi/store"
	"luotsi/store/storetest"
)

func TestAnEnvironmentFileKeepsWhatItDoesNotKnow(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	path := d.write("e.env", "# mine\nOTHER=\"a b\"\nLUOTSI_X=old\n")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	e, err := openEnvFile(path)
	if err != nil || !e.wasOpen || e.values()["OTHER"] != "a b" {
		t.Fatal(err, e)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("not closed at once: %v %v", err, info.Mode())
	}
	for _, set := range [][2]string{{"LUOTSI_X", "new"}, {"LUOTSI_Y", "https://a.example.org:8/b,c"}, {"LUOTSI_Y", "https://a.example.org:8/b,c"}} {
		if err := e.set(set[0], set[1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.set("LUOTSI_Z", "a b; rm"); err == nil {
		t.Error("a value that a shell would run was written")
	}
	text, err := os.ReadFile(path)
	if want := "# mine\nOTHER=\"a b\"\nLUOTSI_X=new\nLUOTSI_Y=https://a.example.org:8/b,c\n"; err != nil || string(text) != want {
		t.Errorf("%v %q", err, text)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", err, info.Mode())
	}
	if entries, err := os.ReadDir(d.dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}

func TestSetupWantsAnAdministrator(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	args := []string{"setup", "mattermost", "--url", "http://127.0.0.1:1", "--base-url", "http://luotsi", "--env-file", d.path("m.env")}
	if code, _, errs := d.run(args...); code != 1 || !strings.Contains(errs, "--admin-token") {
		t.Error(code, errs)
	}
	if code, _, errs := d.run(append(args, "--admin-token", "geheim")...); code != 1 || !strings.Contains(errs, "does not answer") || strings.Contains(errs, "geheim") {
		t.Error(code, errs)
	}
	if code, _, _ := d.run(append(args, "--language", "de")...); code != 2 {
		t.Errorf("a language nobody speaks: %d", code)
	}
	if _, err := os.Stat(d.path("m.env")); err == nil {
		t.Error("a file was written for nothing")
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	d := newDesk(t)
	before, err := os.ReadFile(d.path("keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	if code, said, errs := d.run("setup", "keys", "--keyset-file", d.path("keyset.json"), "--kek-file", d.path("kek")); code != 0 {
		t.Error(said, errs)
	}
	if after, err := os.ReadFile(d.path("keyset.json")); err != nil || string(after) != string(before) {
		t.Error("the keys were made anew", err)
	}
}

// productionDesk has a production database with people in it, and something that answers as Luotsi.
func productionDesk(t *testing.T) (d *desk, owner string) {
	d = newDesk(t)
	server := storetest.Server(t)
	storetest.Connect(t, server.URL("postgres")).MustExec("create database " + strings.ToLower(t.Name()))
	owner = server.URL(strings.ToLower(t.Name()))
	if err := store.Migrate(t.Context(), owner, store.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	luotsi := answering(t, nil)
	d.args[len(d.args)-1] = store.ServiceURL(owner)
	if code, said := d.imports(d.write("people.csv", somePeople), "--units", d.write("units.csv", someUnits), "--apply"); code != 0 {
		t.Fatal(said)
	}
	d.args = append(d.args, "--base-url", luotsi)
	return d, owner
}

func TestDoctorFindsNothingOrSaysWhat(t *testing.T) {
	d, owner := productionDesk(t)
	if code, said, errs := d.run(append([]string{"doctor"}, d.args...)...); code != 0 || !strings.Contains(said, "No errors, 0 hints.") {
		t.Fatal(said, errs)
	}
	for want, change := range map[string][]string{
		"may change rows of the logs":     {"--database-url", owner},
		"not at this version":             {"--database-url", storetest.Server(t).URL("postgres")},
		"cannot be used":                  {"--database-url", "postgres://127.0.0.1:1/x"},
		"The keys are not there":          {"--kek-file", d.path("none")},
		"does not answer":                 {"--base-url", "http://127.0.0.1:1"},
		"without encryption":              {"--base-url", "http://luotsi.invalid"},
		"LUOTSI_MATTERMOST_TEAM is not":   {"--mattermost-url", "http://127.0.0.1:1"},
		"No Mattermost server answers at": {"--mattermost-url", "http://127.0.0.1:1", "--mattermost-token", "geheim"},
		"belongs to a sandbox":            {"--database-url", store.ServiceURL(storetest.URL(t))},
		"directory is empty":              {"--database-url", store.ServiceURL(storetest.URL(t))},
	} {
		code, said, errs := d.run(append(append([]string{"doctor"}, d.args...), change...)...)
		if code != 1 || !strings.Contains(said, want) || !strings.Contains(errs, " error") || strings.Contains(said+errs, "geheim") {
			t.Errorf("want %q, said (%d) %s%s", want, code, said, errs)
		}
	}
	code, said, _ := d.run("doctor")
	for _, want := range []string{"LUOTSI_KEYSET_FILE or LUOTSI_KEK_FILE is not set", "LUOTSI_DATABASE_URL is not set", "LUOTSI_BASE_URL is not"} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("want %q, said (%d) %s", want, code, said)
		}
	}
	if err := os.Chmod(d.path("kek"), 0o640); err != nil {
		t.Fatal(err)
	}
	if code, said, _ := d.run(append([]string{"doctor"}, d.args...)...); code != 1 || !strings.Contains(said, "The keys are not safe") {
		t.Error(said)
	}
}
