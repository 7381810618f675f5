package slack

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"luotsi/bot"
)

// room opens a room with people in it.
func (w *workspace) room(s *Slack, name string, people ...string) string {
	w.t.Helper()
	room, err := s.OpenRoom(w.t.Context(), name)
	for _, p := range people {
		err = errors.Join(err, s.Invite(w.t.Context(), room, p))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return room
}

func TestARoomIsPrivateAndNeutral(t *testing.T) {
	w := newWorkspace(t, quick)
	room := w.room(w.luotsi(ledgerBook()), "luotsi-abc")
	ch := w.channels[room]
	if !ch.private || ch.name != "luotsi-abc" || ch.topic+ch.purpose != "" || !slices.Equal(ch.members, []string{w.bot}) {
		t.Errorf("%+v", ch)
	}
}

func TestNamesThatSlackDoesNotTakeAreNotTried(t *testing.T) {
	w := newWorkspace(t, quick)
	s := w.luotsi(ledgerBook())
	for _, name := range []string{"", "Luotsi", "luotsi åå", "luotsi.a", strings.Repeat("a", 81)} {
		if _, err := s.OpenRoom(t.Context(), name); !errors.Is(err, bot.ErrPermanent) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if n := w.count("conversations.create"); n != 0 {
		t.Errorf("%d calls", n)
	}
}

func TestSomebodyElsesChannelIsNotTaken(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	w.do(func() {
		w.channels["C1"] = &wsChannel{id: "C1", name: "luotsi-abc", creator: sanna, private: true, members: []string{sanna, w.bot}}
	})
	if _, err := s.OpenRoom(t.Context(), "luotsi-abc"); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error %v", err)
	}
}

func TestOwnRoomIsFoundAmongMany(t *testing.T) {
	w := newWorkspace(t, quick)
	w.pageSize = 2
	s := w.luotsi(ledgerBook())
	for i := range 7 {
		w.do(func() {
			id := fmt.Sprintf("C%d", i)
			w.channels[id] = &wsChannel{id: id, name: fmt.Sprintf("luotsi-%d", i), creator: w.bot, private: true, members: []string{w.bot}}
		})
	}
	if room, err := s.OpenRoom(t.Context(), "luotsi-6"); err != nil || room != "C6" {
		t.Errorf("%q %v", room, err)
	}
}

func TestWhoMayNotComeInIsToldApart(t *testing.T) {
	w := newWorkspace(t, quick)
	s := w.luotsi(ledgerBook())
	guest, gone, sanna := w.person("guest"), w.person("gone"), w.person("sanna")
	w.do(func() { w.users[guest].guest, w.users[gone].deleted = true, true })
	room := w.room(s, "luotsi-abc", sanna, sanna)
	for user, want := range map[string]error{guest: bot.ErrPermanent, gone: bot.ErrGone, "U404": bot.ErrGone, w.bot: bot.ErrPermanent} {
		if err := s.Invite(t.Context(), room, user); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", user, err, want)
		}
	}
	w.do(func() { w.fail["conversations.invite"] = "cant_invite" }) // a working account that Slack does not want there
	if err := s.Invite(t.Context(), room, w.person("ville")); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error %v", err)
	}
	if got := w.within(room); !slices.Equal(got, []string{sanna}) {
		t.Errorf("the room holds %q", got)
	}
}

// TestNobodyIsBelievedToBeOutWhoIsIn: not_in_channel may be said of Luotsi or of the person.
func TestNobodyIsBelievedToBeOutWhoIsIn(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	for _, code := range []string{"not_in_channel", "user_not_found"} {
		w.do(func() { w.fail["conversations.kick"] = code })
		var later *bot.RetryError
		if err := s.Remove(t.Context(), room, sanna); !errors.As(err, &later) {
			t.Errorf("%s: %v, want to try again", code, err)
		}
	}
	if err := s.Remove(t.Context(), room, sanna); err != nil || len(w.within(room)) > 0 {
		t.Errorf("%v, the room holds %q", err, w.within(room))
	}
	if err := s.Remove(t.Context(), room, "U404"); err != nil {
		t.Errorf("nobody: %v", err)
	}
	w.do(func() { w.leave(w.channels[room], w.bot) })
	w.do(func() { w.fail["conversations.kick"] = "not_in_channel" })
	if err := s.Remove(t.Context(), room, sanna); !errors.Is(err, bot.ErrOutside) {
		t.Errorf("put out: %v", err)
	}
}

