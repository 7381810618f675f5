package slack

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// deafHouse cannot be told anything of identity codes a few times.
type deafHouse struct {
	*houseBook
	deaf atomic.Int32
}

func (h *deafHouse) IdentitySaid(ctx context.Context, platform, room, user, said string, valid, deleted bool) error {
	if h.deaf.Add(-1) >= 0 {
		return errors.New("the database is away")
	}
	return h.houseBook.IdentitySaid(ctx, platform, room, user, said, valid, deleted)
}

// overhears is Luotsi in a workspace with a room, started anew after what was said there.
func overhears(t *testing.T, before func(w *workspace, s *Slack, room, sanna string)) (w *workspace, s *Slack, house *deafHouse, room, sanna string) {
	t.Helper()
	w = newWorkspace(t, 1)
	house = &deafHouse{houseBook: &houseBook{w: w}}
	book := ledgerBook()
	with := func(c *Config) { c.House, c.Ledger, c.Log = house, book, slog.New(slog.DiscardHandler) }
	first := w.luotsi(book, with)
	sanna = w.person("sanna")
	room = w.room(first, "luotsi-abc", sanna)
	w.shut(first)
	before(w, first, room, sanna)
	s = w.stranger(with)
	s.out.insist = time.Millisecond
	t.Cleanup(func() { w.shut(s) })
	return w, s, house, room, sanna
}

func (h *deafHouse) hears(t *testing.T, want ...identitySaid) {
	t.Helper()
	var all []identitySaid
	eventually(t, "the house is told", func() bool {
		_, said := h.told()
		all = append(all, said...)
		return len(all) >= len(want)
	})
	if !slices.Equal(all, want) {
		t.Errorf("told %+v, want %+v", all, want)
	}
}

// looked waits until everything that may have been missed was looked through.
func (s *Slack) looked(t testing.TB) {
	t.Helper()
	eventually(t, "everything has been looked through", func() bool {
		s.out.past.mu.Lock()
		defer s.out.past.mu.Unlock()
		return !s.out.past.looking
	})
}

func TestWhatWasSaidMeanwhileIsLookedThrough(t *testing.T) {
	w, s, house, room, sanna := overhears(t, func(w *workspace, s *Slack, room, sanna string) {
		w.pageSize = 2
		w.do(func() { // longer ago than is looked back
			old := time.Now().Add(-25 * time.Hour)
			w.channels[room].messages = append(w.channels[room].messages, &wsMessage{ts: stampOf(old), user: sanna, text: testCode})
		})
		first := w.write(sanna, room, "hän on "+testCode)
		for range 5 {
			w.write(sanna, room, "hei")
		}
		w.do(func() {
			w.channels[room].messages = append(w.channels[room].messages,
				&wsMessage{ts: w.stamp(), user: w.bot, botID: w.botID, text: testCode},
				&wsMessage{ts: w.stamp(), user: sanna, text: "soita", thread: first},
				&wsMessage{ts: w.stamp(), user: sanna, text: wrongCode, thread: first})
		})
	})
	house.deaf.Store(5) // what could not be told is looked through again
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.lookBack(time.Now().Add(-2 * furthestBack))
	s.looked(t)
	_, said := house.told()
	slices.SortFunc(said, func(a, b identitySaid) int { return map[bool]int{true: -1}[a.valid] })
	if want := []identitySaid{{room: room, user: sanna, valid: true}, {room: room, user: sanna}}; !slices.Equal(said, want) {
		t.Errorf("told %+v, want %+v", said, want)
	}
	if n := w.count("conversations.history"); n < 6 {
		t.Errorf("%d pages: not all was looked through", n)
	}
}

// TestWhatSlackNeverDeliveredIsLookedThrough: after some tries Slack gives an event up, and nothing tells that it did.
func TestWhatSlackNeverDeliveredIsLookedThrough(t *testing.T) {
	w, s, house, room, sanna := overhears(t, func(*workspace, *Slack, string, string) {})
	s.out.every = 20 * time.Millisecond
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.looked(t)
	w.write(sanna, room, testCode)
	house.hears(t, identitySaid{room: room, user: sanna, valid: true})
	before := w.count("conversations.history")
	eventually(t, "it is looked again", func() bool { return w.count("conversations.history") > before+1 })
	if _, said := house.told(); len(said) > 0 {
		t.Errorf("told again: %+v", said)
	}
}

func TestAHouseThatIsAwayIsToldLater(t *testing.T) {
	for name, times := range map[string]int32{"a moment": 2, "longer": insistTimes + 2} {
		t.Run(name, func(t *testing.T) {
			w, s, house, room, sanna := overhears(t, func(*workspace, *Slack, string, string) {})
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.looked(t)
			before := w.count("conversations.history")
			w.watch = func(e map[string]any) { s.event(context.Background(), inner(t, e)) }
			house.deaf.Store(times)
			w.write(sanna, room, testCode)
			w.quiet()
			house.hears(t, identitySaid{room: room, user: sanna, valid: true})
			if backs := w.count("conversations.history") - before; backs > 0 != (times >= insistTimes) {
				t.Errorf("looked back %d times", backs)
			}
		})
	}
}

// TestWhatNoConnectionHeardIsLookedThrough: while none is open, Slack tells nobody.
func TestWhatNoConnectionHeardIsLookedThrough(t *testing.T) {
	w, s, house, room, sanna := overhears(t, func(*workspace, *Slack, string, string) {})
	s.cfg.AppToken = w.appToken
	plugged, err := New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := plugged.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	plugged.looked(t)
	house.told()
	w.write(sanna, room, testCode)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- plugged.Socket(ctx) }()
	defer func() { w.shut(plugged); cancel(); <-ended }()
	house.hears(t, identitySaid{room: room, user: sanna, valid: true})
}
