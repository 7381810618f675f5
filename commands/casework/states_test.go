package casework

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// phases are cases in every state, each with all that an act could be about: somebody named, somebody invited, a meeting
// that has begun.
func phases(t *testing.T) map[string]*build {
	meeting := monday.Add(time.Minute)
	running := func() *build {
		return active(t).planned(meeting, "paula", "mika").invited("leo").away("kaisa", "mika", monday.AddDate(0, 0, 1)).at(meeting.Add(time.Minute))
	}
	return map[string]*build{
		"submitted":                  aCase(t),
		"submitted, urgent":          raised(t, monday, anUrgentConcern()),
		"triage":                     aCase(t).taken(),
		"triage, away":               aCase(t).taken().away("paula", "katri", monday.AddDate(0, 0, 1)),
		"triage, nameless":           raised(t, monday, aNamelessConcern()).taken(),
		"returned":                   aCase(t).taken().returned(),
		"consultation_answered":      raised(t, monday, aNamelessConcern()).taken().answered("paula"),
		"redirected":                 aCase(t).did(aCase(t).c.Redirect(people["paula"], aRedirection(), monday)),
		"declined":                   aCase(t).taken().declined(),
		"merged":                     aCase(t).merged(),
		"withdrawn":                  aCase(t).did(aCase(t).c.TakeBack(monday)),
		"consent_pending, not asked": aCase(t).taken().accepted(),
		"consent_pending":            aCase(t).taken().accepted().asked(),
		"consent_pending, no reply":  aCase(t).taken().accepted().asked().noReply(),
		"team_forming":               together(t).planned(meeting, "paula").named("kaisa").invited("leo").at(meeting.Add(time.Minute)),
		"active":                     running(),
		"paused":                     running().withdrawn(),
		"closed":                     running().withdrawn().closed(),
		"closed, refused":            aCase(t).taken().accepted().asked().refused(),
	}
}

// allowed says for every phase which acts the state allows; refusals says by which rule each other act is refused there,
// where that is not the state's own.
var allowed = map[string]string{
	"submitted":                  "Take Accept Redirect Decline TakeBack Merge Notify",
	"submitted, urgent":          "Take Accept Redirect Decline TakeBack Merge Notify Acknowledge",
	"triage":                     "Return Accept Redirect Decline Merge Notify" + led,
	"triage, away":               "Return Accept Redirect Decline Merge Notify StandIn NotStandIn Turn Transfer Disable",
	"triage, nameless":           "Return AnswerQuestion Decline Convert" + led,
	"returned":                   "AnswerQuestion GoBack Notify" + led,
	"consultation_answered":      "Convert",
	"redirected":                 "Notify",
	"declined":                   "Notify",
	"merged":                     "Notify",
	"withdrawn":                  "",
	"consent_pending, not asked": "AskConsent Grant Refuse Object Notify" + led,
	"consent_pending":            "AskConsent Grant Refuse Object NoReply Notify" + led,
	"consent_pending, no reply":  "AskConsent Grant Refuse Object Correct Close Notify" + led,
	"team_forming": "Grant Withdraw WithdrawPart Expire Correct Name AcceptNaming DeclineNaming Invite Join DeclineInvite VoidInvites Remove Plan " +
		"Confirm Move Cancel RecordMeeting Notify" + led,
	"active": "Grant Withdraw WithdrawPart Expire Correct Invite Join DeclineInvite VoidInvites Remove Plan Confirm Move Cancel RecordMeeting HandOver " +
		"StandIn NotStandIn Turn Notify" + led,
	"paused":          "AskConsent Grant Refuse Object Correct Close Cancel RecordMeeting Notify" + led,
	"closed":          "Cancel RecordMeeting Notify",
	"closed, refused": "Correct Notify",
}

// led is what is possible while a coordinator has the case.
const led = " BeAway Transfer Disable"

// Without consent nobody gathers; without an invitation, a naming or a meeting there is none to answer.
const (
	gathering = " Name Invite Plan HandOver "
	answering = " AcceptNaming DeclineNaming Join DeclineInvite StandIn NotStandIn "
	onMeeting = " Confirm Move Cancel RecordMeeting "
)

