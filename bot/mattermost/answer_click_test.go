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

// told has Luotsi tell Paula something with buttons; it returns the message.
func (d *desk) told(buttons ...bot.PostButton) string {
	d.t.Helper()
	id, err := d.Direct(d.t.Context(), d.user("paula"), d.t.Name()+time.Now().String(), plain("Sinut on kutsuttu.", buttons...))
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// reads is what Paula reads of a message, with its buttons.
func (d *desk) reads(id string) (text string, buttons int) {
	d.t.Helper()
	for _, m := range d.chat.Sees(d.user("paula"), "") {
		if m.ID == id {
			return m.Text, len(m.Buttons)
		}
	}
	return "", 0
}

func accept(ticket string) []bot.PostButton {
	return []bot.PostButton{{ID: "b1", Label: "Hyväksy", Ticket: ticket}, {ID: "b2", Label: "En voi", Ticket: ticket + "2"}}
}

func TestAfterAClickTheMessageShowsWhoDidWhat(t *testing.T) {
	d := newDesk(t, "11.6.0")
	at := time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki)
	d.cfg.Now = func() time.Time { return at }
	post := d.told(accept("t")...)
	d.says(bot.Answer{Replies: []bot.Post{plain("Olet nyt *tiimissä*.")}, Done: true})
	status, out := d.chat.Click(d.user("paula"), post, "b1")
	d.drain()
	if status != http.StatusOK || out.EphemeralText != `Olet nyt \*tiimissä\*.` || !out.SkipSlackParsing {
		t.Errorf("%d %+v", status, out)
	}
	if r := d.last(t); r.Press != "t" || r.Place.Kind != bot.InDirect || r.User != d.user("paula") || r.ID == "" {
		t.Errorf("asked %+v", r)
	}
	if text, buttons := d.reads(post); text != "Sinut on kutsuttu.\n\n✓ Hyväksy: paula, maanantaina 1. helmikuuta 2027 klo 9.00" || buttons != 0 {
		t.Errorf("afterwards: %q with %d buttons", text, buttons)
	}
}

// What only shows something, is refused, or leads to a form leaves the buttons.
func TestButtonsStayUntilTheyHadTheirUse(t *testing.T) {
	d := newDesk(t, "11.6.0")
	paula := d.user("paula")
	post := d.told(accept("t")...)
	refused := plain("Ei nyt.")
	refused.Refusal = "wrong_state"
	for name, answer := range map[string]bot.Answer{
		"shown": {Replies: []bot.Post{plain("Asia.")}}, "refused": {Replies: []bot.Post{refused}}, "form": {Dialog: smallForm()},
		"link": {Link: "https://luotsi.test/x", Done: true}, "nothing": {},
	} {
		d.says(answer)
		d.chat.Click(paula, post, "b1")
		if _, buttons := d.reads(post); buttons != 2 {
			t.Errorf("%s: %d buttons are left", name, buttons)
		}
	}
	form, ok := d.chat.Before(paula)
	if !ok {
		t.Fatal("no form was opened")
	}
	room := d.directOf(paula)
	d.says(bot.Answer{Errors: map[string]string{"need": "Kirjoita tämä."}})
	d.chat.Submit(paula, room, form, nil)
	if _, buttons := d.reads(post); buttons != 2 {
		t.Errorf("after a form with faults %d buttons are left", buttons)
	}
	d.says(bot.Answer{Replies: []bot.Post{plain("Kutsuttu.")}})
	d.chat.Submit(paula, room, form, map[string]any{"person": "leo", "need": "x"})
	if r := d.last(t); r.Place.Kind != bot.InDirect {
		t.Errorf("the form was sent in %+v", r.Place)
	}
	d.drain()
	if text, buttons := d.reads(post); !strings.Contains(text, "✓ Hyväksy: paula") || buttons != 0 {
		t.Errorf("after the form: %q with %d buttons", text, buttons)
	}
}

// directOf is the channel in which the person is alone with Luotsi.
func (d *desk) directOf(user string) string {
	return d.chat.ChannelNamed(model.GetDMNameFromIds(user, d.chat.Bot))
}

