package bottest

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"luotsi/bot"
)

// Sentence is one text of the catalogue in one language, with the names of the values in it.
type Sentence struct {
	One, Other string // One is empty unless the sentence counts
	Values     []string
}

// Sentences reads the texts of a folder in one language, by id.
func Sentences(t *testing.T, folder fs.FS, lang bot.Lang) map[string]Sentence {
	t.Helper()
	names, err := fs.Glob(folder, "*"+string(lang)+".toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no texts in %s: %v", lang, err)
	}
	all := map[string]Sentence{}
	for _, name := range names {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := i18n.ParseMessageFileBytes(data, path.Base(name), map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, m := range file.Messages {
			all[m.ID] = Sentence{One: m.One, Other: m.Other, Values: valuesIn(m.One + m.Other)}
		}
	}
	return all
}

var (
	slot  = regexp.MustCompile(`\{\{[^}]*\}\}`)
	value = regexp.MustCompile(`\.([a-z_]+)`)
)

func valuesIn(text string) []string {
	var names []string
	for _, s := range slot.FindAllString(text, -1) {
		for _, m := range value.FindAllStringSubmatch(s, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// CheckTexts fails for every used sentence that a language lacks, every sentence nobody uses, and every one that does not hold
// the same values in all languages.
func CheckTexts(t *testing.T, folder fs.FS, used map[string]bool) {
	t.Helper()
	fi := Sentences(t, folder, bot.FI)
	for _, lang := range bot.Langs {
		said := Sentences(t, folder, lang)
		for id := range used {
			if _, ok := said[id]; !ok {
				t.Errorf("%s: %q is used and missing", lang, id)
			}
		}
		for id, s := range said {
			if !used[id] {
				t.Errorf("%s: nobody uses %q", lang, id)
			}
			checkSentence(t, lang, id, s, fi[id])
		}
	}
}

func checkSentence(t *testing.T, lang bot.Lang, id string, s, fi Sentence) {
	t.Helper()
	if !slices.Equal(s.Values, fi.Values) {
		t.Errorf("%s: %q has the values %v, in Finnish %v", lang, id, s.Values, fi.Values)
	}
	if counts := slices.Contains(s.Values, "count"); counts != (s.One != "") {
		t.Errorf("%s: %q must have a form for one if, and only if, it counts", lang, id)
	}
	for _, text := range []string{s.One, s.Other} {
		if strings.Contains(text, "⟦") || strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
			t.Errorf("%s: %q is not clean: %q", lang, id, text)
		}
	}
	if s.Other == "" {
		t.Errorf("%s: %q is empty", lang, id)
	}
}
