package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Profile tells who a user is; see bot.Platform. People of other organisations and guests count as Guest. Only addresses of the
// workspace's own accounts count as proven.
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

// people is the list of the workspace's accounts from its beginning.
func (s *Slack) people() slack.UserPagination {
	return s.out.api.GetUsersPaginated(slack.GetUsersOptionLimit(pageSize))
}

// everyone shows every account of the list to each, a page at a time. After an error the page is where a further call goes on.
func (s *Slack) everyone(ctx context.Context, page *slack.UserPagination, each func(*slack.User)) error {
	for done := false; !done; {
		err := s.call(ctx, call{method: "users.list", urgency: talking}, func(ctx context.Context, _ *slack.Client) error {
			next, err := page.Next(ctx)
			if done = next.Done(err); done {
				return nil
			}
			if err == nil {
				*page = next
			}
			return err
		})
		if err != nil {
			return err
		}
		for i := 0; !done && i < len(page.Users); i++ {
			each(&page.Users[i])
		}
	}
	return nil
}

// workingAccounts lists every account of the workspace by its user id: true for those that are not deactivated.
func (s *Slack) workingAccounts(ctx context.Context) (map[string]bool, error) {
	working, page := map[string]bool{}, s.people()
	return working, s.everyone(ctx, &page, func(u *slack.User) { working[u.ID] = !u.Deleted })
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
		User: u.ID, Login: u.Name, Name: name, Email: u.Profile.Email, Lang: bot.LangOf(u.Locale), Enabled: !u.Deleted,
		Proven: u.Profile.Email != "" && !foreign, // Slack takes no address that nobody confirms
		Guest:  u.IsRestricted || u.IsUltraRestricted || foreign,
		Bot:    u.IsBot || u.IsWorkflowBot || u.IsConnectorBot,
	}
}