// The answer to a click cannot carry buttons: it is said in private then.
func TestAnswerWithButtonsIsSaidInPrivate(t *testing.T) {
	d := newDesk(t, "11.6.0")
	post := d.told(accept("t")...)
	d.says(bot.Answer{Replies: []bot.Post{plain("Seuraavaksi:", pressable("Avaa", "next"))}})
	if _, out := d.chat.Click(d.user("paula"), post, "b1"); out.EphemeralText != "" {
		t.Errorf("in private with Luotsi: %q", out.EphemeralText)
	}
	card, err := d.Post(t.Context(), d.chat.ChannelNamed("jono"), "card-1", plain("Uusi huoli.", pressable("Ota", "take")))
	if err != nil {
		t.Fatal(err)
	}
	if _, out := d.chat.Click(d.user("katri"), card, "b1"); out.EphemeralText != "Luotsi vastasi sinulle yksityisviestillä." {
		t.Errorf("in the queue: %q", out.EphemeralText)
	}
	d.drain()
	for _, who := range []string{"paula", "katri"} {
		seen := d.chat.Sees(d.user(who), "")
		if last := seen[len(seen)-1]; last.Text != "Seuraavaksi:" || len(last.Buttons) != 1 {
			t.Errorf("%s reads %+v", who, seen)
		}
	}
}

// The cards in the queue are kept by the house: a click there writes nothing over what it wrote.
func TestCardInTheQueueIsLeftToTheHouse(t *testing.T) {
	d := newDesk(t, "11.6.0")
	queue := d.chat.ChannelNamed("jono")
	card, err := d.Post(t.Context(), queue, "card-1", plain("Uusi huoli.", pressable("Ota", "take")))
	if err != nil {
		t.Fatal(err)
	}
	d.answers(func(ctx context.Context, _ bot.Request) (bot.Answer, error) {
		return bot.Answer{Replies: []bot.Post{plain("Otit huolen.")}, Done: true}, d.Edit(ctx, queue, card, plain("Katri otti.", pressable("Avaa", "next")))
	})
	d.chat.Click(d.user("katri"), card, "b1")
	d.drain()
	if seen := d.chat.Sees(d.user("katri"), queue); len(seen) != 1 || seen[0].Text != "Katri otti." || len(seen[0].Buttons) != 1 {
		t.Errorf("the queue shows %+v", seen)
	}
}

// A button counts only on a message of ours.
func TestClickOnAnothersMessageIsTheHousesToDeny(t *testing.T) {
	d := newDesk(t, "11.6.0")
	queue, paula := d.chat.ChannelNamed("jono"), d.user("paula")
	d.chat.Act("katri", "POST", "/channels/"+queue+"/members", data{"user_id": paula}, 201)
	foreign := d.chat.Says("katri", queue, "Paina tästä")
	hidden := d.chat.Act("katri", "POST", "/channels", model.Channel{TeamId: d.chat.Team, Name: "muu", DisplayName: "Muu", Type: "P"}, 201)
	elsewhere := d.chat.Says("katri", hidden["id"].(string), "Paina tästä")
	ours := d.told(accept("t")...)
	card, err := d.Post(t.Context(), queue, "card", plain("Uusi huoli.", pressable("Ota", "t")))
	if err != nil {
		t.Fatal(err)
	}
	click := func(post string, context map[string]any) bot.Request {
		t.Helper()
		in := model.PostActionIntegrationRequest{UserId: paula, ChannelId: queue, PostId: post, TriggerId: d.chat.Trigger(paula), Context: context}
		var out model.PostActionIntegrationResponse
		if status := d.chat.Forward(d.clickAddress(), jsonKind, []byte(mattermosttest.AsText(in)), &out); status != http.StatusOK {
			t.Errorf("answered with %d", status)
		}
		return d.last(t)
	}
	real := button{"t", "Ota", spot{Room: queue, Mark: mark(queue + " card")}}
	with := func(change func(*button)) map[string]any {
		b := real
		change(&b)
		return d.Mattermost.context(b)
	}
	without := func(name string, value any) map[string]any {
		out := d.Mattermost.context(real)
		out[name] = value
		return out
	}
	asIs, kept := d.Mattermost.context(real), func(*button) {}
	alone := with(func(b *button) { b.Mark, b.Alone = "", true })
	for name, c := range map[string]struct {
		post    string
		context map[string]any
		want    string
	}{
		"another's":             {foreign, asIs, forged},
		"out of sight":          {elsewhere, asIs, forged},
		"ours":                  {card, with(kept), "t"},
		"to one person":         {model.NewId(), alone, "t"},
		"not to one person":     {model.NewId(), asIs, forged},
		"put in another place":  {ours, with(func(b *button) { b.Room = d.directOf(paula) }), forged},
		"without a ticket":      {card, with(func(b *button) { b.Ticket = "" }), forged},
		"unsealed":              {card, map[string]any{"ticket": "t", "label": "Ota", "room": queue}, forged},
		"another ticket":        {card, without("ticket", "stolen"), forged},
		"another label":         {card, without("label", "Anna kaikki"), forged},
		"suddenly to one alone": {model.NewId(), without("alone", true), forged},
		"empty":                 {card, nil, forged},
	} {
		if r := click(c.post, c.context); r.Press != c.want {
			t.Errorf("%s: asked %+v", name, r)
		}
	}
	d.drain()
	for _, m := range d.chat.Sees(paula, queue) {
		if strings.Contains(m.Text, "✓") {
			t.Errorf("another's message was written on: %+v", m)
		}
	}
}

