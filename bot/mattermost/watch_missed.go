package mattermost

import (
	"context"
	"net/http"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// overlap is how much is looked through twice: the clocks of a cluster's servers differ.
const overlap = 10 * time.Second

// editable is how old a channel's last message may be for the channel to be looked through: it may have been edited.
const editable = time.Hour

// past is what is still to be looked through of what was said. A channel is read at a time, and events are heard between: with
// many rooms the server's rate limit would otherwise let nothing else through, and everybody who is to be taken out would wait.
type past struct {
	left     bool     // there is something
	listed   bool     // which channels, is known
	channels []string // not read yet
	since    int64    // from when on, by the server's time in milliseconds
}

// catchUp looks up what was missed: it has every open room looked at, not too often, and begins to look through what was said. What
// the house has not taken in a day is given up.
func (w *watcher) catchUp(ctx context.Context) error {
	if err := w.rooms.read(ctx, w); err != nil {
		return err
	}
	if w.unswept && time.Since(w.swept) >= w.every {
		err := w.tell(ctx, "drift", "all rooms", func() error { return w.cfg.House.RoomsDrifted(ctx, platform) })
		if err != nil {
			return doing("telling of the rooms", err)
		}
		w.unswept, w.swept = false, time.Now()
	}
	if w.past.left { // it goes on where it is, or a slow server would have it begin again and again
		return nil
	}
	w.past = past{left: true, since: max(w.since, w.cfg.Now().Add(-w.back).UnixMilli())}
	w.newest, w.behind = max(w.newest, w.past.since), false
	return nil
}

// readOn looks through one channel more of what was said since all was told. A *bot.RetryError tells how long the server wants to be
// left alone; the same is read then.
func (w *watcher) readOn(ctx context.Context) error {
	if !w.past.listed {
		channels, err := w.mindedSince(ctx, w.past.since)
		if err != nil {
			return err
		}
		w.past.channels, w.past.listed = channels, true
	}
	if len(w.past.channels) > 0 {
		if err := w.read(ctx, w.past.channels[0]); err != nil {
			return err
		}
		w.past.channels = w.past.channels[1:]
	}
	w.past.left = len(w.past.channels) > 0
	w.moveOn()
	return ctx.Err()
}

// moveOn is where everything up to the newest is heard and told, if nothing is left to look through and the house has taken all of it.
func (w *watcher) moveOn() {
	if !w.behind && !w.past.left {
		w.since = max(w.since, w.newest)
	}
}

// read looks through what was said in a channel.
func (w *watcher) read(ctx context.Context, channel string) error {
	list, r, err := w.client.GetPostsSince(ctx, channel, w.past.since-overlap.Milliseconds(), false)
	switch err := fault(r, err); status(err) {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
		return nil // put out of the room, or it is no more: the house finds out by its own look
	default:
		if err != nil {
			return err
		}
	}
	for _, id := range list.Order {
		p := list.Posts[id]
		if p == nil || p.OriginalId != "" {
			continue
		}
		if w.tookAway(p, list) {
			err = w.identity(ctx, p, true, true)
		} else {
			err = w.said(ctx, p)
		}
		w.behind = w.behind || err != nil
		w.newest = max(w.newest, p.UpdateAt)
	}
	return nil
}

// tookAway reports whether Luotsi took a message away for what it said: the house may not have been told yet. Answers to it went
// with it, and said nothing.
func (w *watcher) tookAway(p *model.Post, list *model.PostList) bool {
	root := list.Posts[p.RootId]
	return p.DeleteAt != 0 && p.UserId != w.server.me && p.GetProp(model.PostPropsDeleteBy) == w.server.me && (root == nil || root.DeleteAt == 0)
}

// mindedSince lists the channels in which identity codes are minded and something may have been said since: open rooms of ours, the
// coordinators' channel, and where somebody is alone with Luotsi.
func (w *watcher) mindedSince(ctx context.Context, since int64) ([]string, error) {
	all, r, err := w.client.GetChannelsForUserWithLastDeleteAt(ctx, model.Me, 0)
	if err := fault(r, err); err != nil {
		return nil, doing("listing conversations", err)
	}
	var rooms, others []string
	for _, c := range all {
		switch {
		case c.LastPostAt < since-overlap.Milliseconds()-editable.Milliseconds():
		case w.rooms.open[c.Id]:
			rooms = append(rooms, c.Id)
		case c.Type == model.ChannelTypeDirect, c.Id == w.queue():
			others = append(others, c.Id)
		}
	}
	return append(rooms, others...), nil
}
