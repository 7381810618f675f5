package bot

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is a language a person reads: "fi", "sv" or "en". Finnish is the default everywhere.
type Lang string

// The languages Luotsi speaks, in the order they are offered.
const (
	FI Lang = "fi"
	SV Lang = "sv"
	EN Lang = "en"
)

// Langs lists every language in the order it is offered.
var Langs = []Lang{FI, SV, EN}

// Known returns l, or Finnish when l is not a language Luotsi speaks.
func (l Lang) Known() Lang {
	for _, k := range Langs {
		if k == l {
			return l
		}
	}
	return FI
}

// LangOf is the language of a locale as chats name them, "sv" or "sv-SE"; empty when Luotsi does not speak it.
func LangOf(locale string) Lang {
	name, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	if l := Lang(name); l == l.Known() {
		return l
	}
	return ""
}

// Text is a sentence not yet said in any language: an id of the catalogue and the values that go into it.
// Values may be strings, numbers, time.Time (date and time), Date (a day), On (a day on which something is), Text (said first)
// or []Text (said and joined).
type Text struct {
	ID    string
	Data  Data
	plain string
}

// Data holds the values of a Text by the names its sentence uses.
type Data map[string]any

// T names a sentence of the catalogue.
func T(id string) Text { return Text{ID: id} }

// TD names a sentence of the catalogue with its values.
func TD(id string, d Data) Text { return Text{ID: id, Data: d} }

// Plain is a text that is the same in every language: a code, a name, somebody's own words.
func Plain(s string) Text { return Text{plain: s} }

// IsZero reports whether there is nothing to say.
func (t Text) IsZero() bool { return t.ID == "" && t.plain == "" }

// Date is a day without a time, shown with its weekday.
type Date time.Time

// On is a day on which something is or ends, in the form a sentence needs: "viimeistään tiistaina 24.11.2026".
type On time.Time

//go:embed locale/*.toml
var ownTexts embed.FS

// Catalog says Texts in a language. It is safe for concurrent use.
type Catalog struct {
	zone   *time.Location
	ids    map[string]bool
	speech map[Lang]*i18n.Localizer
}

// NewCatalog reads bot's own sentences and the given folders of fi.toml, sv.toml and en.toml. Times are shown in zone.
// A sentence defined twice in one language is an error: the later would silently win.
func NewCatalog(zone *time.Location, folders ...fs.FS) (*Catalog, error) {
	own, err := fs.Sub(ownTexts, "locale")
	if err != nil {
		return nil, err
	}
	c := &Catalog{zone: zone, ids: map[string]bool{}, speech: map[Lang]*i18n.Localizer{}}
	for _, lang := range Langs {
		bundle := i18n.NewBundle(language.Finnish)
		seen := map[string]bool{}
		for _, folder := range append([]fs.FS{own}, folders...) {
			if err := readTexts(bundle, folder, lang, seen); err != nil {
				return nil, err
			}
		}
		for id := range seen {
			c.ids[string(lang)+" "+id] = true
		}
		c.speech[lang] = i18n.NewLocalizer(bundle, string(lang))
	}
	return c, nil
}

func readTexts(bundle *i18n.Bundle, folder fs.FS, lang Lang, seen map[string]bool) error {
	names, err := fs.Glob(folder, "*"+string(lang)+".toml")
	if err != nil {
		return err
	}
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		file, err := bundle.ParseMessageFileBytes(data, string(lang)+".toml")
		if err != nil {
			return fmt.Errorf("reading texts %s: %w", name, err)
		}
		for _, m := range file.Messages {
			if seen[m.ID] {
				return fmt.Errorf("reading texts %s: %q stands twice", name, m.ID)
			}
			seen[m.ID] = true
		}
	}
	return nil
}

// Has reports whether the sentence exists in the language.
func (c *Catalog) Has(lang Lang, id string) bool { return c.ids[string(lang)+" "+id] }

// IDs lists every sentence known in any language, sorted.
func (c *Catalog) IDs() []string {
	set := map[string]bool{}
	for k := range c.ids {
		_, id, _ := strings.Cut(k, " ")
		set[id] = true
	}
	ids := make([]string, 0, len(set))
	for id := range set {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// First returns the first of the ids that exists in Finnish, or the last one: how a form overrides a field's common label.
func (c *Catalog) First(ids ...string) string {
	for _, id := range ids {
		if c.Has(FI, id) {
			return id
		}
	}
	return ids[len(ids)-1]
}

// Say renders a Text in a language. A missing sentence is said as its id in brackets, so that it is seen and never silent.
func (c *Catalog) Say(lang Lang, t Text) string {
	if t.ID == "" {
		return t.plain
	}
	lang = lang.Known()
	if !c.Has(lang, t.ID) {
		return "⟦" + t.ID + "⟧"
	}
	conf := &i18n.LocalizeConfig{MessageID: t.ID, TemplateData: c.values(lang, t.Data)}
	if n, ok := t.Data["count"]; ok {
		conf.PluralCount = n
	}
	s, err := c.speech[lang].Localize(conf)
	if err != nil {
		return "⟦" + t.ID + "⟧"
	}
	return s
}

func (c *Catalog) values(lang Lang, d Data) map[string]any {
	out := make(map[string]any, len(d))
	for k, v := range d {
		out[k] = c.value(lang, v)
	}
	return out
}

func (c *Catalog) value(lang Lang, v any) any {
	switch v := v.(type) {
	case Text:
		return c.Say(lang, v)
	case []Text:
		parts := make([]string, len(v))
		for i, t := range v {
			parts[i] = c.Say(lang, t)
		}
		return strings.Join(parts, ", ")
	case time.Time:
		return FormatDateTime(lang, v.In(c.zone))
	case Date:
		return FormatDate(lang, time.Time(v).In(c.zone))
	case On:
		return FormatOn(lang, time.Time(v).In(c.zone))
	default:
		return v
	}
}
