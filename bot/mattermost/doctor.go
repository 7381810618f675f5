package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// Checkup is what can be known of a Mattermost server from outside it, and of Luotsi's place in it. It changes nothing.
type Checkup struct {
	URL, Token, Team, Queue, BaseURL string   // as in Config
	CommandTokens                    []string // as in Config
	AdminToken                       string   // optional: of a system administrator, for what only one may read
	Login, Password                  string   // instead of AdminToken: a system administrator's; a session is opened and closed
	People                           []CheckedPerson
	Now                              func() time.Time
	Transport                        http.RoundTripper // optional
}

// CheckedPerson is somebody of the people directory.
type CheckedPerson struct {
	Login   string
	Account string // Mattermost's user id; empty when none is linked
}

// checkRun is one run of Checkup.
type checkRun struct {
	Checkup
	own   setupClient
	me    *model.User
	team  *model.Team
	there *model.TeamMember // Luotsi in the team
	queue *model.Channel
	found []bot.Finding

	commandsOff bool          // custom slash commands are turned off, which was told
	unreached   []bot.Finding // that the server could not call Luotsi
}

// Check names what is wrong, the cause before its consequences. Nothing found means that nothing is wrong as far as can be told.
func (c Checkup) Check(ctx context.Context) []bot.Finding {
	r := &checkRun{Checkup: c}
	r.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if !r.checkGiven() || !r.checkServer(ctx) || !r.checkToken(ctx) {
		return r.found
	}
	if r.checkTeam(ctx) {
		r.checkQueue(ctx)
		r.checkReached(ctx)
		r.checkTriggers(ctx)
		r.checkPeople(ctx)
	}
	if c.AdminToken != "" || c.Login != "" {
		r.checkAsAdmin(ctx)
	} else {
		if r.unreached != nil && r.BaseURL != "" {
			r.found = append(r.found, checkInternal(ctx, r.BaseURL, nil)...)
		}
		r.hint("Settings that only an administrator may read were not checked (members' rights, notifications, the commands' addresses "+
			"and tokens).", "Run this again with --admin-login or --admin-token.")
	}
	r.found = append(r.found, r.unreached...)
	return r.found
}

func (r *checkRun) fault(what, fix string) {
	r.found = append(r.found, bot.Finding{Level: bot.Fault, What: what, Fix: fix})
}

func (r *checkRun) hint(what, fix string) {
	r.found = append(r.found, bot.Finding{Level: bot.Hint, What: what, Fix: fix})
}

// checkGiven looks at what the environment says before anybody is asked.
func (r *checkRun) checkGiven() bool {
	for _, given := range []struct{ name, value string }{
		{setupURL, r.URL},
		{setupToken, r.Token},
		{setupTeam, r.Team},
		{setupQueue, r.Queue},
		{setupCommands, strings.Join(r.CommandTokens, "")},
		{"LUOTSI_BASE_URL", r.BaseURL},
	} {
		if given.value == "" {
			r.fault(given.name+" is not set.", "Run luotsi setup mattermost, and give this program the environment file it writes.")
		}
	}
	return r.URL != "" && r.Token != ""
}

// checkServer looks at what a server tells anybody.
func (r *checkRun) checkServer(ctx context.Context) bool {
	var err error
	if r.own, err = newSetupClient(r.URL, r.Token, r.Transport); err != nil {
		r.fault(setupURL+" is not an address.", "It must be like https://chat.example.org.")
		return false
	}
	v, err := r.own.versionOf(ctx)
	if err != nil {
		r.fault("No Mattermost server answers at "+r.URL+": "+err.Error()+".", "Check "+setupURL+", the server, its certificate and the network between.")
		return false
	}
	r.found = append(r.found, checkVersion(v.Version)...)
	r.found = append(r.found, checkClock(v.Date, r.Now())...)
	if v.SiteURL == "" {
		r.hint("The server does not know its own address (ServiceSettings.SiteURL), so links in its e-mails and invitations do not work.",
			"Set it in System Console, Environment, Web Server.")
	}
	return true
}

func (r *checkRun) checkToken(ctx context.Context) bool {
	me, response, err := r.own.GetMe(ctx, "")
	switch {
	case setupStatus(response) == http.StatusUnauthorized:
		r.fault("Mattermost does not accept Luotsi's token.", "Run luotsi setup mattermost again: it makes a new one; then start Luotsi anew.")
		return false
	case err != nil:
		r.fault(setupWhy("Asking who Luotsi is", response, err).Error()+".", "Look at the server's log.")
		return false
	}
	r.me = me
	if !me.IsBot {
		r.fault("Luotsi's token belongs to the person "+me.Username+", not to a bot.", "Run luotsi setup mattermost: it makes the bot account.")
	}
	if me.IsSystemAdmin() {
		r.fault("Luotsi's account is a system administrator, which it must not be.", "Make it an ordinary member in System Console, Users.")
	}
	return true
}

