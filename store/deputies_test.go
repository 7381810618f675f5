package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"luotsi/commands/casework"
	"luotsi/store"
)

// The absence in these tests: away from the second day of the story for a week.
var (
	awayFrom = time.Date(2027, 2, 2, 0, 0, 0, 0, casework.Helsinki)
	awayTo   = time.Date(2027, 2, 9, 0, 0, 0, 0, casework.Helsinki)
)

// away asks the deputy to stand in for kaisa.
func (w *world) away(id int64, deputy string, at time.Time) {
	w.Helper()
	w.act(id, at, func(c casework.Case) (casework.Case, error) {
		return c.BeAway(person("kaisa"), casework.AbsentResponsible, person(deputy), awayFrom, awayTo, at)
	})
}

// sees reports whether the case is among those that concern the person.
func (w *world) sees(login string, id int64) (sees bool) {
	w.Helper()
	w.within(start, func(tx *store.Tx) error {
		cases, err := tx.Open(w.Context(), login, false)
		sees = slices.ContainsFunc(cases, func(c casework.Case) bool { return c.ID == id })
		return err
	})
	return sees
}

// A case is a deputy's from the question to the end of the absence, unless the answer is no: as the rules of care say.
func TestOpenListsWhatADeputyIsAskedFor(t *testing.T) {
	w := newWorld(t)
	id, step := w.together("deputy", start), start.Add(time.Hour)
	turn := func(at time.Time) func(casework.Case) (casework.Case, error) {
		return func(c casework.Case) (casework.Case, error) { return c.Turn(at) }
	}
	for _, s := range []struct {
		name string
		do   func(casework.Case) (casework.Case, error)
		sees bool
	}{
		{"asked", func(c casework.Case) (casework.Case, error) {
			return c.BeAway(person("kaisa"), casework.AbsentResponsible, deputy, awayFrom, awayTo, step)
		}, true},
		{"said no", func(c casework.Case) (casework.Case, error) { return c.NotStandIn(deputy, step) }, false},
		{"asked again", func(c casework.Case) (casework.Case, error) {
			return c.BeAway(person("kaisa"), casework.AbsentResponsible, deputy, awayFrom, awayTo, step)
		}, true},
		{"said yes", func(c casework.Case) (casework.Case, error) { return c.StandIn(deputy, step) }, true},
		{"acts", turn(awayFrom), true},
		{"ended", turn(awayTo), false},
	} {
		c := w.act(id, step, s.do)
		if sees := w.sees("katri", id); sees != s.sees {
			t.Errorf("%s: listed %v", s.name, sees)
		}
		if related := len(c.Relations(deputy)) > 0; related != s.sees {
			t.Errorf("%s: the rules of care say %v", s.name, related)
		}
		if !w.sees("kaisa", id) {
			t.Errorf("%s: no longer listed for who is away", s.name)
		}
	}
}

// deputy is katri, who has nothing else to do with the case.
var deputy = person("katri")

// Of an absence, too, people are as the directory has them now.
func TestPeopleOfAnAbsenceAreAsTheDirectoryHasThemNow(t *testing.T) {
	w := newWorld(t)
	id := w.together("moved", start)
	w.away(id, "katri", start.Add(time.Hour))
	moved := []casework.User{user("katri", "IAKKAAT", "professional"), user("kaisa", "ASIAKASOHJAUS", "professional", "coordinator")}
	if err := w.SeedDirectory(t.Context(), nil, moved, nil); err != nil {
		t.Fatal(err)
	}
	a := w.read(id).Absences[0]
	if a.Deputy != moved[0].Person || a.Person != moved[1].Person {
		t.Errorf("away %v, deputy %v", a.Person, a.Deputy)
	}
}

// A deputy who was asked and then no longer, and the next one, are saved by one act.
func TestAnotherDeputyTakesTheFirstOnesPlace(t *testing.T) {
	w := newWorld(t)
	id := w.together("two", start)
	step := start.Add(time.Hour)
	w.away(id, "katri", step)
	w.act(id, step, func(c casework.Case) (casework.Case, error) { return c.NotStandIn(deputy, step) })
	w.away(id, "sanna", step)
	c := w.read(id)
	if len(c.Absences) != 2 || c.Absences[0].State != casework.DeputyEnded || c.Absences[1].Deputy.Login != "sanna" {
		t.Errorf("absences %v", c.Absences)
	}
}

// An absence that begins in the moment at which the consent ends is not in its way, whichever of the two comes first.
func TestAnAbsenceMayBeginAsTheConsentEnds(t *testing.T) {
	for _, first := range []string{"absence", "consent"} {
		t.Run(first, func(t *testing.T) {
			w := newWorld(t)
			id, step := w.together("end", start), start.Add(time.Hour)
			end := w.read(id).Consent().End()
			beAway := func(of casework.AbsentRole, who, deputy string) func(casework.Case) (casework.Case, error) {
				return func(c casework.Case) (casework.Case, error) {
					c, err := c.BeAway(person(who), of, person(deputy), end, end.AddDate(0, 0, 7), step)
					if err != nil {
						return c, err
					}
					return c.StandIn(person(deputy), step)
				}
			}
			turn := func(c casework.Case) (casework.Case, error) { return c.Turn(end) }
			expire := func(c casework.Case) (casework.Case, error) { return c.Expire(end) }
			do := acts{
				beAway(casework.AbsentResponsible, "kaisa", "sanna"), beAway(casework.AbsentCoordinator, "paula", "katri"), turn, expire,
			}
			if first == "consent" {
				do[2], do[3] = expire, turn
			}
			w.follow(id, first, do)
		})
	}
}

func TestAnAccountIsClosedAndOpenedAgain(t *testing.T) {
	w := newWorld(t)
	for _, closed := range []bool{true, true, false} {
		w.within(start, func(tx *store.Tx) error {
			if err := tx.Disable(t.Context(), "sanna", closed, false); err != nil {
				return err
			}
			u, err := tx.User(t.Context(), "sanna")
			if _, found := tx.UserByAccount(t.Context(), "slack", "S2"); u.Disabled != closed || (found != nil) != closed {
				t.Errorf("closed %v: listed as %v, found by account: %v", closed, u.Disabled, found)
			}
			return err
		})
	}
	for _, closed := range []bool{true, false} { // by hand; opening forgets it
		w.within(start, func(tx *store.Tx) error {
			err := tx.Disable(t.Context(), "sanna", closed, true)
			u, err2 := tx.User(t.Context(), "sanna")
			if u.Held != closed || u.Disabled != closed {
				t.Errorf("closed %v by hand is %+v", closed, u)
			}
			return errors.Join(err, err2)
		})
	}
	w.within(start, func(tx *store.Tx) error {
		if err := tx.Disable(t.Context(), "nobody", true, false); !isNotKnown(err) {
			t.Errorf("nobody: %v", err)
		}
		u, err := tx.User(t.Context(), "ville")
		if u.Disabled {
			t.Error("another account was closed")
		}
		return err
	})
}
