package mattermost

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// Config is what Mattermost needs to know of the house and the server. All but Queue, House and HTTP is
// required; House is needed for watching only.
type Config struct {
	URL, Token, Team, Queue string   // server address, bot token, team name, coordinator channel (name or id)
	BaseURL                 string   // Luotsi's own address that the server calls, no slash at the end
	CommandTokens           []string // any of them is accepted: one per slash command, and the next one while they change

	Handle  func(context.Context, bot.Request) (bot.Answer, error)
	Ledger  bot.Ledger
	Catalog *bot.Catalog                                    // with Texts in it
	Lang    func(ctx context.Context, user string) bot.Lang // of a Mattermost user; the house's when not known
	Now     func() time.Time
	Log     *slog.Logger
	House   House        // what watching needs
	HTTP    *http.Client // optional

	HouseLang bot.Lang // what several people read, and who is not known; empty: Finnish
}

// House is what the chat tells the house about its rooms.
type House interface {
	// OpenRooms lists the platform's ids of all rooms that are open.
	OpenRooms(ctx context.Context, platform string) ([]string, error)
	// Came tells that somebody came or was put into a room. Luotsi's own invitations are told too.
	Came(ctx context.Context, platform, room, user string) error
	// RoomDrifted tells that somebody but Luotsi changed a room's members or name, or whether Luotsi can use the coordinators' room.
	// Telling it twice does no harm.
	RoomDrifted(ctx context.Context, platform, room string) error
	// RoomsDrifted tells that the chat is back, and that anything may have happened to any of its rooms meanwhile. Telling it twice does
	// no harm.
	RoomsDrifted(ctx context.Context, platform string) error
	// IdentitySaid tells that somebody wrote what looks like an identity code: in a case's room, to the coordinators or to Luotsi
	// alone. said: the message as it is now, its id and when it was edited; telling it twice does no harm. valid: its check symbol
	// fits; deleted: the message was taken away.
	IdentitySaid(ctx context.Context, platform, room, user, said string, valid, deleted bool) error
	// LooksIdentity reports whether a text holds what looks like an identity code, and whether one whose check symbol fits.
	LooksIdentity(text string) (looks, valid bool)
}

// AccountHouse is a House that also wants to know of closed accounts.
type AccountHouse interface {
	// AccountChanged tells that a person's account was closed. Telling it twice does no harm.
	AccountChanged(ctx context.Context, platform, user string) error
}

// Mattermost is one Mattermost server with Luotsi's bot account on it. It is safe for concurrent use after Start.
type Mattermost struct {
	cfg    Config
	client *model.Client4
	server server                 // what Start found out
	found  atomic.Pointer[string] // id of the coordinators' channel

	seal     []byte // key of what dialogs and buttons carry
	pass     string // what the server is told for clicks, and nobody else
	tasks    *tasks // requests under way
	unsaid   *tasks // what is still to be said of those that were answered
	sleep    func(context.Context, time.Duration) bool
	prompt   time.Duration // how long the answer to a command or a click is waited for
	invented bot.Denials   // forms and clicks that are not ours
}

// New checks the configuration and makes a Mattermost. It touches no network: Start does.
func New(c Config) (*Mattermost, error) {
	c.URL, c.BaseURL = strings.TrimRight(c.URL, "/"), strings.TrimRight(c.BaseURL, "/")
	if err := c.check(); err != nil {
		return nil, err
	}
	return &Mattermost{
		cfg: c, client: newClient(c), seal: keyOf(c.Token, "luotsi dialog state"),
		pass:  base64.RawURLEncoding.EncodeToString(keyOf(c.Token, "luotsi action address")),
		tasks: newTasks(mostTasks), unsaid: newTasks(mostTasks), sleep: sleep, prompt: patience,
	}, nil
}

// keyOf is the key for one purpose. With the bot's token it changes, and what carried it is then as good as forged.
func keyOf(token, purpose string) []byte {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

func (c Config) check() error {
	for _, address := range []struct{ what, value string }{{"server", c.URL}, {"own", c.BaseURL}} {
		u, err := url.Parse(address.value)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("mattermost: the " + address.what + " address must begin with http:// or https:// and name a host")
		}
	}
	switch {
	case c.Token == "":
		return errors.New("mattermost: the bot's token is missing")
	case c.Team == "":
		return errors.New("mattermost: the team's name is missing")
	case len(c.CommandTokens) == 0:
		return errors.New("mattermost: no slash command's token is given, so no command would be accepted")
	case c.Handle == nil || c.Ledger == nil || c.Catalog == nil || c.Lang == nil || c.Now == nil || c.Log == nil:
		return errors.New("mattermost: the house is not joined to it")
	}
	return nil
}
