package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// kept tells what was saved from what was read; News goes out by other ways, and times are stored to the microsecond.
var keptAlike = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.IgnoreFields(casework.Case{}, "News", "RefusedBefore"), cmpopts.EquateApproxTime(time.Microsecond),
}

// differing tells how cases differ; empty when they do not.
func differing(before, after map[int64]casework.Case) string {
	return cmp.Diff(before, after, keptAlike)
}

// ways are the other states that a state may lead to (model.md § 2).
var ways = map[casework.State][]casework.State{
	casework.Submitted: {
		casework.Triage, casework.Redirected, casework.Declined, casework.Merged, casework.TakenBack, casework.ConsultationAnswered,
		casework.ConsentPending,
	},
	casework.Triage: {
		casework.Returned, casework.Redirected, casework.Declined, casework.Merged, casework.TakenBack, casework.ConsultationAnswered,
		casework.ConsentPending,
	},
	casework.Returned:             {casework.Triage, casework.TakenBack},
	casework.ConsultationAnswered: {casework.Submitted},
	casework.ConsentPending:       {casework.TeamForming, casework.Closed},
	casework.TeamForming:          {casework.Active, casework.Paused, casework.ConsentPending}, // the last, when the consent was recorded wrongly
	casework.Active:               {casework.TeamForming, casework.Paused, casework.ConsentPending},
	casework.Paused:               {casework.TeamForming, casework.Closed, casework.ConsentPending},
	casework.Closed:               {casework.ConsentPending},
}

// saving writes down every case as the rules left it, once it is committed.
type saving struct {
	mu     sync.Mutex
	cases  map[int64]casework.Case
	faults []string
}

func newSaving() *saving { return &saving{cases: map[int64]casework.Case{}} }

// watch makes the county's transactions pass by.
func (s *saving) watch(c *county) {
	within := c.house.Within
	c.house.Within = func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
		var seen *seenTx
		err := within(ctx, at, func(tx commands.Tx) error {
			seen = &seenTx{Tx: tx}
			return f(seen)
		})
		if err == nil {
			s.note(seen.cases)
		}
		return err
	}
}

func (s *saving) note(cases []casework.Case) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range cases {
		before := s.cases[c.ID]
		if c.Revision <= before.Revision || c.ChangedAt.Before(before.ChangedAt) {
			s.faults = append(s.faults, fmt.Sprintf("%s: revision %d at %s after %d at %s", c.Code, c.Revision, c.ChangedAt, before.Revision, before.ChangedAt))
		}
		s.cases[c.ID] = c
	}
}

// seenTx is a transaction that remembers what was saved in it.
type seenTx struct {
	commands.Tx
	cases []casework.Case
}

// Add remembers a new case.
func (t *seenTx) Add(ctx context.Context, c casework.Case, agenda []casework.Item) (int64, error) {
	id, err := t.Tx.Add(ctx, c, agenda)
	if err == nil {
		c.ID = id
		t.cases = append(t.cases, c)
	}
	return id, err
}

// Save remembers a changed case.
func (t *seenTx) Save(ctx context.Context, c casework.Case, agenda []casework.Item) error {
	err := t.Tx.Save(ctx, c, agenda)
	if err == nil {
		t.cases = append(t.cases, c)
	}
	return err
}

// Try forgets what is undone.
func (t *seenTx) Try(ctx context.Context, f func() error) error {
	before := slices.Clone(t.cases)
	err := t.Tx.Try(ctx, f)
	if err != nil {
		t.cases = before
	}
	return err
}

// checkAll looks at one moment's view of everything.
func (s *stroll) checkAll(found []sight, at time.Time) {
	s.t.Helper()
	s.saved.mu.Lock()
	defer s.saved.mu.Unlock()
	if len(s.saved.faults) > 0 {
		s.fail("%v", s.saved.faults)
	}
	for _, f := range found {
		if diff := cmp.Diff(s.saved.cases[f.c.ID], f.c, keptAlike); diff != "" {
			s.fail("%s is not stored as the rules left it:\n%s", f.c.Code, diff)
		}
		s.checkHolder(f.c, at)
		s.checkCovered(f.c, at)
		s.checkAgenda(f)
		if !s.down {
			s.checkRooms(f, at)
		}
	}
	s.checkJobs()
}

// checkHolder: I4 and I9.
func (s *stroll) checkHolder(c casework.Case, at time.Time) {
	s.t.Helper()
	accepted := 0
	for _, a := range c.Responsible {
		if a.State == casework.AssignmentAccepted {
			accepted++
		}
	}
	if accepted > 1 || c.State == casework.Active && accepted == 0 {
		s.fail("%s is %s and has %d responsible workers", c.Code, c.State, accepted)
	}
	n := casework.NextStep(c, s.county.house.Settings, at)
	if open := c.State.Open(); open != (n.Step != casework.StepNone) || open == n.Due.IsZero() || open && (n.Holder == "") != (c.State == casework.Submitted) {
		s.fail("%s is %s, and next is %+v", c.Code, c.State, n)
	}
}

