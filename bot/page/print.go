package page

import "net/http"

// What a client can tick on the consent form, by the codes that the form in chat has, in its order. Mental health and
// substance use stand apart: they are asked and ticked one by one.
var (
	categories = []string{
		"contact_details", "services_in_use", "functioning", "health", "medication", "social_situation", "finances",
		"housing", "near_network", "goals_plan",
	}
	protected  = []string{"mental_health", "substance_use"}
	directions = []string{"to_social", "to_health"}
	purposes   = []string{"team_convening", "network_meeting", "joint_plan", "information_exchange", "benefit_and_feedback"}
	givers     = []string{"guardian_personal_matters", "continuing_poa_personal"}
	copies     = []string{"paper", "e", "not_wanted"}
)

// paper is a form or leaflet that holds nothing personal until somebody writes on it.
type paper struct {
	words
	Path  string   // its own address without the language
	Other string   // the other paper's
	Units []string // to tick
	Lines int      // to write other units on
}

// A longer list of units is not printed: among a whole county's nobody finds the few that matter. The form then has more lines to
// write them on.
const mostUnits = 12

const (
	consentPath     = "/page/print/consent"
	informationPath = "/page/print/information"
)

func (p pages) consent(w http.ResponseWriter, r *http.Request) {
	lang := asked(r)
	units, err := p.Units(r.Context())
	v := paper{words: p.in(lang), Path: consentPath, Other: informationPath, Units: units, Lines: 1}
	if len(units) > mostUnits {
		v.Units, v.Lines = nil, 4
	}
	if err == nil {
		err = p.show(w, http.StatusOK, "consent", v)
	}
	if err != nil {
		p.broken(w, lang, err)
	}
}

func (p pages) information(w http.ResponseWriter, r *http.Request) {
	lang := asked(r)
	v := paper{words: p.in(lang), Path: informationPath, Other: consentPath}
	if err := p.show(w, http.StatusOK, "information", v); err != nil {
		p.broken(w, lang, err)
	}
}

// Categories are the ordinary kinds of data.
func (paper) Categories() []string { return categories }

// Protected are the kinds of data that are asked one by one.
func (paper) Protected() []string { return protected }

// Directions are the ways data may go between social and health care.
func (paper) Directions() []string { return directions }

// Purposes are what the consent may be used for.
func (paper) Purposes() []string { return purposes }

// Givers are those who may consent for a client who cannot.
func (paper) Givers() []string { return givers }

// Copies are the ways to get a copy.
func (paper) Copies() []string { return copies }
