package slack

import (
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// valuesOf reads the answers of a modal: string, []string or bool by field name, for every question it shows, empty ones too.
// more tells that the person wants to answer the further questions.
func valuesOf(v slack.View) (values map[string]any, more bool) {
	values = map[string]any{}
	var state map[string]map[string]slack.BlockAction
	if v.State != nil {
		state = v.State.Values
	}
	for _, b := range v.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok || in.BlockID == "" {
			continue
		}
		value := valueOf(in.Element, state[in.BlockID][in.BlockID])
		if in.BlockID == moreBlock {
			more = value == true
			continue
		}
		if value != nil {
			values[in.BlockID] = value
		}
	}
	return values, more
}

// valueOf reads the answer to one question; nil when the question is none of Luotsi's.
func valueOf(e slack.BlockElement, a slack.BlockAction) any {
	switch e := e.(type) {
	case *slack.PlainTextInputBlockElement:
		return a.Value
	case *slack.RadioButtonsBlockElement, *slack.SelectBlockElement:
		return a.SelectedOption.Value
	case *slack.CheckboxGroupsBlockElement:
		if len(e.Options) == 1 && e.Options[0].Value == yes {
			return len(a.SelectedOptions) > 0
		}
		return chosen(a.SelectedOptions)
	case *slack.MultiSelectBlockElement:
		return chosen(a.SelectedOptions)
	case *slack.DatePickerBlockElement:
		return a.SelectedDate
	case *slack.DateTimePickerBlockElement:
		if a.SelectedDateTime == 0 {
			return ""
		}
		return time.Unix(a.SelectedDateTime, 0).In(bot.Helsinki).Format(time.RFC3339)
	}
	return nil
}

func chosen(options []slack.OptionBlockObject) []string {
	out := make([]string, len(options))
	for i, o := range options {
		out[i] = o.Value
	}
	return out
}
