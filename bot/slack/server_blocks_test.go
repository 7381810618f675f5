package slack

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// wsKit judges blocks as Slack does, on what came over the wire and by numbers of its own: the renderer's mistakes shall not be its.
type wsKit struct {
	w       *workspace
	where   string
	wrong   string // the first breach
	total   int    // characters in all texts
	blockID map[string]bool
	actions map[string]bool
}

func (k *wsKit) bad(format string, args ...any) {
	if k.wrong == "" {
		k.wrong = fmt.Sprintf(format, args...)
	}
}

type wsObject = map[string]any

func wsList(o wsObject, name string) []any { l, _ := o[name].([]any); return l }

func wsString(o wsObject, name string) string { s, _ := o[name].(string); return s }

func wsSub(o wsObject, name string) wsObject { s, _ := o[name].(wsObject); return s }

// text judges a text object: of the kinds, one that stands there must be short enough, not empty and escaped.
func (k *wsKit) text(what string, o wsObject, most int, kinds ...string) {
	text := wsString(o, "text")
	n := utf8.RuneCountInString(text)
	switch {
	case o == nil:
		k.bad("%s is missing", what)
	case !slices.Contains(kinds, wsString(o, "type")):
		k.bad("%s is of the kind %q", what, o["type"])
	case strings.TrimSpace(text) == "":
		k.bad("%s is empty", what)
	case n > most:
		k.bad("%s has %d characters, may have %d", what, n, most)
	case o["type"] == "mrkdwn" && o["verbatim"] != true:
		k.bad("%s is mrkdwn that is not verbatim", what)
	}
	k.total += n
	k.w.escaped(k.where+" "+what, text)
}

func (k *wsKit) id(seen map[string]bool, what, id string, needed bool) {
	switch {
	case id == "" && needed:
		k.bad("%s is missing", what)
	case utf8.RuneCountInString(id) > 255:
		k.bad("%s is too long", what)
	case id != "" && seen[id]:
		k.bad("%s %q stands twice", what, id)
	}
	seen[id] = true
}

func (k *wsKit) blocks(blocks []any, most int, view bool) {
	k.blockID, k.actions = map[string]bool{}, map[string]bool{}
	if len(blocks) == 0 || len(blocks) > most {
		k.bad("%d blocks, may be 1 to %d", len(blocks), most)
	}
	for _, b := range blocks {
		block, ok := b.(wsObject)
		if !ok {
			k.bad("a block that is none")
			return
		}
		k.id(k.blockID, "block_id", wsString(block, "block_id"), false)
		k.block(block, view)
	}
}

func (k *wsKit) block(b wsObject, view bool) {
	switch b["type"] {
	case "header":
		k.text("header", wsSub(b, "text"), 150, "plain_text")
	case "section":
		if fields := wsList(b, "fields"); len(fields) > 0 {
			if len(fields) > 10 {
				k.bad("%d fields in a section", len(fields))
			}
			for _, f := range fields {
				o, _ := f.(wsObject)
				k.text("field of a section", o, 2000, "plain_text", "mrkdwn")
			}
			if b["text"] == nil {
				return
			}
		}
		k.text("section", wsSub(b, "text"), 3000, "plain_text", "mrkdwn")
		if b["accessory"] != nil {
			k.element("accessory", wsSub(b, "accessory"))
		}
	case "divider":
	case "context":
		elements := wsList(b, "elements")
		if len(elements) == 0 || len(elements) > 10 {
			k.bad("%d elements in a context", len(elements))
		}
		for _, e := range elements {
			o, _ := e.(wsObject)
			k.text("context", o, 3000, "plain_text", "mrkdwn")
		}
	case "actions":
		elements := wsList(b, "elements")
		if len(elements) == 0 || len(elements) > 25 {
			k.bad("%d elements in a row", len(elements))
		}
		for _, e := range elements {
			o, _ := e.(wsObject)
			k.element("row", o)
		}
	case "input":
		if !view {
			k.bad("a question in a message")
		}
		k.text("label", wsSub(b, "label"), 2000, "plain_text")
		if b["hint"] != nil {
			k.text("hint", wsSub(b, "hint"), 2000, "plain_text")
		}
		k.element("input "+wsString(b, "block_id"), wsSub(b, "element"))
	default:
		k.bad("a block of the kind %v", b["type"])
	}
}

