package casework

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// The published samples of the Digital and Population Data Services Agency and further codes of the 900 series, which
// belong to nobody.
var sampleCodes = []string{
	"010594Y9032", "020594X903P", "020594X902N", "030594W903B", "030694W9024", "040594V9030", "040594V902Y",
	"050594U903M", "050594U902L", "010516B903X", "010516B902W", "020516C903K", "020516C902J", "030516D9037",
	"030516D9026", "010501E9032", "020502E902X", "020503F9037", "020504A902E", "020504B904H",
}

func TestParseIdentityCodeTakesSamples(t *testing.T) {
	for _, s := range sampleCodes {
		got, err := ParseIdentityCode(s, true)
		if err != nil || string(got) != s {
			t.Errorf("ParseIdentityCode(%q, true) = %q, %v", s, got, err)
		}
		if _, err := ParseIdentityCode(s, false); !errors.Is(err, ErrIdentityCode) {
			t.Errorf("ParseIdentityCode(%q, false) let a temporary code through: %v", s, err)
		}
	}
}

func TestParseIdentityCodeForgives(t *testing.T) {
	const want = "010594-9032"
	for _, s := range []string{
		want, "  010594-9032\n", "\u00a0010594-9032\u00a0", "010594–9032", "010594—9032", "010594\u20119032", "010594\u22129032",
		"010594\u00ad9032", "\u200b010594-9032\u200b", "010594-\u200b9032",
	} {
		if got, err := ParseIdentityCode(s, true); err != nil || got != want {
			t.Errorf("ParseIdentityCode(%q) = %q, %v, want %q", s, got, err, want)
		}
	}
	if got, err := ParseIdentityCode("020594x903p", true); err != nil || got != "020594X903P" {
		t.Errorf("lower case: %q, %v", got, err)
	}
}

func TestParseIdentityCodeRefuses(t *testing.T) {
	for name, s := range map[string]string{
		"empty":                        "",
		"spaces":                       "   ",
		"wrong check":                  "010594Y9033",
		"digit changed":                "010594Y9132",
		"digits swapped":               "101594Y9032",
		"no sign":                      "0105949032",
		"unknown sign G":               "010594G9032",
		"unknown sign Z":               "010594Z9032",
		"unknown sign /":               "010594/9032",
		"check letter not in use":      "010594Y903I",
		"day 0":                        withCheck("000594-903"),
		"day 32":                       withCheck("320594-903"),
		"31 April":                     withCheck("310494-903"),
		"month 13":                     withCheck("011394-903"),
		"month 0":                      withCheck("010094-903"),
		"29 February of a common year": withCheck("290295-903"),
		"29 February 1900":             withCheck("290200-903"),
		"number 000":                   withCheck("010594-000"),
		"number 001":                   withCheck("010594-001"),
		"too long":                     "010594Y90322",
		"too short":                    "010594Y903",
		"two codes":                    "010594Y9032 010594Y9032",
		"space within":                 "010594 Y9032",
		"foreign digits":               "٠١٠٥٩٤-9032",
		"letter that upper-cases to S": "010594-903ſ",
		"NUL":                          "010594Y903\x00",
		"broken text":                  "010594Y903\xff",
	} {
		got, err := ParseIdentityCode(s, true)
		if !errors.Is(err, ErrIdentityCode) || got != "" {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%s: the error tells what was typed: %v", name, err)
		}
	}
}

// withCheck completes six digits, a sign and three digits by the published rule, written out here independently.
func withCheck(s string) string {
	n := 0
	for _, r := range s[:6] + s[7:] {
		n = n*10 + int(r-'0')
	}
	return s + "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31:][:1]
}

func TestIdentityCodeNumbersAndCenturies(t *testing.T) {
	for _, c := range []struct {
		stem      string
		permanent bool
		born      string
	}{
		{"290200A002", true, "2000-02-29"},
		{"010100A899", true, "2000-01-01"},
		{"010100A900", false, "2000-01-01"},
		{"010100A999", false, "2000-01-01"},
		{"311299+123", true, "1899-12-31"},
		{"311299-123", true, "1999-12-31"},
		{"290204B234", true, "2004-02-29"},
		{"290204Y234", true, "1904-02-29"},
		{"311299F123", true, "2099-12-31"},
	} {
		code, err := ParseIdentityCode(withCheck(c.stem), true)
		if err != nil {
			t.Errorf("%s: %v", c.stem, err)
			continue
		}
		if got := code.BirthDate().Format(time.DateOnly); got != c.born {
			t.Errorf("%s: born %s, want %s", c.stem, got, c.born)
		}
		if _, err := ParseIdentityCode(withCheck(c.stem), false); (err == nil) != c.permanent {
			t.Errorf("%s: permanent = %v, want %v", c.stem, err == nil, c.permanent)
		} else if errors.Is(err, ErrTemporaryCode) == c.permanent {
			t.Errorf("%s: %v", c.stem, err)
		}
	}
}

