package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
)

// signing is a town whose people sign in.
func signing(t *testing.T) (*town, *provider, *visitor) {
	t.Helper()
	o := newTown(t)
	p := newProvider(t, o.clock)
	p.who = map[string]any{"email": "sanna@example.org", "email_verified": true}
	return o, p, visit(t, o.pages(t, func(c *Config) { c.SignIn = p.signIn() }))
}

// follow opens where the visitor was sent on to.
func (v *visitor) follow() *visitor {
	v.t.Helper()
	if v.status != http.StatusSeeOther {
		v.t.Fatalf("status %d, not sent on:\n%s", v.status, v.body)
	}
	return v.open(v.head.Get("Location"))
}

func TestSignInComesBeforeTheForm(t *testing.T) {
	o, p, v := signing(t)
	link := o.link(t, "sanna", "concern.raise")
	v.open("/page/open/" + link)
	if v.status != http.StatusSeeOther || strings.Contains(v.body, "door") {
		t.Fatalf("status %d", v.status)
	}
	p.through(v)
	if got := v.head.Get("Location"); got != "/page/open/"+link || len(v.cookies) != 1 {
		t.Fatalf("sent on to %q with %v", got, v.cookies)
	}
	v.follow().wants(200, "Jatka Luotsissa").send("/page/open").wants(200, "Uusi huoli")
	v.send("/page/form", "f-basis", "duty").wants(200, "Huoli on lähetetty")
	v.open("/page/print/consent").wants(200, "Suostumus")
	visit(t, v.h).open("/page/print/information").wants(200) // papers are for everybody
}

func TestAnotherPersonSignedInIsRefusedAndLogged(t *testing.T) {
	o, p, v := signing(t)
	p.who["email"] = "ville@example.org"
	link := o.link(t, "sanna", "concern.raise")
	p.through(v.open("/page/open/"+link)).follow().send("/page/open").wants(403, cannot, "not Uusi huoli")
	v.open("/page/client/"+link).send("/page/client").wants(403, "Linkkiä ei voi avata", "not "+aino.Name)
	if got := o.refusals(); len(got) != 2 || got[0].login != "ville" || got[1].login != "ville" {
		t.Errorf("refused %v", got)
	}
}

func TestIdentityNeedsSignIn(t *testing.T) {
	o, p, v := signing(t)
	link := o.link(t, "sanna", "case.show")
	v.post("/page/client", map[string][]string{"link": {link}}).wants(403, "Kirjaudu ensin", `href="/page/client/`, "not "+aino.Name)
	v.post("/page/open", map[string][]string{"link": {link}}).wants(403, "Kirjaudu ensin", `href="/page/open/`)
	v.open("/page/client/"+link).wants(303, "not "+aino.Name)
	p.through(v).follow().wants(200, "not "+aino.Name).send("/page/client").wants(200, aino.Name, "Käyttäjä: sanna", "Kirjaudu ulos")
	plain := o.pages(t, nil) // a session of a link alone, from before people signed in
	other := visit(t, plain).opens(o.link(t, "sanna", "case.show"))
	other.h = v.h
	other.open("/page/client/"+link).wants(303, "not "+aino.Name)
	if len(o.refusals()) != 0 {
		t.Errorf("refused %v", o.refusals())
	}
}

func TestSignInBringsBackToTheDraft(t *testing.T) {
	o, p, v := signing(t)
	p.through(v.open("/page/open/" + o.link(t, "sanna", "concern.raise"))).follow().send("/page/open")
	o.wait(sessionLife + time.Second)
	v.send("/page/form", "f-own_view", typedWords).wants(403, "Kirjaudu uudelleen", "not jaksa", "not uusi linkki")
	draft := v.next()
	v.open(draft)
	p.through(v).follow().wants(200, "Uusi huoli", "En &lt;jaksa&gt;")
	p.who["email"] = "ville@example.org"
	other := visit(t, v.h).open(draft)
	p.through(other).follow().wants(403, cannot, "not jaksa")
}