// checkCovered: I2 and I3, by the stored consent alone.
func (s *stroll) checkCovered(c casework.Case, at time.Time) {
	s.t.Helper()
	k := c.Consent()
	holds := k.Status == casework.ConsentGranted && at.Before(k.End())
	if c.State.Together() && !holds {
		s.fail("%s is %s, but its consent is %s until %s", c.Code, c.State, k.Status, k.End())
	}
	for _, m := range c.Team {
		if (m.State == casework.MemberActive || m.State == casework.MemberInvited) && (!holds || !k.Covers(s.personOf(m.Person.Login))) {
			s.fail("%s: %s is %s, but not covered", c.Code, m.Person.Login, m.State)
		}
	}
	for _, m := range c.Coming() {
		if m.StartsAt.After(at) && (!holds || !m.StartsAt.Before(k.End())) {
			s.fail("%s: meeting %d is to come at %s, the consent is %s until %s", c.Code, m.No, m.StartsAt, k.Status, k.End())
		}
	}
}

// checkAgenda: what waits is what the rules answer, without what is done.
func (s *stroll) checkAgenda(f sight) {
	s.t.Helper()
	want := map[string]casework.Item{}
	for _, i := range casework.Agenda(f.c, s.county.house.Settings) {
		if !f.delivered[i.Key] {
			want[i.Key] = i
		}
	}
	if diff := cmp.Diff(want, f.waiting, keptAlike); diff != "" {
		s.fail("what waits for %s is not its agenda:\n%s", f.c.Code, diff)
	}
}

// checkRooms: I1, I2, and the chat has whom the roster says.
func (s *stroll) checkRooms(f sight, at time.Time) {
	s.t.Helper()
	c, k := f.c, f.c.Consent()
	want := casework.Roster(c, at)
	open := 0
	for _, r := range f.rooms {
		if r.archived != r.recorded {
			s.fail("%s: room %d is archived: %v, recorded as archived: %v", c.Code, r.number, r.archived, r.recorded)
		}
		if r.archived {
			if len(r.members) > 0 {
				s.fail("%s: %v are left in the closed room %d", c.Code, r.members, r.number)
			}
			continue
		}
		open++
		if k.Status != casework.ConsentGranted || !at.Before(k.End()) {
			s.fail("%s: room %d is open, but the consent is %s until %s", c.Code, r.number, k.Status, k.End())
		}
		for _, login := range r.members {
			if p := s.personOf(login); p.Guest || !k.Informs(p) {
				s.fail("%s: %s is in the room, but a guest or not to be informed", c.Code, login)
			}
		}
		if there, must := s.still(r.members), s.belong(c); !slices.Equal(there, must) {
			s.fail("%s: in room %d are %v; there belong %v", c.Code, r.number, there, must)
		}
		if there, due := s.still(r.members), s.still(want.Members); r.number != want.Number || !slices.Equal(there, due) {
			s.fail("%s: in room %d are %v; in room %d should be %v", c.Code, r.number, there, want.Number, due)
		}
	}
	if open > 1 || (open == 1) != want.Open {
		s.fail("%s: %d rooms are open; should one be: %v", c.Code, open, want.Open)
	}
	if f.unsaid > 0 {
		s.fail("%s: %d notices reach nobody", c.Code, f.unsaid)
	}
}

// still leaves out whose account is closed: a chat keeps them where they were, and lets nobody put them anywhere.
func (s *stroll) still(logins []string) []string {
	in := slices.DeleteFunc(slices.Clone(logins), func(l string) bool { return s.closed[l] })
	slices.Sort(in)
	return in
}

// checkLogged: whatever came of a request, it is in the log (I6, I10).
func (s *stroll) checkLogged(r bot.Request) {
	s.t.Helper()
	var n int
	s.must(s.county.owner.QueryRowContext(s.ctx(), `select count(*) from access_log where request_id = $1`, r.ID).Scan(&n))
	if n == 0 {
		s.fail("the request left no row in the log")
	}
}

// checkJobs: no job failed, and none is given up.
func (s *stroll) checkJobs() {
	s.t.Helper()
	var n int
	var what string
	s.must(s.county.owner.QueryRowContext(s.ctx(), `select count(*), coalesce(string_agg(kind || ' ' || coalesce(errors::text, ''), E'\n'), '')
		from river_job where errors is not null or state in ('discarded', 'cancelled', 'retryable')`).Scan(&n, &what))
	if n > 0 {
		s.fail("%d jobs failed: %s", n, what)
	}
}

// checkLogs: the chains of the log are whole.
func (s *stroll) checkLogs() {
	s.t.Helper()
	report, err := s.county.store.Verify(s.ctx())
	s.must(err)
	if len(report.Faults) > 0 {
		s.fail("the log: %v", report.Faults)
	}
}