func TestIdentityCodeSigns(t *testing.T) {
	for _, r := range "+-YXWVUABCDEF" {
		if _, err := ParseIdentityCode(withCheck("010160"+string(r)+"123"), false); err != nil {
			t.Errorf("sign %q: %v", r, err)
		}
	}
	for r := rune(' '); r < 0x7f; r++ {
		known := strings.ContainsRune("+-YXWVUABCDEFyxwvuabcdef", r)
		if _, err := ParseIdentityCode(withCheck("010160"+string(r)+"123"), false); (err == nil) != known {
			t.Errorf("sign %q: %v", r, err)
		}
	}
}

func TestIdentityCodeEverySymbolCounts(t *testing.T) {
	const code = "020504A902E"
	for i := range code {
		if i == 6 {
			continue // the sign is not under the check symbol
		}
		for r := '0'; r <= 'Z'; r++ {
			changed := code[:i] + string(r) + code[i+1:]
			if _, err := ParseIdentityCode(changed, true); changed != code && err == nil {
				t.Errorf("%s taken", changed)
			}
		}
	}
}

func TestBirthDateOfNothing(t *testing.T) {
	for _, c := range []IdentityCode{"", "x", "310294-9032", "aabbcc-9032", "0101cc-9032", "010594Z9032"} {
		if !c.BirthDate().IsZero() {
			t.Errorf("%q has a birth date", c)
		}
	}
}

func TestHasIdentityCode(t *testing.T) {
	for text, want := range map[string]bool{
		"010594Y9032":                            true,
		"020594x903p":                            true,
		"Asiakas 010594Y9032 soitti tänään.":     true,
		"hetu:010594Y9032,soita":                 true,
		"(010594Y9032)":                          true,
		"\"010594Y9032\"":                        true,
		"**010594Y9032**":                        true,
		"_010594Y9032_":                          true,
		"010594Y9032.":                           true,
		"010594Y9032-kotikäynti":                 true,
		"hän – 010594–9032 – tuli":               true,
		"010594 - 9032":                          true,
		"010594- 9032":                           true,
		"010594 Y9032":                           true,
		"010594\u00a0−\u00a09032":                true,
		"0105\u200b94-9032":                      true,
		"ensin 010594Y9033, sitten 010594Y9032":  true,
		"puhelin 0401234567, 020504A902E":        true,
		"rivi\n020504A902E\nrivi":                true,
		"1.1.2026 " + withCheck("311299+123"):    true,
		withCheck("010160-002"):                  true,
		"":                                       false,
		"ei mitään":                              false,
		"010594Y9033":                            false,
		"x010594Y9032":                           false,
		"äää010594Y9032":                         false,
		"010594Y9032x":                           false,
		"010594Y9032ä":                           false,
		"010594Y90321":                           false,
		"1010594Y9032":                           false,
		"010594\n-9032":                          false,
		"0105949032":                             false,
		"01.05.94-9032":                          false,
		withCheck("310294-903"):                  false,
		withCheck("010160-001"):                  false,
		"Ti 24.11.2026 klo 14.00, 040123-4567":   false,
		"2026-11-24T14:00:00+02:00":              false,
		"\xff\xfe010594Y903":                     false,
		"FI21 1234 5600 0007 85 viite 010594-90": false,
	} {
		if got := HasIdentityCode(text); got != want {
			t.Errorf("HasIdentityCode(%q) = %v", text, got)
		}
	}
}

func TestHasIdentityCodeFindsEverySampleAnywhere(t *testing.T) {
	for _, s := range sampleCodes {
		for _, text := range []string{s, strings.ToLower(s), "a " + s, s + "!", "äö, " + s + ": åö", s[:6] + " " + s[6:7] + " " + s[7:]} {
			if !HasIdentityCode(text) {
				t.Errorf("%q not found", text)
			}
		}
	}
}

func TestLooksLikeIdentityCode(t *testing.T) {
	for text, want := range map[string]bool{
		"010594Y9032":           true,
		"010594Y9033":           true,
		"tunnus 310294-000a.":   true,
		"990099–9999":           true,
		"010594 - 9032":         false,
		"010594Z9032":           false,
		"010594Y90321":          false,
		"a010594Y9032":          false,
		"010594-903ſ":           false,
		"010594Y903Ä":           false,
		"24.11.2026":            false,
		"010594Y903":            false,
		"soita 040-1234567 nyt": false,
	} {
		if got := LooksLikeIdentityCode(text); got != want {
			t.Errorf("LooksLikeIdentityCode(%q) = %v", text, got)
		}
	}
}

func FuzzParseIdentityCode(f *testing.F) {
	for _, s := range append(sampleCodes, "", "010594 - 9032", "010594\u22129032", "\xff") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		code, err := ParseIdentityCode(s, true)
		if err != nil {
			return
		}
		if again, err := ParseIdentityCode(string(code), true); err != nil || again != code {
			t.Errorf("%q parsed again is %q, %v", code, again, err)
		}
		if code.BirthDate().IsZero() {
			t.Errorf("%q has no birth date", code)
		}
		if !HasIdentityCode("x "+s+" x") || !LooksLikeIdentityCode(string(code)) {
			t.Errorf("%q is a code but is not recognised in text", s)
		}
	})
}
