package mattermost

import (
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// wellOffice is a server that has been set up without fault, and the checkup of it by an administrator.
func wellOffice(t *testing.T) (*office, Checkup) {
	o := newOffice(t)
	paula := o.person("paula")
	var said []string
	kept := map[string]string{}
	s := o.setup(&said, kept)
	s.Coordinators, s.LockChannels, s.GenericNotifications = []string{"paula"}, true, true
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.settings.EmailSettings.SendEmailNotifications = model.NewPointer(false)
	o.roles["channel_admin"].Permissions = append(o.roles["channel_admin"].Permissions, "delete_others_posts")
	return o, Checkup{
		URL: kept[setupURL], Token: kept[setupToken], Team: kept[setupTeam], Queue: kept[setupQueue], BaseURL: "http://127.0.0.1:8088",
		CommandTokens: strings.Split(kept[setupCommands], ","), AdminToken: "admin-token",
		People: []CheckedPerson{{Login: "paula", Account: paula}},
		Now:    time.Now, Transport: o.web.Client().Transport,
	}
}

func TestAWellServerHasNoFindings(t *testing.T) {
	o, c := wellOffice(t)
	tokens := len(o.tokens)
	if found := c.Check(t.Context()); len(found) > 0 {
		t.Errorf("%+v", found)
	}
	c.Queue = "luotsi-jono" // its name serves as well
	c.AdminToken, c.Login, c.Password = "", "admin", "admin-password"
	if found := c.Check(t.Context()); len(found) > 0 {
		t.Errorf("%+v", found)
	}
	if len(o.tokens) != tokens {
		t.Error("the administrator's session was left open")
	}
}

// A right may come from a wider role than the one that usually gives it.
func TestAWiderRolesRightHoldsToo(t *testing.T) {
	o, c := wellOffice(t)
	o.roles["system_user"].Permissions = []string{"create_direct_channel", "create_private_channel", "create_post", "edit_post", "delete_post", "read_channel", "delete_others_posts"}
	o.roles["channel_admin"].Permissions = setupKept
	o.roles["team_user"].Permissions, o.roles["channel_user"].Permissions = nil, nil
	if found := c.Check(t.Context()); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestOneCauseIsToldOnce: without slash commands much else fails, and is not worth a word.
func TestOneCauseIsToldOnce(t *testing.T) {
	for _, admin := range []string{"admin-token", ""} {
		o, c := wellOffice(t)
		o.settings.ServiceSettings.EnableCommands = model.NewPointer(false)
		c.AdminToken = admin
		var faults []string
		for _, f := range c.Check(t.Context()) {
			if f.Level == bot.Fault {
				faults = append(faults, f.What)
			}
		}
		if len(faults) != 1 || !strings.Contains(faults[0], "turned off on the server") {
			t.Errorf("%q", faults)
		}
	}
}

func TestEachFaultIsNamed(t *testing.T) {
	off, on := model.NewPointer(false), model.NewPointer(true)
	for _, tt := range []struct {
		name  string
		spoil func(o *office, c *Checkup)
		level bot.Level
		want  string
	}{
		{"nothing given", func(o *office, c *Checkup) { *c = Checkup{} }, bot.Fault, "LUOTSI_MATTERMOST_URL is not set"},
		{"no address", func(o *office, c *Checkup) { c.URL = "chat" }, bot.Fault, "not an address"},
		{"nobody there", func(o *office, c *Checkup) { c.URL = "http://127.0.0.1:1" }, bot.Fault, "No Mattermost server answers"},
		{"another server", func(o *office, c *Checkup) { o.version = "" }, bot.Fault, "not a Mattermost server"},
		{"too old", func(o *office, c *Checkup) { o.version = "9.5.0" }, bot.Fault, "version 9.5.0"},
		{"token", func(o *office, c *Checkup) { c.Token = "wrong" }, bot.Fault, "does not accept Luotsi's token"},
		{"a person's token", func(o *office, c *Checkup) { o.named("luotsi").IsBot = false }, bot.Fault, "not to a bot"},
		{"an administrator's token", func(o *office, c *Checkup) { o.named("luotsi").Roles = "system_admin" }, bot.Fault, "must not be"},
		{"clock", func(o *office, c *Checkup) { o.shift = -time.Minute }, bot.Hint, "clocks"},
		{"clock far off", func(o *office, c *Checkup) { o.shift = 10 * time.Minute }, bot.Fault, "clocks"},
		{"site address", func(o *office, c *Checkup) { o.settings.ServiceSettings.SiteURL = new(string) }, bot.Hint, "SiteURL"},
		{"team", func(o *office, c *Checkup) { c.Team = "other" }, bot.Fault, "no team other"},
		{"not in the team", func(o *office, c *Checkup) { delete(o.teamed, o.named("luotsi").Id) }, bot.Fault, "is not in it"},
		{"queue", func(o *office, c *Checkup) { c.Queue = "other" }, bot.Fault, "no coordinators' channel"},
		{"queue archived", func(o *office, c *Checkup) { o.channels[c.Queue].DeleteAt = 1 }, bot.Fault, "archived"},
		{"queue without the bot", func(o *office, c *Checkup) { delete(o.members[c.Queue], o.named("luotsi").Id) }, bot.Fault, "not in it"},
		{"queue public", func(o *office, c *Checkup) { o.channels[c.Queue].Type = "O" }, bot.Fault, "not private"},
		{"queue empty", func(o *office, c *Checkup) { delete(o.members[c.Queue], o.named("paula").Id) }, bot.Hint, "Nobody but Luotsi"},
		{"command missing", func(o *office, c *Checkup) { o.commands = o.commands[1:] }, bot.Fault, "no slash command /luotsi"},
		{"command elsewhere", func(o *office, c *Checkup) { o.commands[1].URL = "http://old/mattermost/command" }, bot.Fault, "/huoli calls old"},
		{"command of others", func(o *office, c *Checkup) { o.commands[2].URL = "http://old/" }, bot.Hint, "/oro belongs to somebody else"},
		{"command's token", func(o *office, c *Checkup) { c.CommandTokens = c.CommandTokens[:3] }, bot.Fault, "token of the slash command /concern"},
		{"commands off", func(o *office, c *Checkup) { o.settings.ServiceSettings.EnableCommands = off }, bot.Fault, "turned off"},
		{"owner", func(o *office, c *Checkup) { o.settings.ServiceSettings.DisableBotsWhenOwnerIsDeactivated = on }, bot.Hint, "disables Luotsi"},
		{"internal", func(o *office, c *Checkup) { o.reached = false }, bot.Fault, "AllowedUntrustedInternalConnections"},
		{"unreached", func(o *office, c *Checkup) { o.reached = false }, bot.Fault, "no proper answer"},
		{"not locked", func(o *office, c *Checkup) {
			o.roles["channel_user"].Permissions = append(o.roles["channel_user"].Permissions, "delete_private_channel")
		}, bot.Hint, "--lock-channels"},
		{"locked too far", func(o *office, c *Checkup) { o.roles["channel_admin"].Permissions = nil }, bot.Fault, "cannot run its rooms"},
		{"no direct messages", func(o *office, c *Checkup) { o.roles["system_user"].Permissions = nil }, bot.Fault, "create_direct_channel"},
		{"no rooms", func(o *office, c *Checkup) { o.roles["team_user"].Permissions = nil }, bot.Fault, "open no room"},
		{"no words", func(o *office, c *Checkup) { o.roles["channel_user"].Permissions = setupKept }, bot.Fault, "create_post, so it can say nothing"},
		{"no edits", func(o *office, c *Checkup) {
			o.roles["channel_user"].Permissions = append([]string{"read_channel", "create_post", "delete_post"}, setupKept...)
		}, bot.Fault, "the right edit_post"},
		{"others' posts stay", func(o *office, c *Checkup) {
			o.roles["channel_admin"].Permissions = setupKept
		}, bot.Hint, "(delete_others_posts in channel_admin)"},
		{"edits in time only", func(o *office, c *Checkup) {
			o.settings.ServiceSettings.PostEditTimeLimit = model.NewPointer(300)
		}, bot.Fault, "300 seconds only (ServiceSettings.PostEditTimeLimit)"},
		{"few channels", func(o *office, c *Checkup) {
			o.settings.TeamSettings.MaxChannelsPerTeam = model.NewPointer[int64](2000)
		}, bot.Hint, "2000 channels in all"},
		{"push", func(o *office, c *Checkup) {
			o.settings.EmailSettings.PushNotificationContents = model.NewPointer("full")
		}, bot.Hint, "Push"},
		{"e-mail without licence", func(o *office, c *Checkup) { o.settings.EmailSettings.SendEmailNotifications = on }, bot.Hint, "without a licence"},
		{"no account", func(o *office, c *Checkup) { c.People = append(c.People, CheckedPerson{Login: "ville"}) }, bot.Hint, "without an account in Mattermost (1): ville"},
		{"deactivated", func(o *office, c *Checkup) { o.named("paula").DeleteAt = 1 }, bot.Hint, "deactivated or deleted account in Mattermost (1): paula"},
		{"outside", func(o *office, c *Checkup) { delete(o.teamed, o.named("paula").Id) }, bot.Hint, "not in the team kotihoito (1): "},
		{"wrong administrator", func(o *office, c *Checkup) { c.AdminToken = c.Token }, bot.Fault, "not a system administrator of"},
		{"wrong password", func(o *office, c *Checkup) { c.AdminToken, c.Login, c.Password = "", "admin", "wrong" }, bot.Fault, "does not accept"},
		{"no administrator", func(o *office, c *Checkup) { c.AdminToken = "" }, bot.Hint, "only an administrator"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o, c := wellOffice(t)
			tt.spoil(o, &c)
			if c.Now == nil {
				c.Now = time.Now
			}
			var told []string
			for _, f := range c.Check(t.Context()) {
				if f.Fix == "" {
					t.Errorf("%q says not what to do", f.What)
				}
				if f.Level == tt.level && strings.Contains(f.What+" "+f.Fix, tt.want) {
					return
				}
				told = append(told, string(f.Level)+": "+f.What)
			}
			t.Errorf("want %s %q, told %q", tt.level, tt.want, told)
		})
	}
}

// What is found must not tell secrets: an administrator pastes it into a ticket.
func TestFindingsHoldNoSecrets(t *testing.T) {
	o, c := wellOffice(t)
	o.reached = false
	o.commands[0].URL = "http://old/mattermost/command?secret=geheim"
	c.CommandTokens = nil
	for _, f := range c.Check(t.Context()) {
		for _, secret := range []string{c.Token, c.AdminToken, o.commands[1].Token, "geheim"} {
			if strings.Contains(f.What+f.Fix, secret) {
				t.Errorf("%q", f)
			}
		}
	}
}

func TestAnInternalAddressIsKnownWhenListed(t *testing.T) {
	for list, refused := range map[string]bool{"": true, "127.0.0.1": false, "localhost": true, "10.0.0.0/8,127.0.0.0/8": false, "other": true} {
		if got := len(checkInternal(t.Context(), "http://127.0.0.1:8088", &list)) > 0; got != refused {
			t.Errorf("%q: refused %v", list, got)
		}
	}
}

func TestAccountsAreFound(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"paula", "ville"} {
		o.person(name)
	}
	o.named("ville").DeleteAt = 1
	client, err := newSetupClient(o.web.URL, "admin-token", o.web.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	a := Accounts{client: client}
	for _, tt := range []struct{ login, email, want string }{
		{"paula", "", "paula"},
		{"", "paula@example.org", "paula"},
		{"paula", "paula@example.org", "paula"},
		{"p", "paula@example.org", "paula"},
		{"paula", "ville@example.org", "in Mattermost the e-mail address is ville's, not paula's: permanently refused by the platform"},
		{"nobody", "nobody@example.org", "gone from the platform"},
	} {
		got, err := a.Find(t.Context(), tt.login, tt.email)
		if err != nil {
			got.Login = err.Error()
		}
		if got.Login != tt.want {
			t.Errorf("%s %s: %q", tt.login, tt.email, got.Login)
		}
	}
	if ville, err := a.Find(t.Context(), "ville", ""); err != nil || ville.Enabled {
		t.Errorf("a deactivated account: %+v %v", ville, err)
	}
	o.tokens["bot"], o.settings.PrivacySettings.ShowEmailAddress = o.person("bot"), model.NewPointer(false)
	a.client.SetToken("bot")
	if _, err := a.Find(t.Context(), "", "paula@example.org"); err == nil || !strings.Contains(err.Error(), "ShowEmailAddress") {
		t.Error(err)
	}
}
