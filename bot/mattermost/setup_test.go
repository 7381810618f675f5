package mattermost

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// officeSaid reports whether a line begins so; lines are what Setup says.
func officeSaid(lines []string, with string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, with) })
}

func TestSettingUpTwiceChangesNothingMore(t *testing.T) {
	o := newOffice(t)
	o.person("paula")
	var said []string
	kept := map[string]string{}
	run := o.setup(&said, kept)
	run.Coordinators = []string{"paula@example.org"}
	if err := run.Run(t.Context()); err != nil {
		t.Fatal(err, said)
	}
	queue := o.channels[kept[setupQueue]]
	luotsi := o.named("luotsi")
	members := o.members[queue.Id]
	if queue.Type != "P" || !members[luotsi.Id] || !members[o.named("paula").Id] || len(members) != 2 {
		t.Errorf("queue %v with %v: the administrator has no business there", queue, members)
	}
	if o.tokens[kept[setupToken]] != luotsi.Id || kept[setupTeam] != "kotihoito" || kept[setupURL] != o.web.URL {
		t.Errorf("kept %v", kept)
	}
	var tokens []string
	for _, c := range o.commands {
		tokens = append(tokens, c.Token)
		if c.URL != "http://127.0.0.1:8088/mattermost/command" || c.AutoCompleteHint == "" || !c.AutoComplete {
			t.Errorf("command %+v", c)
		}
	}
	if len(tokens) != 4 || kept[setupCommands] != strings.Join(tokens, ",") {
		t.Errorf("command tokens %q, %v", kept[setupCommands], tokens)
	}
	if *o.settings.ServiceSettings.EnableBotAccountCreation {
		t.Error("everybody may make bots now")
	}
	before := map[string]string{setupToken: kept[setupToken], setupQueue: kept[setupQueue]}
	o.changes, said = nil, nil
	tokens = slices.Sorted(maps.Keys(o.tokens))
	run.AdminToken, run.Login, run.Password = "", "admin", "admin-password"
	if err := run.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(tokens, slices.Sorted(maps.Keys(o.tokens))); d != "" {
		t.Errorf("tokens and sessions: %s", d)
	}
	if d := cmp.Diff([]string{"POST /users/logout"}, o.changes); d != "" || officeSaid(said, "+") {
		t.Errorf("the second run changed %v: %v", o.changes, said)
	}
	if kept[setupToken] != before[setupToken] || kept[setupQueue] != before[setupQueue] {
		t.Error("the second run keeps other values")
	}
}

func TestServerWideChangesAreMadeOnlyWhenNamed(t *testing.T) {
	o := newOffice(t)
	var said []string
	run := o.setup(&said, map[string]string{})
	if err := run.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(o.roles["channel_user"].Permissions, "manage_private_channel_members") || *o.settings.EmailSettings.PushNotificationContents != "full" ||
		*o.settings.ServiceSettings.AllowedUntrustedInternalConnections != "10.0.0.0/8" {
		t.Error("a setting of the whole server was changed without being asked for")
	}
	for _, hint := range []string{"! Any member", "! Push", "! E-mail", "! Luotsi's address"} {
		if !officeSaid(said, hint) {
			t.Errorf("nothing is said that begins %q: %q", hint, said)
		}
	}
	run.LockChannels, run.GenericNotifications, run.AllowInternal = true, true, true
	said = nil
	if err := run.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{
		"channel_user":  {"read_channel", "create_post", "edit_post", "delete_post"},
		"channel_admin": append([]string{"manage_channel_roles"}, setupKept...),
	}
	got := map[string][]string{"channel_user": o.roles["channel_user"].Permissions, "channel_admin": o.roles["channel_admin"].Permissions}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	explained := slices.IndexFunc(said, func(l string) bool { return strings.Contains(l, "EVERY private channel") })
	taken := slices.IndexFunc(said, func(l string) bool { return strings.HasPrefix(l, "+ gave to") })
	if explained < 0 || explained > taken {
		t.Errorf("the lock is not explained before: %q", said)
	}
	if got := *o.settings.ServiceSettings.AllowedUntrustedInternalConnections; got != "10.0.0.0/8 127.0.0.1" {
		t.Errorf("internal connections %q: what others need must stay", got)
	}
	if *o.settings.EmailSettings.PushNotificationContents != model.GenericNoChannelNotification || !officeSaid(said, "! E-mail notifications carry") {
		t.Errorf("notifications: %q", said)
	}
}

