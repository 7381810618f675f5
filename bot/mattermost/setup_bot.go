package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/mattermost/mattermost/server/public/model"
)

// makeBot finds or makes the account that Luotsi speaks as: an ordinary bot, never an administrator.
func (r *setupRun) makeBot(ctx context.Context) error {
	user, response, err := r.admin.GetUserByUsername(ctx, r.Bot, "")
	switch {
	case setupStatus(response) == http.StatusNotFound:
		return r.createBot(ctx)
	case err != nil:
		return setupWhy("finding the bot account", response, err)
	case !user.IsBot:
		return fmt.Errorf("the username %q belongs to a person; choose another with --bot", r.Bot)
	case user.IsSystemAdmin():
		return fmt.Errorf("the bot %q is a system administrator, which Luotsi must not be; make it an ordinary member", r.Bot)
	}
	made, response, err := r.admin.GetBotIncludeDeleted(ctx, user.Id, "")
	if err != nil {
		return setupWhy("finding the bot account", response, err)
	}
	if !model.IsValidId(made.OwnerId) {
		return fmt.Errorf("the bot %q belongs to the plugin %s; choose another name with --bot", r.Bot, made.OwnerId)
	}
	r.bot = user
	if made.DeleteAt > 0 {
		if _, response, err := r.admin.EnableBot(ctx, user.Id); err != nil {
			return setupWhy("enabling the bot account", response, err)
		}
		r.made("enabled the bot account %s", r.Bot)
		return nil
	}
	r.there("bot account %s", r.Bot)
	return nil
}

// createBot makes the account. A server that lets nobody make bots is told to allow it for that moment only.
func (r *setupRun) createBot(ctx context.Context) (err error) {
	if !setupOn(r.set.ServiceSettings.EnableBotAccountCreation) {
		if err := r.botsMayBeMade(ctx, true); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.botsMayBeMade(context.WithoutCancel(ctx), false)) }()
	}
	made, response, err := r.admin.CreateBot(ctx, &model.Bot{Username: r.Bot, DisplayName: "Luotsi", Description: r.text("bot")})
	if err != nil {
		return setupWhy("making the bot account", response, err)
	}
	r.made("made the bot account %s", made.Username)
	r.bot, response, err = r.admin.GetUser(ctx, made.UserId, "")
	return setupWhy("finding the bot account", response, err)
}

func (r *setupRun) botsMayBeMade(ctx context.Context, may bool) error {
	var change setupSettings
	change.ServiceSettings.EnableBotAccountCreation = &may
	now, err := r.admin.change(ctx, change)
	if err != nil {
		return err
	}
	r.set = now
	if setupOn(now.ServiceSettings.EnableBotAccountCreation) != may {
		return errors.New("bot accounts cannot be made: the server's own environment forbids it (MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION)")
	}
	if may {
		r.made("allowed bot accounts to be made, until this one is")
	} else {
		r.made("forbade it again, as it was before")
	}
	return nil
}

func (r *setupRun) joinTeam(ctx context.Context) error {
	member, response, err := r.admin.GetTeamMember(ctx, r.team.Id, r.bot.Id, "")
	if err != nil && setupStatus(response) != http.StatusNotFound {
		return setupWhy("looking at the team's members", response, err)
	}
	if err == nil && member.DeleteAt == 0 {
		r.there("%s in the team %s", r.Bot, r.team.Name)
		return nil
	}
	if _, response, err := r.admin.AddTeamMember(ctx, r.team.Id, r.bot.Id); err != nil {
		return setupWhy("adding the bot to the team", response, err)
	}
	r.made("added %s to the team %s", r.Bot, r.team.Name)
	return nil
}

// giveToken keeps the stored token if it is the bot's and works, and makes one otherwise. It revokes none: another may be in use.
func (r *setupRun) giveToken(ctx context.Context) error {
	if stored := r.Stored[setupToken]; stored != "" && !r.NewToken {
		works, err := r.tokenWorks(ctx, stored)
		if err != nil {
			return err
		}
		if works {
			r.there("token of %s", r.Bot)
			return nil
		}
	}
	token, response, err := r.admin.CreateUserAccessToken(ctx, r.bot.Id, "Luotsi", 0)
	if err != nil {
		if days := r.set.ServiceSettings.MaximumPersonalAccessTokenLifetimeDays; days != nil && *days > 0 {
			return fmt.Errorf("making a token: the server lets no token live longer than %d days, and Luotsi's must not end by itself "+
				"(ServiceSettings.MaximumPersonalAccessTokenLifetimeDays)", *days)
		}
		return setupWhy("making a token", response, err)
	}
	if err := r.keep(setupToken, token.Token); err != nil {
		return err
	}
	if r.own, err = newSetupClient(r.URL, token.Token, r.Transport); err != nil {
		return err
	}
	r.made("made a token for %s (earlier ones stay until you revoke them in Integrations, Bot Accounts)", r.Bot)
	return nil
}

// tokenWorks reports whether the token signs in as the bot, and if so goes on with it.
func (r *setupRun) tokenWorks(ctx context.Context, token string) (bool, error) {
	own, err := newSetupClient(r.URL, token, r.Transport)
	if err != nil {
		return false, err
	}
	who, response, err := own.GetMe(ctx, "")
	switch {
	case setupStatus(response) == http.StatusUnauthorized:
		return false, nil
	case err != nil:
		return false, setupWhy("trying the stored token", response, err)
	}
	r.own = own
	return who.Id == r.bot.Id, nil
}
