package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
	"luotsi/store"
)

// sighting is what a chat said when asked for a row's person.
type sighting struct {
	chat    string
	profile bot.Profile
	odd     error // what makes the row a bad one
}

// sightings asks the chats for everybody in the table, before the database is asked for anything: it may take a while. The
// result is by line; somebody who has no account, or a closed one, is not in it.
func sightings(ctx context.Context, finders []accountFinder, t table) (map[int][]sighting, error) {
	seen := map[int][]sighting{}
	for _, f := range finders {
		if err := patiently(ctx, listPatience, func() error { return f.Expect(ctx, len(t.rows)) }); err != nil {
			return nil, err
		}
	}
	for _, row := range t.rows {
		login, email := strings.ToLower(row.values["login"]), strings.ToLower(row.values["email"])
		if login != "" && !casework.LoginFits(login) || login+email == "" {
			continue // a bad row, which will be told
		}
		for _, f := range finders {
			var found bot.Profile
			err := patiently(ctx, lookupPatience, func() (err error) {
				found, err = f.Find(ctx, login, email)
				return err
			})
			switch {
			case errors.Is(err, bot.ErrPermanent):
				seen[row.line] = append(seen[row.line], sighting{chat: f.Name(), odd: err})
			case err == nil && found.Enabled:
				seen[row.line] = append(seen[row.line], sighting{chat: f.Name(), profile: found})
			case err != nil && !errors.Is(err, bot.ErrGone):
				return nil, err
			}
		}
	}
	return seen, nil
}

// For how long a chat that wants to be asked later is waited for: for one person, and for its whole list.
const (
	lookupPatience = time.Minute
	listPatience   = 15 * time.Minute
)

// patiently asks a chat, and again while it puts off what it is asked and patience lasts: a list of people is many questions.
func patiently(ctx context.Context, patience time.Duration, ask func() error) error {
	for end := time.Now().Add(patience); ; {
		err := ask()
		var later *bot.RetryError
		if !errors.As(err, &later) {
			return err
		}
		wait := max(later.After, time.Second)
		if time.Until(end) < wait {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// importPlan turns the files into the directory to import: units resolved, accounts linked, every person with a login.
type importPlan struct {
	tables
	seen     map[int][]sighting
	chats    []string
	stored   store.Directory
	language string

	given   store.Directory
	found   []string            // what was found in the chats, a line for each account
	without map[string][]string // logins without an account, by chat
	logins  map[string]int      // the line of each
	emails  map[string]string   // whose a stored e-mail address is
	linked  map[casework.Account]int
	known   map[string]casework.User    // who is stored, by login
	holders map[casework.Account]string // whom a stored account is linked to
}

func byLogin(people []casework.User) map[string]casework.User {
	by := make(map[string]casework.User, len(people))
	for _, u := range people {
		by[u.Login] = u
	}
	return by
}

// make gives the directory to import, or every bad row at once.
func (p *importPlan) make() (store.Directory, error) {
	p.without, p.logins, p.linked = map[string][]string{}, map[string]int{}, map[casework.Account]int{}
	p.emails, p.found = map[string]string{}, nil
	p.known, p.holders = byLogin(p.stored.People), map[casework.Account]string{}
	for login, of := range p.stored.Accounts {
		for _, a := range of {
			p.holders[a] = login
		}
	}
	for _, u := range p.stored.People {
		if u.Email != "" {
			p.emails[strings.ToLower(u.Email)] = u.Login
		}
	}
	p.given = store.Directory{Units: p.units.unitsIn(), Accounts: map[string][]casework.Account{}}
	units := map[string]casework.Unit{}
	for _, u := range slices.Concat(p.stored.Units, p.given.Units) {
		units[u.Code] = u
	}
	for _, person := range p.people.peopleIn(units, p.language) {
		p.add(person)
	}
	p.checkEmails()
	if bad := slices.Concat(p.units.bad, p.people.bad); len(bad) > 0 {
		return p.given, badRows(bad)
	}
	return p.given, nil
}

// add gives the person a login, if the row gives none, and the accounts that were found.
func (p *importPlan) add(one person) {
	var accounts []casework.Account
	named := one.Login != ""
	local, _, _ := strings.Cut(one.Email, "@")
	login := cmp.Or(p.emails[one.Email], local)
	for _, s := range p.seen[one.line] {
		if s.odd != nil {
			p.people.wrong(one.line, s.odd.Error())
			continue
		}
		a := casework.Account{Platform: s.chat, User: s.profile.User}
		accounts = append(accounts, a)
		login = p.loginOf(one, a, local, strings.ToLower(s.profile.Login))
		p.checkAccount(one, a, s.profile)
	}
	if !named && one.Email != "" {
		one.Login = login
		p.people.checkNames(one)
	}
	if _, known := p.known[one.Login]; !known && strings.HasPrefix(one.Login, casework.SelfLogin) {
		p.people.wrong(one.line, "logins that begin with "+casework.SelfLogin+" are of people who registered themselves")
	}
	if line := p.logins[one.Login]; line > 0 && one.Login != "" {
		p.people.wrong(one.line, fmt.Sprintf("the login %s is that of line %d; give another one", one.Login, line))
	}
	p.logins[one.Login] = one.line
	p.checkClosed(one, named, accounts)
	p.given.People = append(p.given.People, one.User)
	if len(accounts) > 0 {
		p.given.Accounts[one.Login] = accounts
	}
	p.tellFound(one, accounts)
}

// tellFound notes which accounts are the person's, and in which chats there is none.
func (p *importPlan) tellFound(one person, accounts []casework.Account) {
	for _, s := range p.seen[one.line] {
		if s.odd != nil {
			continue
		}
		text := fmt.Sprintf("%s: the account %s in %s", one.Login, s.profile.Login, s.chat)
		if one.Email != "" && !s.profile.Proven {
			text += ", which does not vouch for the e-mail address"
		}
		p.found = append(p.found, text)
	}
	for _, chat := range p.chats {
		of := func(a casework.Account) bool { return a.Platform == chat }
		if !slices.ContainsFunc(accounts, of) && !slices.ContainsFunc(p.stored.Accounts[one.Login], of) {
			p.without[chat] = append(p.without[chat], one.Login)
		}
	}
}

// loginOf is the login of a person whose row gives none: whom the account is linked to already; else whose e-mail address it is;
// else who was imported by the address's local part before they had the account; else the account's own name. So a person is
// never imported twice.
func (p *importPlan) loginOf(one person, a casework.Account, local, username string) string {
	if holder := p.holders[a]; holder != "" {
		return holder
	}
	if known := p.emails[one.Email]; known != "" {
		return known
	}
	before, known := p.known[local]
	elsewhere := slices.ContainsFunc(p.stored.Accounts[local], func(o casework.Account) bool { return o.Platform == a.Platform })
	if known && before.Name == one.Name && !elsewhere {
		return local
	}
	return username
}
