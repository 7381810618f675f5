package commands

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// amended is what comes of the form in which a consent is amended, sent with its presets, after change has been at the values.
func amended(t *testing.T, was casework.Consent, change func(values map[string]any)) (casework.Consent, casework.Consent) {
	t.Helper()
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, casework.Helsinki)
	was.Status, was.GivenAt, was.RecordedAt = casework.ConsentGranted, at.Add(-time.Hour), at.Add(-time.Hour)
	d := &Desk{Tx: people{}, House: newHouse(t), At: at, Me: staffed[2], Case: casework.Case{
		Code: "BCDFGHJ-K", State: casework.Active, Coordinator: paula, Consents: []casework.Consent{was},
	}}
	f, err := amendConsent.Form(t.Context(), &Call{Command: amendConsent, Desk: d})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]any{"form": "written_signed"}
	for _, field := range f.Fields {
		if s := specOf(field); s.Default != nil {
			values[s.Name] = s.Default
		}
	}
	change(values)
	in, wrong := f.Read(values, at, func(string) bool { return false })
	if wrong != nil {
		t.Fatal(wrong)
	}
	now, err := d.consentOf(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return was, now
}

// narrow is a consent that differs from what is usual wherever it can.
func narrow() casework.Consent {
	return casework.Consent{
		Form: "written_signed", GivenBy: "continuing_poa_personal", Capacity: "unable", Language: "sv", Direction: "to_health",
		Parties:    []casework.Party{{Code: kaisa.Unit, Register: kaisa.Register}, {Code: "near:daughter"}},
		Categories: []string{"housing", "mental_health"}, NoContent: []string{"near:daughter"}, Purposes: []string{"joint_plan"},
		ValidUntil: time.Date(2027, 3, 31, 0, 0, 0, 0, casework.Helsinki), ChatToolOK: true,
		RepresentativeEvidence: "a paper of 2026", ObjectsTo: []string{"near:son"},
	}
}

// differs compares all of the scope: how and when the new version was given is its own.
func differs(was, now casework.Consent) string {
	was.Status, was.GivenAt, was.RecordedAt, was.OralUntil = "", time.Time{}, time.Time{}, time.Time{}
	return cmp.Diff(was, now)
}

func TestAmendingChangesOnlyWhatIsChanged(t *testing.T) {
	was, now := amended(t, narrow(), func(map[string]any) {})
	if diff := differs(was, now); diff != "" {
		t.Errorf("sent as it came (-was +now):\n%s", diff)
	}
	was, now = amended(t, narrow(), func(values map[string]any) {
		for _, folded := range []string{
			"given_by", "capacity", "language", "direction", "no_content", "purposes", "representative_evidence", "objects_to", "near_name", "info_given_at",
		} {
			delete(values, folded)
		}
		values["valid_until"] = ""
	})
	if diff := differs(was, now); diff != "" {
		t.Errorf("in a chat that did not put the folded questions, and without a day (-was +now):\n%s", diff)
	}
}

func TestWhatIsEmptiedInAnAmendmentIsEmpty(t *testing.T) {
	_, now := amended(t, narrow(), func(values map[string]any) {
		values["no_content"], values["objects_to"], values["mental_health_ok"] = []string{}, []string{}, false
	})
	if len(now.NoContent)+len(now.ObjectsTo) > 0 || cmp.Diff(now.Categories, []string{"housing"}) != "" {
		t.Errorf("left are %v, %v and %v", now.NoContent, now.ObjectsTo, now.Categories)
	}
}

func TestAnOralConsentIsNotProlongedByTheForm(t *testing.T) {
	oral := narrow()
	oral.Form, oral.OralUntil = "oral_documented", time.Date(2027, 3, 29, 0, 0, 0, 0, casework.Helsinki).UTC() // the day after the clocks change
	_, now := amended(t, oral, func(map[string]any) {})
	if want := time.Date(2027, 3, 28, 0, 0, 0, 0, casework.Helsinki); !now.ValidUntil.Equal(want) {
		t.Errorf("the last day is %v, want %v", now.ValidUntil, want)
	}
}

// A question that may turn out to be demanded is never among those that are out of sight.
func TestNoFormFoldsWhatMayBeDemanded(t *testing.T) {
	catalog, demanded := newCatalog(t), 0
	for key, f := range forms(t, catalog) {
		for _, field := range catalog.SayForm(bot.FI, *f).Fields {
			if field.Required || field.When != nil {
				demanded++
				if field.Folded {
					t.Errorf("%s folds %s", key, field.Name)
				}
			}
		}
	}
	if demanded < 20 {
		t.Errorf("only %d such questions were found", demanded)
	}
}

func TestLongNamesAreCutBetweenTheirParts(t *testing.T) {
	for name, want := range map[string]string{
		"Sanna Salo": "Sanna Salo", "Kaisa-Maria Kaukovaara-Ylä-Åkerman": "Kaisa-Maria Kaukovaara", "Anna Maria Ylä-Kaukovaara": "Anna Maria Ylä",
		"Kaisa-Maria Ylä-Järvi-Pa": "Kaisa-Maria Ylä-Järvi", "ÅÄÖåäöÅÄÖåäöÅÄÖ": "ÅÄÖåäöÅÄÖåäö", "Anna Kukkakaalinpoika-Po Aho": "Anna Kukkakaalinpoika-Po",
	} {
		if got := shorten(name, 24); got != want {
			t.Errorf("%q is cut to %q, want %q", name, got, want)
		}
	}
}

// What a form's title says stands in the browser's history: it holds no values.
func TestTitlesOfFormsHoldNoValues(t *testing.T) {
	catalog := newCatalog(t)
	for key, f := range forms(t, catalog) {
		for _, lang := range bot.Langs {
			with := catalog.SayForm(lang, *f).Title
			f := *f
			f.Data = bot.Data{"code": "?", "phone": "?"}
			if without := catalog.SayForm(lang, f).Title; with != without || with == "" {
				t.Errorf("the title of %s in %s is %q, and %q with other values", key, lang, with, without)
			}
		}
	}
}
