package sandbox

import "luotsi/bot"

// inputError is something the sandbox itself cannot do: an input that no chat would let through. Its text names what is
// wrong and never repeats the input.
type inputError struct {
	kind string // the catalogue's "sandbox.error.<kind>"
	text string
}

// Error is for programs; people read the catalogue's sentence.
func (e *inputError) Error() string { return e.text }

func (e *inputError) said() bot.Text { return bot.T("sandbox.error." + e.kind) }

var (
	errMalformed      = &inputError{"malformed", "malformed input"}
	errUnknownPerson  = &inputError{"unknown_person", "unknown person"}
	errUnknownRoom    = &inputError{"unknown_room", "unknown room"}
	errUnknownMessage = &inputError{"unknown_message", "unknown message"}
	errUnknownButton  = &inputError{"unknown_button", "unknown button"}
	errUnknownForm    = &inputError{"unknown_form", "unknown form"}
	errArchived       = &inputError{"archived", "the room is archived"}
	errNotHere        = &inputError{"not_here", "the members of this room do not change"}
	errTooLong        = &inputError{"too_long", "the message is too long"}
	errBackwards      = &inputError{"backwards", "the clock does not go back"}
	errTooFar         = &inputError{"too_far", "the clock does not go that far at once"}
)
