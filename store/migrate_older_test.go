package store_test

import (
	_ "embed"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

//go:embed testdata/version_8.sql
var version8 string

// migrated is the world of an installation of an older version, after it was brought to this one.
func migrated(t *testing.T, name string, version int64, seed string) *world {
	t.Helper()
	url := emptyDatabase(t, name)
	if err := store.MigrateTo(t.Context(), url, version); err != nil {
		t.Fatal(err)
	}
	if _, err := storetest.Connect(t, url).Exec(seed); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), url, store.MigrateOptions{}); err != nil {
		t.Fatal(err)
	}
	return worldIn(t, url, newKeys(t))
}

// What an older version stored is there as it was, and goes on by the rules of this one.
func TestCasesOfVersion8GoOn(t *testing.T) {
	w := migrated(t, "version_8", 8, version8)
	ids := map[casework.State]int64{}
	for id := range int64(9) {
		c := w.read(id + 1)
		ids[c.State] = c.ID
		added := casework.Case{
			Concern:  casework.Concern{AcknowledgedAt: c.Concern.AcknowledgedAt, AcknowledgedBy: c.Concern.AcknowledgedBy, Decision: c.Concern.Decision},
			Absences: c.Absences, Duties: c.Duties, MergedInto: c.MergedInto, Linked: c.Linked, TransferNote: c.TransferNote,
		}
		if d := cmp.Diff(casework.Case{}, added, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s has got something new:\n%s", c.State, d)
		}
	}
	if len(ids) != 9 {
		t.Errorf("states %v", ids)
	}
	active := w.read(ids[casework.Active])
	if rw, ok := active.ResponsibleWorker(); !ok || rw.Person.Login != "kaisa" || rw.ClientWish || rw.Note != "" || len(active.Coming()) != 1 {
		t.Errorf("responsible worker %v, meetings %v", rw, active.Coming())
	}
	for state := range ids {
		if listed := w.sees("paula", ids[state]); listed != (state.Open() && state != casework.Submitted) {
			t.Errorf("%s is listed as open: %v", state, listed)
		}
	}
	w.oldCaseGoesOn(ids)
}

func (w *world) oldCaseGoesOn(ids map[casework.State]int64) {
	w.Helper()
	from := time.Date(2027, 2, 2, 0, 0, 0, 0, casework.Helsinki)
	w.follow(ids[casework.Active], "active", acts{
		func(c casework.Case) (casework.Case, error) {
			return c.BeAway(person("kaisa"), casework.AbsentResponsible, person("sanna"), from, from.AddDate(0, 0, 7), start.Add(time.Hour))
		},
		func(c casework.Case) (casework.Case, error) { return c.StandIn(person("sanna"), start.Add(time.Hour)) },
		func(c casework.Case) (casework.Case, error) { return c.Turn(from) },
		func(c casework.Case) (casework.Case, error) {
			return c.Withdraw(person("paula"), casework.Withdrawal{By: "client"}, from.Add(time.Hour))
		},
	})
	for _, state := range []casework.State{casework.Active, casework.Paused} {
		w.within(start, func(tx *store.Tx) error {
			rooms, err := tx.Rooms(w.Context(), ids[state])
			if err != nil || len(rooms) != 1 || rooms[0].Archived {
				w.Fatalf("rooms of the %s case: %v, %v", state, rooms, err)
			}
			rooms[0].Archived = true
			return tx.SaveRoom(w.Context(), rooms[0])
		})
	}
}
