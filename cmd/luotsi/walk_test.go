package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// stroll is a whole county on a random way: anybody gives any command at any time, people meddle with rooms, the chat fails,
// accounts close, time jumps; and what must always hold is looked for after each step, in the store and in the chat.
type stroll struct {
	*town
	t     *rapid.T
	saved *saving
	codes []casework.Code
	ids   []int64
	last  map[int64]casework.Case // as they were when all was looked at
	story []string

	acts    int
	down    bool            // the chat is
	closed  map[string]bool // whose account is
	kept    []waitingForm   // opened, not sent yet
	buttons []waitingButton // of the last answer
	done    map[string]int  // how often each command changed a case, over all walks
}

type (
	waitingForm struct {
		as, about string
		dialog    bot.Dialog
	}
	waitingButton struct{ as, label, ticket string }
)

// fromRapid is a test whose failing and tidying belong to one walk of rapid's.
type fromRapid struct {
	testing.TB
	walk *rapid.T
}

// Cleanup tidies when the walk ends, not when all have.
func (t fromRapid) Cleanup(f func()) { t.walk.Cleanup(f) }

// Error fails the walk.
func (t fromRapid) Error(args ...any) { t.walk.Error(args...) }

// Fatal fails the walk and ends it.
func (t fromRapid) Fatal(args ...any) { t.walk.Fatal(args...) }

// TestStroll walks a few dozen times; -rapid.checks makes it as many as one likes from each beginning. The walks begin before
// what is hard for a calendar: Christmas, Easter with summer time on its Sunday, and winter time.
func TestStroll(t *testing.T) {
	fewWalks(t, "8")
	done := make(chan map[string]int, 3)
	t.Run("from", func(t *testing.T) {
		for name, start := range map[string]time.Time{
			"Christmas": helsinkiTime(2026, 12, 22, 14, 30), "Easter": helsinkiTime(2027, 3, 18, 8, 50), "autumn": helsinkiTime(2027, 10, 21, 23, 40),
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				counts := map[string]int{}
				rapid.Check(t, func(r *rapid.T) { beginStroll(t, r, start, counts).wander(r) })
				done <- counts
			})
		}
	})
	close(done)
	all := map[string]int{}
	for counts := range done {
		for name, n := range counts {
			all[name] += n
		}
	}
	t.Logf("done: %v", all)
}

// fewWalks keeps to n walks from each beginning, unless the command line asks for another number.
func fewWalks(t *testing.T, n string) {
	t.Helper()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked {
		return
	}
	usual := flag.Lookup("rapid.checks").Value.String()
	if err := flag.Set("rapid.checks", n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := flag.Set("rapid.checks", usual); err != nil {
			t.Error(err)
		}
	})
}

func helsinkiTime(year, month, day, hour, minute int) time.Time {
	return time.Date(year, time.Month(month), day, hour, minute, 0, 0, casework.Helsinki)
}

func beginStroll(t *testing.T, r *rapid.T, start time.Time, done map[string]int) *stroll {
	t.Helper()
	s := &stroll{t: r, saved: newSaving(), closed: map[string]bool{}, done: done}
	s.town = newTown(fromRapid{t, r}, start, s.saved.watch)
	return s
}

// wander walks: first some way on in what cases wait for, then anything.
func (s *stroll) wander(r *rapid.T) {
	s.next()
	for range rapid.IntRange(4, 18).Draw(r, "head start") {
		s.next()
	}
	step := func(f func()) func(*rapid.T) { return func(t *rapid.T) { s.t = t; f() } }
	r.Repeat(map[string]func(*rapid.T){
		"": func(*rapid.T) {}, "next": step(s.next), "next again": step(s.next), "and again": step(s.next),
		"act": step(s.anyAct), "fitting act": step(s.fittingAct), "fitting again": step(s.fittingAct), "pass": step(func() { s.passTime() }),
		"meddle": step(s.meddle), "outage": step(s.outage), "account": step(s.account), "press": step(s.press), "late": step(s.sendLate),
	})
	s.endOutage()
	s.checkLogs()
}

// tell writes a line of the story.
func (s *stroll) tell(format string, args ...any) {
	at := s.county.clock.Now().In(casework.Helsinki).Format("Mon 2.1.2006 15.04.05")
	s.story = append(s.story, at+"  "+fmt.Sprintf(format, args...))
}

// fail ends the walk with what was found and how it came to that.
func (s *stroll) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("%s\n\nThe story:\n%s\n", fmt.Sprintf(format, args...), strings.Join(s.story, "\n"))
}

func (s *stroll) must(err error) {
	s.t.Helper()
	if err != nil {
		s.fail("error: %v", err)
	}
}

// chance is true once in n times.
func (s *stroll) chance(n int, label string) bool { return rapid.IntRange(1, n).Draw(s.t, label) == n }

func drawn[T any](s *stroll, label string, of ...T) T { return rapid.SampledFrom(of).Draw(s.t, label) }

// known is a case the walk is about, as it is now; ok is false while there is none.
func (s *stroll) known() (c casework.Case, ok bool) {
	if len(s.ids) == 0 {
		return c, false
	}
	i := len(s.ids) - 1 - min(len(s.ids)-1, drawn(s, "case", 0, 0, 0, 1, 1, 2))
	return s.read(s.ids[i]), true
}

// somebody has mostly something to do with the case.
func (s *stroll) somebody(c casework.Case) string {
	var near []string
	for _, p := range sandboxPeople {
		if len(c.Relations(s.personOf(p.Login))) > 0 {
			near = append(near, p.Login)
		}
	}
	if len(near) > 0 && !s.chance(4, "stranger") {
		return drawn(s, "who", near...)
	}
	return drawn(s, "anybody", everybody()...)
}

// personOf is a person as the rules know them.
func (s *stroll) personOf(login string) casework.Person {
	_, users, _ := sandboxDirectory()
	i := slices.IndexFunc(users, func(u casework.User) bool { return u.Login == login })
	p := users[i].Person
	p.Coordinator = slices.Contains(users[i].Roles, string(bot.Coordinator))
	p.Guest = slices.Contains(users[i].Roles, string(bot.Guest))
	return p
}
