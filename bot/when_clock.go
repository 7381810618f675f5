package bot

import (
	"regexp"
	"strings"
	"time"
)

var (
	colonTime   = regexp.MustCompile(`^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(z|[+-]\d\d:?\d\d)?\.?$`)
	markedTime  = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d\d))?\.?$`)
	halfDayTime = regexp.MustCompile(`^(\d{1,2})(?:[.:](\d\d))?(am|pm)?\.?$`)
)

// pair is "9.10": a day and month or an hour and minute.
type pair struct {
	first, second int
	loose         bool
}

func (p pair) asDate() bool { return p.first >= 1 && p.first <= 31 && p.second >= 1 && p.second <= 12 }
func (p pair) asTime() bool { return p.first <= 23 && p.second <= 59 }

// takeClock reads a time of day: after "klo", with a colon, or with am or pm. Figures with a full stop between are left as a
// pair when nothing tells them from a day and month.
func (s *spoken) takeClock(words []string) int {
	marked := 0
	if timeMarkers[strings.TrimSuffix(words[0], ".")] && len(words) > 1 {
		marked, words = 1, words[1:]
	}
	if n := s.takeHalfDay(words); n > 0 {
		return marked + n
	}
	if m := colonTime.FindStringSubmatch(words[0]); m != nil {
		s.time(number(m[1]), number(m[2]), number(m[3]), mayBeAfternoon(m[1]))
		s.offsetOf(m[4])
		return marked + 1
	}
	if m := markedTime.FindStringSubmatch(words[0]); m != nil && marked > 0 {
		s.time(number(m[1]), number(m[2]), 0, mayBeAfternoon(m[1]))
		return marked + 1
	}
	if m := dottedPair.FindStringSubmatch(words[0]); m != nil && marked == 0 && len(m[2]) == 2 {
		s.pairs = append(s.pairs, pair{number(m[1]), number(m[2]), mayBeAfternoon(m[1])})
		return 1
	}
	return 0
}

// takeHalfDay reads "2 pm", "2pm" and "9.30 a.m.".
func (s *spoken) takeHalfDay(words []string) int {
	m, n := halfDayTime.FindStringSubmatch(words[0]), 1
	if m == nil {
		return 0
	}
	half := m[3]
	if half == "" && len(words) > 1 {
		half, n = strings.TrimSuffix(words[1], "."), 2
	}
	if half != "am" && half != "pm" {
		return 0
	}
	hour := number(m[1])
	s.unclear = s.unclear || hour < 1 || hour > 12
	hour %= 12
	if half == "pm" {
		hour += 12
	}
	s.time(hour, number(m[2]), 0, false)
	return n
}

// mayBeAfternoon: in English "at 2" is said of the afternoon too; "at 02:00" is not.
func mayBeAfternoon(hour string) bool { return len(hour) == 1 && hour >= "1" && hour <= "6" }

// offsetOf reads the offset from UTC that ends a time in ISO form.
func (s *spoken) offsetOf(offset string) {
	if offset == "" {
		return
	}
	seconds := 0
	if offset != "z" {
		hours, minutes := number(offset[1:3]), number(offset[len(offset)-2:])
		s.unclear = s.unclear || hours > 14 || minutes > 59
		seconds = hours*3600 + minutes*60
		if offset[0] == '-' {
			seconds = -seconds
		}
	}
	s.zone = time.FixedZone("", seconds)
}

// settlePairs decides which of the pairs is a date and which a time, when only one way makes sense.
func (s *spoken) settlePairs() {
	switch len(s.pairs) {
	case 0:
	case 1:
		s.settleOne(s.pairs[0])
	case 2:
		day, clock := s.pairs[0], s.pairs[1]
		asWritten, turned := day.asDate() && clock.asTime(), clock.asDate() && day.asTime()
		if asWritten == turned {
			s.unclear = true
			return
		}
		if turned {
			day, clock = clock, day
		}
		s.date(day.second, day.first, 0)
		s.time(clock.first, clock.second, 0, clock.loose)
	default:
		s.unclear = true
	}
}

func (s *spoken) settleOne(p pair) {
	weekdayOnly := s.weekday != nil && s.week == nil
	switch {
	case s.timed:
		s.date(p.second, p.first, 0)
	case !s.named() && p.asTime(), weekdayOnly && !s.dated && p.asDate() && p.asTime():
		s.unclear = true // "9.10" alone, or "ti 9.10": a date as well as a time
	case s.named() && p.asTime():
		s.time(p.first, p.second, 0, p.loose)
	default:
		s.date(p.second, p.first, 0)
	}
}
