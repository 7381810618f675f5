package sandbox

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"luotsi/bot"
)

// ofTexts lists ids that are put together at run time.
var ofTexts = []string{
	"room.general", "room.queue", "room.dm", "hello.professional", "hello.coordinator", "hello.other",
	"hello.professional_try", "hello.coordinator_try", "hello.other_try",
}

func TestEveryTextIsThereInEveryLanguageAndUsed(t *testing.T) {
	c := newCatalog(t)
	used := map[string]bool{}
	for _, id := range ofTexts {
		used["sandbox."+id] = true
	}
	sources := regexp.MustCompile(`"sandbox\.([a-z_.]+)"|\.T "([a-z_.]+)"|V\.T\("([a-z_.]+)"\)|v\.T\("([a-z_.]+)"\)|inputError\{(?:kind: )?"([a-z_]+)"`)
	for _, name := range filesOf(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range sources.FindAllStringSubmatch(string(data), -1) {
			if m[5] != "" {
				used["sandbox.error."+m[5]] = true
			} else {
				used["sandbox."+m[1]+m[2]+m[3]+m[4]] = true
			}
		}
	}
	for _, id := range c.IDs() {
		if !strings.HasPrefix(id, "sandbox.") && !strings.HasPrefix(id, "page.form.") {
			continue
		}
		for _, lang := range bot.Langs {
			if !c.Has(lang, id) {
				t.Errorf("%s is not said in %s", id, lang)
			}
		}
		if strings.HasPrefix(id, "sandbox.") && !used[id] {
			t.Errorf("%s is not used", id)
		}
	}
	for id := range used {
		if !c.Has(bot.FI, id) && !strings.HasSuffix(id, ".") {
			t.Errorf("%s is used and not said", id)
		}
	}
}

func filesOf(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{"*.go", "templates/*.html"} {
		found, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			if !strings.HasSuffix(name, "_test.go") {
				out = append(out, name)
			}
		}
	}
	return out
}