func TestWhatIsOthersStays(t *testing.T) {
	o := newOffice(t)
	theirs := &model.Command{Id: model.NewId(), Trigger: "oro", URL: "https://other.example.org/hook?secret=geheim", TeamId: o.team.Id, Token: "theirs"}
	moved := &model.Command{Id: model.NewId(), Trigger: "huoli", URL: "https://old.example.org/mattermost/command", TeamId: o.team.Id, Token: "ours"}
	o.commands = []*model.Command{theirs, moved}
	var said []string
	kept := map[string]string{}
	if err := o.setup(&said, kept).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.commands[0].URL != theirs.URL || strings.Contains(kept[setupCommands], "theirs") || !officeSaid(said, "! /oro calls another address (other.example.org)") {
		t.Errorf("somebody else's command: %q %q", o.commands[0].URL, said)
	}
	if strings.Contains(strings.Join(said, " "), "geheim") {
		t.Error("another's address was told whole")
	}
	if o.commands[1].URL != "http://127.0.0.1:8088/mattermost/command" || !strings.Contains(kept[setupCommands], "ours") {
		t.Errorf("our own command did not move: %+v", o.commands[1])
	}
}

func TestANewTokenIsMadeWhenTheStoredOneFails(t *testing.T) {
	o := newOffice(t)
	var said []string
	kept := map[string]string{}
	run := o.setup(&said, kept)
	for _, spoil := range []func(){func() {}, func() { delete(o.tokens, kept[setupToken]) }, func() { kept[setupToken] = "admin-token" }, func() { run.NewToken = true }} {
		before := kept[setupToken]
		spoil()
		if err := run.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if kept[setupToken] == before || o.tokens[kept[setupToken]] != o.named("luotsi").Id {
			t.Errorf("token %q after %q", kept[setupToken], before)
		}
	}
}

func TestWhatCannotBeSetUpIsSaid(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(o *office, s *Setup)
		want  string
	}{
		{"no administrator", func(o *office, s *Setup) { o.users[o.tokens["admin-token"]].Roles = "system_user" }, "not a system administrator"},
		{"wrong token", func(o *office, s *Setup) { s.AdminToken = "wrong" }, "does not accept"},
		{"no team", func(o *office, s *Setup) { s.Team = "nobody" }, "no team"},
		{"too old", func(o *office, s *Setup) { o.version = "9.9.1" }, "needs 9.10"},
		{"commands off", func(o *office, s *Setup) { o.settings.ServiceSettings.EnableCommands = model.NewPointer(false) }, "--enable-commands"},
		{"bots forbidden for good", func(o *office, s *Setup) { o.fixed = true }, "MM_SERVICESETTINGS_ENABLEBOTACCOUNTCREATION"},
		{"a person's name", func(o *office, s *Setup) { o.person("luotsi") }, "--bot"},
		{"open queue", func(o *office, s *Setup) {
			o.channels["c"] = &model.Channel{Id: "c", Name: "luotsi-jono", TeamId: o.team.Id, Type: "O"}
		}, "not private"},
		{"archived queue", func(o *office, s *Setup) {
			o.channels["c"] = &model.Channel{Id: "c", Name: "luotsi-jono", TeamId: o.team.Id, Type: "P", DeleteAt: 1}
		}, "unarchive"},
		{"coordinator from elsewhere", func(o *office, s *Setup) { o.teamed[o.person("vieras")] = false; s.Coordinators = []string{"vieras"} }, "not a member"},
		{"coordinator unknown", func(o *office, s *Setup) { s.Coordinators = []string{"x@example.org"} }, "no such account"},
		{"coordinator misspelt", func(o *office, s *Setup) { o.person("paula"); s.Coordinators = []string{"paula", "puala"} }, "--coordinator puala: there is no such"},
		{"/luotsi taken", func(o *office, s *Setup) {
			o.commands = []*model.Command{{Trigger: "luotsi", URL: "https://other/"}}
		}, "remove it first"},
		{"own address", func(o *office, s *Setup) { s.BaseURL = "luotsi.example.org" }, "--base-url"},
		{"own address in bytes", func(o *office, s *Setup) { s.URL = "chat" }, "https://chat.example.org"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			var said []string
			s := o.setup(&said, map[string]string{})
			tt.spoil(o, &s)
			if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v; want %q", err, tt.want)
			}
		})
	}
}

