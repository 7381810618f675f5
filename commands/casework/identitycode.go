package casework

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// IdentityCode is a Finnish personal identity code in its full 11 characters, upper case. Two people may differ only by
// the century sign, so nothing shorter identifies anyone. A value that ParseIdentityCode did not make is worth nothing.
type IdentityCode string

// Errors of ParseIdentityCode. They never tell what the text was.
var (
	// ErrIdentityCode says that a text is not an acceptable personal identity code.
	ErrIdentityCode = errors.New("not a valid personal identity code")
	// ErrTemporaryCode is an ErrIdentityCode: the code is a right one, of the numbers 900–999, which are not accepted.
	ErrTemporaryCode = fmt.Errorf("%w: a temporary one", ErrIdentityCode)
)

const (
	identityCodeLength = 11
	identityChecks     = "0123456789ABCDEFHJKLMNPRSTUVWXY"

	firstNumber     = 2   // 000 and 001 are given to nobody
	firstTemporary  = 900 // 900–999 are temporary codes and test data
	identityModulus = len(identityChecks)
)

// centuries tells the first year of the century that a sign stands for.
var centuries = map[rune]int{
	'+': 1800,
	'-': 1900, 'Y': 1900, 'X': 1900, 'W': 1900, 'V': 1900, 'U': 1900,
	'A': 2000, 'B': 2000, 'C': 2000, 'D': 2000, 'E': 2000, 'F': 2000,
}

// ParseIdentityCode reads a code as a person writes it: surrounding spaces, lower case and typographic dashes are forgiven.
// The date must exist in its century and the check symbol must be right. Codes with the numbers 900–999 are
// accepted only when accept900 is true, otherwise they are ErrTemporaryCode. Every failure is ErrIdentityCode.
func ParseIdentityCode(s string, accept900 bool) (IdentityCode, error) {
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	code, n := identityShape(s, false)
	if n == 0 || n != len(s) || !code.valid() {
		return "", ErrIdentityCode
	}
	if code.number() >= firstTemporary && !accept900 {
		return "", ErrTemporaryCode
	}
	return code, nil
}

// BirthDate is the day of birth at midnight UTC, or the zero time for a code that was not parsed.
func (c IdentityCode) BirthDate() time.Time {
	if len(c) != identityCodeLength {
		return time.Time{}
	}
	century, known := centuries[rune(c[6])]
	day, err1 := strconv.Atoi(string(c[:2]))
	month, err2 := strconv.Atoi(string(c[2:4]))
	year, err3 := strconv.Atoi(string(c[4:6]))
	if !known || errors.Join(err1, err2, err3) != nil {
		return time.Time{}
	}
	t := time.Date(century+year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Month() != time.Month(month) {
		return time.Time{} // time.Date moves 31.2. to March; such a day is nobody's birthday
	}
	return t
}

func (c IdentityCode) number() int {
	n, err := strconv.Atoi(string(c[7:10]))
	if err != nil {
		return 0
	}
	return n
}

func (c IdentityCode) valid() bool {
	digits, err := strconv.Atoi(string(c[:6] + c[7:10]))
	return err == nil && !c.BirthDate().IsZero() && c.number() >= firstNumber && identityChecks[digits%identityModulus] == c[10]
}

// HasIdentityCode reports whether free text holds a personal identity code that could be somebody's: any sign, any case,
// the 900 series too, with no letter or digit touching it. Spaces around the sign, typographic dashes and invisible
// characters, which copying and phone keyboards bring in, do not hide it.
func HasIdentityCode(text string) bool {
	return findIdentityCode(text, true, IdentityCode.valid)
}

// LooksLikeIdentityCode reports whether free text holds eleven characters in the shape of a personal identity code, be its
// date and check symbol right or not: enough for a hint to the writer, not for a refusal.
func LooksLikeIdentityCode(text string) bool {
	return findIdentityCode(text, false, func(IdentityCode) bool { return true })
}

func findIdentityCode(text string, spaces bool, accept func(IdentityCode) bool) bool {
	before := ' '
	for i, r := range text {
		if isDigit(r) && !touches(before) {
			code, n := identityShape(text[i:], spaces)
			after, _ := utf8.DecodeRuneInString(text[i+n:])
			if n > 0 && !touches(after) && accept(code) {
				return true
			}
		}
		before = r
	}
	return false
}

// identityShape reads six digits, a century sign, three digits and a letter or digit from the beginning of s and tells how
// many bytes they took, or 0 when s does not begin so.
func identityShape(s string, spaces bool) (IdentityCode, int) {
	code := make([]rune, 0, identityCodeLength)
	for i, r := range s {
		atSign := len(code) == 6 || len(code) == 7
		r = plainSymbol(r, len(code) == 6)
		switch {
		case len(code) > 0 && unicode.Is(unicode.Cf, r), spaces && atSign && isBlank(r):
			continue
		case !fitsIdentity(len(code), r):
			return "", 0
		}
		code = append(code, r)
		if len(code) == identityCodeLength {
			return IdentityCode(code), i + 1 // the last symbol is always one byte
		}
	}
	return "", 0
}

func fitsIdentity(position int, r rune) bool {
	switch position {
	case 6:
		_, ok := centuries[r]
		return ok
	case identityCodeLength - 1:
		return isDigit(r) || 'A' <= r && r <= 'Z'
	default:
		return isDigit(r)
	}
}

// plainSymbol makes letters upper case and, where a sign is due, every dash the plain one. It leaves letters outside ASCII
// alone: unicode.ToUpper would turn a few of them into letters of the code.
func plainSymbol(r rune, sign bool) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return r - 'a' + 'A'
	case sign && isDash(r):
		return '-'
	}
	return r
}

// isDash knows every dash of Unicode, the minus sign and the soft hyphen.
func isDash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' || r == '\u00ad' }

// isBlank is a space within a line.
func isBlank(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func touches(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
