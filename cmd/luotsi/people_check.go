package main

import (
	"fmt"
	"maps"
	"strings"

	"luotsi/bot"
	"luotsi/commands/casework"
	"luotsi/store"
)

// checkAccount refuses an account that is somebody else's or may be, or a guest's who would not be one here.
func (p *importPlan) checkAccount(one person, a casework.Account, profile bot.Profile) {
	if line := p.linked[a]; line > 0 {
		p.people.wrong(one.line, fmt.Sprintf("the account in %s is that of line %d", a.Platform, line))
	}
	p.linked[a] = one.line
	holder := p.holders[a]
	if one.Login != "" && holder != "" && holder != one.Login {
		p.people.wrong(one.line, fmt.Sprintf("the account in %s is linked to %s, and a login never becomes another one's", a.Platform, holder))
	}
	if !p.vouched(one, holder, profile) {
		p.people.wrong(one.line, fmt.Sprintf("the e-mail address is that of the account %[1]s in %[2]s, but %[2]s does not vouch that it is theirs; "+
			"if the account is this person's, give %[1]s as the login, or call the account in %[2]s what the login is", profile.Login, a.Platform))
	}
	if profile.Guest && !one.Guest {
		p.people.wrong(one.line, "the account in "+a.Platform+" is a guest's, so the only role can be guest")
	}
}

// vouched reports whether anybody says that an account is the person's: the row by its name, the chat for the address, or the
// directory, which has linked the two before. Whoever may write any address into their account must not become its owner.
func (p *importPlan) vouched(one person, holder string, profile bot.Profile) bool {
	known := holder != "" && (holder == one.Login || holder == p.emails[one.Email])
	return profile.Proven || known || one.Login != "" && strings.EqualFold(profile.Login, one.Login)
}

// checkClosed refuses whoever would come in by the closed access of somebody who left: by an account that is not the one it was
// closed with, or under another name when the row itself does not name the login.
func (p *importPlan) checkClosed(one person, named bool, accounts []casework.Account) {
	closed := p.known[one.Login]
	if !closed.Disabled {
		return
	}
	a, other := store.OtherAccount(p.stored.Accounts[one.Login], accounts)
	switch {
	case other:
		p.people.wrong(one.line, fmt.Sprintf("the access of %s is closed, and the account in %s is not theirs; give a login of its own to whoever is new", one.Login, a.Platform))
	case !named && closed.Name != one.Name:
		p.people.wrong(one.line, fmt.Sprintf("by the e-mail address this is %s, whose access is closed; give a login of its own to whoever is new", one.Login))
	}
}

// checkEmails refuses an address that somebody of the directory has and keeps: whom no row gives another one. People whose access
// is closed keep none.
func (p *importPlan) checkEmails() {
	changes := map[string]bool{}
	for _, u := range p.stored.People {
		changes[u.Login] = u.Disabled
	}
	for _, u := range p.given.People {
		changes[u.Login] = changes[u.Login] || u.Email != ""
	}
	keeps := maps.Clone(p.emails)
	maps.DeleteFunc(keeps, func(_, login string) bool { return changes[login] })
	for _, u := range p.given.People {
		if holder := keeps[u.Email]; holder != "" {
			p.people.wrong(p.logins[u.Login], fmt.Sprintf("the e-mail address is %s's in the directory", holder))
		}
	}
}