// What a later step fails at must not cost what the earlier ones made.
func TestWhatWasMadeIsKeptAtOnce(t *testing.T) {
	o := newOffice(t)
	var said []string
	kept := map[string]string{}
	s := o.setup(&said, kept)
	o.commands = []*model.Command{{Trigger: "luotsi", URL: "https://other/"}}
	if err := s.Run(t.Context()); err == nil || kept[setupToken] == "" || kept[setupQueue] == "" {
		t.Fatal(err, kept)
	}
	token := kept[setupToken]
	o.commands = nil
	if err := s.Run(t.Context()); err != nil || kept[setupToken] != token {
		t.Error(err, "the token was made twice")
	}
}

// Whatever is written into Mattermost fits there, in every language.
func TestTextsOfSettingUpFit(t *testing.T) {
	for _, lang := range bot.Langs {
		r, err := newSetupRun(Setup{URL: "http://chat", BaseURL: "http://luotsi", Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		r.team = &model.Team{Id: model.NewId()}
		for _, trigger := range setupTriggers {
			c := r.command(trigger)
			c.CreatorId = model.NewId()
			c.PreSave()
			if err := c.IsValid(); err != nil || strings.Contains(c.Description+c.DisplayName+c.AutoCompleteHint, "⟦") {
				t.Errorf("%s /%s: %v", lang, trigger, err)
			}
		}
		for _, id := range []string{"bot", "queue"} {
			if said := r.text(id); strings.Contains(said, "⟦") || id == "queue" && len(said) > 64 {
				t.Errorf("%s: %q", lang, said)
			}
		}
	}
}

func TestARateLimitIsWaitedOut(t *testing.T) {
	o := newOffice(t)
	o.limited = 1
	c, err := newSetupClient(o.web.URL, "admin-token", o.web.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.GetMe(t.Context(), ""); err != nil || o.limited != 0 {
		t.Error(err)
	}
}

// Whoever knows what Setup would call the coordinators' channel may have made it first, and would see what comes there.
func TestAnothersChannelIsNotTakenForTheCoordinators(t *testing.T) {
	o := newOffice(t)
	mika := o.person("mika")
	o.channels["c"] = &model.Channel{Id: model.NewId(), Name: "luotsi-jono", TeamId: o.team.Id, Type: "P", CreatorId: mika}
	o.channels[o.channels["c"].Id] = o.channels["c"]
	o.members[o.channels["c"].Id] = map[string]bool{mika: true, o.person("ulla"): true}
	var said []string
	kept := map[string]string{}
	s := o.setup(&said, kept)
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--adopt-queue") || kept[setupQueue] != "" {
		t.Errorf("error %v, the queue is %q", err, kept[setupQueue])
	}
	named := func(l string) bool { return strings.HasPrefix(l, "! ") && strings.Contains(l, "mika (made it), ulla.") }
	if !slices.ContainsFunc(said, named) {
		t.Errorf("said %q", said)
	}
	s.AdoptQueue = true
	if err := s.Run(t.Context()); err != nil || kept[setupQueue] != o.channels["c"].Id {
		t.Errorf("error %v, the queue is %q", err, kept[setupQueue])
	}
	s.AdoptQueue, said = false, nil
	if err := s.Run(t.Context()); err != nil || slices.ContainsFunc(said, named) { // it is the stored one from now on
		t.Errorf("error %v, said %q", err, said)
	}
}
