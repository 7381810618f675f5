package sandbox

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// faint lists words that stand out from what is behind them by less than 4.5 to 1.
const faint = `(() => {
	const parts = (text) => (text.match(/[\d.]+/g) || []).map(Number);
	const over = (top, below) => { const a = top[3] ?? 1; return below.map((b, i) => top[i] * a + b * (1 - a)); };
	const light = (rgb) => { const [r, g, b] = rgb.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126*r + .7152*g + .0722*b; };
	const behind = (e) => { const layers = []; for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if ((c[3] ?? 1) > 0) layers.push(c); if ((c[3] ?? 1) === 1) break; } return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255]); };
	return [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && e.getClientRects().length && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).map(e => {
		const back = behind(e), [a, b] = [light(back), light(over(parts(getComputedStyle(e).color), back))].sort();
		return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e];
	}).filter(([ratio]) => ratio < 4.5).map(([ratio, e]) => ratio.toFixed(1) + " " + e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30)).join("\n");
})()`

func TestWordsStandOutInLightAndDark(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		t.Run(scheme, func(t *testing.T) {
			w := newWorld(t)
			id := w.room("Asiakas BCDFGHJ-K", "sanna", "paula")
			w.say("paula", id, "Sovitaanko tapaaminen ensi viikolle?")
			w.say("sanna", id, "Sopii. Kysyn häneltä.")
			w.say("sanna", id, "/luotsi tänään")
			w.say("sanna", id, "/luotsi ota")
			p := browser(t, w)("/?as=sanna&room="+id, 1280, 800)
			p.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
				_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
					Features: []*emulation.MediaFeature{
						{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
					},
				})
				return err
			}))
			p.standsOut()
			p.shot("room-" + scheme)
			p.click("#log .bot .buttons button")
			p.until(`document.getElementById("dialog").open`)
			p.click("#dialog .form-foot button[type=submit]")
			p.until(`document.querySelector("#dialog .field-error")`)
			p.standsOut()
			p.shot("form-" + scheme)
		})
	}
}

func (p *tab) standsOut() {
	p.t.Helper()
	found, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](faint))
	if err != nil || found != "" {
		p.t.Errorf("faint: %s %v", found, err)
	}
}
