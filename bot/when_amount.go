package bot

import (
	"strconv"
	"strings"
)

// span is a unit of time that people count in; one of its parts is set.
type span struct{ minutes, days, months int }

var (
	aMinute = span{minutes: 1}
	anHour  = span{minutes: 60}
	aDay    = span{days: 1}
	aWeek   = span{days: 7}
	aMonth  = span{months: 1}
	aYear   = span{months: 12}
)

// takeAmount reads a time counted from now: "2 viikon päästä", "om två veckor", "in half an hour", "kolme päivää sitten".
func (s *spoken) takeAmount(words []string) int {
	n, count, counted, half := 0, 1, false, false
	next := func() string {
		if n < len(words) {
			return words[n]
		}
		return ""
	}
	forward := forwardWords[next()]
	if forward || next() == "for" {
		n++
	}
	if c, ok := amountOf(next()); ok {
		n, count, counted = n+1, c, true
	}
	if halfWords[next()] {
		n, half, counted = n+1, true, true
		if next() == "an" {
			n++
		}
	}
	unit, ok := unitNames[next()]
	if !ok || !counted && !unitsAlone[next()] || half && (unit != anHour || count != 1) {
		return 0
	}
	n++
	back, after := direction(words[n:])
	if forward == (after > 0) { // "in two days ago" says it twice, "two days" not at all
		return 0
	}
	if half {
		unit = span{minutes: anHour.minutes / 2}
	}
	if back {
		count = -count
	}
	s.away(count, unit)
	return n + after
}

// direction tells whether the words after an amount look back, and how many they are.
func direction(words []string) (back bool, n int) {
	if len(words) > 1 && words[0] == "from" && words[1] == "now" {
		return false, 2
	}
	if len(words) == 0 {
		return false, 0
	}
	if back, ok := directionWords[strings.TrimSuffix(words[0], ".")]; ok {
		return back, 1
	}
	return false, 0
}

// away sets how far from now the moment or day is.
func (s *spoken) away(n int, u span) {
	s.unclear = s.unclear || n == 0
	switch {
	case u.minutes > 0:
		s.unclear = s.unclear || s.minutes != 0
		s.minutes = n * u.minutes
	case u.days > 0:
		s.set(&s.days, n*u.days)
	default:
		s.set(&s.months, n*u.months)
	}
}

// amountOf reads a number up to 65535 in figures or in words.
func amountOf(word string) (int, bool) {
	if n, ok := numberNames[word]; ok {
		return n, true
	}
	n, err := strconv.ParseUint(word, 10, 16)
	return int(n), err == nil
}
