package bot

import (
	"fmt"
	"time"
)

// The names of weekdays from Sunday and of months from January, in the forms that dates take.
var (
	weekdaysIn = map[Lang][7]string{
		FI: {"sunnuntai", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai"},
		SV: {"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
		EN: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	}
	monthsIn = map[Lang][12]string{
		FI: {
			"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta", "heinäkuuta", "elokuuta",
			"syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta",
		},
		SV: {
			"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december",
		},
		EN: {
			"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
		},
	}
)

// FormatDateTime says an instant in full, in its own zone: "tiistaina 24. marraskuuta 2026 klo 9.30". ParseMoment reads it back.
func FormatDateTime(l Lang, t time.Time) string {
	l = l.Known()
	weekday, month := weekdaysIn[l][t.Weekday()], monthsIn[l][t.Month()-1]
	switch l {
	case SV:
		return fmt.Sprintf("%s %d %s %d kl. %d.%02d", weekday, t.Day(), month, t.Year(), t.Hour(), t.Minute())
	case EN:
		hour := fmt.Sprint(t.Hour())
		if mayBeAfternoon(hour) {
			hour = "0" + hour // "at 2:30" would be heard as half past two in the afternoon
		}
		return fmt.Sprintf("%s %d %s %d at %s:%02d", weekday, t.Day(), month, t.Year(), hour, t.Minute())
	default:
		return fmt.Sprintf("%sna %d. %s %d klo %d.%02d", weekday, t.Day(), month, t.Year(), t.Hour(), t.Minute())
	}
}

// FormatDate says a day with its weekday, in the instant's own zone: "tiistai 24.11.2026". ParseDay reads it back.
func FormatDate(l Lang, t time.Time) string {
	l = l.Known()
	weekday := weekdaysIn[l][t.Weekday()]
	if l == EN {
		return fmt.Sprintf("%s %d %s %d", weekday, t.Day(), monthsIn[l][t.Month()-1], t.Year())
	}
	return fmt.Sprintf("%s %d.%d.%d", weekday, t.Day(), int(t.Month()), t.Year())
}

// FormatOn says a day as the time of something, in the instant's own zone: "tiistaina 24.11.2026". Only Finnish has a form of
// its own for that. ParseDay reads it back.
func FormatOn(l Lang, t time.Time) string {
	if l.Known() != FI {
		return FormatDate(l, t)
	}
	return fmt.Sprintf("%sna %d.%d.%d", weekdaysIn[FI][t.Weekday()], t.Day(), int(t.Month()), t.Year())
}
