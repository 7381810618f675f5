package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// table is a CSV file with a header, as spreadsheets write it: UTF-8 with or without a mark of it, comma, semicolon or tab.
type table struct {
	file string
	rows []tableRow
	bad  []badRow
}

// tableRow is one line's values by column.
type tableRow struct {
	line   int
	values map[string]string
}

// badRow is what is wrong in a line of a file.
type badRow struct {
	file string
	line int
	what string
}

// badRows are all that is wrong in what was given: nothing of it is imported.
type badRows []badRow

// Error counts the rows, each once whatever is wrong in it; they are told line by line.
func (b badRows) Error() string {
	type place struct {
		file string
		line int
	}
	rows := map[place]bool{}
	for _, bad := range b {
		rows[place{bad.file, bad.line}] = true
	}
	return count(len(rows), "bad row") + "; nothing was imported"
}

// maxTable bounds a file: a directory of a hundred thousand people is smaller.
const maxTable = 20 << 20

// readTable reads a file whose header names exactly the columns, in any order. What is wrong in single lines is in bad.
func readTable(file string, columns ...string) (t table, err error) {
	t.file = file
	text, err := os.ReadFile(file)
	if err != nil {
		return t, err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch {
	case len(text) > maxTable:
		return t, fmt.Errorf("%s is too big", file)
	case !utf8.Valid(text):
		return t, fmt.Errorf("%s, line %d: not UTF-8; save it as \"CSV UTF-8\"", file, badLine(text))
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator(text), -1
	header, err := r.Read()
	if err != nil {
		return t, fmt.Errorf("%s has no header; the first line must be %s", file, strings.Join(columns, ","))
	}
	for i := range header {
		header[i] = strings.ToLower(strings.TrimSpace(header[i]))
	}
	if wrong := wrongHeader(header, columns); wrong != "" {
		return t, fmt.Errorf("%s: %s; the first line must name the columns %s, and no others", file, wrong, strings.Join(columns, ","))
	}
	return t, t.read(r, header)
}

// wrongHeader tells what a header has too much of or lacks; empty when it is right.
func wrongHeader(header, columns []string) string {
	var wrong []string
	for i, name := range header {
		switch {
		case !slices.Contains(columns, name):
			wrong = append(wrong, fmt.Sprintf("there is no column %q", name))
		case slices.Contains(header[:i], name):
			wrong = append(wrong, name+" stands there twice")
		}
	}
	for _, name := range columns {
		if !slices.Contains(header, name) {
			wrong = append(wrong, name+" is missing")
		}
	}
	return strings.Join(wrong, ", ")
}

func (t *table) read(r *csv.Reader, header []string) error {
	for {
		fields, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &wrong):
			t.wrong(wrong.StartLine, "the quotation marks do not match")
			continue
		case err != nil:
			return fmt.Errorf("%s: %w", t.file, err)
		}
		line, _ := r.FieldPos(0)
		if !slices.ContainsFunc(fields, func(f string) bool { return strings.TrimSpace(f) != "" }) {
			continue // what a spreadsheet leaves of an emptied row
		}
		if len(fields) != len(header) {
			t.wrong(line, fmt.Sprintf("%d values for %d columns", len(fields), len(header)))
			continue
		}
		values := map[string]string{}
		for i, name := range header {
			values[name] = strings.TrimSpace(fields[i])
			if strings.ContainsFunc(values[name], unicode.IsControl) || utf8.RuneCountInString(values[name]) > 120 {
				t.wrong(line, name+" has a line break in it or is too long")
			}
		}
		t.rows = append(t.rows, tableRow{line, values})
	}
}

func (t *table) wrong(line int, what string) { t.bad = append(t.bad, badRow{t.file, line, what}) }

// badLine is the first line that is not UTF-8.
func badLine(text []byte) int {
	for i, line := range bytes.Split(text, []byte("\n")) {
		if !utf8.Valid(line) {
			return i + 1
		}
	}
	return 0
}

// separator is the likeliest one: that of the header.
func separator(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	best := ','
	for _, c := range []rune{';', '\t'} {
		if bytes.ContainsRune(header, c) && bytes.Count(header, []byte(string(c))) > bytes.Count(header, []byte(string(best))) {
			best = c
		}
	}
	return best
}
