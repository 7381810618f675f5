package bot

import "time"

// spoken is what the words of a date or time said, before it is known which day they mean.
type spoken struct {
	unclear bool // something was said twice, or contradicts itself
	english bool

	dated       bool // a date; year 0 = none was said
	year, month int
	dayOfMonth  int

	offset *int // days from today: tomorrow = 1
	days   *int // "in two weeks", in days
	months *int // "in two months"

	weekday *time.Weekday
	week    *int // calendar week from this one: next = 1
	last    bool // "last monday"
	ago     bool // the weekday's form itself looks back: "i måndags"

	now     bool
	minutes int // "in an hour" = 60; negative = ago

	timed                bool
	hour, minute, second int
	loose                bool // the hour may as well be meant for the afternoon
	zone                 *time.Location

	pairs []pair // figures not yet known to be a date or a time
}

func (s *spoken) date(month, day, year int) {
	s.unclear = s.unclear || s.dated
	s.dated, s.month, s.dayOfMonth, s.year = true, month, day, year
}

func (s *spoken) time(hour, minute, second int, loose bool) {
	s.unclear = s.unclear || s.timed || hour > 23 || minute > 59 || second > 59
	s.timed, s.hour, s.minute, s.second, s.loose = true, hour, minute, second, loose
}

// set stores a number that may be said only once.
func (s *spoken) set(where **int, n int) {
	s.unclear = s.unclear || *where != nil
	*where = &n
}

// named reports whether any day was named.
func (s *spoken) named() bool {
	return s.dated || s.offset != nil || s.days != nil || s.months != nil || s.weekday != nil || s.week != nil
}

// day is the day that was named, seen from today.
func (s *spoken) day(today civil, past bool) (civil, error) {
	var d civil
	var err error
	switch {
	case s.days != nil && s.months != nil, (s.days != nil || s.months != nil) && (s.dated || s.offset != nil):
		return civil{}, WhenUnclear
	case s.week != nil && (s.weekday == nil || s.dated || s.offset != nil || s.days != nil || s.months != nil):
		return civil{}, WhenUnclear
	case s.dated:
		d, err = s.dateFrom(today, past)
	case s.offset != nil:
		d = today.plus(*s.offset)
	case s.days != nil:
		d = today.plus(*s.days)
	case s.months != nil:
		d = today.plusMonths(*s.months)
	case s.weekday != nil:
		return s.weekdayFrom(today, past)
	default:
		return civil{}, WhenUnclear
	}
	switch {
	case err != nil:
		return civil{}, err
	case s.offset != nil && today.plus(*s.offset) != d, s.last:
		return civil{}, WhenUnclear
	case s.weekday != nil && *s.weekday != d.weekday():
		return civil{}, WhenWeekday
	}
	return d, nil
}

// dateFrom completes a date without a year with the next year that has it, or the latest when past.
func (s *spoken) dateFrom(today civil, past bool) (civil, error) {
	d := civil{s.year, time.Month(s.month), s.dayOfMonth}
	if s.year != 0 {
		if !d.exists() {
			return civil{}, WhenNoSuchDay
		}
		return d, nil
	}
	step := 1
	if past {
		step = -1
	}
	// Eight years hold a leap day even across a century without one.
	for d.year = today.year; d.year != today.year+9*step; d.year += step {
		passed := !past && d.before(today) || past && today.before(d)
		if d.exists() && !passed {
			return d, nil
		}
	}
	return civil{}, WhenNoSuchDay
}

// weekdayFrom finds a weekday that stands alone or with a calendar week.
func (s *spoken) weekdayFrom(today civil, past bool) (civil, error) {
	ahead := sinceMonday(*s.weekday) - sinceMonday(today.weekday())
	switch {
	case s.week != nil && (s.last || s.ago):
		return civil{}, WhenUnclear
	case s.week != nil:
		return today.monday().plus(7**s.week + sinceMonday(*s.weekday)), nil
	case s.last && ahead < 0:
		return civil{}, WhenUnclear // some mean the one this week, some the one a week before
	case past || s.last || s.ago:
		if ahead >= 0 {
			ahead -= 7
		}
	case ahead <= 0:
		ahead += 7
	}
	return today.plus(ahead), nil
}
