package slack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/bot/page"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// town is a whole Luotsi whose only chat is the strict workspace: store, commands, jobs and pages as in production.
type town struct {
	*workspace
	t      *testing.T
	slack  *Slack
	house  *commands.House
	pages  *httptest.Server
	people map[string]string // login → Slack's user id
	log    *lockedLog
	read   []string // every page that somebody saw
}

// townQueue is the coordinators' channel, townPace how many times faster its clock runs.
const (
	townQueue = "C0QUEUE"
	townPace  = 20
)

type lockedLog struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func newTown(t *testing.T) *town {
	t.Helper()
	c := &town{workspace: newWorkspace(t, townPace), t: t, people: map[string]string{}, log: &lockedLog{}}
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.ServiceURL(storetest.URL(t)), keys)
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
	c.startJobs(s)
	return c
}

// settle brings the people in, in Slack and in the directory, and the coordinators' channel.
func (c *town) settle(s *store.Store) {
	users, accounts := players(bot.FI)
	for i, u := range users {
		id := c.person(u.Person.Login)
		c.people[u.Person.Login] = id
		accounts[u.Person.Login] = []casework.Account{{Platform: Platform, User: id}}
		users[i].Lang = string(bot.FI)
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

func (c *town) open(s *store.Store, keys *store.Keys) {
	catalog, err := bot.NewCatalog(bot.Helsinki, commands.Texts(), page.Texts, Texts)
	if err != nil {
		c.t.Fatal(err)
	}
	registry, err := commands.NewRegistry()
	if err != nil {
		c.t.Fatal(err)
	}
	c.house = &commands.House{
		Within: func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
			return s.Within(ctx, at, func(tx *store.Tx) error { return f(tx) })
		},
		Settings: casework.DefaultSettings(), Catalog: catalog, Registry: registry, Tickets: bot.Tickets{Sealer: keys.Tickets()},
		Now: c.clock.Now, Random: rand.Reader, Lang: bot.FI, EmergencyPhone: "0800 000 112", Phone: "0800 000 100", Accept900: true,
		Tend: func(ctx context.Context, at time.Time) error { return errors.Join(s.Seal(ctx, at), s.Purge(ctx, at)) },
	}
	c.pages = httptest.NewUnstartedServer(nil)
	c.house.BaseURL = "http://" + c.pages.Listener.Addr().String()
	handle := commands.NewDispatcher(c.house).Handle
	c.pages.Config.Handler = page.New(page.Config{
		Catalog: catalog, Open: c.openClients, Handle: handle, Holder: c.house.Tickets.Holder, Sealer: keys.Tickets(), Now: c.clock.Now,
		Log: slog.New(slog.NewTextHandler(c.log, nil)),
	})
	c.pages.Start()
	c.t.Cleanup(c.pages.Close)
	c.slack = c.stranger(func(k *Config) {
		k.Ledger, k.House, k.Handle, k.Catalog, k.Queue = s, c.house, handle, catalog, townQueue
		k.Log = slog.New(slog.NewTextHandler(c.log, nil))
	})
	c.house.Chats = []commands.Chat{{Platform: c.slack, Queue: commands.QueueIs(townQueue)}}
	if err := c.slack.Start(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	c.slack.looked(c.t)
	c.handler = c.slack.Handler()
	c.t.Cleanup(func() { c.workspace.shut(c.slack) })
}

func (c *town) openClients(ctx context.Context, sealed string) (bot.Lang, []page.Client, error) {
	lang, clients, err := commands.Office{House: c.house}.OpenLink(ctx, sealed)
	shown := make([]page.Client, len(clients))
	for i, one := range clients {
		shown[i] = page.Client{
			Code: one.Code, Name: one.Identity.Name, IdentityCode: one.Identity.Code, Contact: one.Identity.Contact, NearName: one.NearName,
		}
	}
	return lang, shown, err
}

func (c *town) startJobs(s *store.Store) {
	workers := river.NewWorkers()
	if err := commands.AddWorkers(workers, c.house); err != nil {
		c.t.Fatal(err)
	}
	jobs, err := s.Jobs(workers, store.JobOptions{Log: slog.New(slog.NewTextHandler(c.log, nil)), Periodic: commands.Periodic()})
	if err == nil {
		err = jobs.Start(context.Background())
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := jobs.Stop(end); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			c.t.Error(err)
		}
	})
}

