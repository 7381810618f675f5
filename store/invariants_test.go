package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/lib/pq"

	"luotsi/store/storetest"
)

// broken is the name of the rule that the database refused by.
func broken(err error) string {
	var refused *pq.Error
	if errors.As(err, &refused) {
		return refused.Constraint
	}
	return fmt.Sprint(err)
}

const (
	insertMember  = `insert into participants (case_id, no, login, state, invited_by, invited_at, joined_at, ended_for) values ($1, 9, '%s', 'active', 'paula', '2027-02-01 08:00Z', '2027-02-01 08:00Z', '')`
	insertHolder  = `insert into assignments (case_id, no, login, state, named_by, named_at, accepted_at, ended_for) values ($1, 9, '%s', 'accepted', 'paula', '2027-02-01 08:00Z', '2027-02-01 08:00Z', '')`
	insertMeeting = `insert into meetings select case_id, 9, revision, state, kind, '%s', minutes, manner, place, invitees, client_answer, support_person, interpreter, agenda, planned_by, settled_at, started_at, ended_at, oral_consent, decisions, counts_as_network, moved_for, ended_for from meetings where case_id = $1`
	endConsent    = `update consents set status = 'withdrawn', ended_at = '2027-02-01 09:00Z' where case_id = $1`
	partMembers   = `update participants set state = 'removed', ended_at = '2027-02-01 09:00Z' where case_id = $1`
	endHolder     = `update assignments set state = 'ended', ended_at = '2027-02-01 09:00Z' where case_id = $1`
	pause         = `update cases set state = 'paused' where id = $1`
	cancel        = `update meetings set state = 'cancelled' where case_id = $1`
)

// attack is a list of statements and the rule that the database refuses them by.
type attack struct {
	do   []string
	rule string
}

// attacks are things that whoever reaches the database might do to a case that has a team: $1 is the case, $2 another one
// without consent.
var attacks = map[string]attack{
	"outsider becomes member":           {[]string{fmt.Sprintf(insertMember, "ulla")}, "member_needs_consent"},
	"objected person becomes member":    {[]string{fmt.Sprintf(insertMember, "leo")}, "member_needs_consent"},
	"member twice":                      {[]string{fmt.Sprintf(insertMember, "sanna")}, "one_place_per_person"},
	"member comes after the end":        {[]string{`update participants set joined_at = '2028-02-02 00:00Z' where case_id = $1`}, "member_needs_consent"},
	"member moves to another case":      {[]string{`update participants set case_id = $2 where case_id = $1`}, "member_needs_consent"},
	"member becomes another":            {[]string{`update participants set login = 'jaana' where case_id = $1`}, "member_needs_consent"},
	"second responsible worker":         {[]string{fmt.Sprintf(insertHolder, "sanna")}, "one_responsible_worker"},
	"outsider as responsible worker":    {[]string{endHolder, fmt.Sprintf(insertHolder, "ulla")}, "responsible_worker_needs_consent"},
	"consent ends, team goes on":        {[]string{endConsent}, "team_needs_consent"},
	"consent ends, members stay":        {[]string{endConsent, pause}, "member_needs_consent"},
	"consent ends, holder stays":        {[]string{endConsent, pause, partMembers}, "responsible_worker_needs_consent"},
	"consent ends, meeting stays":       {[]string{endConsent, pause, partMembers, endHolder}, "meeting_needs_consent"},
	"party goes, its staff stays":       {[]string{`delete from consent_parties where case_id = $1 and code = 'SOTE-KESKUS-A'`}, "member_needs_consent"},
	"client opposes a member":           {[]string{`update consents set objects_to = '{person:sanna}' where case_id = $1`}, "member_needs_consent"},
	"newer refusal, team goes on":       {[]string{`insert into consents select (jsonb_populate_record(k, '{"version": 2, "status": "refused"}')).* from consents k where case_id = $1`}, "team_needs_consent"},
	"consent goes to another case":      {[]string{`delete from consent_parties where case_id = $1`, `update consents set case_id = $2 where case_id = $1`}, "team_needs_consent"},
	"consent is forgotten":              {[]string{`delete from consent_parties where case_id = $1`, `delete from consents where case_id = $1`}, "team_needs_consent"},
	"consent ends before the meeting":   {[]string{`update consents set valid_until = '2027-02-10 22:00Z', ends_at = '2027-02-11 22:00Z' where case_id = $1`}, "meeting_needs_consent"},
	"consent without an end":            {[]string{`update consents set ends_at = 'infinity' where case_id = $1`}, "end_follows_last_day"},
	"consent for two years":             {[]string{`update consents set valid_until = '2029-01-31 22:00Z' where case_id = $1`}, "one_year_at_most"},
	"oral consent outlasts its limit":   {[]string{`update consents set oral_until = '2027-03-01 00:00Z' where case_id = $1`}, "oral_lapses"},
	"granted, but never given":          {[]string{`update consents set given_at = null where case_id = $1`}, "granted_is_given"},
	"meeting moves beyond the end":      {[]string{`update meetings set starts_at = '2028-02-02 00:00Z' where case_id = $1`}, "meeting_needs_consent"},
	"new meeting beyond the end":        {[]string{fmt.Sprintf(insertMeeting, "2028-02-02 00:00Z")}, "meeting_needs_consent"},
	"outsider is invited":               {[]string{`update meetings set invitees = invitees || '{ulla}' where case_id = $1`}, "invitee_needs_consent"},
	"near person not let in is invited": {[]string{`update meetings set invitees = '{near:son}' where case_id = $1`}, "invitee_needs_consent"},
	"cancelled meeting returns":         {[]string{`update meetings set state = 'cancelled', invitees = '{ulla}' where case_id = $1`, `update meetings set state = 'planned' where case_id = $1`}, "invitee_needs_consent"},
	"team without consent":              {[]string{`update cases set state = 'active', coordinator = 'paula' where id = $2`}, "team_needs_consent"},
	"team without consent, new":         {[]string{`insert into cases (code, revision, changed_at, state, coordinator, closed_for, client_group, use_profile, target_group, services_count, room_number) values ('BCDFGHJ-K', 1, '2027-02-01', 'team_forming', 'paula', '', '', '', '', 0, 0)`}, "team_needs_consent"},
	"consent in a table of one's own":   {[]string{`create temp table consents as select * from public.consents`, strings.Replace(endConsent, "consents", "public.consents", 1)}, "team_needs_consent"},
	"words in a field of codes":         {[]string{`update cases set closed_for = 'Matti kuoli' where id = $1`}, "cases_check"},
	"words among criteria":              {[]string{`update concerns set criteria = '{"puhuu paljon"}' where case_id = $1`}, "concerns_check"},
	"identity in a nameless question":   {[]string{`update concerns set basis = 'nameless' where case_id = $1`}, "concerns_check1"},
	"a code that tells something":       {[]string{`update cases set code = 'MATTI-1950' where id = $1`}, "cases_code_check"},
	"a state that does not exist":       {[]string{`update cases set state = 'dormant' where id = $1`}, "cases_state_check"},
}

