package slack

import (
	"bytes"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"
	"go.yaml.in/yaml/v3"

	"luotsi/bot"
)

// Manifest is what an app's manifest is made of.
type Manifest struct {
	Commands []ManifestCommand
	Catalog  *bot.Catalog // with Texts in it
	Lang     bot.Lang
	BaseURL  string // Luotsi's own address, no slash at the end; not needed for Socket Mode
	Socket   bool
}

// ManifestCommand is a slash command.
type ManifestCommand struct {
	Name    string // without the slash
	Summary string // what it does, in the manifest's language
	Hint    string // what can be typed after it; may be empty
}

// botEvents are what Luotsi is told of: who is in its rooms, what is written there, and that a home view was opened.
var botEvents = []string{
	"app_home_opened", "group_archive", "group_deleted", "group_left", "group_rename", "member_joined_channel",
	"member_left_channel", "message.groups",
}

// What a manifest may hold, in characters.
const (
	maxAppDescription  = 140
	maxCommandSummary  = 2000
	maxManifestCommand = 32
)

// YAML writes the manifest as Slack takes it when an app is made. Nothing is asked for that Luotsi does not use.
func (m Manifest) YAML() ([]byte, error) {
	base, err := url.Parse(m.BaseURL)
	switch {
	case m.Socket:
	case err != nil || base.Scheme != "https" || base.Host == "" || strings.HasSuffix(m.BaseURL, "/"):
		return nil, errors.New("Slack needs Luotsi's own address, like https://luotsi.example (--base-url), or Socket Mode (--socket)")
	}
	p := speech{m.Catalog, m.Lang.Known()}
	if size(p.say("manifest.description")) > maxAppDescription {
		return nil, errors.New("the app's description does not fit into a manifest")
	}
	app := slack.Manifest{
		Metadata: slack.ManifestMetadata{MajorVersion: 1, MinorVersion: 1},
		Display:  slack.Display{Name: "Luotsi", Description: p.say("manifest.description"), BackgroundColor: "#1f3a4d"},
		Features: slack.Features{
			AppHome: slack.AppHome{HomeTabEnabled: true, MessagesTabEnabled: true},
			BotUser: slack.BotUser{DisplayName: "Luotsi", AlwaysOnline: true},
		},
		OAuthConfig: slack.OAuthConfig{Scopes: slack.OAuthScopes{Bot: slices.Sorted(slices.Values(Scopes))}},
		Settings: slack.Settings{
			EventSubscriptions: &slack.EventSubscriptions{BotEvents: botEvents},
			Interactivity:      &slack.Interactivity{IsEnabled: true},
			SocketModeEnabled:  m.Socket,
		},
	}
	for _, c := range m.Commands {
		if size(c.Name) > maxManifestCommand || c.Summary == "" || size(c.Summary) > maxCommandSummary {
			return nil, errors.New("the command /" + c.Name + " does not fit into a manifest")
		}
		app.Features.SlashCommands = append(app.Features.SlashCommands, slack.ManifestSlashCommand{
			Command: "/" + c.Name, Description: c.Summary, UsageHint: c.Hint, Url: m.address("command"),
		})
	}
	app.Settings.EventSubscriptions.RequestUrl = m.address("event")
	app.Settings.Interactivity.RequestUrl = m.address("interaction")
	return written(app)
}

// written is the manifest as text. slack-go leaves out what is false, but people can type in the Messages tab only where the
// manifest says so.
func written(app slack.Manifest) ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	if err := e.Encode(app); err != nil {
		return nil, err
	}
	tab := []byte("    messages_tab_enabled: true\n")
	return bytes.Replace(text.Bytes(), tab, append(tab, "    messages_tab_read_only_enabled: false\n"...), 1), nil
}

// address is where Slack sends things; in Socket Mode nowhere.
func (m Manifest) address(what string) string {
	if m.Socket {
		return ""
	}
	return m.BaseURL + "/slack/" + what
}