func TestWhoCannotBeProvenIsNotSignedIn(t *testing.T) {
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]func(p *provider){
		"not told":         func(p *provider) { delete(p.who, "email_verified") },
		"not verified":     func(p *provider) { p.who["email_verified"] = false },
		"not, in text":     func(p *provider) { p.who["email_verified"] = "false" },
		"no address":       func(p *provider) { delete(p.who, "email") },
		"another nonce":    func(p *provider) { p.change = func(c map[string]any) { c["nonce"] = "another" } },
		"no nonce":         func(p *provider) { p.change = func(c map[string]any) { delete(c, "nonce") } },
		"another audience": func(p *provider) { p.change = func(c map[string]any) { c["aud"] = "another" } },
		"another issuer":   func(p *provider) { p.change = func(c map[string]any) { c["iss"] = "https://another.example" } },
		"expired":          func(p *provider) { p.change = func(c map[string]any) { c["exp"] = p.now().Add(-time.Hour).Unix() } },
		"another's key":    func(p *provider) { p.signer = stranger },
		"another's address": func(p *provider) {
			p.byToken = true
			p.who["sub"] = "2"
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			o, p, v := signing(t)
			change(p)
			p.through(v.open("/page/open/" + o.link(t, "sanna", "concern.raise")))
			if v.wants(403, "Kirjautuminen ei onnistunut"); len(v.cookies) != 0 {
				t.Errorf("cookies %v", v.cookies)
			}
		})
	}
}

func TestAddressesThatAreFoundElsewhereOrUnknown(t *testing.T) {
	o, p, v := signing(t)
	p.byToken = true
	p.through(v.open("/page/open/"+o.link(t, "sanna", "concern.raise"))).follow().wants(200, "Jatka Luotsissa")
	p.byToken, p.who = false, map[string]any{"email": "nobody@example.org", "email_verified": "true"}
	other := visit(t, v.h)
	p.through(other.open("/page/open/"+o.link(t, "sanna", "concern.raise"))).wants(403, "ei ole Luotsin henkilöluettelossa", "not nobody@")
	if len(other.cookies) != 0 {
		t.Errorf("cookies %v", other.cookies)
	}
}

func TestSignInBelongsToItsBrowserAndHappensOnce(t *testing.T) {
	o, p, v := signing(t)
	first := p.callback(v.open("/page/open/" + o.link(t, "sanna", "concern.raise")))
	second := p.callback(v.open("/page/open/" + o.link(t, "sanna", "concern.raise"))) // in another window
	const no = "Kirjautuminen ei onnistunut"
	visit(t, v.h).open(first.RequestURI()).wants(403, no)
	v.open(first.RequestURI()).wants(303)
	v.open(first.RequestURI()).wants(403, no)
	v.open(second.RequestURI()).wants(303)
}

func TestSignInThatWentWrong(t *testing.T) {
	o, p, _ := signing(t)
	var log bytes.Buffer
	h := o.pages(t, func(c *Config) {
		c.SignIn, c.Log = p.signIn(), slog.New(slog.NewTextHandler(&log, nil))
	})
	const no = "Kirjautuminen ei onnistunut"
	for name, spoil := range map[string]func(q map[string][]string){
		"refused":        func(q map[string][]string) { delete(q, "code"); q["error"] = []string{"access_denied"} },
		"another code":   func(q map[string][]string) { q["code"] = []string{"another"} },
		"another issuer": func(q map[string][]string) { q["iss"] = []string{"https://another.example"} },
		"another state":  func(q map[string][]string) { q["state"] = []string{"another"} },
	} {
		v := visit(t, h)
		back := p.callback(v.open("/page/open/" + o.link(t, "sanna", "concern.raise")))
		q := back.Query()
		spoil(q)
		v.open(back.Path+"?"+q.Encode()).wants(403, no, "Viite ")
		if slices.ContainsFunc(keys(v), func(name string) bool { return strings.Contains(name, "session") }) {
			t.Errorf("%s: signed in", name)
		}
	}
	v := visit(t, h)
	back := p.callback(v.open("/page/open/" + o.link(t, "sanna", "concern.raise")))
	o.wait(signInLife + time.Second)
	v.open(back.RequestURI()).wants(403, no)
	if strings.Contains(log.String(), "@") || !strings.Contains(log.String(), "reference=") {
		t.Errorf("logged %s", log.String())
	}
}

