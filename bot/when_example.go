package bot

import "time"

// exampleDays is how far from now the day of an example is: far enough to be none that has a word of its own.
const exampleDays = 7

// WhenExample is a sentence that shows how a day or a moment may be written: one that a field of the kind takes at the instant,
// whether it asks for what comes or for what has been.
func WhenExample(kind Kind, past bool, now time.Time) Text {
	days := exampleDays
	if past {
		days = -exampleDays
	}
	data := Data{"day": now.In(Helsinki).AddDate(0, 0, days).Format("2.1.2006")}
	switch {
	case kind == Day && past:
		return TD("when.day_past", data)
	case kind == Day:
		return TD("when.day", data)
	case past:
		return TD("when.moment_past", data)
	}
	return TD("when.moment", data)
}
