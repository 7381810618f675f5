package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestPersonRaisesAWorryAndAnotherSeesIt(t *testing.T) {
	for name, size := range map[string][2]int64{"wide": {1280, 800}, "phone": {390, 844}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.luotsi.chat = w.chat
			open := browser(t, w)
			paula := open("/?as=paula&room=queue", size[0], size[1])
			sanna := open("/?as=sanna&room=dm", size[0], size[1])
			sanna.shot(name + "-1-first-visit")
			sanna.do(chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent("/huo"))
			sanna.until(`!document.getElementById("verbs").hidden`)
			sanna.press(kb.ArrowDown)
			sanna.shot(name + "-2-typing")
			sanna.is("the help is told to screen readers", `document.getElementById("text").getAttribute("aria-activedescendant") === "verb-0"`)
			sanna.press(kb.Enter)
			sanna.press(kb.Enter)
			fillWithAFault(sanna, name)
			fillRight(sanna)
			sanna.until(`!document.getElementById("dialog").open`)
			sanna.untilText("#log .msg", "Kiitos, huoli on jonossa")
			sanna.is("first words are gone", `!document.getElementById("hello")`)
			sanna.is("the keyboard is back", `["text", "log"].includes(document.activeElement.id)`)
			paula.untilText("#log .msg", "Uusi huoli")
			paula.shot(name + "-5-queue")
			paula.click("#log .buttons button")
			paula.untilText("#log .msg.only", "Otit huolen käsittelyyn.")
			paula.is("old news stay", `document.querySelectorAll("#log .msg").length === 2`)
			sanna.do(chromedp.SetValue(chromedp.CSS("#text"), "/luotsi tänään"), chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent(kb.Enter))
			sanna.untilText("#log .msg h3", "Tänään")
			sanna.do(chromedp.SetValue(chromedp.CSS("#text"), "/luotsi henkil"), chromedp.Focus(chromedp.CSS("#text")), chromedp.KeyEvent(kb.Enter))
			sanna.until(`document.querySelector("#log .msg.refusal .refused")`)
			sanna.shot(name + "-6-conversation")
			paula.shot(name + "-7-taken")
			sanna.sound()
			paula.sound()
		})
	}
}

// fillWithAFault sends the form half filled in and looks at how that is told.
func fillWithAFault(p *tab, name string) {
	p.t.Helper()
	p.until(`document.getElementById("dialog").open && document.querySelector("#dialog .field")`)
	p.shot(name + "-3-form")
	p.do(chromedp.SendKeys(chromedp.CSS("#f-own_view"), "Haluan asua kotona <b>"))
	p.click(`input[name=f-criteria][value=home]`)
	p.click("#dialog .form-foot button[type=submit]")
	p.until(`document.querySelector("#dialog .field-error")`)
	p.until(`document.activeElement.matches("[data-focus]")`)
	p.shot(name + "-4-faults")
	p.is("what was typed is kept", `document.getElementById("f-own_view").value === "Haluan asua kotona <b>"`)
	p.is("what was chosen is kept", `document.querySelector("input[name=f-criteria][value=home]").checked`)
	p.is("the fault is beside its field", `document.getElementById("f-client_name").getAttribute("aria-describedby").includes("f-client_name-error")`)
	p.sound()
	p.click(`.form-alert a[href="#f-client_name"]`)
	p.is("a fault leads to its field", `document.activeElement.id === "f-client_name"`)
}

func fillRight(p *tab) {
	p.t.Helper()
	p.do(chromedp.SendKeys(chromedp.CSS("#f-client_name"), "Maija Meikäläinen"))
	p.click(`input[name=f-basis][value=agrees]`)
	p.do(chromedp.SendKeys(chromedp.CSS("#f-seen_at"), "20.11.2026 klo 10"+kb.Tab))
	p.untilText("#f-seen_at-echo", "20. marraskuuta 2026")
	p.click("#dialog .form-foot button[type=submit]")
}

func TestClockIsMovedOnThePage(t *testing.T) {
	w := newWorld(t)
	p := browser(t, w)("/?as=sanna&room=dm", 1280, 800)
	other := browser(t, w)("/?as=paula&room=dm", 390, 844)
	p.click(".morning button")
	p.untilText("#notice", "Kello siirtyi")
	p.untilText("#clocktime", "22.11.2026")
	p.untilText("#clocktime", "9.00")
	other.untilText("#clocktime", "22.11.2026")
	p.click(".goto summary")
	p.do(chromedp.SendKeys(chromedp.CSS("#goto"), "eilen klo 9"+kb.Enter))
	p.until(`document.getElementById("goto-error").textContent`)
	p.is("what was typed is kept", `document.getElementById("goto").value === "eilen klo 9"`)
	p.shot("clock-1")
	p.do(chromedp.SetValue(chromedp.CSS("#goto"), "24.11.2026 klo 14"), chromedp.Focus(chromedp.CSS("#goto")), chromedp.KeyEvent(kb.Enter))
	p.untilText("#clocktime", "24.11.2026")
	p.sound()
	other.click(".goto summary")
	other.shot("clock-2-phone")
	other.sound()
}

