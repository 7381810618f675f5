package bot

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func namedForm(t *testing.T, people int) (*Catalog, Form) {
	t.Helper()
	texts := fstest.MapFS{"fi.toml": {Data: []byte(`"form.test.title" = "Testi"
"form.test.intro" = "Testi"
"field.parties" = "Osapuolet"
"field.person" = "Henkilö"
"option.near.child" = "Aikuinen lapsi"
`)}}
	for _, lang := range []string{"sv", "en"} {
		texts[lang+".toml"] = &fstest.MapFile{Data: texts["fi.toml"].Data}
	}
	c, err := NewCatalog(Helsinki, texts)
	if err != nil {
		t.Fatal(err)
	}
	options := []Option{
		{"HOME-A", Plain("Kotihoito A")},
		{"HOME-B", Plain("Kotihoito B")},
		{"OLD", Plain("Iäkkäät, Kotka")},
		{"KOTKA", Plain("Kotka")},
		{"person:kaisa", Plain("Kaisa Niemi · Kotihoito A")},
		{"person:kaisa2", Plain("Kaisa Niemi · Kotihoito B")},
		{"person:ville", Plain("Ville Virta · Kotihoito B")},
		{"near:child", T("option.near.child")},
	}
	for i := range people {
		options = append(options, Option{fmt.Sprintf("person:p%d", i), Plain(fmt.Sprintf("Pirkko Perä%d · Kotihoito A", i))})
	}
	return c, Form{Command: "test", Fields: []AnyField{MultiField("parties", "parties").From(options), PersonField("person").From(options)}}
}

func never(text string) bool { return strings.Contains(text, "010140-900T") }

func TestChoose(t *testing.T) {
	c, form := namedForm(t, MaxListed)
	few, small := namedForm(t, 0)
	for name, tt := range map[string]struct {
		raw   any
		want  any    // what stands for the answer; nil: the raw one
		wrong string // the fault's sentence
	}{
		"values":               {raw: []string{"HOME-A", "person:ville"}},
		"a list as JSON":       {raw: []any{"HOME-A", "ville virta"}, want: []string{"HOME-A", "person:ville"}},
		"nothing":              {raw: []string{""}},
		"not asked":            {},
		"labels":               {raw: "Kotihoito A, Ville Virta · Kotihoito B", want: []string{"HOME-A", "person:ville"}},
		"case and spaces":      {raw: "  kotihoito   a;VILLE VIRTA\r\n", want: []string{"HOME-A", "person:ville"}},
		"a comma in a name":    {raw: "Kotihoito B, Iäkkäät, Kotka, Ville Virta", want: []string{"HOME-B", "OLD", "person:ville"}},
		"the shorter name too": {raw: "Kotka; Iäkkäät, Kotka", want: []string{"KOTKA", "OLD"}},
		"said, not plain":      {raw: "aikuinen lapsi", want: []string{"near:child"}},
		"a value and a name":   {raw: []string{"near:child", "Kotihoito B"}, want: []string{"near:child", "HOME-B"}},
		"a value among names":  {raw: "near:child, Kotihoito B", want: []string{"near:child", "HOME-B"}},
		"two of a name":        {raw: "Kaisa Niemi", wrong: "error.name_near"},
		"a name begun":         {raw: "kaisa", wrong: "error.name_near"},
		"a family name":        {raw: "Kotihoito A, virta", wrong: "error.name_near"},
		"one of many":          {raw: "Pirkko", wrong: "error.name_of_many"},
		"unknown":              {raw: "Kotihoito A, Matti", wrong: "error.name_unknown"},
		"an identity code":     {raw: "010140-900T"},
		"beside one":           {raw: []string{"Kotihoito A", "010140-900T"}},
		"not a text":           {raw: 7.0},
	} {
		raw := map[string]any{}
		if tt.raw != nil {
			raw["parties"] = tt.raw
		}
		got, wrong := c.Choose(FI, form, raw, never)
		want := tt.want
		if want == nil {
			want = tt.raw
		}
		if wrong["parties"].Text.ID != tt.wrong || tt.wrong == "" && !reflect.DeepEqual(got["parties"], want) {
			t.Errorf("%s: chose %v, said %q", name, got["parties"], wrong["parties"].Text.ID)
		}
	}
	if got, _ := c.Choose(FI, form, map[string]any{"person": "Ville Virta"}, never); got["person"] != "person:ville" {
		t.Errorf("one person: %v", got)
	}
	// Of a list that was shown, what names nothing was not chosen there.
	got, wrong := few.Choose(FI, small, map[string]any{"parties": []string{"nobody"}}, never)
	if _, wrong2 := small.Read(got, time.Now(), never); len(wrong) > 0 || wrong2["parties"].Text.ID != "error.not_a_choice" {
		t.Errorf("a short list: %v, %v", wrong, wrong2)
	}
}

func TestNamesAreWhatCanBeWritten(t *testing.T) {
	c, form := namedForm(t, MaxListed)
	f := c.SayForm(FI, form).Fields[0]
	values := []string{"OLD", "person:kaisa2", "near:child"}
	names := f.Names(values)
	if got, _ := c.Choose(FI, form, map[string]any{"parties": strings.Join(names, ", ")}, never); !reflect.DeepEqual(got["parties"], values) {
		t.Errorf("%q reads as %v", names, got["parties"])
	}
	if few, small := namedForm(t, 0); !f.Named() || few.SayForm(FI, small).Fields[0].Named() {
		t.Error("what is listed and what is named")
	}
}
