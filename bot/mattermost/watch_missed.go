package mattermost

import (
	"context"
	"net/http"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// overlap is how much is looked through twice: the clocks of a cluster's servers differ.
const overlap = 10 * time.Second

// editable is how old a conversation's last message may be for the conversation to be looked through: it may have been edited.
const editable = time.Hour

// catchUp looks up what was missed: it has every open room looked at, not too often, and looks through what was said.
func (w *watcher) catchUp(ctx context.Context) error {
	if err := w.rooms.read(ctx, w); err != nil {
		return err
	}
	if w.unswept && time.Since(w.swept) >= w.every {
		for room := range w.rooms.open {
			if err := w.drifted(ctx, room); err != nil {
				return doing("telling of the rooms", err)
			}
		}
		w.unswept, w.swept = false, time.Now()
	}
	return w.readUp(ctx)
}

// readUp looks through what was said since all was told, and moves on if the house has taken all of it. What the house has not
// taken in a day is given up.
func (w *watcher) readUp(ctx context.Context) error {
	since := max(w.since, w.cfg.Now().Add(-w.back).UnixMilli())
	channels, err := w.mindedSince(ctx, since)
	if err != nil {
		return err
	}
	until, behind := since, false
	for _, channel := range channels {
		list, r, err := w.client.GetPostsSince(ctx, channel, since-overlap.Milliseconds(), false)
		switch err := fault(r, err); status(err) {
		case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
			continue // put out of the room, or it is no more: the house finds out by its own look
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
			behind = behind || err != nil
			until = max(until, p.UpdateAt)
		}
	}
	if w.behind = behind; !behind {
		w.since = until
	}
	return ctx.Err()
}

// tookAway reports whether Luotsi took a message away for what it said: the house may not have been told yet. Answers to it went
// with it, and said nothing.
func (w *watcher) tookAway(p *model.Post, list *model.PostList) bool {
	root := list.Posts[p.RootId]
	return p.DeleteAt != 0 && p.UserId != w.server.me && p.GetProp(model.PostPropsDeleteBy) == w.server.me && (root == nil || root.DeleteAt == 0)
}

// mindedSince lists the channels in which identity codes are minded and something may have been said since.
func (w *watcher) mindedSince(ctx context.Context, since int64) ([]string, error) {
	var channels []string
	for room := range w.rooms.open {
		channels = append(channels, room)
	}
	if w.server.queue != "" {
		channels = append(channels, w.server.queue)
	}
	all, r, err := w.client.GetChannelsForUserWithLastDeleteAt(ctx, model.Me, 0)
	if err := fault(r, err); err != nil {
		return nil, doing("listing conversations", err)
	}
	for _, c := range all {
		if c.Type == model.ChannelTypeDirect && c.LastPostAt >= since-overlap.Milliseconds()-editable.Milliseconds() {
			channels = append(channels, c.Id)
		}
	}
	return channels, nil
}
