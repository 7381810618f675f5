package mattermost

import (
	"context"
	"errors"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// rooms are the channels that are Luotsi's rooms, as far as is known.
type rooms struct {
	open    map[string]bool
	foreign map[string]model.ChannelType // never to be ours, made by somebody else
	asked   time.Time
}

// read asks the house which rooms are open.
func (r *rooms) read(ctx context.Context, w *watcher) error {
	ids, err := w.cfg.House.OpenRooms(ctx, platform)
	if err != nil {
		return doing("asking which rooms are open", err)
	}
	r.asked, r.open = time.Now(), make(map[string]bool, len(ids))
	for _, id := range ids {
		r.open[id] = true
	}
	return nil
}

// minded reports whether nobody may write an identity code in a channel: open rooms of ours, the coordinators' channel, and where
// somebody is alone with Luotsi.
func (r *rooms) minded(ctx context.Context, w *watcher, room string) (bool, error) {
	if room != "" && room == w.queue() {
		return true, nil
	}
	ours, err := r.have(ctx, w, room)
	return ours || r.foreign[room] == model.ChannelTypeDirect, err
}

// have reports whether a channel is an open room of ours. One that is not known is asked about, at most so often that the
// channels the bot happens to be in do not burden the house.
func (r *rooms) have(ctx context.Context, w *watcher, room string) (bool, error) {
	if _, foreign := r.foreign[room]; foreign || room == "" {
		return false, nil
	}
	if r.open[room] {
		return true, nil
	}
	c, err := w.channel(ctx, room)
	switch {
	case err == nil && (c.CreatorId != w.server.me || c.Type == model.ChannelTypeDirect || c.Type == model.ChannelTypeGroup):
		if r.foreign == nil {
			r.foreign = map[string]model.ChannelType{}
		}
		r.foreign[room] = c.Type
		return false, nil
	case err != nil && !errors.Is(err, bot.ErrGone) && !errors.Is(err, bot.ErrOutside):
		return false, err
	}
	if !sleep(ctx, w.refresh-time.Since(r.asked)) {
		return false, ctx.Err()
	}
	if err := r.read(ctx, w); err != nil {
		return false, err
	}
	return r.open[room], nil
}
