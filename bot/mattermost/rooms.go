package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// nameLimit is the longest name of a channel, in characters.
const nameLimit = 64

// OpenRoom makes a private channel, or finds the open one of that name that Luotsi made; see bot.Platform. ErrPermanent too when the
// bot may make none or the team is full.
func (m *Mattermost) OpenRoom(ctx context.Context, roomName string) (string, error) {
	const what = "opening a room"
	if len(roomName) > nameLimit || !model.IsValidChannelIdentifier(roomName) {
		return "", doing(what+": the name cannot be used", bot.ErrPermanent)
	}
	made, r, err := m.client.CreateChannel(ctx, &model.Channel{
		TeamId: m.server.team, Name: roomName, DisplayName: roomName, Type: model.ChannelTypePrivate,
	})
	failed := fault(r, err)
	full := because(failed, "limit.app_error")
	switch {
	case failed == nil:
		return made.Id, nil
	case status(failed) != http.StatusBadRequest && status(failed) != http.StatusForbidden:
		return "", doing(what, failed)
	}
	have, r, err := m.client.GetChannelByNameIncludeDeleted(ctx, roomName, m.server.team, "")
	switch err := fault(r, err); {
	case err == nil && m.isRoom(have): // which is why it could not be made, or an answer was lost
		return have.Id, nil
	case full:
		return "", fmt.Errorf("%s: the team has as many channels as it may, archived ones too: %w: %w", what, bot.ErrPermanent, failed)
	case status(failed) == http.StatusForbidden:
		return "", fmt.Errorf("%s: the bot lacks the right to: %w: %w", what, bot.ErrPermanent, failed)
	case status(err) == http.StatusNotFound, status(err) == http.StatusForbidden:
		return "", fmt.Errorf("%s: a room that Luotsi is not in has the name: %w", what, bot.ErrPermanent)
	case err != nil:
		return "", doing(what, err)
	}
	return "", fmt.Errorf("%s: an archived room or somebody else's has the name: %w", what, bot.ErrPermanent)
}

// isRoom reports whether a channel may be a room of ours: open, private and made by Luotsi.
func (m *Mattermost) isRoom(c *model.Channel) bool {
	return c.DeleteAt == 0 && c.CreatorId == m.server.me && c.Type == model.ChannelTypePrivate
}

// Restore gives a room its name back and empties header and purpose; see bot.Platform. One that somebody made public or shared with
// another server counts as gone, also where Luotsi could undo that: who read it meanwhile nobody knows. It must be emptied, and another
// opened.
func (m *Mattermost) Restore(ctx context.Context, room, roomName string) (changed bool, err error) {
	const what = "restoring a room"
	have, err := m.openChannel(ctx, room)
	if err != nil {
		return false, doing(what, err)
	}
	if have.Type != model.ChannelTypePrivate || have.IsShared() {
		return false, fmt.Errorf("%s: it is public: %w", what, bot.ErrGone)
	}
	wants := func(is, should string) *string {
		if is == should {
			return nil
		}
		return &should
	}
	patch := model.ChannelPatch{
		Name: wants(have.Name, roomName), DisplayName: wants(have.DisplayName, roomName),
		Header: wants(have.Header, ""), Purpose: wants(have.Purpose, ""),
	}
	if patch == (model.ChannelPatch{}) {
		return false, nil
	}
	_, r, err := m.client.PatchChannel(ctx, room, &patch)
	failed := fault(r, err)
	if status(failed) == http.StatusBadRequest && patch.Name != nil { // another channel has taken the name: the rest still goes
		taken := fmt.Errorf("%s: its name is taken: %w: %w", what, bot.ErrPermanent, failed)
		patch.Name = nil
		if patch == (model.ChannelPatch{}) { // the server tells everybody of a patch that changes nothing
			return false, taken
		}
		_, r, err := m.client.PatchChannel(ctx, room, &patch)
		if failed = fault(r, err); failed == nil {
			return false, taken
		}
	}
	return failed == nil, doing(what, failed)
}

// Invite puts a person into a room; see bot.Platform. Who is not in the team has no account there.
func (m *Mattermost) Invite(ctx context.Context, room, user string) error {
	const what = "inviting"
	if _, err := m.openChannel(ctx, room); err != nil { // older servers let people into archived channels
		return doing(what, err)
	}
	if err := m.reach(ctx, user); err != nil {
		return doing(what, err)
	}
	_, r, err := m.client.AddChannelMember(ctx, room, user)
	failed := fault(r, err)
	if status(failed) == http.StatusNotFound || because(failed, "deleted_user.app_error") {
		return fmt.Errorf("%s: not in the team: %w", what, bot.ErrGone)
	}
	return doing(what, m.inRoom(ctx, room, failed))
}

