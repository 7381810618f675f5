package slack

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Accounts finds people's accounts in a workspace, for the people directory.
type Accounts struct {
	chat *Slack
	page *slack.UserPagination  // how far the list of everybody was read; nil when it was not begun
	read map[string]bot.Profile // who is in it, by e-mail address
	full bool                   // all of it is
}

// fewPeople are found sooner one by one than by reading the list of everybody.
const fewPeople = 30

// NewAccounts looks with the bot's token; apiURL is empty for Slack's own. It touches no network.
func NewAccounts(token, apiURL string) (*Accounts, error) {
	c := Config{BotToken: token, APIURL: apiURL, HTTP: &http.Client{Timeout: 30 * time.Second}, Log: slog.New(slog.DiscardHandler)}
	out, err := newOutlet(c)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	return &Accounts{chat: &Slack{cfg: c, out: out}}, nil
}

// Name is the platform's short name.
func (a *Accounts) Name() string { return Platform }

// Expect says how many people will be looked for. For more than a few the list of the whole workspace is read, once: Slack may be
// asked for about thirty people a minute, but for thousands of them by the list. After a *bot.RetryError a repeated call goes on
// where it was.
func (a *Accounts) Expect(ctx context.Context, people int) error {
	if people <= fewPeople || a.full {
		return nil
	}
	if a.page == nil {
		page := a.chat.people()
		a.page, a.read = &page, map[string]bot.Profile{}
	}
	err := a.chat.everyone(ctx, a.page, func(u *slack.User) {
		if p := a.chat.profileOf(u); p.Enabled && p.Email != "" {
			a.read[strings.ToLower(p.Email)] = p
		}
	})
	if err != nil {
		return fmt.Errorf("listing the workspace's people: %w", err)
	}
	a.full = len(a.read) > 0 // without the scope for addresses the list holds none; who is looked for singly is told so
	return nil
}

// Find is the account with the e-mail address; Slack finds nobody by a user name. bot.ErrGone when there is none.
func (a *Accounts) Find(ctx context.Context, _, email string) (bot.Profile, error) {
	p, listed := a.read[strings.ToLower(email)]
	switch {
	case email == "", a.full && !listed:
		return bot.Profile{}, bot.ErrGone
	case a.full:
		return p, nil
	}
	return a.chat.UserByEmail(ctx, email)
}
