package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// makeQueue finds or makes the private channel where coordinators see what has come. Luotsi makes it itself, so that the
// administrator, who has no business there, is not in it.
func (r *setupRun) makeQueue(ctx context.Context) error {
	channel, err := r.findQueue(ctx)
	if err != nil {
		return err
	}
	if channel == nil {
		made, response, err := r.own.CreateChannel(ctx, &model.Channel{
			TeamId: r.team.Id, Type: model.ChannelTypePrivate, Name: r.Queue, DisplayName: r.text("queue"),
		})
		if err != nil {
			why := setupWhy("making the channel "+r.Queue, response, err)
			return fmt.Errorf("%w (an archived channel keeps its name: unarchive it, or choose another with --queue)", why)
		}
		r.made("made the private channel %s for coordinators", made.Name)
		return r.keep(setupQueue, made.Id)
	}
	if channel.Type != model.ChannelTypePrivate {
		return fmt.Errorf("the channel %q is not private; make it private or choose another with --queue", channel.Name)
	}
	if err := r.adoptQueue(ctx, channel); err != nil {
		return err
	}
	if err := r.inQueue(ctx, channel); err != nil {
		return err
	}
	return r.keep(setupQueue, channel.Id)
}

// adoptQueue makes sure that the administrator knows whose channel it is: any member of the team may have made one of the name, and
// would see there as its administrator what only coordinators may.
func (r *setupRun) adoptQueue(ctx context.Context, channel *model.Channel) error {
	if channel.Id == r.Stored[setupQueue] || channel.CreatorId == r.bot.Id {
		return nil
	}
	const most = 200
	members, response, err := r.admin.GetUsersInChannel(ctx, channel.Id, 0, most, "")
	if err != nil {
		return setupWhy("looking at the channel's members", response, err)
	}
	names := make([]string, len(members))
	for i, u := range members {
		names[i] = u.Username
		if u.Id == channel.CreatorId {
			names[i] += " (made it)"
		}
	}
	slices.Sort(names)
	if len(names) == most {
		names = append(names, "…")
	}
	r.Say("! Luotsi did not make the private channel %s. In it are: %s.", channel.Name, strings.Join(names, ", "))
	if r.AdoptQueue {
		return nil
	}
	return fmt.Errorf("the channel %q is somebody else's. If those named above may see what coordinators see, run this again with "+
		"--adopt-queue; otherwise choose another name with --queue", channel.Name)
}

// findQueue looks for the channel of an earlier run, whatever it is called by now, and then for one of the name.
func (r *setupRun) findQueue(ctx context.Context) (*model.Channel, error) {
	if id := r.Stored[setupQueue]; model.IsValidId(id) {
		channel, response, err := r.admin.GetChannel(ctx, id)
		if err == nil && channel.DeleteAt == 0 && channel.TeamId == r.team.Id {
			return channel, nil
		}
		if err != nil && setupStatus(response) != http.StatusNotFound {
			return nil, setupWhy("finding the coordinators' channel", response, err)
		}
	}
	channel, response, err := r.admin.GetChannelByName(ctx, r.Queue, r.team.Id, "")
	if setupStatus(response) == http.StatusNotFound {
		return nil, nil
	}
	return channel, setupWhy("finding the coordinators' channel", response, err)
}

func (r *setupRun) inQueue(ctx context.Context, channel *model.Channel) error {
	added, err := r.addToChannel(ctx, r.admin, channel.Id, r.bot.Id)
	switch {
	case err != nil:
		return err
	case added:
		r.made("added %s to the private channel %s", r.Bot, channel.Name)
	default:
		r.there("private channel %s for coordinators", channel.Name)
	}
	return nil
}

// addToChannel adds a person and reports whether they were not in before.
func (r *setupRun) addToChannel(ctx context.Context, as setupClient, channel, user string) (bool, error) {
	_, response, err := r.admin.GetChannelMember(ctx, channel, user, "")
	if err == nil {
		return false, nil
	}
	if setupStatus(response) != http.StatusNotFound {
		return false, setupWhy("looking at the channel's members", response, err)
	}
	_, response, err = as.AddChannelMember(ctx, channel, user)
	return true, setupWhy("adding to the channel", response, err)
}

// findCoordinators looks for those who were named, before anything is made: a slip of the pen must not end a run halfway.
func (r *setupRun) findCoordinators(ctx context.Context) error {
	for _, name := range r.Coordinators {
		user, err := r.coordinator(ctx, name)
		if err != nil {
			return err
		}
		r.found = append(r.found, user)
	}
	return nil
}

// addCoordinators adds those who were named, and removes nobody.
func (r *setupRun) addCoordinators(ctx context.Context) error {
	for _, user := range r.found {
		added, err := r.addToChannel(ctx, r.own, r.Stored[setupQueue], user.Id)
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", user.Username, err)
		case added:
			r.made("added %s to the coordinators' channel", user.Username)
		default:
			r.there("%s in the coordinators' channel", user.Username)
		}
	}
	return nil
}

func (r *setupRun) coordinator(ctx context.Context, name string) (*model.User, error) {
	find := r.admin.GetUserByUsername
	if strings.Contains(name, "@") {
		find = r.admin.GetUserByEmail
	}
	user, response, err := find(ctx, name, "")
	switch {
	case setupStatus(response) == http.StatusNotFound:
		return nil, fmt.Errorf("--coordinator %s: there is no such account", name)
	case err != nil:
		return nil, setupWhy("--coordinator "+name, response, err)
	case user.DeleteAt > 0 || user.IsBot || user.IsGuest():
		return nil, fmt.Errorf("--coordinator %s: the account is deactivated, a bot or a guest", name)
	}
	member, response, err := r.admin.GetTeamMember(ctx, r.team.Id, user.Id, "")
	if setupStatus(response) == http.StatusNotFound || err == nil && member.DeleteAt > 0 {
		return nil, fmt.Errorf("--coordinator %s: not a member of the team %s; add them there first", name, r.team.Name)
	}
	return user, setupWhy("--coordinator "+name, response, err)
}
