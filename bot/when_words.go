package bot

import "time"

// The words of dates and times, folded as whenWords does: lower case, a for ä and å, o for ö. Finnish, Swedish and English stand
// side by side; a word that means the same in two languages stands once.

var dayPhrases = map[string]int{
	"tanaan": 0, "idag": 0, "i dag": 0, "today": 0,
	"huomenna": 1, "huomena": 1, "imorgon": 1, "i morgon": 1, "imorron": 1, "i morron": 1, "tomorrow": 1,
	"ylihuomenna": 2, "overmorgon": 2, "i overmorgon": 2, "iovermorgon": 2, "day after tomorrow": 2, "the day after tomorrow": 2,
	"eilen": -1, "igar": -1, "i gar": -1, "yesterday": -1,
	"toissapaivana": -2, "forrgar": -2, "i forrgar": -2, "day before yesterday": -2, "the day before yesterday": -2,
}

var weekPhrases = map[string]int{
	"ensi viikon": 1, "ensi viikolla": 1, "nasta vecka": 1, "next week": 1,
	"taman viikon": 0, "talla viikolla": 0, "den har veckan": 0, "denna vecka": 0, "this week": 0,
	"viime viikon": -1, "viime viikolla": -1, "forra veckan": -1, "last week": -1,
}

var nowPhrases = map[string]bool{"nyt": true, "nu": true, "now": true, "right now": true, "just nu": true}

var timeMarkers = map[string]bool{"klo": true, "kello": true, "kl": true, "klockan": true, "at": true}

// fillers add nothing before a day.
var fillers = map[string]bool{"pa": true, "on": true, "den": true, "the": true}

var weekdayNames = map[string]time.Weekday{
	"ma": time.Monday, "maanantai": time.Monday, "maanantaina": time.Monday,
	"ti": time.Tuesday, "tiistai": time.Tuesday, "tiistaina": time.Tuesday,
	"ke": time.Wednesday, "keskiviikko": time.Wednesday, "keskiviikkona": time.Wednesday,
	"to": time.Thursday, "torstai": time.Thursday, "torstaina": time.Thursday,
	"pe": time.Friday, "perjantai": time.Friday, "perjantaina": time.Friday,
	"la": time.Saturday, "lauantai": time.Saturday, "lauantaina": time.Saturday,
	"su": time.Sunday, "sunnuntai": time.Sunday, "sunnuntaina": time.Sunday,

	// Swedish "on" for Wednesday is left out: it is a word of English that stands before dates.
	"man": time.Monday, "mandag": time.Monday, "mandagen": time.Monday,
	"tis": time.Tuesday, "tisdag": time.Tuesday, "tisdagen": time.Tuesday,
	"ons": time.Wednesday, "onsdag": time.Wednesday, "onsdagen": time.Wednesday,
	"tor": time.Thursday, "tors": time.Thursday, "torsdag": time.Thursday, "torsdagen": time.Thursday,
	"fr": time.Friday, "fre": time.Friday, "fredag": time.Friday, "fredagen": time.Friday,
	"lo": time.Saturday, "lor": time.Saturday, "lordag": time.Saturday, "lordagen": time.Saturday,
	"so": time.Sunday, "son": time.Sunday, "sondag": time.Sunday, "sondagen": time.Sunday,

	"mon": time.Monday, "monday": time.Monday,
	"tue": time.Tuesday, "tues": time.Tuesday, "tuesday": time.Tuesday,
	"wed": time.Wednesday, "weds": time.Wednesday, "wednesday": time.Wednesday,
	"thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday, "thursday": time.Thursday,
	"fri": time.Friday, "friday": time.Friday,
	"sat": time.Saturday, "saturday": time.Saturday,
	"sun": time.Sunday, "sunday": time.Sunday,
}

// Which weekday is meant: that of a calendar week counted from this one, or one of these.
const (
	comingOne = 100 + iota // the next such day
	lastOne                // the latest such day
)

var weekdayWhich = map[string]int{
	"ensi": 1, "nasta": 1, "next": 1,
	"tana": 0, "denna": 0, "this": 0,
	"tulevana": comingOne, "kommande": comingOne, "coming": comingOne,
	"viime": lastOne, "forra": lastOne, "last": lastOne,
}

