package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/store"
)

// service is Luotsi at work for an organisation, with everything that belongs to it.
type service struct {
	serveCmd
	store  *store.Store
	keys   *store.Keys
	house  *commands.House
	jobs   *store.Jobs
	chats  []*gate
	handle func(context.Context, bot.Request) (bot.Answer, error)
	now    func() time.Time
	log    *slog.Logger
	works  atomic.Bool // jobs run
}

// openService joins the store, the commands, the jobs and the chats. Nothing runs yet, and no chat has been reached.
func openService(ctx context.Context, c serveCmd, now func() time.Time, log *slog.Logger) (s *service, err error) {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	s = &service{serveCmd: c, now: now, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.store, s.keys, err = c.databaseFlags.open(ctx); err != nil {
		return s, err
	}
	if s.house, err = newHouse(s.store, s.keys, now); err != nil {
		return s, err
	}
	s.house.BaseURL, s.house.EmergencyPhone, s.house.Phone, s.house.Lang = c.BaseURL, c.EmergencyPhone, c.Phone, bot.Lang(c.Language)
	s.house.SelfRegistration, s.house.Accept900 = c.SelfRegistration, c.Accept900
	s.handle = commands.NewDispatcher(s.house).Handle
	if err = s.SignIn.secrets(); err != nil {
		return s, err
	}
	if err = s.openChats(); err != nil {
		return s, err
	}
	workers := river.NewWorkers()
	if err = commands.AddWorkers(workers, s.house); err != nil {
		return s, err
	}
	if s.jobs, err = s.store.Jobs(workers, store.JobOptions{Log: log, Periodic: commands.Periodic()}); err == nil {
		s.house.Back = s.jobs.RetryNow
	}
	return s, err
}

// closing is how long what is under way may take when Luotsi stops: as long as the answer to a request may, and with the ten seconds
// of HTTP before it less than the service is given (deploy/luotsi.service). A job is cancelled earlier: it comes back.
const (
	closing     = 45 * time.Second
	closingJobs = 20 * time.Second
)

// close lets go of the database when the jobs and the requests have ended.
func (s *service) close() error {
	end, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	errs := make([]error, len(s.chats)+1)
	var all sync.WaitGroup
	for i, c := range s.chats {
		all.Go(func() { errs[i] = bot.Guarded(s.log, "closing a chat", func() error { return c.Close(end) }) })
	}
	if s.jobs != nil {
		end, cancel := context.WithTimeout(end, closingJobs)
		defer cancel()
		errs[len(s.chats)] = s.jobs.Stop(end)
	}
	all.Wait()
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}

// lang is the language a platform's user reads; the house's own when the user is not known.
func (s *service) lang(platform string) func(context.Context, string) bot.Lang {
	return func(ctx context.Context, user string) bot.Lang {
		p, err := commands.Office{House: s.house}.Person(ctx, platform, user)
		if err != nil {
			return bot.Lang(s.Language)
		}
		return p.Lang
	}
}
