package slack

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

// checkup is a workspace in which nothing is wrong, as Checkup sees it.
func checkup(t *testing.T) (*workspace, Checkup) {
	w := newWorkspace(t, 1)
	w.do(func() {
		w.channels["C1"] = &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{"U1", w.bot}}
	})
	sanna := w.person("sanna")
	return w, Checkup{
		BotToken: w.botToken, AppToken: w.appToken, SigningSecret: w.secret, APIURL: w.url(), Queue: "C1", BaseURL: "https://luotsi.example",
		People: []CheckedPerson{{"sanna", sanna}}, Now: time.Now, HTTP: w.client,
	}
}

func TestCheckupFindsEachFault(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(*workspace, *Checkup)
		level bot.Level
		what  string // empty: nothing is found
	}{
		{"nothing", func(*workspace, *Checkup) {}, "", ""},
		{"no token", func(_ *workspace, c *Checkup) { c.BotToken = "" }, bot.Fault, "LUOTSI_SLACK_BOT_TOKEN is not set"},
		{"wrong token", func(_ *workspace, c *Checkup) { c.BotToken = "xoxb-other" }, bot.Fault, "invalid_auth"},
		{"a scope is missing", func(w *workspace, _ *Checkup) {
			w.scopes = slices.DeleteFunc(w.scopes, func(s string) bool { return s == "im:history" })
		}, bot.Fault, "lacks the permission im:history"},
		{"a scope too many", func(w *workspace, _ *Checkup) { w.scopes = append(w.scopes, "channels:history") }, bot.Hint, "channels:history, which Luotsi does not use"},
		{"wrong address", func(w *workspace, c *Checkup) { c.APIURL = w.server.URL + "/nowhere/" }, bot.Fault, "not as Slack's API does"},
		{"no address", func(_ *workspace, c *Checkup) { c.APIURL = "slack" }, bot.Fault, "LUOTSI_SLACK_API_URL is not an address"},
		{"nobody answers", func(w *workspace, _ *Checkup) { w.down = true }, bot.Fault, "no proper answer"},
		{"own address", func(_ *workspace, c *Checkup) { c.BaseURL, c.AppToken = "http://luotsi.example", "" }, bot.Fault, "LUOTSI_BASE_URL"},
		{"own address beside Socket Mode", func(_ *workspace, c *Checkup) { c.BaseURL = "" }, bot.Hint, "LUOTSI_BASE_URL"},
		{"no secret", func(_ *workspace, c *Checkup) { c.SigningSecret, c.AppToken = "", "" }, bot.Fault, "LUOTSI_SLACK_SIGNING_SECRET"},
		{"wrong app token", func(_ *workspace, c *Checkup) { c.AppToken = "xapp-other" }, bot.Fault, "Socket Mode does not open"},
		{"no channel", func(_ *workspace, c *Checkup) { c.Queue = "" }, bot.Fault, "LUOTSI_SLACK_COORDINATOR_CHANNEL is not set"},
		{"unknown channel", func(_ *workspace, c *Checkup) { c.Queue = "C404" }, bot.Fault, "Luotsi is not in the coordinators' channel"},
		{"public channel", func(w *workspace, _ *Checkup) { w.channels["C1"].private = false }, bot.Fault, "is public"},
		{"clock a little off", func(w *workspace, _ *Checkup) { w.dateSkew = 2 * time.Minute }, bot.Hint, "differs from Slack's by"},
		{"clock far off", func(w *workspace, _ *Checkup) { w.dateSkew = -10 * time.Minute }, bot.Fault, "differs from Slack's by"},
		{"nobody's account", func(_ *workspace, c *Checkup) { c.People = append(c.People, CheckedPerson{"ville", ""}) }, bot.Hint, "Without an account in Slack are ville"},
		{"closed account", func(w *workspace, c *Checkup) { w.users[c.People[0].Account].deleted = true }, bot.Hint, "deactivated or missing of sanna"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, c := checkup(t)
			w.do(func() { tt.spoil(w, &c) })
			found := c.Check(t.Context())
			if tt.what == "" && len(found) > 0 || tt.what != "" && (len(found) == 0 || found[0].Level != tt.level) {
				t.Fatalf("found %+v", found)
			}
			for _, f := range found {
				if f.Fix == "" || strings.Contains(f.What+f.Fix, "xoxb-test") || strings.Contains(f.What+f.Fix, "..") {
					t.Errorf("finding %+v", f)
				}
			}
			all := func(f bot.Finding) bool { return strings.Contains(f.What+" "+f.Fix, tt.what) }
			if tt.what != "" && !slices.ContainsFunc(found, all) {
				t.Errorf("found %+v, want %q", found, tt.what)
			}
		})
	}
}

func TestStartSaysWhatToDo(t *testing.T) {
	tests := map[string]struct {
		spoil func(*workspace)
		want  string // empty: it starts
	}{
		"ready":             {func(*workspace) {}, ""},
		"token":             {func(w *workspace) { w.botToken = "xoxb-new" }, "install the app again"},
		"scope for looking": {func(w *workspace) { w.scopes = []string{"chat:write"} }, "permission groups:read"},
		"a person's token":  {func(w *workspace) { w.botID = "" }, "bot token (xoxb-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w, _ := checkup(t)
			house := &houseBook{w: w}
			w.do(func() {
				w.channels["C7"] = &wsChannel{id: "C7", name: "luotsi-abc", creator: w.bot, private: true, members: []string{w.bot}}
			})
			s := w.stranger(func(c *Config) { c.Queue, c.House = "C1", house })
			w.do(func() { tt.spoil(w) })
			err := s.Start(t.Context())
			if tt.want == "" {
				if drifted, _ := house.told(); err != nil || s.me != w.bot || s.team != w.team || !slices.Equal(drifted, []string{"C7"}) {
					t.Errorf("%v, me %q, team %q, the house looks at %q", err, s.me, s.team, drifted)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestNoAddressIsNoConfiguration(t *testing.T) {
	w := newWorkspace(t, 1)
	for _, address := range []string{"slack.com/api", "ftp://slack.example/", "://"} {
		if _, err := newOutlet(Config{BotToken: "x", APIURL: address, HTTP: w.client}); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	if _, err := newOutlet(Config{BotToken: "x", APIURL: w.url(), HTTP: w.client}); errors.Is(err, bot.ErrGone) || err != nil {
		t.Error(err)
	}
}
