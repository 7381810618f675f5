package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Profile tells who a user is; see bot.Platform. People of other organisations and guests count as Guest.
func (s *Slack) Profile(ctx context.Context, user string) (bot.Profile, error) {
	var u *slack.User
	err := s.call(ctx, call{method: "users.info", urgency: housing}, func(ctx context.Context, api *slack.Client) (err error) {
		u, err = api.GetUserInfoContext(ctx, user)
		return err
	})
	if err != nil {
		return bot.Profile{}, fmt.Errorf("looking a person up: %w", err)
	}
	return s.profileOf(u), nil
}

// UserByEmail finds the account with the address; ErrGone when there is none that works. It needs the scope users:read.email.
func (s *Slack) UserByEmail(ctx context.Context, email string) (bot.Profile, error) {
	var u *slack.User
	err := s.call(ctx, call{method: "users.lookupByEmail", urgency: housing}, func(ctx context.Context, api *slack.Client) (err error) {
		u, err = api.GetUserByEmailContext(ctx, email)
		return err
	})
	if err != nil {
		return bot.Profile{}, fmt.Errorf("looking a person up by e-mail: %w", err)
	}
	return s.profileOf(u), nil
}

// workingAccounts lists every account of the workspace by its user id: true for those that are not deactivated.
func (s *Slack) workingAccounts(ctx context.Context) (map[string]bool, error) {
	working, page, done := map[string]bool{}, slack.UserPagination{}, false
	page = s.out.api.GetUsersPaginated(slack.GetUsersOptionLimit(pageSize))
	for !done {
		err := s.call(ctx, call{method: "users.list", urgency: talking}, func(ctx context.Context, _ *slack.Client) error {
			next, err := page.Next(ctx)
			if done = next.Done(err); done {
				return nil
			}
			if err == nil {
				page = next
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if done {
			break
		}
		for _, u := range page.Users {
			working[u.ID] = !u.Deleted
		}
	}
	return working, nil
}

// Working tells which of the accounts are not deactivated; see bot.Platform. It goes through the whole workspace: asking one by
// one would take longer from a few hundred on.
func (s *Slack) Working(ctx context.Context, users []string) ([]string, error) {
	if len(users) == 0 {
		return nil, nil
	}
	listed, err := s.workingAccounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking people up: %w", err)
	}
	var working []string
	for _, user := range slices.Compact(slices.Sorted(slices.Values(users))) {
		on, known := listed[user]
		if !known { // nobody any more, or somebody of another organisation, whom the list need not hold
			p, err := s.Profile(ctx, user)
			if err != nil && !errors.Is(err, bot.ErrGone) {
				return nil, err
			}
			on = err == nil && p.Enabled
		}
		if on {
			working = append(working, user)
		}
	}
	return working, nil
}

func (s *Slack) profileOf(u *slack.User) bot.Profile {
	name := u.Profile.RealName
	if name == "" {
		name = u.RealName
	}
	foreign := u.IsStranger || s.team != "" && u.TeamID != "" && u.TeamID != s.team
	return bot.Profile{
		User: u.ID, Login: u.Name, Name: name, Email: u.Profile.Email, Enabled: !u.Deleted,
		Guest: u.IsRestricted || u.IsUltraRestricted || foreign,
		Bot:   u.IsBot || u.IsWorkflowBot || u.IsConnectorBot,
	}
}
