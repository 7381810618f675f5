package commands

import (
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// What is wrong with who the client is stands beside the field that it is about, and says what to do there.
func TestWhoTheClientIsIsCheckedBesideTheFields(t *testing.T) {
	const agrees, nameless = "shl35_1_client_agrees", "nameless"
	for name, c := range map[string]struct {
		typed  [4]string // basis, name, code, contact
		accept bool
		want   []string // fields
		saying string
	}{
		"a code":                {[4]string{agrees, "Nimi", "131052-308T", ""}, false, nil, ""},
		"a contact":             {[4]string{agrees, "Nimi", "", "040"}, false, nil, ""},
		"neither":               {[4]string{agrees, "Nimi", "", ""}, false, []string{"identity_code"}, "Kirjoita henkilötunnus tai yhteystieto"},
		"a wrong code":          {[4]string{agrees, "Nimi", "131052-308U", ""}, false, []string{"identity_code"}, "Henkilötunnus on virheellinen"},
		"a temporary code":      {[4]string{agrees, "Nimi", "010190-901R", ""}, false, []string{"identity_code"}, "Tilapäistä henkilötunnusta ei käytetä täällä."},
		"a wrong temporary one": {[4]string{agrees, "Nimi", "010190-901S", "040"}, false, []string{"identity_code"}, "Henkilötunnus on virheellinen"},
		"temporary ones in use": {[4]string{agrees, "Nimi", "010190-901R", ""}, true, nil, ""},
		"nameless":              {[4]string{nameless, "", "", ""}, false, nil, ""},
		"nameless, with a name": {[4]string{nameless, "Nimi", "", ""}, false, []string{"identity_name"}, "kysyt nimettömästi"},
		"nameless, with all":    {[4]string{nameless, "Nimi", "x", "040"}, false, []string{"identity_code", "identity_contact", "identity_name"}, "kysyt nimettömästi"},
	} {
		h := newHouse(t)
		h.Accept900 = c.accept
		f := bot.Form{Fields: []bot.AnyField{basisField, identityName, identityCode, identityContact}}
		in, wrong := f.Read(map[string]any{
			"basis": c.typed[0], "identity_name": c.typed[1], "identity_code": c.typed[2], "identity_contact": c.typed[3],
		}, time.Time{}, forbidden)
		if wrong != nil {
			t.Fatal(name, wrong)
		}
		who, wrong := h.identityOf(in)
		var fields []string
		for field, fault := range wrong {
			fields = append(fields, field)
			if said := h.Catalog.Say(bot.FI, fault.Text); !strings.Contains(said, c.saying) {
				t.Errorf("%s: beside %s: %s", name, field, said)
			}
		}
		slices.Sort(fields)
		if !slices.Equal(fields, c.want) || c.typed[0] == nameless && who != (casework.Identity{}) {
			t.Errorf("%s: beside %q, %+v", name, fields, who)
		}
	}
}