// Remove takes a person out of a room; see bot.Platform.
func (m *Mattermost) Remove(ctx context.Context, room, user string) error {
	const what = "removing"
	var failed error = &refused{Status: http.StatusNotFound}
	if model.IsValidId(user) && model.IsValidId(room) {
		r, err := m.client.RemoveUserFromChannel(ctx, room, user)
		failed = fault(r, err)
	}
	if status(failed) == http.StatusNotFound { // no such room, or nobody to remove
		_, err := m.channel(ctx, room)
		return doing(what, err)
	}
	return doing(what, notAllowed(failed, m.inRoom(ctx, room, failed)))
}

// notAllowed makes what the bot lacks the right to bot.ErrPermanent: nobody is out of a room until somebody does it by hand or an
// administrator gives the right back.
func notAllowed(failed, why error) error {
	if why == nil || status(failed) != http.StatusForbidden || errors.Is(why, bot.ErrGone) || errors.Is(why, bot.ErrOutside) {
		return why
	}
	var later *bot.RetryError
	if errors.As(why, &later) {
		return why
	}
	return fmt.Errorf("%w: %w", bot.ErrPermanent, why)
}

// Archive closes a room for good; see bot.Platform. Its members can still read it. One that was made public is made private before, if
// Luotsi may: anybody could read on.
func (m *Mattermost) Archive(ctx context.Context, room string) error {
	const what = "archiving"
	if !model.IsValidId(room) {
		return doing(what, bot.ErrGone)
	}
	if have, err := m.openChannel(ctx, room); err == nil && have.Type == model.ChannelTypeOpen {
		_, r, err := m.client.UpdateChannelPrivacy(ctx, room, model.ChannelTypePrivate)
		if err := fault(r, err); err != nil && status(err) != http.StatusForbidden {
			return doing(what, err)
		}
	}
	r, err := m.client.DeleteChannel(ctx, room)
	failed := fault(r, err)
	if status(failed) == http.StatusBadRequest || status(failed) == http.StatusNotFound {
		have, err := m.channel(ctx, room)
		if err != nil || have.DeleteAt != 0 {
			return doing(what, err)
		}
	}
	return doing(what, notAllowed(failed, m.inRoom(ctx, room, failed)))
}

// Members lists who is in a room, those too whose account is disabled; see bot.Platform.
func (m *Mattermost) Members(ctx context.Context, room string) ([]string, error) {
	const what, page = "listing members", 200
	if !model.IsValidId(room) {
		return nil, doing(what, bot.ErrGone)
	}
	users, inside := []string{}, false
	for n := 0; ; n++ {
		members, r, err := m.client.GetChannelMembers(ctx, room, n, page, "")
		if err := fault(r, err); err != nil {
			return nil, doing(what, m.inRoom(ctx, room, err))
		}
		for _, member := range members {
			switch {
			case member.UserId == m.server.me:
				inside = true
			case !slices.Contains(users, member.UserId): // somebody who came meanwhile moves others to the next page
				users = append(users, member.UserId)
			}
		}
		if len(members) < page {
			break
		}
	}
	if !inside { // a room that was made public lists its members to anybody
		return nil, doing(what, bot.ErrOutside)
	}
	return users, nil
}

// channel reads a channel: bot.ErrGone when there is none, bot.ErrOutside when Luotsi may not see it.
func (m *Mattermost) channel(ctx context.Context, room string) (*model.Channel, error) {
	if !model.IsValidId(room) {
		return nil, bot.ErrGone
	}
	have, r, err := m.client.GetChannel(ctx, room)
	switch err := fault(r, err); status(err) {
	case http.StatusNotFound, http.StatusBadRequest:
		return nil, bot.ErrGone
	case http.StatusForbidden:
		return nil, bot.ErrOutside
	default:
		return have, err
	}
}

// openChannel is channel, and bot.ErrGone also when it is archived.
func (m *Mattermost) openChannel(ctx context.Context, room string) (*model.Channel, error) {
	have, err := m.channel(ctx, room)
	if err == nil && have.DeleteAt != 0 {
		return nil, bot.ErrGone
	}
	return have, err
}

// inRoom finds out why something was refused in a room: servers answer "forbidden" for a room that is not there, one that Luotsi
// is not in, and a right that the bot lacks. The last is nobody's fault but an administrator's, and is tried again.
func (m *Mattermost) inRoom(ctx context.Context, room string, failed error) error {
	switch status(failed) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusBadRequest:
	default:
		return failed
	}
	if _, err := m.openChannel(ctx, room); err != nil {
		return err
	}
	switch status(failed) {
	case http.StatusForbidden:
		return fmt.Errorf("the bot lacks the right to: %w", failed)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", bot.ErrGone, failed)
	}
	return fmt.Errorf("%w: %w", bot.ErrPermanent, failed)
}