func (k *wsKit) element(where string, e wsObject) {
	if e == nil {
		k.bad("%s: no element", where)
		return
	}
	k.id(k.actions, where+": action_id", wsString(e, "action_id"), true)
	if e["placeholder"] != nil {
		k.text(where+": placeholder", wsSub(e, "placeholder"), 150, "plain_text")
	}
	switch e["type"] {
	case "button":
		k.text(where+": button", wsSub(e, "text"), 75, "plain_text")
		if len(wsString(e, "value")) > 2000 || len(wsString(e, "url")) > 3000 {
			k.bad("%s: a button's value or address is too long", where)
		}
	case "plain_text_input":
		least, _ := e["min_length"].(float64)
		most, has := e["max_length"].(float64)
		if has && (most < 1 || most > 3000) || least > 3000 || has && least > most {
			k.bad("%s: lengths %v to %v", where, least, most)
		}
		if utf8.RuneCountInString(wsString(e, "initial_value")) > 3000 {
			k.bad("%s: what stands there at first is too long", where)
		}
	case "static_select", "multi_static_select":
		k.choices(where, e)
	case "radio_buttons", "checkboxes":
		k.options(where, wsList(e, "options"), 10, e)
	case "datepicker":
		if at := wsString(e, "initial_date"); at != "" {
			if _, err := time.Parse(time.DateOnly, at); err != nil {
				k.bad("%s: not a date", where)
			}
		}
	case "datetimepicker":
		if at, has := e["initial_date_time"].(float64); has && (at < 1e9 || at >= 1e10) {
			k.bad("%s: not a time of ten digits", where)
		}
	default:
		k.bad("%s: an element of the kind %v", where, e["type"])
	}
}

func (k *wsKit) choices(where string, e wsObject) {
	groups := wsList(e, "option_groups")
	if len(groups) == 0 {
		k.options(where, wsList(e, "options"), 100, e)
		return
	}
	if len(groups) > 100 || e["options"] != nil {
		k.bad("%s: %d groups of choices", where, len(groups))
	}
	var all []any
	for _, g := range groups {
		group, _ := g.(wsObject)
		k.text(where+": a group", wsSub(group, "label"), 75, "plain_text")
		k.options(where, wsList(group, "options"), 100, nil)
		all = append(all, wsList(group, "options")...)
	}
	k.initial(where, e, all)
}

func (k *wsKit) options(where string, options []any, most int, e wsObject) {
	if len(options) == 0 || len(options) > most {
		k.bad("%s: %d choices, may be 1 to %d", where, len(options), most)
	}
	values := map[string]bool{}
	for _, o := range options {
		option, _ := o.(wsObject)
		k.text(where+": a choice", wsSub(option, "text"), 75, "plain_text", "mrkdwn")
		if option["description"] != nil {
			k.text(where+": a choice's description", wsSub(option, "description"), 75, "plain_text", "mrkdwn")
		}
		value := wsString(option, "value")
		if value == "" || utf8.RuneCountInString(value) > 150 || values[value] {
			k.bad("%s: the value %q of a choice", where, value)
		}
		values[value] = true
	}
	if e != nil {
		k.initial(where, e, options)
	}
}

// initial checks that what is chosen at first is among the choices, word for word: Slack refuses the view otherwise.
func (k *wsKit) initial(where string, e wsObject, options []any) {
	chosen := wsList(e, "initial_options")
	if e["initial_options"] != nil && len(chosen) == 0 {
		k.bad("%s: an empty list of what is chosen at first", where)
	}
	if o := e["initial_option"]; o != nil {
		chosen = append(chosen, o)
	}
	for _, c := range chosen {
		if !slices.ContainsFunc(options, func(o any) bool { return fmt.Sprint(o) == fmt.Sprint(c) }) {
			k.bad("%s: what is chosen at first is no choice", where)
		}
	}
}

// view judges a modal or a home view.
func (k *wsKit) view(v wsObject) {
	modal := v["type"] == "modal"
	if modal {
		k.text("title", wsSub(v, "title"), 24, "plain_text")
		for _, name := range []string{"submit", "close"} {
			if v[name] != nil {
				k.text(name, wsSub(v, name), 24, "plain_text")
			}
		}
	} else if v["type"] != "home" {
		k.bad("a view of the kind %v", v["type"])
	}
	if utf8.RuneCountInString(wsString(v, "private_metadata")) > 3000 || utf8.RuneCountInString(wsString(v, "callback_id")) > 255 {
		k.bad("private_metadata or callback_id is too long")
	}
	blocks := wsList(v, "blocks")
	k.blocks(blocks, 100, true)
	for _, b := range blocks {
		if block, _ := b.(wsObject); block["type"] == "input" && modal && v["submit"] == nil {
			k.bad("questions, and nothing to send them with")
		}
	}
}
