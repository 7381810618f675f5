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
type Accounts struct {
	client setupClient
	server *setupVersion // once it was asked
	page   int           // of the list of everybody that is read next
	listed *accountList  // nil until it was read to the end
	read   accountList
}

// accountList is everybody on the server.
type accountList struct{ names, emails map[string]*model.User }

// fewPeople are found sooner one by one than by reading the list of everybody.
const fewPeople = 100

// NewAccounts looks with the bot's token or an administrator's. It touches no network.
func NewAccounts(url, token string) (*Accounts, error) {
	c, err := newSetupClient(url, token, nil)
	return &Accounts{client: c}, err
}

// Name is the platform's short name.
func (a *Accounts) Name() string { return "mattermost" }

// Expect says how many people will be looked for. For more than a few the list of the whole server is read, once: a server with a
// rate limit takes ten questions a second. After an error a repeated call goes on where it was; *bot.RetryError as in Find.
func (a *Accounts) Expect(ctx context.Context, people int) error {
	if people <= fewPeople || a.listed != nil {
		return nil
	}
	if a.page == 0 {
		a.read = accountList{map[string]*model.User{}, map[string]*model.User{}}
	}
	for {
		users, response, err := a.client.GetUsers(ctx, a.page, idBatch, "")
		if err != nil {
			return fmt.Errorf("listing the server's people: %w", setupRefused(response, err))
		}
		for _, u := range users {
			a.read.names[strings.ToLower(u.Username)] = u
			if u.Email != "" && !u.IsBot {
				a.read.emails[strings.ToLower(u.Email)] = u
			}
		}
		if a.page++; len(users) < idBatch {
			a.listed = &a.read
			return nil
		}
	}
}

// byName is the account with the username, nil without an error when there is none.
func (a *Accounts) byName(ctx context.Context, username string) (*model.User, error) {
	if a.listed != nil {
		return a.listed.names[strings.ToLower(username)], nil
	}
	return setupFound(a.client.GetUserByUsername(ctx, username, ""))
}

// byEmail is the account with the address, nil without an error when there is none. Where the list shows nobody's address, the
// server is asked: it may refuse, which status then tells.
func (a *Accounts) byEmail(ctx context.Context, email string) (u *model.User, status int, err error) {
	if a.listed != nil && len(a.listed.emails) > 0 {
		return a.listed.emails[strings.ToLower(email)], 0, nil
	}
	u, response, err := a.client.GetUserByEmail(ctx, email, "")
	u, err = setupFound(u, response, err)
	return u, setupStatus(response), err
}

// Find is the account with the username, or else with the e-mail address; empty ones are not asked for. bot.ErrGone when there
// is none; bot.ErrPermanent when the two are different people's, or a bot's; *bot.RetryError when the server has
// too much to do. The address is proven when the server has addresses confirmed, or the account's sign-in gives it, which only an
// administrator's token sees. Whether a single address was confirmed no token sees.
func (a *Accounts) Find(ctx context.Context, username, email string) (bot.Profile, error) {
	var byName, byEmail *model.User
	var err error
	if username != "" {
		if byName, err = a.byName(ctx, username); err != nil {
			return bot.Profile{}, fmt.Errorf("finding the account %s: %w", username, err)
		}
	}
	if email != "" {
		var status int
		if byEmail, status, err = a.byEmail(ctx, email); status == http.StatusForbidden && byName != nil {
			err = nil // the account of that username shows its address, or not
		} else if err != nil {
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
	proven, err := a.proven(ctx, user, email)
	return bot.Profile{
		User: user.Id, Login: user.Username, Name: user.GetFullName(), Email: user.Email, Proven: proven,
		Enabled: user.DeleteAt == 0, Guest: user.IsGuest(),
	}, err
}

// proven reports whether the server vouches that the address that was asked for is the account's own. By default it lets everybody
// write any address into their account.
func (a *Accounts) proven(ctx context.Context, u *model.User, asked string) (bool, error) {
	if asked == "" || u.AuthService != "" {
		return asked != "", nil
	}
	if a.server == nil {
		v, err := a.client.versionOf(ctx)
		if err != nil {
			return false, err
		}
		a.server = &v
	}
	return a.server.Proving, nil
}

// setupFound is nil without an error when there is no such account.
func setupFound(u *model.User, r *model.Response, err error) (*model.User, error) {
	switch {
	case err == nil:
		return u, nil
	case setupStatus(r) == http.StatusNotFound:
		return nil, nil
	}
	return nil, setupRefused(r, err)
}

// setupRefused is an error as a sentence; *bot.RetryError when the server answers, but has too much to do.
func setupRefused(r *model.Response, err error) error {
	why := setupWhy("asking Mattermost", r, err)
	var later *bot.RetryError
	if setupStatus(r) != 0 && errors.As(fault(r, err), &later) {
		return &bot.RetryError{After: later.After, Err: why}
	}
	return why
}