var monthNames = map[string]int{
	"tammikuuta": 1, "tammikuun": 1, "januari": 1, "january": 1, "jan": 1,
	"helmikuuta": 2, "helmikuun": 2, "februari": 2, "february": 2, "feb": 2, "febr": 2,
	"maaliskuuta": 3, "maaliskuun": 3, "mars": 3, "march": 3, "mar": 3,
	"huhtikuuta": 4, "huhtikuun": 4, "april": 4, "apr": 4,
	"toukokuuta": 5, "toukokuun": 5, "maj": 5, "may": 5,
	"kesakuuta": 6, "kesakuun": 6, "juni": 6, "june": 6, "jun": 6,
	"heinakuuta": 7, "heinakuun": 7, "juli": 7, "july": 7, "jul": 7,
	"elokuuta": 8, "elokuun": 8, "augusti": 8, "august": 8, "aug": 8,
	"syyskuuta": 9, "syyskuun": 9, "september": 9, "sep": 9, "sept": 9,
	"lokakuuta": 10, "lokakuun": 10, "oktober": 10, "october": 10, "okt": 10, "oct": 10,
	"marraskuuta": 11, "marraskuun": 11, "november": 11, "nov": 11,
	"joulukuuta": 12, "joulukuun": 12, "december": 12, "dec": 12,
}

var numberNames = map[string]int{
	"yhden": 1, "yksi": 1, "en": 1, "ett": 1, "a": 1, "an": 1, "one": 1,
	"kahden": 2, "kaksi": 2, "tva": 2, "two": 2,
	"kolmen": 3, "kolme": 3, "tre": 3, "three": 3,
	"neljan": 4, "nelja": 4, "fyra": 4, "four": 4,
	"viiden": 5, "viisi": 5, "fem": 5, "five": 5,
	"kuuden": 6, "kuusi": 6, "sex": 6, "six": 6,
	"seitseman": 7, "sju": 7, "seven": 7,
	"kahdeksan": 8, "atta": 8, "eight": 8,
	"yhdeksan": 9, "nio": 9, "nine": 9,
	"kymmenen": 10, "tio": 10, "ten": 10,
}

var halfWords = map[string]bool{"puolen": true, "puoli": true, "halv": true, "half": true}

var unitNames = map[string]span{
	"minuutin": aMinute, "minuuttia": aMinute, "minuutti": aMinute,
	"minut": aMinute, "minuter": aMinute, "minute": aMinute, "minutes": aMinute, "min": aMinute,
	"tunnin": anHour, "tuntia": anHour, "tunti": anHour,
	"timme": anHour, "timmar": anHour, "hour": anHour, "hours": anHour,
	"halvtimme": {minutes: 30},
	"paivan":    aDay, "paivaa": aDay, "paiva": aDay, "vuorokauden": aDay, "vuorokautta": aDay, "vuorokausi": aDay,
	"dag": aDay, "dagar": aDay, "dygn": aDay, "day": aDay, "days": aDay,
	"viikon": aWeek, "viikkoa": aWeek, "viikko": aWeek, "vecka": aWeek, "veckor": aWeek, "week": aWeek, "weeks": aWeek,
	"kuukauden": aMonth, "kuukautta": aMonth, "kuukausi": aMonth,
	"manad": aMonth, "manader": aMonth, "month": aMonth, "months": aMonth,
	"vuoden": aYear, "vuotta": aYear, "vuosi": aYear, "ar": aYear, "year": aYear, "years": aYear,
}

// unitsAlone mean one without a number: "viikon päästä", "tunti sitten".
var unitsAlone = map[string]bool{
	"minuutin": true, "minuutti": true, "tunnin": true, "tunti": true, "paivan": true, "paiva": true,
	"vuorokauden": true, "vuorokausi": true, "viikon": true, "viikko": true,
	"kuukauden": true, "kuukausi": true, "vuoden": true, "vuosi": true,
}

// forwardWords stand before an amount that lies ahead.
var forwardWords = map[string]bool{"om": true, "in": true}

// directionWords stand after an amount and tell whether it looks back.
var directionWords = map[string]bool{
	"paasta": false, "kuluttua": false,
	"sitten": true, "sedan": true, "ago": true,
}

// englishOnly words tell that somebody writes English, where hours may be counted to twelve twice a day.
var englishOnly = map[string]bool{
	"at": true, "today": true, "tomorrow": true, "yesterday": true, "next": true, "this": true, "coming": true, "last": true,
	"in": true, "ago": true, "the": true, "of": true, "week": true, "weeks": true, "day": true, "days": true,
	"mon": true, "tue": true, "tues": true, "wed": true, "weds": true, "thu": true, "thur": true, "thurs": true, "fri": true,
	"sat": true, "sun": true, "monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true,
	"saturday": true, "sunday": true, "january": true, "february": true, "march": true, "may": true, "june": true,
	"july": true, "august": true, "october": true, "oct": true,
}
