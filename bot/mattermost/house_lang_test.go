package mattermost

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

// What several people read, and who is not known, is in the house's language.
func TestWhatSeveralReadIsInTheHousesLanguage(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.cfg.HouseLang, d.cfg.Now = bot.SV, func() time.Time { return time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki) }
	room, err := d.OpenRoom(t.Context(), "luotsi-scene")
	if err != nil {
		t.Fatal(err)
	}
	paula := d.user("paula")
	if err := d.Invite(t.Context(), room, paula); err != nil {
		t.Fatal(err)
	}
	post, err := d.Post(t.Context(), room, "k", plain("Möte.", accept("t")...))
	if err != nil {
		t.Fatal(err)
	}
	d.says(bot.Answer{Done: true})
	d.chat.Click(paula, post, "b1")
	d.drain()
	if seen := d.chat.Sees(paula, room); len(seen) != 1 || !strings.Contains(seen[0].Text, "måndag 1 februari 2027") {
		t.Errorf("the room reads %+v", seen)
	}
}

func TestADenialOfOurOwnIsInTheHousesLanguage(t *testing.T) {
	m := newQuiet(t, func(c *Config) { c.HouseLang = bot.SV })
	form := mattermosttest.AsText(map[string]string{"user_id": idOf("mika"), "state": "invented", "channel_id": idOf("room")})
	said := ""
	for range bot.DenialsOfOne + 1 {
		w := sent(m, "POST", dialogPath, jsonKind, strings.NewReader(form))
		if said = w.Body.String(); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		}
	}
	if !strings.Contains(said, "Ärendet hittades inte") {
		t.Errorf("denied with %q", said)
	}
}
