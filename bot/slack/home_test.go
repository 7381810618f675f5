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

// TestHomeIsAskedForByItsPersonAlone: what is made anew by itself says so, and one that is opened while it is being made is asked for.
func TestHomeIsAskedForByItsPersonAlone(t *testing.T) {
	w, o := newWorkspace(t, 1), &office{wait: make(chan struct{})}
	s := w.luotsi(ledgerBook(), func(c *Config) { c.Handle = o.handle })
	w.handler = s.Handler()
	paula := w.person("paula")
	unasked := func(n int) (all []bool) {
		eventually(t, "the house is asked", func() bool {
			o.mu.Lock()
			defer o.mu.Unlock()
			all = nil
			for _, r := range o.asked {
				all = append(all, r.Unasked)
			}
			return len(all) == n
		})
		return all
	}
	w.openHome(paula)
	unasked(1)
	s.RefreshHome(t.Context(), paula)
	w.openHome(paula)
	eventually(t, "it was opened again", func() bool {
		s.in.homes.mu.Lock()
		defer s.in.homes.mu.Unlock()
		return s.in.homes.seen[paula].asked
	})
	close(o.wait)
	unasked(2)
	eventually(t, "it has been made", func() bool { return w.count("views.publish") == 2 })
	eventually(t, "it may be made anew", func() bool {
		s.RefreshHome(t.Context(), paula)
		return w.count("views.publish") > 2
	})
	w.shut(s)
	for i, by := range o.asked {
		if by.Unasked != (i > 1) {
			t.Errorf("request %d is unasked: %t", i, by.Unasked)
		}
	}
}

// TestHomeIsLeftAsItIsWhileTooMuchIsUnderWay: but who opens it is told.
func TestHomeIsLeftAsItIsWhileTooMuchIsUnderWay(t *testing.T) {
	w := newWorkspace(t, 1)
	busy := reply("Ruuhkaa")
	busy.Replies[0].Refusal = "busy"
	s := w.luotsi(ledgerBook(), func(c *Config) {
		c.Handle = func(context.Context, bot.Request) (bot.Answer, error) { return busy, nil }
	})
	w.handler = s.Handler()
	paula := w.person("paula")
	if stands := w.opensHome(paula); !strings.Contains(stands(), "Ruuhkaa") {
		t.Errorf("shows %s", stands())
	}
	s.RefreshHome(t.Context(), paula)
	w.shut(s)
	if n := w.count("views.publish"); n != 1 {
		t.Errorf("%d views were shown", n)
	}
}
