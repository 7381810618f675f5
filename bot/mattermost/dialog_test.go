package mattermost

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// aServer is a Mattermost of the version.
func aServer(t testing.TB, major, minor int) *Mattermost {
	m := newQuiet(t, func(c *Config) { c.Now = func() time.Time { return time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki) } })
	m.server.version = [2]int{major, minor}
	return m
}

func choices(values ...string) []bot.DialogOption {
	out := make([]bot.DialogOption, len(values))
	for i, v := range values {
		out[i] = bot.DialogOption{Value: v, Label: "Vaihtoehto " + v}
	}
	return out
}

// everyKind is a form with a field of every kind.
func everyKind() bot.Dialog {
	return bot.Dialog{
		ID: "ticket", Command: "every.kind", Title: "Kaikki kentät", Intro: "Tämän näkee *vain* sinä.", Submit: "Lähetä",
		Fields: []bot.DialogField{
			{Name: "line", Kind: bot.LineText, Label: "Rivi", Help: "Lyhyt teksti.", Required: true, Default: "x", Max: 100},
			{Name: "area", Kind: bot.TextArea, Label: "Teksti", Max: 3000},
			{Name: "pick", Kind: bot.Select, Label: "Valinta", Required: true, Options: choices("a", "b"), Default: "b"},
			{Name: "pick_more", Kind: bot.Select, Label: "Valinta", Required: true, Options: choices("a", "b", "c", "d", "e"), Default: "gone"},
			{Name: "may_pick", Kind: bot.Select, Label: "Valinta", Options: choices("a", "b")},
			{Name: "many", Kind: bot.Multi, Label: "Monta", Help: "Saa valita monta.", Required: true, Options: choices("a", "near:son", "person:sanna"), Default: []string{"near:son", "gone"}},
			{Name: "yes", Kind: bot.Bool, Label: "Kyllä vai ei", Required: true, Default: true},
			{Name: "day", Kind: bot.Day, Label: "Päivä", Required: true, Default: "2027-02-24"},
			{Name: "moment", Kind: bot.Moment, Label: "Aika", Past: true, Default: "2027-01-24T14:30:00+02:00"},
			{Name: "who", Kind: bot.Someone, Label: "Kuka", Required: true, Options: choices("sanna", "paula")},
		},
	}
}

func find(t *testing.T, d model.Dialog, name string) model.DialogElement {
	t.Helper()
	for _, e := range d.Elements {
		if e.Name == name {
			return e
		}
	}
	t.Fatalf("no element %s", name)
	return model.DialogElement{}
}

func opened(t *testing.T, m *Mattermost, d bot.Dialog, o opening) (model.Dialog, state) {
	t.Helper()
	o.user = idOf("sanna")
	out, err := m.dialog(d, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := m.opened(out.State, o.user)
	if err != nil {
		t.Fatal(err)
	}
	return out, s
}

func TestEveryKindOnANewServer(t *testing.T) {
	d, s := opened(t, aServer(t, 11, 6), everyKind(), opening{lang: bot.FI})
	if d.IntroductionText != `Tämän näkee \*vain\* sinä.` || d.SubmitLabel != "Lähetä" || d.CallbackId != "every.kind" || s.Ticket != "ticket" {
		t.Errorf("%+v %+v", d, s)
	}
	for name, want := range map[string]model.DialogElement{
		"line":      {Type: "text", DisplayName: "Rivi", HelpText: "Lyhyt teksti.", Default: "x", MaxLength: 100},
		"area":      {Type: "textarea", DisplayName: "Teksti", MaxLength: 3000, Optional: true},
		"pick":      {Type: "radio", DisplayName: "Valinta", Default: "b"},
		"pick_more": {Type: "select", DisplayName: "Valinta"},
		"may_pick":  {Type: "select", DisplayName: "Valinta", Optional: true},
		"many":      {Type: "select", DisplayName: "Monta", HelpText: "Saa valita monta.", MultiSelect: true, Default: "near:son"},
		"yes":       {Type: "bool", DisplayName: "Kyllä vai ei", Default: "true", Optional: true, Placeholder: "Kyllä"},
		"day": {
			Type: "date", DisplayName: "Päivä", Default: "2027-02-24", MinDate: "today",
			DateTimeConfig: &model.DialogDateTimeConfig{MinDate: "today", LocationTimezone: "Europe/Helsinki"},
		},
		"moment": {
			Type: "datetime", DisplayName: "Aika", Default: "2027-01-24T12:30:00Z", MaxDate: "today", TimeInterval: 15, Optional: true,
			DateTimeConfig: &model.DialogDateTimeConfig{
				MaxDate: "today", LocationTimezone: "Europe/Helsinki", TimeInterval: 15, ManualTimeEntry: true,
				//lint:ignore SA1019 11.6 and 11.7 read the older name
				AllowManualTimeEntry: true,
			},
		},
		"who": {Type: "select", DisplayName: "Kuka"},
	} {
		got := find(t, d, name)
		if strings.HasPrefix(got.Type, "select") || got.Type == "radio" {
			if len(got.Options) < 2 || got.Options[0].Text != "Vaihtoehto "+got.Options[0].Value {
				t.Errorf("%s has the options %v", name, got.Options)
			}
		}
		want.Name, want.Options = name, got.Options
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s is\n%+v, want\n%+v", name, got, want)
		}
	}
}