func (r *checkRun) checkTeam(ctx context.Context) bool {
	if r.Team == "" {
		return false
	}
	team, response, err := r.own.GetTeamByName(ctx, r.Team, "")
	if err == nil {
		if r.there, response, err = r.own.GetTeamMember(ctx, team.Id, r.me.Id, ""); err == nil && r.there.DeleteAt > 0 {
			response.StatusCode, err = http.StatusNotFound, errOutsideTeam
		}
	}
	switch status := setupStatus(response); {
	case err == nil:
		r.team = team
		return true
	case status == http.StatusNotFound || status == http.StatusForbidden:
		r.fault("There is no team "+r.Team+", or Luotsi is not in it.", "Check "+setupTeam+" or run luotsi setup mattermost again.")
	default:
		r.fault(setupWhy("Looking at the team", response, err).Error()+".", "Look at the server's log.")
	}
	return false
}

// checkQueue looks at the coordinators' channel.
func (r *checkRun) checkQueue(ctx context.Context) {
	if r.Queue == "" {
		return
	}
	channel, response, err := r.own.GetChannelByName(ctx, r.Queue, r.team.Id, "")
	if err != nil && model.IsValidId(r.Queue) {
		channel, response, err = r.own.GetChannel(ctx, r.Queue)
	}
	switch status := setupStatus(response); {
	case err != nil && status != http.StatusNotFound && status != http.StatusForbidden:
		r.fault(setupWhy("Looking at the coordinators' channel", response, err).Error()+".", "Look at the server's log.")
		return
	case err != nil || channel.TeamId != r.team.Id || channel.DeleteAt > 0:
		r.fault("There is no coordinators' channel "+r.Queue+" in the team, it is archived, or Luotsi is not in it.",
			"Run luotsi setup mattermost again.")
		return
	case channel.Type != model.ChannelTypePrivate:
		r.fault("The coordinators' channel "+channel.Name+" is not private: anybody may read the codes of concerns there.", "Make it private.")
	}
	r.queue = channel
	stats, response, err := r.own.GetChannelStats(ctx, channel.Id, "", true)
	if err != nil {
		r.fault(setupWhy("Looking at the coordinators' channel", response, err).Error()+".", "Run luotsi setup mattermost again.")
	} else if stats.MemberCount < 2 {
		r.hint("Nobody but Luotsi is in the coordinators' channel "+channel.Name+".",
			"Run luotsi setup mattermost again with --coordinator NAME for each of them.")
	}
}

// checkReached lets the server call Luotsi, as the bot giving a command to itself: Luotsi answers that it does not know the bot.
// When it was not reached, unreached says so, for after the causes.
func (r *checkRun) checkReached(ctx context.Context) {
	if r.queue == nil {
		return // it cannot be tried
	}
	_, response, err := r.own.ExecuteCommand(ctx, r.queue.Id, "/"+setupTriggers[0])
	switch {
	case err == nil, setupStatus(response) == http.StatusNotFound: // not found: no such command, which is told by itself
	case setupStatus(response) == http.StatusNotImplemented:
		r.faultCommands()
	default:
		r.unreached = []bot.Finding{{
			Level: bot.Fault, What: "Mattermost called Luotsi for the slash command /" + setupTriggers[0] + " and got no proper answer.",
			Fix: "If Luotsi runs and answers from elsewhere, look at the way between the two: internal connections, firewall, proxy, certificate, token.",
		}}
	}
}

// faultCommands tells that there are no custom slash commands at all; what follows from it is not told then.
func (r *checkRun) faultCommands() {
	r.commandsOff = true
	r.fault("Custom slash commands are turned off on the server.", "Run luotsi setup mattermost --enable-commands.")
}

// checkTriggers looks for the slash commands as any member of the team sees them.
func (r *checkRun) checkTriggers(ctx context.Context) {
	if r.commandsOff {
		return
	}
	there, response, err := r.own.ListAutocompleteCommands(ctx, r.team.Id)
	if err != nil {
		r.fault(setupWhy("Looking for the slash commands", response, err).Error()+".", "Look at the server's log.")
		return
	}
	var missing []string
	for _, trigger := range setupTriggers {
		if !slices.ContainsFunc(there, func(c *model.Command) bool { return c.Trigger == trigger }) {
			missing = append(missing, "/"+trigger)
		}
	}
	if len(missing) > 0 {
		r.fault(fmt.Sprintf("The team has no slash command %s.", strings.Join(missing, ", ")),
			"Run luotsi setup mattermost again. If they are there, custom slash commands are turned off: System Console, Integrations.")
	}
}
