package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// window is one person's browser window. It counts what the person does with it.
type window struct {
	t    *testing.T
	ctx  context.Context
	name string
	taps int
	keys int
}

// openBrowser starts a browser for the test; each call of what it returns opens a window of a person in a room.
func openBrowser(t *testing.T, w *town, wide, high int64) func(as, room string) *window {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)
	for _, flag := range []string{
		"disable-background-networking", "disable-component-update", "disable-sync", "no-first-run", "disable-quic", "disable-gpu",
	} {
		options = append(options, chromedp.Flag(flag, true))
	}
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	first, closeAll := chromedp.NewContext(alloc)
	t.Cleanup(closeAll)
	if err := chromedp.Do(first, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal("starting the browser: ", err)
	}
	size := chromedp.EmulateViewport(wide, high)
	if wide < 500 {
		size = chromedp.EmulateViewport(wide, high, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	return func(as, room string) *window {
		t.Helper()
		ctx, shut := chromedp.NewContext(first)
		t.Cleanup(shut)
		ctx, expire := context.WithTimeout(ctx, 90*time.Second)
		t.Cleanup(expire)
		p := &window{t: t, ctx: ctx, name: fmt.Sprintf("%s-%d", as, wide)}
		p.do(size, chromedp.Navigate(w.server.URL+"/?as="+as+"&room="+room))
		p.until(`document.readyState === "complete" && window.htmx`)
		return p
	}
}

func (p *window) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s: %v\n%s", p.name, err, p.text())
	}
}

// until waits for a condition of the page.
func (p *window) until(condition string) {
	p.t.Helper()
	poll := chromedp.Poll[bool]("!!("+condition+")", chromedp.WithPollingTimeout(time.Minute))
	if _, err := chromedp.Run(p.ctx, poll); err != nil {
		p.shot("failed")
		p.t.Fatalf("%s waits for %s: %v\n%s", p.name, condition, err, p.text())
	}
}

// sees waits until the conversation holds the text.
func (p *window) sees(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.getElementById("log").textContent.includes(%q)`, text))
}

func (p *window) text() string {
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// says types a line and sends it.
func (p *window) says(line string) {
	p.t.Helper()
	p.types("#text", line)
	p.press("Lähetä")
}

func (p *window) types(selector, text string) {
	p.t.Helper()
	p.taps++
	p.keys += len([]rune(text))
	p.do(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible), chromedp.SendKeys(chromedp.CSS(selector), text))
}

// calm is a conversation in which nothing has moved for a moment: a click on what is just moving away meets something else.
const calm = `(() => {
	const log = document.getElementById("log"), now = performance.now(), looks = log ? log.innerHTML.length + ":" + log.scrollTop : ""
	if (window.looked !== looks) { window.looked = looks; window.lookedAt = now }
	return now - window.lookedAt > 150
})()`

// press presses the newest button with those words that can be seen, of the open dialog if there is one.
func (p *window) press(label string) {
	p.t.Helper()
	p.taps++
	within := ""
	if open, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](`document.getElementById("dialog").open`)); err == nil && open {
		within = "#dialog"
	}
	p.until(fmt.Sprintf(`(b => b && (!b.form || b.form["htmx-internal-data"]))([...document.querySelectorAll(%q)].filter(b => b.textContent.trim() === %q).at(-1))`,
		within+" button", label))
	p.until(calm)
	p.do(chromedp.Click(fmt.Sprintf(`(%s//button[normalize-space()=%q])[last()]`, strings.Replace(within, "#dialog", "//dialog", 1), label), chromedp.NodeVisible))
}

// opens presses a button that opens a form, and waits for the form. Like anybody it presses again when nothing has come of it.
func (p *window) opens(label, title string) {
	p.t.Helper()
	p.press(label)
	for range 5 {
		poll := chromedp.Poll[bool](`document.getElementById("dialog").open`, chromedp.WithPollingTimeout(10*time.Second))
		if _, err := chromedp.Run(p.ctx, poll); err == nil {
			break
		}
		p.press(label)
		p.taps-- // a person's taps are counted, not a slow machine's
	}
	p.form(title)
}

func (p *window) form(title string) {
	p.t.Helper()
	p.until(fmt.Sprintf(`document.getElementById("dialog").open && document.getElementById("form-title").textContent.includes(%q)`, title))
}

// fills writes a line or text of the form.
func (p *window) fills(field, text string) { p.t.Helper(); p.types("#f-"+field, text) }

// picks ticks choices of the form.
func (p *window) picks(field string, values ...string) {
	p.t.Helper()
	for _, v := range values {
		p.taps++
		p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`#dialog input[name=%q][value=%q]`, "f-"+field, v)), chromedp.NodeVisible))
	}
}

// choosesFrom takes one choice of a list that opens.
func (p *window) choosesFrom(field, value string) {
	p.t.Helper()
	p.taps += 2
	p.do(chromedp.SetValue(chromedp.CSS("#f-"+field), value, chromedp.NodeVisible))
}

// sends sends the form and waits until it has been taken.
func (p *window) sends() {
	p.t.Helper()
	p.pressSend()
	p.until(`!document.getElementById("dialog").open`)
}

func (p *window) pressSend() {
	p.t.Helper()
	p.taps++
	p.do(chromedp.Click(chromedp.CSS("#dialog .form-foot button[type=submit]"), chromedp.NodeVisible))
}

// clears empties a line of the form.
func (p *window) clears(field string) {
	p.t.Helper()
	p.do(chromedp.Clear(chromedp.CSS("#f-" + field)))
}

// moves moves everybody's clock to a typed time.
func (p *window) moves(to string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(".goto summary"), chromedp.NodeVisible))
	p.types("#goto", to)
	p.do(chromedp.Click(chromedp.CSS(".goto button.primary"), chromedp.NodeVisible))
	p.until(`document.getElementById("notice").textContent || document.getElementById("goto-error").textContent`)
}

// shot keeps a picture where LUOTSI_SHOTS says, for people to look at.
func (p *window) shot(name string) {
	dir := os.Getenv("LUOTSI_SHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, strings.Join([]string{name, p.name}, "-")+".png"), picture, 0o600)
	}
	if err != nil {
		p.t.Log("picture: ", err)
	}
}
