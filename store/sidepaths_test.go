package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/commands/casework"
	"luotsi/store"
)

func isNotKnown(err error) bool { return errors.Is(err, casework.ErrNotKnown) }

type acts []func(casework.Case) (casework.Case, error)

// A concern that takes a side path comes back as it was saved, after every act.
func TestSidePathsOfAConcernComeBackAsTheyWereSaved(t *testing.T) {
	step := start.Add(time.Hour)
	decision := casework.Decision{Target: "ngo", Ground: "shl40_client_agrees", Reason: secret, Guidance: secret}
	acknowledge := func(c casework.Case) (casework.Case, error) { return c.Acknowledge(person("paula"), step) }
	notify := func(c casework.Case) (casework.Case, error) {
		return c.Notify(person("ville"), casework.DutyNotice{Ground: "atl55_2", Facts: secret, Target: "ngo", ClientInformed: "yes"}, step)
	}
	w := newWorld(t)
	for name, do := range map[string]acts{
		"redirected": {acknowledge, notify, notify, func(c casework.Case) (casework.Case, error) {
			return c.Redirect(person("paula"), decision, step)
		}},
		"declined": {func(c casework.Case) (casework.Case, error) {
			return c.Decline(person("paula"), casework.Decision{Reason: "other", Guidance: secret}, step)
		}},
		"taken back": {acknowledge, func(c casework.Case) (casework.Case, error) { return c.TakeBack(step) }},
		"went back": {
			func(c casework.Case) (casework.Case, error) { return c.Take(person("paula"), step) },
			func(c casework.Case) (casework.Case, error) { return c.Return(secret, w.settings, step) },
			func(c casework.Case) (casework.Case, error) { return c.GoBack(w.settings, step.AddDate(0, 0, 14)) },
		},
	} {
		w.follow(w.raise(name, start), name, do)
	}
}

// follow carries the acts out; after each the case must read as it was saved.
func (w *world) follow(id int64, name string, do acts) {
	w.Helper()
	for i, act := range do {
		saved := w.act(id, start, act)
		if d := cmp.Diff(saved, w.read(id), sameCase); d != "" {
			w.Errorf("%s, act %d: saved and read differ:\n%s", name, i, d)
		}
	}
}

func TestSidePathsOfATeamComeBackAsTheyWereSaved(t *testing.T) {
	w := newWorld(t)
	step, katri := start.Add(time.Hour), person("katri")
	w.follow(w.together("team", start), "team", acts{
		func(c casework.Case) (casework.Case, error) {
			return c.BeAway(person("paula"), casework.AbsentCoordinator, katri, awayFrom, awayTo, step)
		},
		func(c casework.Case) (casework.Case, error) { return c.StandIn(katri, step) },
		func(c casework.Case) (casework.Case, error) { return c.Turn(awayFrom) },
		func(c casework.Case) (casework.Case, error) { return c.Turn(awayTo) },
		func(c casework.Case) (casework.Case, error) {
			return c.HandOver(person("paula"), person("sanna"), casework.Naming{Need: secret, Note: secret, ClientWish: true}, awayTo)
		},
		func(c casework.Case) (casework.Case, error) { return c.AcceptNaming(person("sanna"), awayTo) },
		func(c casework.Case) (casework.Case, error) { return c.Transfer(katri, secret, awayTo) },
		func(c casework.Case) (casework.Case, error) {
			return c.WithdrawPart(katri, casework.Withdrawal{By: "client", To: "katri", At: awayTo, Scope: "parties"}, []string{"KOTIHOITO-B"}, nil, awayTo)
		},
		func(c casework.Case) (casework.Case, error) { return c.Disable("sanna", awayTo) },
	})
}

// Two concerns about one client become one case, in one transaction.
func TestAMergedConcernPointsToItsCase(t *testing.T) {
	w := newWorld(t)
	first, second := w.together("first", start), w.raise("second", start.Add(time.Hour))
	var merged, joined casework.Case
	w.within(start, func(tx *store.Tx) error {
		into, err1 := tx.LockID(t.Context(), first)
		c, err2 := tx.LockID(t.Context(), second)
		var err3 error
		merged, joined, err3 = c.Merge(person("paula"), into, true, start.Add(2*time.Hour))
		if err := errors.Join(err1, err2, err3); err != nil {
			return err
		}
		return errors.Join(tx.Save(t.Context(), merged, nil), tx.Save(t.Context(), joined, nil))
	})
	for _, saved := range []casework.Case{merged, joined} {
		if d := cmp.Diff(saved, w.read(saved.ID), sameCase); d != "" {
			t.Errorf("saved and read differ:\n%s", d)
		}
	}
	if merged.MergedInto != newCode(t, "first") || len(joined.Linked) != 1 {
		t.Errorf("merged into %q, linked %v", merged.MergedInto, joined.Linked)
	}
	if w.sees("sanna", second) {
		t.Error("a merged concern is listed as open")
	}
}

// When the client refused is found anew each time: what somebody put into the case is not kept.
func TestAnEarlierRefusalIsNotStoredInTheCase(t *testing.T) {
	w := newWorld(t)
	id := w.raise("refused", start)
	w.act(id, start, func(c casework.Case) (casework.Case, error) {
		c.RefusedBefore = start
		return c.Take(person("paula"), start)
	})
	if c := w.read(id); !c.RefusedBefore.IsZero() {
		t.Errorf("refused before: %v", c.RefusedBefore)
	}
}

// A notification that was made stays as it was: the service cannot change it, its owner is stopped, the program is refused.
func TestNotificationsAreNeverChanged(t *testing.T) {
	w := newWorld(t)
	id := w.raise("notified", start)
	w.act(id, start, func(c casework.Case) (casework.Case, error) {
		return c.Notify(person("ville"), casework.DutyNotice{Ground: "atl55_2", Facts: secret, Target: "ngo", ClientInformed: "no_danger"}, start)
	})
	for _, statement := range []string{"update duty_notices set target = 'kela'", "delete from duty_notices", "truncate duty_notices"} {
		if _, err := w.DB().Exec(statement); !contains(err, "permission denied") {
			t.Errorf("the service: %s: %v", statement, err)
		}
		if err := w.asOwner(statement); !contains(err, "append-only") {
			t.Errorf("the owner: %s: %v", statement, err)
		}
	}
	before := w.read(id)
	err := w.Within(t.Context(), start, func(tx *store.Tx) error {
		c, err := tx.LockID(t.Context(), id)
		c.Revision++
		c.Duties[0].Facts = "other facts"
		return errors.Join(err, tx.Save(t.Context(), c, nil))
	})
	if broken(err) != "duty_notices_pkey" {
		t.Errorf("a notification was written anew: %v", err)
	}
	if d := cmp.Diff(before, w.read(id), sameCase); d != "" {
		t.Error(d)
	}
}
