package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

const (
	insertDeputy = `insert into absences (case_id, no, of_role, login, deputy, starts_at, ends_at, state, asked_by, asked_at, answered_at) values ($1, %d, 'responsible_worker', 'kaisa', '%s', '2027-02-01 08:00Z', '2027-02-08 08:00Z', '%s', 'kaisa', '2027-02-01 08:00Z', '2027-02-01 08:00Z')`
	insertRoom   = `insert into rooms (case_id, number, platform, room, archived) values (%s, 1, 'sandbox', 'R9', %v)`
	insertNotice = `insert into duty_notices (case_id, no, by_login, at, ground, facts, target, client_informed) values ($1, 9, 'ville', '2027-02-01 08:00Z', '%s', %s, 'ngo', 'yes')`
)

func acting(deputy string) string { return fmt.Sprintf(insertDeputy, 9, deputy, "acting") }

// attacksOnTheWhole are attacks on what came with deputies, rooms that are bound to a consent, and concerns that end.
var attacksOnTheWhole = map[string]attack{
	"outsider stands in":               {[]string{acting("ulla")}, "deputy_needs_consent"},
	"objected person stands in":        {[]string{acting("leo")}, "deputy_needs_consent"},
	"outsider who was asked acts":      {[]string{fmt.Sprintf(insertDeputy, 9, "ulla", "asked"), `update absences set state = 'acting' where case_id = $1`}, "deputy_needs_consent"},
	"deputy becomes another":           {[]string{acting("ville"), `update absences set deputy = 'ulla' where case_id = $1`}, "deputy_needs_consent"},
	"deputy acts after the end":        {[]string{acting("ville"), `update absences set starts_at = '2028-02-02', ends_at = '2028-02-03' where case_id = $1`}, "deputy_needs_consent"},
	"deputy says yes after the end":    {[]string{acting("ville"), `update absences set ends_at = '2028-02-03', answered_at = '2028-02-02' where case_id = $1`}, "deputy_needs_consent"},
	"client opposes the deputy":        {[]string{acting("ville"), `set constraints all immediate`, `update consents set objects_to = '{person:ville}' where case_id = $1`}, "deputy_needs_consent"},
	"party goes, the deputy stays":     {[]string{acting("ville"), `set constraints all immediate`, `delete from consent_parties where case_id = $1 and code = 'person:ville'`}, "deputy_needs_consent"},
	"two deputies at once":             {[]string{acting("ville"), fmt.Sprintf(insertDeputy, 10, "sanna", "acting")}, "one_absence_per_role"},
	"a second absence is planned":      {[]string{acting("ville"), fmt.Sprintf(insertDeputy, 10, "sanna", "asked")}, "one_absence_per_role"},
	"an ended absence comes back":      {[]string{fmt.Sprintf(insertDeputy, 9, "ville", "ended"), fmt.Sprintf(insertDeputy, 10, "sanna", "acting"), `update absences set state = 'acting' where case_id = $1 and no = 9`}, "one_absence_per_role"},
	"somebody stands in for oneself":   {[]string{acting("kaisa")}, "deputy_is_another"},
	"an absence ends before it begins": {[]string{acting("ville"), `update absences set ends_at = starts_at where case_id = $1`}, "absence_ends_later"},
	"a deputy who never said yes":      {[]string{acting("ville"), `update absences set answered_at = null where case_id = $1`}, "answered_if_acting"},
	"an active case loses its holder":  {[]string{`update cases set coordinator = null where id = $1`}, "case_has_holder"},
	"a paused case loses its holder":   {[]string{`update cases set state = 'paused', coordinator = null where id = $1`}, "case_has_holder"},
	"a case is begun by nobody":        {[]string{`update cases set state = 'consent_pending' where id = $2`}, "case_has_holder"},
	"a team is gathered by nobody":     {[]string{`update cases set state = 'team_forming' where id = $2`}, "case_has_holder"},
	"room without consent":             {[]string{fmt.Sprintf(insertRoom, "$2", false)}, "room_needs_consent"},
	"closed room reopens":              {[]string{fmt.Sprintf(insertRoom, "$2", true), `update rooms set archived = false where case_id = $2`}, "room_needs_consent"},
	"room goes to another case":        {[]string{fmt.Sprintf(insertRoom, "$1", false), `update rooms set case_id = $2 where case_id = $1`}, "room_needs_consent"},
	"room after the consent":           {[]string{endConsent, pause, partMembers, endHolder, cancel, fmt.Sprintf(insertRoom, "$1", false)}, "room_needs_consent"},
	"room after the last day":          {[]string{`update cases set changed_at = '2028-02-02 00:00Z' where id = $1`, fmt.Sprintf(insertRoom, "$1", false)}, "room_needs_consent"},
	"room during a newer request":      {[]string{`insert into consents select (jsonb_populate_record(k, '{"version": 2, "status": "requested"}')).* from consents k where case_id = $1`, fmt.Sprintf(insertRoom, "$1", false)}, "room_needs_consent"},
	"joined to nothing":                {[]string{`update cases set state = 'merged' where id = $2`}, "merged_says_where"},
	"words where a code stands":        {[]string{`update cases set merged_into = 'Matti kuoli' where id = $1`}, "linked_by_codes"},
	"words among linked codes":         {[]string{`update cases set linked = '{Matti kuoli}' where id = $1`}, "linked_by_codes"},
	"words as the ground to redirect":  {[]string{`update concerns set decision_ground = 'Matti kuoli' where case_id = $1`}, "decided_by_codes"},
	"words as the ground to notify":    {[]string{fmt.Sprintf(insertNotice, "Matti kuoli", `'\x00'`)}, "duty_notices_check"},
	"notification without a ground":    {[]string{fmt.Sprintf(insertNotice, "", `'\x00'`)}, "duty_notices_ground_check"},
}

