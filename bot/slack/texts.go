package slack

import (
	"context"
	"embed"
	"io/fs"

	"luotsi/bot"
)

//go:embed locale/*.toml
var locale embed.FS

// Texts holds what is said only in Slack, for bot.NewCatalog.
var Texts = func() fs.FS {
	sub, err := fs.Sub(locale, "locale")
	if err != nil {
		return locale // the folder is embedded above
	}
	return sub
}()

// speech says this package's own sentences in one language.
type speech struct {
	catalog *bot.Catalog
	lang    bot.Lang
}

func (s *Slack) speech(ctx context.Context, user string) speech {
	return speech{s.cfg.Catalog, s.cfg.Lang(ctx, user).Known()}
}

// say says "slack.<id>".
func (p speech) say(id string) string { return p.catalog.Say(p.lang, bot.T("slack."+id)) }

func (p speech) sayWith(id string, d bot.Data) string {
	return p.catalog.Say(p.lang, bot.TD("slack."+id, d))
}

// post is a message of one of this package's own sentences.
func (p speech) post(id string) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: p.say(id)}}}
}