func TestTheDatabaseKeepsTheGroundRules(t *testing.T) {
	w := newWorld(t)
	id, other := w.together("attacked", start), w.raise("other", start)
	w.resists(attacks, id, other)
}

// resists tries each attack on a case that has a team, and another one without consent.
func (w *world) resists(attacks map[string]attack, id, other int64) {
	w.Helper()
	before := w.read(id)
	for name, attack := range attacks {
		var do []string
		for _, s := range attack.do {
			do = append(do, strings.NewReplacer("$1", fmt.Sprint(id), "$2", fmt.Sprint(other)).Replace(s))
		}
		err := w.asOwner(do...)
		if rule := broken(err); rule != attack.rule {
			w.Errorf("%s: refused by %s, want %s", name, rule, attack.rule)
		}
		if err != nil && strings.Contains(err.Error(), "Matti") {
			w.Errorf("%s: the error repeats what was written: %v", name, err)
		}
	}
	if d := cmp.Diff(before, w.read(id), sameCase); d != "" {
		w.Errorf("an attack left something behind:\n%s", d)
	}
}

// What is right in the end is right, in whatever order one transaction does it.
func TestRulesHoldAtTheEndOfATransaction(t *testing.T) {
	w := newWorld(t)
	id := fmt.Sprint(w.together("ordered", start))
	var do []string
	for _, s := range []string{endConsent, fmt.Sprintf(insertMember, "ulla"), partMembers, endHolder, pause, cancel} {
		do = append(do, strings.ReplaceAll(s, "$1", id))
	}
	if err := w.asOwner(do...); err != nil {
		t.Error(err)
	}
}

// Two transactions that are each right alone do not commit what is wrong together.
func TestRulesHoldBetweenTransactions(t *testing.T) {
	w := newWorld(t)
	id := w.consented("two", start)
	one, two := storetest.Connect(t, w.owner).MustBegin(), storetest.Connect(t, w.owner).MustBegin()
	const now = "set constraints all immediate"
	one.MustExec(strings.ReplaceAll(fmt.Sprintf(insertMember, "ville"), "$1", fmt.Sprint(id)))
	one.MustExec(now)
	two.MustExec(strings.ReplaceAll(endConsent, "$1", fmt.Sprint(id)))
	two.MustExec(strings.ReplaceAll(pause, "$1", "0"))
	second := make(chan error, 1)
	go func() {
		_, err := two.Exec(strings.ReplaceAll(pause, "$1", fmt.Sprint(id)))
		if err == nil {
			_, err = two.Exec(now)
		}
		second <- err
	}()
	w.untilSomebodyWaits()
	if err := one.Commit(); err != nil {
		t.Fatal(err)
	}
	if rule := broken(<-second); rule != "member_needs_consent" {
		t.Errorf("the second was refused by %s", rule)
	}
	if err := two.Rollback(); err != nil {
		t.Error(err)
	}
}