func TestTheDatabaseKeepsTheWholeRules(t *testing.T) {
	w := newWorld(t)
	id, other := w.together("attacked", start), w.raise("other", start)
	w.resists(attacksOnTheWhole, id, other)
}

// Before there is a team, and while it is apart, a coordinator's deputy needs nobody's consent; to gather again, one does.
func TestATeamDoesNotGatherRoundAnUncoveredDeputy(t *testing.T) {
	w := newWorld(t)
	id := fmt.Sprint(w.together("deputy", start))
	on := func(s string) string { return strings.ReplaceAll(s, "$1", id) }
	if err := w.asOwner(on(pause), on(acting("ulla"))); err != nil {
		t.Fatal(err)
	}
	again := on(`update cases set state = 'active' where id = $1`)
	if rule := broken(w.asOwner(again)); rule != "deputy_needs_consent" {
		t.Errorf("refused by %s", rule)
	}
	if err := w.asOwner(on(`update absences set state = 'ended', ended_at = asked_at where case_id = $1`), again); err != nil {
		t.Error(err)
	}
}

// A room that is still open when the consent ends does not hinder the withdrawal, and may be closed, but not opened again.
func TestALeftOverRoomHindersNothing(t *testing.T) {
	w := newWorld(t)
	id := w.together("room", start)
	room := casework.RoomRecord{CaseID: id, Number: 1, Platform: "sandbox", Room: "R1"}
	save := func() error {
		return w.Within(t.Context(), start, func(tx *store.Tx) error { return tx.SaveRoom(t.Context(), room) })
	}
	if err := save(); err != nil {
		t.Fatal(err)
	}
	w.act(id, start, withdrawn)
	refused := func() {
		t.Helper()
		var refusal *casework.Refusal
		if err := save(); !errors.As(err, &refusal) || refusal.Rule != casework.NoConsent {
			t.Errorf("the room was opened: %v", err)
		}
	}
	refused()
	room.Archived = true
	if err := save(); err != nil {
		t.Error(err)
	}
	room.Archived = false
	refused()
}

func withdrawn(c casework.Case) (casework.Case, error) {
	return c.Withdraw(person("paula"), casework.Withdrawal{By: "client"}, start.Add(2*time.Hour))
}

// A room that is opened while the consent is being taken back waits, and is refused.
func TestARoomIsNotOpenedDuringAWithdrawal(t *testing.T) {
	w := newWorld(t)
	id := w.together("room", start)
	opened := make(chan error, 1)
	w.within(start, func(tx *store.Tx) error {
		c, err := tx.LockID(t.Context(), id)
		if err != nil {
			return err
		}
		if c, err = withdrawn(c); err != nil {
			return err
		}
		go func() {
			opened <- w.Within(t.Context(), start, func(tx *store.Tx) error {
				return tx.SaveRoom(t.Context(), casework.RoomRecord{CaseID: id, Number: 1, Platform: "sandbox", Room: "R1"})
			})
		}()
		w.untilSomebodyWaits()
		return tx.Save(t.Context(), c, nil)
	})
	var refusal *casework.Refusal
	if err := <-opened; !errors.As(err, &refusal) || refusal.Rule != casework.NoConsent {
		t.Errorf("the room was opened: %v", err)
	}
}

// The database and the rules of care name the same states, and the index of open cases holds the open ones.
func TestTheDatabaseKnowsEveryState(t *testing.T) {
	w := newWorld(t)
	var states, index string
	if err := w.DB().Get(&states, `select pg_get_constraintdef(oid) from pg_constraint where conname = 'cases_state_check'`); err != nil {
		t.Fatal(err)
	}
	if err := w.DB().Get(&index, `select pg_get_indexdef('cases_open'::regclass)`); err != nil {
		t.Fatal(err)
	}
	for _, s := range casework.States {
		quoted := "'" + string(s) + "'"
		if !strings.Contains(states, quoted) || strings.Contains(index, quoted) != s.Open() {
			t.Errorf("state %s: known %v, open %v", s, strings.Contains(states, quoted), strings.Contains(index, quoted))
		}
	}
	if n := strings.Count(states, "::text"); n < len(casework.States) {
		t.Errorf("%d states", n)
	}
}
