package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"luotsi/commands/casework"
)

// TestOneBadCaseDoesNotStopTime: of two consents that end, the first is of a case that cannot be read any more; the other ends, and
// when the first can be read again it ends too.
func TestOneBadCaseDoesNotStopTime(t *testing.T) {
	k := newTalk(t)
	k.run("first suostumus\n")
	bad := k.codes["A"]
	k.run(`sanna: huoli
  own_view = Haluaisin, että asiat sovitaan yhdessä.
  basis = shl35_1_client_agrees
  identity_name = Testi-Onni Esimerkki
  identity_code = 120281-904D
  criteria = many_contacts
B is the code
paula: ota {B}
paula: aloita {B}
  client_group = older
  use_profile = both
paula: suostumus pyydä {B}
  informed_on = tänään
  informed_how = in_person
paula: suostumus kirjaa {B}
  form = written_signed
  parties = SOTE-KESKUS-A
  categories = contact_details
room of {B}: paula
`)
	c := k.town.county
	spoil := func() {
		t.Helper()
		const upsideDown = `update concerns set own_view = (select string_agg(substring(own_view from n for 1), '' order by n desc)
			from generate_series(1, length(own_view)) n) where case_id = (select id from cases where code = $1)`
		if r, err := c.owner.ExecContext(t.Context(), upsideDown, bad); err != nil {
			t.Fatal(err)
		} else if n, err := r.RowsAffected(); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	if err := c.goTo(t.Context(), time.Date(2028, 2, 2, 23, 0, 0, 0, casework.Helsinki)); err != nil {
		t.Fatal(err)
	}
	spoil()
	if err := c.jobs.Stop(t.Context()); err != nil { // no sweep beside this test's own
		t.Fatal(err)
	}
	if err := c.clock.Set(t.Context(), time.Date(2028, 2, 3, 0, 0, 0, 0, casework.Helsinki)); err != nil {
		t.Fatal(err)
	}
	_, err := c.house.SweepDue(t.Context())
	if err == nil || strings.Count(err.Error(), "of case") != 1 {
		t.Errorf("of the case that cannot be read the sweep tells %v", err)
	}
	if err := c.jobs.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	k.settle()
	var again int
	err = c.owner.QueryRowContext(t.Context(), `select count(*) from river_job where kind in ('sweep', 'patrol') and max_attempts > 1`).Scan(&again)
	if again > 0 || err != nil {
		t.Errorf("%d sweeps would be tried again beside those that come by themselves: %v", again, err)
	}
	k.run("room of {B}: archived\nroom of {A}: paula\n")
	spoil()
	k.settle()
	if _, err := c.house.SweepDue(t.Context()); err != nil {
		t.Error(err)
	}
	k.settle()
	k.run("room of {A}: archived\n")
}
