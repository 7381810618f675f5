package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"luotsi/bot"
)

// deedKind is what a person did in Slack, or what Slack tells.
type deedKind string

const (
	commanded deedKind = "command"
	pressed   deedKind = "press"
	submitted deedKind = "submit"
	closed    deedKind = "closed" // a modal, without sending it
	homeSeen  deedKind = "home"
	happened  deedKind = "event"     // something to watch
	challenge deedKind = "challenge" // Slack asks whether the address is Luotsi's
	nothing   deedKind = "nothing"   // nothing that Luotsi does anything about
)

// deed is one thing that came from Slack, decoded. Everything in it was written by Slack, but what people typed or pressed is
// theirs: tickets are for Handle to judge.
type deed struct {
	kind    deedKind
	id      string // the same for a redelivery; empty if there is none
	team    string
	user    string
	channel string
	request bot.Request // Text, Submit, Press, Values and Part

	trigger  string // opens a modal within some three seconds, once
	response string // takes five messages within half an hour

	view      slack.View    // the modal or home view in which it was done
	message   string        // channel:ts of the message whose button was pressed, or whose button opened the modal
	ephemeral bool          // that message is seen by the person only
	blocks    []slack.Block // of that message
	text      string        // of that message, escaped
	label     string        // of the button
	inner     slackevents.EventsAPIInnerEvent
	answer    string // to a challenge
}

var errMalformed = errors.New("malformed")

// digest makes an id of things that are not told further themselves.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":" + p))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// commandForm reads a slash command as HTTP brings it.
func commandForm(body []byte) (deed, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return deed{}, errMalformed
	}
	return commandDeed(slack.SlashCommand{
		TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), UserID: form.Get("user_id"), Command: form.Get("command"),
		Text: form.Get("text"), ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	})
}

// commandJSON reads a slash command as Socket Mode brings it.
func commandJSON(body []byte) (deed, error) {
	var c slack.SlashCommand
	if json.Unmarshal(body, &c) != nil {
		return deed{}, errMalformed
	}
	return commandDeed(c)
}

func commandDeed(c slack.SlashCommand) (deed, error) {
	if c.UserID == "" || c.ChannelID == "" || !strings.HasPrefix(c.Command, "/") || c.TriggerID == "" {
		return deed{}, errMalformed
	}
	id := digest("command", c.UserID, c.TriggerID)
	return deed{
		kind: commanded, id: id, team: c.TeamID, user: c.UserID, channel: c.ChannelID, trigger: c.TriggerID, response: c.ResponseURL,
		request: bot.Request{ID: id, Text: strings.TrimSpace(c.Command + " " + unescape(c.Text))},
	}, nil
}

// interactionForm reads a press, or a modal that is sent or closed, as HTTP brings it.
func interactionForm(body []byte) (deed, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("payload") == "" {
		return deed{}, errMalformed
	}
	return interactionJSON([]byte(form.Get("payload")))
}

// interactionJSON reads the same as Socket Mode brings it.
func interactionJSON(body []byte) (deed, error) {
	var c slack.InteractionCallback
	if json.Unmarshal(body, &c) != nil || c.User.ID == "" {
		return deed{}, errMalformed
	}
	d := deed{
		kind: nothing, team: c.Team.ID, user: c.User.ID, channel: c.Channel.ID, trigger: c.TriggerID, response: c.ResponseURL, view: c.View,
	}
	if d.team == "" {
		d.team = c.View.TeamID
	}
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		return pressDeed(d, c), nil
	case slack.InteractionTypeViewSubmission:
		return submitDeed(d)
	case slack.InteractionTypeViewClosed:
		d.kind, d.message = closed, metadataOf(c.View).Message
	}
	return d, nil
}

// pressDeed reads a press on a button. Presses of what is no button of Luotsi's commands (a link, a box that was ticked) are
// nothing.
func pressDeed(d deed, c slack.InteractionCallback) deed {
	if len(c.ActionCallback.BlockActions) == 0 {
		return d
	}
	a := c.ActionCallback.BlockActions[0]
	if a.Type != slack.ActionType(slack.METButton) || a.Value == "" {
		return d
	}
	d.kind, d.label = pressed, unescape(a.Text.Text)
	d.id = digest("press", d.user, a.Value, a.ActionTs, c.TriggerID)
	d.request = bot.Request{ID: d.id, Press: a.Value}
	if c.View.ID == "" {
		if c.Container.ChannelID != "" {
			d.channel = c.Container.ChannelID
		}
		at := c.Container.MessageTs
		if at == "" {
			at = c.Message.Timestamp
		}
		d.message, d.ephemeral = messageID(d.channel, at), c.Container.IsEphemeral
		d.blocks, d.text = c.Message.Blocks.BlockSet, c.Message.Text
	}
	return d
}

// submitDeed reads a modal that is sent. Sent again with the same answers it has the same id.
func submitDeed(d deed) (deed, error) {
	m := metadataOf(d.view)
	if m.Ticket == "" {
		return deed{}, errMalformed
	}
	values, more := valuesOf(d.view)
	said, err := json.Marshal(values) // keys come sorted
	if err != nil {
		return deed{}, errMalformed
	}
	part := d.view.CallbackID == partView || more
	d.kind, d.message = submitted, m.Message
	d.id = digest("submit", d.user, m.Ticket, string(said), strconv.FormatBool(part))
	d.request = bot.Request{ID: d.id, Submit: m.Ticket, Values: values, Part: part}
	return d, nil
}

// eventJSON reads what the Events API tells.
func eventJSON(body []byte) (deed, error) {
	var outer struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		TeamID    string `json:"team_id"`
		EventID   string `json:"event_id"`
		Event     struct {
			Type string `json:"type"`
		} `json:"event"`
	}
	if json.Unmarshal(body, &outer) != nil {
		return deed{}, errMalformed
	}
	switch outer.Type {
	case slackevents.URLVerification:
		return deed{kind: challenge, answer: outer.Challenge}, nil
	case slackevents.CallbackEvent:
	default:
		return deed{kind: nothing}, nil
	}
	if outer.EventID == "" || outer.Event.Type == "" {
		return deed{}, errMalformed
	}
	d := deed{kind: nothing, id: "event " + outer.EventID, team: outer.TeamID}
	e, err := slackevents.ParseEvent(body, slackevents.OptionNoVerifyToken())
	if err != nil {
		return d, nil // a kind of event that was not asked for
	}
	d.kind, d.inner = happened, e.InnerEvent
	if home, ok := e.InnerEvent.Data.(*slackevents.AppHomeOpenedEvent); ok {
		d.kind, d.user = homeSeen, home.User
		if home.Tab != "home" || home.User == "" {
			d.kind = nothing
		}
	}
	return d, nil
}
