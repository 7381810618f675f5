package sandbox

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// tab is a person looking at the page.
type tab struct {
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	bad []string // what the console complained of
}

// browser starts a browser for the test; each call of the function it returns opens a window in it.
func browser(t *testing.T, w *world) func(path string, width, height int64) *tab {
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
	return func(path string, width, height int64) *tab {
		t.Helper()
		p := &tab{t: t}
		ctx, shut := chromedp.NewContext(first, chromedp.WithListener(p.listen))
		t.Cleanup(shut)
		ctx, expire := context.WithTimeout(ctx, 3*time.Minute)
		t.Cleanup(expire)
		p.ctx = ctx
		size := chromedp.EmulateViewport(width, height)
		if width < 500 {
			size = chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
		}
		p.do(size, chromedp.Navigate(w.server.URL+path))
		p.until(`document.readyState === "complete" && window.htmx`)
		return p
	}
}

func (p *tab) listen(ev any) {
	said := ""
	switch ev := ev.(type) {
	case *log.EventEntryAdded:
		said = ev.Entry.Text
	case *runtime.EventExceptionThrown:
		said = ev.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		said = fmt.Sprintf("console.%s", ev.Type)
		for _, a := range ev.Args {
			said += " " + string(a.Value)
		}
	}
	if said != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.bad = append(p.bad, said)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.shot("failed")
		p.t.Fatal(err)
	}
}

// until waits for a condition of the page, also over a change of pages.
func (p *tab) until(condition string) {
	p.t.Helper()
	poll := chromedp.Poll[bool]("!!("+condition+")", chromedp.WithPollingTimeout(time.Minute))
	_, err := chromedp.Run(p.ctx, poll)
	for err != nil && p.ctx.Err() == nil && (strings.Contains(err.Error(), "context") || strings.Contains(err.Error(), "navigat")) {
		_, err = chromedp.Run(p.ctx, poll)
	}
	if err != nil {
		p.shot("failed")
		p.t.Fatalf("waiting for %s: %v; console: %q", condition, err, p.bad)
	}
}

func (p *tab) untilText(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))", selector, text))
}

func (p *tab) is(what, expression string) {
	p.t.Helper()
	ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
	if err != nil || !ok {
		p.t.Errorf("%s: not so (%s) %v", what, expression, err)
	}
}

func (p *tab) press(keys string) { p.t.Helper(); p.do(chromedp.KeyEvent(keys)) }

// write types a line and sends it. A browser under load may let go of keys that come in the same moment as a dialog closes,
// faster than any person's: the line is typed until it stands there.
func (p *tab) write(line string) {
	p.t.Helper()
	stands := fmt.Sprintf(`document.getElementById("text").value === %q`, line)
	for range 5 {
		p.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("text").select()`), chromedp.KeyEvent(line))
		if there, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](stands)); err != nil || there {
			break
		}
	}
	p.is("the line stands there", stands)
	p.press(kb.Enter)
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// shot keeps a picture where LUOTSI_SHOTS says, for people to look at.
func (p *tab) shot(name string) {
	dir := os.Getenv("LUOTSI_SHOTS")
	if dir == "" {
		return
	}
	settled := `document.getAnimations().every(a => a.playState === "finished")`
	_, _ = chromedp.Run(p.ctx, chromedp.Poll[bool](settled, chromedp.WithPollingTimeout(2*time.Second)))
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o600)
	}
	if err != nil {
		p.t.Log("picture: ", err)
	}
}

// nameless lists what a screen reader could not name: fields without a label, buttons and links without words.
const nameless = `[...document.querySelectorAll("input:not([type=hidden]),select,textarea,button,a[href],summary,[role=listbox],dialog,nav,[role=log]")].filter(e => {
	const by = e.getAttribute("aria-labelledby");
	if (e.getAttribute("aria-label") || by && (e.matches("dialog:not([open])") || document.getElementById(by)?.textContent.trim())) return false;
	if (e.labels) return ![...e.labels].some(l => l.textContent.trim()) && !(e.matches("button") && e.textContent.trim());
	return !e.textContent.trim();
}).map(e => e.outerHTML.slice(0, 120)).join("\n")`

// sound checks what must hold of the page at any time.
func (p *tab) sound() {
	p.t.Helper()
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](nameless))
	if err != nil || found != "" {
		p.t.Errorf("without a name: %s %v", found, err)
	}
	p.is("the page has a language", `document.documentElement.lang.length === 2`)
	p.is("every id stands once", `(ids => new Set(ids).size === ids.length)([...document.querySelectorAll("[id]")].map(e => e.id))`)
	p.is("nothing is said in code", `!document.body.textContent.includes("⟦sandbox") && !document.body.textContent.includes("⟦page")`)
	p.is("nothing sticks out sideways", `document.documentElement.scrollWidth <= window.innerWidth`)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, said := range p.bad {
		p.t.Errorf("console: %s", said)
	}
}
