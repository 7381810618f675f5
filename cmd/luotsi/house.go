package main

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"luotsi/bot"
	"luotsi/bot/mattermost"
	"luotsi/bot/page"
	"luotsi/bot/sandbox"
	"luotsi/bot/slack"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
)

// newHouse joins the store to the commands: what every platform needs. The platform itself is set afterwards.
func newHouse(s *store.Store, keys *store.Keys, now func() time.Time) (*commands.House, error) {
	catalog, err := bot.NewCatalog(casework.Helsinki, commands.Texts(), sandbox.Texts, page.Texts, mattermost.Texts, slack.Texts)
	if err != nil {
		return nil, err
	}
	registry, err := commands.NewRegistry()
	if err != nil {
		return nil, err
	}
	return &commands.House{
		Within: func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
			return s.Within(ctx, at, func(tx *store.Tx) error { return f(tx) })
		},
		Settings: casework.DefaultSettings(), Catalog: catalog, Registry: registry, Now: now, Random: rand.Reader,
		Tickets: bot.Tickets{Sealer: keys.Tickets()}, Lang: bot.FI, Turns: bot.NewTurns(store.ForRequests),
		Tend: func(ctx context.Context, at time.Time) error {
			return errors.Join(s.Seal(ctx, at), s.Purge(ctx, at))
		},
	}, nil
}