// TestNoRoomIsArchivedWithSomebodyInIt: who is in an archived channel can read it for ever.
func TestNoRoomIsArchivedWithSomebodyInIt(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna, ville := w.luotsi(ledgerBook()), w.person("sanna"), w.person("ville")
	room := w.room(s, "luotsi-abc", sanna, ville)
	w.do(func() { w.fail["conversations.kick"] = "restricted_action" })
	if err := s.Archive(t.Context(), room); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error %v", err)
	}
	if ch := w.channels[room]; ch.archived || len(w.within(room)) != 1 {
		t.Errorf("archived %v with %q in it", ch.archived, w.within(room))
	}
	w.do(func() { w.lose = 2 }) // the answers to a removal and to the archiving
	var err error
	for range 3 {
		if err = s.Archive(t.Context(), room); err == nil {
			break
		}
	}
	if err != nil || !w.channels[room].archived || len(w.within(room)) > 0 {
		t.Errorf("%v, archived %v, holds %q", err, w.channels[room].archived, w.within(room))
	}
	if err := s.Remove(t.Context(), room, sanna); err != nil {
		t.Errorf("nobody is left to remove: %v", err)
	}
}

// TestARoomThatWasLostIsNotOneThatWasClosed: a room the house does not know, one it knows, and the coordinators' channel look alike
// to Luotsi when it is in none of them.
func TestARoomThatWasLostIsNotOneThatWasClosed(t *testing.T) {
	w := newWorkspace(t, quick)
	w.do(func() {
		w.channels["C1"] = &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{w.bot}}
	})
	s := w.luotsi(ledgerBook(), func(c *Config) { c.Queue = "C1" })
	room := w.room(s, "luotsi-abc")
	w.do(func() { w.leave(w.channels[room], w.bot); w.leave(w.channels["C1"], w.bot) })
	for id, want := range map[string]error{room: bot.ErrOutside, "C1": bot.ErrOutside, "C404": bot.ErrGone} {
		if _, err := s.Post(t.Context(), id, "k", said("hei")); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", id, err, want)
		}
	}
}

// TestARoomMadePublicIsGone: by its answers, or because Luotsi may do nothing in public channels. The house then opens another.
func TestARoomMadePublicIsGone(t *testing.T) {
	for name, scopes := range map[string][]string{"not allowed there": nil, "allowed there": {"channels:read", "channels:manage"}} {
		t.Run(name, func(t *testing.T) {
			w := newWorkspace(t, quick)
			w.scopes = append(w.scopes, scopes...)
			s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
			room := w.room(s, "luotsi-abc", sanna)
			w.do(func() { w.channels[room].private = false })
			if _, err := s.Restore(t.Context(), room, "luotsi-abc"); !isGone(err) {
				t.Errorf("restoring: %v", err)
			}
			if scopes == nil {
				if _, err := s.Members(t.Context(), room); !isGone(err) {
					t.Errorf("members: %v", err)
				}
				return
			}
			if err := s.Archive(t.Context(), room); err != nil || !w.channels[room].archived || len(w.within(room)) > 0 {
				t.Errorf("%v, archived %v, holds %q", err, w.channels[room].archived, w.within(room))
			}
		})
	}
	w := newWorkspace(t, quick)
	s := w.luotsi(ledgerBook())
	room := w.room(s, "luotsi-abc")
	w.do(func() { w.fail["conversations.info"] = "method_not_supported_for_channel_type" })
	if _, err := s.Restore(t.Context(), room, "luotsi-abc"); !isGone(err) {
		t.Errorf("another type: %v", err)
	}
	w.do(func() { w.scopes = nil })
	if _, err := s.Restore(t.Context(), room, "luotsi-abc"); isGone(err) || !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("a permission that is lacking is no public channel: %v", err)
	}
}

