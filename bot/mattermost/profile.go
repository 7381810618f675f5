package mattermost

import (
	"context"
	"net/http"
	"slices"

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
		User: u.Id, Login: u.Username, Name: u.GetDisplayName(model.ShowNicknameFullName), Email: u.Email, Lang: bot.LangOf(u.Locale),
		Enabled: u.DeleteAt == 0, Guest: u.IsGuest(), Bot: u.IsBot,
	}, nil
}

// idBatch is of how many accounts the server is asked at once.
const idBatch = 200

// Working tells which of the accounts are there and not deactivated; see bot.Platform.
func (m *Mattermost) Working(ctx context.Context, users []string) ([]string, error) {
	asked := slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(users))), func(id string) bool { return !model.IsValidId(id) })
	var working []string
	for ids := range slices.Chunk(asked, idBatch) {
		found, r, err := m.client.GetUsersByIds(ctx, ids)
		if err := fault(r, err); err != nil {
			return nil, doing("looking people up", err)
		}
		for _, u := range found {
			if u.DeleteAt == 0 {
				working = append(working, u.Id)
			}
		}
	}
	return working, nil
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
