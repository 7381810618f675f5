package main

import (
	"context"
	"errors"

	"luotsi/bot"
	"luotsi/bot/mattermost"
)

// setupCmd does once what an installation needs. Every part may run any number of times.
type setupCmd struct {
	Keys       setupKeysCmd       `cmd:"" help:"Make the keys that encrypt clients' data, if they are not there."`
	Mattermost setupMattermostCmd `cmd:"" help:"Make bot, slash commands and channel in Mattermost, and write what Luotsi needs to know."`
}

// setupMattermostCmd does in Mattermost what an administrator would otherwise click.
type setupMattermostCmd struct {
	URL               string   `env:"LUOTSI_MATTERMOST_URL" help:"Address of the Mattermost server; may be left out when the environment file says it."`
	AdminToken        string   `env:"LUOTSI_MATTERMOST_ADMIN_TOKEN" help:"Token of a system administrator."`
	AdminTokenFile    string   `env:"LUOTSI_MATTERMOST_ADMIN_TOKEN_FILE" type:"path" help:"File that holds it."`
	AdminLogin        string   `help:"Instead of a token: a system administrator's login. A session is opened and closed again."`
	AdminPassword     string   `env:"LUOTSI_MATTERMOST_ADMIN_PASSWORD" help:"That login's password."`
	AdminPasswordFile string   `env:"LUOTSI_MATTERMOST_ADMIN_PASSWORD_FILE" type:"path" help:"File that holds it."`
	Team              string   `env:"LUOTSI_MATTERMOST_TEAM" help:"Name in the team's address; may be left out when there is only one team."`
	BaseURL           string   `name:"base-url" env:"LUOTSI_BASE_URL" required:"" help:"Luotsi's own address, as the Mattermost server reaches it."`
	EnvFile           string   `default:"luotsi-mattermost.env" type:"path" help:"File for what Luotsi needs to know: for its owner's eyes only, updated in place."`
	Language          string   `env:"LUOTSI_LANGUAGE" enum:"fi,sv,en" default:"fi" help:"Language of the slash commands' hints: fi, sv or en."`
	Bot               string   `default:"luotsi" help:"Username of the bot account."`
	Queue             string   `default:"luotsi-jono" help:"Name of the coordinators' private channel."`
	Coordinator       []string `help:"Username or e-mail address of somebody who belongs to that channel; may be given several times."`
	AdoptQueue        bool     `help:"Use a coordinators' channel that somebody else made, with whoever is in it."`
	NewToken          bool     `help:"Make a new bot token although the stored one works."`

	EnableCommands       bool `help:"Whole server: allow custom slash commands."`
	AllowInternal        bool `help:"Whole server: let integrations call Luotsi's host although it is inside the network."`
	LockChannels         bool `help:"Whole server: take from ordinary members of private channels the rights to add, remove, rename and archive."`
	GenericNotifications bool `help:"Whole server: leave the text of messages out of push and e-mail notifications."`
}

// Run sets up and tells every thing that was changed (+), was there already (=) or should be looked at (!).
func (s *setupMattermostCmd) Run(ctx context.Context, o *out) error {
	token, password, err := s.secrets()
	if err != nil {
		return err
	}
	file, err := openEnvFile(s.EnvFile)
	if err != nil {
		return err
	}
	if file.wasOpen {
		o.say("! %s could be read by others than its owner; its secrets may be known. It is closed now.", s.EnvFile)
	}
	if s.URL == "" {
		s.URL = file.values()["LUOTSI_MATTERMOST_URL"]
	}
	if s.Team == "" {
		s.Team = file.values()["LUOTSI_MATTERMOST_TEAM"]
	}
	err = mattermost.Setup{
		URL: s.URL, AdminToken: token, Login: s.AdminLogin, Password: password, Team: s.Team, BaseURL: s.BaseURL,
		Bot: s.Bot, Queue: s.Queue, Lang: bot.Lang(s.Language), Coordinators: s.Coordinator, AdoptQueue: s.AdoptQueue, NewToken: s.NewToken,
		EnableCommands: s.EnableCommands, AllowInternal: s.AllowInternal, LockChannels: s.LockChannels,
		GenericNotifications: s.GenericNotifications,
		Stored:               file.values(), Keep: file.set, Say: o.say,
	}.Run(ctx)
	if err != nil {
		return err
	}
	if file.changed {
		o.say("%s was written. Start Luotsi anew with it, then run luotsi doctor.", s.EnvFile)
	} else {
		o.say("%s says so already. luotsi doctor tells whether all is well.", s.EnvFile)
	}
	return nil
}

func (s *setupMattermostCmd) secrets() (token, password string, err error) {
	switch {
	case s.AdminToken != "" || s.AdminTokenFile != "":
		token, err = secretOr(s.AdminToken, s.AdminTokenFile, "LUOTSI_MATTERMOST_ADMIN_TOKEN")
	case s.AdminLogin != "":
		password, err = secretOr(s.AdminPassword, s.AdminPasswordFile, "LUOTSI_MATTERMOST_ADMIN_PASSWORD")
	default:
		err = errors.New("give a system administrator's --admin-token, or --admin-login and a password")
	}
	return token, password, err
}
