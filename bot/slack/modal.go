package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// The modals, by their callback_id.
const (
	formView = "form" // a whole form
	partView = "part" // a form of which more is asked elsewhere
	readView = "read" // something to read, or to wait for
)

// Blocks of a form that are no questions of its own. No field's name has a dash.
const (
	moreBlock  = "luotsi-more"  // whether to answer the folded questions too
	faultBlock = "luotsi-fault" // begins the ids of what is said above the form
)

// A form of more questions than this shows the folded ones only to who wants them.
const manyFields = 10

// yes is the only choice of a yes-or-no question.
const yes = "true"

// metadata is what a modal carries besides what it shows: the form's sealed ticket, and the message whose button opened it.
type metadata struct {
	Ticket  string `json:"t"`
	Message string `json:"m,omitempty"` // channel:ts
}

func (m metadata) String() string {
	data, err := json.Marshal(m)
	if err != nil {
		return "" // two strings can always be written
	}
	return string(data)
}

func metadataOf(v slack.View) metadata {
	var m metadata
	if json.Unmarshal([]byte(v.PrivateMetadata), &m) != nil {
		return metadata{}
	}
	return m
}

// formModal shows a form. message is the one whose button asked for it, if any. The error names the command and what does not
// fit, and no text of the form.
func formModal(p speech, d bot.Dialog, message string) (slack.ModalViewRequest, error) {
	shown, more := shownFields(d)
	blocks := sections(d.Intro)
	for i, f := range shown {
		if f.Folded && i > 0 && !shown[i-1].Folded {
			blocks = append(blocks, slack.NewDividerBlock(), slack.NewHeaderBlock(plain(p.say("more"))))
		}
		b, err := question(p, f)
		if err != nil {
			return slack.ModalViewRequest{}, fmt.Errorf("slack: form of %s: %w", d.Command, err)
		}
		blocks = append(blocks, b)
	}
	if more {
		blocks = append(blocks, yesNo(moreBlock, p.say("more_ask"), "", p.say("more_yes"), false))
	}
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: formView, Title: plain(d.Title), Submit: plain(d.Submit), Close: plain(p.say("cancel")),
		Blocks: slack.Blocks{BlockSet: blocks}, PrivateMetadata: metadata{d.ID, message}.String(), NotifyOnClose: true,
	}
	if d.Part {
		v.CallbackID, v.Submit = partView, plain(p.say("next"))
	}
	return v, checkModal("form of "+d.Command, v)
}

// shownFields are the questions the modal asks. Folded ones stay out when the rest of the form is asked elsewhere anyway; in a
// long form they are answered by who says so (more).
func shownFields(d bot.Dialog) (shown []bot.DialogField, more bool) {
	first := slices.DeleteFunc(slices.Clone(d.Fields), func(f bot.DialogField) bool { return f.Folded })
	folded := len(d.Fields) - len(first)
	switch {
	case folded == 0 || len(first) == 0:
		return d.Fields, false
	case d.Part:
		return first, false
	case len(d.Fields) > manyFields:
		return first, true
	}
	rest := slices.DeleteFunc(slices.Clone(d.Fields), func(f bot.DialogField) bool { return !f.Folded })
	return append(first, rest...), false
}

// question is one field as an input block, whose block_id and action_id are the field's name.
func question(p speech, f bot.DialogField) (slack.Block, error) {
	if f.Kind == bot.Bool {
		return yesNo(f.Name, f.Label, f.Help, p.say("yes"), f.Default == true || f.Default == yes), nil
	}
	element, err := elementOf(p, f)
	if err != nil {
		return nil, fmt.Errorf("field %s: %w", f.Name, err)
	}
	if element == nil {
		text := f.Label + "\n" + p.say("nothing_to_choose")
		return slack.NewSectionBlock(plain(cut(text, maxSection)), nil, nil), nil
	}
	b := slack.NewInputBlock(f.Name, plain(f.Label), hint(f.Help), element)
	b.Optional = !f.Required
	return b, nil
}

func hint(help string) *slack.TextBlockObject {
	if strings.TrimSpace(help) == "" {
		return nil
	}
	return plain(help)
}

func yesNo(name, label, help, choice string, on bool) slack.Block {
	option := slack.NewOptionBlockObject(yes, plain(cut(choice, maxOption)), nil)
	boxes := slack.NewCheckboxGroupsBlockElement(name, option)
	if on {
		boxes.InitialOptions = []*slack.OptionBlockObject{option}
	}
	return slack.NewInputBlock(name, plain(label), hint(help), boxes).WithOptional(true)
}

// readModal is a modal with something to read. It has no questions; its buttons are presses like any other.
func readModal(p speech, blocks []slack.Block) (slack.ModalViewRequest, error) {
	if len(blocks) > maxViewBlocks {
		blocks = slices.Clip(blocks[:maxViewBlocks])
	}
	v := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: readView, Title: plain(p.say("title")), Close: plain(p.say("close")),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	return v, checkModal("an answer", v)
}

// waitModal is what is seen until an answer is there.
func waitModal(p speech) slack.ModalViewRequest {
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: readView, Title: plain(p.say("title")), Close: plain(p.say("close")),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(plain(p.say("wait")), nil, nil)}},
	}
}
