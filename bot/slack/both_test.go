package slack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot/bottest"
	"luotsi/commands/casework"
)

// TestBothChatsOnOneDatabase: a concern told in Mattermost is taken in Slack by a coordinator who has an account only there. The one
// room is in Mattermost, everybody is told where they are, and Slack learns nothing of the client.
func TestBothChatsOnOneDatabase(t *testing.T) {
	c := newTwoTowns(t)
	code := c.raiseInMattermost()
	c.takeInSlack(code)
	c.lookInSlack(code)
	c.consentInSlack(code)
	room := c.oneRoom(code)
	c.invite(code, "kaisa")
	c.clicks("kaisa", "Tulen tiimiin")
	c.roomHolds(room, "kaisa") // Paula has no account there
	c.invite(code, "ville")
	c.revealToPaula(code)
	c.lookInSlack(code)
	c.remindEverybody(code)
	c.withdrawInSlack(code, room)
	c.idle()
	c.quiet()
	c.toldWhereTheyAre(code)
	c.oneRoom(code)
	c.nothingOfTheClient()
}

func (c *twoTowns) raiseInMattermost() (code string) {
	c.types("sanna", "/huoli", "")
	c.fillsIn("sanna", map[string]any{
		"basis": "shl35_1_client_agrees", "criteria": []string{"unclear_provider", "many_contacts"}, "urgency": "normal",
		"own_view": "Merkittynäkemys: kuka asioitani hoitaa?", "identity_name": markedName, "identity_code": markedCode,
		"tried_so_far": "merkittyyritys",
	})
	c.until("both chats' coordinators see the concern", func() bool {
		for _, m := range c.sees(c.people["paula"], townQueue) {
			code = anyCode.FindString(m.Text)
		}
		return code != "" && len(c.cards()) == 1 && strings.Contains(c.cards()[0].Text, "Huoli "+code+" odottaa käsittelyä.")
	})
	return code
}

// cards are what stands in the coordinators' channel in Mattermost.
func (c *twoTowns) cards() []bottest.Seen {
	queue, err := c.matt.QueueRoom()
	if err != nil {
		c.t.Fatal(err)
	}
	return c.chat.Sees(c.users["katri"], queue)
}

func (c *twoTowns) takeInSlack(code string) {
	before := c.cards()[0]
	if !slices.Contains(before.Buttons, "Ota käsittelyyn") {
		c.t.Errorf("the card in Mattermost has the buttons %q", before.Buttons)
	}
	c.press("paula", "Ota käsittelyyn")
	taken := "Huoli " + code + " on käsittelyssä. Sen otti Paula Palo"
	c.until("both cards tell who took it", func() bool {
		here, there := c.cards(), c.sees(c.people["katri"], townQueue)
		return strings.Contains(here[0].Text, taken) && strings.Contains(there[0].Text, taken)
	})
	if after := c.cards(); len(after) != 1 || after[0].ID != before.ID || len(after[0].Buttons) > 0 {
		c.t.Errorf("the card in Mattermost %+v became %+v", before, after)
	}
	c.press("paula", "Aloita asiakkuus")
	c.answers("paula", map[string]any{"client_group": "older", "use_profile": "both"})
}

// lookInSlack shows in Slack all that a coordinator may read there, so that what was told in Mattermost could come to light.
func (c *twoTowns) lookInSlack(code string) {
	paula := c.people["paula"]
	for _, words := range []string{"asia " + code, "loki " + code, "jono", "omat", "tänään"} {
		c.sends(words, func() { c.command(paula, c.dm("paula"), "/luotsi "+words) })
	}
	for _, login := range inSlack {
		c.sends("the home of "+login, func() { c.openHome(c.people[login]) })
	}
}

// sends does something that Luotsi answers with something.
func (c *twoTowns) sends(what string, do func()) {
	before := len(c.everythingSent())
	do()
	c.until("an answer to "+what, func() bool { return len(c.everythingSent()) > before })
}

func (c *twoTowns) consentInSlack(code string) {
	c.command(c.people["paula"], c.dm("paula"), "/luotsi suostumus pyydä "+code)
	c.answers("paula", map[string]any{"informed_on": casework.Calendar{}.Day(c.house.Now()).Format(time.DateOnly), "informed_how": "in_person"})
	c.command(c.people["paula"], c.dm("paula"), "/luotsi suostumus kirjaa "+code)
	c.answers("paula", map[string]any{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"},
		"categories": []string{"contact_details", "functioning"}, "copy_given": "paper", "chat_tool_ok": true,
	})
}

