package mattermost

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/bot/mattermost/mattermosttest"
	"luotsi/store"
	"luotsi/store/storetest"
)

func TestPlatformKeepsItsPromises(t *testing.T) {
	storetest.Server(t) // stays when a promise has been tried: it is no leak
	bottest.Exercise(t, func(t *testing.T) bottest.Bench {
		s := newChat(t)
		m := s.luotsi(ledger(t))
		return bottest.Bench{
			Platform: m, Users: []string{s.Person("sanna"), s.Person("paula"), s.Person("ville")},
			Missing: model.NewId(), NoRoom: model.NewId(),
			Sees: s.Sees, Members: s.Within, Disable: s.Disable,
			Outage: func(down bool) { s.Set(func() { s.Down = down }) },
			Rename: func(room, name string) {
				s.Set(func() { s.Users[s.UserNamed("katri")].Admin = true })
				s.Act("katri", "PUT", "/channels/"+room+"/patch", data{"name": name, "display_name": "X", "header": "Y", "purpose": "Z"}, 200)
			},
			Named: func(room string) string {
				c := s.Look(room)
				if c.DisplayName != c.Name || c.Header != "" || c.Purpose != "" {
					return c.Name + " shown as " + c.DisplayName + c.Header + c.Purpose
				}
				return c.Name
			},
			Evict:       func(room string) { s.Set(func() { delete(s.Channels[room].Members, s.Bot) }) },
			LoseAnswers: func(n int) { s.Set(func() { s.Lose = n }) },
		}
	})
}

// ledger is the real one, on PostgreSQL.
func ledger(t *testing.T) bot.Ledger {
	t.Helper()
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
	return s
}

// chat is the strict server, with Luotsi on it.
type chat struct {
	*mattermosttest.Server
	t *testing.T
}

// data is what a person sends to the server, and what it answers.
type data = mattermosttest.Data

func newChat(t *testing.T) *chat { return &chat{mattermosttest.New(t), t} }

// luotsi is Luotsi on the server, started.
func (s *chat) luotsi(l bot.Ledger, more ...func(*Config)) *Mattermost {
	s.t.Helper()
	m := s.stranger(append([]func(*Config){func(c *Config) { c.Ledger = l }}, more...)...)
	if err := m.Start(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return m
}

// stranger is Luotsi that has not started yet.
func (s *chat) stranger(more ...func(*Config)) *Mattermost {
	s.t.Helper()
	catalog, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		s.t.Fatal(err)
	}
	c := Config{
		URL: s.URL(), Token: "token-luotsi", Team: "kotihoito", Queue: "jono", BaseURL: "http://luotsi.test",
		CommandTokens: []string{"secret"}, Ledger: &notes{}, Catalog: catalog, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Handle: func(context.Context, bot.Request) (bot.Answer, error) { return bot.Answer{}, nil },
		Lang:   func(context.Context, string) bot.Lang { return bot.FI },
		HTTP:   &http.Client{Transport: http.DefaultTransport},
	}
	for _, do := range more {
		do(&c)
	}
	m, err := New(c)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}
