package commands

import (
	"errors"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// fieldOf is the field that a rule's refusal is shown beside, when a form was sent: the form stays open with all that was typed.
var fieldOf = map[casework.Rule]string{
	casework.NoBasis:       "basis",
	casework.WrittenNeeded: "form",
	casework.NoMandate:     "given_by",
	casework.NotInformed:   "info_given_at",
	casework.ClientAbsent:  "attendance_client",
}

// besideField puts a refusal beside the field it is about, so that nothing typed is lost.
func besideField(err error) error {
	var r *casework.Refusal
	if errors.As(err, &r) && fieldOf[r.Rule] != "" {
		return bot.RefuseField(fieldOf[r.Rule], string(r.Rule), nil)
	}
	return err
}

// besidePerson puts a refusal of a chosen person beside the choice.
func besidePerson(err error) error {
	var r *casework.Refusal
	if errors.As(err, &r) && (r.Rule == casework.NotParty || r.Rule == casework.AlreadyInTeam) {
		return bot.RefuseField("person", string(r.Rule), nil)
	}
	return err
}
