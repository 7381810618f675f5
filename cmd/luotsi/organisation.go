package main

import (
	"slices"

	"luotsi/bot/sandbox"
	"luotsi/commands/casework"
)

// The sandbox's organisation is synthetic: nobody in it exists.
var sandboxUnits = []casework.Unit{
	{Code: "SOTE-KESKUS-A", Name: "Sote-keskus A", Register: casework.Health, Care: true},
	{Code: "ASIAKASOHJAUS", Name: "Asiakasohjaus", Register: casework.Social, Care: true},
	{Code: "IAKKAAT", Name: "Iäkkäiden palvelut", Register: casework.Social, Care: true},
	{Code: "KOTIHOITO-B", Name: "Kotihoito B", Register: casework.Health, Care: true},
	{Code: "MIEPA", Name: "Mielenterveys- ja päihdepalvelut", Register: casework.Health, Care: true},
	{Code: "ESIMERKKIJARJESTO", Name: "Esimerkkijärjestö", Register: casework.ThirdSector, Care: true},
	{Code: "HALLINTO", Name: "Hallinto"},
	{Code: "TIETOHALLINTO", Name: "Tietohallinto"},
}

// sandboxPeople are shown in this order; the profession is said as people there say it.
var sandboxPeople = []sandbox.Person{
	{Login: "sanna", Name: "Sanna", Profession: "sairaanhoitaja", Unit: "SOTE-KESKUS-A", Roles: roles("professional")},
	{Login: "paula", Name: "Paula", Profession: "palveluohjaaja", Unit: "ASIAKASOHJAUS", Roles: roles("professional", "coordinator")},
	{Login: "ville", Name: "Ville", Profession: "sosiaaliohjaaja", Unit: "IAKKAAT", Roles: roles("professional")},
	{Login: "kaisa", Name: "Kaisa", Profession: "kotihoidon sairaanhoitaja", Unit: "KOTIHOITO-B", Roles: roles("professional")},
	{Login: "leo", Name: "Leo", Profession: "lääkäri", Unit: "SOTE-KESKUS-A", Roles: roles("professional")},
	{Login: "jaana", Name: "Jaana", Profession: "järjestötyöntekijä", Unit: "ESIMERKKIJARJESTO", Roles: roles("guest")},
	{Login: "esko", Name: "Esko", Profession: "esihenkilö", Unit: "IAKKAAT", Roles: roles("supervisor")},
	{Login: "tiina", Name: "Tiina", Profession: "tietosuojavastaava", Unit: "HALLINTO", Roles: roles("dpo")},
	{Login: "timo", Name: "Timo", Profession: "tilastokäyttäjä", Unit: "HALLINTO", Roles: roles("analyst")},
	{Login: "mika", Name: "Mika", Profession: "päihdesairaanhoitaja", Unit: "MIEPA", Roles: roles("professional")},
	{Login: "ulla", Name: "Ulla", Profession: "sosiaaliohjaaja", Unit: "IAKKAAT", Roles: roles("professional")},
	{Login: "katri", Name: "Katri", Profession: "asiakaspäällikkö", Unit: "SOTE-KESKUS-A", Roles: roles("professional", "coordinator")},
	{Login: "atte", Name: "Atte", Profession: "ylläpitäjä", Unit: "TIETOHALLINTO", Roles: roles("admin")},
}

func roles(r ...string) []string { return r }

// sandboxDirectory turns the people into the directory's users, each with an account of the same name in the sandbox.
func sandboxDirectory() ([]sandbox.Person, []casework.User, map[string][]casework.Account) {
	registers := map[string]casework.Register{}
	for _, u := range sandboxUnits {
		registers[u.Code] = u.Register
	}
	people, users, accounts := slices.Clone(sandboxPeople), []casework.User(nil), map[string][]casework.Account{}
	for i, p := range people {
		people[i].Register = string(registers[p.Unit])
		users = append(users, casework.User{
			Person: casework.Person{Login: p.Login, Unit: p.Unit, Register: registers[p.Unit]},
			Name:   p.Name, Profession: p.Profession, Roles: p.Roles, Lang: "fi",
		})
		accounts[p.Login] = []casework.Account{{Platform: "sandbox", User: p.Login}}
	}
	return people, users, accounts
}
