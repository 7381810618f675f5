package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// checkAsAdmin looks at what only an administrator may read. unreached says that the server could not call Luotsi.
func (r *checkRun) checkAsAdmin(ctx context.Context, unreached bool) {
	admin, err := newSetupClient(r.URL, r.AdminToken, r.Transport)
	if err != nil {
		return // the address was found good before
	}
	if r.AdminToken == "" {
		if _, response, err := admin.Login(ctx, r.Login, r.Password); err != nil {
			r.fault(setupWhy("Signing in as administrator", response, err).Error()+".", "Check login and password.")
			return
		}
		defer func() {
			_, _ = admin.Logout(context.WithoutCancel(ctx)) // a session that stays ends by itself
		}()
	}
	if me, _, err := admin.GetMe(ctx, ""); err != nil || !me.IsSystemAdmin() {
		r.fault("Who was to look as administrator is not a system administrator of this server.", "Give the token or login of one.")
		return
	}
	set, err := admin.settings(ctx)
	if err != nil {
		r.fault(err.Error()+".", "Look at the server's log.")
		return
	}
	if !setupOn(set.ServiceSettings.EnableCommands) {
		r.fault("Custom slash commands are turned off on the server.", "Run luotsi setup mattermost --enable-commands.")
	}
	if setupOn(set.ServiceSettings.DisableBotsWhenOwnerIsDeactivated) {
		r.hint("When the administrator who made the bot account leaves and is deactivated, Mattermost disables Luotsi with them.",
			"Turn that off (System Console, Integrations, Bot Accounts), or run luotsi setup mattermost again then.")
	}
	if unreached && r.BaseURL != "" {
		allowed := setupText(set.ServiceSettings.AllowedUntrustedInternalConnections)
		r.found = append(r.found, checkInternal(ctx, r.BaseURL, &allowed)...)
	}
	r.found = append(r.found, checkNotifications(set, admin.licensed(ctx))...)
	r.checkRoles(ctx, admin)
	if r.team != nil {
		r.checkCommands(ctx, admin)
	}
}

func (r *checkRun) checkRoles(ctx context.Context, admin setupClient) {
	member, response, err := admin.GetRoleByName(ctx, model.ChannelUserRoleId)
	if err == nil {
		var chief *model.Role
		if chief, response, err = admin.GetRoleByName(ctx, model.ChannelAdminRoleId); err == nil {
			r.found = append(r.found, checkKept(member.Permissions, chief.Permissions)...)
			r.found = append(r.found, checkRights(member.Permissions)...)
		}
	}
	if err != nil {
		r.fault(setupWhy("Reading members' rights", response, err).Error()+".", "Look at the server's log.")
	}
}

// checkCommands looks whether the slash commands call Luotsi, with tokens it knows.
func (r *checkRun) checkCommands(ctx context.Context, admin setupClient) {
	there, response, err := admin.ListCommands(ctx, r.team.Id, true)
	if err != nil {
		r.fault(setupWhy("Reading the slash commands", response, err).Error()+".", "Look at the server's log.")
		return
	}
	again := "Run luotsi setup mattermost again, and start Luotsi anew with the environment file it writes."
	for _, c := range there {
		switch {
		case !slices.Contains(setupTriggers, c.Trigger):
		case !setupOurs(c.URL):
			r.hint("The slash command /"+c.Trigger+" belongs to somebody else (it calls "+setupHost(c.URL)+").", "/luotsi does the same; or remove it and run luotsi setup mattermost again.")
		case r.BaseURL != "" && c.URL != r.BaseURL+setupPath:
			r.fault("The slash command /"+c.Trigger+" calls "+setupHost(c.URL)+", not LUOTSI_BASE_URL.", again)
		case !slices.Contains(r.CommandTokens, c.Token):
			r.fault("Luotsi does not know the token of the slash command /"+c.Trigger+".", again)
		}
	}
}

// checkReached lets the server call Luotsi, as the bot giving a command to itself: Luotsi answers that it does not know the bot.
// Nil when it was reached, or when that cannot be tried.
func (r *checkRun) checkReached(ctx context.Context) []bot.Finding {
	if r.queue == nil {
		return nil
	}
	_, response, err := r.own.ExecuteCommand(ctx, r.queue.Id, "/"+setupTriggers[0])
	if err == nil || setupStatus(response) == http.StatusNotFound { // not found: no such command, which was told already
		return nil
	}
	return []bot.Finding{{
		Level: bot.Fault, What: "Mattermost called Luotsi for the slash command /" + setupTriggers[0] + " and got no proper answer.",
		Fix: "If Luotsi runs and answers from elsewhere, look at the way between the two: internal connections, firewall, proxy, certificate, token.",
	}}
}

// checkPeople looks who of the directory cannot be reached. Names are staff's logins.
func (r *checkRun) checkPeople(ctx context.Context) {
	var without, gone, outside []string
	byAccount := map[string]string{}
	for _, p := range r.People {
		if p.Account == "" {
			without = append(without, p.Login)
		} else {
			byAccount[p.Account] = p.Login
		}
	}
	ids := make([]string, 0, len(byAccount))
	for id := range byAccount {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, 100) {
		users, response, err := r.own.GetUsersByIds(ctx, some)
		if err != nil {
			r.fault(setupWhy("Looking for people's accounts", response, err).Error()+".", "Look at the server's log.")
			return
		}
		members, response, err := r.own.GetTeamMembersByIds(ctx, r.team.Id, some)
		if err != nil {
			r.fault(setupWhy("Looking for people in the team", response, err).Error()+".", "Look at the server's log.")
			return
		}
		for _, id := range some {
			switch {
			case !slices.ContainsFunc(users, func(u *model.User) bool { return u.Id == id && u.DeleteAt == 0 }):
				gone = append(gone, byAccount[id])
			case !slices.ContainsFunc(members, func(m *model.TeamMember) bool { return m.UserId == id && m.DeleteAt == 0 }):
				outside = append(outside, byAccount[id])
			}
		}
	}
	r.people("Without an account in Mattermost are", without, "Run luotsi people import again when they have one.")
	r.people("The account in Mattermost is deactivated or deleted of", gone, "Close their access to Luotsi too, or activate the account.")
	r.people("Not in the team "+r.Team+" are", outside, "Add them to the team: nobody from outside it can be let into a room.")
}

// people tells what is with some people of the directory; the first ten are named.
func (r *checkRun) people(what string, logins []string, fix string) {
	if len(logins) == 0 {
		return
	}
	slices.Sort(logins)
	names := strings.Join(logins[:min(len(logins), 10)], ", ")
	if len(logins) > 10 {
		names += " …"
	}
	r.hint(fmt.Sprintf("%s %d people of the directory: %s.", what, len(logins), names), fix)
}
