package casework

import (
	"slices"
	"testing"
	"time"
)

// The days off of Finland that fall on Monday to Friday, written out by hand year by year,
// Midsummer Eve and Christmas Eve included.
var weekdaysOff = map[int][]string{
	2026: {"01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-19", "12-24", "12-25"},
	2027: {"01-01", "01-06", "03-26", "03-29", "05-06", "06-25", "12-06", "12-24"},
	2028: {"01-06", "04-14", "04-17", "05-01", "05-25", "06-23", "12-06", "12-25", "12-26"},
	2029: {"01-01", "03-30", "04-02", "05-01", "05-10", "06-22", "12-06", "12-24", "12-25", "12-26"},
	2030: {"01-01", "04-19", "04-22", "05-01", "05-30", "06-21", "12-06", "12-24", "12-25", "12-26"},
}

func TestWorkingDaysOfFiveYears(t *testing.T) {
	for year, off := range weekdaysOff {
		for day := helsinki(year, 1, 1, 12, 0); day.Year() == year; day = day.AddDate(0, 0, 1) {
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			want := !weekend && !slices.Contains(off, day.Format("01-02"))
			if got := (Calendar{}).Working(day); got != want {
				t.Errorf("%s: working = %v, want %v", day.Format("Mon 2006-01-02"), got, want)
			}
		}
	}
}

// All Saints' Day, Midsummer Day, Easter Day and Whit Sunday must be off though no rule names them.
func TestHolidaysOnWeekends(t *testing.T) {
	for _, day := range []string{
		"2026-04-05", "2026-05-24", "2026-06-20", "2026-10-31", "2026-12-06", "2026-12-26",
		"2027-03-28", "2027-05-16", "2027-06-26", "2027-11-06", "2028-04-16", "2028-06-04", "2028-06-24", "2028-11-04",
		"2029-04-01", "2029-05-20", "2029-06-23", "2029-11-03", "2030-04-21", "2030-06-09", "2030-06-22", "2030-11-02",
	} {
		at, err := time.ParseInLocation(time.DateOnly, day, Helsinki)
		if err != nil {
			t.Fatal(err)
		}
		if (Calendar{}).Working(at) {
			t.Errorf("%s is a working day", day)
		}
	}
}

func TestEaster(t *testing.T) {
	for _, want := range []string{
		"1913-03-23", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21", "2038-04-25",
		"2049-04-18", "2076-04-19", "2100-03-28", "2285-03-22",
	} {
		at, err := time.Parse(time.DateOnly, want)
		if err != nil {
			t.Fatal(err)
		}
		if month, day := easter(at.Year()); month != at.Month() || day != at.Day() {
			t.Errorf("Easter %d: %d %s, want %s", at.Year(), day, month, want)
		}
	}
}

// Helsinki's day counts, not the one of the instant's own zone.
func TestDaysAreHelsinkiDays(t *testing.T) {
	lateThursday := time.Date(2026, 4, 2, 22, 30, 0, 0, time.UTC) // Good Friday 1.30 in Helsinki
	if (Calendar{}).Working(lateThursday) {
		t.Error("Good Friday in Helsinki is a working day")
	}
	if got := (Calendar{}).Day(lateThursday); !got.Equal(helsinki(2026, 4, 3, 0, 0)) || got.Location() != Helsinki {
		t.Errorf("Day = %s", got)
	}
	if got := (Calendar{}).At(lateThursday, 9, 15); !got.Equal(helsinki(2026, 4, 3, 9, 15)) {
		t.Errorf("At = %s", got)
	}
}

