package slack

import (
	"context"
	"strings"
	"testing"

	"luotsi/bot"
)

// opensHome has a person open their home view and tells what stands there.
func (w *workspace) opensHome(user string) (stands func() string) {
	w.t.Helper()
	stands = func() string {
		defer w.lock()()
		return asJSON(w.homes[user])
	}
	w.openHome(user)
	w.quiet()
	eventually(w.t, "a home view", func() bool { return stands() != "null" })
	return stands
}

func TestHomeOfSomebodyNotKnownSaysHowToBegin(t *testing.T) {
	w := newWorkspace(t, 1)
	form := twoFields
	s := w.luotsi(ledgerBook(), func(c *Config) {
		c.Handle = func(context.Context, bot.Request) (bot.Answer, error) { return bot.Answer{Dialog: &form}, nil }
	})
	w.handler = s.Handler()
	stands := w.opensHome(w.person("uusi"))
	w.shut(s)
	if !strings.Contains(stands(), "Kirjoita /luotsi mihin tahansa keskusteluun") {
		t.Errorf("shows %s", stands())
	}
}

// TestCoordinatorsHomesFollowTheQueue: a card that comes or changes there is a concern that waits or was taken.
func TestCoordinatorsHomesFollowTheQueue(t *testing.T) {
	w := newWorkspace(t, 1)
	w.do(func() {
		w.channels["C1"] = &wsChannel{id: "C1", name: "jono", creator: "U1", private: true, members: []string{w.bot}}
	})
	s := w.luotsi(ledgerBook(), func(c *Config) { c.Queue = "C1" })
	w.handler = s.Handler()
	paula, sanna := w.person("paula"), w.person("sanna")
	w.do(func() { w.channels["C1"].members = append(w.channels["C1"].members, paula) })
	w.opensHome(paula)
	w.opensHome(sanna)
	id, err := s.Post(t.Context(), "C1", "card", said("Huoli odottaa"))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the coordinator's view follows", func() bool { return w.count("views.publish") == 3 })
	if err := s.Edit(t.Context(), "C1", id, said("Otettu")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it follows again", func() bool { return w.count("views.publish") == 4 })
	if _, err := s.Post(t.Context(), w.room(s, "luotsi-abc", paula), "other", said("hei")); err != nil {
		t.Fatal(err)
	}
	w.shut(s)
	if n := w.count("views.publish"); n != 4 {
		t.Errorf("%d views were shown", n)
	}
}
