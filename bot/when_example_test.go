package bot

import (
	"strings"
	"testing"
	"time"
)

// shown takes the examples out of a sentence that shows them.
func shown(sentence string) []string {
	for _, lead := range []string{"Esimerkiksi ", "Till exempel ", "For example "} {
		sentence = strings.TrimPrefix(sentence, lead)
	}
	for _, or := range []string{" tai ", " eller ", " or "} {
		sentence = strings.ReplaceAll(sentence, or, "|")
	}
	return strings.Split(strings.TrimSuffix(sentence, "."), "|")
}

// TestExamplesAreTaken: whoever writes what a field shows is understood by that field, at any time of the year.
func TestExamplesAreTaken(t *testing.T) {
	c, err := NewCatalog(Helsinki)
	if err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{
		time.Date(2026, 11, 24, 14, 30, 0, 0, Helsinki), time.Date(2031, 12, 31, 23, 59, 0, 0, Helsinki), time.Date(2028, 2, 22, 0, 0, 30, 0, Helsinki),
	} {
		for _, lang := range Langs {
			for _, past := range []bool{false, true} {
				for _, s := range []Spec{DateField("day").Spec, DateTimeField("moment").Spec} {
					s.Past = past
					examples := shown(c.Say(lang, WhenExample(s.Kind, past, now)))
					if len(examples) != 2 {
						t.Errorf("%s: %q are not two", lang, examples)
					}
					for _, example := range examples {
						if v, fault := s.read(s, example, now); v == nil || fault != nil {
							t.Errorf("%s, %s, past %v: %q is not taken: %v", lang, s.Kind, past, example, fault)
						}
					}
				}
			}
		}
	}
}

// TestWhatIsUnclearIsToldWithAnExample of the field's own kind.
func TestWhatIsUnclearIsToldWithAnExample(t *testing.T) {
	c, err := NewCatalog(Helsinki)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2027, 2, 1, 9, 0, 0, 0, Helsinki)
	for want, field := range map[string]AnyField{
		"Esimerkiksi 8.2.2027 klo 14 tai huomenna klo 9.30.": DateTimeField("at"),
		"Esimerkiksi 25.1.2027 tai eilen.":                   DateField("at").InPast(),
	} {
		_, wrong := Form{Fields: []AnyField{field}}.Read(map[string]any{"at": "joskus"}, now, never)
		if said := c.Say(FI, wrong["at"].Text); !strings.HasSuffix(said, " ymmärretty. "+want) {
			t.Errorf("said %q, want %q", said, want)
		}
	}
}

// TestOfSeveralChoicesAnyOneWillDo: no single one is needed.
func TestOfSeveralChoicesAnyOneWillDo(t *testing.T) {
	form := Form{Fields: []AnyField{MultiField("many", "x", "a", "b").Must(), SelectField("one", "x", "a", "b").Must()}}
	_, wrong := form.Read(map[string]any{}, time.Time{}, never)
	if wrong["many"].Text.ID != "error.required_many" || wrong["one"].Text.ID != "error.required" {
		t.Errorf("%+v", wrong)
	}
}

// TestLangOf: chats name languages with countries or without.
func TestLangOf(t *testing.T) {
	for locale, want := range map[string]Lang{"sv": SV, "sv-SE": SV, "en_AU": EN, "fi": FI, "de": "", "": "", "fil": ""} {
		if got := LangOf(locale); got != want {
			t.Errorf("%q is %q, want %q", locale, got, want)
		}
	}
}
