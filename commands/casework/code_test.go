package casework

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

var codePattern = regexp.MustCompile(`^[BCDFGHJKMNPQRTVWX2346789]{7}-[BCDFGHJKMNPQRTVWX2346789]$`)

func newCode(t *testing.T) Code {
	t.Helper()
	code, err := NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestNewCode(t *testing.T) {
	seen := map[Code]bool{}
	for range 5000 {
		code := newCode(t)
		if !codePattern.MatchString(string(code)) {
			t.Fatalf("%q is not a code", code)
		}
		if got, ok := ParseCode(string(code)); !ok || got != code {
			t.Fatalf("ParseCode(%q) = %q, %v", code, got, ok)
		}
		if HasIdentityCode(string(code)) || LooksLikeIdentityCode(string(code)) {
			t.Fatalf("%q is taken for a personal identity code", code)
		}
		seen[code] = true
	}
	if len(seen) < 4999 {
		t.Errorf("only %d different codes of 5000", len(seen))
	}
}

// Every usable byte stands for a symbol, each symbol for equally many bytes, in each place.
func TestNewCodeIsUniform(t *testing.T) {
	for place := range codeLength {
		count := map[byte]int{}
		for b := range 256 {
			var drawn [codeLength]byte
			drawn[place] = byte(b)
			for other := range 24 { // another place moves until the check symbol exists
				drawn[(place+1)%codeLength] = byte(other)
				if code, ok := codeOf(drawn); ok {
					count[code[place]]++
					break
				}
			}
		}
		for _, symbol := range []byte(codeSymbols) {
			if count[symbol] != 10 {
				t.Errorf("place %d: %q stands for %d bytes, want 10", place, symbol, count[symbol])
			}
		}
	}
}

func TestNewCodeWithoutRandomness(t *testing.T) {
	broken := errors.New("no entropy")
	if code, err := NewCode(iotest.ErrReader(broken)); !errors.Is(err, broken) || code != "" {
		t.Errorf("broken source: %q, %v", code, err)
	}
	if code, err := NewCode(strings.NewReader("abc")); !errors.Is(err, io.ErrUnexpectedEOF) || code != "" {
		t.Errorf("short source: %q, %v", code, err)
	}
	stuck := bytes.NewReader(bytes.Repeat([]byte{0xff}, 1<<16))
	if code, err := NewCode(stuck); !errors.Is(err, errWorn) || code != "" {
		t.Errorf("stuck source: %q, %v", code, err)
	}
}

// The check symbol depends on differences only, so for one error the whole alphabet squared at each place is the whole proof;
// many random codes stand for "whatever the other symbols are".
func TestCodeCheckCatchesEverySingleError(t *testing.T) {
	for range 300 {
		code := []byte(newCode(t))
		for i, right := range code {
			if right == '-' {
				continue
			}
			for _, wrong := range []byte(codeSymbols) {
				code[i] = wrong
				if _, ok := ParseCode(string(code)); ok != (wrong == right) {
					t.Fatalf("%s with %q at %d: ok = %v", code, wrong, i, ok)
				}
			}
			code[i] = right
		}
	}
}

func TestCodeCheckCatchesEverySwap(t *testing.T) {
	for range 3000 {
		symbols := []byte(strings.Replace(string(newCode(t)), "-", "", 1))
		for i := range symbols {
			for j := range i {
				symbols[i], symbols[j] = symbols[j], symbols[i]
				if _, ok := ParseCode(string(symbols)); ok != (symbols[i] == symbols[j]) {
					t.Fatalf("%s with places %d and %d swapped: ok = %v", symbols, j, i, ok)
				}
				symbols[i], symbols[j] = symbols[j], symbols[i]
			}
		}
	}
}

// Exhaustive over values, not random: at each pair of neighbours, every two different symbols, the swap changes the sum.
func TestCodeWeightsTellSymbolsApart(t *testing.T) {
	for place := 1; place <= codeLength+1; place++ {
		for a := range len(codeSymbols) {
			for b := range len(codeSymbols) {
				if a == b {
					continue
				}
				if place*(a-b)%codeModulus == 0 {
					t.Errorf("place %d: %d and %d look the same", place, a, b)
				}
				for other := 1; other < place; other++ {
					if (place*a+other*b-place*b-other*a)%codeModulus == 0 {
						t.Errorf("places %d and %d: swapping %d and %d goes unseen", other, place, a, b)
					}
				}
			}
		}
	}
}

// TestLikeCode: what is meant as a code, right or wrong, and what is a name instead.
func TestLikeCode(t *testing.T) {
	for s, like := range map[string]bool{
		"BCDFGHJ-W": true, "bcdfghjw": true, "BCDFGHJ-K": true, "BCDFGH-W": true, "89H2WV6-N": true, "BCDFGHJ–WC": true, "1234567": true,
		"": false, "sanna": false, "sanna.salo": false, "Virtanen": false, "Kynttilä": false, "BCD": false, "BCDFGHJKMNPQ": false, "…": false, "010140-900T": true,
	} {
		if got := LikeCode(s); got != like {
			t.Errorf("%q: %v", s, got)
		}
	}
}

func TestParseCode(t *testing.T) {
	const want = Code("BCDFGHJ-W")
	for s, ok := range map[string]bool{
		"BCDFGHJ-W":      true,
		"bcdfghj-w":      true,
		"BcDfGhJ-w":      true,
		" BCDFGHJ-W\n":   true,
		"BCDFGHJW":       true,
		"BCDFGHJ W":      true,
		"BCD FGH J - W":  true,
		"BCDFGHJ–W":      true,
		"BCDFGHJ\u2212W": true,
		"BCDFGHJ\u00a0W": true,
		"B-CDFGHJ-W":     true,
		"":               false,
		"-":              false,
		"BCDFGHJ":        false,
		"BCDFGHJ-":       false,
		"BCDFGHJ-D":      false,
		"BCDFGHJ-WC":     false,
		"BCDFGH-W":       false,
		"BCDFGHA-W":      false,
		"BCDFGH0-W":      false,
		"BCDFGHJ_W":      false,
		"#BCDFGHJ-W":     false,
		"ВCDFGHJ-W":      false, // a Cyrillic letter
		"BCDFGHJ-W\x00":  false,
		"\xff":           false,
	} {
		got, parsed := ParseCode(s)
		if parsed != ok || ok && got != want || !ok && got != "" {
			t.Errorf("ParseCode(%q) = %q, %v", s, got, parsed)
		}
	}
	if _, ok := ParseCode(strings.Repeat("B", 1<<20)); ok {
		t.Error("a megabyte is a code")
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("BCDFGHJ-W")
	f.Add("bcd fghj w")
	f.Fuzz(func(t *testing.T, s string) {
		code, ok := ParseCode(s)
		if !ok {
			return
		}
		if again, ok := ParseCode(string(code)); !codePattern.MatchString(string(code)) || !ok || again != code {
			t.Errorf("ParseCode(%q) = %q, and then %q, %v", s, code, again, ok)
		}
	})
}
