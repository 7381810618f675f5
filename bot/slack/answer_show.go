package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// maxResponses is how many messages are said to a response address, which takes five; one is kept for the message itself.
const maxResponses = 4

// takeCommand answers a slash command: at once if the answer is a message that is ready, otherwise by what follows.
func (s *Slack) takeCommand(ctx context.Context, d deed, limit int) []byte {
	w := s.begin(ctx, d)
	if w == nil {
		return s.refuseNow(s.cfg.HouseLang.Known())
	}
	if !w.ready(s.in.prompt) {
		s.in.start(ctx, func(ctx context.Context) { s.follow(ctx, w, s.waitView(ctx, w)) })
		return nil
	}
	if w.answer.Dialog == nil && (!w.answer.Direct || w.answer.Link != "") {
		if all := parts(answerBlocks(w.speech, w.answer)); len(all) == 1 {
			ack, err := json.Marshal(slack.WebhookMessage{
				ResponseType: slack.ResponseTypeEphemeral, Text: answerText(w.answer), Blocks: &slack.Blocks{BlockSet: all[0]},
			})
			if err == nil && checkBlocks("an answer", all[0], maxPostBlocks) == nil && (limit == 0 || len(ack) <= limit) {
				s.in.start(ctx, func(ctx context.Context) { s.settle(ctx, w) })
				return ack
			}
		}
	}
	s.in.start(ctx, func(ctx context.Context) { s.follow(ctx, w, "") })
	return nil
}

// refuseNow says that there is too much to do, without asking anything of the database.
func (s *Slack) refuseNow(lang bot.Lang) []byte {
	ack, err := json.Marshal(map[string]string{"response_type": slack.ResponseTypeEphemeral, "text": escape(speech{s.cfg.Catalog, lang}.say("busy"))})
	if err != nil {
		return nil // two strings can always be written
	}
	return ack
}

// takePress answers a press on a button; Slack wants no more than an empty acknowledgement, which goes at once.
func (s *Slack) takePress(ctx context.Context, d deed) {
	w := s.begin(ctx, d)
	if w == nil {
		if !s.in.startIn(ctx, s.in.told, func(ctx context.Context) { s.busy(ctx, d) }) {
			s.cfg.Log.WarnContext(ctx, "a press in Slack was not answered: too much is under way")
		}
		return
	}
	s.in.start(ctx, func(ctx context.Context) {
		view := ""
		switch {
		case d.view.Type == slack.VTModal:
			view = d.view.ID
		case !w.ready(s.in.prompt):
			view = s.waitView(ctx, w)
		}
		s.follow(ctx, w, view)
	})
}

func (s *Slack) busy(ctx context.Context, d deed) {
	p := s.speech(ctx, d.user)
	w := &work{deed: d, speech: p, failed: true, answer: bot.Answer{Replies: []bot.Post{p.post("busy")}}}
	view := ""
	if d.view.Type == slack.VTModal {
		view = d.view.ID
	}
	s.showReplies(ctx, w, view)
}

// waitView opens a modal that says to wait, while the trigger lives; empty when it could not be opened.
func (s *Slack) waitView(ctx context.Context, w *work) string {
	view, err := s.openView(ctx, w.trigger, waitModal(w.language(s)))
	if err != nil {
		s.lost(ctx, w, "opening a view", err)
		return ""
	}
	return view
}

// follow shows an answer when it is there: in the view if there is one, otherwise where the person asked.
func (s *Slack) follow(ctx context.Context, w *work, view string) {
	select {
	case <-w.done:
	case <-ctx.Done():
		return // handle is given no more time than this, and has said so in the log
	}
	switch a := w.answer; {
	case a.Dialog != nil:
		s.showForm(ctx, w, view)
	case a.Direct && a.Link == "":
		s.showDirect(ctx, w, view)
	default:
		s.showReplies(ctx, w, view)
	}
	s.settle(ctx, w)
}

