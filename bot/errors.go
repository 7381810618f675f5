package bot

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"time"
)

// Refusal is a rule's no. The person reads its text and the next step; Rule is the rule's stable name.
type Refusal struct {
	Rule    string
	Text    Text
	Buttons []Button
	Code    string
}

// Error names the rule only: a refusal's text belongs to the person, not to logs.
func (r *Refusal) Error() string { return "refused: " + r.Rule }

// Refuse makes a Refusal whose text is the catalogue's sentence for the rule, "refusal.<rule>".
func Refuse(rule string, d Data) *Refusal {
	return &Refusal{Rule: rule, Text: TD("refusal."+rule, d)}
}

// FieldError says what is wrong with one field. Rule is set when a rule of care refused it, not merely its shape.
type FieldError struct {
	Rule string
	Text Text
}

// FieldErrors says what is wrong with a form, by field name. The form stays open and keeps what was typed.
type FieldErrors map[string]FieldError

// Error names the fields only.
func (e FieldErrors) Error() string {
	names := make([]string, 0, len(e))
	for n := range e {
		names = append(names, n)
	}
	sort.Strings(names)
	return "form fields refused: " + strings.Join(names, " ")
}

// Wrong is the error of one field, with the catalogue's sentence "error.<kind>".
func Wrong(field, kind string, d Data) FieldErrors {
	return FieldErrors{field: {Text: TD("error."+kind, d)}}
}

// ErrUnknownPerson is an Office's answer to a platform user who is not in the people directory.
var ErrUnknownPerson = errors.New("person not in the directory")

// Errors of a Platform. Anything else counts as Retry without a time.
var (
	// ErrGone: the room, message or person no longer exists there; asking again cannot help.
	ErrGone = errors.New("gone from the platform")
	// ErrOutside: Luotsi was put out of the room and cannot come back by itself; somebody in the room must let it in again.
	ErrOutside = errors.New("no longer in the room")
	// ErrPermanent: the platform will never accept this call as it is.
	ErrPermanent = errors.New("permanently refused by the platform")
)

// RetryError: the platform cannot now; try again after the given time.
type RetryError struct {
	After time.Duration
	Err   error
}

// Error tells what happened. The wait is for programs: it says nothing to whoever reads of a failed command.
func (e *RetryError) Error() string { return fmt.Sprint(e.Err) }

// Unwrap gives the cause.
func (e *RetryError) Unwrap() error { return e.Err }
