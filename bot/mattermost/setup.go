package mattermost

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// Setup does in a Mattermost server what an administrator would otherwise click, so that Luotsi can work there. It may run any
// number of times: what is there already stays, and nothing of others is touched. Settings that the whole server feels are
// changed only by the field that names the change.
type Setup struct {
	URL        string // the server's address
	AdminToken string // of a system administrator: a personal access token or a session's
	Login      string // instead of AdminToken: a system administrator's login
	Password   string // and password
	Team       string // name in the team's address; empty when there is only one
	BaseURL    string // Luotsi's own address that the server calls, no slash at the end
	Bot        string // the bot's username; "luotsi" when empty
	Queue      string // name of the coordinators' private channel; "luotsi-jono" when empty
	Lang       bot.Lang

	Coordinators []string // usernames or e-mail addresses of those who belong to the coordinators' channel

	AdoptQueue           bool // use a coordinators' channel that somebody else made, with whoever is in it
	NewToken             bool // make a new token although the stored one works
	EnableCommands       bool // server-wide: allow custom slash commands
	AllowInternal        bool // server-wide: let integrations call Luotsi's host although it is inside the network
	LockChannels         bool // server-wide: see lockChannels
	GenericNotifications bool // server-wide: no message text in notifications

	Stored map[string]string              // what an earlier run gave Keep, by the same names
	Keep   func(name, value string) error // called as soon as a value is known, so that none is lost when a later step fails
	Say    func(format string, args ...any)

	Transport http.RoundTripper // optional
}

// The names that Setup keeps values under: environment variables of the service.
const (
	setupURL      = "LUOTSI_MATTERMOST_URL"
	setupToken    = "LUOTSI_MATTERMOST_TOKEN"
	setupTeam     = "LUOTSI_MATTERMOST_TEAM"
	setupCommands = "LUOTSI_MATTERMOST_COMMAND_TOKENS"
	setupQueue    = "LUOTSI_MATTERMOST_COORDINATOR_CHANNEL"
)

//go:embed locale/setup.*.toml
var setupTexts embed.FS

// setupRun is one run of Setup.
type setupRun struct {
	Setup
	texts *bot.Catalog
	admin setupClient // signed in as administrator
	own   setupClient // signed in as the bot, once its token is known
	me    *model.User // the administrator
	team  *model.Team
	bot   *model.User
	set   setupSettings
	found []*model.User // the coordinators who were named
}

