package page

import (
	"io/fs"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"luotsi/bot"
)

var (
	saidInTemplates = regexp.MustCompile(`\.(?:T|With|Parts) "([a-z_.]+)"`)
	builtInTemplate = regexp.MustCompile(`print "([a-z]+\.)" \.`)
	valueInText     = regexp.MustCompile(`{{\.[a-z]+}}`)
)

// used lists the sentences that the pages of this file's neighbours say, without "page.".
func used(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	kinds := map[string][]string{
		"category.": append(slices.Clone(categories), protected...), "direction.": directions, "purpose.": purposes, "giver.": givers, "copy.": copies,
	}
	for _, name := range []string{"refused", "closed", "broken", "unopened", "signin", "unsigned", "unknown", "over", "kept", "lost", "unproven", "gone"} {
		ids[name+".title"], ids[name+".text"] = true, true
	}
	for _, id := range []string{"signin.next", "kept.next", "kept.part", "kept.link", "kept.sign", "unproven.link", "unproven.sign", "said.title", "said.done", "said.refused", "broken.form"} {
		ids[id] = true // said by their names in Go
	}
	for _, name := range []string{"layout", "client", "neutral", "consent", "information", "work"} {
		source, err := fs.ReadFile(files, "templates/"+name+".html")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range saidInTemplates.FindAllStringSubmatch(string(source), -1) {
			ids[m[1]] = true
		}
		for _, m := range builtInTemplate.FindAllStringSubmatch(string(source), -1) {
			if kinds[m[1]] == nil {
				t.Errorf("%s.html says %s…, of which this test knows nothing", name, m[1])
			}
			for _, code := range kinds[m[1]] {
				ids[m[1]+code] = true
			}
		}
	}
	return ids
}

func TestEverySentenceOfThePagesIsInEveryLanguage(t *testing.T) {
	values := map[string]string{}
	for _, lang := range bot.Langs {
		var said map[string]string
		for _, name := range []string{"", "work."} {
			if _, err := toml.DecodeFS(files, "locale/"+name+string(lang)+".toml", &said); err != nil {
				t.Fatal(err)
			}
		}
		for id, text := range said {
			found := strings.Join(slices.Sorted(slices.Values(valueInText.FindAllString(text, -1))), " ")
			if before, known := values[id]; known && before != found {
				t.Errorf("%s has the values %q in %s and %q in another language", id, found, lang, before)
			}
			values[id] = found
		}
		for id := range used(t) {
			if said["page."+id] == "" {
				t.Errorf("%s is not said in %s", id, lang)
			}
		}
		for id := range said {
			if !used(t)[strings.TrimPrefix(id, "page.")] {
				t.Errorf("%s stands in %s and is never said", id, lang)
			}
		}
	}
	if n := len(slices.Collect(maps.Keys(values))); n < 100 {
		t.Errorf("only %d sentences were looked at", n)
	}
}

func TestNoPageHasAHole(t *testing.T) {
	for _, lang := range bot.Langs {
		h := serve(t, &links{lang: lang, clients: []Client{aino}}, nil)
		for _, path := range []string{"/page/client", "/page/client", "/page/closed?lang=", "/page/print/consent?lang=", "/page/print/information?lang="} {
			w := opened(h, "a")
			if strings.HasSuffix(path, "=") {
				path += string(lang)
				w = get(h, path)
			}
			body := w.Body.String()
			if w.Code == http.StatusInternalServerError || strings.ContainsAny(body, "⟦"+gap) || strings.Contains(body, "no value") {
				t.Errorf("%s in %s: status %d or a sentence is missing", path, lang, w.Code)
			}
			if !strings.Contains(body, `<html lang="`+string(lang)+`"`) {
				t.Errorf("%s is not in %s", path, lang)
			}
		}
	}
}

// What clients read before they consent is agreed word for word.
func TestAgreedWords(t *testing.T) {
	agreed := map[string][]string{
		"fi": {
			"Haluamme auttaa sinua yhdessä. Siksi pyydämme sinulta lupaa. Jos annat luvan, nämä ihmiset saavat puhua asioistasi: ",
			"Lupa on vapaaehtoinen. Voit sanoa ei. Saat tarvitsemasi palvelut, vaikka sanot ei.",
			"Voit perua luvan milloin vain. Soita 000 123 4567 tai kerro kenelle tahansa meistä. Silloin emme enää puhu asioistasi yhdessä. " +
				"Jo kirjatut tiedot jäävät talteen, jos laki vaatii sitä.",
		},
		"sv": {
			"Vi vill hjälpa dig tillsammans. Därför ber vi om ditt lov. Om du ger lov får de här personerna tala om dina ärenden: ",
			"Det är frivilligt att ge lov. Du kan säga nej. Du får den service du behöver även om du säger nej.",
			"Du kan ta tillbaka ditt lov när du vill. Ring 000 123 4567 eller berätta för någon av oss. Då talar vi inte längre om dina ärenden " +
				"tillsammans. Det som redan är antecknat sparas om lagen kräver det.",
		},
	}
	h := serve(t, &links{}, nil)
	for lang, sentences := range agreed {
		for _, paper := range []string{consentPath, informationPath} {
			body := get(h, paper+"?lang="+lang).Body.String()
			for _, s := range sentences {
				if !strings.Contains(body, s) {
					t.Errorf("%s in %s does not say %q", paper, lang, s)
				}
			}
		}
	}
	for lang, words := range map[string][]string{
		"fi": {"Sinun asioitasi hoitaa ", "Voit soittaa hänelle numeroon ", "Tapaamme ", " kello ", "Paikka on ", "Voit ottaa mukaan läheisen. Sinä kerrot ensin, mikä on sinulle tärkeää."},
		"sv": {" sköter dina ärenden. Du kan ringa ", "Vi träffas ", " klockan ", "Platsen är ", "Du kan ta med en närstående. Du berättar först vad som är viktigt för dig."},
	} {
		body := get(h, informationPath+"?lang="+lang).Body.String()
		for _, s := range words {
			if !strings.Contains(body, s) {
				t.Errorf("the information in %s does not say %q", lang, s)
			}
		}
	}
}

func TestUnknownCountyAndPhoneAreLinesToWriteOn(t *testing.T) {
	body := get(serve(t, &links{}, func(c *Config) { c.County, c.Phone = nil, "" }), consentPath).Body.String()
	for _, line := range []string{`<span class="blank blank-county">`, `Soita <span class="blank blank-phone"></span> tai`} {
		if !strings.Contains(body, line) {
			t.Errorf("no line %q", line)
		}
	}
}
