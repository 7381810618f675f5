package casework

// Rule names why an act was refused. Every rule has a sentence for people in every language, with the next step.
type Rule string

// The rules. Their names are part of what outside programs rely on.
const (
	NotFound       Rule = "not_found"
	NotAllowed     Rule = "not_allowed"
	NoBasis        Rule = "no_basis"
	NoConsent      Rule = "no_consent"
	NotParty       Rule = "not_party"
	ProtectedData  Rule = "protected_category"
	WrittenNeeded  Rule = "written_needed"
	AlreadyTaken   Rule = "already_taken"
	WrongState     Rule = "wrong_state"
	PastValidity   Rule = "past_validity"
	GroundMissing  Rule = "ground_missing"
	NotAccepted    Rule = "not_accepted"
	NobodyToRemove Rule = "nobody_to_remove"
	IdentityNeeded Rule = "identity_needed"
	NoMandate      Rule = "no_mandate"
	AlreadyNamed   Rule = "already_named"
	AlreadyInTeam  Rule = "already_in_team"
	NoMeeting      Rule = "no_meeting"
	TooEarly       Rule = "too_early"
	ClientAbsent   Rule = "client_absent"
	NotInformed    Rule = "not_informed"
	RestPeriod     Rule = "rest_period"
	Objected       Rule = "objected"
	OtherClient    Rule = "other_client"
	NotUrgent      Rule = "not_urgent"
	NobodyAway     Rule = "nobody_away"
	Overlaps       Rule = "overlaps"
	InPast         Rule = "in_past"
)

// Refusal is a rule's no. About names what the sentence needs: a login, a code or a date, never case text.
type Refusal struct {
	Rule  Rule
	About map[string]any
}

// Error names the rule only.
func (r *Refusal) Error() string { return "refused by rule " + string(r.Rule) }

func refuse(r Rule) error { return &Refusal{Rule: r} }

func refuseAbout(r Rule, about map[string]any) error { return &Refusal{Rule: r, About: about} }

// inState refuses unless the case is in one of the states.
func (c Case) inState(states ...State) error {
	for _, s := range states {
		if c.State == s {
			return nil
		}
	}
	return refuseAbout(WrongState, map[string]any{"state": string(c.State)})
}
