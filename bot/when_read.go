package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// longestWhen bounds what is read as a date, in characters.
const longestWhen = 100

// listen takes the words apart. Every word must have been understood.
func listen(text string, now time.Time) (*spoken, time.Time, error) {
	now = now.In(Helsinki).Truncate(time.Second)
	if utf8.RuneCountInString(text) > longestWhen {
		return nil, now, WhenUnclear
	}
	words := whenWords(text)
	said := &spoken{english: slices.ContainsFunc(words, func(w string) bool { return englishOnly[w] })}
	for len(words) > 0 {
		n := said.take(words)
		if n == 0 || said.unclear {
			return nil, now, WhenUnclear
		}
		words = words[n:]
	}
	return said, now, nil
}

// whenWords folds spellings: case, dots and rings of letters, also when they are separate marks, and commas between words.
func whenWords(text string) []string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
	text = whenLetters.Replace(text)
	text = isoJoint.ReplaceAllString(text, "$1 $2")
	text = gluedMarker.ReplaceAllString(text, "$1 $2")
	words := strings.Fields(text)
	for i, w := range words {
		words[i] = strings.TrimRight(w, ",;")
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

var (
	whenLetters = strings.NewReplacer("ä", "a", "å", "a", "ö", "o", "p.m.", "pm", "a.m.", "am", "p.m", "pm", "a.m", "am")
	isoJoint    = regexp.MustCompile(`^(\s*\d{4}-\d\d-\d\d)t(\d)`)
	gluedMarker = regexp.MustCompile(`\b(klo|kello|kl|klockan)\.?(\d)`)

	isoDate     = regexp.MustCompile(`^(\d{4})-(\d\d)-(\d\d)$`)
	dottedDate  = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d\d|)$`)
	slashedDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d\d))?$`)
	dottedPair  = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})$`)
	ordinal     = regexp.MustCompile(`^(\d{1,2})(?:\.|:e|:a|st|nd|rd|th)?$`)
	fullYear    = regexp.MustCompile(`^\d{4}$`)
)

// take reads what the words begin with and tells how many words that was; 0 = not understood.
func (s *spoken) take(words []string) int {
	for _, reader := range []func([]string) int{
		s.takePhrase, s.takeClock, s.takeDate, s.takeNamedMonth, s.takeWeekday, s.takeAmount,
	} {
		if n := reader(words); n > 0 {
			return n
		}
	}
	if fillers[words[0]] && len(words) > 1 {
		return 1
	}
	return 0
}

// takePhrase reads what is said in fixed words: days seen from today and weeks seen from this one.
func (s *spoken) takePhrase(words []string) int {
	for n := min(4, len(words)); n > 0; n-- {
		phrase := strings.TrimSuffix(strings.Join(words[:n], " "), ".")
		if days, ok := dayPhrases[phrase]; ok {
			s.set(&s.offset, days)
			return n
		}
		if weeks, ok := weekPhrases[phrase]; ok {
			s.set(&s.week, weeks)
			return n
		}
		if nowPhrases[phrase] {
			s.unclear = s.unclear || s.now
			s.now = true
			return n
		}
	}
	return 0
}

// takeDate reads a date in figures, day before month, or in ISO form.
func (s *spoken) takeDate(words []string) int {
	word := words[0]
	if m := isoDate.FindStringSubmatch(word); m != nil {
		s.date(number(m[2]), number(m[3]), number(m[1]))
		s.unclear = s.unclear || s.year == 0
		return 1
	}
	m := dottedDate.FindStringSubmatch(word)
	if m == nil {
		m = slashedDate.FindStringSubmatch(word)
	}
	if m == nil {
		if m = dottedPair.FindStringSubmatch(word); m == nil {
			return 0
		}
		m = append(m, "")
	}
	s.date(number(m[2]), number(m[1]), yearOf(m[3]))
	s.unclear = s.unclear || m[3] != "" && s.year == 0
	return 1
}

// yearOf reads a year of four figures, or of two in this century; 0 = none was written.
func yearOf(s string) int {
	if len(s) == 2 {
		return 2000 + number(s)
	}
	return number(s)
}

// takeNamedMonth reads "24. marraskuuta 2026", "24 november", "marraskuun 24. päivä" and "November 24th, 2026".
func (s *spoken) takeNamedMonth(words []string) int {
	day, month, n := 0, 0, 0
	if m := ordinal.FindStringSubmatch(words[0]); m != nil {
		n = 1
		if len(words) > 1 && words[1] == "of" {
			n = 2
		}
		if n >= len(words) {
			return 0
		}
		day, month, n = number(m[1]), monthNames[strings.TrimSuffix(words[n], ".")], n+1
	} else if month = monthNames[strings.TrimSuffix(words[0], ".")]; month > 0 && len(words) > 1 {
		if m = ordinal.FindStringSubmatch(words[1]); m == nil {
			return 0
		}
		day, n = number(m[1]), 2
		if len(words) > n && (words[n] == "paiva" || words[n] == "paivana") {
			n++
		}
	}
	if month == 0 || n == 0 {
		return 0
	}
	year := 0
	if len(words) > n && fullYear.MatchString(words[n]) {
		year, n = number(words[n]), n+1
		s.unclear = s.unclear || year == 0
	}
	s.date(month, day, year)
	return n
}

// takeWeekday reads a weekday, with what tells which one: "ensi maanantaina", "last friday", "i måndags".
func (s *spoken) takeWeekday(words []string) int {
	first := strings.TrimSuffix(words[0], ".")
	if day, ok := weekdayNames[first]; ok {
		s.onWeekday(day)
		return 1
	}
	if len(words) < 2 {
		return 0
	}
	second := strings.TrimSuffix(words[1], ".")
	if day, ok := weekdayNames[strings.TrimSuffix(second, "s")]; ok && first == "i" && strings.HasSuffix(second, "dags") {
		s.onWeekday(day)
		s.ago = true
		return 2
	}
	day, ok := weekdayNames[second]
	if !ok {
		return 0
	}
	switch which, known := weekdayWhich[first]; {
	case !known:
		return 0
	case which == lastOne:
		s.last = true
	case which != comingOne:
		s.set(&s.week, which)
	}
	s.onWeekday(day)
	return 2
}

func (s *spoken) onWeekday(day time.Weekday) {
	s.unclear = s.unclear || s.weekday != nil
	s.weekday = &day
}

// number reads figures that a pattern has already found; none reads 0.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
