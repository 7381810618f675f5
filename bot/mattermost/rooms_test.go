package mattermost

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

func TestARoomIsPrivateAndSaysNothingBesideItsName(t *testing.T) {
	s := newChat(t)
	id, err := s.luotsi(&notes{}).OpenRoom(t.Context(), "luotsi-bcdfghj-k-2")
	if err != nil {
		t.Fatal(err)
	}
	c := s.Look(id)
	if c.Type != "P" || c.Name != "luotsi-bcdfghj-k-2" || c.DisplayName != c.Name || c.Header != "" || c.Purpose != "" {
		t.Errorf("the room is %+v", c)
	}
	outsider := s.Person("ulla")
	s.Act(outsider, "GET", "/channels/"+id, nil, 403)
	s.Act(outsider, "GET", "/teams/"+s.Team+"/channels/name/luotsi-bcdfghj-k-2", nil, 404)
}

func TestANameThatIsTakenOrImpossibleIsRefusedForGood(t *testing.T) {
	s := newChat(t)
	m := s.luotsi(&notes{})
	sanna := s.Person("sanna")
	s.Act("sanna", "POST", "/channels", model.Channel{TeamId: s.Team, Name: "luotsi-unseen", DisplayName: "x", Type: "P"}, 201)
	s.Act("sanna", "POST", "/channels", model.Channel{TeamId: s.Team, Name: "luotsi-shared", DisplayName: "x", Type: "P"}, 201)
	s.Act(sanna, "POST", "/channels/"+s.ChannelNamed("luotsi-shared")+"/members", data{"user_id": s.Bot}, 201)
	s.Act("sanna", "POST", "/channels", model.Channel{TeamId: s.Team, Name: "luotsi-public", DisplayName: "x", Type: "O"}, 201)
	for _, name := range []string{"luotsi-unseen", "luotsi-shared", "luotsi-public", "", "Luotsi", "luotsi b", strings.Repeat("a", 65)} {
		if _, err := m.OpenRoom(t.Context(), name); !errors.Is(err, bot.ErrPermanent) {
			t.Errorf("%q: error is %v", name, err)
		}
	}
}

// What only an administrator can mend is told, not tried in silence. The room that there is already is found all the same.
func TestNoRoomForAReasonThatAnAdministratorCanMend(t *testing.T) {
	for says, do := range map[string]func(*scene){
		"as many channels": func(c *scene) { c.Full = true },
		"lacks the right":  func(c *scene) { c.Barred = true },
	} {
		c := newScene(t)
		c.Set(func() { do(c) })
		if _, err := c.luotsi.OpenRoom(t.Context(), "luotsi-more"); !errors.Is(err, bot.ErrPermanent) || !strings.Contains(err.Error(), says) {
			t.Errorf("error is %v, want one that says %q", err, says)
		}
		if id, err := c.luotsi.OpenRoom(t.Context(), "luotsi-scene"); err != nil || id != c.room {
			t.Errorf("the room there is: %q, %v", id, err)
		}
	}
}

func TestARoomThatWasMadePublicIsNotTakenForOurs(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.Channels[c.room].Type = "O" })
	if _, err := c.luotsi.OpenRoom(t.Context(), "luotsi-scene"); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("opening: %v", err)
	}
	if _, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); !errors.Is(err, bot.ErrGone) {
		t.Errorf("restoring: %v", err)
	}
	c.Set(func() { delete(c.Channels[c.room].Members, c.Bot) })
	if _, err := c.luotsi.Members(t.Context(), c.room); !errors.Is(err, bot.ErrOutside) {
		t.Errorf("listing members of a public room from outside: %v", err)
	}
	c.Set(func() { c.Users[c.Bot].Admin, c.Channels[c.room].Members[c.Bot] = true, "channel_user" })
	if _, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); !errors.Is(err, bot.ErrGone) || c.Look(c.room).Type != "O" {
		t.Errorf("one that Luotsi may make private: %v; who has read it nobody knows", err)
	}
	if err := c.luotsi.Archive(t.Context(), c.room); err != nil || c.Look(c.room).Type != "P" || c.Look(c.room).DeleteAt == 0 {
		t.Errorf("archived %+v: %v", c.Look(c.room), err)
	}
	shared := true
	c.Set(func() { c.Channels[c.room].DeleteAt, c.Channels[c.room].Shared = 0, &shared })
	if _, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); !errors.Is(err, bot.ErrGone) {
		t.Errorf("shared with another server: %v", err)
	}
}

