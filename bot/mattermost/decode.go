package mattermost

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// errMalformed: what came is not what the server sends.
var errMalformed = errors.New("malformed request")

// asking is one thing somebody asked through the server, in whatever way, and where an answer can go.
type asking struct {
	bot.Request
	trigger  string // opens a dialog, for some seconds
	hook     string // id of the address that takes a late answer to a command
	channel  string // where it was asked, or where the message stands whose button was pressed
	post     string // the message whose button was pressed
	mark     string // what it is known by there
	alone    bool   // it was an answer to one person, kept nowhere
	label    string // the button's
	state    state  // of the form that is sent
	answerTo answerTo
}

// answerTo says which of the three ways an asking came, and with that how it is answered.
type answerTo int

const (
	toCommand answerTo = iota
	toClick
	toForm
)

// decodeCommand reads a slash command's form.
func (m *Mattermost) decodeCommand(form url.Values) (asking, error) {
	user, room := form.Get("user_id"), form.Get("channel_id")
	if !model.IsValidId(user) || !model.IsValidId(room) || !strings.HasPrefix(form.Get("command"), "/") {
		return asking{}, errMalformed
	}
	a := asking{trigger: form.Get("trigger_id"), hook: hookOf(form.Get("response_url")), channel: room, answerTo: toCommand}
	a.Request = m.request(user, m.place(user, room, form.Get("channel_name")), requestID("c", user, onceOf(a.trigger)))
	a.Text = strings.TrimSpace(form.Get("command") + " " + form.Get("text"))
	return a, nil
}

// hookOf is the id in the address that takes late answers. Where the server is, Luotsi knows by itself: no request chooses an
// address that Luotsi then calls.
func hookOf(address string) string {
	_, id, found := strings.Cut(address, "/hooks/commands/")
	if !found || !model.IsValidId(id) {
		return ""
	}
	return id
}

// decodeClick reads a click on a button. One that Luotsi did not make so and put there is forged, and so is one that did not come
// to the address of Luotsi's own buttons.
func (m *Mattermost) decodeClick(body []byte, addressed bool) (asking, error) {
	var r model.PostActionIntegrationRequest
	if err := decodeJSON(body, &r); err != nil {
		return asking{}, err
	}
	if !model.IsValidId(r.UserId) || !model.IsValidId(r.ChannelId) || !model.IsValidId(r.PostId) {
		return asking{}, errMalformed
	}
	a := asking{trigger: r.TriggerId, channel: r.ChannelId, answerTo: toClick}
	a.Request = m.request(r.UserId, m.place(r.UserId, r.ChannelId, r.ChannelName), requestID("b", r.UserId, onceOf(a.trigger)))
	a.Press = forged
	if b, ours := m.button(r.Context, r.ChannelId); ours && addressed {
		a.Press, a.post, a.label, a.mark, a.alone = b.Ticket, r.PostId, b.Label, b.Mark, b.Alone
	}
	return a, nil
}

// onceOf is a trigger, which the server makes for one command or click, or something as unique where it made none.
func onceOf(trigger string) string {
	if trigger == "" {
		return rand.Text()
	}
	return trigger
}

// decodeForm reads a form that is sent. cancelled: it was closed instead, and there is nothing to do.
func (m *Mattermost) decodeForm(body []byte) (a asking, cancelled bool, err error) {
	var r model.SubmitDialogRequest
	if err := decodeJSON(body, &r); err != nil {
		return asking{}, false, err
	}
	if !model.IsValidId(r.UserId) || r.ChannelId != "" && !model.IsValidId(r.ChannelId) {
		return asking{}, false, errMalformed
	}
	if r.Cancelled {
		return asking{}, true, nil
	}
	s, err := m.opened(r.State, r.UserId)
	if err != nil {
		s = state{Ticket: forged}
	}
	place := m.place(r.UserId, r.ChannelId, "")
	if s.Direct {
		place = bot.Place{Kind: bot.InDirect}
	}
	values, more := answers(s, r.Submission)
	a = asking{state: s, channel: s.Room, post: s.Post, mark: s.Mark, label: s.Label, answerTo: toForm}
	a.Request = m.request(r.UserId, place, requestID("f", r.UserId, s.Ticket, canonical(values), canonical(more)))
	a.Submit, a.Values, a.Part = s.Ticket, values, s.Part || more
	return a, false, nil
}

