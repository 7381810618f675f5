package slack

import (
	"slices"
	"time"
)

// state is what Slack sends of a modal's questions: every one, also those that nothing was answered to. What a person could not
// answer, or may not leave empty, fails the test.
func (w *workspace) state(v *wsView, values map[string]any) wsAnswer {
	w.t.Helper()
	all, used := wsAnswer{}, map[string]bool{}
	for _, b := range wsList(v.body, "blocks") {
		block, _ := b.(wsObject)
		if block["type"] != "input" {
			continue
		}
		e := wsSub(block, "element")
		id := wsString(e, "action_id")
		given, answered := values[id]
		if !answered {
			given = wsFirst(e)
		}
		used[id] = true
		said := w.said(e, given)
		if len(said) == 1 && block["optional"] != true {
			w.t.Errorf("the question %s may not be left empty", id)
		}
		all[wsString(block, "block_id")] = wsAnswer{id: said}
	}
	for name := range values {
		if !used[name] {
			w.t.Errorf("the modal does not ask %s", name)
		}
	}
	return all
}

// wsFirst is what stands in a question at first.
func wsFirst(e wsObject) any {
	if o := wsSub(e, "initial_option"); o != nil {
		return o["value"]
	}
	if chosen := wsList(e, "initial_options"); len(chosen) > 0 {
		var values []string
		for _, c := range chosen {
			o, _ := c.(wsObject)
			values = append(values, wsString(o, "value"))
		}
		return values
	}
	if at, ok := e["initial_date_time"].(float64); ok {
		return time.Unix(int64(at), 0).UTC().Format(time.RFC3339)
	}
	for _, name := range []string{"initial_value", "initial_date"} {
		if s := wsString(e, name); s != "" {
			return s
		}
	}
	return nil
}

// said is an answer in the shape in which Slack sends it; with nothing but its kind if it is empty.
func (w *workspace) said(e wsObject, given any) wsAnswer {
	w.t.Helper()
	said := wsAnswer{"type": e["type"]}
	switch kind := e["type"]; kind {
	case "plain_text_input":
		if s, _ := given.(string); s != "" {
			said["value"] = s
		}
	case "datepicker":
		if s, _ := given.(string); s != "" {
			said["selected_date"] = s
		}
	case "datetimepicker":
		if s, _ := given.(string); s != "" {
			at, err := time.Parse(time.RFC3339, s)
			if err != nil {
				w.t.Errorf("%v", err)
			}
			said["selected_date_time"] = at.Unix()
		}
	case "static_select", "radio_buttons":
		if s, _ := given.(string); s != "" {
			said["selected_option"] = w.option(e, s)
		}
	case "multi_static_select", "checkboxes":
		chosen := []any{}
		values, _ := given.([]string)
		if given == true {
			values = []string{wsString(wsOptions(e)[0], "value")}
		}
		for _, v := range values {
			chosen = append(chosen, w.option(e, v))
		}
		if len(chosen) > 0 {
			said["selected_options"] = chosen
		}
	default:
		w.t.Errorf("a question of the kind %v", kind)
	}
	return said
}

func wsOptions(e wsObject) (all []wsObject) {
	lists := [][]any{wsList(e, "options")}
	for _, g := range wsList(e, "option_groups") {
		group, _ := g.(wsObject)
		lists = append(lists, wsList(group, "options"))
	}
	for _, l := range lists {
		for _, o := range l {
			if option, ok := o.(wsObject); ok {
				all = append(all, option)
			}
		}
	}
	return all
}

func (w *workspace) option(e wsObject, value string) wsObject {
	options := wsOptions(e)
	i := slices.IndexFunc(options, func(o wsObject) bool { return o["value"] == value })
	if i < 0 {
		w.t.Errorf("%s has no choice %q", wsString(e, "action_id"), value)
		return nil
	}
	return options[i]
}
