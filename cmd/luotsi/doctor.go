package main

import (
	"context"
	"errors"
	"time"

	"luotsi/bot"
	"luotsi/bot/mattermost"
	"luotsi/commands/casework"
)

// doctorCmd tells in one sentence each what is wrong with an installation, and what to do. It changes nothing, and works with
// what it is given: what is not configured at all is told once and not looked at further.
type doctorCmd struct {
	DatabaseURL     string          `env:"LUOTSI_DATABASE_URL" group:"Database and keys" help:"Database, with the service's login; it or its file is needed."`
	DatabaseURLFile string          `env:"LUOTSI_DATABASE_URL_FILE" type:"path" group:"Database and keys" help:"File that holds it."`
	Keyset          string          `name:"keyset-file" env:"LUOTSI_KEYSET_FILE" type:"path" group:"Database and keys" help:"Keyset of the vault and the logs."`
	Kek             string          `name:"kek-file" env:"LUOTSI_KEK_FILE" type:"path" group:"Database and keys" help:"Key that encrypts the keyset."`
	BaseURL         string          `name:"base-url" env:"LUOTSI_BASE_URL" help:"Luotsi's own address, as the chat server and people's browsers reach it."`
	Mattermost      mattermostFlags `embed:"" prefix:"mattermost-" group:"Mattermost"`
	AdminToken      string          `env:"LUOTSI_MATTERMOST_ADMIN_TOKEN" group:"Mattermost" help:"Token of a Mattermost system administrator, for what only one may read."`
	AdminTokenFile  string          `env:"LUOTSI_MATTERMOST_ADMIN_TOKEN_FILE" type:"path" group:"Mattermost" help:"File that holds it."`
	AdminLogin      string          `group:"Mattermost" help:"Instead of a token: a Mattermost system administrator's login. A session is opened and closed again."`
	AdminPassword   string          `env:"LUOTSI_MATTERMOST_ADMIN_PASSWORD" group:"Mattermost" help:"That login's password."`
	PasswordFile    string          `name:"admin-password-file" env:"LUOTSI_MATTERMOST_ADMIN_PASSWORD_FILE" type:"path" group:"Mattermost" help:"File that holds it."`
	Slack           slackFlags      `embed:"" prefix:"slack-" group:"Slack"`
	SignIn          signInFlags     `embed:"" prefix:"oidc-" group:"Sign-in"`

	people   []casework.User               // of the directory, when it could be read
	accounts map[string][]casework.Account // theirs
}

// Run looks at one thing after the other. Errors make the exit code 1, hints alone do not.
func (d *doctorCmd) Run(ctx context.Context, o *out) error {
	errs, hints := 0, 0
	for _, part := range []struct {
		name string
		look func(context.Context) []bot.Finding
	}{
		{"Keys and database", d.lookAtDatabase},
		{"Luotsi's own address", d.lookAtAddress},
		{"Sign-in before Luotsi's pages", d.lookAtSignIn},
		{"Mattermost", d.lookAtMattermost},
		{"Slack", d.lookAtSlack},
	} {
		found := part.look(ctx)
		if found == nil {
			continue // not configured
		}
		o.say("%s", part.name)
		if len(found) == 0 {
			o.say("  well")
		}
		for _, f := range found {
			o.say("  %s: %s\n    %s", f.Level, f.What, f.Fix)
			if f.Level == bot.Fault {
				errs++
			} else {
				hints++
			}
		}
	}
	if errs > 0 {
		return errors.New(count(errs, "error") + ", " + count(hints, "hint"))
	}
	o.say("No errors, %s.", count(hints, "hint"))
	return nil
}

func isFault(what, fix string) bot.Finding {
	return bot.Finding{Level: bot.Fault, What: what, Fix: fix}
}

// lookAtMattermost looks at Mattermost, when anything of it is configured.
func (d *doctorCmd) lookAtMattermost(ctx context.Context) []bot.Finding {
	m := d.Mattermost
	if !m.wanted() && m.Token == "" && m.TokenFile == "" && m.Team == "" {
		return nil
	}
	c := mattermost.Checkup{URL: m.URL, Team: m.Team, Queue: m.Queue, BaseURL: d.BaseURL, Now: time.Now}
	found := []bot.Finding{}
	if err := m.secrets(); err != nil && (m.TokenFile != "" || m.CommandTokensFile != "") {
		found = append(found, isFault(err.Error()+".", "Check the file."))
	}
	c.Token, c.CommandTokens = m.Token, m.CommandTokens // what is missing is told below
	var err error
	switch {
	case d.AdminToken != "" || d.AdminTokenFile != "":
		c.AdminToken, err = secretOr(d.AdminToken, d.AdminTokenFile, "LUOTSI_MATTERMOST_ADMIN_TOKEN")
	case d.AdminLogin != "":
		c.Login = d.AdminLogin
		c.Password, err = secretOr(d.AdminPassword, d.PasswordFile, "LUOTSI_MATTERMOST_ADMIN_PASSWORD")
	}
	if err != nil {
		found = append(found, isFault(err.Error()+".", "Check the option and its file."))
	}
	for login, account := range d.accountsIn("mattermost") {
		c.People = append(c.People, mattermost.CheckedPerson{Login: login, Account: account})
	}
	return append(found, c.Check(ctx)...)
}

// accountsIn are the accounts of everybody in the directory whose access is not closed, by login; empty where none is linked.
func (d *doctorCmd) accountsIn(chat string) map[string]string {
	accounts := map[string]string{}
	for _, u := range d.people {
		if u.Disabled {
			continue
		}
		accounts[u.Login] = ""
		for _, a := range d.accounts[u.Login] {
			if a.Platform == chat {
				accounts[u.Login] = a.User
			}
		}
	}
	return accounts
}
