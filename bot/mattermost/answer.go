package mattermost

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// outcome is what came of an asking, and where it is said.
type outcome struct {
	lang   bot.Lang
	here   []bot.Post        // to the asker alone, where it was asked
	direct []bot.Post        // to the asker in private
	points bool              // here only points to what is said in private
	wrong  map[string]string // beside the fields of the form, which stays open
	fault  string            // above the form, which stays open
	next   *model.Dialog     // the form goes on
	acted  bool              // what the button was for is done
}

// carry has the house answer, and opens the form that it answers with.
func (m *Mattermost) carry(ctx context.Context, a asking) (o outcome) {
	ctx, cancel := context.WithTimeout(ctx, taskTime)
	defer cancel()
	if err := bot.Guarded(m.cfg.Log, "answering in Mattermost", func() error { return m.ask(ctx, a, &o) }); err != nil {
		return m.broken(ctx, a, err)
	}
	return o
}

func (m *Mattermost) ask(ctx context.Context, a asking, o *outcome) error {
	if a.answerTo == toClick {
		ours, err := m.oursToPress(ctx, a)
		if err != nil {
			return err
		}
		if !ours {
			a.Press = forged
		}
	}
	answer, err := m.cfg.Handle(ctx, a.Request)
	if err != nil {
		return err
	}
	o.lang = m.cfg.Lang(ctx, a.User)
	if a.answerTo == toForm {
		return m.answerForm(a, answer, o)
	}
	return m.answerAsked(ctx, a, answer, o)
}

// answerAsked answers a command or a click. Buttons cannot stand in the answer to a click, so it is said in private then.
func (m *Mattermost) answerAsked(ctx context.Context, a asking, answer bot.Answer, o *outcome) error {
	posts := m.posted(answer, o.lang)
	o.acted = answer.Done && done(answer)
	switch {
	case len(posts) == 0:
	case !answer.Direct && (a.answerTo == toCommand || !slices.ContainsFunc(posts, hasButtons)):
		o.here = posts
	case !answer.Direct && slices.ContainsFunc(posts, hasWords): // own words are read now and kept nowhere
		o.here, o.direct, o.points = posts, posts, true
	case a.Place.Kind == bot.InDirect:
		o.direct = posts
	default:
		o.direct, o.points = posts, true
		o.here = []bot.Post{m.sentence(o.lang, "answered_direct", nil)}
	}
	if answer.Dialog == nil {
		return nil
	}
	d, err := m.dialog(*answer.Dialog, opening{
		user: a.User, lang: o.lang, direct: a.Place.Kind == bot.InDirect, post: a.post, room: a.channel, mark: a.mark, label: a.label,
	})
	if err != nil {
		return err
	}
	err = m.openDialog(ctx, a.trigger, d)
	if a.trigger == "" || errors.Is(err, bot.ErrGone) {
		o.here = append(o.here, m.sentence(o.lang, "too_late", nil))
		return nil
	}
	return err
}

// answerForm answers a form that was sent. What is wrong stands in the form, so that nothing typed is lost; what is said
// otherwise is said in private.
func (m *Mattermost) answerForm(a asking, answer bot.Answer, o *outcome) error {
	if len(answer.Errors) > 0 {
		o.wrong, o.fault = beside(a.state, answer.Errors)
		return m.goBack(a, answer, o)
	}
	posts := m.posted(answer, o.lang)
	if i := slices.IndexFunc(posts, func(p bot.Post) bool { return p.Refusal != "" }); i >= 0 {
		o.fault = posts[i].Text()
		o.direct = slices.DeleteFunc(posts, func(p bot.Post) bool { return !hasButtons(p) })
		return nil
	}
	o.direct, o.acted = posts, done(answer)
	if answer.Dialog == nil {
		return nil
	}
	if !m.server.steps() {
		return fmt.Errorf("the form of %s goes on, and this server cannot show that", answer.Dialog.Command)
	}
	return m.goOn(a, *answer.Dialog, o)
}

// goOn shows what more the form asks.
func (m *Mattermost) goOn(a asking, dialog bot.Dialog, o *outcome) error {
	d, err := m.dialog(dialog, opening{
		user: a.User, lang: o.lang, direct: a.state.Direct, post: a.post, room: a.channel, mark: a.mark, label: a.label, whole: true,
	})
	o.next = &d
	return err
}

// goBack asks again what an earlier step asked and turned out to be wrong, and says above it what that is. A server cannot show
// a fault and another form at once.
func (m *Mattermost) goBack(a asking, answer bot.Answer, o *outcome) error {
	if answer.Dialog == nil || !m.server.steps() {
		return nil
	}
	dialog := *answer.Dialog
	for _, why := range append(slices.Sorted(maps.Values(o.wrong)), o.fault) {
		if why != "" {
			dialog.Intro = why + "\n" + dialog.Intro
		}
	}
	o.wrong, o.fault = nil, ""
	return m.goOn(a, dialog, o)
}

// beside sorts what is wrong with answers: beside the fields that the form shows, or above it.
func beside(s state, errs map[string]string) (wrong map[string]string, fault string) {
	wrong = map[string]string{}
	var others []string
	for field, why := range errs {
		how := s.Fields[field]
		switch {
		case strings.HasPrefix(how, readBools) && len(how) > 1:
			wrong[how[1:]] = why
		case how != "":
			wrong[field] = why
		default:
			others = append(others, why)
		}
	}
	slices.Sort(others)
	return wrong, strings.Join(slices.Compact(others), " ")
}

// done reports whether nothing is left to do of what was asked.
func done(answer bot.Answer) bool {
	refused := slices.ContainsFunc(answer.Replies, func(p bot.Post) bool { return p.Refusal != "" })
	return !refused && len(answer.Errors) == 0 && answer.Dialog == nil && answer.Link == ""
}

func hasButtons(p bot.Post) bool {
	return slices.ContainsFunc(p.Buttons, func(b bot.PostButton) bool { return b.Ticket != "" })
}

func hasWords(p bot.Post) bool {
	_, had := p.WithoutWords()
	return had
}

// posted is an answer's replies, with the link to Luotsi's own page under the last.
func (m *Mattermost) posted(answer bot.Answer, lang bot.Lang) []bot.Post {
	posts := slices.Clone(answer.Replies)
	if answer.Link == "" {
		return posts
	}
	if len(posts) == 0 {
		posts = append(posts, m.sentence(lang, "on_page", nil))
	}
	last := &posts[len(posts)-1]
	last.Buttons = append(slices.Clone(last.Buttons), bot.PostButton{Label: m.words(lang, "open_page", nil), Link: answer.Link})
	return posts
}

// broken says that something went wrong, with a reference that stands in the log too. Nothing else of the request does.
func (m *Mattermost) broken(ctx context.Context, a asking, err error) outcome {
	reference := rand.Text()[:6]
	m.cfg.Log.Error("mattermost: a request failed", "reference", reference, "error", err)
	return m.shortly(ctx, a, "broken", bot.Data{"reference": reference})
}

// noRoom says that too much is under way.
func (m *Mattermost) noRoom(ctx context.Context, a asking) outcome {
	return m.shortly(ctx, a, "busy", nil)
}

// shortly says one sentence of our own, whatever state the house is in.
func (m *Mattermost) shortly(ctx context.Context, a asking, id string, data bot.Data) outcome {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), busyTime)
	defer cancel()
	o := outcome{lang: m.cfg.Lang(ctx, a.User).Known()}
	if a.answerTo == toForm {
		o.fault = m.words(o.lang, id, data)
	} else {
		o.here = []bot.Post{m.sentence(o.lang, id, data)}
	}
	return o
}
