package mattermost

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"luotsi/bot"
)

func line(text string, buttons ...bot.PostButton) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}, Buttons: buttons}
}

func TestAnEditKeepsWhatTellsThePostApart(t *testing.T) {
	c := newScene(t)
	id, err := c.luotsi.Post(t.Context(), c.room, "secret-key", line("ennen", bot.PostButton{ID: "b1", Label: "Ota", Ticket: "sealed1"}))
	if err != nil {
		t.Fatal(err)
	}
	before := c.Stored(id)
	if err := c.luotsi.Edit(t.Context(), "", id, line("jälkeen", bot.PostButton{ID: "b1", Label: "Ota", Ticket: "sealed2"})); err != nil {
		t.Fatal(err)
	}
	after := c.Stored(id)
	for _, must := range []string{`"from_bot":"true"`, `"luotsi_key":"`, `"luotsi_part":"0"`} {
		if !strings.Contains(before, must) || !strings.Contains(after, must) {
			t.Errorf("%s is not on the post before and after", must)
		}
	}
	if strings.Contains(before+after, "secret-key") {
		t.Error("the key itself stands in the chat")
	}
	if !strings.Contains(after, "sealed2") || strings.Contains(after, "sealed1") {
		t.Errorf("the buttons are not the new ones: %s", after)
	}
	var shown struct{ Props map[string]any }
	raw, err := json.Marshal(c.Act("sanna", "GET", "/posts/"+id, nil, 200))
	if err != nil || json.Unmarshal(raw, &shown) != nil || strings.Contains(string(raw), "sealed2") {
		t.Errorf("people can read what a button is for: %v", err)
	}
}

