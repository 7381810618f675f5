package mattermost

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// setupTriggers are the slash commands: everything under the first, the others raise a concern, in three languages at once.
var setupTriggers = []string{"luotsi", "huoli", "oro", "concern"}

// setupPath is where commands arrive at Luotsi.
const setupPath = "/mattermost/command"

// makeCommands makes the slash commands or brings them up to date, and keeps their tokens. A command of somebody else's under
// one of the names is left alone: without /luotsi there is no Luotsi, the others are shortcuts.
func (r *setupRun) makeCommands(ctx context.Context) error {
	there, response, err := r.admin.ListCommands(ctx, r.team.Id, true)
	if err != nil {
		return setupWhy("listing slash commands", response, err)
	}
	var tokens []string
	for _, trigger := range setupTriggers {
		token, err := r.makeCommand(ctx, trigger, there)
		if err != nil {
			return err
		}
		if token != "" {
			tokens = append(tokens, token)
		}
	}
	return r.keep(setupCommands, strings.Join(tokens, ","))
}

func (r *setupRun) makeCommand(ctx context.Context, trigger string, there []*model.Command) (token string, err error) {
	want := r.command(trigger)
	for _, c := range there {
		if c.Trigger != trigger {
			continue
		}
		if !setupOurs(c.URL) {
			if trigger == setupTriggers[0] {
				return "", fmt.Errorf("the slash command /%s calls another address (%s); remove it first", trigger, setupHost(c.URL))
			}
			r.Say("! /%s calls another address (%s) and was left alone; /luotsi does the same", trigger, setupHost(c.URL))
			return "", nil
		}
		return r.updateCommand(ctx, c, want)
	}
	made, response, err := r.admin.CreateCommand(ctx, want)
	if err != nil {
		return "", setupWhy("making the slash command /"+trigger, response, err)
	}
	r.made("made the slash command /%s", trigger)
	return made.Token, nil
}

// updateCommand keeps the command's token and whatever else is not Luotsi's to say.
func (r *setupRun) updateCommand(ctx context.Context, c, want *model.Command) (string, error) {
	next := *c
	next.URL, next.Method, next.DisplayName, next.Description = want.URL, want.Method, want.DisplayName, want.Description
	next.AutoComplete, next.AutoCompleteHint, next.AutoCompleteDesc = true, want.AutoCompleteHint, want.AutoCompleteDesc
	same := c.URL == next.URL && c.Method == next.Method && c.DisplayName == next.DisplayName && c.Description == next.Description &&
		c.AutoComplete && c.AutoCompleteHint == next.AutoCompleteHint && c.AutoCompleteDesc == next.AutoCompleteDesc
	if same {
		r.there("slash command /%s", c.Trigger)
		return c.Token, nil
	}
	if _, response, err := r.admin.UpdateCommand(ctx, &next); err != nil {
		return "", setupWhy("updating the slash command /"+c.Trigger, response, err)
	}
	r.made("brought the slash command /%s up to date", c.Trigger)
	return c.Token, nil
}

func (r *setupRun) command(trigger string) *model.Command {
	kind := "raise"
	if trigger == setupTriggers[0] {
		kind = "luotsi"
	}
	return &model.Command{
		TeamId: r.team.Id, Trigger: trigger, URL: r.BaseURL + setupPath, Method: model.CommandMethodPost,
		DisplayName: r.text(kind + ".name"), Description: r.text(kind + ".what"),
		AutoComplete: true, AutoCompleteHint: r.text(kind + ".hint"), AutoCompleteDesc: r.text(kind + ".what"),
	}
}

// setupOurs reports whether a command's address is Luotsi's, at this or an earlier host.
func setupOurs(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(u.Path, setupPath)
}

// setupHost is the part of an address that may be shown: paths and queries may hold secrets.
func setupHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "unreadable"
	}
	return u.Host
}
