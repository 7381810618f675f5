package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/store"
)

// setUp is what deploy/mattermost.md tells an administrator to do, and starts the service.
func (w *e2e) setUp() {
	listener, err := (&net.ListenConfig{}).Listen(w.t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	w.base = "http://" + listener.Addr().String()
	database := w.makeDatabase()
	w.luotsi("migrate", "--database-url", database)
	keyset, kek := filepath.Join(w.dir, "keyset.json"), filepath.Join(w.dir, "kek")
	w.luotsi("setup", "keys", "--keyset-file", keyset, "--kek-file", kek)
	env := w.setUpMattermost()
	w.importPeople(database, keyset, kek, env)
	w.start(listener, serveCmd{
		BaseURL: w.base, Language: "fi", Timezone: "Europe/Helsinki", EmergencyPhone: "112",
		databaseFlags: databaseFlags{DatabaseURL: store.ServiceURL(database), Keyset: keyset, Kek: kek},
		Mattermost: mattermostFlags{
			URL: env["LUOTSI_MATTERMOST_URL"], Token: env["LUOTSI_MATTERMOST_TOKEN"], Team: env["LUOTSI_MATTERMOST_TEAM"],
			CommandTokens: strings.Split(env["LUOTSI_MATTERMOST_COMMAND_TOKENS"], ","), Queue: env["LUOTSI_MATTERMOST_COORDINATOR_CHANNEL"],
		},
	})
	for _, p := range w.people {
		p.dm = p.directWith(w.bot)
	}
	w.t.Log("luotsi doctor:\n" + w.luotsi("doctor", "--base-url", w.base, "--database-url", store.ServiceURL(database), "--keyset-file", keyset, "--kek-file", kek,
		"--mattermost-url", w.url, "--mattermost-token", env["LUOTSI_MATTERMOST_TOKEN"], "--mattermost-team", env["LUOTSI_MATTERMOST_TEAM"],
		"--mattermost-command-tokens", env["LUOTSI_MATTERMOST_COMMAND_TOKENS"], "--mattermost-coordinator-channel", w.queue, "--admin-token", w.admin.token))
}

// setUpMattermost sets up twice: the second time there is nothing left to do.
func (w *e2e) setUpMattermost() map[string]string {
	file, secret := filepath.Join(w.dir, "luotsi.env"), filepath.Join(w.dir, "password")
	if err := os.WriteFile(secret, []byte(os.Getenv(e2ePassword)), 0o600); err != nil {
		w.t.Fatal(err)
	}
	for _, last := range []bool{false, true} {
		told := w.luotsi("setup", "mattermost", "--url", w.url, "--admin-login", os.Getenv(e2eLogin), "--admin-password-file", secret,
			"--team", "luotsi-"+w.suffix, "--base-url", w.base, "--env-file", file, "--bot", w.name("luotsi"), "--coordinator", w.name("paula"))
		if last && strings.Contains("\n"+told, "\n+ ") {
			w.t.Errorf("setting up again changed something:\n%s", told)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		w.t.Errorf("the environment file is not its owner's alone: %v, %v", info.Mode(), err)
	}
	made, err := openEnvFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	var luotsi model.User
	w.admin.must(http.MethodGet, "/users/username/"+w.name("luotsi"), nil, &luotsi)
	w.bot = luotsi.Id
	w.whole.Cleanup(func() { w.admin.must(http.MethodPost, "/bots/"+w.bot+"/disable", nil, nil) })
	w.queue = made.values()["LUOTSI_MATTERMOST_COORDINATOR_CHANNEL"]
	return made.values()
}

// importPeople brings the people into Luotsi's directory, linked to their accounts.
func (w *e2e) importPeople(database, keyset, kek string, env map[string]string) {
	units, people := "code,name,register,care\n", "login,email,name,unit,profession,roles,language\n"
	for _, u := range sandboxUnits {
		care := map[bool]string{true: "yes", false: "no"}[u.Care]
		units += fmt.Sprintf("%s,%s,%s,%s\n", u.Code, u.Name, u.Register, care)
	}
	for _, p := range e2ePeople {
		if p.unit != "" {
			people += fmt.Sprintf("%s,,%s,%s,%s,%s,fi\n", w.name(p.login), strings.ToUpper(p.login[:1])+p.login[1:], p.unit, p.profession, p.roles)
		}
	}
	paths := map[string]string{"units.csv": units, "people.csv": people}
	for name, text := range paths {
		paths[name] = filepath.Join(w.dir, name)
		if err := os.WriteFile(paths[name], []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
	told := w.luotsi("people", "import", paths["people.csv"], "--units", paths["units.csv"], "--apply", "--database-url", store.ServiceURL(database),
		"--keyset-file", keyset, "--kek-file", kek, "--mattermost-url", w.url, "--mattermost-token", env["LUOTSI_MATTERMOST_TOKEN"])
	if !strings.Contains(told, "5 added") || strings.Contains(told, "without an account") {
		w.t.Fatalf("the people were not imported with their accounts:\n%s", told)
	}
}

// name is what an account of this run is called.
func (w *e2e) name(login string) string { return login + "-" + w.suffix }

// luotsi is the program with its arguments, and what it tells. It must succeed.
func (w *e2e) luotsi(args ...string) string {
	w.t.Helper()
	told, err := os.CreateTemp(w.dir, "told")
	if err != nil {
		w.t.Fatal(err)
	}
	defer told.Close()
	code := run(args, told, told)
	text, err := os.ReadFile(told.Name())
	if err != nil || code != 0 {
		w.t.Fatalf("luotsi %s: exit code %d, %v\n%s", strings.Join(args[:2], " "), code, err, text)
	}
	return string(text)
}
