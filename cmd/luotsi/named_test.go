package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"luotsi/bot"
	"luotsi/commands/casework"
	"luotsi/store"
)

// growCounty adds so many people and care units that no list shows them all.
func growCounty(t *testing.T, c *county, units, people int) {
	t.Helper()
	_, err := c.store.ImportDirectory(t.Context(), func(store.DirectoryChanges) []casework.AccessRow { return nil }, func(d store.Directory) (store.Directory, error) {
		for i := range units {
			d.Units = append(d.Units, casework.Unit{Code: fmt.Sprintf("YKSIKKO-%d", i), Name: fmt.Sprintf("Palvelu %d, Kotka", i), Register: "health", Care: true})
		}
		for i := range people {
			d.People = append(d.People, casework.User{
				Person: casework.Person{Login: fmt.Sprintf("pirkko%d", i), Unit: "YKSIKKO-0"}, Name: fmt.Sprintf("Pirkko Perä%d", i),
				Lang: "fi", Roles: []string{"professional"},
			})
		}
		return d, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestACountyTooLargeToList: in a county of real size the client's parties are written by name, what is not clear is asked again,
// and who is meant is recorded.
func TestACountyTooLargeToList(t *testing.T) {
	k := newTalk(t)
	k.before = append(k.before, func(c *county) { growCounty(t, c, 60, bot.MaxListed) })
	k.run("clock 2027-02-01 09:00\nfirst pyydetty\n")
	code, paula := k.codes["A"], asker{t, k, "paula"}
	form := paula.ask(bot.Request{Text: "/luotsi suostumus kirjaa " + code}).Dialog
	if form == nil {
		t.Fatal("no form")
	}
	values := map[string]any{}
	for _, f := range form.Fields {
		values[f.Name] = f.Default
		if named := slices.Contains([]string{"parties", "no_content", "objects_to"}, f.Name); f.Named() != named || named && !strings.Contains(f.Help, "pilkulla") {
			t.Errorf("%s is written by name: %v; its help is %q", f.Name, f.Named(), f.Help)
		}
	}
	values["form"], values["categories"] = "written_signed", []string{"contact_details"}
	for parties, want := range map[string]string{"Kotihoito B, Pirkko": "Tarkenna: Pirkko.", "Kotihoto B": "Tätä ei ole luettelossa: Kotihoto B."} {
		values["parties"] = parties
		if a := paula.ask(bot.Request{Submit: form.ID, Values: values}); !strings.HasPrefix(a.Errors["parties"], want) {
			t.Errorf("%q is answered %q", parties, a.Errors)
		}
	}
	values["parties"], values["no_content"] = "kotihoito b, Palvelu 7, Kotka, Pirkko Perä11", "Kotihoito B"
	if a := paula.ask(bot.Request{Submit: form.ID, Values: values}); refused(a) != "" || len(a.Errors) > 0 {
		t.Fatalf("answered %+v", a)
	}
	amended := paula.ask(bot.Request{Text: "/luotsi suostumus muuta " + code}).Dialog
	for _, f := range amended.Fields {
		names := strings.Join(f.Names(f.Default), " + ")
		if f.Name == "parties" && names != "Asiakasohjaus + Kotihoito B + Palvelu 7, Kotka + Pirkko Perä11 · Palvelu 0, Kotka" || f.Name == "no_content" && names != "Kotihoito B" {
			t.Errorf("%s is recorded as %q", f.Name, names)
		}
	}
}
