package commands

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/commands/casework"
)

// botsOwn are sentences that stand with the chat port and are said here as well.
var botsOwn = []string{"button.help", "refusal.not_found", "refusal.expired_ticket", "form.submit"}

// families are the sentences whose ids begin with a literal and end in a name known only as the program runs: every end there is.
func families(t *testing.T) map[string][]string {
	t.Helper()
	src, care := bottest.ReadSource(t, "."), bottest.ReadSource(t, "casework")
	told := care.Constants("NoticeKind")
	for _, kind := range care.Constants("ItemKind") {
		if !casework.ItemKind(kind).IsAct() {
			told = append(told, reminder+kind)
		}
	}
	states := care.Constants("State")
	var outside, days []string
	for _, s := range states {
		outside = append(outside, string(outsideState(casework.State(s))))
	}
	for _, g := range groups {
		days = append(days, g.id)
	}
	return map[string][]string{
		"notice.":                 told,
		"refusal.":                append(care.Constants("Rule"), texts(src.Calls(0, "Refuse"))...),
		"state.":                  states,
		"outside.":                outside,
		"step.":                   slices.DeleteFunc(care.Constants("Step"), func(s string) bool { return s == "" }),
		"consent.":                care.Constants("ConsentStatus"),
		"away.":                   slices.DeleteFunc(care.Constants("DeputyState"), func(s string) bool { return s == string(casework.DeputyEnded) }),
		"meeting.":                {"planned", "confirmed", "held"},
		"today.":                  days,
		"button.":                 offered(),
		"command.":                summaries(t),
		"error.":                  texts(src.Calls(1, "Wrong")),
		"done.":                   slices.Concat(texts(src.Calls(1, "done", "recorded")), texts(src.Calls(2, "grant", "each")), texts(src.Calls(0, "parting"))),
		"fact.":                   append(texts(src.Calls(0, "quote", "fact")), "active", "invited"),
		"option.near.":            casework.NearRelations,
		"option.urgency.":         casework.Urgencies,
		"option.direction.":       casework.Directions,
		"option.client_answer.":   casework.ClientAnswers,
		"option.service_line.":    casework.ServiceLines,
		"option.ground.":          slices.Concat(casework.RedirectGrounds, casework.DutyGrounds),
		"option.decline_reason.":  casework.DeclineReasons,
		"option.client_informed.": casework.ClientInformed,
		"option.":                 protectedLabels(),
		"log.action.":             unnamedActions(t),
		"purpose.":                purposes(),
		"log.rule.":               rules(t),
		"log.surface.":            {"mattermost", "slack", "sandbox", "web", "job"},
	}
}

func texts(said []bottest.Said) []string {
	var all []string
	for _, s := range said {
		if !s.Begins {
			all = append(all, s.Text)
		}
	}
	return all
}

// offered are the commands that are put on buttons.
func offered() []string {
	var keys []string
	for _, o := range offers {
		keys = append(keys, o.command)
	}
	for _, on := range leadsOn {
		keys = append(keys, on...)
	}
	for _, key := range wayOn {
		keys = append(keys, key)
	}
	return keys
}

func summaries(t *testing.T) []string {
	t.Helper()
	var ends []string
	for _, c := range registry(t).Commands {
		ends = append(ends, c.Key+".summary")
	}
	return ends
}

// protectedLabels: what no list offers among the rest is still shown where a consent's scope is.
func protectedLabels() []string {
	var ends []string
	for _, kind := range casework.ProtectedKinds {
		ends = append(ends, "categories."+kind)
	}
	return ends
}

// unnamedActions are the log's actions that are no command's: acts of time, what jobs do, and a call that named no command.
func unnamedActions(t *testing.T) []string {
	t.Helper()
	actions := []string{"unknown", "account.disabled"}
	for _, kind := range bottest.ReadSource(t, "casework").Constants("ItemKind") {
		if casework.ItemKind(kind).IsAct() {
			actions = append(actions, kind)
		}
	}
	src := bottest.ReadSource(t, ".")
	return slices.Concat(actions, texts(src.Calls(2, "logRoom")), texts(src.Calls(1, "roomRow")))
}

// purposes are what the log says that data were used for.
func purposes() []string {
	all := append([]string{"act_of_time"}, casework.RevealPurposes...)
	for _, row := range access {
		if row.purpose != "" {
			all = append(all, row.purpose)
		}
	}
	return all
}

// used lists every sentence the commands can say.
func used(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	known := families(t)
	for _, said := range bottest.ReadSource(t, ".").Calls(0, "T", "TD") {
		switch {
		case !said.Begins:
			ids[said.Text] = true
		case known[said.Text] == nil:
			t.Errorf("who completes the id that begins with %q?", said.Text)
		}
	}
	for begin, ends := range known {
		for _, end := range ends {
			ids[begin+end] = true
		}
	}
	catalog := newCatalog(t)
	for key, form := range forms(t, catalog) {
		for _, id := range formTexts(catalog, key, *form) {
			ids[id] = true
		}
	}
	for _, id := range botsOwn {
		delete(ids, id)
	}
	return ids
}

