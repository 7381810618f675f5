package mattermost

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// minutesApart are the times of day offered beside typing one.
const minutesApart = 15

// fields makes fields the elements of one dialog, and notes in its state how their answers are read.
type fields struct {
	*Mattermost
	lang  bot.Lang
	state *state
}

// elements shows a field: as one element, or on a server that knows no selection of several, as one for each choice.
func (f fields) elements(field bot.DialogField) []model.DialogElement {
	e := model.DialogElement{
		Name: field.Name, DisplayName: clip(field.Label, labelLimit), HelpText: clip(field.Help, helpLimit), Optional: !field.Required,
	}
	f.state.Fields[field.Name] = readOne
	if field.Named() {
		field.Default = strings.Join(field.Names(field.Default), ", ")
		field.Kind = bot.TextArea
	}
	switch field.Kind {
	case bot.Bool:
		f.state.Fields[field.Name] = readBool
		// A box that must be ticked would be no question.
		e.Type, e.Optional, e.Placeholder = "bool", true, f.words("yes")
		if truth(field.Default) {
			e.Default = "true"
		}
	case bot.Multi:
		return f.many(e, field)
	case bot.Select, bot.Someone:
		f.one(&e, field)
	case bot.Day, bot.Moment:
		f.when(&e, field)
	case bot.LineText, bot.TextArea:
		f.text(&e, field)
	}
	return []model.DialogElement{e}
}

// text shows what is typed. A default that does not fit is not cut: it stands unless something else is typed.
func (f fields) text(e *model.DialogElement, field bot.DialogField) {
	e.Type, e.MaxLength = "text", lineLimit
	e.Default, _ = field.Default.(string)
	if field.Kind == bot.TextArea || field.Max > lineLimit || len(e.Default) > lineLimit {
		e.Type, e.MaxLength = "textarea", areaLimit
	}
	if field.Max > 0 {
		e.MaxLength = min(field.Max, e.MaxLength)
	}
	if len(e.Default) > areaLimit {
		f.state.Kept[field.Name] = e.Default
		e.Default, e.Optional, e.HelpText = "", true, f.words("kept")
	}
}

// one shows a single choice: side by side when it must be made and there are few, otherwise as a list, which fits a phone and
// can be emptied again.
func (f fields) one(e *model.DialogElement, field bot.DialogField) {
	e.Type = "select"
	if field.Required && len(field.Options) <= choicesByRadio && field.Kind == bot.Select {
		e.Type = "radio"
	}
	e.Options = options(field)
	if given, _ := field.Default.(string); offers(field, given) {
		e.Default = given
	}
}

// many shows several choices.
func (f fields) many(e model.DialogElement, field bot.DialogField) []model.DialogElement {
	given := slices.DeleteFunc(list(field.Default), func(v string) bool { return !offers(field, v) })
	joined := func(o bot.DialogOption) bool { return strings.ContainsAny(o.Value, " ,") }
	if f.server.multiSelect() && !slices.ContainsFunc(field.Options, joined) {
		f.state.Fields[field.Name] = readMany
		e.Type, e.MultiSelect, e.Options, e.Default = "select", true, options(field), strings.Join(given, ",")
		return []model.DialogElement{e}
	}
	boxes := make([]model.DialogElement, len(field.Options))
	for i, o := range field.Options {
		boxes[i] = model.DialogElement{
			Name: field.Name + between + o.Value, Type: "bool", Optional: true, Placeholder: clip(o.Label, lineLimit),
			DisplayName: fmt.Sprintf("%d/%d", i+1, len(field.Options)),
		}
		if slices.Contains(given, o.Value) {
			boxes[i].Default = "true"
		}
	}
	f.state.Fields[field.Name] = readBools
	if len(boxes) > 0 {
		f.state.Fields[field.Name] += boxes[0].Name
		boxes[0].DisplayName, boxes[0].HelpText = e.DisplayName, e.HelpText
	}
	return boxes
}

