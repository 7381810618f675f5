package bottest

import (
	"errors"
	"slices"

	"luotsi/bot"
)

func nameStays(r *run) {
	name := r.Platform.Name()
	if name == "" || len(name) > 20 || name != r.Platform.Name() {
		r.Errorf("name %q", name)
	}
}

func postIsSeen(r *run) {
	room := r.room("luotsi-seen", r.Users[0], r.Users[1])
	id := r.say(room, "k1", "first")
	r.say(room, "k2", "second")
	r.reads(r.Users[0], room, "first", "second")
	r.reads(r.Users[1], room, "first", "second")
	r.reads(r.Users[2], room)
	r.reads(r.Users[0], "")
	if seen := r.Sees(r.Users[0], room); len(seen) > 0 && seen[0].ID != id {
		r.Errorf("message is seen as %q, Post returned %q", seen[0].ID, id)
	}
}

func postIsLiteral(r *run) {
	const text = "<b>not bold</b> & *plain* _as_ ~written~ `here` <!channel> @all åäö €"
	room := r.room("luotsi-literal", r.Users[0])
	r.say(room, "k", text)
	r.reads(r.Users[0], room, text)
}

func postOnce(r *run) {
	room, other := r.room("luotsi-once", r.Users[0]), r.room("luotsi-other", r.Users[0])
	first := r.say(room, "k", "said")
	if again := r.say(room, "k", "said differently"); again != first {
		r.Errorf("same key gave %q, then %q", first, again)
	}
	r.say(other, "k", "elsewhere")
	r.reads(r.Users[0], room, "said")
	r.reads(r.Users[0], other, "elsewhere")
}

func postOnceAtOnce(r *run) {
	room := r.room("luotsi-once-at-once", r.Users[0])
	r.same(func() (string, error) { return r.Platform.Post(r.ctx, room, "k", post("said")) })
	r.reads(r.Users[0], room, "said")
}

func postGone(r *run) {
	room := r.room("luotsi-closed", r.Users[0])
	first := r.say(room, "before", "said before")
	r.ok(r.Platform.Archive(r.ctx, room))
	_, err := r.Platform.Post(r.ctx, room, "after", post("too late"))
	r.fails(err, bot.ErrGone)
	if again := r.say(room, "before", "said before"); again != first {
		r.Errorf("repeated after archiving: %q, want %q", again, first)
	}
	_, err = r.Platform.Post(r.ctx, r.NoRoom, "k", post("nowhere"))
	r.fails(err, bot.ErrGone)
}

func editReplaces(r *run) {
	room := r.room("luotsi-edit", r.Users[0])
	before := post("before")
	before.Buttons = []bot.PostButton{{ID: "b1", Label: "Old", Ticket: "t1"}}
	id, err := r.Platform.Post(r.ctx, room, "k", before)
	r.ok(err)
	r.say(room, "k2", "later")
	after := post("after")
	after.Buttons = []bot.PostButton{{ID: "b1", Label: "New", Ticket: "t2"}, {ID: "b2", Label: "More", Ticket: "t3"}}
	for range 2 {
		r.ok(r.Platform.Edit(r.ctx, room, id, after))
		r.reads(r.Users[0], room, "after", "later")
		if seen := r.Sees(r.Users[0], room); seen[0].ID != id || !slices.Equal(seen[0].Buttons, []string{"New", "More"}) {
			r.Errorf("after editing: %+v", seen[0])
		}
	}
	r.ok(r.Platform.Edit(r.ctx, room, id, post("no buttons")))
	if seen := r.Sees(r.Users[0], room); len(seen[0].Buttons) != 0 {
		r.Errorf("old buttons stayed: %+v", seen[0])
	}
}

func editGone(r *run) {
	room := r.room("luotsi-edit-gone", r.Users[0])
	r.fails(r.Platform.Edit(r.ctx, room, r.NoRoom, post("nothing")), bot.ErrGone)
	r.reads(r.Users[0], room)
}

