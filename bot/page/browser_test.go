package page

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"luotsi/bot"
)

// browser starts a browser for the test; each call of the function it returns opens a window in it.
func browser(t *testing.T) func(width, height int64) context.Context {
	t.Helper()
	quiet := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	for _, flag := range []string{
		"disable-background-networking", "disable-component-update", "disable-sync", "no-first-run", "disable-quic", "disable-gpu",
	} {
		quiet = append(quiet, chromedp.Flag(flag, true))
	}
	alloc, stop := chromedp.NewExecAllocator(t.Context(), quiet...)
	t.Cleanup(stop)
	first, closeAll := chromedp.NewContext(alloc)
	t.Cleanup(closeAll)
	if err := chromedp.Do(first, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal("starting the browser: ", err)
	}
	return func(width, height int64) context.Context {
		ctx, shut := chromedp.NewContext(first)
		t.Cleanup(shut)
		ctx, expire := context.WithTimeout(ctx, 60*time.Second)
		t.Cleanup(expire)
		size := chromedp.EmulateViewport(width, height)
		if width < 500 {
			size = chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
		}
		act(t, ctx, size)
		return ctx
	}
}

func act(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[V any](t *testing.T, ctx context.Context, a chromedp.Action[V]) V {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// until waits for a condition, also over a change of pages.
func until(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	wait := chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(time.Minute))
	_, err := chromedp.Run(ctx, wait)
	for err != nil && ctx.Err() == nil && (strings.Contains(err.Error(), "navigated") || strings.Contains(err.Error(), "context")) {
		_, err = chromedp.Run(ctx, wait)
	}
	if err != nil {
		t.Fatalf("waiting for %s: %v", condition, err)
	}
}

// keep leaves a picture or a print where LUOTSI_SHOTS says, for people to look at.
func keep(t *testing.T, name string, data []byte) {
	t.Helper()
	if dir := os.Getenv("LUOTSI_SHOTS"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if os.Getenv("LUOTSI_SHOTS") != "" {
		keep(t, name+".png", ask(t, ctx, chromedp.FullScreenshot(100)))
	}
}

func TestPagesFitEveryWindow(t *testing.T) {
	l := &links{lang: bot.FI, clients: []Client{aino}}
	server := httptest.NewServer(serve(t, l, nil))
	t.Cleanup(server.Close)
	window := browser(t)
	for name, width := range map[string]int64{"wide": 1280, "phone": 390} {
		ctx := window(width, 800)
		for _, v := range []struct{ name, path, heading string }{
			{"client-door", "/page/client/" + name, "Jatka Luotsissa"},
			{"client", "/page/client/" + name, "Asiakkaan tiedot"},
			{"refused", "/page/client/" + name, "Linkkiä ei voi avata"},
			{"many", "/page/client/many-" + name, "Omat asiakkaat"},
			{"consent", consentPath + "?lang=fi", "Suostumus yhteistyöhön"},
			{"information", informationPath + "?lang=sv", "Information om samarbetet"},
		} {
			l.clients = []Client{aino}
			if v.name == "many" {
				l.clients = []Client{aino, veikko}
			}
			act(t, ctx, chromedp.Navigate(server.URL+v.path))
			if strings.HasPrefix(v.path, "/page/client/") && v.name != "client-door" {
				press(t, ctx, `main button`, v.heading)
			}
			if got := ask(t, ctx, chromedp.Evaluate[string](`document.querySelector("h1").innerText`)); got != v.heading {
				t.Errorf("%s, %s: the heading is %q", v.name, name, got)
			}
			if over := ask(t, ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`)); over > 0 {
				t.Errorf("%s, %s: %d px too wide", v.name, name, over)
			}
			if got := ask(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).margin`)); got != "0px" {
				t.Errorf("%s, %s: the style sheet was not let in", v.name, name)
			}
			shot(t, ctx, v.name+"-"+name)
		}
	}
}

// hurry makes the pages close themselves after two seconds instead of minutes; after one, browsers keep no way back.
func hurry(h http.Handler) http.Handler {
	long := regexp.MustCompile(`http-equiv="refresh" content="\d+;`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		said := httptest.NewRecorder()
		h.ServeHTTP(said, r)
		for name, values := range said.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(said.Code)
		_, _ = io.WriteString(w, long.ReplaceAllString(said.Body.String(), `http-equiv="refresh" content="2;`))
	})
}

func TestPageEmptiesItselfForGood(t *testing.T) {
	server := httptest.NewServer(hurry(serve(t, &links{lang: bot.FI, clients: []Client{aino}}, nil)))
	t.Cleanup(server.Close)
	ctx := browser(t)(1280, 800)
	act(t, ctx, chromedp.Navigate(server.URL+"/page/client/x"))
	press(t, ctx, `main button`, "Asiakkaan tiedot")
	if words := ask(t, ctx, chromedp.Evaluate[string](`document.body.innerText`)); !strings.Contains(words, aino.Name) {
		t.Fatalf("the page shows %q", words)
	}
	until(t, ctx, `location.pathname === "/page/closed" && document.readyState === "complete"`)
	// The browser kept nothing of what came after a button: it says so instead, or asks whether to press again.
	if err := chromedp.Do(ctx, chromedp.NavigateBack()); err != nil && !strings.Contains(err.Error(), "ERR_CACHE_MISS") {
		t.Fatal("going back: ", err)
	}
	if words := shown(t, ctx); strings.Contains(words, "Esimerkki") {
		t.Errorf("going back shows %q", words)
	}
	act(t, ctx, chromedp.Navigate(server.URL+"/page/client/x"))
	press(t, ctx, `main button`, "Linkkiä ei voi avata")
}

// pageCount finds how many pages a printed document says it has.
var pageCount = regexp.MustCompile(`/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b`)

func TestPapersPrintOnTwoSheets(t *testing.T) {
	count := 0
	server := httptest.NewServer(serve(t, &links{}, func(c *Config) { c.Units = manyUnits(&count) }))
	t.Cleanup(server.Close)
	ctx := browser(t)(1280, 800)
	for _, lang := range bot.Langs {
		for name, path := range map[string]string{
			"consent": consentPath, "consent-full": consentPath, "consent-long": consentPath, "information": informationPath,
		} {
			count = map[string]int{"consent": 6, "consent-full": mostUnits, "consent-long": mostUnits + 1}[name]
			act(t, ctx, chromedp.Navigate(fmt.Sprintf("%s%s?lang=%s", server.URL, path, lang)))
			printed := ask(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
			keep(t, fmt.Sprintf("%s-%s.pdf", name, lang), printed)
			found := pageCount.FindSubmatch(printed)
			if found == nil || string(found[1])+string(found[2]) != "2" {
				t.Errorf("%s in %s: pages %q, want 2", name, lang, found)
			}
		}
	}
}

func TestPrintingAClientPrintsNobody(t *testing.T) {
	server := httptest.NewServer(serve(t, &links{lang: bot.FI, clients: []Client{aino}}, nil))
	t.Cleanup(server.Close)
	ctx := browser(t)(1280, 800)
	act(t, ctx, chromedp.Navigate(server.URL+"/page/client/x"))
	press(t, ctx, `main button`, "Asiakkaan tiedot")
	before := ask(t, ctx, chromedp.Evaluate[bool](`document.querySelector(".identity").checkVisibility()`))
	act(t, ctx, func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return chromedp.Void{}, err
	})
	printed := ask(t, ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if !before || strings.Contains(printed, aino.Name) || !strings.Contains(printed, "ei tulosteta") {
		t.Errorf("on screen %v, in print %q", before, printed)
	}
}
