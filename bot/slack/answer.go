package slack

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"luotsi/bot"
)

// work is one thing a person did, on its way to an answer.
type work struct {
	deed
	heard  chan struct{} // closed when speech is known
	done   chan struct{} // closed when the answer is there
	speech speech
	answer bot.Answer
	failed bool // the answer only says that something went wrong
}

// take does what a deed asks. The acknowledgement, which holds no more than limit bytes (0: as many as it needs), is ready well
// within Slack's three seconds. ok is false when the deed should be brought again.
func (s *Slack) take(ctx context.Context, d deed, limit int) (ack []byte, ok bool) {
	if s.team != "" && d.team != "" && d.team != s.team {
		return nil, true // another workspace's
	}
	now := s.cfg.Now()
	switch d.kind {
	case happened, homeSeen:
		return nil, s.takeEvent(ctx, d, now)
	case commanded:
		if !s.in.events.put(d.id, struct{}{}, now) {
			return nil, true
		}
		return s.takeCommand(ctx, d, limit), true
	case pressed:
		if !s.in.events.put(d.id, struct{}{}, now) || !s.in.clicks.put(digest(d.user, d.request.Press), struct{}{}, time.Now()) {
			return nil, true
		}
		s.takePress(ctx, d)
	case submitted:
		return s.takeSubmit(ctx, d, limit), true
	case closed:
		s.in.stands.drop(d.user + " " + d.message)
	}
	return nil, true
}

// takeEvent does something that Slack tells, once however often it is told.
func (s *Slack) takeEvent(ctx context.Context, d deed, now time.Time) bool {
	if !s.in.events.put(d.id, struct{}{}, now) {
		return true
	}
	started := s.in.work(ctx, func(ctx context.Context) {
		if d.kind == homeSeen {
			s.homeOpened(ctx, d.user)
			return
		}
		s.event(ctx, d.inner)
	})
	if started {
		s.out.past.hears(now)
	} else {
		s.in.events.drop(d.id)
	}
	return started
}

// begin has a deed answered beside; nil when there is too much to do already.
func (s *Slack) begin(ctx context.Context, d deed) *work {
	w := &work{deed: d, heard: make(chan struct{}), done: make(chan struct{}), speech: s.houseSpeech()}
	started := s.in.work(ctx, func(ctx context.Context) {
		defer close(w.done)
		ctx, cancel := context.WithTimeout(ctx, handleLife)
		defer cancel()
		err := bot.Guarded(s.cfg.Log, "answering in Slack", func() error {
			w.speech = s.speech(ctx, d.user)
			close(w.heard)
			s.handle(ctx, w)
			return nil
		})
		if err != nil {
			w.fail(ctx, s, err)
		}
	})
	if !started {
		return nil
	}
	return w
}

// handle has the dispatcher answer. What fails is told with a reference that is also in the log, where nothing else of it is.
func (s *Slack) handle(ctx context.Context, w *work) {
	req := w.request
	req.Platform, req.User, req.At, req.Place = Platform, w.user, s.cfg.Now(), s.placeOf(w.deed)
	known, err := s.isOurs(ctx, w.deed)
	if err == nil {
		if !known {
			req.Press = notOurs
		}
		w.answer, err = s.cfg.Handle(ctx, req)
	}
	if err != nil {
		w.fail(ctx, s, err)
	}
}

func (w *work) fail(ctx context.Context, s *Slack, err error) {
	reference := rand.Text()[:6]
	s.cfg.Log.ErrorContext(ctx, "something a person asked in Slack failed", "reference", reference, "kind", string(w.kind), "error", err.Error())
	text := w.speech.sayWith("failed", bot.Data{"reference": reference})
	w.failed, w.answer = true, bot.Answer{Replies: []bot.Post{{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}}}}
}

// notOurs is the ticket of a button that stands on no message of Luotsi's: nobody's, so it is denied like any forged one.
const notOurs = "not-ours"

// isOurs reports whether a pressed button stands where Luotsi put it: in a view, in a message only the person sees, or in a
// message that was said. Slack brings the presses of no other app's buttons, so this is a second lock. People may be quicker than the
// ledger, which notes a message once Slack has answered: of a young one it is asked again.
func (s *Slack) isOurs(ctx context.Context, d deed) (bool, error) {
	if d.kind != pressed || d.message == "" || d.ephemeral {
		return true, nil
	}
	_, at, _ := strings.Cut(d.message, ":")
	now := s.cfg.Now()
	young := now.Sub(instantOf(at, now)) < time.Minute
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		said, err := s.cfg.Ledger.Said(ctx, Platform, d.message)
		if said || err != nil || !young || wait > time.Second || !pause(ctx, wait) {
			return said, err
		}
	}
}

// placeOf tells where something was done. Views are between the person and Luotsi; and what Luotsi answers in a direct
// conversation is seen by the person alone, whoever the conversation is with.
func (s *Slack) placeOf(d deed) bot.Place {
	switch {
	case d.kind == submitted || d.view.ID != "" || d.channel == "" || d.channel[0] == 'D':
		return bot.Place{Kind: bot.InDirect}
	case d.channel == s.cfg.Queue:
		return bot.Place{Kind: bot.InQueue, Room: d.channel}
	}
	return bot.Place{Kind: bot.InRoom, Room: d.channel}
}

// ready waits for the answer, at most for a while.
func (w *work) ready(wait time.Duration) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-w.done:
		return true
	case <-t.C:
		return false
	}
}

// language is the person's once it is known; until then the house's.
func (w *work) language(s *Slack) speech {
	select {
	case <-w.heard:
		return w.speech
	default:
		return s.houseSpeech()
	}
}

func (w *work) refused() bool {
	return slices.ContainsFunc(w.answer.Replies, func(p bot.Post) bool { return p.Refusal != "" })
}

func (w *work) refusedBy(rule string) bool {
	return slices.ContainsFunc(w.answer.Replies, func(p bot.Post) bool { return p.Refusal == rule })
}

// accepted reports whether what the person asked was taken as it is, neither refused nor asked further.
func (w *work) accepted() bool {
	return !w.failed && !w.refused() && len(w.answer.Errors) == 0 && w.answer.Dialog == nil
}

// houseSpeech is for who is not known, or not yet.
func (s *Slack) houseSpeech() speech { return speech{s.cfg.Catalog, s.cfg.HouseLang.Known()} }
