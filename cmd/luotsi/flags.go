package main

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"luotsi/bot"
	"luotsi/store"
)

// databaseFlags are what every command needs that works on the production database.
type databaseFlags struct {
	DatabaseURL     string `env:"LUOTSI_DATABASE_URL" help:"Database, with the service's login; it or its file is needed."`
	DatabaseURLFile string `env:"LUOTSI_DATABASE_URL_FILE" type:"path" help:"File that holds it."`
	Keyset          string `name:"keyset-file" env:"LUOTSI_KEYSET_FILE" required:"" type:"path" help:"Keyset of the vault and the logs."`
	Kek             string `name:"kek-file" env:"LUOTSI_KEK_FILE" required:"" type:"path" help:"Key that encrypts the keyset."`
}

// open reads the keys, which must be there, and opens the store, which must be theirs.
func (f databaseFlags) open(ctx context.Context) (*store.Store, *store.Keys, error) {
	return f.opened(ctx, store.Open)
}

func (f databaseFlags) opened(ctx context.Context, open func(context.Context, string, *store.Keys) (*store.Store, error)) (*store.Store, *store.Keys, error) {
	url, err := secretOr(f.DatabaseURL, f.DatabaseURLFile, "LUOTSI_DATABASE_URL")
	if err != nil {
		return nil, nil, err
	}
	keys, err := store.LoadKeys(f.Keyset, f.Kek, false)
	if err != nil {
		return nil, nil, badKeys(err)
	}
	s, err := open(ctx, url, keys)
	return s, keys, err
}

// badKeys is what doctor says of keys that cannot be read, for whoever cannot go on without.
func badKeys(err error) error {
	fault := keysFault(err)
	return errors.New(fault.What + " " + fault.Fix)
}

// keysFault tells what is wrong with keys that cannot be read, and what to do.
func keysFault(err error) bot.Finding {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return isFault("The keys are not there: "+err.Error()+".", "A new installation makes them with luotsi setup keys; an old one needs its own back from their copy.")
	case errors.Is(err, store.ErrKeysOpen):
		return isFault("The keys are not safe: "+err.Error()+".", "Give the files to Luotsi's user alone.")
	}
	return isFault("The keys cannot be used: "+err.Error()+".", "Check LUOTSI_KEYSET_FILE and LUOTSI_KEK_FILE: they must be a pair, and readable to Luotsi's user.")
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
