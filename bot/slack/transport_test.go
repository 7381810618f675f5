package slack

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"luotsi/bot"
)

// office is a dispatcher that answers what a test needs of it, and remembers what it was asked.
type office struct {
	mu    sync.Mutex
	asked []bot.Request
	wait  chan struct{} // answers come only after it is closed
}

func (o *office) handle(ctx context.Context, r bot.Request) (bot.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, r)
	wait := o.wait
	o.mu.Unlock()
	if wait != nil {
		select {
		case <-wait:
		case <-ctx.Done():
			return bot.Answer{}, ctx.Err()
		}
	}
	next := bot.PostButton{ID: "b1", Label: "Peru suostumus", Ticket: "ticket-form"}
	switch {
	case r.Text == "/luotsi":
		a := reply("Tänään ei ole tehtävää.", next, bot.PostButton{ID: "b2", Label: "Ohje", Link: "https://luotsi.example/help"})
		a.Replies[0].Title = "Tänään"
		return a, nil
	case r.Press == "ticket-form", strings.HasPrefix(r.Text, "/luotsi suostumus"):
		form := allKinds
		form.Fields = form.Fields[2:] // nobody types into Slack
		return bot.Answer{Dialog: &form}, nil
	case r.Press == "ticket-act":
		return done("Olet tiimissä. <!channel>"), nil
	case r.Submit != "" && r.Values["yes_no"] == false:
		return bot.Answer{Errors: map[string]string{"yes_no": "Vastaa myöntävästi."}}, nil
	case r.Submit != "":
		return done("Kirjattu."), nil
	}
	a := reply("Ei löydy")
	a.Replies[0].Refusal = "not_found"
	return a, nil
}

func (o *office) last() bot.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked[len(o.asked)-1]
}

// onBoth runs a test over HTTP and over Socket Mode, in a workspace that is as strict as Slack.
func onBoth(t *testing.T, test func(t *testing.T, w *workspace, s *Slack, o *office)) {
	t.Run("HTTP", func(t *testing.T) {
		w, o := newWorkspace(t, 1), &office{}
		s := w.luotsi(&saidBook{said: map[string]string{}}, func(c *Config) { c.Handle = o.handle })
		w.handler = s.Handler()
		t.Cleanup(func() { w.shut(s) })
		test(t, w, s, o)
	})
	t.Run("Socket Mode", func(t *testing.T) {
		w, o := newWorkspace(t, 1), &office{}
		s := w.luotsi(&saidBook{said: map[string]string{}}, func(c *Config) { c.Handle, c.AppToken, c.SigningSecret = o.handle, w.appToken, "" })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Socket(ctx) }()
		t.Cleanup(func() {
			w.shut(s)
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		if err := w.sockets.opened(connections); err != nil {
			t.Fatal(err)
		}
		test(t, w, s, o)
	})
}

// eventually waits for what happens beside.
func eventually(t testing.TB, what string, is func() bool) {
	t.Helper()
	late, tick := time.NewTimer(time.Minute), time.NewTicker(5*time.Millisecond)
	defer late.Stop()
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-late.C:
			t.Fatalf("never: %s", what)
		}
	}
}

func TestFormFromCommandToDone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *workspace, s *Slack, o *office) {
		paula := w.person("paula")
		room, err := s.OpenRoom(t.Context(), "luotsi-bcd")
		if err != nil {
			t.Fatal(err)
		}
		w.command(paula, room, "/luotsi suostumus peru")
		eventually(t, "a form opens", func() bool { return w.modal(paula) != nil })
		if p := o.last().Place; p != (bot.Place{Kind: bot.InRoom, Room: room}) {
			t.Errorf("asked in %+v", p)
		}
		form := w.modal(paula)
		if faults := w.submit(form, map[string]any{"one": "b", "some": []string{"a"}}); faults["yes_no"] != "Vastaa myöntävästi." {
			t.Errorf("faults %v", faults)
		}
		w.submit(form, map[string]any{"one": "b", "some": []string{"a"}, "yes_no": true})
		if !strings.Contains(asJSON(form.body), "Kirjattu.") {
			t.Errorf("shows %s", asJSON(form.body))
		}
	})
}

func TestButtonOfAMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, w *workspace, s *Slack, o *office) {
		paula := w.person("paula")
		message, err := s.Direct(t.Context(), paula, "n1", bot.Post{
			Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: "Tule & auta"}}, Buttons: []bot.PostButton{{ID: "b1", Label: "Tulen", Ticket: "ticket-act"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		w.press(paula, message, "Tulen")
		channel, ts, _ := strings.Cut(message, ":")
		said := func() string {
			defer w.lock()()
			return asJSON(w.channels[channel].message(ts).blocks)
		}
		eventually(t, "the message says who did it", func() bool { return strings.Contains(said(), "Tulen · ") })
		if now := said(); strings.Contains(now, `"button"`) || !strings.Contains(now, "Paula Testaaja: Tulen · ") || !strings.Contains(now, "Tule ") {
			t.Errorf("says %s", now)
		}
		if r := o.last(); r.Press != "ticket-act" || r.Place.Kind != bot.InDirect {
			t.Errorf("asked %+v", r)
		}
	})
}

// lateBook notes a message only after it was asked about it once.
type lateBook struct {
	*saidBook
	asked atomic.Int32
}

func (b *lateBook) Said(ctx context.Context, platform, message string) (bool, error) {
	if b.asked.Add(1) == 1 {
		return false, nil
	}
	return b.saidBook.Said(ctx, platform, message)
}

func TestAButtonPressedBeforeItsMessageIsNoted(t *testing.T) {
	w, o := newWorkspace(t, 1), &office{}
	s := w.luotsi(&lateBook{saidBook: ledgerBook()}, func(c *Config) { c.Handle = o.handle })
	w.handler = s.Handler()
	paula := w.person("paula")
	message, err := s.Direct(t.Context(), paula, "n1", bot.Post{
		Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: "Tule"}}, Buttons: []bot.PostButton{{ID: "b1", Label: "Tulen", Ticket: "ticket-act"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.press(paula, message, "Tulen")
	w.shut(s)
	if r := o.asked[0]; r.Press != "ticket-act" {
		t.Errorf("asked %+v", r)
	}
}

func TestHomeAndItsButtons(t *testing.T) {
	onBoth(t, func(t *testing.T, w *workspace, s *Slack, o *office) {
		paula := w.person("paula")
		w.openHome(paula)
		w.quiet()
		eventually(t, "the home view is there", func() bool { defer w.lock()(); return w.homes[paula] != nil })
		w.pressHome(paula, "Peru suostumus")
		eventually(t, "a form opens", func() bool { return w.modal(paula) != nil })
		before := w.count("views.publish")
		w.submit(w.modal(paula), map[string]any{"one": "a", "yes_no": true})
		eventually(t, "the home view is made anew", func() bool { return w.count("views.publish") > before })
	})
}

func TestSlowOfficeOpensAModalToWaitIn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *workspace, s *Slack, o *office) {
		paula := w.person("paula")
		o.wait = make(chan struct{})
		s.hasty()
		w.command(paula, w.directOf(w.users[paula]).id, "/luotsi suostumus peru")
		eventually(t, "a modal opens", func() bool { return w.modal(paula) != nil })
		v := w.modal(paula)
		close(o.wait)
		eventually(t, "the form is in it", func() bool { defer w.lock()(); return v.body["callback_id"] == formView })
		w.closeView(v)
	})
}

func TestSocketComesBack(t *testing.T) {
	w, o := newWorkspace(t, 1), &office{}
	s := w.luotsi(&saidBook{said: map[string]string{}}, func(c *Config) { c.Handle, c.AppToken = o.handle, w.appToken })
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Socket(ctx) }()
	defer func() { w.shut(s); cancel(); <-ended }()
	if err := w.sockets.opened(connections); err != nil {
		t.Fatal(err)
	}
	opened := w.count("apps.connections.open")
	w.sockets.disconnect(t, "refresh_requested")
	eventually(t, "both are renewed", func() bool { return w.count("apps.connections.open") >= opened+connections })
	eventually(t, "both are open", func() bool { return w.sockets.opened(connections) == nil })
	paula := w.person("paula")
	w.command(paula, w.directOf(w.users[paula]).id, "/luotsi suostumus peru")
	eventually(t, "a form opens", func() bool { return w.modal(paula) != nil })
}

func TestSocketWithoutAGoodToken(t *testing.T) {
	w := newWorkspace(t, 1)
	if err := w.stranger().Socket(t.Context()); err == nil {
		t.Error("Socket Mode ran without a token")
	}
	s := w.stranger(func(c *Config) { c.AppToken = "xapp-wrong" })
	s.in.again = time.Millisecond
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Socket(ctx) }()
	eventually(t, "it tries again and again", func() bool { return w.count("apps.connections.open") > 2*connections })
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
