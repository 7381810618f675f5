package page

import (
	"cmp"
	"strings"

	"luotsi/bot"
)

// words says the pages' own sentences in one language; every view a template gets has them.
type words struct {
	Lang    bot.Lang
	catalog *bot.Catalog
	county  string
	phone   string
}

func (p pages) in(lang bot.Lang) words {
	return words{Lang: lang.Known(), catalog: p.Catalog, county: cmp.Or(p.County[lang.Known()], p.County[bot.FI]), phone: p.Phone}
}

// T says a sentence that holds no values.
func (w words) T(id string) string { return w.catalog.Say(w.Lang, bot.T("page."+id)) }

// With says a sentence that holds one value.
func (w words) With(id, name string, value any) string {
	return w.catalog.Say(w.Lang, bot.TD("page."+id, bot.Data{name: value}))
}

// part is a piece of a sentence on paper: words, or a line to write on.
type part struct {
	Text  string
	Blank string // what is written there, which decides how long the line is; empty: this part is words
}

// gap stands in a sentence round the name of a line to write on. It is a control character that no text holds.
const gap = "\x1f"

// Parts says a sentence of which some values are written in by hand: the names given, and county and phone when not configured.
func (w words) Parts(id string, byHand ...string) []part {
	data := bot.Data{"county": w.county, "phone": w.phone}
	for _, name := range []string{"county", "phone"} {
		if data[name] == "" {
			byHand = append(byHand, name)
		}
	}
	for _, name := range byHand {
		data[name] = gap + name + gap
	}
	var parts []part
	for i, piece := range strings.Split(w.catalog.Say(w.Lang, bot.TD("page."+id, data)), gap) {
		switch {
		case i%2 == 1:
			parts = append(parts, part{Blank: piece})
		case piece != "":
			parts = append(parts, part{Text: piece})
		}
	}
	return parts
}
