// Package slack speaks with Slack for Luotsi, by HTTP or Socket Mode, and keeps the client's identity and everybody's own
// words out of it: those are asked and read on Luotsi's own pages.
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"luotsi/bot"
)

// Platform is the name under which ids of Slack are stored.
const Platform = "slack"

// Config is what Slack needs of the rest of the house.
type Config struct {
	BotToken      string // xoxb-…
	AppToken      string // xapp-…, only for Socket Mode
	SigningSecret string // not needed for Socket Mode
	APIURL        string // empty: Slack's own
	Queue         string // id of the coordinators' channel
	BaseURL       string // Luotsi's own address, no slash at the end

	// Handle answers a request; every one is handed to it, also one with a forged ticket.
	Handle  func(context.Context, bot.Request) (bot.Answer, error)
	Ledger  bot.Ledger
	Catalog *bot.Catalog                                    // with Texts in it
	Lang    func(ctx context.Context, user string) bot.Lang // of a Slack user; the house's when not known
	Now     func() time.Time
	Log     *slog.Logger
	House   House
	HTTP    *http.Client // optional

	HouseLang bot.Lang // for who is not known, or not yet; empty: Finnish
}

// House is what watching the rooms needs of the office.
type House interface {
	// OpenRooms lists the platform's rooms that are in use.
	OpenRooms(ctx context.Context, platform string) ([]string, error)
	// Came tells that somebody came or was put into a room.
	Came(ctx context.Context, platform, room, user string) error
	// RoomDrifted tells that a room may no longer be what its case says, or that the coordinators' room may be usable or no longer.
	RoomDrifted(ctx context.Context, platform, room string) error
	// RoomsDrifted tells that anything may have happened to any room while nobody heard Slack. Telling it twice does no harm.
	RoomsDrifted(ctx context.Context, platform string) error
	// IdentitySaid tells that somebody wrote what looks like an identity code in a room; said: the message as it is now, its id and
	// when it was edited, and telling it twice does no harm; valid: its check symbol fits; deleted: the message was taken away.
	IdentitySaid(ctx context.Context, platform, room, user, said string, valid, deleted bool) error
	// LooksIdentity judges a text.
	LooksIdentity(text string) (looks, valid bool)
}

// Slack is the platform. It is safe for concurrent use once Start has returned.
type Slack struct {
	cfg  Config
	team string  // id of the workspace; known after Start
	me   string  // Luotsi's own user id; known after Start
	in   *intake // what comes in
	out  *outlet // what goes out
}

var _ bot.Platform = (*Slack)(nil)

// New checks the configuration and makes the platform. It touches no network.
func New(c Config) (*Slack, error) {
	switch {
	case c.BotToken == "":
		return nil, errors.New("slack: the bot token is missing (LUOTSI_SLACK_BOT_TOKEN)")
	case c.SigningSecret == "" && c.AppToken == "":
		return nil, errors.New("slack: a signing secret (LUOTSI_SLACK_SIGNING_SECRET) or an app token (LUOTSI_SLACK_APP_TOKEN) is needed")
	case c.Handle == nil || c.Ledger == nil || c.Catalog == nil || c.Lang == nil || c.Now == nil || c.House == nil:
		return nil, errors.New("slack: the platform is not joined to the rest of the house")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 30 * time.Second}
	}
	out, err := newOutlet(c)
	if err != nil {
		return nil, fmt.Errorf("slack: %w", err)
	}
	return &Slack{cfg: c, in: newIntake(c.Log), out: out}, nil
}

// Name is "slack".
func (s *Slack) Name() string { return Platform }

// Trusted is false: identity and free text are for Luotsi's own pages.
func (s *Slack) Trusted() bool { return false }
