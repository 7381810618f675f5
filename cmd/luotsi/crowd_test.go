package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestManyCases: a coordinator with forty cases and forty concerns in the queue reads the morning in one short message, and
// everything is within reach by its buttons.
func TestManyCases(t *testing.T) {
	k := newTalk(t)
	k.run("clock 2027-02-01 09:00")
	codes := map[string]bool{}
	for i := range 80 {
		k.run(fmt.Sprintf(`sanna: huoli
  basis = shl35_1_client_agrees
  identity_name = Testi-Asiakas %d
  identity_contact = Testikatu %d
  criteria = many_contacts
A is the code
`, i, i))
		codes[k.codes["A"]] = true
		if i < 40 {
			k.run("paula: ota {A}")
		}
	}
	k.run("paula: /luotsi")
	today := k.last.got.Replies[0]
	if lines := strings.Count(today.Text, "\n"); lines > 20 || len(today.Buttons) > 20 {
		t.Errorf("the morning has %d lines and %d buttons:\n%s", lines, len(today.Buttons), today.Text)
	}
	k.run(`> Lisäksi 35 muuta.
offers "Näytä koko jono"
offers "Kaikki omat asiat"`)
	k.run(`paula presses "Näytä koko jono"`)
	queue := k.turnAll(t)
	k.run(`paula presses "Kaikki omat asiat"`)
	own := k.turnAll(t)
	for code := range codes {
		if strings.Count(queue, code)+strings.Count(own, code) != 1 {
			t.Errorf("%s stands %d times in the queue and %d times among paula's own", code, strings.Count(queue, code), strings.Count(own, code))
		}
	}
}

// turnAll reads a list to its end.
func (k *talk) turnAll(t *testing.T) string {
	t.Helper()
	all := k.last.got.text()
	for k.offered("Näytä lisää") {
		if len(all) > 100_000 {
			t.Fatal("the list does not end")
		}
		k.run(`paula presses "Näytä lisää"`)
		all += k.last.got.text()
	}
	return all
}