func TestAddWorkingDays(t *testing.T) {
	for _, c := range []struct {
		from time.Time
		n    int
		want time.Time
	}{
		{helsinki(2026, 11, 23, 8, 15), 1, helsinki(2026, 11, 24, 8, 15)},
		{helsinki(2026, 11, 20, 16, 0), 1, helsinki(2026, 11, 23, 16, 0)},
		{helsinki(2026, 11, 21, 12, 0), 1, helsinki(2026, 11, 23, 12, 0)},
		{helsinki(2026, 11, 21, 12, 0), 0, helsinki(2026, 11, 21, 12, 0)},
		{helsinki(2026, 11, 23, 8, 0), 5, helsinki(2026, 11, 30, 8, 0)},
		{helsinki(2026, 12, 23, 10, 0), 1, helsinki(2026, 12, 28, 10, 0)},
		{helsinki(2026, 4, 2, 10, 0), 2, helsinki(2026, 4, 8, 10, 0)},
		{helsinki(2027, 3, 25, 3, 30), 1, helsinki(2027, 3, 30, 3, 30)}, // over Easter and the change of clocks
		{helsinki(2027, 10, 29, 3, 30), 1, helsinki(2027, 11, 1, 3, 30)},
		{helsinki(2026, 11, 23, 8, 15), -1, helsinki(2026, 11, 20, 8, 15)},
		{helsinki(2027, 1, 7, 9, 0), -1, helsinki(2027, 1, 5, 9, 0)},
		{helsinki(2026, 12, 30, 9, 0), 260, helsinki(2028, 1, 11, 9, 0)},
		{time.Date(2026, 11, 22, 22, 30, 0, 0, time.UTC), 1, helsinki(2026, 11, 24, 0, 30)},
		{time.Date(2027, 3, 25, 7, 0, 0, 0, time.UTC), 1, helsinki(2027, 3, 30, 9, 0)}, // nine stays nine
	} {
		if got := (Calendar{}).AddWorkingDays(c.from, c.n); !got.Equal(c.want) {
			t.Errorf("%s + %d = %s, want %s", c.from.Format(time.RFC3339), c.n, got, c.want)
		}
	}
}

func TestReminderAt(t *testing.T) {
	for _, c := range []struct{ day, want time.Time }{
		{helsinki(2026, 11, 24, 14, 0), helsinki(2026, 11, 24, 9, 0)},
		{helsinki(2026, 11, 24, 0, 0), helsinki(2026, 11, 24, 9, 0)},
		{helsinki(2026, 11, 22, 23, 59), helsinki(2026, 11, 20, 9, 0)},
		{helsinki(2026, 12, 27, 9, 0), helsinki(2026, 12, 23, 9, 0)},
		{helsinki(2026, 4, 6, 9, 0), helsinki(2026, 4, 2, 9, 0)},
		{helsinki(2027, 3, 28, 12, 0), helsinki(2027, 3, 25, 9, 0)}, // back over the change of clocks: still nine
		{helsinki(2027, 10, 31, 12, 0), helsinki(2027, 10, 29, 9, 0)},
		{helsinki(2027, 1, 1, 12, 0), helsinki(2026, 12, 31, 9, 0)},
		{time.Date(2026, 11, 23, 22, 30, 0, 0, time.UTC), helsinki(2026, 11, 24, 9, 0)},
	} {
		if got := (Calendar{}).ReminderAt(c.day, 9); !got.Equal(c.want) {
			t.Errorf("ReminderAt(%s) = %s, want %s", c.day.Format(time.RFC3339), got, c.want)
		}
	}
}

// Days are 23 and 25 hours long when clocks change; midnight and nine o'clock stay where they are.
func TestDaysWhenClocksChange(t *testing.T) {
	var c Calendar
	for _, day := range []struct {
		at     time.Time
		length time.Duration
	}{
		{helsinki(2027, 3, 28, 12, 0), 23 * time.Hour},
		{helsinki(2027, 10, 31, 12, 0), 25 * time.Hour},
		{helsinki(2027, 10, 30, 12, 0), 24 * time.Hour},
	} {
		start, end := c.Day(day.at), c.Day(day.at.AddDate(0, 0, 1))
		if end.Sub(start) != day.length || start.Hour() != 0 || end.Hour() != 0 {
			t.Errorf("%s: from %s to %s", day.at, start, end)
		}
		if nine := c.At(day.at, 9, 0); nine.Hour() != 9 || nine.Day() != day.at.Day() {
			t.Errorf("nine o'clock is %s", nine)
		}
	}
}

func helsinki(year int, month time.Month, day, hour, minute int) time.Time {
	return time.Date(year, month, day, hour, minute, 0, 0, Helsinki)
}
