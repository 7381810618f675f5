package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"luotsi/bot"
	"luotsi/bot/page"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// pages are Luotsi's own: what no chat is trusted with, and the papers a client is given.
func (s *service) pages() http.Handler {
	c := page.Config{
		Catalog: s.house.Catalog, Phone: s.Phone, Log: s.log,
		County: map[bot.Lang]string{bot.FI: s.County, bot.SV: s.CountySV, bot.EN: s.CountyEN},
		Open:   openClients(s.house), Units: func(ctx context.Context) ([]string, error) { return careUnits(ctx, s.house) },
		Handle: s.handled, Holder: bot.Tickets{Sealer: s.keys.Tickets()}.Holder, Sealer: s.keys.Tickets(), Now: s.now,
		Lang: s.lang(bot.Web), Name: nameOf(s.house), Active: s.house.Active, Secure: strings.HasPrefix(s.BaseURL, "https://"),
	}
	if s.SignIn.Issuer != "" {
		c.SignIn = &page.SignIn{
			Issuer: s.SignIn.Issuer, ClientID: s.SignIn.ClientID, ClientSecret: s.SignIn.ClientSecret,
			RedirectURL: s.BaseURL + page.CallbackPath, Match: s.house.LoginByEmail, TrustEmail: s.SignIn.TrustEmail,
		}
	}
	return page.New(c)
}

// nameOf tells what a person is called in the directory, for page.Config; the page does without when that cannot be told.
func nameOf(h *commands.House) func(context.Context, string) string {
	return func(ctx context.Context, login string) string {
		p, err := commands.Office{House: h}.Person(ctx, bot.Web, login)
		if err != nil {
			return ""
		}
		return p.Name
	}
}

// errBusy: as much is under way as there may be. A link is still unspent then.
var errBusy = errors.New("too much is under way")

// openClients shows whom a one-time link shows, for page.Config. It takes a turn like any other request.
func openClients(h *commands.House) func(context.Context, string) (bot.Lang, []page.Client, error) {
	return func(ctx context.Context, sealed string) (bot.Lang, []page.Client, error) {
		holder, _ := h.Tickets.Holder(sealed) // nobody's when it was forged
		leave, ok := h.Turns.Take(ctx, holder)
		if !ok {
			return "", nil, errBusy
		}
		defer leave()
		lang, clients, err := commands.Office{House: h}.OpenLink(ctx, sealed)
		shown := make([]page.Client, len(clients))
		for i, one := range clients {
			shown[i] = page.Client{
				Code: one.Code, Name: one.Identity.Name, IdentityCode: one.Identity.Code, Contact: one.Identity.Contact, NearName: one.NearName,
			}
		}
		return lang, shown, err
	}
}

// careUnits names the units a client can let in; organisations have a line of their own on the form.
func careUnits(ctx context.Context, h *commands.House) (names []string, err error) {
	err = h.Within(ctx, h.Now(), func(tx commands.Tx) error {
		units, err := tx.Units(ctx)
		names = nil
		for _, u := range units {
			if u.Care && u.Register != casework.ThirdSector {
				names = append(names, u.Name)
			}
		}
		return err
	})
	return names, err
}

// secrets reads what may stand in files.
func (f *signInFlags) secrets() (err error) {
	if f.Issuer == "" {
		return nil
	}
	if f.ClientID == "" {
		return errors.New("LUOTSI_OIDC_CLIENT_ID is not set")
	}
	f.ClientSecret, err = secretOr(f.ClientSecret, f.ClientSecretFile, "LUOTSI_OIDC_CLIENT_SECRET")
	return err
}
