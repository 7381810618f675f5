package page

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
)

const typedWords = `En <jaksa> "enää"`

func formFor(t *testing.T, o *town, change func(*Config)) *visitor {
	t.Helper()
	return visit(t, o.pages(t, change)).opens(o.link(t, "sanna", "concern.raise")).wants(200, "Uusi huoli")
}

func TestFormStaysWithEverythingTypedUntilItIsRight(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil)
	v.send("/page/form", "f-own_view", typedWords, "f-seen_at", "joskus").
		wants(422, "2 kohtaa on vielä korjattava", "En &lt;jaksa&gt;", `value="joskus"`, `aria-invalid="true"`, "Käyttäjä: sanna")
	o.fault = errors.New("the database is away")
	v.send("/page/form", "f-own_view", typedWords, "f-basis", "duty").wants(500, "Jokin meni vikaan", "En &lt;jaksa&gt;", "not database")
	o.fault, o.rule = nil, "wrong_state"
	v.send("/page/form", "f-own_view", typedWords, "f-basis", "duty").wants(422, "role=\"alert\"", "Tämä asia on jo suljettu", "En &lt;jaksa&gt;", `value="duty" checked`)
	o.rule = ""
	again := v.hidden("/page/form")
	again.Set("f-own_view", typedWords)
	again.Set("f-basis", "duty")
	v.post("/page/form", again).wants(200, "<h1>Valmis</h1>", "Huoli on lähetetty", "BCD2346-7", "En &lt;jaksa&gt;", "Näytä asia")
	done := v.body
	v.post("/page/form", again).wants(200, "Huoli on lähetetty") // the same again does nothing more
	again.Set("f-own_view", "muuta")
	v.post("/page/form", again).wants(422, "muuta", `role="alert"`)
	want := []map[string]any{{"own_view": typedWords, "basis": "duty", "identity_code": "", "seen_at": ""}}
	if diff := cmp.Diff(want, o.sent); diff != "" {
		t.Error(diff)
	}
	v.body = done
	button, before := v.hidden("/page/press"), len(o.rows)
	v.post("/page/press", button).wants(200, "Olen &lt;b&gt;väsynyt")
	v.post("/page/press", button).wants(200, "Olen &lt;b&gt;väsynyt")
	if len(o.rows) != before+1 {
		t.Errorf("pressed twice: %v", o.rows[before:])
	}
}

// What travels with a form can be read by nobody, and holds nothing that was answered before, also not of a draft.
func TestFormCarriesNothingReadable(t *testing.T) {
	o := newTown(t)
	p := pages{Config: Config{Sealer: o.bot.Tickets.Sealer}}
	v := formFor(t, o, nil).send("/page/form", "f-own_view", typedWords)
	o.wait(sessionLife + time.Second)
	v.send("/page/form", "f-own_view", typedWords)
	draft := v.next()
	v.opens(o.link(t, "sanna", "case.show")).open(draft).wants(200, "jaksa")
	sealed := v.hidden("/page/form").Get(SealedField)
	var f sentForm
	if !p.unseal("form", sealed, &f) || f.Login != "sanna" || len(f.Dialog.Fields) != 4 {
		t.Fatalf("sealed: %+v", f)
	}
	for _, field := range f.Dialog.Fields {
		if field.Default != nil {
			t.Errorf("%s carries %v", field.Name, field.Default)
		}
	}
	if p.unseal("session", sealed, &f) || p.unseal("form", sealed[:len(sealed)-4]+"AAAA", &f) {
		t.Error("a form opens as something else, or changed")
	}
}

func TestForgedAndOthersFormsAreRefusedAndLogged(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil)
	good := v.hidden("/page/form")
	good.Set("f-basis", "duty")
	other := visit(t, v.h).opens(o.link(t, "ville", "case.show"))
	other.post("/page/form", good).wants(403, cannot)
	for name, value := range map[string]string{SealedField: "forged", TicketField: "forged"} {
		bad := url.Values{}
		for k, vs := range good {
			bad[k] = slices.Clone(vs)
		}
		bad.Set(name, value)
		v.post("/page/form", bad).wants(403, cannot)
		visit(t, v.h).post("/page/form", bad).wants(403, cannot)
	}
	v.post("/page/form", nil).wants(403, cannot)
	want := []row{{"ville", "", "not_found"}, {"sanna", "", "not_found"}, {"sanna", "", "not_found"}, {"sanna", "", "not_found"}}
	if got := o.refusals(); !slices.Equal(got, want) || len(o.sent) != 0 || len(o.drafts) != 0 {
		t.Errorf("refused %v, sent %v, kept %v", got, o.sent, o.drafts)
	}
	v.post("/page/form", url.Values{"f": {strings.Repeat("x", formBody)}}).wants(400, cannot)
	v.post("/page/form", good).wants(200, "Valmis")
}

func TestWhatWasTypedIsKeptWhenTheSessionIsOver(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil)
	o.wait(sessionLife + time.Second)
	v.send("/page/form", "f-own_view", typedWords, "f-seen_at", "joskus").
		wants(403, "kirjoittamasi on tallessa", "Jokin vastaus oli virheellinen", "not jaksa", "not joskus", "not Uusi huoli")
	draft := v.next()
	if len(o.sent) != 0 {
		t.Fatal("sent")
	}
	v.open(draft).wants(403, "kirjoittamasi on tallessa", "not jaksa")
	visit(t, v.h).opens(o.link(t, "ville", "case.show")).open(draft).wants(403, cannot, "Kirjaudu ulos", "not jaksa")
	v.open("/page/resume/forged").wants(403, cannot)
	v.opens(o.link(t, "sanna", "case.show"))
	v.open(draft).wants(200, "Uusi huoli", "En &lt;jaksa&gt;", "not joskus")
	v.send("/page/form", "f-own_view", typedWords, "f-basis", "agrees").wants(200, "Huoli on lähetetty")
	if len(o.sent) != 1 {
		t.Errorf("sent %v", o.sent)
	}
}

func TestAWholeDraftIsSaidToBeWhole(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil)
	o.wait(sessionLife + time.Second)
	v.send("/page/form", "f-own_view", typedWords).wants(403, "kirjoittamasi on tallessa", "not Jokin vastaus")
	o = newTown(t)
	v = formFor(t, o, nil)
	o.wait(sessionLife + time.Second)
	v.send("/page/form", "f-own_view", "tunnus 010150-9012").wants(403, "Jokin vastaus oli virheellinen")
	for _, kept := range o.drafts {
		if strings.Contains(string(kept), "9012") {
			t.Errorf("kept %s", kept)
		}
	}
	o.wait(bot.FormLife)
	v = formFor(t, o, nil)
	o.wait(bot.FormLife + time.Second)
	v.send("/page/form", "f-own_view", typedWords).wants(403, "Lomaketta ei voitu ottaa vastaan", "not jaksa", "not resume")
}
