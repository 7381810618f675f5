package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/store"
)

// jam holds a case by a connection of its own, while people ask about it.
type jam struct {
	t    *testing.T
	k    *talk
	ask  sync.WaitGroup
	mu   sync.Mutex
	said []string // refusal, "" or error of every request that has ended
	free func()
}

func newJam(t *testing.T, k *talk) *jam {
	t.Helper()
	j := &jam{t: t, k: k}
	tx, err := k.town.county.owner.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), `select 1 from cases where code = $1 for update`, k.codes["B"])
	}
	if err != nil {
		t.Fatal(err)
	}
	j.free = sync.OnceFunc(func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
		j.ask.Wait()
	})
	t.Cleanup(j.free)
	return j
}

// asks has a person ask about the case so many times at once.
func (j *jam) asks(login string, times int) {
	c := j.k.town.county
	for i := range times {
		j.ask.Go(func() {
			answer, err := c.handle(context.WithoutCancel(j.t.Context()), bot.Request{
				ID: fmt.Sprint(login, i), Platform: "sandbox", User: login, Place: bot.Place{Kind: bot.InDirect}, At: c.clock.Now(), Text: "asia " + j.k.codes["B"],
			})
			said := refused(answer)
			if err != nil {
				said = err.Error()
			}
			j.mu.Lock()
			defer j.mu.Unlock()
			j.said = append(j.said, said)
		})
	}
}

// ended waits until so many requests have ended, and so many wait for the case.
func (j *jam) ended(requests, wait int) []string {
	j.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		var n int
		err := j.k.town.county.owner.QueryRowContext(j.t.Context(), `select count(*) from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock' and query like '%cases%for update%'`).Scan(&n)
		if err != nil {
			j.t.Fatal(err)
		}
		j.mu.Lock()
		said := slices.Clone(j.said)
		j.mu.Unlock()
		if len(said) == requests && n == wait {
			return said
		}
		if time.Now().After(end) {
			j.t.Fatalf("%d requests ended, %d wait: %q", len(said), n, said)
		}
	}
}

// jammed is a county in which case A has a room, and case B is held.
func jammed(t *testing.T) (*talk, *jam) {
	k := newTalk(t)
	k.run(`first tiimi
sanna: huoli
  basis = shl35_1_client_agrees
  identity_name = Toinen Esimerkki
  identity_contact = Testikatu 2
  criteria = many_contacts
B is the code
`)
	return k, newJam(t, k)
}

// Somebody who does not belong there is put into case A's room by hand, and it is made right.
const roomIsLookedAfter = `kaisa adds mika to the room of {A}
room of {A}: paula, ville, kaisa
`

// TestOnePersonCannotStopTheHouse: somebody asks about one case again and again while it is held. The fifth and later requests are
// told to come again; another person, and what Luotsi does by itself, get through.
func TestOnePersonCannotStopTheHouse(t *testing.T) {
	k, j := jammed(t)
	j.asks("paula", 40)
	if said := j.ended(36, 4); slices.ContainsFunc(said, func(s string) bool { return s != "busy" }) {
		t.Errorf("answered %q", said)
	}
	k.run("ville: asia {A}\n" + roomIsLookedAfter)
	j.free()
	said := j.ended(40, 0)
	if n := len(slices.DeleteFunc(said, func(s string) bool { return s == "busy" })); n != 4 {
		t.Errorf("%d were answered in the end", n)
	}
}

// TestManyPeopleCannotStopTheJobs: however many wait for a case, what Luotsi does by itself gets through.
func TestManyPeopleCannotStopTheJobs(t *testing.T) {
	k, j := jammed(t)
	people := everybody()
	if 4*len(people) < 2*store.ForRequests {
		t.Fatal("too few people")
	}
	for _, login := range people {
		j.asks(login, 4)
	}
	j.ended(4*len(people)-store.ForRequests, store.ForRequests)
	k.run(roomIsLookedAfter)
}

// TestALinkWaitsForItsTurn: who the client is takes a turn like anything else, and a link that found none is still unspent.
func TestALinkWaitsForItsTurn(t *testing.T) {
	k := newTalk(t)
	k.run("first tiimi\n")
	h := k.town.county.house
	sealed, err := h.Tickets.Seal(bot.Ticket{
		Kind: bot.LinkTicket, Command: "client.reveal", Code: k.codes["A"], Person: "ville", Args: map[string]string{"purpose": "prepare_meeting"},
		Expires: h.Now().Add(bot.LinkLife),
	})
	if err != nil {
		t.Fatal(err)
	}
	var leave func()
	for range 4 {
		leave, _ = h.Turns.Take(t.Context(), "ville")
	}
	if _, clients, err := openClients(h)(t.Context(), sealed); !errors.Is(err, errBusy) || len(clients) > 0 {
		t.Errorf("opened while four are under way: %v", err)
	}
	leave()
	if _, clients, err := openClients(h)(t.Context(), sealed); err != nil || len(clients) != 1 {
		t.Errorf("%d clients: %v", len(clients), err)
	}
}
