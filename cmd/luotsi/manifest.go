package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"luotsi/bot"
	"luotsi/bot/slack"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// manifestCmd prints what a chat needs to know of Luotsi when it is made known there.
type manifestCmd struct {
	Slack manifestSlackCmd `cmd:"" help:"The app manifest for Slack."`
}

// manifestSlackCmd prints Slack's app manifest, which is pasted in when the app is made.
type manifestSlackCmd struct {
	Language string `env:"LUOTSI_LANGUAGE" enum:"fi,sv,en" default:"fi" help:"Language of the slash commands' hints: fi, sv or en."`
	BaseURL  string `name:"base-url" env:"LUOTSI_BASE_URL" help:"Luotsi's own address, as Slack reaches it; not needed with --socket."`
	Socket   bool   `help:"Socket Mode: Luotsi calls Slack, nothing calls Luotsi."`
}

// Run prints the manifest and nothing else.
func (m *manifestSlackCmd) Run(o *out) error {
	text, err := slackManifest(bot.Lang(m.Language), m.BaseURL, m.Socket)
	if err != nil {
		return err
	}
	_, err = o.file.Write(text)
	return err
}

// slackManifest is the manifest of the commands there are.
func slackManifest(lang bot.Lang, baseURL string, socket bool) ([]byte, error) {
	catalog, err := bot.NewCatalog(casework.Helsinki, commands.Texts(), slack.Texts)
	if err != nil {
		return nil, err
	}
	registry, err := commands.NewRegistry()
	if err != nil {
		return nil, err
	}
	m := slack.Manifest{Catalog: catalog, Lang: lang, BaseURL: strings.TrimRight(baseURL, "/"), Socket: socket}
	for _, trigger := range slices.Sorted(maps.Keys(bot.Triggers)) {
		c := slack.ManifestCommand{Name: trigger}
		if verb := bot.Triggers[trigger]; verb == "" {
			c.Summary, c.Hint = catalog.Say(lang, bot.T("slack.manifest.luotsi")), catalog.Say(lang, bot.T("slack.manifest.hint"))
		} else if i := slices.IndexFunc(registry.Commands, func(c *commands.Command) bool { return answersTo(c, verb) }); i >= 0 {
			c.Summary = catalog.Say(lang, bot.T("command."+registry.Commands[i].Key+".summary"))
		} else {
			return nil, errors.New("no command answers to /" + trigger)
		}
		m.Commands = append(m.Commands, c)
	}
	slices.SortStableFunc(m.Commands, func(a, b slack.ManifestCommand) int { return len(bot.Triggers[a.Name]) - len(bot.Triggers[b.Name]) })
	return m.YAML()
}

// answersTo reports whether a command has the name in some language.
func answersTo(c *commands.Command, name string) bool {
	for _, names := range c.Names {
		if slices.Contains(strings.Split(names, "|"), name) {
			return true
		}
	}
	return false
}
