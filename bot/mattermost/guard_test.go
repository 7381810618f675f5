package mattermost

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
)

// The house hears of forms and clicks that are not ours, so that it can deny and log them, but nobody can keep it busy with them.
func TestWhatIsForgedIsTheHousesToDenyUpToABound(t *testing.T) {
	for kind, path := range map[string]string{"form": dialogPath, "click": actionPath} {
		o := &backOffice{}
		refused := plain("Ei löydy.")
		refused.Refusal = "not_found"
		o.says(bot.Answer{Replies: []bot.Post{refused}})
		now := time.Now()
		m := newQuiet(t, func(c *Config) { c.Handle, c.Now = o.handle, func() time.Time { return now } })
		send := func(user, state string) string {
			w := sent(m, "POST", path, jsonKind, strings.NewReader(mattermosttest.AsText(map[string]string{
				"user_id": user, "state": state, "channel_id": idOf("room"), "post_id": idOf("post"),
			})))
			if w.Code != http.StatusOK {
				t.Errorf("%s: answered with %d", kind, w.Code)
			}
			return w.Body.String()
		}
		for range bot.DenialsOfOne {
			if got := send(idOf("mika"), "invented"); !strings.Contains(got, "Ei löydy.") {
				t.Errorf("%s: the house's denial is %q", kind, got)
			}
		}
		for range 3 {
			if got := send(idOf("mika"), "invented"); !strings.Contains(got, "Asiaa ei löydy") {
				t.Errorf("%s: our denial is %q", kind, got)
			}
		}
		if last := o.last(t); len(o.asked) != bot.DenialsOfOne || last.Submit+last.Press != forged {
			t.Errorf("%s: the house was asked %d times", kind, len(o.asked))
		}
		ours, err := m.sealed(state{Ticket: "ticket", User: idOf("mika"), Fields: map[string]string{}})
		if err != nil {
			t.Fatal(err)
		}
		others := 0
		if path == dialogPath {
			if send(idOf("mika"), ours); o.last(t).Submit != "ticket" {
				t.Error("a form of ours was held back")
			}
			others = 1
		}
		for range 2 * bot.DenialsOfAll {
			send(model.NewId(), "invented")
		}
		if len(o.asked) != bot.DenialsOfAll+others {
			t.Errorf("%s: the house was asked %d times", kind, len(o.asked))
		}
		now = now.Add(time.Minute)
		if send(idOf("mika"), "invented"); len(o.asked) != bot.DenialsOfAll+others+1 {
			t.Errorf("%s: the house is asked no more", kind)
		}
	}
}

// Whatever a click carries, it is forged unless it comes to the address that only the server knows, Luotsi's own buttons'.
func TestClickToAGuessedAddressIsForged(t *testing.T) {
	d := newDesk(t, "11.6.0")
	paula := d.user("paula")
	post := d.told(accept("t")...)
	d.says(bot.Answer{})
	in := model.PostActionIntegrationRequest{
		UserId: paula, ChannelId: d.directOf(paula), ChannelName: model.GetDMNameFromIds(paula, d.chat.Bot), PostId: post,
		TriggerId: d.chat.Trigger(paula), Context: pressedOn(t, d, post),
	}
	others := newQuiet(t, func(c *Config) { c.Token = "another" })
	for address, want := range map[string]string{
		d.address(actionPath):                         forged,
		d.address(actionPath) + "?key=":               forged,
		d.clickAddress() + "A":                        forged,
		d.address(actionPath) + "?key=" + others.pass: forged,
		d.clickAddress():                              "t",
	} {
		status := d.chat.Forward(address, jsonKind, []byte(mattermosttest.AsText(in)), nil)
		if status != http.StatusOK || d.last(t).Press != want {
			t.Errorf("%d, asked %+v, want %q", status, d.last(t), want)
		}
	}
}

// What a button is sealed for can be shown on its own message only, even when all else is right.
func TestOnlyTheMessageThatWasPressedIsWrittenOn(t *testing.T) {
	d := newDesk(t, "11.6.0")
	paula := d.user("paula")
	other, pressed := d.told(accept("t")...), d.told(accept("t")...)
	d.says(bot.Answer{Done: true})
	context := pressedOn(t, d, pressed)
	for _, post := range []string{other, pressed} {
		in := model.PostActionIntegrationRequest{
			UserId: paula, ChannelId: d.directOf(paula), ChannelName: model.GetDMNameFromIds(paula, d.chat.Bot), PostId: post,
			TriggerId: d.chat.Trigger(paula), Context: context,
		}
		if status := d.chat.Forward(d.clickAddress(), jsonKind, []byte(mattermosttest.AsText(in)), nil); status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
	}
	d.drain()
	if text, buttons := d.reads(other); strings.Contains(text, "✓") || buttons != 2 {
		t.Errorf("another message shows %q with %d buttons", text, buttons)
	}
	if text, buttons := d.reads(pressed); !strings.Contains(text, "✓ Hyväksy: paula") || buttons != 0 {
		t.Errorf("the message shows %q with %d buttons", text, buttons)
	}
}

// pressedOn is what the server sends of a message's first button.
func pressedOn(t *testing.T, d *desk, post string) (context map[string]any) {
	t.Helper()
	d.chat.Set(func() {
		for _, p := range d.chat.Posts {
			if p.Id == post {
				context = p.Attachments()[0].Actions[0].Integration.Context
			}
		}
	})
	return context
}

// Buttons work in the answer to a command, at once or late, and on a message that was edited.
func TestButtonsWorkWhereverLuotsiPutsThem(t *testing.T) {
	d := newDesk(t, "11.6.0")
	paula := d.user("paula")
	edited := d.told()
	if err := d.Edit(t.Context(), "", edited, plain("Uusi.", accept("edited")...)); err != nil {
		t.Fatal(err)
	}
	d.says(bot.Answer{})
	if status, _ := d.chat.Click(paula, edited, "b1"); status != http.StatusOK || d.last(t).Press != "edited" {
		t.Errorf("%d, asked %+v", status, d.last(t))
	}
	room := d.directOf(paula)
	d.says(bot.Answer{Replies: []bot.Post{plain("Nyt.", pressable("Avaa", "now"))}})
	_, now := d.types("paula", room, "/luotsi")
	release := make(chan struct{})
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) {
		<-release
		return bot.Answer{Replies: []bot.Post{plain("Myöhään.", pressable("Avaa", "late"))}}, nil
	})
	d.hasty()
	d.types("paula", room, "/luotsi")
	close(release)
	late := <-d.hooks.got
	d.patient()
	d.says(bot.Answer{})
	for ticket, c := range map[string]model.CommandResponse{"now": now, "late": late} {
		integration := c.Attachments[0].Actions[0].Integration
		in := model.PostActionIntegrationRequest{
			UserId: paula, ChannelId: room, PostId: model.NewId(), TriggerId: d.chat.Trigger(paula), Context: integration.Context,
		}
		if status := d.chat.Forward(integration.URL, jsonKind, []byte(mattermosttest.AsText(in)), nil); status != http.StatusOK || d.last(t).Press != ticket {
			t.Errorf("%d, asked %+v", status, d.last(t))
		}
	}
}