func TestEveryKindOnAnOldServer(t *testing.T) {
	d, s := opened(t, aServer(t, 9, 11), everyKind(), opening{lang: bot.FI})
	for name, want := range map[string]model.DialogElement{
		"many:a":            {Type: "bool", DisplayName: "Monta", HelpText: "Saa valita monta.", Optional: true, Placeholder: "Vaihtoehto a"},
		"many:near:son":     {Type: "bool", DisplayName: "2/3", Optional: true, Placeholder: "Vaihtoehto near:son", Default: "true"},
		"many:person:sanna": {Type: "bool", DisplayName: "3/3", Optional: true, Placeholder: "Vaihtoehto person:sanna"},
		"day": {
			Type: "text", DisplayName: "Päivä", Default: "24.2.2027", MaxLength: 150, Placeholder: "Esimerkiksi 8.2.2027 tai huomenna.",
			HelpText: "Esimerkiksi 8.2.2027 tai huomenna.",
		},
		"moment": {
			Type: "text", DisplayName: "Aika", Default: "24.1.2027 14.30", MaxLength: 150, Optional: true,
			Placeholder: "Esimerkiksi 25.1.2027 klo 14 tai eilen klo 9.30.", HelpText: "Esimerkiksi 25.1.2027 klo 14 tai eilen klo 9.30.",
		},
	} {
		want.Name = name
		if got := find(t, d, name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is\n%+v, want\n%+v", name, got, want)
		}
	}
	values, _ := answers(s, map[string]any{"many:a": true, "many:near:son": false, "day": "24.2.2027", "moment": "24.1.2027 14.30"})
	if !reflect.DeepEqual(values["many"], []string{"a"}) {
		t.Errorf("many is read as %v", values["many"])
	}
	wrong, fault := beside(s, map[string]string{"many": "Valitse.", "day": "Milloin?", "hidden": "Puuttuu."})
	if !reflect.DeepEqual(wrong, map[string]string{"many:a": "Valitse.", "day": "Milloin?"}) || fault != "Puuttuu." {
		t.Errorf("what is wrong stands at %v and %q", wrong, fault)
	}
}

// What is written as a default is understood when it is sent back.
func TestTypedTimesAreUnderstood(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, bot.Helsinki)
	at := time.Date(2026, 11, 24, 14, 30, 0, 0, bot.Helsinki)
	if d, err := bot.ParseDay(at.Format(typed[bot.Day]), now, false); err != nil || d.Day() != 24 {
		t.Errorf("a day is read as %v, %v", d, err)
	}
	if d, err := bot.ParseMoment(at.Format(typed[bot.Moment]), now, false); err != nil || !d.Equal(at) {
		t.Errorf("a time is read as %v, %v", d, err)
	}
}

