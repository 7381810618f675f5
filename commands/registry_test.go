package commands

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
)

var update = flag.Bool("update", false, "write golden files anew")

// promised are the names outside programs and people rely on: key, then fi, sv and en, the first of them shown.
var promised = [][4]string{
	{"today", "tänään", "idag", "today"},
	{"concern.raise", "huoli", "oro", "concern"},
	{"concern.queue", "jono", "kö", "queue"},
	{"concern.take", "ota", "ta", "take"},
	{"concern.accept", "aloita|hyväksy", "inled|godkänn", "accept"},
	{"concern.return", "kysy|palauta", "fråga|returnera", "ask"},
	{"concern.answer", "vastaa", "svara", "answer"},
	{"concern.redirect", "ohjaa", "hänvisa", "redirect"},
	{"concern.decline", "ei-oteta|hylkää", "ta-inte-emot|avslå", "decline"},
	{"concern.merge", "yhdistä", "slå-ihop", "merge"},
	{"concern.withdraw", "peru huoli", "ta-tillbaka", "withdraw"},
	{"concern.acknowledge", "kuittaa", "kvittera", "acknowledge"},
	{"concern.notify", "ilmoita", "anmäl", "notify"},
	{"concern.convert", "muuta", "ändra", "convert"},
	{"consent.request", "suostumus pyydä", "samtycke begär", "consent request"},
	{"consent.record", "suostumus kirjaa", "samtycke anteckna", "consent record"},
	{"consent.amend", "suostumus muuta", "samtycke ändra", "consent amend"},
	{"consent.withdraw", "suostumus peru", "samtycke återkalla", "consent withdraw"},
	{"responsible.name", "vastuu", "ansvarig", "responsible"},
	{"responsible.accept", "vastuu hyväksy", "ansvarig ja", "responsible accept"},
	{"responsible.decline", "vastuu en-voi", "ansvarig nej", "responsible decline"},
	{"responsible.deputy", "poissa", "frånvaro", "absence"},
	{"responsible.handover", "vastuu siirrä", "ansvarig överlåt", "responsible handover"},
	{"team.invite", "tiimi kutsu", "team bjud-in", "team invite"},
	{"team.accept", "tiimi hyväksy", "team ja", "team accept"},
	{"team.decline", "tiimi en-voi", "team nej", "team decline"},
	{"team.remove", "tiimi poista", "team ta-bort", "team remove"},
	{"meeting.plan", "tapaaminen sovi", "möte boka", "meeting plan"},
	{"meeting.confirm", "tapaaminen vahvista", "möte bekräfta", "meeting confirm"},
	{"meeting.move", "tapaaminen siirrä", "möte flytta", "meeting move"},
	{"meeting.cancel", "tapaaminen peru", "möte avboka", "meeting cancel"},
	{"meeting.record", "tapaaminen kirjaa", "möte anteckna", "meeting record"},
	{"case.show", "asia", "ärende", "case"},
	{"case.mine", "omat", "mina", "mine"},
	{"case.resolve", "ratkaise|päätä", "avgör|avsluta", "resolve|close"},
	{"case.transfer", "asia siirrä", "ärende överför", "case transfer"},
	{"client.reveal", "henkilö", "person", "person"},
	{"log.case", "loki", "logg", "log"},
	{"settings", "asetukset", "inställningar", "settings"},
	{"help", "ohje", "hjälp", "help"},
}

func registry(t *testing.T) *bot.Registry[*Desk] {
	t.Helper()
	r, err := NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCommandsHaveTheirPromisedNames(t *testing.T) {
	r := registry(t)
	for _, p := range promised {
		c := r.Command(p[0])
		if c == nil {
			t.Errorf("no command %q", p[0])
			continue
		}
		for i, lang := range bot.Langs {
			have, want := strings.Split(c.Names[lang], "|"), strings.Split(p[i+1], "|")
			if have[0] != want[0] {
				t.Errorf("%s is shown as %q in %s, want %q", c.Key, have[0], lang, want[0])
			}
			for _, name := range want {
				if !slices.Contains(have, name) {
					t.Errorf("%s does not answer to %q in %s", c.Key, name, lang)
				}
			}
		}
	}
}

func TestCollidingCommandsAreRefused(t *testing.T) {
	named := func(key, fi string) *Command {
		return &Command{Key: key, Names: map[bot.Lang]string{bot.FI: fi, bot.SV: key + " sv", bot.EN: key + " en"}}
	}
	for what, second := range map[string]*Command{
		"the same name":         named("other", "hyväksy"),
		"the same name undoted": named("other", "HYVAKSY"),
		"another's alias":       named("other", "muu|aloita"),
		"another's Swedish":     named("other", "one sv"),
		"the same key":          named("one", "muu"),
		"no Finnish name":       named("other", ""),
	} {
		if _, err := bot.NewRegistry(named("one", "aloita|hyväksy"), second); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if _, err := bot.NewRegistry(named("one", "aloita|hyväksy"), named("other", "muu")); err != nil {
		t.Errorf("two different commands: %v", err)
	}
}

func TestEveryCommandHasItsRowInTheAccessTable(t *testing.T) {
	r := registry(t)
	for _, c := range r.Commands {
		row, ok := access[c.Key]
		if !ok {
			t.Errorf("%s: nobody may give it: no row", c.Key)
		}
		if c.Aim == bot.OneCase && c.Key != "log.case" && len(row.relations) == 0 {
			t.Errorf("%s is about a case, and no relation to it is asked", c.Key)
		}
	}
	for key := range access {
		if r.Command(key) == nil {
			t.Errorf("the row %q is of no command", key)
		}
	}
}

// The whole table is read by people: who may what, and in which relation to the case. Who has "any" needs no relation to it;
// a relation with a star counts only while a consent holds that informs the person.
func TestAccessTable(t *testing.T) {
	got, file := accessTable(registry(t)), filepath.Join("testdata", "access.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("who may what has changed (-was +is); if that is meant, run go test ./commands -update:\n%s", diff)
	}
}

func relationsOf(r right) string {
	relations := make([]string, len(r.relations))
	for i, rel := range r.relations {
		relations[i] = string(rel)
		if slices.Contains(r.informed, rel) {
			relations[i] += "*"
		}
	}
	return strings.Join(relations, " ")
}

func accessTable(r *bot.Registry[*Desk]) string {
	roles := []bot.Role{bot.Professional, bot.Coordinator, bot.Supervisor, bot.DPO, bot.Analyst, bot.Guest, bot.Admin}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "command")
	for _, role := range roles {
		fmt.Fprintf(w, "\t%s", role)
	}
	fmt.Fprint(w, "\trelation to the case (* while the consent informs)\n")
	for _, c := range r.Commands {
		row := access[c.Key]
		fmt.Fprint(w, c.Key)
		for _, role := range roles {
			mark := "-"
			switch {
			case len(row.roles) == 0 || slices.Contains(row.roles, role):
				mark = "yes"
			case row.also == role && row.also != "":
				mark = "any"
			}
			fmt.Fprintf(w, "\t%s", mark)
		}
		fmt.Fprintf(w, "\t%s\n", relationsOf(row))
		if c == showCase {
			fmt.Fprintf(w, "- its inside%s%s\n", strings.Repeat("\t", len(roles)+1), relationsOf(insight))
		}
	}
	_ = w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
