package commands

import (
	"context"
	"slices"

	"luotsi/bot"
)

// help lists what the person can ask, each with how it is typed and what it does.
var help = &Command{
	Key:   "help",
	Names: map[bot.Lang]string{bot.FI: "ohje", bot.SV: "hjälp", bot.EN: "help"},
	Do: func(_ context.Context, c *Call) (bot.Response, error) {
		m := bot.Message{Title: bot.T("help.title")}.With(bot.T("help.intro"))
		for _, verb := range Verbs(c.Desk.House.Registry, c.Person) {
			m = m.Fact(bot.Plain(verb.Usage), verb.Summary)
		}
		m = m.With(bot.TD("warn.urgent", bot.Data{"phone": c.Desk.House.EmergencyPhone}))
		return bot.Reply(m), nil
	},
}

// Verb is a command as help shows it.
type Verb struct {
	Usage   string
	Summary bot.Text
}

// Verbs lists the commands the person's roles may ever give, in the order they are declared.
func Verbs(r *bot.Registry[*Desk], p bot.Person) []Verb {
	var verbs []Verb
	for _, command := range r.Commands {
		if !mayEver(p, command.Key) {
			continue
		}
		code := ""
		if command.Aim == bot.OneCase {
			code = exampleCode
		}
		verbs = append(verbs, Verb{Usage: command.Usage(p.Lang, code), Summary: bot.T("command." + command.Key + ".summary")})
	}
	return verbs
}

// mayEver reports whether the person's roles may give the command, in some case at some time.
func mayEver(p bot.Person, key string) bool {
	right := access[key]
	return len(right.roles) == 0 || slices.ContainsFunc(right.roles, p.Has) || right.also != "" && p.Has(right.also)
}

// exampleCode stands for a case code in help; it is no case's.
const exampleCode = "…"
