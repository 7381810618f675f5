package mattermost

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// checkAsAdmin looks at what only an administrator may read.
func (r *checkRun) checkAsAdmin(ctx context.Context) {
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
	if !r.commandsOff && !setupOn(set.ServiceSettings.EnableCommands) {
		r.faultCommands()
	}
	if setupOn(set.ServiceSettings.DisableBotsWhenOwnerIsDeactivated) {
		r.hint("When the administrator who made the bot account leaves and is deactivated, Mattermost disables Luotsi with them.",
			"Turn that off (System Console, Integrations, Bot Accounts), or run luotsi setup mattermost again then.")
	}
	if r.unreached != nil && r.BaseURL != "" {
		allowed := setupText(set.ServiceSettings.AllowedUntrustedInternalConnections)
		r.found = append(r.found, checkInternal(ctx, r.BaseURL, &allowed)...)
	}
	r.found = append(r.found, checkNotifications(set, admin.licensed(ctx))...)
	r.found = append(r.found, checkEditing(set)...)
	r.found = append(r.found, checkNumbers(set)...)
	r.checkRoles(ctx, admin)
	if r.team != nil {
		r.checkOwn(ctx, admin)
	}
	if r.team != nil && !r.commandsOff {
		r.checkCommands(ctx, admin)
	}
}

// checkOwn looks whether Luotsi's account may do what it does every day, by all the roles that it has: in the system, in the team and
// in the coordinators' channel, which stands for all rooms.
func (r *checkRun) checkOwn(ctx context.Context, admin setupClient) {
	roles := [...]string{ofSystem: r.me.Roles, ofTeam: r.there.Roles, ofChannel: model.ChannelUserRoleId}
	if r.queue != nil {
		member, response, err := admin.GetChannelMember(ctx, r.queue.Id, r.me.Id, "")
		if err != nil {
			r.fault(setupWhy("Reading Luotsi's rights in the coordinators' channel", response, err).Error()+".", "Look at the server's log.")
			return
		}
		roles[ofChannel] = member.Roles
	}
	var rights [len(roles)][]string
	for within, names := range roles {
		for _, name := range strings.Fields(names) {
			role, response, err := admin.GetRoleByName(ctx, name)
			if err != nil {
				r.fault(setupWhy("Reading Luotsi's rights", response, err).Error()+".", "Look at the server's log.")
				return
			}
			rights[within] = append(rights[within], role.Permissions...)
		}
	}
	r.found = append(r.found, checkNeeded(rights)...)
	chief, _, err := admin.GetRoleByName(ctx, model.ChannelAdminRoleId) // Luotsi's in the rooms that it makes
	if err == nil {                                                     // otherwise checkRoles has told
		r.found = append(r.found, checkErasing(append(rights[:], chief.Permissions)...)...)
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
	r.people("In the directory, but without an account in Mattermost", without, "Run luotsi people import again when they have one.")
	r.people("In the directory, but with a deactivated or deleted account in Mattermost", gone, "Close their access to Luotsi too, or activate the account.")
	r.people("In the directory, but not in the team "+r.Team, outside, "Add them to the team: nobody from outside it can be let into a room.")
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
	r.hint(fmt.Sprintf("%s (%d): %s.", what, len(logins), names), fix)
}
