package bot_test

import (
	"testing"
	"testing/fstest"
	"time"

	"luotsi/bot"
)

// A post knows which of its text is somebody's own, and what is left without it.
func TestPostWithoutWords(t *testing.T) {
	texts := fstest.MapFS{}
	for _, lang := range bot.Langs {
		texts[string(lang)+".toml"] = &fstest.MapFile{Data: []byte("\"fact\" = \"Tiimissä\"\n\"view\" = \"Näkemys\"\n")}
	}
	c, err := bot.NewCatalog(bot.Helsinki, texts)
	if err != nil {
		t.Fatal(err)
	}
	m := bot.Say(bot.Plain("Asia.")).FactAbout(bot.T("fact"), bot.Plain("Ville"), "omat asiat").Quote(bot.T("view"), "haluan apua")
	said, err := c.SayMessage(bot.FI, m, "paula", time.Now(), bot.Tickets{})
	if err != nil {
		t.Fatal(err)
	}
	bare, had := said.WithoutWords()
	if said.Text() != "Asia.\nTiimissä: Ville · omat asiat\nNäkemys: “haluan apua”" || !had || bare.Text() != "Asia.\nTiimissä: Ville" {
		t.Errorf("%q without words is %q (%t)", said.Text(), bare.Text(), had)
	}
	if again, had := bare.WithoutWords(); had || again.Text() != bare.Text() {
		t.Errorf("once more it is %q (%t)", again.Text(), had)
	}
}
