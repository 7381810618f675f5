package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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
	for _, row := range t.rows {
		login, email := strings.ToLower(row.values["login"]), strings.ToLower(row.values["email"])
		if login != "" && !casework.LoginFits(login) || login+email == "" {
			continue // a bad row, which will be told
		}
		for _, f := range finders {
			found, err := findPatiently(ctx, f, login, email)
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

// lookupPatience is for how long a chat that wants to be asked later is waited for, for one person.
const lookupPatience = time.Minute

// findPatiently looks for an account, and again for a minute if the chat puts it off: a list of people is many questions.
func findPatiently(ctx context.Context, f accountFinder, login, email string) (bot.Profile, error) {
	for end := time.Now().Add(lookupPatience); ; {
		found, err := f.Find(ctx, login, email)
		var later *bot.RetryError
		if !errors.As(err, &later) {
			return found, err
		}
		wait := max(later.After, time.Second)
		if time.Until(end) < wait {
			return found, err
		}
		select {
		case <-ctx.Done():
			return found, ctx.Err()
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
	without map[string][]string // logins without an account, by chat
	logins  map[string]int      // the line of each
	emails  map[string]string   // whose a stored e-mail address is
	linked  map[casework.Account]int
}

// make gives the directory to import, or every bad row at once.
func (p *importPlan) make() (store.Directory, error) {
	p.without, p.logins, p.linked = map[string][]string{}, map[string]int{}, map[casework.Account]int{}
	p.emails = map[string]string{}
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
	if one.Login == "" && one.Email != "" {
		one.Login = login
		p.people.checkNames(one)
	}
	if strings.HasPrefix(one.Login, casework.SelfLogin) && !slices.ContainsFunc(p.stored.People, func(u casework.User) bool { return u.Login == one.Login }) {
		p.people.wrong(one.line, "logins that begin with "+casework.SelfLogin+" are of people who registered themselves")
	}
	if line := p.logins[one.Login]; line > 0 && one.Login != "" {
		p.people.wrong(one.line, fmt.Sprintf("the login %s is that of line %d; give another one", one.Login, line))
	}
	p.logins[one.Login] = one.line
	p.given.People = append(p.given.People, one.User)
	if len(accounts) > 0 {
		p.given.Accounts[one.Login] = accounts
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
	if holder := p.holder(a); holder != "" {
		return holder
	}
	if known := p.emails[one.Email]; known != "" {
		return known
	}
	before := slices.ContainsFunc(p.stored.People, func(u casework.User) bool { return u.Login == local && u.Name == one.Name })
	elsewhere := slices.ContainsFunc(p.stored.Accounts[local], func(o casework.Account) bool { return o.Platform == a.Platform })
	if before && !elsewhere {
		return local
	}
	return username
}

// checkAccount refuses an account that is somebody else's, or a guest's who would not be one here.
func (p *importPlan) checkAccount(one person, a casework.Account, profile bot.Profile) {
	if line := p.linked[a]; line > 0 {
		p.people.wrong(one.line, fmt.Sprintf("the account in %s is that of line %d", a.Platform, line))
	}
	p.linked[a] = one.line
	if holder := p.holder(a); one.Login != "" && holder != "" && holder != one.Login {
		p.people.wrong(one.line, fmt.Sprintf("the account in %s is linked to %s, and a login never becomes another one's", a.Platform, holder))
	}
	if profile.Guest && !one.Guest {
		p.people.wrong(one.line, "the account in "+a.Platform+" is a guest's, so the only role can be guest")
	}
}

// checkEmails refuses an address that somebody of the directory has and keeps: whom no row gives another one.
func (p *importPlan) checkEmails() {
	changes := map[string]bool{}
	for _, u := range p.given.People {
		changes[u.Login] = u.Email != ""
	}
	keeps := maps.Clone(p.emails)
	maps.DeleteFunc(keeps, func(_, login string) bool { return changes[login] })
	for _, u := range p.given.People {
		if holder := keeps[u.Email]; holder != "" {
			p.people.wrong(p.logins[u.Login], fmt.Sprintf("the e-mail address is %s's in the directory", holder))
		}
	}
}

// holder is whom the account is linked to.
func (p *importPlan) holder(a casework.Account) string {
	for login, of := range p.stored.Accounts {
		if slices.Contains(of, a) {
			return login
		}
	}
	return ""
}
