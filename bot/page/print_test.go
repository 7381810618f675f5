package page

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"luotsi/bot"
)

// manyUnits are as many units as count then is.
func manyUnits(count *int) func(context.Context) ([]string, error) {
	return func(context.Context) (names []string, err error) {
		for i := range *count {
			names = append(names, fmt.Sprintf("Yksikkö %d, sosiaali- ja terveyskeskus", i))
		}
		return names, nil
	}
}

func TestALongListOfUnitsIsWrittenByHand(t *testing.T) {
	for count, want := range map[int]struct{ ticked, lines int }{0: {0, 1}, mostUnits: {mostUnits, 1}, mostUnits + 1: {0, 4}} {
		h := serve(t, &links{}, func(c *Config) { c.Units = manyUnits(&count) })
		body := get(h, consentPath+"?lang=fi").Body.String()
		if ticked, lines := strings.Count(body, "<span>Yksikkö "), strings.Count(body, "<span>Muu yksikkö:"); ticked != want.ticked || lines != want.lines {
			t.Errorf("of %d units %d can be ticked and there are %d lines, want %v", count, ticked, lines, want)
		}
	}
}

func TestPapersNameTheCountyInTheirLanguage(t *testing.T) {
	names := map[bot.Lang]string{bot.FI: "Esimerkin hyvinvointialue", bot.SV: "Exempels välfärdsområde", bot.EN: ""}
	h := serve(t, &links{}, func(c *Config) { c.County = names })
	for lang, want := range map[bot.Lang]string{bot.FI: names[bot.FI], bot.SV: names[bot.SV], bot.EN: names[bot.FI]} {
		for _, path := range []string{consentPath, informationPath} {
			body := get(h, path+"?lang="+string(lang)).Body.String()
			if !strings.Contains(body, want) || want != names[bot.FI] && strings.Contains(body, names[bot.FI]) {
				t.Errorf("%s in %s does not name the county %q", path, lang, want)
			}
		}
	}
}
