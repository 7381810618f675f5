package mattermost

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// setupLocked are the rights over a private channel that any of its members has by default: to add and remove members (one
// right), rename, archive; and, where a server was told to allow it, to open it to the whole team.
var setupLocked = []string{
	model.PermissionManagePrivateChannelMembers.Id, model.PermissionManagePrivateChannelProperties.Id,
	model.PermissionDeletePrivateChannel.Id, model.PermissionConvertPrivateChannelToPublic.Id,
}

// setupKept are those of them that a channel's administrator, who made it, must have instead.
var setupKept = setupLocked[:3]

// lockChannels takes from ordinary members of private channels the rights that would let them undo what a client agreed to. It
// changes every private channel of the server, and so says first what that means. Without it the roster sweep repairs.
func (r *setupRun) lockChannels(ctx context.Context) error {
	member, response, err := r.admin.GetRoleByName(ctx, model.ChannelUserRoleId)
	if err != nil {
		return setupWhy("reading the members' rights", response, err)
	}
	open := setupOpenRights(member.Permissions)
	if len(open) == 0 {
		r.there("ordinary members of private channels cannot add, remove, rename or archive")
		return nil
	}
	if !r.LockChannels {
		r.hints(checkRights(member.Permissions))
		return nil
	}
	r.Say("! --lock-channels changes EVERY private channel of this server: its ordinary members can no longer add or remove members, " +
		"rename or archive it. The channel's administrators (who made it) and the team's and system's administrators still can. " +
		"To undo: System Console, User Management, Permissions, System Scheme.")
	chief, response, err := r.admin.GetRoleByName(ctx, model.ChannelAdminRoleId)
	if err != nil {
		return setupWhy("reading the channel administrators' rights", response, err)
	}
	// The administrators get theirs first: Luotsi is one, and must not be without in between.
	wider := slices.Clone(chief.Permissions)
	for _, right := range setupKept {
		if !slices.Contains(wider, right) {
			wider = append(wider, right)
		}
	}
	if len(wider) > len(chief.Permissions) {
		if _, response, err := r.admin.PatchRole(ctx, chief.Id, &model.RolePatch{Permissions: &wider}); err != nil {
			return setupWhy("giving channel administrators their rights", response, err)
		}
		r.made("gave to channel_admin: %s", strings.Join(wider[len(chief.Permissions):], ", "))
	}
	fewer := slices.DeleteFunc(slices.Clone(member.Permissions), func(p string) bool { return slices.Contains(open, p) })
	if _, response, err := r.admin.PatchRole(ctx, member.Id, &model.RolePatch{Permissions: &fewer}); err != nil {
		return setupWhy("taking rights from ordinary members", response, err)
	}
	r.made("took from channel_user: %s", strings.Join(open, ", "))
	return nil
}

func setupOpenRights(permissions []string) (open []string) {
	for _, right := range setupLocked {
		if slices.Contains(permissions, right) {
			open = append(open, right)
		}
	}
	return open
}

// hintLimits says which of the server's limits Luotsi would run into, and which right it lacks. They are others' too: an administrator changes them by hand.
func (r *setupRun) hintLimits(ctx context.Context) error {
	r.hints(checkEditing(r.set))
	r.hints(checkNumbers(r.set))
	chief, response, err := r.admin.GetRoleByName(ctx, model.ChannelAdminRoleId)
	if err != nil {
		return setupWhy("reading the channel administrators' rights", response, err)
	}
	r.hints(checkErasing(chief.Permissions))
	return nil
}

// hushNotifications keeps the text of messages out of what leaves the server by push and e-mail.
func (r *setupRun) hushNotifications(ctx context.Context) error {
	licensed := r.admin.licensed(ctx)
	if !r.GenericNotifications {
		r.hints(checkNotifications(r.set, licensed))
		return nil
	}
	var change setupSettings
	if !setupHushed(setupText(r.set.EmailSettings.PushNotificationContents)) {
		change.EmailSettings.PushNotificationContents = model.NewPointer(model.GenericNoChannelNotification)
	}
	if setupText(r.set.EmailSettings.EmailNotificationContentsType) != model.EmailNotificationContentsGeneric {
		change.EmailSettings.EmailNotificationContentsType = model.NewPointer(model.EmailNotificationContentsGeneric)
	}
	if change.EmailSettings.PushNotificationContents == nil && change.EmailSettings.EmailNotificationContentsType == nil {
		r.there("push and e-mail notifications without message text")
	} else {
		var err error
		if r.set, err = r.admin.change(ctx, change); err != nil {
			return err
		}
		r.made("set push and e-mail notifications of the whole server to be without message text")
	}
	r.hints(checkNotifications(r.set, licensed)) // what the server does not heed, or its environment fixes
	return nil
}

// setupHushed reports whether push notifications of the kind hold no message text.
func setupHushed(contents string) bool {
	return contents == model.GenericNotification || contents == model.GenericNoChannelNotification || contents == model.IdLoadedNotification
}

// allowInternal makes sure that the server may call Luotsi's address: it refuses addresses inside the network unless told.
func (r *setupRun) allowInternal(ctx context.Context) error {
	found, host := checkInternal(ctx, r.BaseURL, r.set.ServiceSettings.AllowedUntrustedInternalConnections), checkHost(r.BaseURL)
	switch {
	case !r.AllowInternal:
		r.hints(found)
		return nil
	case len(found) == 0:
		r.there("integrations may call %s", host)
		return nil
	}
	var change setupSettings
	list := strings.TrimSpace(setupText(r.set.ServiceSettings.AllowedUntrustedInternalConnections) + " " + host)
	change.ServiceSettings.AllowedUntrustedInternalConnections = &list
	var err error
	if r.set, err = r.admin.change(ctx, change); err != nil {
		return err
	}
	if setupText(r.set.ServiceSettings.AllowedUntrustedInternalConnections) != list {
		return errors.New("the server's own environment fixes which internal addresses may be called " +
			"(MM_SERVICESETTINGS_ALLOWEDUNTRUSTEDINTERNALCONNECTIONS); add " + host + " there")
	}
	r.made("allowed integrations to call %s inside the network", host)
	return nil
}

func (r *setupRun) hints(found []bot.Finding) {
	for _, f := range found {
		r.Say("! %s", fmt.Sprint(f.What, " ", f.Fix))
	}
}