func TestRestoreEmptiesARoomWhoseNameIsTakenMeanwhile(t *testing.T) {
	c := newScene(t)
	c.Act("sanna", "PUT", "/channels/"+c.room+"/patch", data{"name": "away", "display_name": "Away", "header": "h", "purpose": "p"}, 200)
	c.Act("sanna", "POST", "/channels", model.Channel{TeamId: c.Team, Name: "luotsi-scene", DisplayName: "x", Type: "P"}, 201)
	if _, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); err == nil {
		t.Error("restored a name that is taken")
	}
	if have := c.Look(c.room); have.DisplayName != "luotsi-scene" || have.Header != "" || have.Purpose != "" {
		t.Errorf("the room is %+v", have)
	}
}

func TestAMissingRightIsTriedAgain(t *testing.T) {
	c := newScene(t)
	ville := c.Person("ville")
	c.Set(func() { c.NoManage, c.Channels[c.room].Members[c.Bot] = true, "channel_user" }) // put out and in again: no admin any more
	_, restored := c.luotsi.Restore(t.Context(), c.room, "luotsi-other")
	for what, err := range map[string]error{"invite": c.luotsi.Invite(t.Context(), c.room, ville), "restore": restored} {
		if err == nil || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrOutside) || errors.Is(err, bot.ErrPermanent) {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Nobody is out until somebody does it by hand: that is told.
	for what, err := range map[string]error{
		"remove": c.luotsi.Remove(t.Context(), c.room, c.sanna), "archive": c.luotsi.Archive(t.Context(), c.room),
	} {
		if !errors.Is(err, bot.ErrPermanent) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestInviteSaysWhoHasNoAccountThere(t *testing.T) {
	c := newScene(t)
	outside := c.Person("outside")
	c.Change(outside, func(m *mattermosttest.Member) { m.InTeam = false })
	for _, user := range []string{outside, model.NewId(), "no-id"} {
		if err := c.luotsi.Invite(t.Context(), c.room, user); !errors.Is(err, bot.ErrGone) {
			t.Errorf("error is %v", err)
		}
	}
	if err := c.luotsi.Remove(t.Context(), c.room, "no-id"); err != nil {
		t.Errorf("removing nobody: %v", err)
	}
	if in := c.Within(c.room); !slices.Equal(in, []string{c.sanna}) {
		t.Errorf("the room holds %q", in)
	}
}

func TestMembersOfALargeRoomAreAll(t *testing.T) {
	c := newScene(t)
	want := []string{c.sanna}
	for n := range 450 {
		id := c.Person(fmt.Sprintf("user%d", n))
		c.Set(func() { c.Channels[c.room].Members[id] = "channel_user" })
		want = append(want, id)
	}
	got, err := c.luotsi.Members(t.Context(), c.room)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%d members, want %d", len(got), len(want))
	}
}

func TestProfileTellsAGuestAndTheShownName(t *testing.T) {
	s := newChat(t)
	jaana := s.Person("jaana")
	s.Change(jaana, func(m *mattermosttest.Member) {
		m.Roles, m.FirstName, m.LastName = "system_guest", "Jaana", "Järjestö"
	})
	p, err := s.luotsi(&notes{}).Profile(t.Context(), jaana)
	want := bot.Profile{User: jaana, Login: "jaana", Name: "Jaana Järjestö", Email: "jaana@example.test", Enabled: true, Guest: true}
	if err != nil || p != want {
		t.Errorf("profile %+v, %v", p, err)
	}
}

// TestANameThatWasTakenIsRefusedForGood: what else was changed is put right, once, and after that the server is asked for nothing that it
// would tell everybody of.
func TestANameThatWasTakenIsRefusedForGood(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.Channels[c.room].Members[c.sanna] = "channel_user" })
	c.Act("sanna", "PUT", "/channels/"+c.room+"/patch", data{"name": "away", "display_name": "Away", "purpose": "p"}, 200)
	c.Act("sanna", "POST", "/channels", model.Channel{TeamId: c.Team, Name: "luotsi-scene", DisplayName: "x", Type: "P"}, 201)
	var changed int64
	for n := range 3 {
		if _, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); !errors.Is(err, bot.ErrPermanent) {
			t.Errorf("try %d: %v", n, err)
		}
		have := c.Look(c.room)
		if have.DisplayName != "luotsi-scene" || have.Purpose != "" || n > 0 && have.UpdateAt != changed {
			t.Errorf("try %d: the room is %+v", n, have)
		}
		changed = have.UpdateAt
	}
	if done, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene-2"); err != nil || !done || c.Look(c.room).Name != "luotsi-scene-2" {
		t.Errorf("another name: %t, %v", done, err)
	}
}
