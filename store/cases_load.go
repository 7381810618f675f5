package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

// byID holds the cases that are being read.
type byID map[int64]*casework.Case

// Lock reads a case by its code and holds it until the transaction ends; casework.ErrNotKnown when there is none.
func (t *Tx) Lock(ctx context.Context, code casework.Code) (casework.Case, error) {
	return t.lock(ctx, "where code = $1 for update", string(code))
}

// LockID is Lock by id.
func (t *Tx) LockID(ctx context.Context, id int64) (casework.Case, error) {
	return t.lock(ctx, "where id = $1 for update", id)
}

func (t *Tx) lock(ctx context.Context, rest string, key any) (casework.Case, error) {
	c, err := first(t.load(ctx, rest, key))
	if err != nil {
		return casework.Case{}, err
	}
	t.seen[c.ID], err = knowing(c)
	return c, err
}

// Read reads one case unlocked.
func (t *Tx) Read(ctx context.Context, id int64) (casework.Case, error) {
	return first(t.unlocked(ctx, "where id = $1", id))
}

func first(found []casework.Case, err error) (casework.Case, error) {
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("read case: %w", casework.ErrNotKnown)
	}
	if err != nil {
		return casework.Case{}, err
	}
	return found[0], nil
}

// unlocked reads cases that others may be changing. Their parts come from several queries: when a case has got a later
// revision on the way, its parts may be of different ones, and everything is read again, at last holding changes up.
func (t *Tx) unlocked(ctx context.Context, rest string, args ...any) ([]casework.Case, error) {
	for range readings {
		found, err := t.load(ctx, rest, args...)
		if err != nil || len(found) == 0 {
			return nil, err
		}
		if still, err := t.still(ctx, found); still || err != nil {
			return found, err
		}
	}
	return t.load(ctx, rest+" for share", args...)
}

// readings is how often cases that keep changing are read before their changes are held up.
const readings = 3

// still reports whether the cases have the revisions they were read with.
func (t *Tx) still(ctx context.Context, found []casework.Case) (still bool, err error) {
	ids, revisions := make(pq.Int64Array, len(found)), make(pq.Int64Array, len(found))
	for i, c := range found {
		ids[i], revisions[i] = c.ID, int64(c.Revision)
	}
	err = t.db.GetContext(ctx, &still, `select not exists (select from unnest($1::bigint[], $2::bigint[]) as was (id, revision)
		join cases using (id) where cases.revision <> was.revision)`, ids, revisions)
	if err != nil {
		return false, fmt.Errorf("read cases again: %w", err)
	}
	return still, nil
}

// isOpen is the condition that somebody still has something to do with a case, as the index of open cases has it.
func isOpen() string {
	var open []string
	for _, s := range casework.States {
		if s.Open() {
			open = append(open, "'"+string(s)+"'")
		}
	}
	return "state in (" + strings.Join(open, ", ") + ")"
}

// Open lists every open case the person has anything to do with (raiser, coordinator, named, member, invited, asked to stand
// in or standing in); for a service coordinator (queue) also all that nobody has taken. Unlocked, oldest first.
func (t *Tx) Open(ctx context.Context, login string, queue bool) ([]casework.Case, error) {
	return t.unlocked(ctx, `where `+isOpen()+` and (coordinator = $1 or ($2 and state = 'submitted')
		or id in (select case_id from concerns where raiser = $1)
		or id in (select case_id from participants where login = $1 and state in ('invited', 'active'))
		or id in (select case_id from assignments where login = $1 and state in ('named', 'accepted'))
		or id in (select case_id from absences where deputy = $1 and (state in ('asked', 'accepted', 'acting') or state = 'alone' and answered_at is null)))
		order by (select raised_at from concerns where case_id = id), id`, login, queue)
}

// CountOpen counts open cases by state, for those who see figures only.
func (t *Tx) CountOpen(ctx context.Context) (map[casework.State]int, error) {
	var rows []struct {
		State casework.State `db:"state"`
		N     int            `db:"n"`
	}
	err := t.db.SelectContext(ctx, &rows, `select state, count(*) as n from cases where `+isOpen()+` group by state`)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", err)
	}
	counts := map[casework.State]int{}
	for _, r := range rows {
		counts[r.State] = r.N
	}
	return counts, nil
}

// load reads the cases that the query's rest leaves, whole, in a number of queries that does not grow with theirs.
func (t *Tx) load(ctx context.Context, rest string, args ...any) ([]casework.Case, error) {
	rows, err := rowsOf[caseRow](ctx, t, "cases", rest, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	found := make([]casework.Case, len(rows))
	cases, ids := byID{}, make(pq.Int64Array, len(rows))
	for i, r := range rows {
		if found[i], err = t.caseOf(r); err != nil {
			return nil, err
		}
		ids[i], cases[r.ID] = r.ID, &found[i]
	}
	for _, part := range []func(context.Context, any, byID) error{
		t.loadConcerns, t.loadConsents, t.loadTeam, t.loadResponsible, t.loadMeetings, t.loadAbsences, t.loadDuties, t.loadPeople,
	} {
		if err := part(ctx, ids, cases); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (t *Tx) loadConcerns(ctx context.Context, ids any, cases byID) error {
	rows, err := rowsOf[concernRow](ctx, t, "concerns", "where case_id = any($1)", ids)
	for _, r := range rows {
		c := cases[r.CaseID]
		n, err := t.concernOf(c.Code, r)
		if err != nil {
			return err
		}
		c.Concern = n
	}
	return err
}

// loadPeople gives everybody in the cases the unit, register and roles the directory has for them now.
func (t *Tx) loadPeople(ctx context.Context, _ any, cases byID) error {
	places := map[string][]*casework.Person{}
	note := func(p *casework.Person) {
		if p.Login != "" {
			places[p.Login] = append(places[p.Login], p)
		}
	}
	for _, c := range cases {
		note(&c.Concern.Raiser)
		note(&c.Coordinator)
		for i := range c.Team {
			note(&c.Team[i].Person)
		}
		for i := range c.Responsible {
			note(&c.Responsible[i].Person)
		}
		for i := range c.Absences {
			note(&c.Absences[i].Person)
			note(&c.Absences[i].Deputy)
		}
	}
	logins := make(pq.StringArray, 0, len(places))
	for login := range places {
		logins = append(logins, login)
	}
	slices.Sort(logins)
	users, err := t.users(ctx, "where login = any($1)", logins)
	if err != nil {
		return fmt.Errorf("read the people of cases: %w", err)
	}
	for _, u := range users {
		for _, p := range places[u.Login] {
			*p = u.Person
		}
	}
	return nil
}

// CodeOfRoom finds whose room it is on the platform; ok is false when it is nobody's.
func (t *Tx) CodeOfRoom(ctx context.Context, platform, room string) (code casework.Code, ok bool, err error) {
	err = t.value(ctx, &code, `select code from cases join rooms on case_id = cases.id where platform = $1 and room = $2`, platform, room)
	if errors.Is(err, casework.ErrNotKnown) {
		return "", false, nil
	}
	return code, err == nil, err
}
