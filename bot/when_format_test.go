package bot

import (
	"testing"
	"time"
)

func TestFormatDateTime(t *testing.T) {
	at := nowAt(t, "2026-11-24 09:30")
	for _, c := range []struct {
		lang Lang
		at   time.Time
		want string
	}{
		{FI, at, "tiistaina 24. marraskuuta 2026 klo 9.30"},
		{SV, at, "tisdag 24 november 2026 kl. 9.30"},
		{EN, at, "Tuesday 24 November 2026 at 9:30"},
		{"de", at, "tiistaina 24. marraskuuta 2026 klo 9.30"},
		{FI, nowAt(t, "2027-01-06 14:00"), "keskiviikkona 6. tammikuuta 2027 klo 14.00"},
		{SV, nowAt(t, "2027-05-01 00:05"), "lördag 1 maj 2027 kl. 0.05"},
		{EN, nowAt(t, "2027-05-01 14:00"), "Saturday 1 May 2027 at 14:00"},
		{EN, nowAt(t, "2027-05-01 02:30"), "Saturday 1 May 2027 at 02:30"},
		{FI, at.UTC(), "tiistaina 24. marraskuuta 2026 klo 7.30"}, // the instant's own zone counts
	} {
		if got := FormatDateTime(c.lang, c.at); got != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
}

func TestFormatDate(t *testing.T) {
	for lang, want := range map[Lang]string{
		FI: "tiistai 24.11.2026", SV: "tisdag 24.11.2026", EN: "Tuesday 24 November 2026", "": "tiistai 24.11.2026",
	} {
		if got := FormatDate(lang, nowAt(t, "2026-11-24 00:00")); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

func TestFormatOn(t *testing.T) {
	for lang, want := range map[Lang]string{
		FI: "tiistaina 24.11.2026", SV: "tisdag 24.11.2026", EN: "Tuesday 24 November 2026", "": "tiistaina 24.11.2026",
	} {
		if got := FormatOn(lang, nowAt(t, "2026-11-24 00:00")); got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}

// What Luotsi writes it also reads: every day of two years and every hour, in every language.
func TestWhatIsWrittenIsRead(t *testing.T) {
	now := nowAt(t, saturday)
	for _, lang := range Langs {
		for at := now; at.Before(now.AddDate(2, 0, 0)); at = at.Add(7*time.Hour + 7*time.Minute) {
			said := FormatDateTime(lang, at)
			got, err := ParseMoment(said, now, false)
			if whenReason(err) == string(WhenTwice) && err != nil {
				continue
			}
			if err != nil || !got.Equal(at) {
				t.Fatalf("%s: %q read as %s, %v", lang, said, got, err)
			}
			for _, said := range []string{FormatDate(lang, at), FormatOn(lang, at)} {
				if got, err := ParseDay(said, now, false); err != nil || got.Format(time.DateOnly) != at.Format(time.DateOnly) {
					t.Fatalf("%s: %q read as %s, %v", lang, said, got, err)
				}
			}
		}
	}
}
