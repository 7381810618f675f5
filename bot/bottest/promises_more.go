package bottest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"luotsi/bot"
)

// longText is 40,000 characters of numbered words: more than any chat's message holds.
func longText() string {
	var b strings.Builder
	for i := 0; b.Len() < 40_000; i++ {
		fmt.Fprintf(&b, "sana%06d ", i)
	}
	return b.String()[:40_000]
}

// whole joins what a user sees in a room, with the buttons; where one message ends and the next begins is the chat's own affair.
func (r *run) whole(user, room string) (words, buttons []string) {
	r.Helper()
	for _, m := range r.Sees(user, room) {
		words, buttons = append(words, strings.Fields(m.Text)...), append(buttons, m.Buttons...)
	}
	return words, buttons
}

// readsWhole checks all words and buttons a user sees in a room.
func (r *run) readsWhole(user, room, text string, buttons ...string) {
	r.Helper()
	words, have := r.whole(user, room)
	if !slices.Equal(words, strings.Fields(text)) {
		r.Errorf("%s reads %d words, want the %d of the text in their order", user, len(words), len(strings.Fields(text)))
	}
	if !slices.Equal(have, buttons) {
		r.Errorf("%s sees the buttons %q, want %q", user, have, buttons)
	}
}

func longPost() bot.Post {
	p := post(longText())
	p.Buttons = []bot.PostButton{{ID: "b1", Label: "Last", Ticket: "t1"}}
	return p
}

func postLong(r *run) {
	room := r.room("luotsi-long", r.Users[0])
	first, err := r.Platform.Post(r.ctx, room, "k", longPost())
	r.ok(err)
	r.readsWhole(r.Users[0], room, longText(), "Last")
	again, err := r.Platform.Post(r.ctx, room, "k", longPost())
	r.ok(err)
	if again != first {
		r.Errorf("same key gave %q, then %q", first, again)
	}
	r.readsWhole(r.Users[0], room, longText(), "Last")
}

func editLong(r *run) {
	room := r.room("luotsi-edit-long", r.Users[0])
	id, err := r.Platform.Post(r.ctx, room, "k", longPost())
	r.ok(err)
	for range 2 {
		r.ok(r.Platform.Edit(r.ctx, room, id, post("short")))
		r.readsWhole(r.Users[0], room, "short")
	}
	for range 2 {
		r.ok(r.Platform.Edit(r.ctx, room, id, longPost()))
		r.readsWhole(r.Users[0], room, longText(), "Last")
	}
}

// untilSaid asks again while answers are lost, as a job does.
func (r *run) untilSaid(do func() (string, error)) string {
	r.Helper()
	var id string
	var err error
	for range 5 {
		if id, err = do(); err == nil {
			return id
		}
	}
	r.Fatalf("still failing: %v", err)
	return ""
}

func (r *run) losesAnswers(n int) {
	r.Helper()
	if r.LoseAnswers == nil {
		r.Skip("this platform loses no answers")
	}
	r.LoseAnswers(n)
}

func postLostAnswer(r *run) {
	room := r.room("luotsi-lost", r.Users[0])
	r.say(room, "before", "before")
	r.losesAnswers(1)
	id := r.untilSaid(func() (string, error) { return r.Platform.Post(r.ctx, room, "k", post("said")) })
	r.reads(r.Users[0], room, "before", "said")
	if seen := r.Sees(r.Users[0], room); seen[len(seen)-1].ID != id {
		r.Errorf("message is seen as %q, Post returned %q", seen[len(seen)-1].ID, id)
	}
	r.losesAnswers(2)
	r.untilSaid(func() (string, error) { return r.Platform.Post(r.ctx, room, "long", post(longText())) })
	r.readsWhole(r.Users[0], room, "before said "+longText())
}

func directLostAnswer(r *run) {
	r.losesAnswers(2)
	r.untilSaid(func() (string, error) { return r.Platform.Direct(r.ctx, r.Users[0], "k", post("said")) })
	r.reads(r.Users[0], "", "said")
}

func openLostAnswer(r *run) {
	r.losesAnswers(1)
	first := r.untilSaid(func() (string, error) { return r.Platform.OpenRoom(r.ctx, "luotsi-open-lost") })
	if again := r.room("luotsi-open-lost"); again != first {
		r.Errorf("same name gave %q, then %q", first, again)
	}
	r.holds(first)
}

func restoreNothing(r *run) {
	room := r.room("luotsi-restore", r.Users[0])
	r.say(room, "k", "said")
	for range 2 {
		r.restores(room, "luotsi-restore", false)
	}
	r.reads(r.Users[0], room, "said")
	r.holds(room, r.Users[0])
	if r.Named != nil && r.Named(room) != "luotsi-restore" {
		r.Errorf("the room is called %q", r.Named(room))
	}
}

// restores gives a room its name back, and checks whether that is said to have been needed.
func (r *run) restores(room, name string, want bool) {
	r.Helper()
	changed, err := r.Platform.Restore(r.ctx, room, name)
	r.ok(err)
	if changed != want {
		r.Errorf("something was otherwise: %v, want %v", changed, want)
	}
}

func restoreName(r *run) {
	if r.Rename == nil || r.Named == nil {
		r.Skip("nobody can rename this platform's rooms")
	}
	room := r.room("luotsi-renamed", r.Users[0])
	r.Rename(room, "something-else")
	if r.Named(room) == "luotsi-renamed" {
		r.Fatal("the bench did not rename the room")
	}
	for _, changed := range []bool{true, false} {
		r.restores(room, "luotsi-renamed", changed)
		if got := r.Named(room); got != "luotsi-renamed" {
			r.Errorf("the room is called %q", got)
		}
	}
	r.holds(room, r.Users[0])
}

func restoreGone(r *run) {
	_, err := r.Platform.Restore(r.ctx, r.NoRoom, "luotsi-none")
	r.fails(err, bot.ErrGone)
}

func evicted(r *run) {
	if r.Evict == nil {
		r.Skip("nobody can put Luotsi out of this platform's rooms")
	}
	room := r.room("luotsi-evicted", r.Users[0])
	id := r.say(room, "k", "before")
	r.Evict(room)
	for name, err := range r.everyCall(room, id) {
		switch name {
		case "Profile", "Working", "OpenRoom", "Direct":
			r.ok(err)
		default:
			if !errors.Is(err, bot.ErrOutside) {
				r.Errorf("%s: error is %v, want %v", name, err, bot.ErrOutside)
			}
		}
	}
}
