package mattermost

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// hearing is a house that notes what it is told.
type hearing struct {
	mu     sync.Mutex
	rooms  []string
	asked  int
	told   []string
	failed int // so many times it can take nothing
	news   chan struct{}
}

func (h *hearing) OpenRooms(context.Context, string) ([]string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	return slices.Clone(h.rooms), nil
}

func (h *hearing) note(line string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failed > 0 {
		h.failed--
		return errors.New("the database is away")
	}
	h.told = append(h.told, line)
	close(h.news)
	h.news = make(chan struct{})
	return nil
}

// Came is noted as the drift that it is, and who came.
func (h *hearing) Came(_ context.Context, _, room, user string) error {
	return errors.Join(h.note("came "+room+" "+user), h.note("drift "+room))
}

func (h *hearing) RoomDrifted(_ context.Context, _, room string) error {
	return h.note("drift " + room)
}

// RoomsDrifted is noted for each room.
func (h *hearing) RoomsDrifted(context.Context, string) error {
	h.mu.Lock()
	rooms := slices.Clone(h.rooms)
	h.mu.Unlock()
	for _, room := range rooms {
		if err := h.note("drift " + room); err != nil {
			return err
		}
	}
	return nil
}

func (h *hearing) AccountChanged(_ context.Context, _, user string) error {
	return h.note("account " + user)
}

func (h *hearing) IdentitySaid(_ context.Context, _, room, user, _ string, valid, deleted bool) error {
	return h.note(fmt.Sprintf("identity %s %s valid=%t deleted=%t", room, user, valid, deleted))
}

var codeShape = regexp.MustCompile(`\d{6}[-A]\d{3}[0-9A-Y]`)

func (h *hearing) LooksIdentity(text string) (looks, valid bool) {
	return codeShape.MatchString(text), strings.Contains(text, validCode)
}

// Codes of the series that nobody is given; the second one's check symbol is wrong.
const (
	validCode   = "010150-999N"
	invalidCode = "010150-999A"
)

// hears waits until the house was told the line so many times in all.
func (h *hearing) hears(t *testing.T, line string, times int) {
	t.Helper()
	late := time.After(time.Minute)
	for {
		h.mu.Lock()
		n, news := 0, h.news
		for _, l := range h.told {
			if l == line {
				n++
			}
		}
		told := slices.Clone(h.told)
		h.mu.Unlock()
		if n >= times {
			return
		}
		select {
		case <-news:
		case <-late:
			t.Fatalf("the house was told %q, want %q %d times", told, line, times)
		}
	}
}

// never checks that no line told holds the words.
func (h *hearing) never(t *testing.T, words string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range h.told {
		if strings.Contains(l, words) {
			t.Errorf("the house was told %q", l)
		}
	}
}

// scene is a room with sanna in it, watched.
type scene struct {
	*chat
	t           *testing.T
	luotsi      *Mattermost
	house       *hearing
	room, sanna string
	log         *book
}

func newScene(t *testing.T) *scene {
	s := newChat(t)
	house := &hearing{news: make(chan struct{})}
	c := &scene{chat: s, t: t, house: house, sanna: s.Person("sanna"), log: &book{}}
	c.luotsi = s.luotsi(&notes{}, func(k *Config) { k.House, k.Log = house, slog.New(slog.NewTextHandler(c.log, nil)) })
	var err error
	if c.room, err = c.luotsi.OpenRoom(t.Context(), "luotsi-scene"); err != nil {
		t.Fatal(err)
	}
	if err := c.luotsi.Invite(t.Context(), c.room, c.sanna); err != nil {
		t.Fatal(err)
	}
	house.rooms = []string{c.room}
	return c
}

// watch watches until the test ends. When it returns, all that was missed has been read: what happens from then on is heard.
func (c *scene) watch(more ...func(*watcher)) {
	c.t.Helper()
	w := newWatcher(c.luotsi)
	w.pace = pace{
		again: time.Millisecond, most: 20 * time.Millisecond, ping: 50 * time.Millisecond, quiet: time.Minute,
		refresh: time.Millisecond, insist: time.Millisecond, every: time.Millisecond, back: time.Hour,
	}
	w.since = time.Now().Add(-w.back).UnixMilli()
	for _, do := range more {
		do(w)
	}
	c.Says("katri", c.ChannelNamed("jono"), "hei") // where nothing was said is not looked
	ctx, end := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); w.run(ctx) }()
	c.t.Cleanup(func() { end(); <-done })
	c.house.hears(c.t, "drift "+c.room, 1)
	last := "GET /channels/" + c.ChannelNamed("jono") + "/posts"
	for late := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		done := false
		c.Set(func() { done = slices.Contains(c.Calls, last) })
		if done {
			return
		}
		if time.Now().After(late) {
			c.t.Fatal("what was missed is not looked up")
		}
	}
}