// when shows a day or a time: with the server's own calendar, or typed in words on a server that has none.
func (f fields) when(e *model.DialogElement, field bot.DialogField) {
	given, known := moment(field, f.cfg.Now())
	native := f.server.nativeDates()
	if field.Kind == bot.Moment {
		native = f.server.nativeTimes()
	}
	if !native {
		e.Type, e.MaxLength = "text", lineLimit
		e.Placeholder = f.cfg.Catalog.Say(f.lang, bot.WhenExample(field.Kind, field.Past, f.cfg.Now()))
		if both := strings.TrimSpace(field.Help + " " + e.Placeholder); len(both) <= helpLimit {
			e.HelpText = both
		}
		if known {
			e.Default = given.Format(typed[field.Kind])
		}
		return
	}
	e.Type = string(field.Kind)
	if known && field.Kind == bot.Day {
		e.Default = given.Format(time.DateOnly)
	}
	if known && field.Kind == bot.Moment {
		e.Default = given.UTC().Format(model.ISODateTimeFormat)
	}
	// Servers before 11.8 read the bounds from the element itself, and whether a time may be typed from the older name.
	interval, from, to := 0, "today", ""
	if field.Kind == bot.Moment {
		interval = minutesApart
	}
	if field.Past {
		from, to = "", "today"
	}
	//lint:ignore SA1019 11.1 to 11.7 read these
	e.TimeInterval, e.MinDate, e.MaxDate = interval, from, to
	e.DateTimeConfig = &model.DialogDateTimeConfig{
		LocationTimezone: bot.Helsinki.String(), TimeInterval: interval, MinDate: from, MaxDate: to, ManualTimeEntry: field.Kind == bot.Moment,
	}
	//lint:ignore SA1019 11.6 and 11.7 read the older name
	e.DateTimeConfig.AllowManualTimeEntry = e.DateTimeConfig.ManualTimeEntry
}

// typed is how a day and a time are written for who may change them by hand.
var typed = map[bot.Kind]string{bot.Day: "2.1.2006", bot.Moment: "2.1.2006 15.04"}

// moment reads a field's default, which is in ISO form or in words.
func moment(field bot.DialogField, now time.Time) (t time.Time, known bool) {
	given, _ := field.Default.(string)
	if t, err := time.ParseInLocation(time.DateOnly, given, bot.Helsinki); err == nil {
		return t, true
	}
	if t, err := time.Parse(time.RFC3339, given); err == nil {
		return t.In(bot.Helsinki), true
	}
	parse := bot.ParseMoment
	if field.Kind == bot.Day {
		parse = bot.ParseDay
	}
	t, err := parse(given, now, field.Past)
	return t.In(bot.Helsinki), given != "" && err == nil
}

// more asks whether the rest of the form is wanted. It names as many of the questions as there is room for, each whole.
func (f fields) more(later []bot.DialogField) model.DialogElement {
	e := model.DialogElement{
		Name: moreName, Type: "bool", Optional: true, DisplayName: f.words("more"), Placeholder: f.words("more_yes"),
	}
	const next, rest = " · ", " …"
	for i, field := range later {
		with := strings.TrimPrefix(e.HelpText+next+field.Label, next)
		room := helpLimit
		if i < len(later)-1 {
			room -= len(rest)
		}
		if len(with) > room {
			e.HelpText += rest
			break
		}
		e.HelpText = with
	}
	f.state.Fields[e.Name] = readMore
	return e
}

// words says one of the adapter's own sentences.
func (f fields) words(id string) string { return f.Mattermost.words(f.lang, id, nil) }

func offers(field bot.DialogField, value string) bool {
	return slices.ContainsFunc(field.Options, func(o bot.DialogOption) bool { return o.Value == value })
}

func options(field bot.DialogField) []*model.PostActionOptions {
	out := make([]*model.PostActionOptions, len(field.Options))
	for i, o := range field.Options {
		label := o.Label
		if utf8.RuneCountInString(label) == 0 {
			label = o.Value
		}
		out[i] = &model.PostActionOptions{Text: label, Value: o.Value}
	}
	return out
}
