package slack

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// takeSubmit answers a modal that is sent. Faults can stand beside their questions only in the acknowledgement itself, so more
// time is given to the answer than elsewhere; when it takes longer still, the modal says to wait and shows the answer later.
func (s *Slack) takeSubmit(ctx context.Context, d deed, limit int) []byte {
	w := s.begin(ctx, d)
	if w == nil {
		p := s.houseSpeech()
		return s.ackView(ctx, d, again(d.view, postBlocks(p.post("busy"))), p, limit)
	}
	if !w.ready(s.in.submit) {
		s.in.start(ctx, func(ctx context.Context) { s.followSubmit(ctx, w) })
		return acknowledge(slack.NewUpdateViewSubmissionResponse(new(waitModal(w.language(s)))))
	}
	defer s.in.start(ctx, func(ctx context.Context) { s.settle(ctx, w) })
	a := w.answer
	switch {
	case !w.failed && len(a.Errors) > 0 && a.Dialog == nil && a.Link == "" && besides(d.view, a.Errors):
		return acknowledge(slack.NewErrorsViewSubmissionResponse(a.Errors))
	case a.Direct && a.Link == "" && a.Dialog == nil && !w.refused():
		s.in.start(ctx, func(ctx context.Context) { s.showDirect(ctx, w, d.view.ID) })
		return acknowledge(slack.NewUpdateViewSubmissionResponse(new(waitModal(w.speech))))
	}
	v, ok := s.afterSubmit(ctx, w)
	if !ok {
		return acknowledge(slack.NewClearViewSubmissionResponse())
	}
	return s.ackView(ctx, d, v, w.speech, limit)
}

// afterSubmit is the view that follows a form: the form again if it was not accepted, the next form (or one that asks again what was
// asked before and turned out to be wrong), or what was answered. Not ok means that there is nothing to show.
func (s *Slack) afterSubmit(ctx context.Context, w *work) (v slack.ModalViewRequest, ok bool) {
	a, err := w.answer, error(nil)
	switch {
	case a.Dialog != nil:
		v, err = s.formOf(w)
	case len(a.Errors) > 0 && a.Link != "": // what is wrong is asked again on Luotsi's own page
		v, err = readModal(w.speech, slices.Concat(faultsAbove(w.speech, w.view.Blocks.BlockSet, a.Errors), answerBlocks(w.speech, a)))
	case len(a.Errors) > 0:
		v = again(w.view, faultsAbove(w.speech, w.view.Blocks.BlockSet, a.Errors))
	case w.failed || w.refused():
		v = again(w.view, answerBlocks(w.speech, a))
	case len(a.Replies) > 0 || a.Link != "":
		v, err = readModal(w.speech, answerBlocks(w.speech, a))
	default:
		return v, false
	}
	if err != nil {
		w.fail(ctx, s, err)
		v = again(w.view, answerBlocks(w.speech, w.answer))
	}
	return v, true
}

// followSubmit shows the answer to a form that took long.
func (s *Slack) followSubmit(ctx context.Context, w *work) {
	select {
	case <-w.done:
	case <-ctx.Done():
		return // handle is given no more time than this, and has said so in the log
	}
	if a := w.answer; a.Direct && a.Link == "" && a.Dialog == nil && len(a.Errors) == 0 && !w.failed && !w.refused() {
		s.showDirect(ctx, w, w.view.ID)
	} else if v, ok := s.afterSubmit(ctx, w); ok {
		s.updateOrTell(ctx, w, v)
	} else {
		s.updateOrTell(ctx, w, waitModal(w.speech))
	}
	s.settle(ctx, w)
}

// updateOrTell shows a view in the place of the form; if the person has closed that, they are told in a direct message.
func (s *Slack) updateOrTell(ctx context.Context, w *work, v slack.ModalViewRequest) {
	err := s.updateView(ctx, w.view.ID, v)
	if errors.Is(err, bot.ErrGone) && len(w.answer.Replies) > 0 {
		err = s.respond(ctx, w, nil)
	}
	if err != nil {
		s.lost(ctx, w, "answering a form", err)
	}
}

// ackView acknowledges a form with a view. One that is too large for an acknowledgement is shown right after it.
func (s *Slack) ackView(ctx context.Context, d deed, v slack.ModalViewRequest, p speech, limit int) []byte {
	ack := acknowledge(slack.NewUpdateViewSubmissionResponse(&v))
	if limit == 0 || len(ack) <= limit {
		return ack
	}
	s.in.start(ctx, func(ctx context.Context) {
		if err := s.updateView(ctx, d.view.ID, v); err != nil {
			s.lost(ctx, &work{deed: d}, "answering a form", err)
		}
	})
	return acknowledge(slack.NewUpdateViewSubmissionResponse(new(waitModal(p))))
}

func acknowledge(r *slack.ViewSubmissionResponse) []byte {
	ack, err := json.Marshal(r)
	if err != nil {
		return nil // views are made of texts and numbers only
	}
	return ack
}
