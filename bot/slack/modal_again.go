package slack

import (
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// again shows a form that was sent once more, with everything that was answered and with what is said above it. It is made of
// the view as Slack sent it back, so nothing of the form had to be kept meanwhile.
func again(v slack.View, above []slack.Block) slack.ModalViewRequest {
	blocks := numbered(above)
	for _, b := range v.Blocks.BlockSet {
		if strings.HasPrefix(b.ID(), faultBlock) {
			continue
		}
		if in, ok := b.(*slack.InputBlock); ok && v.State != nil {
			fill(in.Element, v.State.Values[in.BlockID][in.BlockID])
		}
		blocks = append(blocks, b)
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: v.CallbackID, Title: v.Title, Submit: v.Submit, Close: v.Close,
		Blocks: slack.Blocks{BlockSet: blocks}, PrivateMetadata: v.PrivateMetadata, NotifyOnClose: true,
	}
}

// numbered marks what is said above a form, so that it goes away when the form is shown again.
func numbered(above []slack.Block) []slack.Block {
	for i, b := range above {
		id := faultBlock + "-" + string(rune('a'+i%26)) + strings.Repeat("z", i/26)
		switch b := b.(type) {
		case *slack.SectionBlock:
			b.BlockID = id
		case *slack.HeaderBlock:
			b.BlockID = id
		case *slack.DividerBlock:
			b.BlockID = id
		case *slack.ActionBlock:
			b.BlockID = id
		}
	}
	return above
}

// fill puts an answer back into its question.
func fill(e slack.BlockElement, a slack.BlockAction) {
	switch e := e.(type) {
	case *slack.PlainTextInputBlockElement:
		e.InitialValue = a.Value
	case *slack.RadioButtonsBlockElement:
		e.InitialOption = chosenOf(a.SelectedOption)
	case *slack.SelectBlockElement:
		e.InitialOption = chosenOf(a.SelectedOption)
	case *slack.CheckboxGroupsBlockElement:
		e.InitialOptions = allChosenOf(a.SelectedOptions)
	case *slack.MultiSelectBlockElement:
		e.InitialOptions = allChosenOf(a.SelectedOptions)
	case *slack.DatePickerBlockElement:
		e.InitialDate = a.SelectedDate
	case *slack.DateTimePickerBlockElement:
		e.InitialDateTime = a.SelectedDateTime
	}
}

func chosenOf(o slack.OptionBlockObject) *slack.OptionBlockObject {
	if o.Value == "" {
		return nil
	}
	return &o
}

func allChosenOf(options []slack.OptionBlockObject) []*slack.OptionBlockObject {
	var out []*slack.OptionBlockObject
	for _, o := range options {
		out = append(out, &o)
	}
	return out
}

// besides reports whether every fault is of a question that the view asks: only there Slack can show it.
func besides(v slack.View, faults map[string]string) bool {
	for name := range faults {
		if labelOf(v.Blocks.BlockSet, name) == "" {
			return false
		}
	}
	return true
}

func labelOf(blocks []slack.Block, name string) string {
	for _, b := range blocks {
		if in, ok := b.(*slack.InputBlock); ok && in.BlockID == name && in.Label != nil {
			return unescape(in.Label.Text)
		}
	}
	return ""
}

// faultsAbove says what is wrong with a form when not all of it can stand beside its question. blocks has the questions.
func faultsAbove(p speech, blocks []slack.Block, faults map[string]string) []slack.Block {
	lines := []bot.PostLine{{Kind: bot.PlainLine, Text: p.say("check")}}
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		lines = append(lines, bot.PostLine{Kind: bot.FactLine, Label: labelOf(blocks, name), Text: faults[name]})
	}
	return postBlocks(bot.Post{Lines: lines})
}