func wantedRule(phase, name string) Rule {
	in := func(acts string) bool { return strings.Contains(" "+acts+" ", " "+name+" ") }
	waiting := strings.HasPrefix(phase, "consent_pending") || phase == "paused"
	switch {
	case in(allowed[phase]):
		return ""
	case name == "Accept" && phase == "triage, nameless":
		return IdentityNeeded
	case name == "NoReply" && waiting:
		return NotInformed
	case name == "Notify", name == "Redirect" && phase == "triage, nameless":
		return IdentityNeeded
	case name == "Merge" && phase == "triage, nameless":
		return OtherClient
	case name == "Acknowledge" && phase == "submitted":
		return NotUrgent
	case name == "BeAway" && phase == "triage, away":
		return Overlaps
	case name == "BeAway", name == "HandOver" && phase == "team_forming":
		return NobodyAway
	case name == "Name" && phase == "active":
		return AlreadyNamed
	case name == "Withdraw", name == "WithdrawPart", waiting && in(gathering), phase == "paused" && in("Confirm Move"):
		return NoConsent
	case in(answering):
		return NotAccepted
	case in(onMeeting) && phase != "closed":
		return NoMeeting
	}
	return WrongState
}

func TestEveryStateAndEveryAct(t *testing.T) {
	for phase, b := range phases(t) {
		for _, a := range acts {
			c := b.quiet()
			got, err := a.do(c, b.s, b.now)
			wanted := wantedRule(phase, a.name)
			if rule := ruleOf(t, err); rule != wanted {
				t.Errorf("%s, %s: refused by %q, want %q", phase, a.name, rule, wanted)
			}
			if err == nil && got.Revision != c.Revision+1 {
				t.Errorf("%s, %s: revision %d after %d", phase, a.name, got.Revision, c.Revision)
			}
			if err != nil && !reflect.DeepEqual(got, c) {
				t.Errorf("%s, %s: refused, but the case changed", phase, a.name)
			}
		}
	}
}

// Where an act leads is decided by the model's transitions alone.
func TestWhereEveryActLeads(t *testing.T) {
	leads := map[string]State{
		"submitted Take": Triage, "submitted Accept": ConsentPending, "triage Return": Returned, "triage Accept": ConsentPending,
		"triage, nameless Return": Returned, "triage, nameless AnswerQuestion": ConsultationAnswered, "returned AnswerQuestion": Triage,
		"consent_pending, not asked Grant": TeamForming, "consent_pending, not asked Refuse": Closed,
		"consent_pending Grant": TeamForming, "consent_pending Refuse": Closed,
		"team_forming Withdraw": Paused, "team_forming Expire": Paused, "team_forming Correct": ConsentPending,
		"active Withdraw": Paused, "active Expire": Paused, "active Correct": ConsentPending,
		"paused Grant": TeamForming, "paused Refuse": Closed, "paused Correct": ConsentPending, "paused Close": Closed,
		"closed, refused Correct": ConsentPending,
		"submitted, urgent Take":  Triage, "submitted, urgent Accept": ConsentPending, "submitted TakeBack": TakenBack,
		"submitted, urgent TakeBack": TakenBack, "returned GoBack": Triage, "consultation_answered Convert": Submitted,
		"triage, away Return": Returned, "triage, away Accept": ConsentPending,
		"consent_pending, no reply Grant": TeamForming, "consent_pending, no reply Refuse": Closed, "consent_pending, no reply Close": Closed,
		"consent_pending, not asked Object": Closed, "consent_pending Object": Closed, "consent_pending, no reply Object": Closed,
		"paused Object": Closed, "active WithdrawPart": TeamForming,
	}
	for _, phase := range []string{"submitted", "submitted, urgent", "triage", "triage, nameless", "triage, away"} {
		leads[phase+" Redirect"], leads[phase+" Decline"], leads[phase+" Merge"] = Redirected, Declined, Merged
	}
	for phase, b := range phases(t) {
		for _, a := range acts {
			c := b.quiet()
			got, err := a.do(c, b.s, b.now)
			if err != nil {
				continue
			}
			want, moves := leads[phase+" "+a.name]
			if !moves {
				want = c.State
			}
			if got.State != want {
				t.Errorf("%s, %s: leads to %s, want %s", phase, a.name, got.State, want)
			}
		}
	}
}

// An act is a method that gives the changed case back or an error; a state is what stands in States.
func TestEveryActIsInTheTable(t *testing.T) {
	caseType := reflect.TypeFor[Case]()
	for i := range caseType.NumMethod() {
		m := caseType.Method(i)
		if m.Type.NumOut() != 2 || m.Type.Out(0) != caseType || m.Type.Out(1) != reflect.TypeFor[error]() {
			continue
		}
		if !slices.ContainsFunc(acts, func(a act) bool { return a.name == m.Name }) {
			t.Errorf("act %s is not in the table", m.Name)
		}
	}
	all := phases(t)
	for _, s := range States {
		found := false
		for phase, b := range all {
			found = found || b.c.State == s
			if b.c.State == s && !strings.HasPrefix(phase, string(s)) {
				t.Errorf("%q is in state %s", phase, s)
			}
		}
		if !found {
			t.Errorf("state %s is not in the table", s)
		}
	}
}