// Run sets up. The first thing that cannot be done ends it with a sentence; what was done before stays and is found by the next run.
func (s Setup) Run(ctx context.Context) (err error) {
	r, err := newSetupRun(s)
	if err != nil {
		return err
	}
	if err := r.signIn(ctx); err != nil {
		return err
	}
	if s.AdminToken == "" {
		defer func() {
			response, out := r.admin.Logout(context.WithoutCancel(ctx))
			err = errors.Join(err, setupWhy("signing out", response, out))
		}()
	}
	for _, step := range []func(context.Context) error{
		r.findServer, r.findTeam, r.findCoordinators, r.allowCommands, r.makeBot, r.joinTeam, r.giveToken, r.makeQueue, r.addCoordinators, r.makeCommands,
		r.allowInternal, r.lockChannels, r.hushNotifications, r.hintLimits,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func newSetupRun(s Setup) (*setupRun, error) {
	if s.Bot == "" {
		s.Bot = "luotsi"
	}
	if s.Queue == "" {
		s.Queue = "luotsi-jono"
	}
	s.BaseURL = strings.TrimRight(s.BaseURL, "/")
	if _, err := newSetupClient(s.BaseURL, "", nil); err != nil {
		return nil, errors.New("the address of Luotsi itself (--base-url) must be like https://luotsi.example.org: Mattermost sends commands there")
	}
	folder, err := fs.Sub(setupTexts, "locale")
	if err != nil {
		return nil, err
	}
	texts, err := bot.NewCatalog(time.UTC, folder)
	if err != nil {
		return nil, err
	}
	admin, err := newSetupClient(s.URL, s.AdminToken, s.Transport)
	if err != nil {
		return nil, err
	}
	s.Stored = maps.Clone(s.Stored)
	if s.Stored == nil {
		s.Stored = map[string]string{}
	}
	return &setupRun{Setup: s, texts: texts, admin: admin}, nil
}

func (r *setupRun) text(id string) string { return r.texts.Say(r.Lang.Known(), bot.T("setup."+id)) }

// signIn makes sure that the administrator is one.
func (r *setupRun) signIn(ctx context.Context) error {
	var response *model.Response
	var err error
	if r.AdminToken == "" {
		r.me, response, err = r.admin.Login(ctx, r.Login, r.Password)
	} else {
		r.me, response, err = r.admin.GetMe(ctx, "")
	}
	if err != nil {
		return setupWhy("signing in as administrator", response, err)
	}
	if !r.me.IsSystemAdmin() {
		return fmt.Errorf("signing in as administrator: %s is not a system administrator of this server", r.me.Username)
	}
	return nil
}

func (r *setupRun) findServer(ctx context.Context) error {
	v, err := r.admin.versionOf(ctx)
	if err != nil {
		return err
	}
	for _, f := range checkVersion(v.Version) {
		if f.Level == bot.Fault {
			return errors.New(f.What + " " + f.Fix)
		}
	}
	if r.set, err = r.admin.settings(ctx); err != nil {
		return err
	}
	r.Say("Mattermost %s at %s, signed in as %s.", v.Version, r.URL, r.me.Username)
	return r.keep(setupURL, strings.TrimRight(r.URL, "/"))
}

func (r *setupRun) findTeam(ctx context.Context) error {
	if r.Team == "" {
		teams, response, err := r.admin.GetAllTeams(ctx, "", 0, 200)
		if err != nil {
			return setupWhy("listing teams", response, err)
		}
		teams = slices.DeleteFunc(teams, func(t *model.Team) bool { return t.DeleteAt > 0 })
		if len(teams) != 1 {
			names := make([]string, len(teams))
			for i, t := range teams {
				names[i] = t.Name
			}
			return fmt.Errorf("name the team with --team; there are: %s", strings.Join(names, ", "))
		}
		r.Team = teams[0].Name
	}
	team, response, err := r.admin.GetTeamByName(ctx, r.Team, "")
	switch {
	case setupStatus(response) == http.StatusNotFound:
		return fmt.Errorf("there is no team %q on the server; --team wants the name in the team's address", r.Team)
	case err != nil:
		return setupWhy("finding the team", response, err)
	case team.DeleteAt > 0:
		return fmt.Errorf("the team %q is archived", r.Team)
	}
	r.team = team
	r.there("team %s", team.Name)
	return r.keep(setupTeam, team.Name)
}

// allowCommands makes sure that custom slash commands exist at all on this server.
func (r *setupRun) allowCommands(ctx context.Context) error {
	if setupOn(r.set.ServiceSettings.EnableCommands) {
		r.there("custom slash commands are allowed")
		return nil
	}
	if !r.Setup.EnableCommands {
		return errors.New("custom slash commands are turned off on the whole server; allow them in the System Console (Integrations, " +
			"Integration Management) or run this again with --enable-commands")
	}
	var change setupSettings
	change.ServiceSettings.EnableCommands = model.NewPointer(true)
	var err error
	if r.set, err = r.admin.change(ctx, change); err != nil {
		return err
	}
	if !setupOn(r.set.ServiceSettings.EnableCommands) {
		return errors.New("custom slash commands stay turned off: the server's own environment says so (MM_SERVICESETTINGS_ENABLECOMMANDS)")
	}
	r.made("allowed custom slash commands on the whole server")
	return nil
}

// keep hands a value on and remembers it for the later steps.
func (r *setupRun) keep(name, value string) error {
	r.Stored[name] = value
	return r.Keep(name, value)
}

// made tells of a change, there of what was so already.
func (r *setupRun) made(format string, args ...any)  { r.Say("+ "+format, args...) }
func (r *setupRun) there(format string, args ...any) { r.Say("= "+format, args...) }