// A long form is asked in steps: what must be answered first, the rest only if wanted, with its defaults if not.
func TestLongFormsAreAskedInSteps(t *testing.T) {
	form := everyKind()
	form.Fields = append(form.Fields,
		bot.DialogField{Name: "kind", Kind: bot.Select, Label: "Laji", Folded: true, Options: choices("x", "y"), Default: "y"},
		bot.DialogField{Name: "note", Kind: bot.TextArea, Label: "Lisätieto", Folded: true},
		bot.DialogField{Name: "sometimes", Kind: bot.LineText, Label: "Joskus", Folded: true, When: &bot.When{Field: "pick", Values: []string{"a"}}},
		bot.DialogField{Name: "always", Kind: bot.LineText, Label: "Aina", Folded: true, Required: true},
	)
	m := aServer(t, 11, 3)
	d, s := opened(t, m, form, opening{lang: bot.FI, post: idOf("post"), room: idOf("room"), label: "Ota"})
	names := func(d model.Dialog) (names []string) {
		for _, e := range d.Elements {
			names = append(names, e.Name)
		}
		return names
	}
	want := []string{"line", "area", "pick", "pick_more", "may_pick", "many", "yes", "day", "moment", "who", "sometimes", "always", moreName}
	if !slices.Equal(names(d), want) {
		t.Errorf("first asked: %v", names(d))
	}
	more := find(t, d, moreName)
	if more.Type != "bool" || more.DisplayName != "Lisäkysymykset" || more.HelpText != "Laji · Lisätieto" || !more.Optional || more.Default != "" {
		t.Errorf("more is asked with %+v", more)
	}
	if values, part := answers(s, map[string]any{}); part || values["kind"] != "y" {
		t.Errorf("unasked: %v %v", values["kind"], part)
	}
	values, part := answers(s, map[string]any{moreName: true})
	if _, kind := values["kind"]; !part || kind {
		t.Errorf("asked: %v %v", values, part)
	}
	if s.Post != idOf("post") || s.Label != "Ota" || s.Room != idOf("room") {
		t.Errorf("the state forgets the button: %+v", s)
	}
	form.Fields = form.Fields[10:12]
	if d, _ := opened(t, m, form, opening{lang: bot.FI, whole: true}); !slices.Equal(names(d), []string{"kind", "note"}) {
		t.Errorf("then asked: %v", names(d))
	}
	if d, _ := opened(t, m, form, opening{lang: bot.FI}); !slices.Equal(names(d), []string{"kind", "note"}) {
		t.Errorf("a form that is folded whole asks %v", names(d))
	}
	if d, _ := opened(t, aServer(t, 10, 11), form, opening{lang: bot.FI}); !slices.Equal(names(d), []string{"kind", "note"}) {
		t.Errorf("an older server asks %v", names(d))
	}
}

// Nothing is sent that the server's own check rejects, and nothing is lost over it.
func TestNothingIsTooLong(t *testing.T) {
	long := strings.Repeat("ä", 2000)
	form := bot.Dialog{
		ID: "t", Command: "too.long", Title: long, Intro: long, Submit: long,
		Fields: []bot.DialogField{
			{Name: "a", Kind: bot.TextArea, Label: long, Help: long, Default: long, Required: true, Max: 3000},
			{Name: "b", Kind: bot.LineText, Label: long, Default: strings.Repeat("ä", 100), Max: 150},
			{Name: "c", Kind: bot.Multi, Label: long, Options: []bot.DialogOption{{Value: "with space", Label: long}, {Value: "x", Label: ""}}},
			{Name: "d", Kind: bot.Multi, Label: "Tyhjä", Required: true},
		},
	}
	for _, version := range []int{9, 11} {
		d, s := opened(t, aServer(t, version, 0), form, opening{lang: bot.SV})
		if a := find(t, d, "a"); a.Default != "" || !a.Optional || s.Kept["a"] != long || !strings.Contains(a.HelpText, "står kvar") {
			t.Errorf("a long default: %+v", a)
		}
		if b := find(t, d, "b"); b.Type != "textarea" || len(b.Default) != 200 || b.MaxLength != 150 {
			t.Errorf("a default that is long in bytes: %+v", b)
		}
		if len(d.Title) > 24 || !strings.HasSuffix(d.Title, "ä…") || len(d.IntroductionText) != 4000 {
			t.Errorf("title %q", d.Title)
		}
		values, _ := answers(s, map[string]any{"a": "", "c:with space": true})
		if values["a"] != long || !reflect.DeepEqual(values["c"], []string{"with space"}) {
			t.Errorf("version %d reads %.40v", version, values)
		}
	}
}

// An error names the form and the field, never an answer.
func TestAnUnfitFormIsNamed(t *testing.T) {
	form := everyKind()
	form.Fields[3].Name = "line"
	form.Fields[3].Default = "secret"
	if _, err := aServer(t, 11, 0).dialog(form, opening{}); err == nil || !strings.Contains(err.Error(), "every.kind") || !strings.Contains(err.Error(), "line") || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
	form = everyKind()
	form.Title = ""
	if _, err := aServer(t, 11, 0).dialog(form, opening{}); err == nil || !strings.Contains(err.Error(), "every.kind") {
		t.Errorf("%v", err)
	}
	form = everyKind()
	form.Fields[0].Label = ""
	if _, err := aServer(t, 11, 0).dialog(form, opening{}); err == nil || !strings.Contains(err.Error(), "line") {
		t.Errorf("%v", err)
	}
}

func TestClipCutsAtACharacter(t *testing.T) {
	for in, want := range map[string]string{"abc": "abc", " abc ": "abc", "abcdef": "ab…", "äää": "ä…", "a cdef": "a…", "": ""} {
		if got := clip(in, 5); got != want || len(got) > 5 {
			t.Errorf("%q is cut to %q, want %q", in, got, want)
		}
	}
}
