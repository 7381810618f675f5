package mattermost

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

// lookBack does all at once what a session does in steps.
func (w *watcher) lookBack(ctx context.Context) error {
	w.past = past{}
	err := w.catchUp(ctx)
	for err == nil && w.past.left {
		err = w.readOn(ctx)
	}
	return err
}

// looks counts how often what was said in a channel was asked for.
func (c *scene) looks(channel string) (n int) {
	c.Set(func() {
		for _, call := range c.Calls {
			if call == "GET /channels/"+channel+"/posts" {
				n++
			}
		}
	})
	return n
}

// A room in which nothing was said since is not asked about: with many rooms that alone would use up what the server allows.
func TestOnlyRoomsWhereSomethingWasSaidAreLookedThrough(t *testing.T) {
	c := newScene(t)
	quiet, err := c.luotsi.OpenRoom(t.Context(), "luotsi-quiet")
	if err != nil {
		t.Fatal(err)
	}
	c.house.rooms = append(c.house.rooms, quiet)
	c.Says("sanna", c.room, "hei")
	w := newWatcher(c.luotsi)
	for n := range 2 {
		c.Set(func() { c.Calls = nil })
		if err := w.lookBack(t.Context()); err != nil {
			t.Fatal(err)
		}
		var asked []string
		c.Set(func() { asked = slices.Clone(c.Calls) })
		if want := []string{"GET /users/me/channels", "GET /channels/" + c.room + "/posts"}; n == 0 && !slices.Equal(asked, want) {
			t.Errorf("asked %q, want %q", asked, want)
		}
		w.since += 2 * editable.Milliseconds() // as if that long nothing was said anywhere
		if n == 1 && slices.ContainsFunc(asked, func(call string) bool { return strings.HasSuffix(call, "/posts") }) {
			t.Errorf("asked %q", asked)
		}
	}
}

// A server that wants to be left alone is, and then the same is asked again: nothing that was read is read anew, and nothing is left out.
func TestALimitedServerIsReadOnWhereItStopped(t *testing.T) {
	c := newScene(t)
	alone := c.alone()
	for _, channel := range []string{c.room, alone} {
		c.Says("sanna", channel, "hän on "+invalidCode)
	}
	w := newWatcher(c.luotsi)
	if err := w.catchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	done := 0
	for w.past.left {
		c.Set(func() { c.Limited = 1 })
		err := w.readOn(t.Context())
		var later *bot.RetryError
		if !errors.As(err, &later) {
			t.Fatalf("error is %v", err)
		}
		if wait, err := w.patient(err); wait != 7*time.Second || err != nil {
			t.Errorf("waits %v, %v", wait, err)
		}
		if w.since != 0 {
			t.Error("goes on as if all had been read")
		}
		if err := w.readOn(t.Context()); err != nil {
			t.Fatal(err)
		}
		done++
	}
	if done != 2 || c.looks(c.room) != 1 || c.looks(alone) != 2 || w.since == 0 || w.behind {
		t.Errorf("%d steps, since %d, behind %t", done, w.since, w.behind)
	}
	c.house.hears(t, c.identitySaid(c.room, false, false), 1)
	c.house.hears(t, c.identitySaid(alone, false, false), 1)
}

// What is heard while the past is looked through does not hide what is still to be read, and being asked to look back again does not
// begin it again.
func TestWhatIsHeardMeanwhileHidesNothing(t *testing.T) {
	c := newScene(t)
	c.Says("sanna", c.room, "hän on "+invalidCode)
	c.Says("sanna", c.alone(), "hän on "+invalidCode)
	w := newWatcher(c.luotsi)
	if err := errors.Join(w.catchUp(t.Context()), w.readOn(t.Context())); err != nil {
		t.Fatal(err)
	}
	w.newest = time.Now().Add(time.Hour).UnixMilli()
	w.moveOn()
	if w.since != 0 {
		t.Error("goes on as if all had been read")
	}
	if err := w.catchUp(t.Context()); err != nil || !w.past.listed || len(w.past.channels) != 1 {
		t.Errorf("%v, still to read %q", err, w.past.channels)
	}
}
