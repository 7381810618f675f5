package main

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	unitColumns   = []string{"code", "name", "register", "care"}
	personColumns = []string{"login", "email", "name", "unit", "profession", "roles", "language"}

	unitCode = regexp.MustCompile(`^[A-ZÅÄÖ0-9][A-ZÅÄÖ0-9-]{0,39}$`)
	allRoles = []bot.Role{bot.Professional, bot.Coordinator, bot.Supervisor, bot.DPO, bot.Analyst, bot.Guest, bot.Admin}
)

// person is a row of the people's file.
type person struct {
	casework.User
	line int
}

// unitsIn reads the units of a table; what is wrong is added to its bad rows.
func (t *table) unitsIn() (units []casework.Unit) {
	seen := map[string]int{}
	for _, row := range t.rows {
		u := casework.Unit{Code: strings.ToUpper(row.values["code"]), Name: row.values["name"], Register: casework.Register(row.values["register"])}
		switch {
		case !unitCode.MatchString(u.Code):
			t.wrong(row.line, "code must be letters, digits and hyphens, like KOTIHOITO-B")
		case seen[u.Code] > 0:
			t.wrong(row.line, fmt.Sprintf("%s stands on line %d already", u.Code, seen[u.Code]))
		}
		seen[u.Code] = row.line
		if u.Name == "" {
			t.wrong(row.line, "name is missing")
		}
		if !slices.Contains([]casework.Register{casework.Social, casework.Health, casework.ThirdSector, casework.NoRegister}, u.Register) {
			t.wrong(row.line, "register must be social, health, third_sector or empty")
		}
		switch strings.ToLower(row.values["care"]) {
		case "yes", "true", "1", "kyllä", "ja":
			u.Care = true
		case "no", "false", "0", "ei", "nej":
		default:
			t.wrong(row.line, "care must be yes or no: whether the unit gives care or support")
		}
		if u.Care && u.Register == casework.NoRegister {
			t.wrong(row.line, "a unit that gives care needs a register")
		}
		units = append(units, u)
	}
	return units
}

// peopleIn reads the people of a table; a login may still be missing.
func (t *table) peopleIn(units map[string]casework.Unit, language string) (people []person) {
	emails := map[string]int{}
	for _, row := range t.rows {
		p := person{line: row.line}
		p.Login, p.Name, p.Profession = strings.ToLower(row.values["login"]), row.values["name"], row.values["profession"]
		p.Email = strings.ToLower(row.values["email"])
		p.Unit, p.Lang = strings.ToUpper(row.values["unit"]), strings.ToLower(row.values["language"])
		if p.Lang == "" {
			p.Lang = language
		}
		t.checkNames(p)
		if p.Email != "" && emails[p.Email] > 0 {
			t.wrong(row.line, fmt.Sprintf("the e-mail address stands on line %d already", emails[p.Email]))
		}
		emails[p.Email] = row.line
		t.readRoles(&p, row.values["roles"])
		unit, known := units[p.Unit]
		if !known {
			t.wrong(row.line, fmt.Sprintf("there is no unit %q; give it in the file of --units", p.Unit))
		} else {
			p.Register = unit.Register
			t.checkPlace(p, unit)
		}
		people = append(people, p)
	}
	return people
}

func (t *table) checkNames(p person) {
	if p.Login == "" && p.Email == "" {
		t.wrong(p.line, "login or email must be given")
	}
	if p.Login != "" && !casework.LoginFits(p.Login) {
		t.wrong(p.line, fmt.Sprintf("the login %q cannot be one: letters a-z, digits, dot, hyphen and underscore", p.Login))
	}
	if a, err := mail.ParseAddress(p.Email); p.Email != "" && (err != nil || a.Address != p.Email) {
		t.wrong(p.line, "email is not an e-mail address")
	}
	if p.Name == "" {
		t.wrong(p.line, "name is missing")
	}
	if !slices.Contains(bot.Langs, bot.Lang(p.Lang)) {
		t.wrong(p.line, "language must be fi, sv or en")
	}
}

func (t *table) readRoles(p *person, text string) {
	for _, role := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '|' }) {
		if !slices.Contains(allRoles, bot.Role(role)) {
			t.wrong(p.line, fmt.Sprintf("there is no role %q; the roles are %v", role, allRoles))
		} else if !slices.Contains(p.Roles, role) {
			p.Roles = append(p.Roles, role)
		}
	}
	has := func(r bot.Role) bool { return slices.Contains(p.Roles, string(r)) }
	p.Coordinator, p.Guest = has(bot.Coordinator), has(bot.Guest)
	switch {
	case text == "":
		t.wrong(p.line, "roles are missing")
	case p.Guest && len(p.Roles) > 1:
		t.wrong(p.line, "a guest can have no other role")
	case p.Coordinator && !has(bot.Professional):
		t.wrong(p.line, "a coordinator needs the role professional too")
	case (p.Guest || has(bot.Professional)) && p.Profession == "":
		t.wrong(p.line, "profession is missing: clients and colleagues are told it")
	}
}

// checkPlace holds roles against the unit: whoever works under another's register is a guest, and a coordinator's unit is a
// party to every consent.
func (t *table) checkPlace(p person, unit casework.Unit) {
	outside := unit.Register == casework.ThirdSector
	switch {
	case p.Guest && !outside:
		t.wrong(p.line, "a guest belongs to a unit of the third sector (register third_sector)")
	case !p.Guest && outside:
		t.wrong(p.line, "people of a unit of the third sector can only be guests")
	case p.Coordinator && !unit.Care:
		t.wrong(p.line, "a coordinator's unit must give care or support: it is a party to every consent")
	}
}
