package slack

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"luotsi/bot"
)

// Accounts finds people's accounts in a workspace, for the people directory.
type Accounts struct{ chat *Slack }

// NewAccounts looks with the bot's token; apiURL is empty for Slack's own. It touches no network.
func NewAccounts(token, apiURL string) (*Accounts, error) {
	c := Config{BotToken: token, APIURL: apiURL, HTTP: &http.Client{Timeout: 30 * time.Second}, Log: slog.New(slog.DiscardHandler)}
	out, err := newOutlet(c)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	return &Accounts{&Slack{cfg: c, out: out}}, nil
}

// Name is the platform's short name.
func (a *Accounts) Name() string { return Platform }

// Find is the account with the e-mail address; Slack finds nobody by a user name. bot.ErrGone when there is none.
func (a *Accounts) Find(ctx context.Context, _, email string) (bot.Profile, error) {
	if email == "" {
		return bot.Profile{}, bot.ErrGone
	}
	return a.chat.UserByEmail(ctx, email)
}
