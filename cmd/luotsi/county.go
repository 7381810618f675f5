package main

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/bot/page"
	"luotsi/bot/sandbox"
	"luotsi/commands"
	"luotsi/store"
)

// county is a sandbox with everything that belongs to it.
type county struct {
	owner  *sql.DB // the chat's own tables
	store  *store.Store
	jobs   *store.Jobs
	house  *commands.House
	chat   *sandbox.Sandbox
	clock  *sandbox.Clock
	handle func(context.Context, bot.Request) (bot.Answer, error)
	fresh  bool // nothing has ever happened here
	loud   slog.LevelVar
	start0 time.Time
}

// openCounty joins the store, the commands, the jobs and the chat. Nothing runs yet.
func openCounty(ctx context.Context, url string, keys *store.Keys, start time.Time, baseURL string) (c *county, err error) {
	c = &county{start0: start}
	c.loud.Set(slog.LevelWarn)
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	if c.owner, err = sql.Open("postgres", url); err != nil {
		return c, err
	}
	if err = sandbox.Migrate(ctx, c.owner); err != nil {
		return c, err
	}
	if c.store, err = store.Open(ctx, store.ServiceURL(url), keys); err != nil {
		return c, err
	}
	people, users, accounts := sandboxDirectory()
	if err = c.store.SeedDirectory(ctx, sandboxUnits, users, accounts); err != nil {
		return c, err
	}
	if err = c.openClock(ctx, start); err != nil {
		return c, err
	}
	if c.house, err = newHouse(c.store, keys, c.clock.Now); err != nil {
		return c, err
	}
	c.house.BaseURL = baseURL
	dispatcher := commands.NewDispatcher(c.house)
	c.handle = dispatcher.Handle
	if err = c.openJobs(); err != nil {
		return c, err
	}
	c.chat, err = sandbox.New(ctx, sandbox.Config{
		DB: c.owner, Clock: c.clock, People: people, Sealer: keys.Tickets(), Handle: c.handle, Catalog: c.house.Catalog,
		Lang: c.lang, Engine: &engine{county: c}, Verbs: c.verbs, Pages: c.pages(), OnMembers: c.drifted,
		OnAccount: func(ctx context.Context, login string, enabled bool) error {
			return c.house.SetDisabled(ctx, login, !enabled)
		},
	})
	if err != nil {
		return c, err
	}
	c.house.Chats = []commands.Chat{{Platform: c.chat, Queue: commands.QueueIs("queue")}}
	c.house.EmergencyPhone, c.house.Phone, c.house.Accept900 = "0800 000 112", "0800 000 100", true
	return c, nil
}

func (c *county) openJobs() (err error) {
	workers := river.NewWorkers()
	if err := commands.AddWorkers(workers, c.house); err != nil {
		return err
	}
	c.jobs, err = c.store.Jobs(workers, store.JobOptions{Log: c.log(), Periodic: commands.Periodic()})
	return err
}

// openClock starts a new county a while before the wanted time when it is to be seeded; see demo.
func (c *county) openClock(ctx context.Context, start time.Time) error {
	var stored bool
	if err := c.owner.QueryRowContext(ctx, `select exists (select from sandbox.clock)`).Scan(&stored); err != nil {
		return err
	}
	c.fresh = !stored
	if c.start0.IsZero() {
		c.start0 = time.Now()
	}
	if c.fresh {
		start = c.start0.Add(-demoLead)
	}
	var err error
	c.clock, err = sandbox.OpenClock(ctx, c.owner, start)
	return err
}

// start starts the jobs, and brings a new county to its wanted time, through its demonstration cases if they are wanted.
func (c *county) start(ctx context.Context, demo bool, o *out) error {
	if err := c.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if !c.fresh {
		return nil
	}
	if demo {
		o.say("Bringing a few cases to life …")
		if err := c.demo(ctx); err != nil {
			return err
		}
	}
	return c.goTo(ctx, c.start0)
}

// close stops what runs and lets go of the database.
func (c *county) close() error {
	var err error
	if c.jobs != nil {
		c.loud.Set(silent) // what stops in the middle of something says so, and is done again at the next start
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		err = c.jobs.Stop(end)
	}
	if c.store != nil {
		err = errors.Join(err, c.store.Close())
	}
	if c.owner != nil {
		err = errors.Join(err, c.owner.Close())
	}
	return err
}

func (c *county) lang(ctx context.Context, login string) bot.Lang {
	p, err := commands.Office{House: c.house}.Person(ctx, "sandbox", login)
	if err != nil {
		return bot.FI
	}
	return p.Lang
}

func (c *county) verbs(login string) []sandbox.Verb {
	p, err := commands.Office{House: c.house}.Person(context.Background(), "sandbox", login)
	if err != nil {
		return nil
	}
	var verbs []sandbox.Verb
	for _, v := range commands.Verbs(c.house.Registry, p) {
		verbs = append(verbs, sandbox.Verb{Usage: v.Usage, Summary: c.house.Catalog.Say(p.Lang, v.Summary)})
	}
	return verbs
}

// pages are Luotsi's own: who a client is, and the papers a client is given.
func (c *county) pages() http.Handler {
	return page.New(page.Config{
		Catalog: c.house.Catalog, Phone: c.house.Phone,
		County: map[bot.Lang]string{bot.FI: "Esimerkkilän hyvinvointialue", bot.SV: "Exempelbygdens välfärdsområde"},
		Open:   openClients(c.house),
		Holder: c.house.Tickets.Holder, Lang: c.lang, Name: nameOf(c.house), Now: c.clock.Now,
		Units: func(ctx context.Context) ([]string, error) { return careUnits(ctx, c.house) },
	})
}

// drifted makes a room be looked at when people meddled with its members. What it misses, the next look at the room puts
// right.
func (c *county) drifted(room, login string, joins bool) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	var err error
	if joins {
		err = c.house.Came(ctx, "sandbox", room, login)
	} else {
		err = c.house.RoomDrifted(ctx, "sandbox", room)
	}
	if err != nil {
		c.log().Warn("a room that people changed is not looked at yet", "error", err)
	}
}

// silent is louder than anything that is said.
const silent = slog.LevelError + 1

// log tells the person at the terminal only what went wrong.
func (c *county) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: &c.loud}))
}
