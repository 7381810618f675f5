package mattermost

import (
	"context"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// platform is the platform's name in stored ids.
const platform = "mattermost"

// Name is "mattermost".
func (m *Mattermost) Name() string { return platform }

// Trusted: an ordinary Mattermost is the organisation's own, and a dialog's answers are kept nowhere in it.
func (m *Mattermost) Trusted() bool { return true }

// Profile tells who somebody is; see bot.Platform. The e-mail address is empty when the server keeps addresses to itself.
func (m *Mattermost) Profile(ctx context.Context, user string) (bot.Profile, error) {
	const what = "looking a person up"
	if !model.IsValidId(user) {
		return bot.Profile{}, doing(what, bot.ErrGone)
	}
	u, r, err := m.client.GetUser(ctx, user, "")
	switch err := fault(r, err); {
	case status(err) == http.StatusNotFound, status(err) == http.StatusBadRequest:
		return bot.Profile{}, doing(what, bot.ErrGone)
	case err != nil:
		return bot.Profile{}, doing(what, err)
	}
	return bot.Profile{
		User: u.Id, Login: u.Username, Name: u.GetDisplayName(model.ShowNicknameFullName), Email: u.Email,
		Enabled: u.DeleteAt == 0, Guest: u.IsGuest(),
	}, nil
}

// reach fails with bot.ErrGone when nothing can be said or done to the person: Mattermost would take a message for a
// disabled account without a word.
func (m *Mattermost) reach(ctx context.Context, user string) error {
	p, err := m.Profile(ctx, user)
	if err == nil && !p.Enabled {
		return doing("looking a person up: the account is disabled", bot.ErrGone)
	}
	return err
}
