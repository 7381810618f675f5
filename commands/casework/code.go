package casework

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Code is a case's name in chat, as "K7RTQM4-W": seven random symbols, a hyphen and a check symbol. It says nothing
// about the client, the day or the unit, and is never given twice.
type Code string

// The alphabet has no vowels, so that no code spells a word, and no symbols that are taken for one another.
const (
	codeSymbols = "BCDFGHJKMNPQRTVWX2346789"
	codeLength  = 7
)

// The check: each symbol counts its place in the alphabet (0–23) times its position (1–7, the check symbol 8), and
// the sum is divisible by 29. Because 29 is a prime above both 23 and 8, a changed symbol always changes the
// remainder, and so does a swap of two different symbols, neighbours or not. Of the 29 remainders a check symbol would
// have to settle, five have no symbol among the 24: sevens of symbols that lead there are not used as codes.
const (
	codeModulus = 29
	checkFactor = 11 // undoes the check symbol's weight: 8 · 11 = 88 = 3 · 29 + 1
)

// errWorn is the answer to a source that is not random: a good one fails this often never in the life of the universe.
var errWorn = errors.New("the random source gives nothing usable")

// codeDraws bounds the draws of one code. About half of them give a code.
const codeDraws = 256

// NewCode draws a code from random, every code equally likely. It does not know which codes are in use.
func NewCode(random io.Reader) (Code, error) {
	var drawn [codeLength]byte
	for range codeDraws {
		if _, err := io.ReadFull(random, drawn[:]); err != nil {
			return "", fmt.Errorf("drawing a case code: %w", err)
		}
		if code, ok := codeOf(drawn); ok {
			return code, nil
		}
	}
	return "", fmt.Errorf("drawing a case code: %w", errWorn)
}

// codeOf makes a code of seven random bytes, or tells that they make none.
func codeOf(drawn [codeLength]byte) (Code, bool) {
	// Bytes beyond the last whole alphabet are not used: they would make the first symbols likelier.
	const whole = 256 / len(codeSymbols) * len(codeSymbols)
	code, sum := make([]byte, 0, codeLength+2), 0
	for i, b := range drawn {
		if int(b) >= whole {
			return "", false
		}
		value := int(b) % len(codeSymbols)
		code = append(code, codeSymbols[value])
		sum += (i + 1) * value
	}
	check := (codeModulus - sum%codeModulus) * checkFactor % codeModulus
	if check >= len(codeSymbols) {
		return "", false
	}
	return Code(append(code, '-', codeSymbols[check])), true
}

// LikeCode reports whether what a person wrote may be meant as a code, right or wrong: it is about as long as one and has no vowels,
// as nearly every name has. It tells nothing about whether such a case exists.
func LikeCode(s string) bool {
	letters := 0
	for _, r := range s {
		switch {
		case isDash(r):
		case !unicode.IsLetter(r) && !unicode.IsDigit(r), strings.ContainsRune("aeiouyåäö", unicode.ToLower(r)):
			return false
		default:
			letters++
		}
	}
	return letters >= codeLength-1 && letters <= codeLength+3
}

// ParseCode reads a code as a person writes it: case, spaces and hyphens are forgiven, a wrong symbol is not. It tells
// nothing about whether such a case exists.
func ParseCode(s string) (Code, bool) {
	symbols, sum := make([]byte, 0, codeLength+1), 0
	for _, r := range s {
		if unicode.IsSpace(r) || isDash(r) {
			continue
		}
		r = plainSymbol(r, false)
		value := strings.IndexRune(codeSymbols, r)
		if value < 0 || len(symbols) > codeLength {
			return "", false
		}
		symbols = append(symbols, codeSymbols[value])
		sum += len(symbols) * value
	}
	if len(symbols) != codeLength+1 || sum%codeModulus != 0 {
		return "", false
	}
	return Code(symbols[:codeLength]) + "-" + Code(symbols[codeLength:]), true
}
