package page

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"luotsi/bot"
)

const loaded = `document.readyState === "complete" && `

// press clicks what a selector finds and waits for the page that comes.
func press(t *testing.T, ctx context.Context, selector, then string) {
	t.Helper()
	ask(t, ctx, chromedp.Evaluate[bool](`window.left = true`))
	act(t, ctx, chromedp.Click(selector))
	until(t, ctx, `!window.left && `+loaded+`document.querySelector("h1")?.innerText.includes("`+then+`")`)
}

// fits checks that a page is not wider than its window and that its style sheet was let in.
func fits(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if over := ask(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
		t.Errorf("%s: %d px too wide", name, over)
	}
	if got := ask(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).margin`)); got != "0px" {
		t.Errorf("%s: no style sheet", name)
	}
	shot(t, ctx, name)
}

func shown(t *testing.T, ctx context.Context) string {
	t.Helper()
	return ask(t, ctx, chromedp.Evaluate[string](`document.body.innerText`))
}

func withoutScripts(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}

// fill goes from a link over a fault to the end.
func fill(t *testing.T, ctx context.Context, o *town, url, name string) {
	t.Helper()
	link := url + "/page/open/" + o.link(t, "sanna", "concern.raise")
	act(t, ctx, chromedp.Navigate(link))
	fits(t, ctx, "door-"+name)
	press(t, ctx, `main button`, "Uusi huoli")
	fits(t, ctx, "form-"+name)
	act(t, ctx, chromedp.SendKeys(`#f-own_view`, "Olen väsynyt <b>."))
	press(t, ctx, `.form-foot button`, "Uusi huoli")
	fits(t, ctx, "faults-"+name)
	if kept := ask(t, ctx, chromedp.Evaluate[string](`document.querySelector("#f-own_view").value`)); kept != "Olen väsynyt <b>." {
		t.Errorf("%s: kept %q", name, kept)
	}
	act(t, ctx, chromedp.Click(`input[value="agrees"]`))
	press(t, ctx, `.form-foot button`, "Valmis")
	fits(t, ctx, "done-"+name)
	if words := shown(t, ctx); !strings.Contains(words, "BCD2346-7") || !strings.Contains(words, "Olen väsynyt <b>.") {
		t.Errorf("%s: the end says %q", name, words)
	}
	press(t, ctx, `.post button`, "Luotsi kertoo")
	fits(t, ctx, "message-"+name)
	act(t, ctx, chromedp.Navigate(link))
	press(t, ctx, `main button`, cannot)
	fits(t, ctx, "used-"+name)
}

func TestAFormFromLinkToEndInABrowser(t *testing.T) {
	o := newTown(t)
	server := httptest.NewServer(o.pages(t, func(c *Config) {
		c.Name = func(context.Context, string) string { return "Sanna-Kaarina Pitkänen-Esimerkki" } // long names fit phones too
	}))
	t.Cleanup(server.Close)
	window := browser(t)
	for name, width := range map[string]int64{"wide": 1280, "phone": 390} {
		ctx := window(width, 800)
		fill(t, ctx, o, server.URL, name)
	}
	if len(o.sent) != 2 || len(o.refusals()) != 2 {
		t.Errorf("sent %v, refused %v", o.sent, o.refusals())
	}
}

func TestAFormWithoutScripts(t *testing.T) {
	o := newTown(t)
	server := httptest.NewServer(o.pages(t, nil))
	t.Cleanup(server.Close)
	ctx := browser(t)(390, 800)
	act(t, ctx, withoutScripts, chromedp.Navigate(server.URL+"/page/open/"+o.link(t, "sanna", "concern.raise")))
	// What the browser itself is asked works without the page's own scripts.
	for _, step := range []struct{ click, then string }{
		{`main button`, `#f-own_view`},
		{`.form-foot button`, `.faulty`},
		{`input[value="duty"]`, `input[value="duty"]:checked`},
		{`.form-more summary`, `.form-more[open]`},
		{`.form-foot button`, `.post`},
	} {
		act(t, ctx, chromedp.Click(step.click), chromedp.WaitReady(step.then))
		shot(t, ctx, "plain-"+strings.Trim(strings.NewReplacer(" ", "", ":", "-", `"`, "", "[", "", "]", "", "=", "").Replace(step.then), ".#"))
	}
	if len(o.sent) != 1 {
		t.Errorf("sent %v", o.sent)
	}
}

func TestStolenExpiredAndEndedInABrowser(t *testing.T) {
	o := newTown(t)
	server := httptest.NewServer(o.pages(t, nil))
	t.Cleanup(server.Close)
	window := browser(t)
	for name, width := range map[string]int64{"wide": 1280, "phone": 390} {
		ctx := window(width, 800)
		open := func(login, command, then string) {
			t.Helper()
			act(t, ctx, chromedp.Navigate(server.URL+"/page/open/"+o.link(t, login, command)))
			press(t, ctx, `main button`, then)
		}
		open("ville", "case.show", "Luotsi kertoo")
		open("sanna", "concern.raise", cannot)
		fits(t, ctx, "stolen-"+name)
		press(t, ctx, `.leave button`, "Sivu on suljettu")
		act(t, ctx, chromedp.Navigate(server.URL+"/page/open/"+o.link(t, "sanna", "concern.raise")))
		o.wait(bot.LinkLife + time.Second)
		press(t, ctx, `main button`, cannot)
		open("sanna", "concern.raise", "Uusi huoli")
		act(t, ctx, chromedp.SendKeys(`#f-own_view`, "salainen"))
		o.wait(sessionLife + time.Second)
		press(t, ctx, `.form-foot button`, "kirjoittamasi on tallessa")
		fits(t, ctx, "kept-"+name)
		if words := shown(t, ctx); strings.Contains(words, "salainen") {
			t.Errorf("%s: shows %q", name, words)
		}
		ask(t, ctx, chromedp.Evaluate[bool](`(sessionStorage.draft = document.querySelector(".doing a").href, true)`))
		open("sanna", "case.show", "Luotsi kertoo")
		ask(t, ctx, chromedp.Evaluate[bool](`(location.href = sessionStorage.draft, true)`))
		until(t, ctx, loaded+`document.querySelector("#f-own_view")?.value === "salainen"`)
		press(t, ctx, `.leave button`, "Sivu on suljettu")
		ask(t, ctx, chromedp.Evaluate[bool](`(history.back(), true)`))
		until(t, ctx, loaded+`location.pathname !== "/page/closed"`)
		if words := shown(t, ctx); strings.Contains(words, "salainen") || ask(t, ctx, chromedp.Evaluate[bool](`document.querySelector("#f-own_view") !== null`)) {
			t.Errorf("%s: going back shows %q", name, words)
		}
	}
}
