// Package sandbox is a whole chat in one browser page: real rooms, people and messages kept in PostgreSQL, in which Luotsi
// behaves exactly as in any other chat.
package sandbox

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"luotsi/bot"
)

//go:embed locale static templates
var files embed.FS

// Texts holds the page's own sentences, for bot.NewCatalog.
var Texts = folder("locale")

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		return files
	}
	return sub
}

// Config is what the sandbox is given. All of it is needed but what is marked optional.
type Config struct {
	DB      *sql.DB // after Migrate
	Clock   *Clock
	People  []Person   // in the order they are shown
	Sealer  bot.Sealer // what is said is stored sealed with it
	Handle  func(context.Context, bot.Request) (bot.Answer, error)
	Catalog *bot.Catalog                                     // with Texts and page.Texts in it
	Lang    func(ctx context.Context, login string) bot.Lang // the person's language
	Engine  Engine
	Verbs   func(login string) []Verb // what typing help offers, in the person's language

	Pages     http.Handler                                                // optional: serves /page/…, Luotsi's own pages
	OnAccount func(ctx context.Context, login string, enabled bool) error // optional: told when an account is closed or opened again
	OnMembers func(room, login string, joins bool)                        // optional: told when people change a room's members by themselves, before they are answered
	Hosts     []string                                                    // optional: host names the page may be asked by, besides loopback
	Log       *slog.Logger                                                // optional
}

// Person is somebody of the sandbox's organisation.
type Person struct {
	Login      string   `json:"login"`
	Name       string   `json:"name"`
	Unit       string   `json:"unit"`
	Register   string   `json:"register"`
	Profession string   `json:"profession"`
	Roles      []string `json:"roles"`
}

// Verb is one thing that can be typed, as typing help shows it.
type Verb struct {
	Usage   string // "/luotsi ota"
	Summary string
}

// Engine is what moves behind the chat as time passes.
type Engine interface {
	// NextDue is the earliest undelivered instant that is not after until, leaving out what has been tried in vain.
	NextDue(ctx context.Context, until time.Time) (due time.Time, ok bool, err error)
	// RunDue does what is due at the clock's time, runs the jobs to the end and tells how much was delivered.
	RunDue(ctx context.Context) (delivered int, err error)
	// Idle waits until no more can be done now and tells what is left.
	Idle(ctx context.Context) (pending, retrying int, err error)
	// Undelivered counts what is due at the clock's time and not delivered.
	Undelivered(ctx context.Context) (int, error)
	// Retry makes postponed jobs run now.
	Retry(ctx context.Context) error
}

// Sandbox is the chat: a bot.Platform towards Luotsi, and by Handler a web page and a JSON API towards people.
type Sandbox struct {
	cfg    Config
	db     *sqlx.DB
	zone   *time.Location
	hub    *hub
	people map[string]Person
	down   atomic.Bool
	moving sync.Mutex // held while the clock moves or what is due is done
	views  *views
}

var _ bot.Platform = (*Sandbox)(nil)

// New opens the chat and its two standing rooms. It starts nothing: see Run.
func New(ctx context.Context, cfg Config) (*Sandbox, error) {
	if cfg.DB == nil || cfg.Clock == nil || cfg.Sealer == nil || cfg.Handle == nil || cfg.Catalog == nil ||
		cfg.Lang == nil || cfg.Engine == nil || cfg.Verbs == nil || len(cfg.People) == 0 {
		return nil, errors.New("opening the sandbox: its configuration is not complete")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.People = slices.Clone(cfg.People)
	s := &Sandbox{cfg: cfg, db: sqlx.NewDb(cfg.DB, "postgres"), zone: bot.Helsinki, hub: newHub(), people: map[string]Person{}}
	for i, p := range cfg.People {
		if p.Roles == nil {
			p.Roles, s.cfg.People[i].Roles = []string{}, []string{} // a list is a list in JSON, too
		}
		if p.Login == "" || p.Login == botLogin || s.people[p.Login].Login != "" {
			return nil, fmt.Errorf("opening the sandbox: login %q cannot be used", p.Login)
		}
		s.people[p.Login] = p
	}
	var err error
	if s.views, err = newViews(); err != nil {
		return nil, fmt.Errorf("opening the sandbox: %w", err)
	}
	if err := s.openStandingRooms(ctx); err != nil {
		return nil, fmt.Errorf("opening the sandbox: %w", err)
	}
	return s, nil
}

func (p Person) has(role bot.Role) bool { return slices.Contains(p.Roles, string(role)) }

// Run lets time pass until ctx ends: what falls due as the clock runs is done, and the clock is stored. Open windows are
// let go when it returns, so that a web server can shut down.
func (s *Sandbox) Run(ctx context.Context) error {
	defer s.hub.close()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return s.cfg.Clock.Save(context.WithoutCancel(ctx))
		case <-tick.C:
			s.pass(ctx)
		}
	}
}

// pass does what has fallen due, unless the clock is just being moved: that does it, too.
func (s *Sandbox) pass(ctx context.Context) {
	if !s.moving.TryLock() {
		return
	}
	defer s.moving.Unlock()
	if _, err := s.cfg.Engine.RunDue(ctx); err != nil && ctx.Err() == nil {
		s.cfg.Log.Warn("doing what is due", "error", err)
	}
	if err := s.cfg.Clock.Save(ctx); err != nil && ctx.Err() == nil {
		s.cfg.Log.Warn("storing the clock", "error", err)
	}
	s.hub.tick(s.cfg.Clock.Now().Truncate(time.Minute))
}
