package slack

import (
	"context"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// homeLife is how long after a person opened the home view it is still made anew when something changes. Opening it again
// makes it anew anyway.
const homeLife = 12 * time.Hour

// homes knows whose home view is worth making anew, and makes each one at a time.
type homes struct {
	mu   sync.Mutex
	seen map[string]*home
}

type home struct {
	opened time.Time
	making bool
	again  bool // something changed while it was being made
	asked  bool // the person opened it, and it has not been made for that yet
}

func newHomes() *homes { return &homes{seen: map[string]*home{}} }

// claim reports whether the caller makes the view now. When somebody else is making it, they will make it once more.
func (h *homes) claim(user string, now time.Time, opening bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for u, o := range h.seen {
		if !o.making && now.Sub(o.opened) > homeLife {
			delete(h.seen, u)
		}
	}
	o := h.seen[user]
	switch {
	case o == nil && !opening:
		return false
	case o == nil:
		o = &home{}
		h.seen[user] = o
	}
	if opening {
		o.opened, o.asked = now, true
	}
	if o.making {
		o.again = true
		return false
	}
	o.making = true
	return true
}

// turn reports whether the view is now made because the person opened it.
func (h *homes) turn(user string) (asked bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	o := h.seen[user]
	asked, o.asked = o.asked, false
	return asked
}

// done reports whether the view has to be made once more.
func (h *homes) done(user string) (again bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	o := h.seen[user]
	again, o.again = o.again, false
	o.making = again
	return again
}

// leave says that nobody makes the view any more, whatever changed meanwhile: the next change has it made again.
func (h *homes) leave(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[user].making, h.seen[user].again = false, false
}

// any reports whether anybody's view is worth making anew.
func (h *homes) any() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.seen) > 0
}

// RefreshHome makes a person's home view anew if they may have it before their eyes; otherwise it is made when they open it. It
// returns at once.
func (s *Slack) RefreshHome(ctx context.Context, user string) {
	if s.in.homes.claim(user, s.cfg.Now(), false) && !s.in.start(ctx, func(ctx context.Context) { s.makeHome(ctx, user) }) {
		s.in.homes.leave(user)
	}
}

// queueChanged makes the home views of the coordinators anew that may be before their eyes: what waits for them is another now.
func (s *Slack) queueChanged(ctx context.Context, channel string) {
	if channel == "" || channel != s.cfg.Queue || !s.in.homes.any() {
		return
	}
	s.in.start(ctx, func(ctx context.Context) {
		coordinators, err := s.members(ctx, channel, talking)
		if err != nil {
			s.cfg.Log.WarnContext(ctx, "home views could not be made anew in Slack", "error", err.Error())
		}
		for _, user := range coordinators {
			s.RefreshHome(ctx, user)
		}
	})
}

func (s *Slack) homeOpened(ctx context.Context, user string) {
	if s.in.homes.claim(user, s.cfg.Now(), true) {
		s.makeHome(ctx, user)
	}
}

func (s *Slack) makeHome(ctx context.Context, user string) {
	for {
		asked := s.in.homes.turn(user)
		err := bot.Guarded(s.cfg.Log, "making a home view", func() error { return s.showHome(ctx, user, asked) })
		if err != nil {
			s.cfg.Log.WarnContext(ctx, "a home view could not be shown in Slack", "error", err.Error())
		}
		if !s.in.homes.done(user) {
			return
		}
		if ctx.Err() != nil {
			s.in.homes.leave(user)
			return
		}
	}
}

// showHome shows today's view, the same that the bare command answers. One that nobody asked for is left as it is while too much is
// under way.
func (s *Slack) showHome(ctx context.Context, user string, asked bool) error {
	w := &work{deed: deed{kind: homeSeen, user: user}, speech: s.speech(ctx, user)}
	answer, err := s.cfg.Handle(ctx, bot.Request{
		Platform: Platform, User: user, Place: bot.Place{Kind: bot.InDirect}, At: s.cfg.Now(), Text: "/luotsi", Unasked: !asked,
	})
	w.answer = answer
	if !asked && w.refusedBy("busy") {
		return nil
	}
	if err != nil {
		w.fail(ctx, s, err)
	}
	v, err := homeView(w.speech, w.answer)
	if err != nil {
		return err
	}
	return s.publishHome(ctx, user, v)
}

// homeView is an answer as a home view.
func homeView(p speech, a bot.Answer) (slack.HomeTabViewRequest, error) {
	blocks := answerBlocks(p, a)
	if len(blocks) == 0 { // somebody whom Luotsi does not know yet gets a form, which cannot stand here
		blocks = postBlocks(p.post("home_begin"))
	}
	if len(blocks) >= maxViewBlocks {
		blocks = blocks[: maxViewBlocks-1 : maxViewBlocks-1]
	}
	blocks = append(blocks, slack.NewContextBlock("", plain(p.say("home_hint"))))
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: blocks}}
	return v, checkBlocks("the home view", blocks, maxViewBlocks)
}
