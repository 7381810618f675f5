package slack

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/store"
	"luotsi/store/storetest"
)

// quick is how many times faster than the wall's the clock runs in tests that wait for Slack's rates.
const quick = 100

func TestPlatformKeepsItsPromises(t *testing.T) {
	storetest.Server(t) // stays when a promise has been tried
	bottest.Exercise(t, func(t *testing.T) bottest.Bench {
		w := newWorkspace(t, quick)
		w.pageSize = 3
		s := w.luotsi(ledger(t))
		return bottest.Bench{
			Platform: s, Users: []string{w.person("sanna"), w.person("paula"), w.person("ville")},
			Missing: "U9999999", NoRoom: "C9999999", ArchivedIsFinal: true,
			Sees: w.sees, Members: w.within,
			Disable: func(user string) { w.do(func() { w.users[user].deleted = true }) },
			Outage:  func(down bool) { w.do(func() { w.down = down }) },
			Rename: func(room, name string) {
				w.do(func() {
					ch := w.channels[room]
					ch.name, ch.topic, ch.purpose = name, "aihe", "tarkoitus"
				})
			},
			Named: func(room string) string {
				defer w.lock()()
				ch := w.channels[room]
				return ch.name + ch.topic + ch.purpose
			},
			Evict:       func(room string) { w.do(func() { w.leave(w.channels[room], w.bot) }) },
			LoseAnswers: func(n int) { w.do(func() { w.lose = n }) },
		}
	})
}

// within is who is in a channel, without Luotsi.
func (w *workspace) within(room string) []string {
	defer w.lock()()
	if w.channels[room] == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(w.channels[room].members), func(m string) bool { return m == w.bot })
}

// ledger is the real one, on PostgreSQL.
func ledger(t *testing.T) bot.Ledger {
	t.Helper()
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.ServiceURL(storetest.URL(t)), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// luotsi is Luotsi in the workspace, started, with nothing more to look through.
func (w *workspace) luotsi(l bot.Ledger, more ...func(*Config)) *Slack {
	w.t.Helper()
	s := w.stranger(append([]func(*Config){func(c *Config) { c.Ledger = l }}, more...)...)
	if err := s.Start(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	s.looked(w.t) // beside, so that calls can be counted
	return s
}

// stranger is Luotsi that has not started yet. Its rooms in use are those that it made and that are not closed in its own books.
func (w *workspace) stranger(more ...func(*Config)) *Slack {
	w.t.Helper()
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		w.t.Fatal(err)
	}
	c := Config{
		BotToken: w.botToken, SigningSecret: w.secret, APIURL: w.url(), BaseURL: "https://luotsi.example",
		Ledger: &saidBook{said: map[string]string{}}, Catalog: catalog, Now: w.clock.Now, Log: slog.New(slog.DiscardHandler), HTTP: w.client,
		Handle: func(context.Context, bot.Request) (bot.Answer, error) { return bot.Answer{}, nil },
		Lang:   func(context.Context, string) bot.Lang { return bot.FI },
		House:  &houseBook{w: w},
	}
	for _, do := range more {
		do(&c)
	}
	s, err := New(c)
	if err != nil {
		w.t.Fatal(err)
	}
	s.out.queue.clock = w.clock
	s.patient()
	for u := range s.out.queue.patience { // a busy machine is slow by the quick clock
		s.out.queue.patience[u] *= time.Duration(w.clock.times)
	}
	return s
}

// houseBook is a house that remembers what it was told of rooms.
type houseBook struct {
	w *workspace

	mu      sync.Mutex
	drifted []string
	came    []string // room and user
	said    []identitySaid
	asked   int
}

type identitySaid struct {
	room, user     string
	valid, deleted bool
}

// OpenRooms are the channels that Luotsi made: what was closed meanwhile the house does not know yet.
func (h *houseBook) OpenRooms(context.Context, string) (rooms []string, err error) {
	h.mu.Lock()
	h.asked++
	h.mu.Unlock()
	defer h.w.lock()()
	for id, ch := range h.w.channels {
		if ch.creator == h.w.bot {
			rooms = append(rooms, id)
		}
	}
	return rooms, nil
}

// Came is noted as the drift that it is, and who came.
func (h *houseBook) Came(ctx context.Context, platform, room, user string) error {
	h.mu.Lock()
	h.came = append(h.came, room+" "+user)
	h.mu.Unlock()
	return h.RoomDrifted(ctx, platform, room)
}

func (h *houseBook) RoomDrifted(_ context.Context, _, room string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drifted = append(h.drifted, room)
	return nil
}

// RoomsDrifted is noted for each room.
func (h *houseBook) RoomsDrifted(ctx context.Context, platform string) error {
	rooms, err := h.OpenRooms(ctx, platform)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drifted = append(h.drifted, rooms...)
	return err
}

func (h *houseBook) IdentitySaid(_ context.Context, _, room, user, _ string, valid, deleted bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said = append(h.said, identitySaid{room, user, valid, deleted})
	return nil
}

// LooksIdentity is the house's own in production; a made-up sign is enough here.
func (h *houseBook) LooksIdentity(text string) (looks, valid bool) {
	return looksCode(text)
}

// told is what the house was told since it was last asked for.
func (h *houseBook) told() (drifted []string, said []identitySaid) {
	h.mu.Lock()
	defer h.mu.Unlock()
	drifted, said = h.drifted, h.said
	h.drifted, h.said = nil, nil
	return drifted, said
}
