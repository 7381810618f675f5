package slack

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost"
	"luotsi/bot/mattermost/mattermosttest"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// twoTowns is a whole Luotsi with two chats on one database: Mattermost, where the rooms are, and Slack.
type twoTowns struct {
	*town
	chat  *mattermosttest.Server
	matt  *mattermost.Mattermost
	web   *httptest.Server  // what Mattermost calls
	users map[string]string // login → Mattermost's user id
	ahead atomic.Int64      // how far the house's clock was put on
	db    *sqlx.DB
}

// Who has accounts where. Sanna and Kaisa work in Mattermost, Paula in Slack, Katri and Ville in both.
var (
	inMattermost = []string{"sanna", "kaisa", "leo", "tiina", "katri", "ville"}
	inSlack      = []string{"paula", "katri", "ville"}
)

func newTwoTowns(t *testing.T) *twoTowns {
	t.Helper()
	storetest.Server(t) // stays: nothing else may be left running
	c := &twoTowns{chat: mattermosttest.New(t), users: map[string]string{}}
	url := storetest.URL(t)
	c.db = storetest.Connect(t, url)
	c.town = &town{workspace: newWorkspace(t, townPace), t: t, people: map[string]string{}, log: &lockedLog{}}
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.ServiceURL(url), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.settle(s)
	c.open(s, keys)
	c.house.Now = func() time.Time { return c.clock.Now().Add(time.Duration(c.ahead.Load())) }
	c.openMattermost(s)
	c.house.Chats = []commands.Chat{{Platform: c.matt, Queue: c.matt.QueueRoom}, {Platform: c.slack, Queue: commands.QueueIs(townQueue)}}
	c.startJobs(s)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(c.everybodyReads())
		}
	})
	return c
}

// settle brings the people in, and the coordinators' channel in Slack. Katri made the one in Mattermost.
func (c *twoTowns) settle(s *store.Store) {
	users, accounts := players(bot.FI)
	clear(accounts)
	for _, login := range inMattermost {
		id := ""
		c.chat.Set(func() { id = c.chat.UserNamed(login) })
		if id == "" {
			id = c.chat.Person(login)
		}
		c.users[login] = id
		accounts[login] = append(accounts[login], casework.Account{Platform: "mattermost", User: id})
	}
	for _, login := range inSlack {
		c.people[login] = c.person(login)
		accounts[login] = append(accounts[login], casework.Account{Platform: Platform, User: c.people[login]})
	}
	if err := s.SeedDirectory(c.t.Context(), playUnits, users, accounts); err != nil {
		c.t.Fatal(err)
	}
	c.do(func() {
		c.channels[townQueue] = &wsChannel{
			id: townQueue, name: "luotsi-jono", creator: c.people["paula"], private: true, members: []string{c.people["paula"], c.people["katri"], c.bot},
		}
	})
}

// openMattermost joins the house to Mattermost too.
func (c *twoTowns) openMattermost(s *store.Store) {
	catalog, err := bot.NewCatalog(bot.Helsinki, mattermost.Texts)
	if err != nil {
		c.t.Fatal(err)
	}
	c.web = httptest.NewUnstartedServer(nil)
	c.matt, err = mattermost.New(mattermost.Config{
		URL: c.chat.URL(), Token: "token-luotsi", Team: "kotihoito", Queue: "jono", BaseURL: "http://" + c.web.Listener.Addr().String(), CommandTokens: []string{"secret"},
		Handle: commands.NewDispatcher(c.house).Handle, Ledger: s, Catalog: catalog, Now: c.house.Now, House: c.house,
		Lang: func(context.Context, string) bot.Lang { return bot.FI }, Log: slog.New(slog.NewTextHandler(c.log, nil)),
		HTTP: &http.Client{Transport: http.DefaultTransport},
	})
	if err == nil {
		err = c.matt.Start(c.t.Context())
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.web.Config.Handler = c.matt.Handler()
	c.web.Start()
	c.t.Cleanup(c.web.Close)
	c.t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := c.matt.Close(end); err != nil {
			c.t.Error(err)
		}
	})
}

// types is a person giving a command in Mattermost, in their conversation with Luotsi.
func (c *twoTowns) types(login, command, words string) {
	c.t.Helper()
	two := []string{c.users[login], c.chat.Bot}
	dm, _ := c.chat.Act(login, http.MethodPost, "/channels/direct", two, http.StatusCreated)["id"].(string)
	if status, _ := c.chat.Command(c.web.URL+"/mattermost/command", "secret", c.users[login], dm, command, words); status != http.StatusOK {
		c.t.Fatalf("%s %s: answered %d", login, command, status)
	}
}

// fillsIn answers the dialog that a person sees in Mattermost and sends it: several choices as a tick for each.
func (c *twoTowns) fillsIn(login string, values map[string]any) {
	c.t.Helper()
	var d mattermosttest.Shown
	c.until(login+" sees a dialog", func() (there bool) {
		d, there = c.chat.Before(c.users[login])
		return there
	})
	sent := map[string]any{}
	for _, e := range d.Elements {
		sent[e.Name] = e.Default
		field, choice, _ := strings.Cut(e.Name, ":")
		switch value := values[field].(type) {
		case string:
			sent[e.Name] = value
		case []string:
			sent[e.Name] = slices.Contains(value, choice)
		}
	}
	dm := c.chat.ChannelNamed(model.GetDMNameFromIds(c.users[login], c.chat.Bot))
	if status, out := c.chat.Submit(c.users[login], dm, d, sent); status != http.StatusOK || out.Error != "" || len(out.Errors) > 0 {
		c.t.Fatalf("%s: the dialog says %d %q %v", login, status, out.Error, out.Errors)
	}
}

// clicks presses the button that a person sees in a direct message in Mattermost.
func (c *twoTowns) clicks(login, label string) {
	c.t.Helper()
	message := ""
	c.until(login+" sees the button "+label, func() bool {
		for _, m := range c.chat.Sees(c.users[login], "") {
			if slices.Contains(m.Buttons, label) {
				message = m.ID
			}
		}
		return message != ""
	})
	if status, _ := c.chat.Click(c.users[login], message, c.chat.Button(message, label)); status != http.StatusOK {
		c.t.Fatalf("%s pressed %s: %d", login, label, status)
	}
}

// put puts the house's clock on to an instant; what is due by then is done.
func (c *twoTowns) put(to time.Time) {
	c.t.Helper()
	c.ahead.Add(int64(to.Sub(c.house.Now())))
	if _, err := c.house.SweepDue(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// idle waits until every job is done.
func (c *twoTowns) idle() {
	c.t.Helper()
	c.until("all jobs are done", func() bool {
		var left int
		err := c.db.GetContext(c.t.Context(), &left, `
			select count(*) from river_job where kind in ('notify', 'sync_room', 'show_card') and state not in ('completed', 'cancelled', 'discarded')`)
		if err != nil {
			c.t.Fatal(err)
		}
		return left == 0
	})
}

// everybodyReads is what people read in Mattermost, for when a test fails.
func (c *twoTowns) everybodyReads() string {
	var all strings.Builder
	for login, user := range c.users {
		for _, m := range c.chat.Sees(user, "") {
			all.WriteString(login + " is told: " + m.Text + " " + strings.Join(m.Buttons, "|") + "\n")
		}
	}
	return all.String()
}
