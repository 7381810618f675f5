package main

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
)

const personHeader = "login,email,name,unit,profession,roles,language\n"

// personLine is a row of the file; what is not given is the same for everybody.
func personLine(login, email, name string) string {
	return login + "," + email + "," + name + ",KOTIHOITO-B,hoitaja,professional,fi\n"
}

// logged are the rows of the access log that are about no case, as author, action and fields.
func (d *desk) logged() (rows []string) {
	d.t.Helper()
	db, err := sql.Open("postgres", d.args[len(d.args)-1])
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close()
	found, err := db.QueryContext(d.t.Context(), `select who || ' ' || action || ' ' || fields from access_log where case_id = 0 and allowed order by seq`)
	if err != nil {
		d.t.Fatal(err)
	}
	defer found.Close()
	for found.Next() {
		var row string
		if err := found.Scan(&row); err != nil {
			d.t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if found.Err() != nil {
		d.t.Fatal(found.Err())
	}
	return rows
}

// TestAnAddressNobodyVouchesForLinksNoAccount: whoever writes a colleague's address into their own account stays who they are.
func TestAnAddressNobodyVouchesForLinksNoAccount(t *testing.T) {
	d := newDesk(t)
	units := d.write("units.csv", someUnits)
	known := map[string][3]string{"id1": {"paula", "p@example.org", "system_user"}, "id2": {"ilkka", "k@example.org", "system_user"}}
	careless, careful := directoryServer(t, false, known), directoryServer(t, true, known)
	notVouched := "line 2: the e-mail address is that of the account ilkka in mattermost, but mattermost does not vouch"
	for _, tt := range []struct{ server, rows, args, want string }{
		{careless, personLine("kaisa", "k@example.org", "Kaisa"), "", notVouched},
		{careless, personLine("", "k@example.org", "Kaisa"), "", notVouched},
		{careful, personLine("kaisa", "k@example.org", "Kaisa"), "", "= kaisa: the account ilkka in mattermost\n"},
		{careless, personLine("ilkka", "k@example.org", "Kaisa"), "", "= ilkka: the account ilkka in mattermost, which does not vouch for the e-mail address\n"},
		{careless, personLine("ilkka", "", "Ilkka"), "--apply", "1 added"},
		// Ilkka is linked by now, and still does not become Kaisa by her address.
		{careless, personLine("", "k@example.org", "Kaisa"), "", notVouched},
		{careless, personLine("ilkka", "k@example.org", "Ilkka"), "--apply", "~ ilkka: email none -> k@example.org"},
		{careless, personLine("", "k@example.org", "Ilkka"), "", "1 as they were"}, // with the address the directory has of him
	} {
		args := []string{"--units", units, "--mattermost-url", tt.server, "--mattermost-token", "token", d.write("people.csv", personHeader+tt.rows)}
		if _, said := d.imports(append(args, strings.Fields(tt.args)...)...); !strings.Contains(said, tt.want) {
			t.Errorf("%s: want %q, said\n%s", tt.rows, tt.want, said)
		}
	}
	if diff := cmp.Diff(map[string][]casework.Account{"ilkka": {{Platform: "mattermost", User: "id2"}}}, d.stored()); diff != "" {
		t.Error(diff)
	}
}

// TestNewcomersDoNotInheritClosedAccess: neither by the login nor by the address of somebody who left.
func TestNewcomersDoNotInheritClosedAccess(t *testing.T) {
	d := newDesk(t)
	units := d.write("units.csv", someUnits)
	known := map[string][3]string{"id1": {"paula", "p@example.org", "system_user"}}
	chat := "--mattermost-token token --mattermost-url " + directoryServer(t, true, known)
	imports := func(rows, args string) string {
		t.Helper()
		_, said := d.imports(append([]string{"--units", units, d.write("people.csv", personHeader+rows)}, strings.Fields(args)...)...)
		return said
	}
	imports(personLine("paula", "p@example.org", "Paula"), "--apply "+chat)
	if code, said, errs := d.run(append([]string{"people", "close", "paula"}, d.args...)...); code != 0 {
		t.Fatal(said, errs)
	}
	if said := imports(personLine("", "p@example.org", "Paula"), "--apply "+chat); !strings.Contains(said, "access is closed and stays so (1): paula") {
		t.Errorf("whoever left may stay in the file: %s", said)
	}
	delete(known, "id1")
	known["id9"] = [3]string{"paula", "p@example.org", "system_user"} // somebody new
	closed := "line 2: the access of paula is closed, and the account in mattermost is not theirs"
	for _, tt := range []struct{ rows, args, want string }{
		{personLine("paula", "p@example.org", "Paula"), chat, closed},
		{personLine("", "p@example.org", "Paula"), "--apply " + chat, closed},
		{personLine("", "", "Paula"), chat, "login or email"},
		{personLine("paula", "", "Paula Uusi"), "--apply " + chat, closed},
		{personLine("", "p@example.org", "Paula Uusi"), "--apply", "line 2: by the e-mail address this is paula, whose access is closed"},
		{personLine("paula2", "p@example.org", "Paula Uusi"), "--apply " + chat, "+ paula2: Paula Uusi"},
	} {
		if said := imports(tt.rows, tt.args); !strings.Contains(said, tt.want) {
			t.Errorf("%s: want %q, said\n%s", tt.rows, tt.want, said)
		}
	}
	want := map[string][]casework.Account{"paula": {{Platform: "mattermost", User: "id1"}}, "paula2": {{Platform: "mattermost", User: "id9"}}}
	if diff := cmp.Diff(want, d.stored()); diff != "" || d.byEmail("p@example.org") != "paula2" {
		t.Error(diff, d.byEmail("p@example.org"))
	}
}

// TestWhatAnAdministratorChangesIsLogged with who did it, and without names and addresses.
func TestWhatAnAdministratorChangesIsLogged(t *testing.T) {
	d := newDesk(t)
	t.Setenv("SUDO_USER", "antti")
	units := d.write("units.csv", someUnits)
	chat := directoryServer(t, true, map[string][3]string{"id1": {"paula", "p@example.org", "system_user"}})
	promoted := d.write("two.csv", personHeader+"paula,p@example.org,Paula P,ASIAKASOHJAUS,hoitaja,professional coordinator,fi\n")
	for i, step := range []struct {
		args []string
		want []string
	}{
		{[]string{"import", d.write("one.csv", personHeader+personLine("paula", "", "Paula"))}, nil},
		{[]string{"import", d.path("one.csv"), "--apply"}, []string{"person.import paula: added, roles professional"}},
		{[]string{"import", d.path("one.csv"), "--apply"}, nil},
		{
			[]string{"import", promoted, "--apply", "--mattermost-token", "token", "--mattermost-url", chat},
			[]string{"person.import paula: name, unit, roles professional -> coordinator professional, email, account mattermost"},
		},
		{[]string{"open", "paula"}, nil},
		{[]string{"close", "paula"}, []string{"person.disable access of paula"}},
		{[]string{"close", "paula"}, nil},
		{[]string{"open", "paula"}, []string{"person.open access of paula"}},
		{[]string{"close", "nobody"}, nil},
	} {
		before := d.logged()
		args := append([]string{"people"}, step.args...)
		if slices.Contains(args, "import") {
			args = append(args, "--units", units)
		}
		code, said, errs := d.run(append(args, d.args...)...)
		if (code == 0) == slices.Contains(args, "nobody") {
			t.Errorf("%d: %s%s", i, said, errs)
		}
		var got []string
		for _, row := range d.logged()[len(before):] {
			who, what, _ := strings.Cut(row, " sudo:antti ")
			if !strings.HasPrefix(who, "os:") || strings.HasPrefix(what, "unit.import") {
				continue
			}
			got = append(got, what)
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%d: %s", i, diff)
		}
	}
	if code, said, errs := d.run(append([]string{"audit", "verify"}, d.args...)...); code != 0 || !strings.Contains(said, "whole") {
		t.Error(said, errs)
	}
}
