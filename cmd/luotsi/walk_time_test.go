package main

import (
	"context"
	"time"

	"pgregory.net/rapid"

	"luotsi/commands"
	"luotsi/commands/casework"
)

// ctx lives as long as the county, longer than what rapid gives.
func (s *stroll) ctx() context.Context { return context.WithoutCancel(s.t.Context()) }

// passTime moves the clock to the given time, or somewhere: by minutes or weeks, about midnight, to when something is due, or about
// the next change of clocks.
func (s *stroll) passTime(to ...time.Time) {
	now := s.county.clock.Now()
	cal := s.county.house.Settings.Calendar
	at := now.Add(time.Duration(rapid.IntRange(1, 600).Draw(s.t, "minutes")) * time.Minute)
	passes := []string{"minutes", "midnight", "before midnight", "nine", "days", "due", "due", "due", "clocks", "weeks"}
	if len(to) > 0 {
		at, passes = to[0], []string{"given"}
	}
	how := drawn(s, "passes", passes...)
	switch how {
	case "midnight":
		at = cal.Day(now).AddDate(0, 0, 1)
	case "before midnight":
		at = cal.Day(now).AddDate(0, 0, 1).Add(-time.Second)
	case "nine":
		at = cal.Day(now).AddDate(0, 0, 1).Add(9 * time.Hour)
	case "days":
		at = now.AddDate(0, 0, rapid.IntRange(1, 9).Draw(s.t, "days"))
	case "weeks":
		at = now.AddDate(0, 0, rapid.IntRange(10, 45).Draw(s.t, "days"))
	case "due":
		due, ok, err := s.county.store.NextDue(s.ctx(), now, now.AddDate(2, 0, 0))
		s.must(err)
		if ok {
			at = due
		}
	case "clocks":
		if _, end := now.In(casework.Helsinki).ZoneBounds(); end.Sub(now) < 60*24*time.Hour {
			at = end.Add(time.Duration(rapid.IntRange(-1, 1).Draw(s.t, "about")) * time.Second)
		}
	}
	if !at.After(now) {
		return
	}
	s.must(s.county.goTo(s.ctx(), at))
	s.tell("— time went by (%s)", how)
	s.settle()
}

// meddle puts somebody into a case's room or takes somebody out, as people in it can.
func (s *stroll) meddle() {
	var open []seenRoom
	for _, id := range s.ids {
		for _, r := range s.seenRooms(id) {
			if in := s.still(r.members); !r.archived && len(in) > 0 {
				r.members = in
				open = append(open, r)
			}
		}
	}
	if len(open) == 0 {
		s.fittingAct()
		return
	}
	r := drawn(s, "room", open...)
	by, path, whom := drawn(s, "by", r.members...), "join", drawn(s, "whom", everybody()...)
	if s.chance(2, "out") {
		path, whom = "leave", drawn(s, "whom", r.members...)
	}
	_, err := s.post(s.ctx(), path, map[string]string{"as": by, "room": r.id, "login": whom}, nil)
	s.tell("%s makes %s %s room %d", by, whom, path, r.number)
	s.must(err)
	s.settle()
}

// outage breaks the chat or mends it.
func (s *stroll) outage() {
	if !s.down && !s.chance(3, "the chat breaks") {
		s.next()
		return
	}
	_, err := s.post(s.ctx(), "outage", map[string]any{"platform_down": !s.down}, nil)
	s.must(err)
	s.down = !s.down
	s.tell("the chat is down: %v", s.down)
	s.settle()
}

func (s *stroll) endOutage() {
	if s.down {
		s.outage()
	}
}

// account closes somebody's account or opens it again. One of the two coordinators always stays.
func (s *stroll) account() {
	if s.down {
		s.outage()
		return
	}
	login := drawn(s, "account", "ville", "kaisa", "leo", "mika", "sanna", "paula", "jaana")
	for closed := range s.closed {
		login = closed
	}
	s.closed[login] = !s.closed[login]
	if !s.closed[login] {
		delete(s.closed, login)
	}
	s.tell("the account of %s is closed: %v", login, s.closed[login])
	_, err := s.post(s.ctx(), "account", map[string]any{"login": login, "enabled": !s.closed[login]}, nil)
	s.must(err)
	s.settle()
}

// settle does what is due and lets the jobs run to their end, until time brings nothing more; then it looks whether all holds.
func (s *stroll) settle() {
	s.t.Helper()
	for range 5 {
		_, err := (&engine{county: s.county}).RunDue(s.ctx())
		s.must(err)
		before := s.county.clock.Now()
		s.list()
		found := s.look()
		if _, due, err := s.county.store.NextDue(s.ctx(), time.Time{}, s.county.clock.Now()); !due {
			s.must(err)
			s.checkAll(found, before)
			s.last = map[int64]casework.Case{}
			for _, f := range found {
				s.last[f.c.ID] = f.c
			}
			return
		}
	}
	s.fail("something that was due is never done")
}

// list learns which cases there are.
func (s *stroll) list() {
	rows, err := s.county.owner.QueryContext(s.ctx(), `select id, code from cases order by id`)
	s.must(err)
	defer rows.Close()
	s.ids, s.codes = nil, nil
	for rows.Next() {
		var id int64
		var code casework.Code
		s.must(rows.Scan(&id, &code))
		s.ids, s.codes = append(s.ids, id), append(s.codes, code)
	}
	s.must(rows.Err())
}

func (s *stroll) read(id int64) (c casework.Case) {
	s.must(s.county.house.Within(s.ctx(), s.county.clock.Now(), func(tx commands.Tx) (err error) {
		c, err = tx.Read(s.ctx(), id)
		return err
	}))
	return c
}

// all are the cases there are now.
func (s *stroll) all() map[int64]casework.Case {
	s.list()
	cases := map[int64]casework.Case{}
	for _, id := range s.ids {
		cases[id] = s.read(id)
	}
	return cases
}
