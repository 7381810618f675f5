package mattermost

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// What a post of ours carries, so that it is found again after an answer that was lost. Others can read it: no key, no text.
const (
	markProp = "luotsi_key"  // what its key is known by
	partProp = "luotsi_part" // which part of a long message it is, from 0
	ofProp   = "luotsi_of"   // of how many parts
)

// How often and after what time a conversation is tried that is not open yet.
const (
	directTries = 4
	directWait  = 50 * time.Millisecond
)

// skew is how far the server's clock may be behind ours.
const skew = 10 * time.Minute

// Post says something in a room; see bot.Platform.
func (m *Mattermost) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	id, err := m.say(ctx, room, key, p)
	return id, doing("posting", err)
}

// Direct says something to one person alone; see bot.Platform.
func (m *Mattermost) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	const what = "telling a person"
	if err := m.reach(ctx, user); err != nil {
		return "", doing(what, err)
	}
	channel, r, err := m.client.CreateDirectChannel(ctx, m.server.me, user)
	switch err := fault(r, err); {
	case status(err) == http.StatusForbidden: // an administrator can mend that
		return "", fmt.Errorf("%s: the bot lacks the right to: %w: %w", what, bot.ErrPermanent, err)
	case err != nil:
		return "", doing(what, err)
	}
	for n := 0; ; n++ {
		id, err := m.say(ctx, channel.Id, key, p)
		if !errors.Is(err, bot.ErrOutside) && status(err) != http.StatusForbidden {
			return id, doing(what, err)
		}
		// Somebody else is opening the conversation in this moment, and nobody is in it yet.
		if n == directTries || !sleep(ctx, directWait<<n) {
			return "", doing(what+": the conversation is not open yet", &bot.RetryError{After: later, Err: errors.New("forbidden")})
		}
	}
}

// say says something in a channel once for the key, and returns its first post's id.
func (m *Mattermost) say(ctx context.Context, channel, key string, p bot.Post) (string, error) {
	key = channel + " " + key
	return m.cfg.Ledger.Once(ctx, platform, key, func(tried time.Time) (string, error) {
		if !model.IsValidId(channel) {
			return "", bot.ErrGone
		}
		have := map[int]string{}
		if !tried.IsZero() {
			var err error
			if have, err = m.parts(ctx, channel, mark(key), tried.Add(-skew)); err != nil {
				return "", m.inRoom(ctx, channel, err)
			}
		}
		posts := m.posts(p, spot{Room: channel, Mark: mark(key)})
		for i, part := range posts {
			if have[i] != "" {
				continue
			}
			// The server remembers it for half a minute: a help when two of us are at it, never what we rely on.
			part.PendingPostId = fmt.Sprintf("%s:%s.%d", m.server.me, mark(key), i)
			id, err := m.create(ctx, channel, label{mark(key), i, len(posts)}, part)
			if err != nil {
				return "", m.inRoom(ctx, channel, err)
			}
			have[i] = id
		}
		return have[0], nil
	})
}

// mark is what a key is known by in the chat.
func mark(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}

// label tells a post of ours apart.
type label struct {
	mark     string
	part, of int
}

// put writes the label on a post. "from_bot" is the server's own mark, which an edit would lose.
func (l label) put(p *model.Post) {
	p.AddProp(model.PostPropsFromBot, "true")
	if l.mark != "" {
		p.AddProp(markProp, l.mark)
		p.AddProp(partProp, strconv.Itoa(l.part))
		p.AddProp(ofProp, strconv.Itoa(l.of))
	}
}

// labelOf reads a post's label; a post without has an empty mark.
func labelOf(p *model.Post) (l label) {
	number := func(prop string) int {
		text, _ := p.GetProp(prop).(string)
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0
		}
		return n
	}
	l.mark, _ = p.GetProp(markProp).(string)
	l.part, l.of = number(partProp), number(ofProp)
	return l
}

func (m *Mattermost) create(ctx context.Context, channel string, l label, p *model.Post) (string, error) {
	p.ChannelId = channel
	l.put(p)
	made, r, err := m.client.CreatePost(ctx, p)
	if err := fault(r, err); err != nil {
		return "", err
	}
	return made.Id, nil
}