// request is what every asking has.
func (m *Mattermost) request(user string, place bot.Place, id string) bot.Request {
	return bot.Request{ID: id, Platform: platform, User: user, Place: place, At: m.cfg.Now()}
}

// place tells what kind of channel it is. Which channel is a case's room, the house knows.
func (m *Mattermost) place(user, room, name string) bot.Place {
	switch {
	case name == model.GetDMNameFromIds(user, m.server.me):
		return bot.Place{Kind: bot.InDirect}
	case room != "" && room == m.queue():
		return bot.Place{Kind: bot.InQueue, Room: room}
	}
	return bot.Place{Kind: bot.InRoom, Room: room}
}

// requestID is the same for the same thing delivered again, and tells nothing of it.
func requestID(way string, parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return "mm" + way + hex.EncodeToString(h.Sum(nil))
}

// canonical writes values so that the same ones are always written the same.
func canonical(v any) string {
	text, err := json.Marshal(v) // of strings, lists and booleans: cannot fail; keys are sorted
	if err != nil {
		return ""
	}
	return string(text)
}

// decodeJSON reads one value and nothing after it.
func decodeJSON(body []byte, into any) error {
	if json.Unmarshal(body, into) != nil {
		return errMalformed
	}
	return nil
}

// answers reads what came of the fields that were shown, each as the house expects it: string, []string or bool. What was not
// shown is not read, whatever else is sent; more reports whether the rest of the form is wanted.
func answers(s state, sent map[string]any) (values map[string]any, more bool) {
	values = map[string]any{}
	more = truth(sent[moreName]) && s.Fields[moreName] == readMore
	for field, value := range s.Kept {
		if _, shown := s.Fields[field]; shown || !more { // what is asked next is not answered yet
			values[field] = kept(value)
		}
	}
	for field, how := range s.Fields {
		switch how[:min(1, len(how))] {
		case readMore:
		case readBool:
			values[field] = truth(sent[field])
		case readBools:
			values[field] = ticked(field, sent)
		case readMany:
			set(values, field, list(sent[field]), len(list(sent[field])) == 0)
		default:
			set(values, field, text(sent[field]), text(sent[field]) == "")
		}
	}
	return values, more
}

// set gives a field its answer; an empty one does not displace what is kept.
func set(values map[string]any, field string, value any, empty bool) {
	if _, stands := values[field]; !stands || !empty {
		values[field] = value
	}
}

// kept turns a value that went through JSON back into what it was.
func kept(value any) any {
	if many, ok := value.([]any); ok {
		return list(many)
	}
	return value
}

// text reads a value that should be a text: the web client, the phones and older servers write it differently.
func text(v any) string {
	switch v := v.(type) {
	case string:
		if v == "<nil>" { // how one client writes an empty one
			return ""
		}
		return v
	case bool:
		if v {
			return "true"
		}
		return "false"
	case float64:
		return canonical(v)
	case []any:
		if len(v) == 1 {
			return text(v[0])
		}
	case map[string]any: // an option as a whole
		return text(v["value"])
	}
	return ""
}

// list reads several values: a list, or one text with commas between.
func list(v any) []string {
	out := []string{}
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			add(text(one))
		}
	case []string:
		for _, one := range v {
			add(one)
		}
	default:
		for one := range strings.SplitSeq(text(v), ",") {
			add(one)
		}
	}
	return out
}

// truth reads a yes or no.
func truth(v any) bool {
	return strings.EqualFold(text(v), "true") || text(v) == "1" || strings.EqualFold(text(v), "on")
}

// between stands between a field's name and a choice's value where each choice is an element of its own.
const between = ":"

// ticked lists the choices of a field that were ticked, each in an element of its own.
func ticked(field string, sent map[string]any) []string {
	out := []string{}
	for element, v := range sent {
		if choice, ok := strings.CutPrefix(element, field+between); ok && truth(v) {
			out = append(out, choice)
		}
	}
	slices.Sort(out)
	return out
}
