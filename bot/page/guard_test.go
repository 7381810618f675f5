package page

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

func fullName(_ context.Context, login string) string {
	return map[string]string{"sanna": "Sanna <Korpi>", "ville": "Ville Laine"}[login]
}

// Somebody who is sent another person's link must be able to notice it, before and after.
func TestEveryPageSaysWhoseItIs(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, func(c *Config) { c.Name = fullName }))
	v.open("/page/open/"+o.link(t, "sanna", "concern.raise")).
		wants(200, "Tämä linkki on tehty henkilölle Sanna &lt;Korpi&gt;. Avaa se vain, jos se olet sinä.")
	v.send("/page/open").wants(200, "Käyttäjä: Sanna &lt;Korpi&gt;")
	v.send("/page/form", "f-own_view", typedWords).wants(422, "Käyttäjä: Sanna &lt;Korpi&gt;")
	v.send("/page/form", "f-basis", "duty").wants(200, "Käyttäjä: Sanna &lt;Korpi&gt;")
	link := o.link(t, "ville", "case.show")
	v.open("/page/client/"+link).wants(200, "henkilölle Ville Laine").send("/page/client").
		wants(403, "Käyttäjä: Sanna &lt;Korpi&gt;", "not "+aino.Name)
	visit(t, v.h).open("/page/client/"+link).send("/page/client").wants(200, aino.Name, "Käyttäjä: Ville Laine", "not Kirjaudu ulos")
	v.open("/page/client/"+o.link(t, "sanna", "case.show")).send("/page/client").wants(200, aino.Name, "Käyttäjä: Sanna &lt;Korpi&gt;", "Kirjaudu ulos")
	if !strings.Contains(v.head.Get("Content-Security-Policy"), "form-action 'self'") {
		t.Error("the session cannot be ended from a client's page")
	}
	v.open("/page/client/forged").wants(403, "Linkkiä ei voi avata")
}

func TestAClosedPersonLosesThePageAtOnce(t *testing.T) {
	o := newTown(t)
	closed, fault := false, error(nil)
	h := o.pages(t, func(c *Config) {
		c.Active = func(_ context.Context, login string) (bool, error) { return login == "sanna" && !closed, fault }
	})
	const gone = "Pääsysi Luotsiin on suljettu"
	for name, ask := range map[string]func(*visitor){
		"the door": func(v *visitor) { v.open("/page/open/" + o.link(t, "sanna", "case.show")) },
		"a client": func(v *visitor) {
			v.post("/page/client", map[string][]string{"link": {o.link(t, "sanna", "case.show")}})
		},
		"a link":     func(v *visitor) { v.post("/page/open", map[string][]string{"link": {o.link(t, "sanna", "case.show")}}) },
		"the form":   func(v *visitor) { v.send("/page/form", "f-own_view", typedWords) },
		"a button":   func(v *visitor) { v.post("/page/press", nil) },
		"the drafts": func(v *visitor) { v.open("/page/resume/forged") },
	} {
		closed, fault = false, nil
		v := visit(t, h).opens(o.link(t, "sanna", "concern.raise")).wants(200, "Uusi huoli")
		form, before := v.body, len(o.rows)
		fault = errors.New("the database is away")
		if ask(v); v.status != 500 || len(v.cookies) != 1 {
			t.Errorf("%s: status %d, cookies %v while nobody knows", name, v.status, v.cookies)
		}
		v.body, closed, fault = form, true, nil
		ask(v)
		if v.wants(403, gone, "not jaksa", "not Uusi huoli", "not "+aino.Name); len(v.cookies) != 0 || len(o.rows) != before {
			t.Errorf("%s: cookies %v, done %v", name, v.cookies, o.rows[before:])
		}
	}
}

// A panic's value may hold what somebody wrote.
func TestAPanicIsAFaultWithoutItsValue(t *testing.T) {
	o := newTown(t)
	var log bytes.Buffer
	h := o.pages(t, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.Handle = func(context.Context, bot.Request) (bot.Answer, error) { panic("secret words") }
		c.Units = func(context.Context) ([]string, error) { panic(http.ErrAbortHandler) }
	})
	visit(t, h).opens(o.link(t, "sanna", "case.show")).wants(500, "Jokin meni vikaan", "Något gick fel", "Viite ", "not secret")
	if said := log.String(); !strings.Contains(said, "panic of type string") || !strings.Contains(said, "reference=") || strings.Contains(said, "secret") {
		t.Errorf("logged %s", said)
	}
	defer func() {
		if recover() != http.ErrAbortHandler { //nolint:errorlint // it is this very value
			t.Error("the server was not told to let go of the connection")
		}
	}()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, consentPath, nil))
}

func TestAnOldPagePressedAgainIsJudgedAnew(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil).send("/page/form", "f-basis", "duty").wants(200, "Näytä asia")
	button := v.hidden("/page/press")
	v.post("/page/press", button).wants(200, "väsynyt")
	o.rule = "wrong_state"
	o.wait(minutesSaid * time.Minute)
	before := len(o.rows)
	if v.post("/page/press", button).wants(200, "väsynyt"); len(o.rows) != before {
		t.Errorf("pressed twice: %v", o.rows[before:])
	}
	o.wait(time.Second)
	v.post("/page/press", button).wants(200, "Tätä ei voitu tehdä", "not väsynyt")
	o.rule = ""
	button.Set("try", "made up")
	for range 2 {
		v.post("/page/press", button).wants(200, "väsynyt")
	}
	if len(o.rows) != before+3 {
		t.Errorf("done: %v", o.rows[before:])
	}
}

// Whoever only has somebody's form writes nothing in that person's name.
func TestAFormFromABrowserWithoutItsPersonKeepsNothing(t *testing.T) {
	o := newTown(t)
	v := formFor(t, o, nil)
	form := v.hidden("/page/form")
	form.Set("f-own_view", typedWords)
	nothing := func(who string, v *visitor) {
		t.Helper()
		before := len(o.rows)
		v.post("/page/form", form).wants(403, "Lomaketta ei otettu vastaan", "uuden linkin", "not jaksa")
		if len(o.rows) != before || len(o.drafts) != 0 {
			t.Errorf("%s: done %v, kept %v", who, o.rows[before:], o.drafts)
		}
	}
	nothing("nobody", visit(t, v.h))
	other := visit(t, v.h).opens(o.link(t, "ville", "case.show"))
	left := visit(t, v.h).opens(o.link(t, "sanna", "case.show"))
	left.send("/page/leave")
	nothing("who left", left)
	o.wait(sessionLife + time.Second)
	nothing("another, over", other)
	v.post("/page/form", form).wants(403, "kirjoittamasi on tallessa")
	clear(o.drafts)
	o.wait(bot.FormLife)
	nothing("long over", v)
}