// parts finds the posts that were said under the mark since the instant of the server's clock.
func (m *Mattermost) parts(ctx context.Context, channel, mark string, since time.Time) (map[int]string, error) {
	have := map[int]string{}
	for page := 0; ; page++ {
		list, r, err := m.client.GetPostsForChannel(ctx, channel, page, 200, "", false, false)
		if err := fault(r, err); err != nil {
			return nil, err
		}
		for _, id := range list.Order {
			p := list.Posts[id]
			if p == nil {
				continue
			}
			if p.CreateAt < since.UnixMilli() {
				return have, nil
			}
			l := labelOf(p)
			if l.mark == mark && p.UserId == m.server.me && p.DeleteAt == 0 && p.OriginalId == "" {
				have[l.part] = p.Id
			}
		}
		if len(list.Order) == 0 {
			return have, nil
		}
	}
}

// Edit replaces a message; see bot.Platform. The room may be left empty.
func (m *Mattermost) Edit(ctx context.Context, room, message string, p bot.Post) error {
	const what = "editing"
	old, err := m.postOf(ctx, message)
	switch {
	case err != nil && room != "":
		if _, outside := m.channel(ctx, room); outside != nil {
			err = outside
		}
		return doing(what, err)
	case err != nil:
		return doing(what, err)
	case old.UserId != m.server.me:
		return doing(what+": not Luotsi's own", bot.ErrPermanent)
	case room != "" && old.ChannelId != room:
		return doing(what+": not in this room", bot.ErrGone)
	}
	return doing(what, m.inRoom(ctx, old.ChannelId, m.replace(ctx, old, m.posts(p, spot{Room: old.ChannelId, Mark: labelOf(old).mark}))))
}

// replace makes what began with the old post the new ones, as many as they are. The first is changed last: it says how many
// parts there are, and a change that broke off is found by it and done again.
func (m *Mattermost) replace(ctx context.Context, old *model.Post, posts []*model.Post) error {
	was := labelOf(old)
	have := map[int]string{}
	if was.mark != "" && max(was.of, len(posts)) > 1 {
		var err error
		if have, err = m.parts(ctx, old.ChannelId, was.mark, time.UnixMilli(old.CreateAt)); err != nil {
			return err
		}
	}
	for i, p := range posts[1:] {
		l := label{was.mark, i + 1, len(posts)}
		if have[l.part] == "" {
			if _, err := m.create(ctx, old.ChannelId, l, p); err != nil {
				return err
			}
		} else if err := m.patch(ctx, have[l.part], l, p); err != nil {
			return err
		}
	}
	for i, id := range have {
		if i < len(posts) {
			continue
		}
		if err := fault(m.client.DeletePost(ctx, id)); err != nil {
			return err
		}
	}
	return m.patch(ctx, old.Id, label{was.mark, 0, len(posts)}, posts[0])
}

// patch replaces a post's text and buttons: the server keeps nothing of what is told here, and all that is not.
func (m *Mattermost) patch(ctx context.Context, id string, l label, p *model.Post) error {
	l.put(p)
	return m.rewrite(ctx, id, p.Message, p.GetProps())
}

// rewrite gives a post another text and other props. Where the server lets no text be changed after a time (its PostEditTimeLimit,
// which is for texts only), the props are changed alone: buttons that have had their use must go.
func (m *Mattermost) rewrite(ctx context.Context, id, text string, props model.StringInterface) error {
	_, r, err := m.client.PatchPost(ctx, id, &model.PostPatch{Message: &text, Props: &props})
	failed := fault(r, err)
	if !because(failed, "permissions_time_limit.app_error") {
		return failed
	}
	m.cfg.Log.WarnContext(ctx, "mattermost: the server lets no text be changed any more (PostEditTimeLimit), only buttons are")
	_, r, err = m.client.PatchPost(ctx, id, &model.PostPatch{Props: &props})
	return fault(r, err)
}

// postOf reads a post. bot.ErrGone when there is none that Luotsi can see.
func (m *Mattermost) postOf(ctx context.Context, id string) (*model.Post, error) {
	if !model.IsValidId(id) {
		return nil, bot.ErrGone
	}
	p, r, err := m.client.GetPost(ctx, id, "")
	switch err := fault(r, err); status(err) {
	case http.StatusNotFound, http.StatusForbidden, http.StatusBadRequest:
		return nil, bot.ErrGone
	default:
		return p, err
	}
}

// posts are the posts that a message is made of, the first first; there is always one.
func (m *Mattermost) posts(p bot.Post, at spot) []*model.Post {
	parts := m.render(p, at)
	posts := make([]*model.Post, len(parts))
	for i, part := range parts {
		posts[i] = &model.Post{Message: part.text}
		if len(part.attachments) > 0 {
			posts[i].AddProp(model.PostPropsAttachments, part.attachments)
		}
	}
	return posts
}
