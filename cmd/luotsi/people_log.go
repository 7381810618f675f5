package main

import (
	"os"
	"os/user"
	"slices"
	"strconv"
	"strings"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

// operator is who runs the program, as the logs name them: the machine's user, and whoever became that user by sudo.
func operator() string {
	name := "os:" + strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil {
		name = "os:" + u.Username
	}
	if before := os.Getenv("SUDO_USER"); before != "" {
		name += " sudo:" + before
	}
	return name
}

// rows are the access log's rows of what an import changes, one for each unit and person: which fields, and of their values
// logins and roles only.
func (p *importPlan) rows(c store.DirectoryChanges, who string, at time.Time) (rows []casework.AccessRow) {
	row := func(action, fields string) {
		rows = append(rows, casework.AccessRow{
			At: at, Who: who, Action: action, Fields: fields, Purpose: "own_work", Surface: commandLine, Allowed: true,
		})
	}
	for _, code := range c.UnitsAdded {
		row("unit.import", code+": added")
	}
	for _, code := range c.UnitsChanged {
		row("unit.import", code+": changed")
	}
	for _, login := range c.PeopleAdded {
		i := slices.IndexFunc(p.given.People, func(u casework.User) bool { return u.Login == login })
		said := []string{"added", "roles " + strings.Join(p.given.People[i].Roles, " ")}
		for _, a := range p.given.Accounts[login] {
			said = append(said, "account "+a.Platform)
		}
		row("person.import", login+": "+strings.Join(said, ", "))
	}
	for _, person := range c.PeopleChanged {
		var said []string
		for _, f := range person.What {
			if f.Field == "roles" {
				f.Field = "roles " + orNone(f.From) + " -> " + orNone(f.To)
			}
			said = append(said, f.Field)
		}
		row("person.import", person.Login+": "+strings.Join(said, ", "))
	}
	return rows
}
