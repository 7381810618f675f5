package mattermost

import (
	"context"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

// sends has Katri send a form that is accepted, to a chat that refuses so many calls first.
func (d *desk) sends(refused int) {
	d.t.Helper()
	room, katri := d.chat.ChannelNamed("jono"), d.user("katri")
	d.says(bot.Answer{Dialog: smallForm()})
	d.types("katri", room, "/luotsi tiimi kutsu")
	form, _ := d.chat.Before(katri)
	d.says(bot.Answer{Replies: []bot.Post{plain("Kutsu on lähetetty.")}, Done: true})
	d.chat.Set(func() { d.chat.Limited = refused })
	if _, out := d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa", "need": "x"}); out.Error != "" || out.Errors != nil {
		d.t.Errorf("the form says %+v", out)
	}
}

// The form is closed and the act done: what came of it reaches the person however long the chat wants to be left alone, up to a bound.
func TestAnAnswerWaitsAsLongAsTheChatWants(t *testing.T) {
	for refused, want := range map[int]int{1: 1, 60: 1, 1000: 0} {
		d := newDesk(t, "11.6.0")
		var waited time.Duration
		d.sleep = func(_ context.Context, wait time.Duration) bool {
			waited += wait
			return true
		}
		d.sends(refused)
		d.drain()
		d.chat.Set(func() { d.chat.Limited = 0 })
		seen := d.chat.Sees(d.user("katri"), "")
		if len(seen) != want || want > 0 && (seen[0].Text != "Kutsu on lähetetty." || waited != time.Duration(refused)*7*time.Second) {
			t.Errorf("%d calls refused, %v waited: Katri reads %+v", refused, waited, seen)
		}
		if waited > insistFor {
			t.Errorf("waited %v", waited)
		}
		if logs := d.logs.String(); strings.Contains(logs, "was not delivered") != (want == 0) || strings.Contains(logs, "Kutsu") {
			t.Errorf("%d calls refused: the log tells %s", refused, logs)
		}
	}
}

// Answers that wait take no place from those who ask something now.
func TestAnswersThatWaitAreInNobodysWay(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.tasks = newTasks(1)
	asleep, release := make(chan struct{}), make(chan struct{})
	d.sleep = func(context.Context, time.Duration) bool {
		close(asleep)
		<-release
		return true
	}
	d.sends(1)
	<-asleep
	d.says(bot.Answer{Replies: []bot.Post{plain("Tehtäväsi tänään.")}})
	for n := range 1000 { // the only place is left a moment after
		_, out := d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi")
		if out.Text == "Tehtäväsi tänään." {
			break
		}
		if n == 999 {
			t.Errorf("answered with %q", out.Text)
		}
	}
	close(release)
	d.drain()
	if seen := d.chat.Sees(d.user("katri"), ""); len(seen) != 1 {
		t.Errorf("Katri reads %+v", seen)
	}
}
