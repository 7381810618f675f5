package page

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
)

func catalog(t *testing.T) *bot.Catalog {
	t.Helper()
	c, err := bot.NewCatalog(bot.Helsinki, Texts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func dialog() bot.Dialog {
	few := []bot.DialogOption{{Value: "a", Label: "Yksi"}, {Value: "b", Label: "Kaksi"}}
	many := append([]bot.DialogOption{}, few...)
	for _, v := range "cdefghi" {
		many = append(many, bot.DialogOption{Value: string(v), Label: strings.ToUpper(string(v))})
	}
	return bot.Dialog{
		ID: "ticket", Command: "test", Title: "Otsikko", Intro: "Kuka näkee\nHuomaa", Submit: "Lähetä",
		Fields: []bot.DialogField{
			{Name: "line", Kind: bot.LineText, Label: "Rivi", Help: "Ohje", Required: true},
			{Name: "area", Kind: bot.TextArea, Label: "Teksti"},
			{Name: "few", Kind: bot.Select, Label: "Harva", Options: few, Default: "b"},
			{Name: "many", Kind: bot.Select, Label: "Moni", Options: many},
			{Name: "who", Kind: bot.Someone, Label: "Kuka", Options: many, Default: "c"},
			{Name: "multi", Kind: bot.Multi, Label: "Useita", Options: few, Default: []string{"a"}},
			{Name: "yes", Kind: bot.Bool, Label: "Kyllä", Default: true},
			{Name: "day", Kind: bot.Day, Label: "Päivä", Past: true},
			{Name: "at", Kind: bot.Moment, Label: "Aika", Folded: true},
		},
	}
}

func render(t *testing.T, change func(*FormView)) string {
	t.Helper()
	v := FormView{Dialog: dialog(), Catalog: catalog(t), Lang: bot.FI, Action: "/send?a=1&b=2"}
	change(&v)
	var out bytes.Buffer
	if err := RenderForm(&out, v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestDaysAreAskedWithExamples that the question takes when the page is read.
func TestDaysAreAskedWithExamples(t *testing.T) {
	html := render(t, func(v *FormView) { v.Now = time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki) })
	for field, want := range map[string]string{"day": "Esimerkiksi 25.1.2027 tai eilen.", "at": "Esimerkiksi 8.2.2027 klo 14 tai huomenna klo 9.30."} {
		if !strings.Contains(html, `id="f-`+field+`-help">`+want) {
			t.Errorf("%s is not asked with %q", field, want)
		}
	}
}

func TestEachKindHasItsOwnInput(t *testing.T) {
	html := render(t, func(*FormView) {})
	for _, want := range []string{
		`action="/send?a=1&amp;b=2"`, `<input type="hidden" name="form-ticket" value="ticket">`, `<h2 id="form-title"`,
		`<p class="form-intro">Kuka näkee</p>`, `<p class="form-intro">Huomaa</p>`,
		`<label class="field-label" for="f-line">Rivi</label>`, `aria-describedby="f-line-help"`, `aria-required="true"`,
		`<textarea id="f-area" name="f-area"`,
		`<input type="radio" name="f-few" value="b" checked>`, `<input type="radio" name="f-few" value=""><span>En valitse`,
		`<select id="f-many" name="f-many"`, `<option value="c" selected>C</option>`,
		`<input type="checkbox" name="f-multi" value="a" checked>`, `<input type="checkbox" name="f-multi" value="b"><span>Kaksi`,
		`name="f-yes" type="checkbox" value="true" checked`, `type="date"`, `type="datetime-local"`, `<details class="form-more">`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	for _, not := range []string{"hx-", "role=\"alert\"", "data-close", "⟦", "<script", "style="} {
		if strings.Contains(html, not) {
			t.Errorf("%s in\n%s", not, html)
		}
	}
}

func TestFaultsStandBesideFieldsAndWhatWasTypedIsKept(t *testing.T) {
	html := render(t, func(v *FormView) {
		v.Values = map[string]any{"line": `<"x">`, "area": "</textarea><b>", "few": "a", "multi": []any{"b"}, "yes": false, "at": "joskus"}
		v.Errors = map[string]string{"line": "Liian <pitkä>", "at": "Ei ymmärretty"}
		v.Target, v.Echo, v.Cancel = "#here", "/when?as=sanna", true
	})
	for _, want := range []string{
		`value="&lt;&#34;x&#34;&gt;"`, `&lt;/textarea&gt;&lt;b&gt;</textarea>`, `name="f-few" value="a" checked`, `name="f-multi" value="b" checked`,
		`<p class="field-error" id="f-line-error">`, `Liian &lt;pitkä&gt;`, `aria-describedby="f-line-help f-line-error"`, `aria-invalid="true"`,
		`2 kohtaa on vielä korjattava.`, `<a href="#f-at">Aika</a>`, `<details class="form-more" open>`,
		`hx-post="/send?a=1&amp;b=2" hx-target="#here"`, `hx-get="/when?as=sanna&amp;field=f-day&amp;kind=date&amp;past=1"`, `data-close`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in\n%s", want, html)
		}
	}
	for _, not := range []string{`value="true" checked`, `name="f-few" value="b" checked`, `value="c" selected`, "<b>"} {
		if strings.Contains(html, not) {
			t.Errorf("%s in\n%s", not, html)
		}
	}
}

func TestFoldedFieldsStayFoldedUntilTheyHoldSomething(t *testing.T) {
	for typed, open := range map[string]bool{"": false, "huomenna": true} {
		html := render(t, func(v *FormView) { v.Values = map[string]any{"at": typed} })
		if strings.Contains(html, `<details class="form-more" open>`) != open {
			t.Errorf("with %q typed: open is %v", typed, !open)
		}
	}
}

func TestDecodeFormKeepsTheFormsFieldsOnly(t *testing.T) {
	got := DecodeForm(dialog(), url.Values{
		"f-line": {"x"}, "f-multi": {"a", "b"}, "f-yes": {"true"}, "f-at": {"2026-11-24T09:30"}, "f-day": {"2026-11-24"}, "f-few": {""},
		"f-extra": {"1"}, "area": {"not an input's name"}, TicketField: {"ticket"},
	})
	want := map[string]any{
		"line": "x", "area": "", "few": "", "many": "", "who": "", "multi": []string{"a", "b"}, "yes": true,
		"day": "2026-11-24", "at": "2026-11-24 09:30",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = DecodeForm(dialog(), url.Values{"f-at": {"huomenna klo 14"}})
	if got["yes"] != false || got["at"] != "huomenna klo 14" || len(got["multi"].([]string)) != 0 {
		t.Errorf("an empty form: %v", got)
	}
}

func TestEveryTextIsInEveryLanguage(t *testing.T) {
	c := catalog(t)
	for _, id := range c.IDs() {
		for _, lang := range bot.Langs {
			if strings.HasPrefix(id, "page.form.") && !c.Has(lang, id) {
				t.Errorf("%s is not said in %s", id, lang)
			}
		}
	}
}

// TestNamesAreWrittenWhereChoicesAreTooMany: with what the browser needs to complete them, and what was written kept.
func TestNamesAreWrittenWhereChoicesAreTooMany(t *testing.T) {
	var county []bot.DialogOption
	for i := range bot.MaxListed + 1 {
		county = append(county, bot.DialogOption{Value: fmt.Sprintf("person:p%d", i), Label: fmt.Sprintf("Pirkko Perä%d · Kotihoito", i)})
	}
	with := func(v *FormView) {
		v.Dialog.Fields = []bot.DialogField{
			{Name: "parties", Kind: bot.Multi, Label: "Osapuolet", Required: true, Options: county, Default: []string{"person:p7"}},
			{Name: "no_content", Kind: bot.Multi, Label: "Kenelle ei", Options: county},
			{Name: "person", Kind: bot.Someone, Label: "Kuka", Options: county},
		}
	}
	html := render(t, with)
	for text, times := range map[string]int{
		`<option value="Pirkko Perä7 · Kotihoito">`: 1, // one list for all three
		`list="f-parties-list"`:                     5 + 4 + 1,
		`name="f-parties" type="text" list="f-parties-list" value="Pirkko Perä7 · Kotihoito"`: 1,
		`aria-label="Osapuolet 2"`: 1, `aria-label="Kuka 1"`: 1, `type="checkbox"`: 0, `<select`: 0,
	} {
		if n := strings.Count(html, text); n != times {
			t.Errorf("%d times %s", n, text)
		}
	}
	html = render(t, func(v *FormView) {
		with(v)
		v.Values = map[string]any{"parties": []any{"Pirkko", "", "person:p8"}, "person": "joku"}
		v.Errors = map[string]string{"parties": "Tarkenna"}
	})
	for _, want := range []string{`value="Pirkko"`, `value="Pirkko Perä8 · Kotihoito"`, `value="joku"`, `href="#f-parties"`, `id="f-parties-error"`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
}
