package main

import (
	"context"
	"time"

	"luotsi/bot"
	"luotsi/bot/slack"
)

// lookAtSlack looks at Slack, when anything of it is configured.
func (d *doctorCmd) lookAtSlack(ctx context.Context) []bot.Finding {
	f := d.Slack
	if !f.wanted() && f.AppToken == "" && f.AppTokenFile == "" && f.SigningSecret == "" && f.SigningSecretFile == "" && f.Queue == "" {
		return nil
	}
	found := []bot.Finding{}
	if err := f.secrets(); err != nil && (f.BotTokenFile != "" || f.AppTokenFile != "" || f.SigningSecretFile != "") {
		found = append(found, isFault(err.Error()+".", "Check the file."))
	}
	c := slack.Checkup{
		BotToken: f.BotToken, AppToken: f.AppToken, SigningSecret: f.SigningSecret, APIURL: f.APIURL, Queue: f.Queue, BaseURL: d.BaseURL, Now: time.Now,
	}
	for login, account := range d.accountsIn("slack") {
		c.People = append(c.People, slack.CheckedPerson{Login: login, Account: account})
	}
	return append(found, c.Check(ctx)...)
}
