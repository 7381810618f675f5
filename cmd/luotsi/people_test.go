package main

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// desk is where an administrator types commands: files, keys and a database of their own.
type desk struct {
	t    *testing.T
	dir  string
	args []string // database and keys
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, dir: t.TempDir()}
	keys := []string{"--keyset-file", d.path("keyset.json"), "--kek-file", d.path("kek")}
	if code, _, errs := d.run(append([]string{"setup", "keys"}, keys...)...); code != 0 {
		t.Fatal(errs)
	}
	d.args = append(keys, "--database-url", store.ServiceURL(storetest.URL(t)))
	return d
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) write(name, text string) string {
	d.t.Helper()
	if err := os.WriteFile(d.path(name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return d.path(name)
}

// run is the program itself.
func (d *desk) run(args ...string) (code int, said, errs string) {
	d.t.Helper()
	var files [2]*os.File
	for i := range files {
		var err error
		if files[i], err = os.CreateTemp(d.dir, "out"); err != nil {
			d.t.Fatal(err)
		}
		defer files[i].Close()
	}
	code = run(args, files[0], files[1])
	var texts [2]string
	for i, f := range files {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			d.t.Fatal(err)
		}
		texts[i] = string(text)
	}
	return code, texts[0], texts[1]
}

func (d *desk) imports(args ...string) (code int, said string) {
	d.t.Helper()
	code, said, errs := d.run(append(append([]string{"people", "import"}, args...), d.args...)...)
	return code, said + errs
}

const (
	someUnits  = "code,name,register,care\nASIAKASOHJAUS,Asiakasohjaus,social,yes\nKOTIHOITO-B,Kotihoito B,health,kyllä\nJARJESTO,Järjestö,third_sector,yes\nHALLINTO,Hallinto,,no\n"
	somePeople = "login,email,name,unit,profession,roles,language\n" +
		"paula,,Paula Esimerkki,ASIAKASOHJAUS,palveluohjaaja,professional coordinator,\n" +
		",kaisa.k@example.org,Kaisa Esimerkki,kotihoito-b,sairaanhoitaja,professional,sv\n"
)

func TestPeopleAreShownThenImported(t *testing.T) {
	d := newDesk(t)
	people, units := d.write("people.csv", somePeople), d.write("units.csv", someUnits)
	for i, tt := range []struct {
		args []string
		want []string
	}{
		{nil, []string{"+ unit HALLINTO", "+ paula: Paula Esimerkki, ASIAKASOHJAUS", "+ kaisa.k: ", "2 added", "--apply"}},
		{[]string{"--apply"}, []string{"2 added, 0 changed", "Done."}},
		{[]string{"--apply"}, []string{"0 added, 0 changed, 2 as they were.", "as the file says"}},
	} {
		code, said := d.imports(append([]string{people, "--units", units}, tt.args...)...)
		for _, want := range tt.want {
			if code != 0 || !strings.Contains(said, want) {
				t.Errorf("%d: want %q, said (%d) %s", i, want, code, said)
			}
		}
	}
	changed := strings.Replace(somePeople, "sairaanhoitaja,professional,sv", "sairaanhoitaja,professional supervisor,fi", 1)
	code, said := d.imports(d.write("people.csv", strings.Replace(changed, "paula,,", "toinen,,", 1)), "--apply")
	for _, want := range []string{"~ kaisa.k: roles professional -> professional supervisor", "+ toinen", "? not in the file, left as they are (1): paula"} {
		if code != 0 || !strings.Contains(said, want) {
			t.Errorf("want %q, said %s", want, said)
		}
	}
}

func TestBadRowsAreAllToldAndNothingIsImported(t *testing.T) {
	d := newDesk(t)
	units := d.write("units.csv", someUnits+"kotihoito b,,housing,perhaps\nHALLINTO,Toinen,health,no\n")
	people := d.write("people.csv", somePeople+
		",,Nimetön,HALLINTO,,dpo,fi\n"+ // 4
		"Esko Oja,,Esko,HALLINTO,,dpo,fi\n"+
		"esko,ei osoite,,EI-OLE,,pomo,de\n"+ // 6
		"jaana,,Jaana,JARJESTO,työntekijä,guest coordinator professional,fi\n"+
		"pekka,,Pekka,JARJESTO,työntekijä,professional,fi\n"+ // 8
		"anu,,Anu,KOTIHOITO-B,hoitaja,guest,fi\n"+
		"olli,,Olli,ASIAKASOHJAUS,ohjaaja,coordinator,fi\n"+ // 10
		"ulla,,Ulla,HALLINTO,ohjaaja,professional coordinator,fi\n"+
		"paula,,Toinen Paula,KOTIHOITO-B,hoitaja,professional,fi\n"+ // 12
		"eeva,,Eeva,KOTIHOITO-B,,professional,fi\n"+
		"system,,Eino,KOTIHOITO-B,,,fi\n"+ // 14
		"vain,kolme,kenttää\n")
	code, said := d.imports(people, "--units", units, "--apply")
	for _, want := range []string{
		"units.csv, line 6: code must", "line 6: name is missing", "line 6: register must", "line 6: care must", "units.csv, line 7: HALLINTO stands on line 5",
		"people.csv, line 4: login or email", `line 5: the login "esko oja"`, "line 6: email is not", "line 6: name is missing",
		`line 6: there is no unit "EI-OLE"`, `line 6: there is no role "pomo"`, "line 6: language must", "line 7: a guest can have no other role",
		"line 8: people of a unit of the third sector", "line 9: a guest belongs", "line 10: a coordinator needs the role professional",
		"line 11: a coordinator's unit", "line 12: the login paula is that of line 2", "line 13: profession is missing", `line 14: the login "system"`,
		"line 14: roles are missing", "line 15: 3 values for 7 columns", "14 bad rows; nothing was imported",
	} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("want %q, said (%d)\n%s", want, code, said)
		}
	}
	if code, said := d.imports(d.write("people.csv", somePeople)); code != 1 || !strings.Contains(said, "no unit") {
		t.Errorf("units of a refused import are there: %s", said)
	}
}

