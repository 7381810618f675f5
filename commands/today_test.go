package commands

import (
	"strings"
	"testing"

	"luotsi/bot"
)

// What is to come is named once for all that somebody is, below what the person has now.
func TestWhatComesLaterIsNamedOnce(t *testing.T) {
	h := newHouse(t)
	say := func(m bot.Message) string {
		var lines []string
		for _, l := range m.Lines {
			lines = append(lines, h.Catalog.Say(bot.FI, l.Text))
		}
		return strings.Join(lines, "\n")
	}
	for want, roles := range map[string][]bot.Role{
		"":                                  {bot.Professional, bot.Coordinator},
		"Tulee myöhemmin\nTilastot, joissa": {bot.Analyst},
		"Tulee myöhemmin\nAsiakkaiden tietopyynnöt ja lokipyynnöt.\nTilastot, joissa": {bot.DPO, bot.Analyst},
	} {
		got := say(todayLater(bot.Person{Roles: roles}, bot.Message{}))
		if !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%v: %q", roles, got)
		}
	}
}