func directIsSeen(r *run) {
	_, err := r.Platform.Direct(r.ctx, r.Users[0], "k", post("for you"))
	r.ok(err)
	r.reads(r.Users[0], "", "for you")
	r.reads(r.Users[1], "")
}

func directOnce(r *run) {
	r.same(func() (string, error) { return r.Platform.Direct(r.ctx, r.Users[0], "k", post("said")) })
	_, err := r.Platform.Direct(r.ctx, r.Users[1], "k", post("another person's"))
	r.ok(err)
	r.reads(r.Users[0], "", "said")
	r.reads(r.Users[1], "", "another person's")
}

func directGone(r *run) {
	r.Disable(r.Users[0])
	_, err := r.Platform.Direct(r.ctx, r.Users[0], "k", post("nobody there"))
	r.fails(err, bot.ErrGone)
	_, err = r.Platform.Direct(r.ctx, r.Missing, "k", post("nobody there"))
	r.fails(err, bot.ErrGone)
}

func openEmpty(r *run) {
	r.holds(r.room("luotsi-empty"))
}

func openSame(r *run) {
	first := r.same(func() (string, error) { return r.Platform.OpenRoom(r.ctx, "luotsi-same") })
	r.ok(r.Platform.Invite(r.ctx, first, r.Users[0]))
	if again := r.room("luotsi-same"); again != first {
		r.Errorf("same name gave %q, then %q", first, again)
	}
	if other := r.room("luotsi-not-same"); other == first {
		r.Error("two names gave one room")
	}
	r.holds(first, r.Users[0])
}

func openArchived(r *run) {
	r.ok(r.Platform.Archive(r.ctx, r.room("luotsi-old")))
	_, err := r.Platform.OpenRoom(r.ctx, "luotsi-old")
	r.fails(err, bot.ErrPermanent)
}

func inviteOnce(r *run) {
	room := r.room("luotsi-invite", r.Users[0], r.Users[1], r.Users[0])
	r.holds(room, r.Users[0], r.Users[1])
}

func inviteGone(r *run) {
	room := r.room("luotsi-invite-gone", r.Users[0])
	r.fails(r.Platform.Invite(r.ctx, room, r.Missing), bot.ErrGone)
	r.Disable(r.Users[1])
	r.fails(r.Platform.Invite(r.ctx, room, r.Users[1]), bot.ErrGone)
	r.holds(room, r.Users[0])
	r.ok(r.Platform.Archive(r.ctx, room))
	r.fails(r.Platform.Invite(r.ctx, room, r.Users[2]), bot.ErrGone)
	r.fails(r.Platform.Invite(r.ctx, r.NoRoom, r.Users[2]), bot.ErrGone)
	r.stillHolds(room, r.Users[0])
}

func removeNow(r *run) {
	room := r.room("luotsi-remove", r.Users[0], r.Users[1])
	r.say(room, "k", "said")
	for range 2 {
		r.ok(r.Platform.Remove(r.ctx, room, r.Users[0]))
		r.holds(room, r.Users[1])
		r.reads(r.Users[0], room)
	}
	r.ok(r.Platform.Remove(r.ctx, room, r.Users[2]))
	r.holds(room, r.Users[1])
	r.Disable(r.Users[1])
	r.ok(r.Platform.Remove(r.ctx, room, r.Users[1]))
	r.holds(room)
}

func removeArchived(r *run) {
	room := r.room("luotsi-remove-archived", r.Users[0], r.Users[1])
	r.say(room, "k", "said")
	r.ok(r.Platform.Archive(r.ctx, room))
	r.ok(r.Platform.Remove(r.ctx, room, r.Users[0]))
	r.stillHolds(room, r.Users[1])
	r.reads(r.Users[0], room)
}

