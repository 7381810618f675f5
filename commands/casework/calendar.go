package casework

import (
	"time"
	_ "time/tzdata" // so that Helsinki is found on machines without a time zone database
)

// Helsinki is the zone of every day and time of day in the rules. Its data travel in the program, so loading it
// cannot fail.
var Helsinki, _ = time.LoadLocation("Europe/Helsinki")

// Calendar knows the working days of Finland. The zero value is ready for use.
type Calendar struct{}

// Day is midnight in Helsinki of the day that t falls on there.
func (Calendar) Day(t time.Time) time.Time {
	y, m, d := t.In(Helsinki).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Helsinki)
}

// At is the time of day in Helsinki on the day that the given instant falls on there. A time of day that the spring change
// of clocks skips comes out an hour off.
func (Calendar) At(day time.Time, hour, minute int) time.Time {
	y, m, d := day.In(Helsinki).Date()
	return time.Date(y, m, d, hour, minute, 0, 0, Helsinki)
}

// Working reports whether the day in Helsinki is a working day: Monday to Friday, neither a public holiday, Midsummer Eve nor
// Christmas Eve.
func (Calendar) Working(day time.Time) bool {
	day = day.In(Helsinki)
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	return !weekend && !fixedHoliday(day) && !easterHoliday(day) && !midsummerEve(day)
}

// AddWorkingDays is the n-th working day after t (before t when n is negative) at the same time of day in Helsinki. With n = 0
// it is t itself, working day or not.
func (c Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	t = t.In(Helsinki)
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	days := 0
	for n > 0 {
		days += step
		if c.Working(t.AddDate(0, 0, days)) {
			n--
		}
	}
	return t.AddDate(0, 0, days)
}

// ReminderAt is when a reminder for the day is due: at the hour in Helsinki that day, or on the last working day before when it
// is not one itself.
func (c Calendar) ReminderAt(day time.Time, hour int) time.Time {
	at := c.At(day, hour, 0)
	for !c.Working(at) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// fixedHoliday knows the days off that have a date of their own. All Saints' Day and Midsummer Day are always Saturdays and
// need no entry.
func fixedHoliday(day time.Time) bool {
	switch day.Month() {
	case time.January:
		return day.Day() == 1 || day.Day() == 6
	case time.May:
		return day.Day() == 1
	case time.December:
		return day.Day() == 6 || day.Day() >= 24 && day.Day() <= 26
	default:
		return false
	}
}

// midsummerEve is the Friday of 19–25 June.
func midsummerEve(day time.Time) bool {
	return day.Month() == time.June && day.Weekday() == time.Friday && day.Day() >= 19 && day.Day() <= 25
}

// easterHoliday knows Good Friday, Easter Monday and Ascension Day; Easter Day and Whit Sunday are Sundays anyway.
func easterHoliday(day time.Time) bool {
	month, d := easter(day.Year())
	for _, after := range []int{-2, 1, 39} {
		off := time.Date(day.Year(), month, d+after, 0, 0, 0, 0, time.UTC)
		if off.Month() == day.Month() && off.Day() == day.Day() {
			return true
		}
	}
	return false
}

// easter is the date of Easter Day in the Gregorian calendar: the Sunday after the church's full moon of spring. The moon
// repeats itself in cycles of 19 years, shifted by the leap days the centuries leave out.
func easter(year int) (time.Month, int) {
	golden, century := year%19, year/100
	drift := century - century/4 - (8*century+13)/25 // how far the leap years and the moon have drifted apart
	moon := (19*golden + drift + 15) % 30            // days from 21 March to the full moon
	if moon == 29 || moon == 28 && golden > 10 {
		moon-- // the church's moon is never later than 18 April
	}
	full := time.Date(year, time.March, 21+moon, 0, 0, 0, 0, time.UTC)
	sunday := full.AddDate(0, 0, 7-int(full.Weekday()))
	return sunday.Month(), sunday.Day()
}