// oneRoom finds the case's only room: Luotsi made one channel in Mattermost and none in Slack.
func (c *twoTowns) oneRoom(code string) (room string) {
	c.t.Helper()
	c.until("the room opens in Mattermost", func() bool {
		room = c.chat.ChannelNamed("luotsi-" + strings.ToLower(code))
		return room != ""
	})
	c.idle()
	made := 0
	c.chat.Set(func() {
		for _, ch := range c.chat.Channels {
			if ch.CreatorId == c.chat.Bot && ch.TeamId != "" {
				made++
			}
		}
	})
	if n := c.count("conversations.create"); made != 1 || n != 0 {
		c.t.Errorf("Luotsi made %d channels in Mattermost and asked Slack for %d", made, n)
	}
	return room
}

func (c *twoTowns) invite(code, login string) {
	c.command(c.people["paula"], c.dm("paula"), "/luotsi tiimi kutsu "+code)
	c.answers("paula", map[string]any{"person": login, "need_answered": "merkittykutsu"})
}

func (c *twoTowns) roomHolds(room string, logins ...string) {
	c.t.Helper()
	var want []string
	for _, l := range logins {
		want = append(want, c.users[l])
	}
	slices.Sort(want)
	c.until("the room holds "+strings.Join(logins, " "), func() bool {
		in := c.chat.Within(room)
		slices.Sort(in)
		return slices.Equal(in, want)
	})
}

// remindEverybody lets so many working days pass that Ville is reminded of the invitation and Paula of naming a responsible worker.
func (c *twoTowns) remindEverybody(code string) {
	calendar := casework.Calendar{}
	c.put(calendar.At(calendar.AddWorkingDays(c.house.Now(), 6), 12, 0))
	c.until("Paula is reminded", func() bool { return len(c.heard("paula", "Asialla "+code+" ei ole vielä vastuutyöntekijää.")) > 0 })
	c.until("Ville is reminded", func() bool { return len(c.heard("ville", "Kutsu tiimiin ("+code+") odottaa vastaustasi.")) > 0 })
}

// revealToPaula: who the client is was told in Mattermost, and the page shows it.
func (c *twoTowns) revealToPaula(code string) {
	paula := c.people["paula"]
	c.command(paula, c.dm("paula"), "/luotsi henkilö "+code)
	c.answers("paula", map[string]any{"purpose": "contact_client"})
	link := ""
	c.until("the way to the page", func() bool {
		v := c.modal(paula)
		defer c.lock()()
		link = linkIn(wsList(v.body, "blocks"))
		return link != ""
	})
	c.closeView(c.modal(paula))
	c.onPage("paula", link, nil)
}

func (c *twoTowns) withdrawInSlack(code, room string) {
	c.command(c.people["paula"], c.dm("paula"), "/luotsi suostumus peru "+code)
	c.answers("paula", nil)
	c.until("the room in Mattermost is empty and archived", func() bool {
		return c.chat.Look(room).DeleteAt != 0 && len(c.chat.Within(room)) == 0
	})
}

// heard lists where a person was told something in private.
func (c *twoTowns) heard(login, what string) (where []string) {
	if user := c.users[login]; user != "" {
		for _, m := range c.chat.Sees(user, "") {
			if strings.Contains(m.Text, what) {
				where = append(where, "mattermost")
			}
		}
	}
	if user := c.people[login]; user != "" {
		for _, m := range c.sees(user, "") {
			if strings.Contains(m.Text, what) {
				where = append(where, Platform)
			}
		}
	}
	return where
}

// toldWhereTheyAre: everybody was told once, where they have an account; who has two in the chat that comes first.
func (c *twoTowns) toldWhereTheyAre(code string) {
	for _, told := range []struct{ who, what, where string }{
		{"sanna", "Huoli " + code + " on käsittelyssä.", "mattermost"},
		{"sanna", "Huoli " + code + ": Palveluohjaaja on ottanut asian hoitaakseen.", "mattermost"},
		{"kaisa", "Sinut on kutsuttu tiimin jäseneksi.", "mattermost"},
		{"paula", "Asia " + code + ": tiimiin tuli uusi jäsen.", Platform},
		{"ville", "Sinut on kutsuttu tiimin jäseneksi.", "mattermost"},
		{"ville", "Kutsu tiimiin (" + code + ") odottaa vastaustasi.", "mattermost"},
		{"paula", "Asialla " + code + " ei ole vielä vastuutyöntekijää.", Platform},
		{"kaisa", "Yhteistyö tässä asiassa on päättynyt.", "mattermost"},
	} {
		if where := c.heard(told.who, told.what); !slices.Equal(where, []string{told.where}) {
			c.t.Errorf("%s was told %q in %q, want once in %s", told.who, told.what, where, told.where)
		}
	}
	for _, login := range inMattermost {
		for _, m := range c.chat.Sees(c.users[login], "") {
			if n := len(c.heard(login, m.Text)); n != 1 {
				c.t.Errorf("%s was told %d times: %s", login, n, m.Text)
			}
		}
	}
	for _, login := range []string{"katri", "ville"} { // Luotsi speaks to them in Mattermost
		if seen := c.sees(c.people[login], ""); len(seen) > 0 {
			c.t.Errorf("%s was told in Slack too: %+v", login, seen)
		}
	}
}