// until waits for something that comes of jobs.
func (c *town) until(what string, is func() bool) {
	c.t.Helper()
	late, tick := time.NewTimer(time.Minute), time.NewTicker(10*time.Millisecond)
	defer late.Stop()
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late.C:
			c.t.Fatalf("never: %s\n%s\n%s", what, c.everybodySees(), c.log)
		}
	}
}

// everybodySees is what stands before people, for when a test fails.
func (c *town) everybodySees() string {
	var all strings.Builder
	for login, user := range c.people {
		for _, room := range c.roomsOf(user) {
			for _, m := range c.sees(user, room) {
				fmt.Fprintf(&all, "%s in %s: %s %q\n", login, room, m.Text, m.Buttons)
			}
		}
		if v := c.modal(user); v != nil {
			fmt.Fprintf(&all, "%s has before them %s %q\n", login, asJSON(v.body["blocks"]), c.labels(v))
		}
	}
	return all.String()
}

// press finds a button that a person sees, in the modal before them or wherever it stands, newest first, and presses it.
func (c *town) press(login, label string) {
	c.t.Helper()
	user, message := c.people[login], ""
	var view *wsView
	c.until(login+" sees the button "+label, func() bool {
		if v := c.modal(user); v != nil && slices.Contains(c.labels(v), label) {
			view = v
			return true
		}
		for _, room := range c.roomsOf(user) {
			for _, m := range slices.Backward(c.sees(user, room)) {
				if slices.Contains(m.Buttons, label) {
					message = m.ID
					return true
				}
			}
		}
		return false
	})
	if view != nil {
		c.pressView(view, label)
		return
	}
	c.workspace.press(user, message, label)
}

// labels are what the buttons in a modal say.
func (c *town) labels(v *wsView) (labels []string) {
	defer c.lock()()
	for _, e := range wsElements(wsList(v.body, "blocks")) {
		labels = append(labels, wsLiteral(wsLabel(e)))
	}
	return labels
}

func (c *town) roomsOf(user string) (rooms []string) {
	defer c.lock()()
	for id, ch := range c.channels {
		if slices.Contains(ch.members, user) {
			rooms = append(rooms, id)
		}
	}
	return rooms
}

// dm is a person's conversation with Luotsi.
func (c *town) dm(login string) string {
	defer c.lock()()
	return c.directOf(c.users[c.people[login]]).id
}

// answers fills in the modal that a person sees, sends it, and goes on on Luotsi's page with what the modal did not ask.
func (c *town) answers(login string, values map[string]any) {
	c.t.Helper()
	user := c.people[login]
	is := func(kinds ...string) func() bool {
		return func() bool {
			v := c.modal(user)
			defer c.lock()()
			return v != nil && slices.Contains(kinds, wsString(v.body, "callback_id"))
		}
	}
	c.until(login+" sees a form", is(formView, partView))
	v := c.modal(user)
	goesOn := is(partView)()
	rest, asked := map[string]any{}, map[string]any{}
	for name, value := range values {
		if v.asks(name) {
			asked[name] = value
		} else {
			rest[name] = value
		}
	}
	if wrong := c.submit(v, asked); len(wrong) > 0 {
		c.t.Fatalf("%s: the form says %v", login, wrong)
	}
	if !goesOn {
		if len(rest) > 0 {
			c.t.Errorf("%s: the form does not ask %v", login, rest)
		}
		return
	}
	link := ""
	c.until(login+" is shown the way to the page", func() bool {
		defer c.lock()()
		link = linkIn(wsList(v.body, "blocks"))
		return link != ""
	})
	c.closeView(v)
	c.onPage(login, link, rest)
}
