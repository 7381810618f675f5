package casework

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// act is one act with such arguments that only the case's state can hinder it.
type act struct {
	name string
	do   func(c Case, s Settings, now time.Time) (Case, error)
}

// acts are all acts there are: TestEveryActIsInTheTable fails when one is missing.
var acts = []act{
	{"Take", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Take(people["paula"], now) }},
	{"Return", func(c Case, s Settings, now time.Time) (Case, error) { return c.Return("Miksi?", s, now) }},
	{"AnswerQuestion", func(c Case, _ Settings, now time.Time) (Case, error) {
		by := people["paula"]
		if c.State == Returned {
			by = people["sanna"]
		}
		return c.AnswerQuestion(by, "Siksi.", now)
	}},
	{"Accept", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Accept(people["paula"], ClientFacts{Group: "older"}, now)
	}},
	{"AskConsent", func(c Case, s Settings, now time.Time) (Case, error) {
		return c.AskConsent(people["paula"], now, "phone", s, now)
	}},
	{"Grant", func(c Case, s Settings, now time.Time) (Case, error) {
		k := aConsent("KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A")
		k.InformedOn = now
		return c.Grant(people["paula"], k, s, now)
	}},
	{"Refuse", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Refuse(people["paula"], "", "no", "", now)
	}},
	{"NoReply", func(c Case, _ Settings, now time.Time) (Case, error) { return c.NoReply(people["paula"], now) }},
	{"Withdraw", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Withdraw(people["mika"], Withdrawal{By: "client", To: "mika", At: now}, now)
	}},
	{"Expire", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Expire(now.AddDate(2, 0, 0)) }},
	{"Correct", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Correct(people["paula"], "Kirjattu väärin", now)
	}},
	{"ClosePaused", func(c Case, _ Settings, now time.Time) (Case, error) { return c.ClosePaused(now) }},
	{"Name", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Name(people["paula"], people["mika"], "Arki", now)
	}},
	{"AcceptNaming", func(c Case, _ Settings, now time.Time) (Case, error) { return c.AcceptNaming(people["kaisa"], now) }},
	{"DeclineNaming", func(c Case, _ Settings, now time.Time) (Case, error) { return c.DeclineNaming(people["kaisa"], now) }},
	{"Invite", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Invite(people["paula"], people["sanna"], "Lääkkeet", now)
	}},
	{"Join", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Join(people["leo"], now) }},
	{"DeclineInvite", func(c Case, _ Settings, now time.Time) (Case, error) { return c.DeclineInvite(people["leo"], now) }},
	{"VoidInvites", func(c Case, s Settings, now time.Time) (Case, error) { return c.VoidInvites(s, now.AddDate(0, 1, 0)) }},
	{"Plan", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Plan(people["kaisa"], Meeting{StartsAt: now.Add(time.Hour), Invitees: []string{"paula"}}, now)
	}},
	{"Confirm", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Confirm(1, "in_person", now) }},
	{"Move", func(c Case, _ Settings, now time.Time) (Case, error) {
		return c.Move(1, now.Add(time.Hour), "client_ill", now)
	}},
	{"Cancel", func(c Case, _ Settings, now time.Time) (Case, error) { return c.Cancel(1, "other", now) }},
	{"RecordMeeting", func(c Case, s Settings, now time.Time) (Case, error) {
		return c.RecordMeeting(1, heldRecord(c.Meetings, now), s, now)
	}},
}

// heldRecord is a record of the first meeting, with the client there.
func heldRecord(meetings []Meeting, now time.Time) Record {
	started := now
	if len(meetings) > 0 {
		started = meetings[0].StartsAt
	}
	return Record{StartedAt: started, EndedAt: started.Add(time.Hour), Attendance: []Attendance{{"client", "present_in_person"}}}
}

// phases are cases in every state, each with all that an act could be about: somebody named, somebody invited, a meeting
// that has begun.
func phases(t *testing.T) map[string]*build {
	meeting := monday.Add(time.Minute)
	running := func() *build {
		return active(t).planned(meeting, "paula", "mika").invited("leo").at(meeting.Add(time.Minute))
	}
	return map[string]*build{
		"submitted":                  aCase(t),
		"triage":                     aCase(t).taken(),
		"triage, nameless":           raised(t, monday, aNamelessConcern()).taken(),
		"returned":                   aCase(t).taken().returned(),
		"consultation_answered":      raised(t, monday, aNamelessConcern()).taken().answered("paula"),
		"consent_pending, not asked": aCase(t).taken().accepted(),
		"consent_pending":            aCase(t).taken().accepted().asked(),
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
	"submitted":                  "Take Accept",
	"triage":                     "Return Accept",
	"triage, nameless":           "Return AnswerQuestion",
	"returned":                   "AnswerQuestion",
	"consultation_answered":      "",
	"consent_pending, not asked": "AskConsent Grant Refuse",
	"consent_pending":            "AskConsent Grant Refuse NoReply",
	"team_forming": "Grant Withdraw Expire Correct Name AcceptNaming DeclineNaming Invite Join DeclineInvite VoidInvites Plan Confirm Move " +
		"Cancel RecordMeeting",
	"active":          "Grant Withdraw Expire Correct Invite Join DeclineInvite VoidInvites Plan Confirm Move Cancel RecordMeeting",
	"paused":          "AskConsent Grant Refuse Correct ClosePaused Cancel RecordMeeting",
	"closed":          "Cancel RecordMeeting",
	"closed, refused": "Correct",
}

// Without consent nobody gathers; without an invitation, a naming or a meeting there is none to answer.
const (
	gathering = " Name Invite Plan "
	answering = " AcceptNaming DeclineNaming Join DeclineInvite "
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
	case name == "NoReply" && (phase == "consent_pending, not asked" || phase == "paused"):
		return NotInformed
	case name == "Name" && phase == "active":
		return AlreadyNamed
	case name == "Withdraw", waiting && in(gathering), phase == "paused" && in("Confirm Move"):
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
		"paused Grant": TeamForming, "paused Refuse": Closed, "paused Correct": ConsentPending, "paused ClosePaused": Closed,
		"closed, refused Correct": ConsentPending,
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
