package mattermost

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// insistTimes is how often something is told to the house before it is left for later.
const insistTimes = 5

// removeTime is how long a message is tried to be taken away before its author is asked to.
const removeTime = 10 * time.Second

// mostHeard bounds what is remembered of what was told; the ledger knows the rest.
const mostHeard = 1000

// hear tells the house what an event means to it. What the house cannot take now is looked up again later.
func (w *watcher) hear(ctx context.Context, e *model.WebSocketEvent) error {
	switch e.EventType() {
	case model.WebsocketEventPosted, model.WebsocketEventPostEdited:
		p, ok := decode[model.Post](e, "post")
		if !ok {
			return nil
		}
		listen, err := w.worthLooking(ctx, &p)
		if err != nil {
			return err
		}
		if listen && w.said(ctx, &p) != nil {
			w.behind = true
		}
		w.newest = max(w.newest, p.UpdateAt)
		w.moveOn()
	case model.WebsocketEventUserAdded, model.WebsocketEventUserRemoved, model.WebsocketEventChannelUpdated,
		model.WebsocketEventChannelDeleted, model.WebsocketEventChannelRestored, model.WebsocketEventChannelConverted:
		if e.GetData()["remover_id"] == w.server.me {
			return nil
		}
		return w.changed(ctx, e)
	case model.WebsocketEventUserUpdated:
		w.accountClosed(ctx, e)
	}
	return nil
}

// changed tells the house of a room, or the coordinators' channel, that somebody but Luotsi changed, and of who came into a room: who
// goes again before the house has looked was there all the same.
func (w *watcher) changed(ctx context.Context, e *model.WebSocketEvent) error {
	room := roomOf(e)
	ours := room != "" && room == w.queue()
	if !ours {
		var err error
		if ours, err = w.rooms.have(ctx, w, room); err != nil || !ours {
			return err
		}
	}
	user, _ := e.GetData()["user_id"].(string)
	came := e.EventType() == model.WebsocketEventUserAdded && user != "" && user != w.server.me && room != w.queue()
	if came && w.came(ctx, room, user) != nil || !came && w.drifted(ctx, room) != nil {
		w.unswept = true
	}
	return nil
}

// accountClosed tells the house of an account that was closed. What it cannot take it finds by its own look at the people.
func (w *watcher) accountClosed(ctx context.Context, e *model.WebSocketEvent) {
	house, wants := w.cfg.House.(AccountHouse)
	user, _ := e.GetData()["user"].(*model.User)
	if !wants || user == nil || user.DeleteAt == 0 {
		return
	}
	// The error is in the log.
	_ = w.tell(ctx, "account closed", user.Id, func() error { return house.AccountChanged(ctx, platform, user.Id) })
}

// roomOf is the channel an event is about: servers tell it in different places.
func roomOf(e *model.WebSocketEvent) string {
	if id, _ := e.GetData()["channel_id"].(string); id != "" {
		return id
	}
	if c, ok := decode[model.Channel](e, "channel"); ok {
		return c.Id
	}
	if b := e.GetBroadcast(); b != nil {
		return b.ChannelId
	}
	return ""
}

// worthLooking reports whether a post looks like an identity code where that is minded. Most do not, and no room is asked about.
func (w *watcher) worthLooking(ctx context.Context, p *model.Post) (bool, error) {
	if looks, _ := w.cfg.House.LooksIdentity(written(p)); !looks {
		return false, nil
	}
	return w.rooms.minded(ctx, w, p.ChannelId)
}

// written is everything of a post that a person may have written a code in.
func written(p *model.Post) string {
	texts := []string{p.Message}
	if p.Metadata != nil {
		for _, f := range p.Metadata.Files {
			if f != nil {
				texts = append(texts, f.Name)
			}
		}
	}
	for _, a := range p.Attachments() {
		if a == nil {
			continue
		}
		texts = append(texts, a.Fallback, a.Pretext, a.AuthorName, a.Title, a.Text, a.Footer)
		for _, f := range a.Fields {
			texts = append(texts, f.Title, fmt.Sprint(f.Value))
		}
	}
	return strings.Join(texts, "\n")
}

// said looks at one post where identity codes are minded. What it says is neither kept nor logged. The error is that the house
// was not told.
func (w *watcher) said(ctx context.Context, p *model.Post) error {
	looks, valid := w.cfg.House.LooksIdentity(written(p))
	if !looks || p.DeleteAt != 0 || w.knows(p) {
		return nil
	}
	if p.UserId == w.server.me {
		// The server writes in Luotsi's name what a header was before Luotsi emptied it.
		if p.IsSystemMessage() {
			w.takeAway(ctx, p.Id)
		}
		w.remember(p)
		return nil
	}
	return w.identity(ctx, p, valid, valid && w.takeAway(ctx, p.Id))
}

// identity tells the house of an identity code, once: the ledger knows it from then on, also when Luotsi starts anew. Nothing
// that takes its time is done inside the ledger, which is held for all meanwhile.
func (w *watcher) identity(ctx context.Context, p *model.Post, valid, deleted bool) error {
	if w.knows(p) {
		return nil
	}
	as := fmt.Sprintf("%s %d", p.Id, p.EditAt)
	err := w.tell(ctx, "identity", p.ChannelId, func() error {
		_, err := w.cfg.Ledger.Once(ctx, platform, "identity "+as, func(time.Time) (string, error) {
			return "told of " + p.Id, w.cfg.House.IdentitySaid(ctx, platform, p.ChannelId, p.UserId, as, valid, deleted)
		})
		return err
	})
	if err == nil {
		w.remember(p)
	}
	return err
}

// knows reports whether a post was told of as it is now.
func (w *watcher) knows(p *model.Post) bool {
	edited, known := w.heard[p.Id]
	return known && edited == p.EditAt
}

func (w *watcher) remember(p *model.Post) {
	if len(w.heard) >= mostHeard {
		clear(w.heard)
	}
	w.heard[p.Id] = p.EditAt
}

// takeAway deletes a post if the bot may, and reports whether it is gone. It does not take long.
func (w *watcher) takeAway(ctx context.Context, post string) bool {
	ctx, cancel := context.WithTimeout(ctx, removeTime)
	defer cancel()
	for n := range insistTimes {
		r, err := w.client.DeletePost(ctx, post)
		if err = fault(r, err); err == nil {
			return true
		}
		var retry *bot.RetryError
		if !errors.As(err, &retry) {
			_, err := w.postOf(ctx, post)
			return errors.Is(err, bot.ErrGone) // its author was quicker
		}
		if n == insistTimes-1 || !sleep(ctx, min(retry.After, w.insist)) {
			return false
		}
	}
	return false
}

func (w *watcher) came(ctx context.Context, room, user string) error {
	return w.tell(ctx, "came", room, func() error { return w.cfg.House.Came(ctx, platform, room, user) })
}

func (w *watcher) drifted(ctx context.Context, room string) error {
	return w.tell(ctx, "drift", room, func() error { return w.cfg.House.RoomDrifted(ctx, platform, room) })
}

// tell has the house take something, again if it cannot just now.
func (w *watcher) tell(ctx context.Context, what, id string, take func() error) error {
	var err error
	for n := range insistTimes {
		if err = take(); err == nil || ctx.Err() != nil {
			return err
		}
		if n < insistTimes-1 && !sleep(ctx, w.insist<<n) {
			return err
		}
	}
	w.cfg.Log.ErrorContext(ctx, "the house could not be told what happened", "what", what, "id", id, "error", err)
	return err
}