func (s *Slack) showForm(ctx context.Context, w *work, view string) {
	v, err := s.formOf(w)
	if err != nil {
		w.fail(ctx, s, err)
		s.showReplies(ctx, w, view)
		return
	}
	s.remember(w)
	if view != "" {
		err = s.updateView(ctx, view, v)
	} else {
		_, err = s.openView(ctx, w.trigger, v)
	}
	switch {
	case err == nil, errors.Is(err, bot.ErrGone) && view != "": // seen, or closed meanwhile
	default:
		s.lost(ctx, w, "opening a form", err)
		w.failed, w.answer = true, bot.Answer{Replies: []bot.Post{w.speech.post("form_late")}}
		s.showReplies(ctx, w, "")
	}
}

// formOf is the form of an answer, below what the answer says besides, or what is wrong with what was answered before.
func (s *Slack) formOf(w *work) (slack.ModalViewRequest, error) {
	message := w.message
	if w.ephemeral {
		message = ""
	}
	v, err := formModal(w.speech, *w.answer.Dialog, message)
	if err != nil {
		return v, err
	}
	above := answerBlocks(w.speech, w.answer)
	if len(w.answer.Errors) > 0 {
		above = faultsAbove(w.speech, slices.Concat(w.view.Blocks.BlockSet, v.Blocks.BlockSet), w.answer.Errors)
	}
	if len(above) == 0 {
		return v, nil
	}
	v.Blocks.BlockSet = append(numbered(above), v.Blocks.BlockSet...)
	return v, checkModal("form of "+w.answer.Dialog.Command, v)
}

// showDirect answers in the person's direct messages, and says so where it was asked.
func (s *Slack) showDirect(ctx context.Context, w *work, view string) {
	for i, reply := range w.answer.Replies {
		if _, err := s.direct(ctx, w.user, fmt.Sprintf("answer-%s-%d", w.id, i), reply, facing); err != nil {
			s.lost(ctx, w, "answering in a direct message", err)
			s.showReplies(ctx, w, view)
			return
		}
	}
	if view == "" && w.message != "" && s.placeOf(w.deed).Kind == bot.InDirect {
		return // it is there already
	}
	told := &work{deed: w.deed, speech: w.speech, answer: bot.Answer{Replies: []bot.Post{w.speech.post("sent_direct")}}}
	s.showReplies(ctx, told, view)
}

// showReplies shows what an answer says, to the asker alone.
func (s *Slack) showReplies(ctx context.Context, w *work, view string) {
	blocks := answerBlocks(w.speech, w.answer)
	if len(blocks) == 0 {
		return
	}
	v, err := readModal(w.speech, blocks)
	if err != nil {
		s.lost(ctx, w, "showing an answer", err)
		return
	}
	switch {
	case view != "":
		if err = s.updateView(ctx, view, v); !errors.Is(err, bot.ErrGone) {
			break
		}
		err = s.respond(ctx, w, blocks) // the view was closed
	case w.response == "" && w.trigger != "":
		if _, err = s.openView(ctx, w.trigger, v); err != nil {
			err = s.respond(ctx, w, blocks) // the trigger was too old or used already
		}
	default:
		err = s.respond(ctx, w, blocks)
	}
	if err != nil {
		s.lost(ctx, w, "showing an answer", err)
	}
}

// respond says blocks where the person asked, seen by that person only; without an address for that, in direct messages.
func (s *Slack) respond(ctx context.Context, w *work, blocks []slack.Block) error {
	if w.response == "" {
		for i, reply := range w.answer.Replies {
			if _, err := s.direct(ctx, w.user, fmt.Sprintf("answer-%s-%d", w.id, i), reply, facing); err != nil {
				return err
			}
		}
		return nil
	}
	for i, part := range parts(blocks) {
		if i == maxResponses {
			return errors.New("the answer is too long to be told")
		}
		if err := checkBlocks("an answer", part, maxPostBlocks); err != nil {
			return err
		}
		err := s.webhook(ctx, w.response, slack.WebhookMessage{
			ResponseType: slack.ResponseTypeEphemeral, Text: answerText(w.answer), Blocks: &slack.Blocks{BlockSet: part},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lost logs that something could not be shown; nothing of what it says.
func (s *Slack) lost(ctx context.Context, w *work, what string, err error) {
	s.cfg.Log.WarnContext(ctx, "an answer could not be shown in Slack", "doing", what, "kind", string(w.kind), "error", err.Error())
}
