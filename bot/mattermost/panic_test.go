package mattermost

import (
	"context"
	"net/http"
	"testing"

	"luotsi/bot"
)

const panicValue = "what somebody wrote of a client"

// A panic in what follows an answer ends no more than that: the next is answered.
func TestAPanicBesideARequestIsItsOwn(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.tasks = newTasks(1)
	if err := d.tasks.start(t.Context(), func(context.Context) { panic(panicValue) }); err != nil {
		t.Fatal(err)
	}
	d.tasks.count.Wait()
	d.says(bot.Answer{Replies: []bot.Post{plain("Tehty.")}})
	if status, out := d.types("paula", d.chat.ChannelNamed("jono"), "/luotsi"); status != http.StatusOK || out.Text != "Tehty." {
		t.Errorf("%d %+v", status, out)
	}
}

// startled is a house that panics when it is told something for the first time.
type startled struct {
	*hearing
	calm bool
}

func (h *startled) RoomDrifted(ctx context.Context, platform, room string) error {
	if !h.calm {
		h.calm = true
		panic(panicValue)
	}
	return h.hearing.RoomDrifted(ctx, platform, room)
}

// Watching goes on after a panic, with a new connection.
func TestWatchOutlivesAPanic(t *testing.T) {
	c := newScene(t)
	c.luotsi.cfg.House = &startled{hearing: c.house}
	c.watch()
	c.Says("sanna", c.room, "tunnus "+invalidCode)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
}
