package slack

import (
	"context"
	"strings"
	"testing"

	"luotsi/bot"
)

// wild is what somebody may write to get power over others' windows.
const wild = "<!channel> & <@U1|x> </b> &lt; *a* `b` ~c~ :smile: <https://x.example|y>"

// wildPost has it wherever a message can have a text.
func wildPost() bot.Post {
	p := bot.Post{Title: wild, Buttons: []bot.PostButton{{ID: "b1", Label: wild, Ticket: "sealed"}}}
	for _, kind := range []bot.LineKind{bot.PlainLine, bot.FactLine, bot.QuoteLine, bot.HeadLine} {
		p.Lines = append(p.Lines, bot.PostLine{Kind: kind, Label: wild, Text: wild})
	}
	return p
}

// wildForm has it wherever a form can.
func wildForm() bot.Dialog {
	d := bot.Dialog{ID: "sealed-form", Command: "concern.raise", Title: "Huoli & <b>", Intro: wild, Submit: "<Lähetä> &", Part: true}
	for _, kind := range []bot.Kind{bot.LineText, bot.TextArea, bot.Select, bot.Multi, bot.Bool, bot.Day, bot.Moment, bot.Someone} {
		d.Fields = append(d.Fields, bot.DialogField{
			Name: "f_" + string(kind), Kind: kind, Label: wild, Help: wild, Options: []bot.DialogOption{{Value: "a", Label: wild}, {Value: "b", Label: "B"}},
		})
	}
	return d
}

// TestWhatPeopleWroteHasNoPowerInMessages: the workspace fails the test for every text that is not escaped, in blocks and beside
// them; people read what was written.
func TestWhatPeopleWroteHasNoPowerInMessages(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	id, err := s.Post(t.Context(), room, "k", wildPost())
	if err == nil {
		err = s.Edit(t.Context(), room, id, wildPost())
	}
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(w.sees(sanna, room)[0].Text, wild); n < 7 {
		t.Errorf("it stands there %d times as it was written: %q", n, w.sees(sanna, room))
	}
	w.noPower(t)
}

// TestWhatPeopleWroteHasNoPowerInAnswers goes through what answers a command, a button and a form, and the home view.
func TestWhatPeopleWroteHasNoPowerInAnswers(t *testing.T) {
	w := newWorkspace(t, 1)
	s := w.luotsi(ledgerBook(), func(c *Config) {
		c.Handle = func(_ context.Context, r bot.Request) (bot.Answer, error) {
			form := wildForm()
			switch {
			case strings.HasPrefix(r.Text, "/huoli"):
				return bot.Answer{Dialog: &form}, nil
			case r.Submit != "":
				return bot.Answer{Replies: []bot.Post{wildPost()}, Link: "https://luotsi.example/page/once"}, nil
			}
			return bot.Answer{Replies: []bot.Post{wildPost(), wildPost()}}, nil
		}
	})
	w.handler = s.Handler()
	sanna := w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	w.quiet()
	w.command(sanna, room, "/luotsi asia")
	eventually(t, "an answer", func() bool { return len(w.sees(sanna, room)) == 1 })
	first := w.sees(sanna, room)[0]
	w.press(sanna, first.ID, first.Buttons[0])
	w.command(sanna, room, "/huoli")
	eventually(t, "a modal", func() bool { return w.modal(sanna) != nil })
	v := w.modal(sanna)
	w.submit(v, map[string]any{"f_select": "a", "f_multi": []string{"a", "b"}})
	w.openHome(sanna)
	w.quiet()
	eventually(t, "a home view", func() bool { defer w.lock()(); return w.homes[sanna] != nil })
	w.shut(s)
	w.noPower(t)
}

// noPower looks through everything that was ever sent.
func (w *workspace) noPower(t *testing.T) {
	t.Helper()
	seen := 0
	for _, sent := range w.everythingSent() {
		text := asJSON(sent.args) // < and > are \u003c and \u003e in it, an escaped one is \u0026lt;
		if strings.Contains(text, `\u003c!channel`) || strings.Contains(text, "<!channel") {
			t.Errorf("%s: %s", sent.method, text)
		}
		if strings.Contains(text, "!channel") {
			seen++
		}
	}
	if seen == 0 {
		t.Error("nothing of it was sent at all")
	}
}