// TestARoomSharedWithAnotherOrganisationIsGone: by Slack Connect, or while the others have not answered yet. One that workspaces of the
// same organisation share is no such room.
func TestARoomSharedWithAnotherOrganisationIsGone(t *testing.T) {
	w := newWorkspace(t, quick)
	w.do(func() {
		w.channels["C1"] = &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{w.bot}}
	})
	s := w.luotsi(ledgerBook(), func(c *Config) { c.Queue = "C1" })
	room := w.room(s, "luotsi-abc", w.person("sanna"))
	for how, want := range map[string]error{"is_ext_shared": bot.ErrGone, "is_pending_ext_shared": bot.ErrGone, "is_org_shared": nil} {
		w.do(func() { w.channels[room].shared, w.channels["C1"].shared = how, how })
		if _, err := s.Restore(t.Context(), room, "luotsi-abc"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", how, err, want)
		}
		if err := s.QueueReady(t.Context()); errors.Is(err, bot.ErrOutside) != (want != nil) {
			t.Errorf("the coordinators' channel, %s: %v", how, err)
		}
	}
	w.do(func() { w.channels[room].shared = "is_ext_shared" })
	if err := s.Archive(t.Context(), room); err != nil || !w.channels[room].archived || len(w.within(room)) > 0 {
		t.Errorf("%v, archived %v, holds %q", err, w.channels[room].archived, w.within(room))
	}
}

// TestStartGoesOnWithoutTheCoordinatorsChannel: withdrawals and reminders wait for nobody to mend it. It is said at once.
func TestStartGoesOnWithoutTheCoordinatorsChannel(t *testing.T) {
	for says, spoil := range map[string]func(w *workspace){
		"write /invite @Luotsi there":                          func(w *workspace) { w.channels["C1"].members = nil },
		"(LUOTSI_SLACK_COORDINATOR_CHANNEL, the channel's id)": func(w *workspace) { delete(w.channels, "C1") },
		"make it private":                                      func(w *workspace) { w.channels["C1"].private = false },
	} {
		w, _ := checkup(t)
		w.do(func() { spoil(w) })
		log := &bytes.Buffer{}
		s := w.luotsi(ledgerBook(), func(c *Config) { c.Queue, c.Log = "C1", slog.New(slog.NewTextHandler(log, nil)) })
		if err := s.QueueReady(t.Context()); !errors.Is(err, bot.ErrOutside) || !strings.Contains(log.String(), says) {
			t.Errorf("the channel: %v; the log says %q, want %q", err, log, says)
		}
		w.do(func() {
			w.channels["C1"] = &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{w.bot}}
		})
		if err := s.QueueReady(t.Context()); err != nil {
			t.Errorf("mended: %v", err)
		}
	}
}

func TestProfileTellsGuests(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna, guest := w.luotsi(ledgerBook()), w.person("sanna"), w.person("guest")
	w.do(func() { w.users[guest].guest = true })
	want := bot.Profile{User: sanna, Login: "sanna", Name: "Sanna Testaaja", Email: "sanna@luotsi.example", Proven: true, Enabled: true}
	if p, err := s.Profile(t.Context(), sanna); err != nil || p != want {
		t.Errorf("%+v %v", p, err)
	}
	if p, err := s.UserByEmail(t.Context(), "sanna@luotsi.example"); err != nil || p != want {
		t.Errorf("by e-mail %+v %v", p, err)
	}
	if p, err := s.Profile(t.Context(), guest); err != nil || !p.Guest {
		t.Errorf("%+v %v", p, err)
	}
	if _, err := s.UserByEmail(t.Context(), "kukaan@luotsi.example"); !isGone(err) {
		t.Errorf("error %v", err)
	}
}
