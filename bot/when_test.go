package bot

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The nows of the tables: an ordinary Saturday noon, the edges of a year and a month, and the days clocks change.
const (
	saturday = "2026-11-21 12:00"
	tuesday  = "2026-11-24 12:00"
	newYear  = "2026-12-31 12:00"
	february = "2027-02-28 12:00"
	spring   = "2027-03-27 12:00" // the day before clocks go forward
	autumn   = "2027-10-30 12:00" // the day before clocks go back
)

func nowAt(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, Helsinki)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// whenCase is what was said and what it means: "2006-01-02 15:04" in Helsinki, or a reason of refusal.
type whenCase struct{ said, want string }

func checkMoments(t *testing.T, now string, past bool, cases []whenCase) {
	t.Helper()
	for _, c := range cases {
		got, err := ParseMoment(c.said, nowAt(t, now), past)
		if outcome(got, err, "2006-01-02 15:04") != c.want {
			t.Errorf("at %s, past %v: ParseMoment(%q) = %s, want %s", now, past, c.said, outcome(got, err, time.RFC3339), c.want)
		}
	}
}

func checkDays(t *testing.T, now string, past bool, cases []whenCase) {
	t.Helper()
	for _, c := range cases {
		got, err := ParseDay(c.said, nowAt(t, now), past)
		if outcome(got, err, "2006-01-02") != c.want {
			t.Errorf("at %s, past %v: ParseDay(%q) = %s, want %s", now, past, c.said, outcome(got, err, time.RFC3339), c.want)
		}
		if err == nil && (got.Location() != Helsinki || got.Format("15:04:05") != "00:00:00") {
			t.Errorf("ParseDay(%q) = %s is not midnight in Helsinki", c.said, got)
		}
	}
}

func outcome(t time.Time, err error, layout string) string {
	if err != nil && !t.IsZero() {
		return "an error and " + t.Format(time.RFC3339)
	}
	if err != nil {
		return whenReason(err)
	}
	return t.Format(layout)
}

// Two years ahead to the minute is still taken.
func TestParseMomentPast(t *testing.T) {
	checkMoments(t, saturday, true, []whenCase{
		{"eilen klo 14", "2026-11-20 14:00"},
		{"igår kl 14", "2026-11-20 14:00"},
		{"i går kl 14", "2026-11-20 14:00"},
		{"yesterday at 2 pm", "2026-11-20 14:00"},
		{"toissapäivänä klo 9", "2026-11-19 09:00"},
		{"i förrgår kl 9", "2026-11-19 09:00"},
		{"the day before yesterday at 9", "2026-11-19 09:00"},
		{"tänään klo 12", "2026-11-21 12:00"},
		{"tänään klo 12.01", "future"},
		{"huomenna klo 9", "future"},
		{"tunnin päästä", "future"},
		{"ti 24.11. klo 9", "weekday"}, // the latest 24.11. is a year ago
		{"24.11. klo 9", "2025-11-24 09:00"},
		{"17.11. klo 9", "2026-11-17 09:00"},
		{"ti 17.11. klo 9", "2026-11-17 09:00"},
		{"tiistaina klo 9", "2026-11-17 09:00"},
		{"lauantaina klo 9", "2026-11-14 09:00"},
		{"i tisdags kl 9", "2026-11-17 09:00"},
		{"på tisdag kl 9", "2026-11-17 09:00"},
		{"last sunday at 9", "2026-11-15 09:00"},
		{"viime tiistaina klo 9", "unclear"},
		{"viime viikon tiistaina klo 9", "2026-11-10 09:00"},
		{"tisdag förra veckan kl 9", "2026-11-10 09:00"},
		{"tunti sitten", "2026-11-21 11:00"},
		{"puoli tuntia sitten", "2026-11-21 11:30"},
		{"för två timmar sedan", "2026-11-21 10:00"},
		{"half an hour ago", "2026-11-21 11:30"},
		{"2 päivää sitten klo 9", "2026-11-19 09:00"},
		{"viikko sitten klo 9", "2026-11-14 09:00"},
		{"för en vecka sedan kl 9", "2026-11-14 09:00"},
		{"three days ago at 9", "2026-11-18 09:00"},
		{"999 vuotta sitten klo 9", "unclear"},
		{"24.11.1926 klo 9", "unclear"},
		{"nyt", "2026-11-21 12:00"},
		{"2026-11-20T14:00:00+02:00", "2026-11-20 14:00"},
	})
}

var saidDays = []whenCase{
	{"2026-11-24", "2026-11-24"},
	{"24.11.2026", "2026-11-24"},
	{"24.11.", "2026-11-24"},
	{"24.11", "2026-11-24"},
	{"9.10", "2027-10-09"},
	{"1.2", "2027-02-01"},
	{"24/11/2026", "2026-11-24"},
	{"tänään", "2026-11-21"},
	{"huomenna", "2026-11-22"},
	{"ti", "2026-11-24"},
	{"ti 24.11.", "2026-11-24"},
	{"tiistaina", "2026-11-24"},
	{"ensi maanantaina", "2026-11-23"},
	{"i övermorgon", "2026-11-23"},
	{"på tisdag", "2026-11-24"},
	{"nästa måndag", "2026-11-23"},
	{"next friday", "2026-11-27"},
	{"24 november 2026", "2026-11-24"},
	{"marraskuun 24. päivä", "2026-11-24"},
	{"kahden viikon päästä", "2026-12-05"},
	{"in two weeks", "2026-12-05"},
	{"om två veckor", "2026-12-05"},
	{"21.11.2028", "2028-11-21"},

	{"14", "unclear"},
	{"", "unclear"},
	{"huomenna klo 14", "unclear"},
	{"24.11.2026 14:00", "unclear"},
	{"2026-11-24T14:00:00Z", "unclear"},
	{"24.11 25.11", "unclear"},
	{"tunnin päästä", "unclear"},
	{"nyt", "unclear"},
	{"huomenna nyt", "unclear"},
	{"huomenna tunnin päästä", "unclear"},
	{"31.2.", "no_such_day"},
	{"31.2.2027", "no_such_day"},
	{"9.30", "no_such_day"},
	{"eilen", "past"},
	{"20.11.2026", "past"},
	{"22.11.2028", "too_far"},
	{"ma 24.11.2026", "weekday"},
}

