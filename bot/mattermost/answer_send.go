package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// reply is what the connection is answered with.
func (m *Mattermost) reply(a asking, o outcome) any {
	switch a.answerTo {
	case toForm:
		answer := model.SubmitDialogResponse{Error: o.fault, Errors: o.wrong}
		if o.next != nil {
			answer.Type, answer.Form = string(model.SubmitDialogResponseTypeForm), o.next
		}
		return answer
	case toClick:
		texts := make([]string, len(o.here))
		for i, p := range o.here {
			texts[i] = asMarkdown(p)
		}
		return model.PostActionIntegrationResponse{EphemeralText: strings.Join(texts, "\n\n"), SkipSlackParsing: true}
	default:
		return m.commandResponse(a.channel, o.here)
	}
}

// commandResponse shows posts to who gave a command, and to nobody else.
func (m *Mattermost) commandResponse(channel string, posts []bot.Post) any {
	var all []*model.CommandResponse
	for _, p := range posts {
		for _, part := range m.render(p, spot{Room: channel, Alone: true}) {
			all = append(all, &model.CommandResponse{
				ResponseType: model.CommandResponseTypeEphemeral, Text: part.text, Attachments: part.attachments, SkipSlackParsing: true,
			})
		}
	}
	if len(all) == 0 {
		return struct{}{}
	}
	all[0].ExtraResponses = all[1:]
	return all[0]
}

// lasting is what of a post may be kept in the chat, and shown in its notifications: nobody's own words (P03, P04), but how to read
// them.
func (m *Mattermost) lasting(p bot.Post, lang bot.Lang) bot.Post {
	p, had := p.WithoutWords()
	if had {
		p.Lines = append(p.Lines, m.sentence(lang, "words_apart", bot.Data{"code": p.Code}).Lines...)
	}
	return p
}

// aside does what need not be waited for apart from the places for new requests: the chat may want to be left alone for minutes. When
// too much waits like that, it is tried for a moment where it is.
func (m *Mattermost) aside(ctx context.Context, f func(context.Context)) {
	if m.unsaid.start(ctx, f) == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lateTime)
	defer cancel()
	f(ctx)
}

// after says in private what is said there, and shows on the message that it was acted on. It does not wait forever: who gets no
// answer may ask again, and is answered the same.
func (m *Mattermost) after(ctx context.Context, a asking, o outcome) {
	for i, p := range o.direct {
		p = m.lasting(p, o.lang)
		// A form refused and sent again unchanged is the same request, with another answer.
		key := requestID("-answer", a.ID, strconv.Itoa(i), asMarkdown(p))
		err := m.keepAt(ctx, func() error {
			_, err := m.Direct(ctx, a.User, key, p)
			return err
		})
		if err != nil {
			m.cfg.Log.Error("mattermost: an answer was not delivered", "error", err)
		}
	}
	if err := m.keepAt(ctx, func() error { return m.showDone(ctx, a, o) }); err != nil {
		m.cfg.Log.Warn("mattermost: a message could not be marked as done", "error", err)
	}
}

// keepAt does something again as often as the chat wants it to be done later, for insistFor in all.
func (m *Mattermost) keepAt(ctx context.Context, do func() error) error {
	for waited := time.Duration(0); ; {
		err := do()
		var again *bot.RetryError
		if !errors.As(err, &again) || waited+again.After > insistFor {
			return err
		}
		waited += again.After
		if !m.sleep(ctx, again.After) {
			return err
		}
	}
}

// late answers when nobody waits for it any more: a command in its place, anything else in private.
func (m *Mattermost) late(ctx context.Context, a asking, o outcome) {
	if a.answerTo == toCommand && len(o.here) > 0 && m.callBack(ctx, a, o.here) == nil || o.points {
		o.here = nil
	}
	var faults []string
	for _, why := range append(slices.Sorted(maps.Values(o.wrong)), o.fault) {
		if why != "" {
			faults = append(faults, why)
		}
	}
	if len(faults) > 0 || o.next != nil {
		p := m.sentence(o.lang, "form_lost", nil)
		for _, why := range faults {
			p.Lines = append(p.Lines, bot.PostLine{Kind: bot.PlainLine, Text: why})
		}
		o.here = append(o.here, p)
	}
	o.direct = append(o.here[:len(o.here):len(o.here)], o.direct...)
	m.after(ctx, a, o)
}

// callBack shows posts in answer to a command that was answered with nothing at first.
func (m *Mattermost) callBack(ctx context.Context, a asking, posts []bot.Post) error {
	if a.hook == "" {
		return errors.New("no address for a late answer")
	}
	ctx, cancel := context.WithTimeout(ctx, lateTime)
	defer cancel()
	body, err := json.Marshal(m.commandResponse(a.channel, posts))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.cfg.URL+"/hooks/commands/"+a.hook, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := m.client.HTTPClient.Do(req)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("a late answer was refused (%d)", answer.StatusCode)
	}
	return errors.Join(err, answer.Body.Close())
}

// showDone writes on the message whose button was pressed who did what and when, and takes its buttons away. The coordinators'
// queue is left alone: its cards are kept by the house, which may have written the same there already.
func (m *Mattermost) showDone(ctx context.Context, a asking, o outcome) error {
	if !o.acted || a.post == "" {
		return nil
	}
	p, err := m.postOf(ctx, a.post)
	switch {
	case errors.Is(err, bot.ErrGone): // said to one person only, and kept nowhere
		return nil
	case err != nil:
		return err
	case !m.stands(p, a), p.ChannelId == m.queue(), len(p.Attachments()) == 0:
		return nil
	}
	who, err := m.Profile(ctx, a.User)
	if err != nil {
		return err
	}
	lang := m.cfg.HouseLang.Known() // as all that is said to several people
	if a.Place.Kind == bot.InDirect {
		lang = o.lang
	}
	line := m.words(lang, "done", bot.Data{"what": oneLine(a.label), "who": oneLine(orElse(who.Name, who.Login)), "at": a.At})
	message := p.Message + "\n\n" + line
	if utf8.RuneCountInString(message) > postLimit {
		message = p.Message
	}
	props := maps.Clone(p.GetProps())
	delete(props, model.PostPropsAttachments)
	return m.rewrite(ctx, p.Id, message, props)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
