package casework

import "slices"

// Codes of model.md § 3. What people read for each stands in the texts.
var (
	Criteria = []string{
		"functioning_declined", "many_contacts", "unclear_provider", "life_imbalance", "service_mismatch",
		"hard_to_commit", "service_dependency", "mh_sud", "at_risk",
	}
	Reasons = []string{
		"memory_disorder", "multimorbidity", "mental_health", "substance_use", "loneliness", "finances",
		"cannot_find_service", "cannot_use_eservices", "other", "not_known",
	}
	FailureDemands = []string{"not_received", "partly_received", "wrong_service", "none_seen", "unknown"}
	Recurrences    = []string{"single", "repeated"}
	Urgencies      = []string{"normal", "urgent", "immediate"}
	Livings        = []string{"home", "home_with_family", "other"}
	ClientGroups   = []string{"older", "mh_sud", "working_age", "family", "disability", "other"}
	UseProfiles    = []string{"needs_many", "uses_many", "both", "at_risk"}
	TargetGroups   = []string{"yes", "no", "unsure"}
	Bases          = []string{
		"shl35_1_client_agrees", "shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge",
		"same_register_task", "client_own_contact", "nameless", "not_asked",
	}
	InformedHows     = []string{"in_person", "phone", "letter"}
	ConsentResults   = []string{"granted", "refused", "no_reply"}
	ConsentForms     = []string{"written_signed", "e_identified", "oral_documented"}
	ConsentGivers    = []string{"client", "guardian_personal_matters", "guardian_property_only", "continuing_poa_personal", "custodian_minor"}
	Capacities       = []string{"able", "able_with_support", "unable"}
	ConsentLanguages = []string{"fi", "sv", "other_with_interpreter"}
	Directions       = []string{"both", "to_social", "to_health"}
	Categories       = []string{"contact_details", "services_in_use", "functioning", "health", "medication", "social_situation", "finances", "housing", "near_network", "goals_plan"}
	ProtectedKinds   = []string{"mental_health", "substance_use"}
	Purposes         = []string{"team_convening", "network_meeting", "joint_plan", "information_exchange", "benefit_and_feedback"}
	CopiesGiven      = []string{"paper", "e", "not_wanted"}
	WithdrawScopes   = []string{"all", "parties", "categories"}
	NearRelations    = []string{"daughter", "son", "spouse", "sibling", "grandchild", "friend", "other"}
	MeetingKinds     = []string{"network_meeting", "team_internal", "home_visit_joint", "review"}
	Manners          = []string{"in_person", "remote", "hybrid"}
	ClientAnswers    = []string{"in_person", "remote", "absent_go_on", "not_asked_yet"}
	Attendances      = []string{"present_in_person", "present_remote", "absent_agreed", "absent_not_agreed", "written_view_given"}
	CancelReasons    = []string{"client_request", "client_ill", "consent_not_active", "rw_absent", "no_quorum", "other"}
	ServiceLines     = []string{
		"social_emergency", "client_guidance", "sote_centre", "hospital_emergency", "hospital_ward", "home_care",
		"older_services", "adult_social_work", "mh_sud_services", "family_centre", "disability_services", "paramedics", "ngo", "kela", "municipality",
	}
	DeclineReasons    = []string{"not_target_group", "existing_holder_sufficient", "single_service_enough", "no_contact_basis", "insufficient_info", "other"}
	ClientInformed    = []string{"yes", "no_danger", "not_yet"}
	RevealPurposes    = []string{"ask_consent", "contact_client", "prepare_meeting", "check_identity"}
	WithdrawnByOthers = []string{"client", "guardian_personal_matters", "continuing_poa_personal", "custodian_minor"}
)

// exclusive answers say that none of the others holds; they cannot stand beside another.
var exclusive = []string{"not_known", "none_seen", "unknown"}

// Contradicts reports whether an exclusive answer stands beside another one.
func Contradicts(codes []string) bool {
	return len(codes) > 1 && slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(exclusive, c) })
}
