package page

import (
	"net/url"
	"strings"
	"time"

	"luotsi/bot"
)

// DecodeForm turns what a browser sent of a form into the values of a bot.Request: string, []string or bool by field name,
// for exactly the form's fields. It judges nothing: that is the form's own part.
func DecodeForm(d bot.Dialog, sent url.Values) map[string]any {
	out := make(map[string]any, len(d.Fields))
	for _, f := range d.Fields {
		name := controlName(f)
		switch f.Kind {
		case bot.Multi:
			out[f.Name] = append([]string{}, sent[name]...)
		case bot.Bool:
			out[f.Name] = sent.Get(name) != ""
		case bot.Moment:
			out[f.Name] = fromPicker(sent.Get(name))
		default:
			out[f.Name] = sent.Get(name)
		}
	}
	return out
}

// fromPicker writes the form browsers' own date and time pickers send as people write it.
func fromPicker(v string) string {
	if t, err := time.Parse("2006-01-02T15:04", strings.TrimSpace(v)); err == nil {
		return t.Format("2006-01-02 15:04")
	}
	return v
}
