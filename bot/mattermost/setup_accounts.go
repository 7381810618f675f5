package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// Accounts finds people's accounts on a server, for the people directory.
type Accounts struct{ client setupClient }

// NewAccounts looks with the bot's token or an administrator's. It touches no network.
func NewAccounts(url, token string) (*Accounts, error) {
	c, err := newSetupClient(url, token, nil)
	return &Accounts{c}, err
}

// Name is the platform's short name.
func (a *Accounts) Name() string { return "mattermost" }

// Find is the account with the username, or else with the e-mail address; empty ones are not asked for. bot.ErrGone when there
// is none; bot.ErrPermanent when the two are different people's, or a bot's; *bot.RetryError when the server has
// too much to do.
func (a *Accounts) Find(ctx context.Context, username, email string) (bot.Profile, error) {
	var byName, byEmail *model.User
	var err error
	if username != "" {
		if byName, err = setupFound(a.client.GetUserByUsername(ctx, username, "")); err != nil {
			return bot.Profile{}, fmt.Errorf("finding the account %s: %w", username, err)
		}
	}
	if email != "" {
		var response *model.Response
		if byEmail, response, err = a.client.GetUserByEmail(ctx, email, ""); setupStatus(response) == http.StatusForbidden && byName != nil {
			byEmail, err = nil, nil // the account of that username shows its address, or not
		} else if byEmail, err = setupFound(byEmail, response, err); err != nil {
			return bot.Profile{}, fmt.Errorf("finding accounts by e-mail address: %w (if PrivacySettings.ShowEmailAddress is off, "+
				"give usernames in the file, or --admin-token)", err)
		}
	}
	user := byName
	switch {
	case byName == nil && byEmail == nil:
		return bot.Profile{}, bot.ErrGone
	case byName == nil:
		user = byEmail
	case byEmail == nil && email != "" && !strings.EqualFold(byName.Email, email): // anybody may take a username there
		return bot.Profile{}, fmt.Errorf("in Mattermost %s is not known to have the e-mail address of the file "+
			"(an administrator's token, --admin-token, sees addresses that are hidden): %w", byName.Username, bot.ErrPermanent)
	case byEmail != nil && byName.Id != byEmail.Id:
		return bot.Profile{}, fmt.Errorf("in Mattermost the e-mail address is %s's, not %s's: %w", byEmail.Username, byName.Username, bot.ErrPermanent)
	}
	if user.IsBot {
		return bot.Profile{}, fmt.Errorf("in Mattermost %s is a bot: %w", user.Username, bot.ErrPermanent)
	}
	return bot.Profile{
		User: user.Id, Login: user.Username, Name: user.GetFullName(), Email: user.Email, Enabled: user.DeleteAt == 0, Guest: user.IsGuest(),
	}, nil
}

// setupFound is nil without an error when there is no such account.
func setupFound(u *model.User, r *model.Response, err error) (*model.User, error) {
	switch {
	case err == nil:
		return u, nil
	case setupStatus(r) == http.StatusNotFound:
		return nil, nil
	}
	why := setupWhy("asking Mattermost", r, err)
	var later *bot.RetryError
	if setupStatus(r) != 0 && errors.As(fault(r, err), &later) { // it answers, but has too much to do
		return nil, &bot.RetryError{After: later.After, Err: why}
	}
	return nil, why
}
