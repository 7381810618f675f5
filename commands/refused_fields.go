package commands

import (
	"errors"
	"maps"
	"slices"

	"luotsi/commands/casework"
)

// fieldOf is the field that a rule's refusal is shown beside when it names none itself.
var fieldOf = map[casework.Rule]string{
	casework.NoBasis:       "basis",
	casework.WrittenNeeded: "form",
	casework.NoMandate:     "given_by",
	casework.NotInformed:   "info_given_at",
	casework.ClientAbsent:  "attendance_client",
}

// personRules refuse the person who was chosen, not the act.
var personRules = []casework.Rule{casework.NotParty, casework.AlreadyInTeam}

// besideField puts a refusal beside the field it is about: the form that was sent stays open with all that was typed.
func besideField(err error) error {
	var r *casework.Refusal
	if errors.As(err, &r) {
		return beside(fieldOf[r.Rule], r)
	}
	return err
}

// besidePerson puts a refusal of a chosen person beside the choice.
func besidePerson(err error) error {
	var r *casework.Refusal
	if errors.As(err, &r) && slices.Contains(personRules, r.Rule) {
		return beside("person", r)
	}
	return err
}

// beside names the field in the refusal, unless it names one itself; the office then says it there, with its values.
func beside(field string, r *casework.Refusal) error {
	if _, named := r.About["field"]; named || field == "" {
		return r
	}
	about := maps.Clone(r.About)
	if about == nil {
		about = map[string]any{}
	}
	about["field"] = field
	return &casework.Refusal{Rule: r.Rule, About: about}
}