func TestEditTouchesOnlyLuotsisOwn(t *testing.T) {
	c := newScene(t)
	theirs := c.Says("sanna", c.room, "minun")
	if err := c.luotsi.Edit(t.Context(), c.room, theirs, line("ei")); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error is %v", err)
	}
	other, err := c.luotsi.OpenRoom(t.Context(), "luotsi-other")
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.luotsi.Post(t.Context(), c.room, "k", line("täällä"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.luotsi.Edit(t.Context(), other, id, line("ei")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("error is %v", err)
	}
	if err := c.luotsi.Archive(t.Context(), c.room); err != nil {
		t.Fatal(err)
	}
	if err := c.luotsi.Edit(t.Context(), c.room, id, line("ei")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("error is %v", err)
	}
}

// An edit that broke off in the middle is whole when it is done again, wherever it broke.
func TestAnEditOfSeveralPartsThatBreaksOffIsDoneAgain(t *testing.T) {
	long := strings.Repeat("sana ", 8000)
	for _, change := range [][2]string{
		{long, "lyhyt"}, {long, strings.Repeat("toinen ", 8000)}, {long, strings.Repeat("a ", 9000)}, {"lyhyt", long},
	} {
		for broken := range 5 {
			c := newScene(t)
			id, err := c.luotsi.Post(t.Context(), c.room, "k", line(change[0]))
			if err != nil {
				t.Fatal(err)
			}
			c.editsThough(id, line(change[1]), broken)
			var read []string
			for _, m := range c.Sees(c.sanna, c.room) {
				read = append(read, strings.Fields(m.Text)...)
			}
			if got, want := strings.Join(read, " "), strings.Join(strings.Fields(change[1]), " "); got != want {
				t.Errorf("broken %d times: %d characters are read, want %d", broken, len(got), len(want))
			}
		}
	}
}

// editsThough edits a message until that is done; the n-th change in each of the first tries is made and its answer lost.
func (c *scene) editsThough(id string, p bot.Post, n int) {
	c.t.Helper()
	for try := range 8 {
		c.Set(func() { c.Spare, c.Lose = max(0, n-1), 0 })
		if try < n {
			c.Set(func() { c.Lose = 1 })
		}
		if c.luotsi.Edit(c.t.Context(), c.room, id, p) == nil {
			c.Set(func() { c.Lose = 0 })
			return
		}
	}
	c.t.Error("the edit was never done")
}

// What is told twice under one key after a lost answer is found by what Luotsi wrote on it, also among much else.
func TestALostPostIsFoundAmongManyAndNotTakenFromOthers(t *testing.T) {
	c := newScene(t)
	copied := data{markProp: mark(c.room + " k"), partProp: "0", ofProp: "1"}
	c.Act("sanna", "POST", "/posts", data{"channel_id": c.room, "message": "väärennös", "props": copied}, 201)
	c.Set(func() { c.Lose = 1 })
	if _, err := c.luotsi.Post(t.Context(), c.room, "k", line("kerran")); err == nil {
		t.Fatal("the answer was not lost")
	}
	for range 250 {
		c.Says("sanna", c.room, "muuta")
	}
	c.Act("sanna", "POST", "/posts", data{"channel_id": c.room, "message": "väärennös", "props": copied}, 201)
	id, err := c.luotsi.Post(t.Context(), c.room, "k", line("kerran"))
	if err != nil {
		t.Fatal(err)
	}
	times := 0
	for _, m := range c.Sees(c.sanna, c.room) {
		if m.Text == "kerran" {
			times++
			if m.ID != id {
				t.Error("another post was taken for it")
			}
		}
	}
	if times != 1 {
		t.Errorf("it was said %d times", times)
	}
}

func TestADisabledAccountIsNotTold(t *testing.T) {
	c := newScene(t)
	c.Disable(c.sanna)
	if _, err := c.luotsi.Direct(t.Context(), c.sanna, "k", line("hei")); !errors.Is(err, bot.ErrGone) {
		t.Errorf("error is %v", err)
	}
	c.Set(func() {
		for _, call := range c.Calls {
			if call == "POST /channels/direct" {
				t.Error("a conversation with nobody was opened")
			}
		}
	})
}

func TestAConversationThatIsJustBeingOpenedIsWaitedFor(t *testing.T) {
	c := newScene(t)
	for _, unready := range []int{1, 2, 5} {
		c.Set(func() { c.Unready = unready })
		key := fmt.Sprintf("k%d", unready)
		if _, err := c.luotsi.Direct(t.Context(), c.sanna, key, line(key)); err != nil {
			t.Errorf("%d: %v", unready, err)
		}
	}
	c.Set(func() { c.Unready = 1000 })
	_, err := c.luotsi.Direct(t.Context(), c.sanna, "never", line("never"))
	var later *bot.RetryError
	if !errors.As(err, &later) || errors.Is(err, bot.ErrOutside) {
		t.Errorf("error is %v", err)
	}
}

// A server on which old messages may not be edited lets their buttons go at least, and the card is not given up.
func TestButtonsGoWhereTextsMayNotBeChangedAnyMore(t *testing.T) {
	d := newDesk(t, "11.6.0")
	pressed, card := d.told(accept("t")...), d.told(accept("t")...)
	d.chat.Set(func() { d.chat.Frozen = true })
	if err := d.Edit(t.Context(), "", card, plain("Paula otti.", pressable("Avaa", "open"))); err != nil {
		t.Error(err)
	}
	if text, buttons := d.reads(card); text != "Sinut on kutsuttu." || buttons != 1 || d.chat.Button(card, "Avaa") == "" {
		t.Errorf("the card shows %q with %d buttons", text, buttons)
	}
	d.says(bot.Answer{Done: true})
	d.chat.Click(d.user("paula"), pressed, "b1")
	d.drain()
	if text, buttons := d.reads(pressed); text != "Sinut on kutsuttu." || buttons != 0 {
		t.Errorf("the message shows %q with %d buttons", text, buttons)
	}
}

// What only an administrator can mend waits for one: it is not asked for as if it were a matter of moments.
func TestWhomTheBotMayNotWriteToIsAMatterForAnAdministrator(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.Barred = true })
	if _, err := c.luotsi.Direct(t.Context(), c.sanna, "k", line("hei")); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error is %v", err)
	}
}