func TestTablesAreReadAsSpreadsheetsWriteThem(t *testing.T) {
	d := &desk{t: t, dir: t.TempDir()}
	want := []tableRow{{2, map[string]string{"a": "ä, b", "b": "x"}}, {4, map[string]string{"a": "", "b": "y"}}}
	for name, text := range map[string]string{
		"comma": "a,b\n\"ä, b\",x\n\n,y\n", "semicolon": "A;B\nä, b;x\n;\n;y\n", "mark": "\ufeffb;a\r\nx;\"ä, b\"\r\n;\r\ny;\r\n", "tab": "a\tb\nä, b\tx\n\t\n\ty",
	} {
		got, err := readTable(d.write("t.csv", text), "a", "b")
		if err != nil || len(got.bad) > 0 {
			t.Errorf("%s: %v %v", name, err, got.bad)
		}
		if diff := cmp.Diff(want, got.rows, cmp.AllowUnexported(tableRow{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for text, want := range map[string]string{
		"a,b\nx,\xe4\n": "line 2: not UTF-8", "a,c\n": `there is no column "c", b is missing; the first line must name the columns a,b`, "a,b,a\n": "a stands there twice", "": "no header",
	} {
		if _, err := readTable(d.write("t.csv", text), "a", "b"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	got, err := readTable(d.write("t.csv", "a,b\n\"x\"y,z\nu,v\n\"w\nw\",x\n"), "a", "b")
	if err != nil || len(got.bad) != 2 || got.bad[0].line != 2 || got.bad[1].line != 4 {
		t.Errorf("%v %v", err, got.bad)
	}
	if !errors.As(badRows(got.bad), new(badRows)) {
		t.Error("bad rows are no error")
	}
}

// directoryServer is a Mattermost that knows the accounts, each as username, e-mail address, roles; proving: addresses must be
// confirmed there.
func directoryServer(t *testing.T, proving bool, accounts map[string][3]string) string {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/v4/config/client" {
			_ = json.NewEncoder(w).Encode(map[string]string{"Version": "9.10.0", "RequireEmailVerification": strconv.FormatBool(proving)})
			return
		}
		for id, a := range accounts {
			if r.URL.Path == "/api/v4/users/username/"+a[0] || r.URL.Path == "/api/v4/users/email/"+a[1] {
				_ = json.NewEncoder(w).Encode(map[string]any{"id": id, "username": a[0], "email": a[1], "roles": a[2]})
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"id":"x","message":"no such user","status_code":404}`))
	}))
	t.Cleanup(web.Close)
	return web.URL
}

func (d *desk) stored() (accounts map[string][]casework.Account) {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), d.args[len(d.args)-1], nil)
	if err != nil {
		d.t.Fatal(err)
	}
	defer s.Close()
	err = s.Within(d.t.Context(), monday, func(tx *store.Tx) (err error) {
		accounts, err = tx.Accounts(d.t.Context())
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return accounts
}

func TestAccountsAreLinkedById(t *testing.T) {
	d := newDesk(t)
	people, units := d.write("people.csv", somePeople), d.write("units.csv", someUnits)
	if code, said := d.imports(people, "--units", units, "--apply"); code != 0 {
		t.Fatal(said)
	}
	known := map[string][3]string{"id1": {"paula", "p@example.org", "system_user"}}
	chat := []string{"--mattermost-url", directoryServer(t, true, known), "--mattermost-token", "token", "--apply", people}
	if code, said := d.imports(chat...); code != 0 || !strings.Contains(said, "~ paula: account mattermost none -> id1") ||
		!strings.Contains(said, "? without an account in mattermost (1): kaisa.k") {
		t.Fatal(said)
	}
	// Kaisa gets an account under another name: she stays who she was.
	known["id2"] = [3]string{"kaisakuu", "kaisa.k@example.org", "system_user"}
	if code, said := d.imports(chat...); code != 0 || !strings.Contains(said, "~ kaisa.k: account mattermost none -> id2") {
		t.Error(said)
	}
	// She changes her address and is found by the account, which is linked to her.
	known["id2"] = [3]string{"kaisakuu", "k.uusi@example.org", "system_user"}
	d.write("people.csv", strings.Replace(somePeople, "kaisa.k@", "k.uusi@", 1))
	if code, said := d.imports(chat...); code != 0 || !strings.Contains(said, "~ kaisa.k: email kaisa.k@example.org -> k.uusi@example.org") {
		t.Error(said)
	}
	want := map[string][]casework.Account{"paula": {{Platform: "mattermost", User: "id1"}}, "kaisa.k": {{Platform: "mattermost", User: "id2"}}}
	if diff := cmp.Diff(want, d.stored()); diff != "" {
		t.Error(diff)
	}
	// Somebody new has the name of an account by now: its own name becomes the login.
	known["id3"] = [3]string{"uusi.nimi", "u@example.org", "system_user"}
	d.write("people.csv", somePeople+",u@example.org,Uusi,KOTIHOITO-B,hoitaja,professional,fi\n")
	if code, said := d.imports(chat...); code != 0 || !strings.Contains(said, "+ uusi.nimi: Uusi") {
		t.Error(said)
	}
}

func TestAccountsThatCannotBeTheirs(t *testing.T) {
	d := newDesk(t)
	units := d.write("units.csv", someUnits)
	chat := directoryServer(t, true, map[string][3]string{
		"id1": {"paula", "p@example.org", "system_user"}, "id2": {"kaisa", "k@example.org", "system_guest"}, "id3": {"ville", "v@example.org", "system_user"},
	})
	row := func(login, email string) string {
		return login + "," + email + ",Nimi,KOTIHOITO-B,hoitaja,professional,fi\n"
	}
	header := "login,email,name,unit,profession,roles,language\n"
	args := []string{"--units", units, "--apply", "--mattermost-url", chat, "--mattermost-token", "token", d.path("people.csv")}
	d.write("people.csv", header+row("ville", ""))
	if code, said := d.imports(args...); code != 0 {
		t.Fatal(said)
	}
	d.write("people.csv", header+row("kaisa", "")+row("paula", "v@example.org")+row("paula2", "p@example.org")+row("", "p@example.org")+row("toinen", "v@example.org"))
	code, said := d.imports(args...)
	for _, want := range []string{
		"line 2: the account in mattermost is a guest's", "line 3: in Mattermost the e-mail address is ville's, not paula's",
		"line 5: the e-mail address stands on line 4", "line 5: the account in mattermost is that of line 4",
		"line 6: the account in mattermost is linked to ville",
	} {
		if code != 1 || !strings.Contains(said, want) {
			t.Errorf("want %q, said\n%s", want, said)
		}
	}
}
