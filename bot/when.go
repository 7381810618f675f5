package bot

import (
	"errors"
	"time"
	_ "time/tzdata" // so that Helsinki is found on machines without a time zone database
)

// Helsinki is the zone in which people write days and times. Its data travel in the program, so loading it cannot fail.
var Helsinki, _ = time.LoadLocation("Europe/Helsinki")

// WhenError says why a date or time was not taken. Its value ends the id of the sentence that tells it, "error.when.<reason>".
// It never holds what was typed.
type WhenError string

// The reasons.
const (
	WhenUnclear   WhenError = "unclear"     // not understood, or understood in two ways
	WhenNoSuchDay WhenError = "no_such_day" // 31.2.
	WhenNoTime    WhenError = "no_time"     // a moment without a time of day
	WhenPast      WhenError = "past"        // before now (days: before today) where what comes is asked
	WhenFuture    WhenError = "future"      // after now (days: after today) where what has been is asked
	WhenTooFar    WhenError = "too_far"     // more than two years ahead
	WhenWeekday   WhenError = "weekday"     // the weekday named is not that of the date
	WhenGap       WhenError = "dst_gap"     // skipped when clocks go forward
	WhenTwice     WhenError = "dst_twice"   // comes twice when clocks go back
)

// Error names the reason.
func (e WhenError) Error() string { return "date or time refused: " + string(e) }

// whenReason is the reason of an error of ParseDay or ParseMoment.
func whenReason(err error) string {
	var reason WhenError
	if errors.As(err, &reason) {
		return string(reason)
	}
	return string(WhenUnclear)
}

const (
	yearsAhead = 2
	oldestYear = 1950 // an earlier year is a slip of the hand, not a date of care
)

// ParseDay reads a day as people write it in Finnish, Swedish or English, or in ISO form: "24.11.", "tiistaina", "i morgon",
// "in two weeks". It is midnight of that day in Helsinki. A day without a year or week is the next such one seen from now
// (a weekday: after today), or the latest when past asks for what has been. The error is a WhenError.
func ParseDay(s string, now time.Time, past bool) (time.Time, error) {
	said, now, err := listen(s, now)
	if err != nil {
		return time.Time{}, err
	}
	if len(said.pairs) == 1 {
		said.date(said.pairs[0].second, said.pairs[0].first, 0)
		said.pairs = nil
	}
	if said.unclear || said.timed || said.now || said.minutes != 0 || len(said.pairs) > 0 {
		return time.Time{}, WhenUnclear
	}
	d, err := said.day(civilOf(now), past)
	if err != nil {
		return time.Time{}, err
	}
	t, today := d.at(0, 0, 0, Helsinki), civilOf(now).at(0, 0, 0, Helsinki)
	return within(t, today, past)
}

// ParseMoment reads a day and a time of day as people write them: "huomenna klo 14", "på tisdag kl 9.30", "next monday 2 pm",
// "tunnin päästä", or ISO with or without an offset. Without an offset the time is Helsinki's. Days are read as ParseDay
// does. The error is a WhenError; a time that clocks skip or show twice is refused rather than guessed.
func ParseMoment(s string, now time.Time, past bool) (time.Time, error) {
	said, now, err := listen(s, now)
	if err != nil {
		return time.Time{}, err
	}
	said.settlePairs()
	if said.unclear {
		return time.Time{}, WhenUnclear
	}
	if said.now || said.minutes != 0 {
		return said.soon(now, past)
	}
	d, err := said.day(civilOf(now), past)
	switch {
	case err != nil:
		return time.Time{}, err
	case !said.timed:
		return time.Time{}, WhenNoTime
	}
	t, err := said.clock(d)
	if err != nil {
		return time.Time{}, err
	}
	return within(t, now, past)
}

// within is t itself when it lies where it may, seen from now.
func within(t, now time.Time, past bool) (time.Time, error) {
	switch {
	case past && t.After(now):
		return time.Time{}, WhenFuture
	case !past && t.Before(now):
		return time.Time{}, WhenPast
	case t.After(now.AddDate(yearsAhead, 0, 0)):
		return time.Time{}, WhenTooFar
	case t.In(Helsinki).Year() < oldestYear:
		return time.Time{}, WhenUnclear
	}
	return t, nil
}

// soon is a moment counted from now in minutes and hours: seconds are dropped, as people do.
func (s *spoken) soon(now time.Time, past bool) (time.Time, error) {
	if s.named() || s.timed || s.now && s.minutes != 0 {
		return time.Time{}, WhenUnclear
	}
	if s.now {
		return now, nil
	}
	t := now.Add(time.Duration(s.minutes) * time.Minute).Truncate(time.Minute)
	return within(t, now, past)
}

// clock is the time of day on the day, if clocks show it exactly once.
func (s *spoken) clock(d civil) (time.Time, error) {
	zone := Helsinki
	if s.zone != nil {
		zone = s.zone
	}
	t := d.at(s.hour, s.minute, s.second, zone)
	if t.Hour() != s.hour || t.Minute() != s.minute {
		return time.Time{}, WhenGap
	}
	// Which of two such instants time.Date gives, it does not promise.
	for _, other := range []time.Time{t.Add(-time.Hour), t.Add(time.Hour)} {
		if other.Hour() == s.hour {
			return time.Time{}, WhenTwice
		}
	}
	if s.english && s.loose {
		return time.Time{}, WhenUnclear
	}
	return t.In(Helsinki), nil
}

// civil is a day of the calendar, in no zone.
type civil struct {
	year  int
	month time.Month
	day   int
}

func civilOf(t time.Time) civil {
	y, m, d := t.Date()
	return civil{y, m, d}
}

func (c civil) at(hour, minute, second int, zone *time.Location) time.Time {
	return time.Date(c.year, c.month, c.day, hour, minute, second, 0, zone)
}

func (c civil) plus(days int) civil   { return civilOf(c.at(0, 0, 0, time.UTC).AddDate(0, 0, days)) }
func (c civil) weekday() time.Weekday { return c.at(0, 0, 0, time.UTC).Weekday() }
func (c civil) exists() bool          { return civilOf(c.at(0, 0, 0, time.UTC)) == c }
func (c civil) before(other civil) bool {
	return c.at(0, 0, 0, time.UTC).Before(other.at(0, 0, 0, time.UTC))
}
func (c civil) monday() civil            { return c.plus(-sinceMonday(c.weekday())) }
func sinceMonday(w time.Weekday) (n int) { return (int(w) + 6) % 7 }

// plusMonths is the same day of another month, or that month's last day when it is shorter.
func (c civil) plusMonths(n int) civil {
	first := civilOf(time.Date(c.year, c.month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	last := civilOf(time.Date(first.year, first.month+1, 0, 0, 0, 0, 0, time.UTC))
	return civil{first.year, first.month, min(c.day, last.day)}
}
