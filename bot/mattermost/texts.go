package mattermost

import (
	"embed"
	"io/fs"

	"luotsi/bot"
)

//go:embed locale/fi.toml locale/sv.toml locale/en.toml
var locale embed.FS

// Texts holds the adapter's own sentences, for bot.NewCatalog.
var Texts = func() fs.FS {
	sub, err := fs.Sub(locale, "locale")
	if err != nil {
		return locale // the folder is embedded above
	}
	return sub
}()

// words says one of the adapter's own sentences.
func (m *Mattermost) words(lang bot.Lang, id string, data bot.Data) string {
	return m.cfg.Catalog.Say(lang, bot.TD("mattermost."+id, data))
}

// sentence is one of the adapter's own sentences as a post.
func (m *Mattermost) sentence(lang bot.Lang, id string, data bot.Data) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: m.words(lang, id, data)}}}
}
