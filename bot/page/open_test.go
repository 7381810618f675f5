package page

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

const cannot = "Sivua ei voi avata"

func TestLinkOpensAFormOnce(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	link := o.link(t, "sanna", "concern.raise")
	v.open("/page/open/"+link).wants(200, "Jatka Luotsissa", "not Uusi huoli")
	door := v.hidden("/page/open")
	if len(o.rows) != 0 || len(v.cookies) != 0 {
		t.Fatalf("looking at the door did something: %v %v", o.rows, v.cookies)
	}
	v.post("/page/open", door).wants(200, "<h1 id=\"form-title\"", "Uusi huoli", "Asiakkaan omin sanoin", "Käyttäjä: sanna")
	v.post("/page/open", door).wants(200, "Uusi huoli") // the button pressed twice
	if len(o.rows) != 1 {
		t.Errorf("pressed twice: %v", o.rows)
	}
	v.opens(link).wants(403, cannot, "not Uusi huoli")
	visit(t, v.h).opens(link).wants(403, cannot)
	o.wait(bot.LinkLife + time.Second)
	v.post("/page/open", door).wants(403, cannot, "not Uusi huoli")
	if got := o.refusals(); len(got) != 3 || got[0].login != "sanna" || got[0].rule != "link_used" {
		t.Errorf("refused: %v", got)
	}
}

func TestExpiredLinkBeginsNoSession(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	link := o.link(t, "sanna", "concern.raise")
	v.open("/page/open/" + link)
	o.wait(bot.LinkLife + time.Second)
	v.send("/page/open").wants(403, cannot, "not ticket")
	if len(v.cookies) != 0 || !slices.Equal(o.refusals(), []row{{"sanna", "concern.raise", "expired_ticket"}}) {
		t.Errorf("cookies %v, refusals %v", v.cookies, o.refusals())
	}
}

func TestAnotherPersonsLinkIsRefusedAndLogged(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	v.opens(o.link(t, "ville", "case.show")).wants(200, "Käyttäjä: ville")
	link := o.link(t, "sanna", "concern.raise")
	v.opens(link).wants(403, cannot, "not Uusi huoli", "not sanna")
	v.open("/page/client/"+link).wants(200, "not "+aino.Name).send("/page/client").wants(403, "Linkkiä ei voi avata", "not "+aino.Name)
	if got := o.refusals(); len(got) != 2 || got[0].login != "ville" || got[0].rule != "not_found" || got[1].login != "ville" {
		t.Errorf("refused: %v", got)
	}
	visit(t, v.h).opens(link).wants(200, "Uusi huoli") // the refusal spent nothing
	v.send("/page/leave")
	if v.status != http.StatusSeeOther || v.head.Get("Location") != "/page/closed?lang=fi" || len(v.cookies) != 0 {
		t.Errorf("leaving: %d %v %v", v.status, v.head, v.cookies)
	}
}

func TestForgedLinksOpenNothing(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	v.open("/page/open/forged").wants(403, cannot, "Sidan kan inte", "cannot be opened")
	v.post("/page/open", url.Values{"link": {"forged"}}).wants(403, cannot)
	v.post("/page/open", nil).wants(403, cannot)
	v.opens(o.link(t, "sanna", "case.show"))
	for _, link := range []string{"", "forged"} {
		v.post("/page/open", url.Values{"link": {link}}).wants(403, cannot)
	}
	if got := o.refusals(); !slices.Equal(got, []row{{"sanna", "", "not_found"}, {"sanna", "", "not_found"}}) {
		t.Errorf("refused: %v", got)
	}
}

func TestMessagesAreShownAsText(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	v.opens(o.link(t, "sanna", "case.show")).wants(200, "<h2>Asia BCD2346-7</h2>", "<blockquote><strong>Asiakas kertoo</strong>",
		"Olen &lt;b&gt;väsynyt", `content="900;url=/page/closed?lang=fi"`)
	o.fault = errors.New("the database is away")
	v.opens(o.link(t, "sanna", "case.show")).wants(500, "Jokin meni vikaan", "Viite ", "not database")
}

// A refusal proves nobody: it says why and where to go, and gives no button that acts in anybody's name.
func TestARefusedOpeningBeginsNoSession(t *testing.T) {
	o := newTown(t)
	o.rule = "wrong_state"
	v := visit(t, o.pages(t, nil))
	v.opens(o.link(t, "sanna", "case.show")).wants(200, "Tätä ei voitu tehdä", "Tämä asia on jo suljettu", `href="/page/print/consent"`, "not ticket", "not sanna")
	if len(v.cookies) != 0 {
		t.Errorf("cookies %v", v.cookies)
	}
	o.rule = ""
	v.opens(o.link(t, "sanna", "case.show"))
	o.rule = "wrong_state"
	v.opens(o.link(t, "sanna", "case.show")).wants(200, "Tätä ei voitu tehdä", `name="ticket"`, "Käyttäjä: sanna")
}

func TestSessionsEnd(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, func(c *Config) { c.Secure = true }))
	v.opens(o.link(t, "sanna", "concern.raise"))
	c := v.cookies["__Host-luotsi-session"]
	if c == nil || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || strings.Contains(c.Value, "sanna") {
		t.Fatalf("the cookie is %+v", c)
	}
	for range 13 { // each use lets it last longer, but not for ever
		o.wait(55 * time.Minute)
		v.post("/page/press", url.Values{"ticket": {"forged"}}).wants(200, "Tätä ei voitu tehdä")
	}
	o.wait(10 * time.Minute)
	v.post("/page/press", url.Values{"ticket": {"forged"}}).wants(403, "Istunto on päättynyt")
	v.cookies["__Host-luotsi-session"].Value = "forged"
	v.post("/page/press", nil).wants(403, "Istunto on päättynyt")
}

func TestOtherSitesSendNothing(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	link := o.link(t, "sanna", "concern.raise")
	for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"} {
		for _, path := range []string{"/page/open", "/page/client", "/page/form", "/page/press", "/page/leave"} {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(url.Values{"link": {link}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(name, value)
			v.do(r).wants(403, cannot)
		}
	}
	if len(o.rows) != 0 || len(v.cookies) != 0 {
		t.Errorf("something came of it: %v %v", o.rows, v.cookies)
	}
}

func TestEveryWorkPageIsGuarded(t *testing.T) {
	o := newTown(t)
	v := visit(t, o.pages(t, nil))
	check := func(scripts bool) {
		t.Helper()
		csp := v.head.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("no %s in %q", want, csp)
			}
		}
		if strings.Contains(csp, "script-src 'self'") != scripts || strings.Contains(csp, "unsafe") {
			t.Errorf("scripts %v by %q", scripts, csp)
		}
		if v.head.Get("Cache-Control") != "no-store" || v.head.Get("Referrer-Policy") != "no-referrer" || v.head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("the head is %v", v.head)
		}
	}
	v.open("/page/open/" + o.link(t, "sanna", "concern.raise"))
	check(false)
	v.send("/page/open")
	check(true)
	v.send("/page/form", "f-basis", "duty")
	check(false)
	v.open("/page/form").wants(404, cannot)
}
