package main

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"luotsi/bot"
	"luotsi/bot/page"
)

// surfer is somebody's browser at Luotsi's own pages.
type surfer struct {
	t      *testing.T
	server *httptest.Server
	client *http.Client
	body   string
}

func (k *talk) surfer() *surfer {
	k.t.Helper()
	c := k.town.county
	server := httptest.NewServer(page.New(page.Config{
		Catalog: c.house.Catalog, Open: openClients(c.house), Handle: c.handle, Now: c.clock.Now,
		Holder: c.house.Tickets.Holder, Sealer: c.house.Tickets.Sealer, Name: nameOf(c.house), Active: c.house.Active,
	}))
	k.t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		k.t.Fatal(err)
	}
	return &surfer{t: k.t, server: server, client: &http.Client{Jar: jar}}
}

func (s *surfer) get(path string) *surfer {
	s.t.Helper()
	return s.do(http.MethodGet, path, nil)
}

func (s *surfer) do(method, path string, fields url.Values) *surfer {
	s.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, s.server.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.body = string(body)
	return s
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// send sends the page's form with what is typed: name and value by turns.
func (s *surfer) send(path string, typed ...string) *surfer {
	s.t.Helper()
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(s.body, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	for i := 0; i+1 < len(typed); i += 2 {
		fields.Add(typed[i], typed[i+1])
	}
	return s.do(http.MethodPost, path, fields)
}

// sees checks what the page says; what begins with "not " it must not say.
func (s *surfer) sees(words ...string) *surfer {
	s.t.Helper()
	for _, w := range words {
		not, absent := strings.CutPrefix(w, "not ")
		if absent && strings.Contains(s.body, not) || !absent && !strings.Contains(s.body, w) {
			s.t.Errorf("want %q in\n%s", w, s.body)
		}
	}
	return s
}

func path(link string) string { return link[strings.Index(link, "/page/"):] }

// TestDraftOutlivesTheSession: a concern begun in a wary chat goes on on the page; an hour later what was typed is kept, shown to
// nobody but its writer, and sent from there once.
func TestDraftOutlivesTheSession(t *testing.T) {
	k := newWary(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	first := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	link := sanna.ask(bot.Request{Submit: first.ID, Part: true, Values: codedOfConcern}).Link
	s := k.surfer().get(path(link)).sees("Jatka Luotsissa", "not Aino").send("/page/open").
		sees(`name="f-own_view"`, `value="client_own_contact" checked`)
	typed := []string{
		"f-basis", "client_own_contact", "f-criteria", "many_contacts", "f-urgency", "normal",
		"f-identity_name", "Aino Marked", "f-identity_contact", "040 marked", "f-own_view", "Marked <words>",
	}
	k.run("clock 2027-02-01 11:00\n")
	s.send("/page/form", typed...).sees("kirjoittamasi on tallessa", "not arked")
	_, rest, _ := strings.Cut(s.body, `href="/page/resume/`)
	resume, _, _ := strings.Cut(rest, `"`)
	s.get("/page/resume/"+resume).sees("kirjoittamasi on tallessa", "not arked")
	// Whatever Sanna opens next from the chat proves her again.
	next := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	s.get(path(sanna.ask(bot.Request{Submit: next.ID, Part: true, Values: codedOfConcern}).Link)).send("/page/open")
	s.get("/page/resume/"+resume).sees("Aino Marked", "Marked &lt;words&gt;")
	s.send("/page/form", typed...).sees("<h1>Valmis</h1>")
	s.get(path(link)).send("/page/open").sees("Sivua ei voi avata")
}

// TestAPageEndsWithItsPersonsAccess: whose access is closed has no page any more, whatever the browser still shows.
func TestAPageEndsWithItsPersonsAccess(t *testing.T) {
	k := newWary(t)
	k.run("clock 2027-02-01 09:00\nsanna: ohje\n")
	sanna := asker{t, k, "sanna"}
	first := sanna.ask(bot.Request{Text: "/huoli"}).Dialog
	link := sanna.ask(bot.Request{Submit: first.ID, Part: true, Values: codedOfConcern}).Link
	house := k.town.county.house
	name := nameOf(house)(t.Context(), "sanna")
	if name == "" || name == "sanna" {
		t.Fatalf("sanna is called %q", name)
	}
	s := k.surfer().get(path(link)).sees("Tämä linkki on tehty henkilölle "+name).send("/page/open").sees("Käyttäjä: "+name, `name="f-own_view"`)
	if err := house.SetDisabled(t.Context(), "sanna", true); err != nil {
		t.Fatal(err)
	}
	s.send("/page/form", "f-own_view", "Marked <words>").sees("Pääsysi Luotsiin on suljettu", "not arked", "not "+name)
	for login, want := range map[string]bool{"paula": true, "sanna": false, "nobody": false} {
		if active, err := house.Active(t.Context(), login); active != want || err != nil {
			t.Errorf("%s: %v, %v", login, active, err)
		}
	}
	if name := nameOf(house)(t.Context(), "nobody"); name != "" {
		t.Errorf("nobody is called %q", name)
	}
}