// formTexts lists the sentences a form is said with: its own where there are, otherwise the common ones.
func formTexts(catalog *bot.Catalog, key string, f bot.Form) []string {
	ids := []string{"form." + key + ".title", "form." + key + ".intro", catalog.First("form."+key+".submit", "form.submit")}
	for _, n := range f.Notes {
		ids = append(ids, n.ID)
	}
	for _, field := range f.Fields {
		s := specOf(field)
		for _, o := range s.Options {
			ids = append(ids, o.Label.ID)
		}
		if s.Label.IsZero() {
			ids = append(ids, catalog.First("form."+key+"."+s.Name, "field."+s.Name))
		}
		help := catalog.First("form."+key+"."+s.Name+"_help", "help."+s.Name)
		if catalog.Has(bot.FI, help) {
			ids = append(ids, help)
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

func specOf(f bot.AnyField) bot.Spec {
	switch f := f.(type) {
	case bot.Field[string]:
		return f.Spec
	case bot.Field[[]string]:
		return f.Spec
	case bot.Field[bool]:
		return f.Spec
	case bot.Field[time.Time]:
		return f.Spec
	}
	return bot.Spec{}
}

func TestTextsAreComplete(t *testing.T) {
	ids := used(t)
	if len(ids) < 500 {
		t.Fatalf("only %d sentences found", len(ids))
	}
	bottest.CheckTexts(t, Texts(), ids)
}

func TestTextsOfTheTwoFoldersStandTogether(t *testing.T) {
	catalog := newCatalog(t)
	for _, id := range botsOwn {
		for _, lang := range bot.Langs {
			if !catalog.Has(lang, id) {
				t.Errorf("%s: %q is missing", lang, id)
			}
		}
	}
	twice := []fs.FS{Texts(), Texts()}
	if _, err := bot.NewCatalog(casework.Helsinki, twice...); err == nil {
		t.Error("sentences that stand twice were taken")
	}
}

// valued are the sentences with values among those that are otherwise mere names.
var valued = []string{"fact.corrected", "fact.away", "option.into"}

// Every sentence gets each value that stands in it: else people would read "<no value>".
func TestTextsGetTheirValues(t *testing.T) {
	fi := bottest.Sentences(t, Texts(), bot.FI)
	src := bottest.ReadSource(t, ".")
	gets := func(id string, values ...string) {
		for _, name := range fi[id].Values {
			if !slices.Contains(values, name) {
				t.Errorf("%q is said without its value %q", id, name)
			}
		}
	}
	for _, said := range src.Calls(0, "T", "TD") {
		if said.Known && !said.Begins {
			gets(said.Text, said.Data...)
		}
	}
	for _, said := range slices.Concat(src.Calls(1, "done", "recorded"), src.Calls(0, "parting")) {
		gets("done."+said.Text, append(said.Data, "code")...)
	}
	for _, said := range src.Calls(2, "each") {
		gets("done."+said.Text, append(said.Data, "codes", "count")...)
	}
	for _, said := range src.Calls(0, "Refuse", "Never") {
		gets("refusal."+said.Text, said.Data...)
	}
	for id := range fi {
		switch family, _, _ := strings.Cut(id, "."); {
		case family == "notice":
			gets(id, "code", "at", "date", "phone")
		case family == "refusal" && id != "refusal.not_allowed" && id != "refusal.which_meeting":
			gets(id, "code", "phone", "who", "day", "state", "at")
		case strings.HasSuffix(id, ".title") && strings.HasPrefix(id, "form."), strings.HasSuffix(id, ".intro") && strings.HasPrefix(id, "form."):
			gets(id, "code", "phone")
		case slices.Contains(valued, id): // said in one place, which is looked at above
		case slices.Contains([]string{"state", "outside", "step", "meeting", "field", "option", "command", "fact", "purpose"}, family):
			gets(id)
		case family == "log" && strings.Count(id, ".") > 1:
			gets(id)
		case family == "away":
			gets(id, "from", "to", "deputy")
		}
	}
}

// What is told in a notice may be read on a locked phone: no words for what kind of care it is about.
func TestNoticesSayNoSpecialty(t *testing.T) {
	telling := []string{"mielenterv", "päihde", "muisti ", "psyk", "rusmedel", "missbruk", "mental", "substance", "diagno"}
	for _, lang := range bot.Langs {
		for id, s := range bottest.Sentences(t, Texts(), lang) {
			for _, word := range telling {
				if strings.HasPrefix(id, "notice.") && strings.Contains(strings.ToLower(s.Other), word) {
					t.Errorf("%s: %q says %q", lang, id, word)
				}
			}
		}
	}
}

func TestButtonsFitEveryPlatform(t *testing.T) {
	catalog := newCatalog(t)
	wednesday := time.Date(2026, 9, 30, 14, 30, 0, 0, casework.Helsinki)
	for _, lang := range bot.Langs {
		for _, state := range casework.States {
			data := bot.Data{"code": "BCDFGHJ-K", "at": wednesday, "state": bot.T("state." + string(state))}
			for _, id := range catalog.IDs() {
				if strings.HasPrefix(id, "button.") {
					label := catalog.Say(lang, bot.TD(id, data))
					atMost(t, string(lang)+" "+id, label, utf8.RuneCountInString(label), 75)
				}
			}
		}
	}
}
