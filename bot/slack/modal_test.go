package slack

import (
	"fmt"
	"strings"
	"testing"

	"luotsi/bot"
)

func numberedOptions(n int) []bot.DialogOption {
	out := make([]bot.DialogOption, n)
	for i := range out {
		out[i] = bot.DialogOption{Value: fmt.Sprintf("o%d", i), Label: fmt.Sprintf("Henkilö%03d Sukunimi · Yksikkö", i)}
	}
	return out
}

func finnish(t testing.TB) speech {
	t.Helper()
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		t.Fatal(err)
	}
	return speech{catalog, bot.FI}
}

func TestFormBreaksALimitOnlyWithAnError(t *testing.T) {
	p := finnish(t)
	field := func(f bot.DialogField) bot.Dialog {
		f.Name, f.Label = "basis", orElse(f.Label, "Peruste")
		return bot.Dialog{ID: "x", Command: "concern.raise", Title: "Huoli", Submit: "Lähetä", Fields: []bot.DialogField{f}}
	}
	titled := twoFields
	titled.Title = strings.Repeat("ä", 25)
	sent := twoFields
	sent.Submit = strings.Repeat("ä", 25)
	sealed := twoFields
	sealed.ID = strings.Repeat("x", 3000)
	many := twoFields
	for i := range 101 {
		many.Fields = append(many.Fields[:len(many.Fields):len(many.Fields)], bot.DialogField{Name: fmt.Sprint("f", i), Kind: bot.Bool, Label: "x"})
	}
	twice := twoFields
	twice.Fields = append(twice.Fields[:2:2], twice.Fields[0])
	tests := []struct {
		name string
		d    bot.Dialog
		want string // part of the error
	}{
		{"title", titled, "consent.withdraw: the title has 25"},
		{"button", sent, "consent.withdraw: the sending button has 25"},
		{"ticket", sealed, "consent.withdraw: private_metadata has"},
		{"fields", many, "blocks, may be 1 to 100"},
		{"a name twice", twice, `"withdraw_scope" stands twice`},
		{"label", field(bot.DialogField{Kind: bot.Bool, Label: strings.Repeat("salainen", 300)}), "concern.raise: field basis: the label has 2400"},
		{"hint", field(bot.DialogField{Kind: bot.LineText, Help: strings.Repeat("h", 2001)}), "field basis: the hint has 2001"},
		{"default", field(bot.DialogField{Kind: bot.TextArea, Default: strings.Repeat("h", 3001)}), "field basis: the default has 3001"},
		{"code", field(bot.DialogField{Kind: bot.Select, Options: []bot.DialogOption{{Value: strings.Repeat("v", 151), Label: "x"}}}), "field basis: the code of a choice has 151"},
		{"choices", field(bot.DialogField{Kind: bot.Someone, Options: numberedOptions(10_001)}), "101 field basis: groups of choices"},
		{"kind", field(bot.DialogField{Kind: "colour"}), "concern.raise: field basis: its kind is not known"},
		{"read as yes or no", field(bot.DialogField{Kind: bot.Multi, Options: []bot.DialogOption{{Value: "true", Label: "x"}}}), "field basis: a choice of its kind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := formModal(p, tt.d, "")
			if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "salainen") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for _, good := range []bot.Dialog{twoFields, allKinds, field(bot.DialogField{Kind: bot.Someone, Options: numberedOptions(10_000)})} {
		if _, err := formModal(p, good, "D1:5.0"); err != nil {
			t.Error(err)
		}
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func TestFormChoosesWhatFitsAPhone(t *testing.T) {
	choice := func(kind bot.Kind, n int, required bool, preset any) bot.DialogField {
		return bot.DialogField{Name: "f", Kind: kind, Label: "F", Options: numberedOptions(n), Required: required, Default: preset}
	}
	tests := []struct {
		name  string
		field bot.DialogField
		want  []string
	}{
		{"few, one of them", choice(bot.Select, 6, true, "o2"), []string{`"radio_buttons"`, `"initial_option":{"text":{"type":"plain_text","text":"Henkilö002`}},
		{"radio buttons cannot be cleared", choice(bot.Select, 6, false, nil), []string{`"static_select"`, `"optional":true`}},
		{"many, one of them", choice(bot.Select, 7, true, nil), []string{`"static_select"`, `"options"`}},
		{"a person", choice(bot.Someone, 3, true, nil), []string{`"static_select"`}},
		{"hundreds", choice(bot.Someone, 230, true, "o210"), []string{`"option_groups"`, "Henkilö200 – Henkilö229", `"initial_option"`}},
		{"few, some of them", choice(bot.Multi, 10, true, []any{"o1", "o3"}), []string{`"checkboxes"`, `"initial_options"`}},
		{"many, some of them", choice(bot.Multi, 11, true, []string{"o1"}), []string{`"multi_static_select"`, `"initial_options"`}},
		{"hundreds, some of them", choice(bot.Multi, 101, true, nil), []string{`"multi_static_select"`, `"option_groups"`}},
		{"none", choice(bot.Someone, 0, true, nil), []string{`"section"`, "ei ole nyt mitään valittavaa"}},
		{"a day", bot.DialogField{Name: "f", Kind: bot.Day, Label: "F", Default: "2026-11-24"}, []string{`"initial_date":"2026-11-24"`}},
		{"a day in words", bot.DialogField{Name: "f", Kind: bot.Day, Label: "F", Default: "huomenna"}, []string{`{"type":"datepicker","action_id":"f"}`}},
		{"a time", bot.DialogField{Name: "f", Kind: bot.Moment, Label: "F", Default: "2026-11-24T09:30:00+02:00"}, []string{`"initial_date_time":1795505400`}},
		{"a local time", bot.DialogField{Name: "f", Kind: bot.Moment, Label: "F", Default: "2026-11-24T09:30"}, []string{`"initial_date_time":1795505400`}},
		{"yes", bot.DialogField{Name: "f", Kind: bot.Bool, Label: "F", Default: true, Required: true}, []string{`"initial_options"`, `"optional":true`, "Kyllä"}},
		{"text", bot.DialogField{Name: "f", Kind: bot.TextArea, Label: "F", Default: "ennen", Help: "Ohje <b>"}, []string{`"multiline":true`, `"initial_value":"ennen"`, `"max_length":3000`, `Ohje \u0026lt;b`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := formModal(finnish(t), bot.Dialog{ID: "x", Command: "c", Title: "T", Submit: "S", Fields: []bot.DialogField{tt.field}}, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if said := asJSON(v); !strings.Contains(said, want) {
					t.Errorf("lacks %s: %.600s", want, said)
				}
			}
		})
	}
}
