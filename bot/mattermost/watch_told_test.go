package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// identitySaid is what the house is told of Sanna.
func (c *scene) identitySaid(channel string, valid, deleted bool) string {
	return fmt.Sprintf("identity %s %s valid=%t deleted=%t", channel, c.sanna, valid, deleted)
}

// alone is the channel in which Sanna is alone with Luotsi.
func (c *scene) alone() string {
	c.t.Helper()
	id, _ := c.Act("sanna", "POST", "/channels/direct", []string{c.sanna, c.Bot}, 201)["id"].(string)
	return id
}

// An identity is minded wherever Luotsi reads, both as it is said and when it was said while Luotsi was away.
func TestAnIdentityIsMindedAlsoByTheCoordinatorsAndByLuotsi(t *testing.T) {
	c := newScene(t)
	queue, alone := c.ChannelNamed("jono"), c.alone()
	c.Act("katri", "POST", "/channels/"+queue+"/members", data{"user_id": c.sanna}, 201)
	for n := range 2 {
		for _, channel := range []string{queue, alone} {
			c.Says("sanna", channel, "hän on "+validCode)
		}
		if n == 0 {
			c.watch()
		}
		for _, channel := range []string{queue, alone} {
			c.house.hears(t, c.identitySaid(channel, true, false), n+1)
		}
	}
}

func TestAnIdentityIsFoundWhereverItIsWritten(t *testing.T) {
	c := newScene(t)
	c.watch()
	for n, post := range []data{
		{"channel_id": c.room, "message": "liitteenä", "file_ids": []string{c.File("lähete " + invalidCode + ".pdf")}},
		{"channel_id": c.room, "message": "", "props": data{"attachments": []data{{"text": "hän on " + invalidCode}}}},
		{"channel_id": c.room, "message": "", "props": data{"attachments": []data{{"fields": []data{{"title": "tunnus", "value": invalidCode}}}}}},
	} {
		c.Act("sanna", "POST", "/posts", post, 201)
		c.house.hears(t, c.identitySaid(c.room, false, false), n+1)
	}
}

// What the house could not take is told when it can, also when the message was taken away meanwhile and Luotsi started anew.
func TestWhatTheHouseCouldNotTakeIsNotForgotten(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.MayDelete = true })
	w := newWatcher(c.luotsi)
	w.insist = time.Microsecond
	root := c.Says("sanna", c.room, "hän on "+validCode)
	c.Act("sanna", "POST", "/posts", data{"channel_id": c.room, "root_id": root, "message": "vastaus"}, 201)
	c.house.failed = 1 + insistTimes // the room is told of at the second try
	if err := w.lookBack(t.Context()); err != nil || !w.behind || w.since != 0 {
		t.Errorf("error %v, behind %t, since %d", err, w.behind, w.since)
	}
	c.house.never(t, "identity")
	if c.house.failed != 1 {
		t.Fatalf("the house was asked in vain %d times less than planned", c.house.failed)
	}
	for range 3 {
		w = newWatcher(c.luotsi)
		w.insist = time.Microsecond
		if err := w.lookBack(t.Context()); err != nil || w.behind || w.since == 0 {
			t.Errorf("error %v, behind %t, since %d", err, w.behind, w.since)
		}
	}
	n := 0
	for _, l := range c.house.told {
		if l == c.identitySaid(c.room, true, true) {
			n++
		}
	}
	if n != 1 || len(c.house.told) != 1 {
		t.Errorf("the house was told %q", c.house.told)
	}
}

// The same while the connection holds: no new one is needed.
func TestWhatTheHouseCouldNotTakeIsToldWhenItCan(t *testing.T) {
	c := newScene(t)
	c.watch()
	c.house.mu.Lock()
	c.house.failed = 3 * insistTimes
	c.house.mu.Unlock()
	c.Says("sanna", c.room, "tunnus "+invalidCode)
	c.house.hears(t, c.identitySaid(c.room, false, false), 1)
}

// held fails the test when something is asked of the chat while the ledger is held.
type held struct {
	notes
	c *scene
}

func (h *held) Once(ctx context.Context, platform, key string, say func(time.Time) (string, error)) (string, error) {
	return h.notes.Once(ctx, platform, key, func(at time.Time) (string, error) {
		before := h.c.asked()
		message, err := say(at)
		if h.c.asked() != before {
			h.c.t.Errorf("the chat was asked while the ledger was held")
		}
		return message, err
	})
}

func (c *scene) asked() (n int) {
	c.Set(func() { n = len(c.Calls) })
	return n
}

func TestNothingIsTakenAwayWhileTheLedgerIsHeld(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.MayDelete = true })
	c.luotsi.cfg.Ledger = &held{c: c}
	c.Says("sanna", c.room, "hän on "+validCode)
	if err := newWatcher(c.luotsi).lookBack(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.house.hears(t, c.identitySaid(c.room, true, true), 1)
}

// nowhere is a network without anybody.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) { return nil, errTest }

// However often the connection breaks, the rooms are told of once in a while only, and then they are.
func TestAFlappingConnectionDoesNotBurdenTheHouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		house := &hearing{news: make(chan struct{}), rooms: []string{idOf("room")}}
		w := newWatcher(newQuiet(t, func(c *Config) { c.House, c.HTTP = house, &http.Client{Transport: nowhere{}} }))
		for range 30 {
			w.unswept = true                                              // a new connection
			if err := w.lookBack(t.Context()); !errors.Is(err, errTest) { // after the rooms
				t.Error(err)
			}
			time.Sleep(time.Second)
		}
		if len(house.told) != 1 {
			t.Errorf("told %q in half a minute", house.told)
		}
		wait, owes := w.owes()
		if !owes || wait != 30*time.Second {
			t.Errorf("owes %t, in %v", owes, wait)
		}
		time.Sleep(wait)
		if err := w.lookBack(t.Context()); !errors.Is(err, errTest) {
			t.Error(err)
		}
		if _, owes := w.owes(); owes || len(house.told) != 2 {
			t.Errorf("told %q after a minute", house.told)
		}
	})
}

// After a connection that was lost soon, the rooms are told of all the same, while the next one holds.
func TestWhatMayNotBeToldYetIsToldLater(t *testing.T) {
	c := newScene(t)
	c.watch(func(w *watcher) { w.every = 100 * time.Millisecond })
	for n := range 3 {
		c.Drop()
		c.house.hears(t, "drift "+c.room, n+2)
	}
}

func TestAClosedAccountIsToldOf(t *testing.T) {
	c := newScene(t)
	ville := c.Person("ville")
	c.watch()
	c.Enable(c.sanna)
	c.Disable(ville)
	c.house.hears(t, "account "+ville, 1)
	c.house.never(t, "account "+c.sanna)
}

func TestWhatWasToldIsNotRememberedForever(t *testing.T) {
	w := newWatcher(newQuiet(t))
	for range 3 * mostHeard {
		w.remember(&model.Post{Id: model.NewId()})
	}
	if len(w.heard) > mostHeard {
		t.Errorf("%d are remembered", len(w.heard))
	}
	last := &model.Post{Id: model.NewId(), EditAt: 7}
	if w.remember(last); !w.knows(last) || w.knows(&model.Post{Id: last.Id, EditAt: 8}) {
		t.Error("the last one is not known as it is")
	}
}