// stillHolds checks who is in an archived room: nobody where that is final, and then Luotsi knows of no room.
func (r *run) stillHolds(room string, want ...string) {
	r.Helper()
	if !r.ArchivedIsFinal {
		r.holds(room, want...)
		return
	}
	_, err := r.Platform.Members(r.ctx, room)
	r.fails(err, bot.ErrGone)
	if left := r.Bench.Members(room); len(left) > 0 {
		r.Errorf("the archived room holds %q, want nobody", left)
	}
}

func archiveTwice(r *run) {
	room := r.room("luotsi-archive", r.Users[0])
	r.ok(r.Platform.Archive(r.ctx, room))
	r.ok(r.Platform.Archive(r.ctx, room))
	_, err := r.Platform.Post(r.ctx, room, "k", post("too late"))
	r.fails(err, bot.ErrGone)
}

func membersGone(r *run) {
	_, err := r.Platform.Members(r.ctx, r.NoRoom)
	r.fails(err, bot.ErrGone)
}

func profile(r *run) {
	p, err := r.Platform.Profile(r.ctx, r.Users[0])
	r.ok(err)
	if p.User != r.Users[0] || !p.Enabled {
		r.Errorf("profile %+v", p)
	}
	r.Disable(r.Users[0])
	p, err = r.Platform.Profile(r.ctx, r.Users[0])
	r.ok(err)
	if p.User != r.Users[0] || p.Enabled {
		r.Errorf("profile of a disabled account %+v", p)
	}
	_, err = r.Platform.Profile(r.ctx, r.Missing)
	r.fails(err, bot.ErrGone)
}

func working(r *run) {
	tells := func(asked []string, want ...string) {
		r.Helper()
		got, err := r.Platform.Working(r.ctx, asked)
		r.ok(err)
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			r.Errorf("of %d accounts, %q work; want %q", len(asked), got, want)
		}
	}
	tells(nil)
	tells([]string{r.Missing})
	all := []string{r.Users[2], r.Missing, r.Users[0], r.Users[1], r.Users[0]}
	tells(all, r.Users...)
	r.Disable(r.Users[1])
	tells(all, r.Users[0], r.Users[2])
	tells(r.Users[1:], r.Users[2])
	tells(slices.Repeat(all, 500), r.Users[0], r.Users[2])
}

func outage(r *run) {
	room := r.room("luotsi-outage", r.Users[0])
	id := r.say(room, "k", "before")
	r.Outage(true)
	for name, err := range r.everyCall(room, id) {
		if later := (*bot.RetryError)(nil); !errors.As(err, &later) {
			r.Errorf("%s during an outage: %v, want a RetryError", name, err)
		}
	}
	r.Outage(false)
	r.holds(room, r.Users[0])
	r.reads(r.Users[0], room, "before")
	r.reads(r.Users[0], "")
	for name, err := range r.everyCall(room, id) {
		if err != nil {
			r.Errorf("%s after the outage: %v", name, err)
		}
	}
}

// everyCall makes each call once and collects the errors by method.
func (r *run) everyCall(room, message string) map[string]error {
	errs, p := map[string]error{}, r.Platform
	_, errs["Profile"] = p.Profile(r.ctx, r.Users[0])
	_, errs["Working"] = p.Working(r.ctx, r.Users)
	_, errs["Members"] = p.Members(r.ctx, room)
	_, errs["OpenRoom"] = p.OpenRoom(r.ctx, "luotsi-outage-other")
	errs["Invite"] = p.Invite(r.ctx, room, r.Users[1])
	_, errs["Post"] = p.Post(r.ctx, room, "k2", post("meanwhile"))
	errs["Edit"] = p.Edit(r.ctx, room, message, post("edited"))
	_, errs["Restore"] = p.Restore(r.ctx, room, "luotsi-outage")
	_, errs["Direct"] = p.Direct(r.ctx, r.Users[0], "k", post("meanwhile"))
	errs["Remove"] = p.Remove(r.ctx, room, r.Users[0])
	errs["Archive"] = p.Archive(r.ctx, room)
	return errs
}
