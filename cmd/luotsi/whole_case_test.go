package main

import (
	"testing"
	"time"
)

// TestWholeCase walks one case from the first concern to the closed room, with three people at three windows that see each
// other act, by the page alone: on a desk's screen and on a phone.
func TestWholeCase(t *testing.T) {
	for _, size := range []struct {
		name       string
		wide, high int64
	}{{"wide", 1280, 800}, {"phone", 390, 844}} {
		t.Run(size.name, func(t *testing.T) {
			w := newTown(t, monday)
			open := openBrowser(t, w, size.wide, size.high)
			c := &walk{t: t, town: w, open: open, sanna: open("sanna", "dm"), paula: open("paula", "queue"), ville: open("ville", "dm")}
			c.concern()
			c.consent()
			c.team()
			c.meeting()
			c.end()
		})
	}
}

// walk is a case on its way, and the people at their windows.
type walk struct {
	t                   *testing.T
	town                *town
	open                func(as, room string) *window
	sanna, paula, ville *window
}

// concern: a nurse between two patients raises a concern by thumb. How long that takes is reckoned from what she does: a
// second and a half for each tap, with finding the place, and a third of a second for each letter.
func (c *walk) concern() {
	c.sanna.says("/huoli")
	c.sanna.form("Kerro huolesta")
	c.sanna.shot("1-concern")
	c.sanna.fills("own_view", "Haluaisin tietää, kuka asioitani hoitaa.")
	c.sanna.picks("basis", "shl35_1_client_agrees")
	c.sanna.fills("identity_name", "Testi-Aino Esimerkki")
	c.sanna.fills("identity_code", "010140-900T")
	c.sanna.picks("criteria", "unclear_provider", "many_contacts")
	c.sanna.sends()
	c.sanna.sees("on vastaanotettu")
	c.sanna.shot("2-receipt")
	took := time.Duration(c.sanna.taps)*1500*time.Millisecond + time.Duration(c.sanna.keys)*time.Second/3
	c.t.Logf("the concern took %d taps and %d letters, some %v", c.sanna.taps, c.sanna.keys, took)
	if took > 90*time.Second {
		c.t.Errorf("a nurse needs %v for a concern", took)
	}
}

func (c *walk) consent() {
	c.paula.sees("odottaa käsittelyä")
	c.paula.shot("3-queue")
	c.paula.press("Ota käsittelyyn")
	c.paula.sees("kuka asioitani hoitaa")
	c.sanna.sees("on käsittelyssä")
	c.paula.opens("Aloita asiakkuus", "")
	c.paula.picks("client_group", "older")
	c.paula.picks("use_profile", "both")
	c.paula.sends()
	c.paula.sees("Asiakkuus on alkanut")
	c.paula.opens("Pyydä suostumus", "")
	c.paula.picks("informed_how", "in_person")
	c.paula.sends()
	c.paula.sees("pyydettiin suostumus")
	c.paula.opens("Kirjaa suostumus", "")
	c.paula.shot("4-consent")
	c.paula.picks("form", "written_signed")
	c.paula.picks("parties", "SOTE-KESKUS-A", "IAKKAAT")
	c.paula.picks("categories", "contact_details", "functioning")
	c.paula.picks("copy_given", "paper")
	c.paula.sends()
	c.paula.shot("5-granted")
}

func (c *walk) team() {
	c.paula.opens("Nimeä vastuutyöntekijä", "")
	c.paula.choosesFrom("person", "ville")
	c.paula.fills("need", "Arjen asiat ja palvelut yhteen")
	c.paula.sends()
	c.paula.opens("Kutsu tiimiin", "")
	c.paula.choosesFrom("person", "sanna")
	c.paula.fills("need_answered", "Lääkkeet")
	c.paula.sends()
	c.ville.sees("Sinua pyydetään vastuutyöntekijäksi")
	c.ville.press("Hyväksyn tehtävän")
	c.sanna.sees("Sinut on kutsuttu tiimin jäseneksi")
	c.sanna.press("Tulen tiimiin")
	c.sanna.sees("Olet nyt tiimissä")
	c.sanna.shot("6-in-team")
}

func (c *walk) meeting() {
	c.ville.opens("Sovi verkostotapaaminen", "")
	c.ville.fills("starts_at", "31.2. klo 10")
	c.ville.fills("place", "Asiakkaan kotona")
	c.ville.picks("client_answer", "in_person")
	c.ville.pressSend()
	c.ville.until(`document.querySelector(".field-error")?.textContent.includes("Tällaista päivää ei ole")`)
	c.ville.shot("7-fault")
	c.ville.until(`document.getElementById("f-place").value === "Asiakkaan kotona"`)
	c.ville.clears("starts_at")
	c.ville.fills("starts_at", "ti 16.2. klo 10")
	c.ville.until(`document.getElementById("f-starts_at-echo").textContent.includes("tiistaina 16. helmikuuta 2027")`)
	c.ville.sends()
	c.sanna.sees("Sinut on kutsuttu tapaamiseen")

	// The clock is moved in one window, the reminder comes to the others at nine.
	c.paula.moves("9.2.2027 klo 12")
	c.sanna.sees("Muistutus: tapaaminen")
	c.ville.sees("Muistutus: tapaaminen")
	c.sanna.shot("8-reminder")
}

// end: the client takes the consent back from Sanna, who records it in the case's room. The room closes before her eyes.
func (c *walk) end() {
	room := c.caseRoom("sanna")
	there := c.open("sanna", room)
	there.sees("Tämä on asian")
	there.shot("9-room")
	there.says("/luotsi suostumus peru")
	there.form("Suostumus peruttu")
	there.shot("10-withdraw")
	there.pressSend()
	there.until(`document.querySelector(".lost")`)
	there.shot("11-lost")
	c.ville.sees("Yhteistyö tässä asiassa on päättynyt. Älä jatka tietojen vaihtoa.")
	c.paula.until(`!document.getElementById("side").textContent.includes("luotsi-")`)
	if err := c.town.idle(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	if members, err := c.town.county.chat.Members(c.t.Context(), room); err != nil || len(members) > 0 {
		c.t.Errorf("in the room are still %v (%v)", members, err)
	}
	c.ville.shot("12-ended")
}

// caseRoom is the id of the only case's room, as the person sees it.
func (c *walk) caseRoom(as string) string {
	if err := c.town.idle(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
	rooms, err := c.town.rooms(c.t.Context(), as)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range rooms {
		if len(r.Name) > 7 && r.Name[:7] == "luotsi-" {
			return r.ID
		}
	}
	c.t.Fatalf("%s sees no case's room", as)
	return ""
}