func TestParseDay(t *testing.T) {
	checkDays(t, saturday, false, saidDays)
	checkDays(t, saturday, true, []whenCase{
		{"tänään", "2026-11-21"},
		{"eilen", "2026-11-20"},
		{"21.11.", "2026-11-21"},
		{"24.11.", "2025-11-24"},
		{"29.2.", "2024-02-29"},
		{"tiistaina", "2026-11-17"},
		{"31.12.1949", "unclear"},
		{"1.1.1950", "1950-01-01"},
		{"huomenna", "future"},
		{"22.11.2026", "future"},
	})
	checkDays(t, spring, false, []whenCase{{"huomenna", "2027-03-28"}, {"ylihuomenna", "2027-03-29"}})
	checkDays(t, autumn, false, []whenCase{{"huomenna", "2027-10-31"}, {"ylihuomenna", "2027-11-01"}})
}

// Days are Helsinki's, wherever the clock of the given now stands.
func TestParseDayInHelsinki(t *testing.T) {
	now := time.Date(2026, 11, 20, 22, 30, 0, 0, time.UTC)
	got, err := ParseDay("tänään", now, false)
	if want := nowAt(t, "2026-11-21 00:00"); err != nil || !got.Equal(want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// Seconds and fractions of now never come into what people say in hours and minutes.
// Every weekday and month in every language and form, from its own table so that a slip in the words is seen.
func TestParseDayNames(t *testing.T) {
	now := nowAt(t, saturday)
	for i, names := range []string{
		"ma maanantai maanantaina må mån måndag måndagen mon monday", "ti tiistai tiistaina tis tisdag tisdagen tue tues tuesday",
		"ke keskiviikko keskiviikkona ons onsdag onsdagen wed wednesday", "to torstai torstaina tor tors torsdag torsdagen thu thursday",
		"pe perjantai perjantaina fr fre fredag fredagen fri friday", "la lauantai lauantaina lö lör lördag lördagen sat saturday",
		"su sunnuntai sunnuntaina sö sön söndag söndagen sun sunday",
	} {
		for _, name := range strings.Fields(names) {
			got, err := ParseDay(name, now, false)
			want := now.AddDate(0, 0, 1+(i+1)%7)
			if err != nil || got.Format(time.DateOnly) != want.Format(time.DateOnly) {
				t.Errorf("%q = %s, %v", name, got, err)
			}
		}
	}
	for i, names := range []string{
		"tammikuuta januari january jan", "helmikuuta februari february feb", "maaliskuuta mars march mar", "huhtikuuta april apr",
		"toukokuuta maj may", "kesäkuuta juni june jun", "heinäkuuta juli july jul", "elokuuta augusti august aug",
		"syyskuuta september sept sep", "lokakuuta oktober october okt oct", "marraskuuta november nov", "joulukuuta december dec",
	} {
		for _, name := range strings.Fields(names) {
			got, err := ParseDay("5. "+name+" 2027", now, false)
			if err != nil || got.Format("2006-1-2") != fmt.Sprintf("2027-%d-5", i+1) {
				t.Errorf("%q = %s, %v", name, got, err)
			}
		}
	}
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{
		"huomenna klo 14", "ti 24.11. klo 9.30", "kahden viikon päästä klo 10", "på tisdag kl 9.30", "next monday 2 pm", "24.11 9.30",
		"2026-11-24T14:00:00+02:00", "2027-10-31T03:30:00+02:00", "28.3.2027 3.30", "31.2.", "tunti sitten", "nyt", "\xff", "i måndags kl 9",
		"1950-01-01T00:00:00+14:00", "marraskuun 24. päivä klo 14", "in half an hour",
	} {
		f.Add(s, int64(1795255200), false)
		f.Add(s, int64(1824829200), true)
	}
	f.Fuzz(func(t *testing.T, s string, unix int64, past bool) {
		now := time.Unix(1700000000+unix%1000000000, 0)
		if day, err := ParseDay(s, now, past); err == nil {
			if again, err := ParseDay(day.Format(time.DateOnly), now, past); err != nil || !again.Equal(day) {
				t.Errorf("day %q = %s, then %s, %v", s, day, again, err)
			}
		}
		at, err := ParseMoment(s, now, past)
		if err != nil {
			var reason WhenError
			if !errors.As(err, &reason) || !at.IsZero() {
				t.Errorf("%q: %s, %v", s, at, err)
			}
			return
		}
		if again, err := ParseMoment(at.Format(time.RFC3339), now, past); err != nil || !again.Equal(at) {
			t.Errorf("%q = %s, then %s, %v", s, at, again, err)
		}
	})
}

func BenchmarkParseMoment(b *testing.B) {
	now := nowAt(b, saturday)
	for _, s := range []string{"ti 24.11. klo 9.30", "2026-11-24T14:00:00+02:00", "kahden viikon päästä klo 10"} {
		b.Run(strings.ReplaceAll(s, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				if _, err := ParseMoment(s, now, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