func keys(v *visitor) (names []string) {
	for name := range v.cookies {
		names = append(names, name)
	}
	return names
}

func TestSignInThatIsAwayIsAskedAgain(t *testing.T) {
	o, p, _ := signing(t)
	away := true
	h := o.pages(t, func(c *Config) {
		c.SignIn = p.signIn()
		c.SignIn.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if away {
				return nil, context.DeadlineExceeded
			}
			return http.DefaultTransport.RoundTrip(r)
		})}
	})
	link := o.link(t, "sanna", "concern.raise")
	v := visit(t, h).open("/page/open/"+link).wants(500, "Jokin meni vikaan")
	away = false
	o.wait(failedLife)
	p.through(v.open("/page/open/"+link)).follow().wants(200, "Jatka Luotsissa")
	away = true
	other := visit(t, h)
	other.open(p.callback(other.open("/page/open/"+link)).RequestURI()).wants(500, "Jokin meni vikaan")
}

// However many wait for a sign-in that is away, it is asked once, and for a moment after it failed not again.
func TestASignInThatIsAwayIsAskedOnceForAll(t *testing.T) {
	o, p, _ := signing(t)
	began, held := make(chan struct{}, 100), make(chan struct{})
	in := *p.signIn()
	in.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
		began <- struct{}{}
		<-held
		return nil, context.DeadlineExceeded
	})}
	i := &issuer{SignIn: in, now: o.clock}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, _, err := i.known(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		})
	}
	<-began
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := i.known(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who left is told %v", err)
	}
	close(held)
	all.Wait()
	if _, _, err := i.known(t.Context()); err == nil || len(began) > 0 {
		t.Errorf("asked %d times more: %v", len(began), err)
	}
	o.wait(failedLife)
	if _, _, err := i.known(t.Context()); err == nil || len(began) != 1 {
		t.Errorf("asked %d times after a while, want once: %v", len(began), err)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Pages that were not given what they know people by let nobody in.
func TestHalfWiredPagesAreClosed(t *testing.T) {
	o := newTown(t)
	link := o.link(t, "sanna", "case.show")
	h := serve(t, &links{lang: bot.FI, clients: []Client{aino}}, func(c *Config) { c.SignIn = &SignIn{} })
	v := visit(t, h)
	v.open("/page/client/" + link)
	if v.status < 400 || strings.Contains(v.body, aino.Name) {
		t.Errorf("status %d:\n%s", v.status, v.body)
	}
	v.post("/page/client", map[string][]string{"link": {link}}).wants(403, "not "+aino.Name)
}

// An address of which nothing is said counts only where that is a setting; one said not to be verified never does.
func TestSilenceAboutAnAddressIsTrustedOnlyByASetting(t *testing.T) {
	o, p, _ := signing(t)
	h := o.pages(t, func(c *Config) {
		c.SignIn = p.signIn()
		c.SignIn.TrustEmail = true
	})
	delete(p.who, "email_verified")
	v := visit(t, h)
	p.through(v.open("/page/open/" + o.link(t, "sanna", "concern.raise"))).wants(303)
	p.who["email_verified"] = false
	v = visit(t, h)
	p.through(v.open("/page/open/"+o.link(t, "sanna", "concern.raise"))).wants(403, "Kirjautuminen ei onnistunut")
}

// Where people sign in, a session that a link alone began keeps nothing in anybody's name.
func TestAFormIsKeptOnlyAfterASignIn(t *testing.T) {
	o, _, v := signing(t)
	byLink := formFor(t, o, nil)
	byLink.h = v.h
	o.wait(sessionLife + time.Second)
	byLink.send("/page/form", "f-own_view", typedWords).wants(403, "Lomaketta ei otettu vastaan", "kirjaudu", "not jaksa")
	if len(o.drafts) != 0 {
		t.Errorf("kept %v", o.drafts)
	}
}
