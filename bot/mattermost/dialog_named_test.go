package mattermost

import (
	"encoding/json"
	"fmt"
	"testing"

	"luotsi/bot"
)

// TestACountyIsNotListed: choices too many to be listed are written by name, whatever the server knows, and fit into a dialog.
func TestACountyIsNotListed(t *testing.T) {
	var county []string
	for i := range 3000 {
		county = append(county, fmt.Sprintf("person:p%d", i))
	}
	form := bot.Dialog{ID: "ticket", Command: "every.kind", Title: "Lomake", Submit: "Lähetä", Fields: []bot.DialogField{
		{Name: "many", Kind: bot.Multi, Label: "Monta", Help: "Kirjoita nimet.", Required: true, Options: choices(county...), Default: []any{"person:p7", "person:p8"}},
		{Name: "who", Kind: bot.Someone, Label: "Kuka", Options: choices(county...)},
	}}
	for _, minor := range [][2]int{{9, 10}, {11, 6}} {
		d, s := opened(t, aServer(t, minor[0], minor[1]), form, opening{lang: bot.FI})
		many, who := find(t, d, "many"), find(t, d, "who")
		if many.Type != "textarea" || many.Default != "Vaihtoehto person:p7, Vaihtoehto person:p8" || many.HelpText != "Kirjoita nimet." || many.Optional {
			t.Errorf("%v: many is %+v", minor, many)
		}
		if who.Type != "textarea" || !who.Optional || len(d.Elements) != 2 {
			t.Errorf("%v: who is %+v", minor, who)
		}
		if whole, err := json.Marshal(d); err != nil || len(whole) > 10_000 {
			t.Errorf("%v: %d bytes, %v", minor, len(whole), err)
		}
		if values, _ := answers(s, map[string]any{"many": "Iäkkäät, Kotka, Kaisa", "who": ""}); values["many"] != "Iäkkäät, Kotka, Kaisa" {
			t.Errorf("%v: read as %v", minor, values)
		}
	}
}
