package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// insistTimes is how often something is told to the house before it is left to the house's own periodic look.
const insistTimes = 5

// overlap is how much is looked through twice: the clocks of a cluster's servers differ.
const overlap = 10 * time.Second

// catchUp has every open room looked at, and looks through what was said since the last event.
func (w *watcher) catchUp(ctx context.Context) error {
	if err := w.rooms.read(ctx, w); err != nil {
		return err
	}
	until := w.since
	for room := range w.rooms.open {
		w.drifted(ctx, room)
		list, r, err := w.client.GetPostsSince(ctx, room, w.since-overlap.Milliseconds(), false)
		switch err := fault(r, err); status(err) {
		case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
			continue // put out of the room, or it is no more: the house finds out by its own look
		default:
			if err != nil {
				return err
			}
		}
		for _, id := range list.Order {
			if p := list.Posts[id]; p != nil && p.OriginalId == "" {
				w.said(ctx, p)
				until = max(until, p.UpdateAt)
			}
		}
	}
	w.since = until
	return ctx.Err()
}

// hear tells the house what an event means to it.
func (w *watcher) hear(ctx context.Context, e *model.WebSocketEvent) error {
	switch e.EventType() {
	case model.WebsocketEventPosted, model.WebsocketEventPostEdited:
		p, ok := decode[model.Post](e, "post")
		if !ok {
			return nil
		}
		ours, err := w.worthLooking(ctx, &p)
		if err != nil {
			return err
		}
		if ours {
			w.said(ctx, &p)
		}
		w.since = max(w.since, p.UpdateAt)
	case model.WebsocketEventUserAdded, model.WebsocketEventUserRemoved, model.WebsocketEventChannelUpdated,
		model.WebsocketEventChannelDeleted, model.WebsocketEventChannelRestored, model.WebsocketEventChannelConverted:
		if e.GetData()["remover_id"] == w.server.me {
			return nil
		}
		room := roomOf(e)
		ours, err := w.rooms.have(ctx, w, room)
		if err != nil || !ours {
			return err
		}
		w.drifted(ctx, room)
	}
	return nil
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

// worthLooking reports whether a post looks like an identity code in one of our rooms. Most do not, and no room is asked about.
func (w *watcher) worthLooking(ctx context.Context, p *model.Post) (bool, error) {
	if looks, _ := w.cfg.House.LooksIdentity(p.Message); !looks {
		return false, nil
	}
	return w.rooms.have(ctx, w, p.ChannelId)
}

// said looks at one post in a room of ours. What it says is neither kept nor logged.
func (w *watcher) said(ctx context.Context, p *model.Post) {
	looks, valid := w.cfg.House.LooksIdentity(p.Message)
	if edited, known := w.heard[p.Id]; !looks || p.DeleteAt != 0 || known && edited == p.EditAt {
		return
	}
	w.heard[p.Id] = p.EditAt
	if p.UserId == w.server.me {
		// The server writes in Luotsi's name what a header was before Luotsi emptied it.
		if p.IsSystemMessage() {
			w.takeAway(ctx, p.Id)
		}
		return
	}
	// The ledger knows it from then on: the same words are not told of again when Luotsi starts anew.
	key := fmt.Sprintf("identity %s %d", p.Id, p.EditAt)
	w.tell(ctx, "identity", p.ChannelId, func() error {
		_, err := w.cfg.Ledger.Once(ctx, platform, key, func(time.Time) (string, error) {
			deleted := valid && w.takeAway(ctx, p.Id)
			return "told of " + p.Id, w.cfg.House.IdentitySaid(ctx, platform, p.ChannelId, p.UserId, valid, deleted)
		})
		return err
	})
}

// takeAway deletes a post if the bot may, and reports whether it is gone.
func (w *watcher) takeAway(ctx context.Context, post string) bool {
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
		if n == insistTimes-1 || !sleep(ctx, min(retry.After, w.most)) {
			return false
		}
	}
	return false
}

func (w *watcher) drifted(ctx context.Context, room string) {
	w.tell(ctx, "drift", room, func() error { return w.cfg.House.RoomDrifted(ctx, platform, room) })
}

// tell has the house take something, again if it cannot just now.
func (w *watcher) tell(ctx context.Context, what, room string, take func() error) {
	var err error
	for n := range insistTimes {
		if err = take(); err == nil || ctx.Err() != nil {
			return
		}
		if n < insistTimes-1 && !sleep(ctx, w.insist<<n) {
			return
		}
	}
	w.cfg.Log.ErrorContext(ctx, "the house could not be told what happened in a room", "what", what, "room", room, "error", err)
}
