package main

import (
	"context"
	"strings"

	"luotsi/store"
)

// databaseFlags are what every command needs that works on the production database.
type databaseFlags struct {
	DatabaseURL     string `env:"LUOTSI_DATABASE_URL" help:"Database, with the service's login; it or its file is needed."`
	DatabaseURLFile string `env:"LUOTSI_DATABASE_URL_FILE" type:"path" help:"File that holds it."`
	Keyset          string `name:"keyset-file" env:"LUOTSI_KEYSET_FILE" required:"" type:"path" help:"Keyset of the vault and the logs."`
	Kek             string `name:"kek-file" env:"LUOTSI_KEK_FILE" required:"" type:"path" help:"Key that encrypts the keyset."`
}

// open reads the keys, which must be there, and opens the store.
func (f databaseFlags) open(ctx context.Context) (*store.Store, *store.Keys, error) {
	url, err := secretOr(f.DatabaseURL, f.DatabaseURLFile, "LUOTSI_DATABASE_URL")
	if err != nil {
		return nil, nil, err
	}
	keys, err := store.LoadKeys(f.Keyset, f.Kek, false)
	if err != nil {
		return nil, nil, err
	}
	s, err := store.Open(ctx, url, keys)
	return s, keys, err
}

// mattermostFlags say where Mattermost is and as whom Luotsi is there.
type mattermostFlags struct {
	URL               string   `env:"LUOTSI_MATTERMOST_URL" help:"Address of the Mattermost server."`
	Token             string   `env:"LUOTSI_MATTERMOST_TOKEN" help:"Token of the bot account."`
	TokenFile         string   `env:"LUOTSI_MATTERMOST_TOKEN_FILE" type:"path" help:"File that holds it."`
	Team              string   `env:"LUOTSI_MATTERMOST_TEAM" help:"Name of the team."`
	CommandTokens     []string `env:"LUOTSI_MATTERMOST_COMMAND_TOKENS" help:"Tokens of the slash commands, with commas between."`
	CommandTokensFile string   `env:"LUOTSI_MATTERMOST_COMMAND_TOKENS_FILE" type:"path" help:"File that holds them."`
	Queue             string   `name:"coordinator-channel" env:"LUOTSI_MATTERMOST_COORDINATOR_CHANNEL" help:"Private channel of the service coordinators: name or id."`
}

func (f mattermostFlags) wanted() bool { return f.URL != "" }

// secrets reads what may stand in files.
func (f *mattermostFlags) secrets() (err error) {
	if f.Token, err = secretOr(f.Token, f.TokenFile, "LUOTSI_MATTERMOST_TOKEN"); err != nil {
		return err
	}
	tokens, err := secretOr(strings.Join(f.CommandTokens, ","), f.CommandTokensFile, "LUOTSI_MATTERMOST_COMMAND_TOKENS")
	f.CommandTokens = strings.FieldsFunc(tokens, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })
	return err
}

// slackFlags say as whom Luotsi is in Slack.
type slackFlags struct {
	BotToken          string `env:"LUOTSI_SLACK_BOT_TOKEN" help:"Bot token (xoxb-…)."`
	BotTokenFile      string `env:"LUOTSI_SLACK_BOT_TOKEN_FILE" type:"path" help:"File that holds it."`
	AppToken          string `env:"LUOTSI_SLACK_APP_TOKEN" help:"App token (xapp-…): with it Slack is reached by Socket Mode."`
	AppTokenFile      string `env:"LUOTSI_SLACK_APP_TOKEN_FILE" type:"path" help:"File that holds it."`
	SigningSecret     string `env:"LUOTSI_SLACK_SIGNING_SECRET" help:"Signing secret, for HTTP."`
	SigningSecretFile string `env:"LUOTSI_SLACK_SIGNING_SECRET_FILE" type:"path" help:"File that holds it."`
	APIURL            string `name:"api-url" env:"LUOTSI_SLACK_API_URL" help:"Another address of Slack's API."`
	Queue             string `name:"coordinator-channel" env:"LUOTSI_SLACK_COORDINATOR_CHANNEL" help:"Id of the service coordinators' private channel."`
}

func (f slackFlags) wanted() bool { return f.BotToken != "" || f.BotTokenFile != "" }

// secrets reads what may stand in files.
func (f *slackFlags) secrets() (err error) {
	if f.BotToken, err = secretOr(f.BotToken, f.BotTokenFile, "LUOTSI_SLACK_BOT_TOKEN"); err != nil {
		return err
	}
	if f.AppToken != "" || f.AppTokenFile != "" {
		f.AppToken, err = secretOr(f.AppToken, f.AppTokenFile, "LUOTSI_SLACK_APP_TOKEN")
		return err
	}
	f.SigningSecret, err = secretOr(f.SigningSecret, f.SigningSecretFile, "LUOTSI_SLACK_SIGNING_SECRET")
	return err
}

// signInFlags say where people prove who they are before Luotsi's own pages open.
type signInFlags struct {
	Issuer           string `env:"LUOTSI_OIDC_ISSUER" help:"OpenID Connect issuer in front of Luotsi's pages."`
	ClientID         string `name:"client-id" env:"LUOTSI_OIDC_CLIENT_ID" help:"Luotsi's client id there."`
	ClientSecret     string `env:"LUOTSI_OIDC_CLIENT_SECRET" help:"Its secret."`
	ClientSecretFile string `env:"LUOTSI_OIDC_CLIENT_SECRET_FILE" type:"path" help:"File that holds it."`
	TrustEmail       bool   `name:"trust-email" env:"LUOTSI_OIDC_TRUST_EMAIL" help:"Take an e-mail address though the issuer does not say that it is verified. Only for an issuer that never says it (Entra ID) and where people cannot change their own address: whoever can, gets in as anybody."`
}