// A slow click opens its form all the same, and its answer comes in private.
func TestSlowClickIsAnsweredInPrivate(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.hasty()
	post := d.told(accept("t")...)
	release := make(chan struct{})
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) {
		<-release
		return bot.Answer{Replies: []bot.Post{plain("Hyväksytty.")}, Dialog: smallForm()}, nil
	})
	if status, out := d.chat.Click(d.user("paula"), post, "b1"); status != http.StatusOK || out.EphemeralText != "" {
		t.Errorf("at once: %d %+v", status, out)
	}
	close(release)
	d.drain()
	seen := d.chat.Sees(d.user("paula"), "")
	if last := seen[len(seen)-1]; last.Text != "Hyväksytty." {
		t.Errorf("in private: %+v", seen)
	}
	if _, ok := d.chat.Before(d.user("paula")); !ok {
		t.Error("the form was not opened")
	}
}

// The chat failing for a moment loses no answer.
func TestAnswerSurvivesAMomentWithoutChat(t *testing.T) {
	t.Parallel() // it waits as long as the chat wants
	d := newDesk(t, "11.6.0")
	post := d.told(accept("t")...)
	d.says(bot.Answer{Replies: []bot.Post{plain("Seuraavaksi:", pressable("Avaa", "next"))}})
	d.chat.Set(func() { d.chat.Lose = 1 })
	d.chat.Click(d.user("paula"), post, "b1")
	d.drain()
	if seen := d.chat.Sees(d.user("paula"), ""); len(seen) != 2 {
		t.Errorf("in private: %+v", seen)
	}
}

// What was said to one person alone is kept nowhere: there is nothing to mark, and nothing wrong with that.
func TestButtonInAnAnswerToOnePersonWorks(t *testing.T) {
	d := newDesk(t, "11.6.0")
	paula := d.user("paula")
	d.says(bot.Answer{Replies: []bot.Post{plain("Tehty.")}, Done: true})
	in := model.PostActionIntegrationRequest{
		UserId: paula, ChannelId: d.chat.ChannelNamed("jono"), PostId: model.NewId(), TriggerId: d.chat.Trigger(paula),
		Context: d.Mattermost.context(button{"t", "Ota", spot{Room: d.chat.ChannelNamed("jono"), Alone: true}}),
	}
	var out model.PostActionIntegrationResponse
	d.chat.Forward(d.clickAddress(), jsonKind, []byte(mattermosttest.AsText(in)), &out)
	d.drain()
	if out.EphemeralText != "Tehty." || d.logs.Len() > 0 {
		t.Errorf("answered with %q; the log tells %s", out.EphemeralText, d.logs)
	}
}
