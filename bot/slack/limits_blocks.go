package slack

import (
	"github.com/slack-go/slack"
)

// checkBlocks holds blocks against every limit of Slack's. The error names where, a block and what is too long, never a text.
func checkBlocks(where string, blocks []slack.Block, most int) error {
	c := &checker{where: where, ids: map[string]bool{}}
	c.count("blocks", len(blocks), 1, most)
	for _, b := range blocks {
		c.block(b)
	}
	return c.err
}

// checkModal holds a modal against every limit of Slack's; where is the command it belongs to.
func checkModal(where string, v slack.ModalViewRequest) error {
	c := &checker{where: where, ids: map[string]bool{}}
	c.text("the title", v.Title, maxTitle)
	if v.Close != nil {
		c.text("the closing button", v.Close, maxTitle)
	}
	if v.Submit != nil {
		c.text("the sending button", v.Submit, maxTitle)
	}
	c.length("private_metadata", v.PrivateMetadata, maxMetadata)
	c.length("callback_id", v.CallbackID, maxID)
	for _, b := range v.Blocks.BlockSet {
		if b.BlockType() == slack.MBTInput && v.Submit == nil {
			c.fail("there are questions and no button to send them")
		}
	}
	if c.err != nil {
		return c.err
	}
	return checkBlocks(where, v.Blocks.BlockSet, maxViewBlocks)
}

func (c *checker) block(b slack.Block) {
	c.once("block_id", b.ID())
	switch b := b.(type) {
	case *slack.HeaderBlock:
		c.text("a heading", b.Text, maxHeader)
	case *slack.SectionBlock:
		c.text("a section", b.Text, maxSection)
	case *slack.DividerBlock:
	case *slack.ContextBlock:
		c.count("elements of a context", len(b.ContextElements.Elements), 1, maxContext)
		for _, e := range b.ContextElements.Elements {
			if t, ok := e.(*slack.TextBlockObject); ok {
				c.text("a context", t, maxSection)
			}
		}
	case *slack.ActionBlock:
		c.actions(b)
	case *slack.InputBlock:
		c.input(b)
	default:
		c.fail("a block of the kind %q is not used", b.BlockType())
	}
}

func (c *checker) actions(b *slack.ActionBlock) {
	c.count("buttons in a row", len(b.Elements.ElementSet), 1, maxActions)
	for _, e := range b.Elements.ElementSet {
		button, ok := e.(*slack.ButtonBlockElement)
		if !ok {
			c.fail("an element of the kind %q is not used", e.ElementType())
			return
		}
		c.once("action_id", button.ActionID)
		c.text("the label of button "+button.ActionID, button.Text, maxButton)
		c.length("the ticket of button "+button.ActionID, button.Value, maxValue)
		c.length("the address of button "+button.ActionID, button.URL, maxURL)
	}
}

func (c *checker) input(b *slack.InputBlock) {
	name := "field " + b.BlockID
	c.text(name+": the label", b.Label, maxLabel)
	if b.Hint != nil {
		c.text(name+": the hint", b.Hint, maxLabel)
	}
	switch e := b.Element.(type) {
	case *slack.PlainTextInputBlockElement:
		c.once("action_id", e.ActionID)
		c.length(name+": the default", e.InitialValue, maxTyped)
		c.count(name+": characters to type", e.MaxLength, 1, maxTyped)
	case *slack.RadioButtonsBlockElement:
		c.once("action_id", e.ActionID)
		c.options(name, e.Options, maxFew)
	case *slack.CheckboxGroupsBlockElement:
		c.once("action_id", e.ActionID)
		c.options(name, e.Options, maxFew)
	case *slack.SelectBlockElement:
		c.once("action_id", e.ActionID)
		c.choices(name, e.Placeholder, e.Options, e.OptionGroups)
	case *slack.MultiSelectBlockElement:
		c.once("action_id", e.ActionID)
		c.choices(name, e.Placeholder, e.Options, e.OptionGroups)
	case *slack.DatePickerBlockElement:
		c.once("action_id", e.ActionID)
	case *slack.DateTimePickerBlockElement:
		c.once("action_id", e.ActionID)
	default:
		c.fail("%s: an element that is not used", name)
	}
}

func (c *checker) choices(name string, placeholder *slack.TextBlockObject, options []*slack.OptionBlockObject, groups []*slack.OptionGroupBlockObject) {
	if placeholder != nil {
		c.text(name+": the placeholder", placeholder, maxPlaceholder)
	}
	if len(groups) == 0 {
		c.options(name, options, maxOptions)
		return
	}
	c.count(name+": groups of choices", len(groups), 1, maxOptions)
	for _, g := range groups {
		c.text(name+": a group's label", g.Label, maxOption)
		c.options(name, g.Options, maxOptions)
	}
}

func (c *checker) options(name string, options []*slack.OptionBlockObject, most int) {
	c.count(name+": choices", len(options), 1, most)
	for _, o := range options {
		c.text(name+": a choice", o.Text, maxOption)
		c.length(name+": the code of a choice", o.Value, maxOptionValue)
	}
}
