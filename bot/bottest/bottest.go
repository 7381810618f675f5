// Package bottest holds the promises of bot.Platform as one suite that every platform must pass.
package bottest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"luotsi/bot"
)

// Bench is a fresh platform and what a test may look at and do behind its back. The functions fail the test by themselves.
type Bench struct {
	Platform bot.Platform
	Users    []string // at least three working accounts, by the platform's ids
	Missing  string   // a user id of the right shape that nobody has
	NoRoom   string   // a room id of the right shape that no room has

	// Sees is what the user can read in the room, oldest first; with room "" their direct messages from Luotsi.
	Sees func(user, room string) []Seen
	// Members is who the platform itself says is in the room, without Luotsi.
	Members func(room string) []string
	// Disable switches a user's account off.
	Disable func(user string)
	// Outage makes every call fail for a while, or work again.
	Outage func(down bool)

	// What only some platforms let happen may be left nil: its promise is then not tried.

	// Rename gives a room another name, as somebody in it may, and fills what else the chat shows beside the name.
	Rename func(room, name string)
	// Named is the room's name as the chat shows it; anything more when something is shown beside it.
	Named func(room string) string
	// Evict puts Luotsi out of a room.
	Evict func(room string)
	// ArchivedIsFinal says that the platform puts Luotsi out of a room that is archived, so that everybody is taken out of it before.
	ArchivedIsFinal bool
	// LoseAnswers has the next n calls that change something done, and their answers lost.
	LoseAnswers func(n int)
}

// Seen is a message as a user sees it.
type Seen struct {
	ID      string
	Text    string   // title and lines, as plain text
	Buttons []string // labels
}

// Exercise runs the suite; open makes a fresh bench for each promise.
func Exercise(t *testing.T, open func(t *testing.T) Bench) {
	t.Helper()
	promises := []struct {
		name string
		hold func(*run)
	}{
		{"Name is short and stays", nameStays},
		{"Post is seen by the room's members only", postIsSeen},
		{"Post shows text as it was written", postIsLiteral},
		{"Post with the same key says it once", postOnce},
		{"Post with the same key at the same time says it once", postOnceAtOnce},
		{"Post to a closed or missing room is gone", postGone},
		{"Edit replaces text and buttons", editReplaces},
		{"Edit of a missing message is gone", editGone},
		{"Direct is seen by one person alone", directIsSeen},
		{"Direct with the same key says it once", directOnce},
		{"Direct to a disabled or missing account is gone", directGone},
		{"OpenRoom makes a room with nobody in it", openEmpty},
		{"OpenRoom of the same name is the same room", openSame},
		{"OpenRoom of an archived name is refused for good", openArchived},
		{"Invite puts a person in once", inviteOnce},
		{"Invite of nobody or into a closed room is gone", inviteGone},
		{"Remove takes a person out at once", removeNow},
		{"Remove works in an archived room", removeArchived},
		{"Archive closes for good and may be repeated", archiveTwice},
		{"Members of a missing room is gone", membersGone},
		{"Profile tells who somebody is", profile},
		{"Working tells the accounts that are there and enabled", working},
		{"Post says a long text whole, in order, once", postLong},
		{"Post after a lost answer says it once", postLostAnswer},
		{"Direct after a lost answer says it once", directLostAnswer},
		{"Edit replaces a long text by a short one and back", editLong},
		{"OpenRoom after a lost answer is the same room", openLostAnswer},
		{"Restore leaves a room alone that is as it should be", restoreNothing},
		{"Restore gives a renamed room its name back", restoreName},
		{"Restore of a missing room is gone", restoreGone},
		{"Every call in a room that Luotsi was put out of says so", evicted},
		{"Outage fails every call for later and leaves nothing behind", outage},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			b := open(t)
			if len(b.Users) < 3 {
				t.Fatal("a bench needs three users")
			}
			p.hold(&run{T: t, Bench: b, ctx: t.Context()})
		})
	}
}

// run is one promise being tried.
type run struct {
	*testing.T
	Bench
	ctx context.Context
}

func post(text string) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}}
}

func (r *run) ok(err error) {
	r.Helper()
	if err != nil {
		r.Fatalf("unexpected error: %v", err)
	}
}

func (r *run) fails(err, with error) {
	r.Helper()
	if !errors.Is(err, with) {
		r.Errorf("error is %v, want %v", err, with)
	}
}

// room opens a room and invites the users.
func (r *run) room(name string, users ...string) string {
	r.Helper()
	id, err := r.Platform.OpenRoom(r.ctx, name)
	r.ok(err)
	for _, u := range users {
		r.ok(r.Platform.Invite(r.ctx, id, u))
	}
	return id
}

func (r *run) say(room, key, text string) string {
	r.Helper()
	id, err := r.Platform.Post(r.ctx, room, key, post(text))
	r.ok(err)
	return id
}

// reads checks the texts a user sees.
func (r *run) reads(user, room string, want ...string) {
	r.Helper()
	var got []string
	for _, m := range r.Sees(user, room) {
		got = append(got, m.Text)
	}
	if !slices.Equal(got, want) {
		r.Errorf("%s reads %q, want %q", user, got, want)
	}
}

// holds checks who is in a room, by the platform's own truth and by what it tells Luotsi.
func (r *run) holds(room string, want ...string) {
	r.Helper()
	told, err := r.Platform.Members(r.ctx, room)
	r.ok(err)
	for _, got := range [][]string{r.Bench.Members(room), told} {
		got, want := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
		if !slices.Equal(got, want) {
			r.Errorf("the room holds %q, want %q", got, want)
		}
	}
}

// same runs do several times at once and checks that all got the same id.
func (r *run) same(do func() (string, error)) string {
	r.Helper()
	const times = 8
	var wg sync.WaitGroup
	ids, errs := make([]string, times), make([]error, times)
	for i := range times {
		wg.Go(func() { ids[i], errs[i] = do() })
	}
	wg.Wait()
	r.ok(errors.Join(errs...))
	for _, id := range ids {
		if id != ids[0] || id == "" {
			r.Fatalf("ids differ or are empty: %q", ids)
		}
	}
	return ids[0]
}
