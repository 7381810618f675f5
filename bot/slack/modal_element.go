package slack

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// fewChoices are shown all at once, which on a phone is quicker than a list that opens. Radio buttons cannot be cleared, so
// only a question that must be answered has them.
const fewChoices = 6

// elementOf is what a field is answered with; nil when there is nothing to choose from.
func elementOf(p speech, f bot.DialogField) (slack.BlockElement, error) {
	switch f.Kind {
	case bot.LineText, bot.TextArea:
		return typed(f), nil
	case bot.Day:
		return dayPicker(f), nil
	case bot.Moment:
		return momentPicker(f), nil
	case bot.Select, bot.Someone:
		return oneOf(p, f), nil
	case bot.Multi:
		if len(f.Options) == 1 && f.Options[0].Value == yes {
			return nil, errors.New("a choice of its kind would be read as yes or no")
		}
		return someOf(p, f), nil
	}
	return nil, errors.New("its kind is not known here")
}

func typed(f bot.DialogField) slack.BlockElement {
	e := slack.NewPlainTextInputBlockElement(nil, f.Name)
	e.Multiline = f.Kind == bot.TextArea
	e.MaxLength = maxTyped
	if f.Max > 0 {
		e.MaxLength = min(f.Max, maxTyped)
	}
	e.InitialValue, _ = f.Default.(string)
	return e
}

// dayPicker begins empty when the default is said in words: the picker knows dates only.
func dayPicker(f bot.DialogField) slack.BlockElement {
	e := slack.NewDatePickerBlockElement(f.Name)
	if day, _ := f.Default.(string); isDay(day) {
		e.InitialDate = day
	}
	return e
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// momentLayouts are the forms a default instant may have; without an offset it is Helsinki's.
var momentLayouts = []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04"}

func momentPicker(f bot.DialogField) slack.BlockElement {
	e := slack.NewDateTimePickerBlockElement(f.Name)
	value, _ := f.Default.(string)
	for _, layout := range momentLayouts {
		if t, err := time.ParseInLocation(layout, value, bot.Helsinki); err == nil {
			e.InitialDateTime = t.Unix()
			break
		}
	}
	return e
}

func oneOf(p speech, f bot.DialogField) slack.BlockElement {
	options := optionsOf(f.Options)
	value, _ := f.Default.(string)
	var chosen *slack.OptionBlockObject
	if i := slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == value }); i >= 0 {
		chosen = options[i]
	}
	switch {
	case len(options) == 0:
		return nil
	case f.Kind == bot.Select && f.Required && len(options) <= fewChoices:
		e := slack.NewRadioButtonsBlockElement(f.Name, options...)
		e.InitialOption = chosen
		return e
	case len(options) <= maxOptions:
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.say("choose")), f.Name, options...)
		e.InitialOption = chosen
		return e
	}
	e := slack.NewOptionsGroupSelectBlockElement(slack.OptTypeStatic, plain(p.say("choose")), f.Name, grouped(options)...)
	e.InitialOption = chosen
	return e
}

func someOf(p speech, f bot.DialogField) slack.BlockElement {
	options := optionsOf(f.Options)
	preset := stringsOf(f.Default)
	chosen := slices.DeleteFunc(slices.Clone(options), func(o *slack.OptionBlockObject) bool { return !slices.Contains(preset, o.Value) })
	if len(chosen) == 0 {
		chosen = nil
	}
	switch {
	case len(options) == 0:
		return nil
	case len(options) <= maxFew:
		e := slack.NewCheckboxGroupsBlockElement(f.Name, options...)
		e.InitialOptions = chosen
		return e
	case len(options) <= maxOptions:
		e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain(p.say("choose")), f.Name, options...)
		e.InitialOptions = chosen
		return e
	}
	e := slack.NewOptionsGroupMultiSelectBlockElement(slack.MultiOptTypeStatic, plain(p.say("choose")), f.Name, grouped(options)...)
	e.InitialOptions = chosen
	return e
}

// stringsOf reads a default of several choices in any shape it may have after being kept as JSON.
func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// optionsOf shortens labels that are too long, which only people's own names can be.
func optionsOf(options []bot.DialogOption) []*slack.OptionBlockObject {
	out := make([]*slack.OptionBlockObject, len(options))
	for i, o := range options {
		out[i] = slack.NewOptionBlockObject(o.Value, plain(cut(o.Label, maxOption)), nil)
	}
	return out
}

// grouped puts many choices into groups that are named for their first and last.
func grouped(options []*slack.OptionBlockObject) []*slack.OptionGroupBlockObject {
	var groups []*slack.OptionGroupBlockObject
	for some := range slices.Chunk(options, maxOptions) {
		name := firstWord(some[0]) + " – " + firstWord(some[len(some)-1])
		groups = append(groups, slack.NewOptionGroupBlockElement(plain(cut(name, maxOption)), some...))
	}
	return groups
}

func firstWord(o *slack.OptionBlockObject) string {
	word, _, _ := strings.Cut(unescape(o.Text.Text), " ")
	return cut(word, maxOption/2-2)
}
