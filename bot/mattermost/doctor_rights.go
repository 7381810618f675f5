package mattermost

import (
	"fmt"
	"slices"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// Where a role gives rights: a wider one's hold in what is narrower too.
const (
	ofSystem = iota
	ofTeam
	ofChannel
)

// neededRights are the rights that Luotsi's account works with, besides those over its own rooms (setupKept).
var neededRights = []struct {
	right   string
	within  int // the narrowest role that can give it
	without string
}{
	{model.PermissionCreateDirectChannel.Id, ofSystem, "tell nobody anything in private"},
	{model.PermissionCreatePrivateChannel.Id, ofTeam, "open no room"},
	{model.PermissionReadChannel.Id, ofChannel, "see no channel"},
	{model.PermissionCreatePost.Id, ofChannel, "say nothing"},
	{model.PermissionEditPost.Id, ofChannel, "keep no card as it is, and take no used button away"},
	{model.PermissionDeletePost.Id, ofChannel, "shorten no message of several parts"},
}

// checkNeeded looks which right Luotsi's account lacks. rights are those of its roles in the system, the team and a channel.
func checkNeeded(rights [3][]string) (found []bot.Finding) {
	for _, need := range neededRights {
		if slices.ContainsFunc(rights[:need.within+1], func(have []string) bool { return slices.Contains(have, need.right) }) {
			continue
		}
		found = append(found, bot.Finding{
			Level: bot.Fault,
			What:  fmt.Sprintf("Luotsi's account has not the right %s, so it can %s.", need.right, need.without),
			Fix:   "Give it to members in System Console, User Management, Permissions (or in the team's own scheme).",
		})
	}
	return found
}

// checkErasing looks whether Luotsi may delete what others wrote in its rooms, by any of the rights that it has there.
func checkErasing(rights ...[]string) []bot.Finding {
	if slices.Contains(slices.Concat(rights...), model.PermissionDeleteOthersPosts.Id) {
		return nil
	}
	return []bot.Finding{{
		Level: bot.Hint,
		What: "Luotsi may not delete what others write in its rooms (" + model.PermissionDeleteOthersPosts.Id + " in channel_admin): an identity " +
			"code that somebody types there stays until they delete it themselves, as Luotsi asks them to.",
		Fix: "To let it: System Console, User Management, Permissions, System Scheme, Channel Administrators, Manage Posts, Delete Others' Posts. " +
			"Whoever made a channel can do the same in it then.",
	}}
}

// checkEditing looks whether messages may be edited however old they are: cards and buttons are, for months.
func checkEditing(s setupSettings) []bot.Finding {
	limit := s.ServiceSettings.PostEditTimeLimit
	if limit == nil || *limit == -1 {
		return nil
	}
	return []bot.Finding{{
		Level: bot.Fault,
		What: fmt.Sprintf("Messages may be edited for %d seconds only (ServiceSettings.PostEditTimeLimit): older cards in the coordinators' "+
			"channel keep saying what they said first.", *limit),
		Fix: "Set it to -1, or in System Console, User Management, Permissions let posts be edited at any time.",
	}}
}

// enoughChannels is a number of channels that no county's cases come near in years.
const enoughChannels = 20_000

// checkNumbers looks how many channels a team may have. Each case takes one at least, and Mattermost counts archived ones too.
func checkNumbers(s setupSettings) []bot.Finding {
	most := s.TeamSettings.MaxChannelsPerTeam
	if most == nil || *most >= enoughChannels {
		return nil
	}
	return []bot.Finding{{
		Level: bot.Hint,
		What: fmt.Sprintf("The team may have %d channels in all, archived ones too (TeamSettings.MaxChannelsPerTeam), and every case takes one: "+
			"when they are used up, no room opens.", *most),
		Fix: fmt.Sprintf("Set it to %d in System Console, Site Configuration, Users and Teams.", enoughChannels),
	}}
}