func TestWatchTellsOfWhatPeopleChange(t *testing.T) {
	c := newScene(t)
	ville := c.Person("ville")
	c.Set(func() { c.Users[c.UserNamed("katri")].Admin = true })
	c.watch()
	path := "/channels/" + c.room
	for i, change := range []struct {
		what, who, method, path string
		body                    any
	}{
		{"add", "sanna", "POST", path + "/members", data{"user_id": ville}},
		{"remove", "sanna", "DELETE", path + "/members/" + ville, nil},
		{"rename", "sanna", "PUT", path + "/patch", data{"name": "other-name"}},
		{"publish", "katri", "PUT", path + "/privacy", data{"privacy": "O"}},
		{"archive", "sanna", "DELETE", path, nil},
		{"restore", "katri", "POST", path + "/restore", nil},
		{"evict", "sanna", "DELETE", path + "/members/" + c.Bot, nil},
	} {
		t.Log(change.what)
		c.Act(change.who, change.method, change.path, change.body, 200, 201)
		c.house.hears(t, "drift "+c.room, i+2)
	}
	c.house.never(t, "identity")
	c.house.hears(t, "came "+c.room+" "+ville, 1)
	c.house.never(t, "came "+c.room+" "+c.Bot)
}

func TestWatchMindsItsOwnRoomsOnly(t *testing.T) {
	c := newScene(t)
	c.watch()
	jono := c.ChannelNamed("jono")
	c.Act("katri", "POST", "/channels/"+jono+"/members", data{"user_id": c.sanna}, 201)
	other, _ := c.Act("katri", "POST", "/channels", data{"team_id": c.Team, "name": "muu", "display_name": "Muu", "type": "P"}, 201)["id"].(string)
	c.Act("katri", "POST", "/channels/"+other+"/members", data{"user_id": c.Bot}, 201)
	c.Says("katri", other, "tunnus "+validCode)
	if _, err := c.luotsi.Direct(t.Context(), c.sanna, "k", c.luotsi.sentence("fi", "busy", nil)); err != nil {
		t.Fatal(err)
	}
	c.Says("sanna", c.room, "tunnus "+invalidCode)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
	c.house.never(t, "identity "+jono)
	c.house.never(t, other)
	c.house.mu.Lock()
	defer c.house.mu.Unlock()
	if c.house.asked > 2 {
		t.Errorf("the house was asked %d times which rooms are open", c.house.asked)
	}
}

func TestWatchFindsARoomOpenedLater(t *testing.T) {
	c := newScene(t)
	c.watch()
	room, err := c.luotsi.OpenRoom(t.Context(), "luotsi-later")
	if err != nil {
		t.Fatal(err)
	}
	c.house.mu.Lock()
	c.house.rooms = append(c.house.rooms, room)
	c.house.mu.Unlock()
	if err := c.luotsi.Invite(t.Context(), room, c.sanna); err != nil {
		t.Fatal(err)
	}
	c.house.hears(t, "drift "+room, 1)
}

func TestWatchDoesNotAnswerItsOwnRemovals(t *testing.T) {
	c := newScene(t)
	c.watch()
	if err := c.luotsi.Remove(t.Context(), c.room, c.sanna); err != nil {
		t.Fatal(err)
	}
	if err := c.luotsi.Invite(t.Context(), c.room, c.sanna); err != nil {
		t.Fatal(err)
	}
	c.Says("sanna", c.room, "tunnus "+invalidCode) // heard last
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
	c.house.mu.Lock()
	defer c.house.mu.Unlock()
	if len(c.house.told) != 4 { // the second is the invitation's, told as a coming and a drift: nobody can tell whose it was
		t.Errorf("the house was told %q", c.house.told)
	}
}

func TestWatchConnectsAgainAndLooksUpWhatItMissed(t *testing.T) {
	c := newScene(t)
	c.watch()
	for n := range 3 {
		c.Drop()
		c.Set(func() { c.Down = true })
		c.house.hears(t, "drift "+c.room, n+1)
		c.Set(func() { c.Down = false })
		c.house.hears(t, "drift "+c.room, n+2)
	}
}

func TestWatchFindsAnIdentityWrittenMeanwhile(t *testing.T) {
	c := newScene(t)
	c.Says("sanna", c.room, "ennen "+invalidCode)
	c.watch()
	line := "identity " + c.room + " " + c.sanna + " valid=false deleted=false"
	c.house.hears(t, line, 1)
	c.Set(func() { c.Down = true })
	c.Drop()
	c.Set(func() { c.Down = false })
	c.Says("sanna", c.room, "katkon aikana "+invalidCode)
	c.house.hears(t, line, 2)
	c.Drop()
	c.house.hears(t, "drift "+c.room, 3)
	c.Says("sanna", c.room, "jälkeen "+invalidCode)
	c.house.hears(t, line, 3)
	c.house.mu.Lock()
	defer c.house.mu.Unlock()
	n := 0
	for _, l := range c.house.told {
		if l == line {
			n++
		}
	}
	if n != 3 {
		t.Errorf("three messages were told of %d times: %q", n, c.house.told)
	}
}

func TestWatchNoticesAGapInTheEvents(t *testing.T) {
	c := newScene(t)
	c.watch()
	c.LoseEvent()
	c.Says("sanna", c.room, "hei")
	c.house.hears(t, "drift "+c.room, 2)
}
