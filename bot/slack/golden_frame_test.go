package slack

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// shot is one answer as a golden keeps it: what was typed (nothing: a modal was sent), and what Slack gets.
type shot struct {
	typed, by                    string
	modal, message, home, faults any
}

// see keeps an answer as Slack gets it, checks every limit, and returns the form that opens, if one does.
func (st *stage) see(s scene, typed string, a bot.Answer) (form *slack.ModalViewRequest) {
	st.t.Helper()
	made := shot{typed: typed, by: s.who}
	if a.Dialog != nil {
		v, err := formModal(st.p, *a.Dialog, "")
		if err != nil {
			st.t.Fatalf("%s in %s: %v", s.key, st.p.lang, err)
		}
		form, made.modal = &v, v
	}
	if blocks := answerBlocks(st.p, a); len(blocks) > 0 {
		made.message = slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral, Text: answerText(a), Blocks: &slack.Blocks{BlockSet: blocks}}
		if _, err := readModal(st.p, blocks); err != nil {
			st.t.Errorf("%s in %s: %v", s.key, st.p.lang, err)
		}
		for _, r := range a.Replies {
			if _, _, err := st.slack.render(r); err != nil {
				st.t.Errorf("%s in %s: %v", s.key, st.p.lang, err)
			}
		}
	}
	if s.key == "today" {
		v, err := homeView(st.p, a)
		if err != nil {
			st.t.Fatal(err)
		}
		made.home = v
	}
	if len(a.Errors) > 0 {
		made.faults = a.Errors
	}
	for what, v := range map[string]any{"modal": made.modal, "message": made.message, "home": made.home, "faults": made.faults} {
		if said := asJSON(v); strings.Contains(said, "⟦") || strings.Contains(said, "no value") || strings.Contains(said, `"mrkdwn"`) {
			st.t.Errorf("%s in %s: its %s lacks a sentence or has markup: %s", s.key, st.p.lang, what, said)
		}
		st.private(s, what, v)
	}
	st.shots[s.key] = append(st.shots[s.key], made)
	return form
}

// private: nothing that tells who the client is, and nothing that anybody wrote, goes to Slack.
func (st *stage) private(s scene, what string, v any) {
	st.t.Helper()
	said := asJSON(v)
	for _, mark := range marks {
		if strings.Contains(said, mark) {
			st.t.Errorf("%s in %s: its %s says %q", s.key, st.p.lang, what, mark)
		}
	}
}

var secrets = regexp.MustCompile(`(\\"t\\":\\"|"value":")[A-Za-z0-9_-]{80,}|(/page/(?:open|client)/)[A-Za-z0-9_-]{80,}`)

// frame writes shots down for people to read: each block on a line of its own, without tickets, which are never the same.
// The same again is left out.
func frame(shots []shot) string {
	var seen []string
	for _, s := range shots {
		var b strings.Builder
		b.WriteString("{\"typed\":" + compact(s.typed) + ",\"by\":" + compact(s.by) + "}\n")
		for _, part := range []struct {
			name string
			v    any
		}{{"modal", s.modal}, {"message", s.message}, {"home", s.home}, {"faults", s.faults}} {
			if part.v == nil {
				continue
			}
			text := secrets.ReplaceAllString(compact(part.v), "$1$2…")
			text = strings.NewReplacer(`"blocks":[{`, "\"blocks\":[\n  {", `]}},{"type"`, "]}},\n  {\"type\"").Replace(text)
			b.WriteString("{\"" + part.name + "\":" + lines(text) + "}\n")
		}
		if !slices.Contains(seen, b.String()) {
			seen = append(seen, b.String())
		}
	}
	return strings.Join(seen, "\n")
}

var nextBlock = regexp.MustCompile(`,(\{"type":"(?:section|header|divider|context|actions|input)")`)

func lines(text string) string { return nextBlock.ReplaceAllString(text, ",\n  $1") }

func compact(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSpace(b.String())
}

// filledIn is a modal as Slack sends it back: what is in it already, and what was answered.
func filledIn(t testing.TB, v *slack.ModalViewRequest, given map[string]any) map[string]any {
	t.Helper()
	view := map[string]any{}
	if err := json.Unmarshal([]byte(asJSON(v)), &view); err != nil {
		t.Fatal(err)
	}
	values := map[string]any{}
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		state := map[string]any{"type": in.Element.ElementType()}
		answer(t, state, in.Element, given[in.BlockID])
		values[in.BlockID] = map[string]any{in.BlockID: state}
	}
	view["id"], view["state"] = "V1", map[string]any{"values": values}
	return view
}

// answer puts a value into the state of one question; nil leaves what is in it already.
func answer(t testing.TB, state map[string]any, e slack.BlockElement, given any) {
	t.Helper()
	options := func(some []*slack.OptionBlockObject) (out []any) {
		for _, o := range some {
			out = append(out, option(o.Value))
		}
		return out
	}
	switch e := e.(type) {
	case *slack.RadioButtonsBlockElement:
		state["selected_option"] = oneChosen(e.InitialOption, given)
	case *slack.SelectBlockElement:
		state["selected_option"] = oneChosen(e.InitialOption, given)
	case *slack.CheckboxGroupsBlockElement:
		state["selected_options"] = manyChosen(options(e.InitialOptions), given)
	case *slack.MultiSelectBlockElement:
		state["selected_options"] = manyChosen(options(e.InitialOptions), given)
	case *slack.DatePickerBlockElement:
		state["selected_date"] = e.InitialDate
		if given != nil {
			state["selected_date"] = given
		}
	case *slack.DateTimePickerBlockElement:
		state["selected_date_time"] = e.InitialDateTime
		if s, ok := given.(string); ok {
			at, err := time.Parse(time.RFC3339, s)
			if err != nil {
				t.Fatal(err)
			}
			state["selected_date_time"] = at.Unix()
		}
	default:
		t.Fatalf("nobody types %v into Slack", e.ElementType())
	}
}

func oneChosen(preset *slack.OptionBlockObject, given any) any {
	switch v, ok := given.(string); {
	case ok:
		return option(v)
	case preset != nil:
		return option(preset.Value)
	}
	return nil
}

func manyChosen(preset []any, given any) []any {
	switch v := given.(type) {
	case []string:
		var out []any
		for _, s := range v {
			out = append(out, option(s))
		}
		return out
	case bool:
		if v {
			return []any{option(yes)}
		}
		return nil
	}
	return preset
}
