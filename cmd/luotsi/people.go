package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/bot/mattermost"
	"luotsi/bot/slack"
	"luotsi/commands/casework"
	"luotsi/store"
)

// peopleCmd is about the organisation's people.
type peopleCmd struct {
	Import peopleImportCmd `cmd:"" help:"Bring the people directory in line with a file. Shows the difference; --apply makes it."`
	Close  peopleCloseCmd  `cmd:"" help:"Close a person's access at once, until it is opened by hand."`
	Open   peopleOpenCmd   `cmd:"" help:"Open a person's access again."`
}

// peopleImportCmd brings the directory in line with a file: all of it, or nothing.
type peopleImportCmd struct {
	File          string `arg:"" type:"path" help:"CSV file: login,email,name,unit,profession,roles,language."`
	Units         string `type:"path" help:"CSV file of units: code,name,register,care."`
	Apply         bool   `help:"Make the change. Without it the difference is only shown."`
	databaseFlags `group:"Database and keys"`
	Mattermost    mattermostFlags `embed:"" prefix:"mattermost-" group:"Mattermost"`
	Slack         slackFlags      `embed:"" prefix:"slack-" group:"Slack"`
	AdminToken    string          `env:"LUOTSI_MATTERMOST_ADMIN_TOKEN" group:"Mattermost" help:"Token of a Mattermost administrator, where the bot may not look people up by e-mail, or accounts sign in by LDAP, SAML or the like."`
	Language      string          `env:"LUOTSI_LANGUAGE" enum:"fi,sv,en" default:"fi" help:"Language of people for whom none is given: fi, sv or en."`
}

// accountFinder knows the people of a chat.
type accountFinder interface {
	// Name is the chat's short name.
	Name() string
	// Expect says how many people Find will be asked for: a chat that is asked for many may read its whole list before. A
	// *bot.RetryError puts it off; a repeated call goes on.
	Expect(ctx context.Context, people int) error
	// Find is the account with the username or the e-mail address, whichever is given; bot.ErrGone when there is none,
	// bot.ErrPermanent with a reason when it cannot be the person's.
	Find(ctx context.Context, login, email string) (bot.Profile, error)
}

// Run shows the difference and, when told to, makes it.
func (p *peopleImportCmd) Run(ctx context.Context, o *out) (err error) {
	s, _, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	plan, err := p.plan(ctx)
	if err != nil {
		return err
	}
	var done importPlan
	var rows func(store.DirectoryChanges) []casework.AccessRow
	if p.Apply {
		rows = func(c store.DirectoryChanges) []casework.AccessRow { return done.rows(c, operator(), time.Now()) }
	}
	changes, err := s.ImportDirectory(ctx, rows, func(stored store.Directory) (store.Directory, error) {
		trial := plan // the store may ask again
		trial.stored = stored
		given, err := trial.make()
		done = trial
		return given, err
	})
	if err != nil {
		return tellBad(o, err)
	}
	if !p.Apply {
		for _, found := range done.found {
			o.say("= %s", found)
		}
	}
	done.tell(o, changes)
	switch {
	case same(changes):
		o.say("The directory is as the file says.")
	case p.Apply:
		o.say("Done.")
	default:
		o.say("Nothing was changed. Run this again with --apply to make it so.")
	}
	return nil
}

// finders are the chats that are configured.
func (p *peopleImportCmd) finders() (finders []accountFinder, err error) {
	m := p.Mattermost
	if m.URL != "" && (m.Token != "" || m.TokenFile != "" || p.AdminToken != "") {
		token := p.AdminToken
		if token == "" {
			if token, err = secretOr(m.Token, m.TokenFile, "LUOTSI_MATTERMOST_TOKEN"); err != nil {
				return nil, err
			}
		}
		f, err := mattermost.NewAccounts(m.URL, token)
		if err != nil {
			return nil, err
		}
		finders = append(finders, f)
	}
	if p.Slack.wanted() {
		token, err := secretOr(p.Slack.BotToken, p.Slack.BotTokenFile, "LUOTSI_SLACK_BOT_TOKEN")
		if err != nil {
			return nil, err
		}
		f, err := slack.NewAccounts(token, p.Slack.APIURL)
		if err != nil {
			return nil, err
		}
		finders = append(finders, f)
	}
	return finders, nil
}

// tables are the files as they were read.
type tables struct{ people, units table }

// plan reads the files and asks the chats for the people in them.
func (p *peopleImportCmd) plan(ctx context.Context) (plan importPlan, err error) {
	plan.language = p.Language
	if plan.people, err = readTable(p.File, personColumns...); err != nil {
		return plan, err
	}
	if p.Units != "" {
		if plan.units, err = readTable(p.Units, unitColumns...); err != nil {
			return plan, err
		}
	}
	finders, err := p.finders()
	if err != nil {
		return plan, err
	}
	for _, f := range finders {
		plan.chats = append(plan.chats, f.Name())
	}
	plan.seen, err = sightings(ctx, finders, plan.people)
	return plan, err
}

// tellBad tells every bad row.
func tellBad(o *out, err error) error {
	var bad badRows
	if errors.As(err, &bad) {
		slices.SortStableFunc(bad, func(a, b badRow) int {
			if a.file != b.file {
				return strings.Compare(b.file, a.file) // units before people, as the causes they may be
			}
			return a.line - b.line
		})
		for _, b := range bad {
			o.say("%s, line %d: %s", b.file, b.line, b.what)
		}
	}
	return err
}

func same(c store.DirectoryChanges) bool {
	return len(c.UnitsAdded)+len(c.UnitsChanged)+len(c.PeopleAdded)+len(c.PeopleChanged) == 0
}

// tell shows the difference: + added, ~ changed, ? told for information; a look has shown = what was found in the chats before.
func (p *importPlan) tell(o *out, c store.DirectoryChanges) {
	for _, code := range c.UnitsAdded {
		u := p.unit(code)
		o.say("+ unit %s: %s, register %s, care %t", u.Code, u.Name, orNone(string(u.Register)), u.Care)
	}
	for _, code := range c.UnitsChanged {
		u := p.unit(code)
		o.say("~ unit %s: now %s, register %s, care %t", u.Code, u.Name, orNone(string(u.Register)), u.Care)
	}
	given := byLogin(p.given.People)
	for _, login := range c.PeopleAdded {
		u := given[login]
		o.say("+ %s: %s, %s, %s, %s", login, u.Name, u.Unit, orNone(u.Profession), strings.Join(u.Roles, " "))
	}
	for _, person := range c.PeopleChanged {
		for _, f := range person.What {
			o.say("~ %s: %s %s -> %s", person.Login, f.Field, orNone(f.From), orNone(f.To))
		}
	}
	o.say("%d added, %d changed, %d as they were.", len(c.PeopleAdded), len(c.PeopleChanged), len(c.PeopleUnchanged))
	list(o, "not in the file, left as they are", c.PeopleMissing)
	list(o, "access is closed and stays so", c.PeopleClosed)
	for _, chat := range p.chats {
		list(o, "without an account in "+chat, p.without[chat])
	}
}

func (p *importPlan) unit(code string) casework.Unit {
	i := slices.IndexFunc(p.given.Units, func(u casework.Unit) bool { return u.Code == code })
	return p.given.Units[i]
}

func list(o *out, what string, logins []string) {
	if len(logins) > 0 {
		o.say("? %s (%d): %s", what, len(logins), strings.Join(logins, ", "))
	}
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