func TestRoomVanishesFromTheWindowOfWhoIsTakenOut(t *testing.T) {
	w := newWorld(t)
	id := w.room("Asiakas BCDFGHJ-K", "sanna", "paula", "ville")
	w.say("paula", id, "Tervetuloa. Suunnitelma tehdään yhdessä.")
	p := browser(t, w)("/?as=ville&room="+id, 390, 844)
	p.untilText("#log", "Tervetuloa")
	if err := w.chat.Remove(t.Context(), id, "ville"); err != nil {
		t.Fatal(err)
	}
	p.untilText("#room", "Et ole enää tässä huoneessa")
	p.shot("lost")
	p.is("nothing of the room is left", `!document.body.textContent.includes("Tervetuloa") && !document.body.textContent.includes("BCDFGHJ")`)
	p.sound()
}

func TestMenuOnThePhone(t *testing.T) {
	w := newWorld(t)
	w.luotsi.swedish = "leo"
	w.room("Asiakas BCDFGHJ-K", "leo", "paula")
	w.say("sanna", "general", "Hyvää huomenta kaikille!")
	p := browser(t, w)("/?as=leo&room=dm", 390, 844)
	p.is("unread elsewhere is told", `!document.getElementById("elsewhere").hidden`)
	p.click("#menu")
	p.until(`document.getElementById("side").getBoundingClientRect().left === 0`)
	p.shot("phone-menu")
	p.is("the page speaks Swedish", `document.documentElement.lang === "sv" && document.body.textContent.includes("Byt person")`)
	p.press(kb.Escape)
	p.until(`!document.body.classList.contains("menu-open") && document.activeElement.id === "menu"`)
	p.click("#menu")
	p.click("#to-general")
	p.untilText("#log", "Hyvää huomenta")
	p.is("nothing is unread any more", `document.getElementById("elsewhere").hidden`)
	p.is("what is on the screen is read", `!document.querySelector("#to-general .badge")`)
	p.sound()
}

func TestMessagesAreShownOnceAndEditedInPlace(t *testing.T) {
	w := newWorld(t)
	id := w.room("Asiakas BCDFGHJ-K", "sanna", "paula")
	p := browser(t, w)("/?as=sanna&room="+id, 1280, 800)
	var ids []string
	for i := range 12 {
		m, err := w.chat.Post(t.Context(), id, fmt.Sprint(i), plainPost(fmt.Sprintf("viesti %d.", i)))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, m)
	}
	p.untilText("#log .msg", "viesti 11.")
	p.is("the day is told once", `document.querySelectorAll("#log .day").length === 1`)
	if err := w.chat.Edit(t.Context(), id, ids[3], plainPost("muutettu")); err != nil {
		t.Fatal(err)
	}
	p.untilText("#log .msg", "muutettu")
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("#log .card")].map(e => e.textContent.trim()).join(" ")`))
	if want := strings.Replace("viesti 0. viesti 1. viesti 2. viesti 3. viesti 4. viesti 5. viesti 6. viesti 7. viesti 8. viesti 9. viesti 10. viesti 11.",
		"viesti 3.", "muutettu", 1); err != nil || got != want {
		t.Errorf("%s, want %s, %v", got, want, err)
	}
	p.sound()
}

func TestFormIsLeftByKeyboard(t *testing.T) {
	w := newWorld(t)
	p := browser(t, w)("/?as=sanna&room=general", 1280, 800)
	p.until(`document.activeElement.id === "text"`)
	p.press("/huoli" + kb.Enter)
	p.until(`document.getElementById("dialog").open`)
	p.until(`document.activeElement.id === "f-own_view"`)
	p.press(kb.Escape)
	p.until(`!document.getElementById("dialog").open && document.activeElement.id === "text"`)
	p.until(`!document.getElementById("dialog-body").firstElementChild`)
	p.write("Hei <img src=x onerror=alert(1)>")
	p.untilText("#log .mine .line", "Hei <img src=x onerror=alert(1)>")
	p.is("the line is empty again", `document.getElementById("text").value === ""`)
	p.write("/luotsi sivu")
	p.until(`document.getElementById("dialog").open && document.querySelector("#dialog a[href='/page/once/abc']")`)
	p.sound()
	p.press(kb.Escape)
	p.until(`!document.getElementById("dialog").open && document.activeElement.id === "text"`)
	w.luotsi.breakDown()
	p.write("/luotsi tänään")
	p.untilText("#alert", "Viite")
	p.is("what was typed is kept", `document.getElementById("text").value === "/luotsi tänään"`)
}
