package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

func (w *e2e) outsider() {
	mika := w.people["mika"]
	for _, path := range []string{
		"/channels/" + w.room, "/channels/" + w.room + "/posts", "/channels/" + w.room + "/members",
		"/teams/" + w.team + "/channels/name/" + roomNameOf(w.code, 1),
	} {
		if status, err := mika.call(http.MethodGet, path, nil, nil); status != http.StatusForbidden && status != http.StatusNotFound {
			w.t.Errorf("an outsider's %s was answered %d (%v)", path, status, err)
		}
	}
	if slices.ContainsFunc(mika.channels(), func(c *model.Channel) bool { return c.Id == w.room }) {
		w.t.Error("an outsider has the room in their list")
	}
	mika.command(w.square, "/luotsi asia "+w.code).hears("Asiaa ei löydy tai sinulla ei ole siihen oikeutta")
}

// meddle does with a room's members or name what its members may by the server's own rules; where those were locked, an
// administrator does it.
func (w *e2e) meddle(as *mmPerson, method, path string, in any) {
	w.t.Helper()
	if status, _ := as.call(method, path, in, nil); status == http.StatusForbidden {
		w.t.Logf("%s may not do that on this server (its rights are locked): an administrator does", as.login)
		as = w.admin
	} else if status < 300 {
		return
	}
	as.must(method, path, in, nil)
}

// add puts somebody into the room.
func (w *e2e) add(as *mmPerson, user string) {
	w.t.Helper()
	w.meddle(as, http.MethodPost, "/channels/"+w.room+"/members", map[string]string{"user_id": user})
}

func (w *e2e) meddled() {
	w.add(w.people["kaisa"], w.people["mika"].id)
	w.roomHolds(10*time.Second, e2eTeam...)
	w.people["ville"].told("huoneeseen oli lisätty henkilö, joka ei kuulu tiimiin")
}

func (w *e2e) renamed() {
	patch := map[string]string{
		"name": "avoin-" + w.suffix, "display_name": "Avoin huone", "header": "Otsake", "purpose": "Tarkoitus",
	}
	w.meddle(w.people["kaisa"], http.MethodPut, "/channels/"+w.room+"/patch", patch)
	name := roomNameOf(w.code, 1)
	w.until(10*time.Second, "the room to get its name back", func() error {
		room, err := w.roomNow()
		if err == nil && (room.Name != name || room.DisplayName != name || room.Header != "" || room.Purpose != "") {
			err = fmt.Errorf("it is %q, %q, %q, %q", room.Name, room.DisplayName, room.Header, room.Purpose)
		}
		return err
	})
}

// putOut: while Luotsi is out, it can keep nobody out; let in again, it makes good.
func (w *e2e) putOut() {
	paula := w.people["paula"]
	w.meddle(w.people["kaisa"], http.MethodDelete, "/channels/"+w.room+"/members/"+w.bot, nil)
	paula.told("Luotsi on poistettu asian " + w.code + " huoneesta")
	w.add(w.people["kaisa"], w.people["mika"].id)
	w.add(paula, w.bot)
	w.roomHolds(10*time.Second, e2eTeam...)
	paula.told("Luotsi on taas asian " + w.code + " huoneessa")
	w.people["ville"].told("huoneeseen oli lisätty henkilö, joka ei kuulu tiimiin")
}

// identityCode: what an ordinary bot may not delete, its author is asked to; a bot that may deletes it. Either way both the
// author and the responsible worker are told what is so.
func (w *e2e) identityCode() {
	kaisa := w.people["kaisa"]
	if post, gone := w.typesIdentity("poisti viestin", "ei voinut poistaa"); !gone {
		w.t.Log("as an ordinary member the bot may not delete others' messages: it asked the author to, who does")
		kaisa.must(http.MethodDelete, "/posts/"+post, nil, nil)
	}
	role := "/teams/" + w.team + "/members/" + w.bot + "/schemeRoles"
	w.admin.must(http.MethodPut, role, map[string]bool{"scheme_admin": true, "scheme_user": true}, nil)
	defer w.admin.must(http.MethodPut, role, map[string]bool{"scheme_admin": false, "scheme_user": true}, nil)
	if post, gone := w.typesIdentity("poisti viestin", "ei voinut poistaa"); !gone {
		w.t.Error("the bot may delete others' messages now, and did not delete this one")
		kaisa.must(http.MethodDelete, "/posts/"+post, nil, nil)
	}
}

// typesIdentity has somebody type an identity code in the room, and reports whether the message is gone once she and the
// responsible worker have been told. The words for it must be the right ones.
func (w *e2e) typesIdentity(ifGone, ifNot string) (id string, gone bool) {
	w.t.Helper()
	kaisa := w.people["kaisa"]
	var post model.Post
	kaisa.must(http.MethodPost, "/posts", map[string]string{"channel_id": w.room, "message": "Hetu on " + e2eTyped + ", katsokaa."}, &post)
	kaisa.told("Kirjoitit asian " + w.code + " huoneeseen henkilötunnuksen")
	told := w.people["ville"].told("huoneeseen kirjoitettiin henkilötunnus").Message
	status, _ := kaisa.call(http.MethodGet, "/posts/"+post.Id, nil, nil)
	gone = status == http.StatusNotFound
	if !strings.Contains(told, map[bool]string{true: ifGone, false: ifNot}[gone]) {
		w.t.Errorf("the message is gone: %t, but the responsible worker was told %q", gone, told)
	}
	return post.Id, gone
}

// denied counts the log's rows of what a person was refused.
func (w *e2e) denied(login string) (n int) {
	w.t.Helper()
	if err := w.db.GetContext(w.t.Context(), &n, "select count(*) from access_log where not allowed and who = $1", w.name(login)); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// forgedForm: a form that nobody was shown, and one that somebody else was shown, also when sent by who might have asked for one.
func (w *e2e) forgedForm() {
	before := map[string]int{"mika": w.denied("mika"), "ville": w.denied("ville")}
	shown := w.people["paula"].command(w.room, "/luotsi suostumus peru "+w.code).opens()
	shown.channel = w.square // the server looks only whether the sender is in the channel that they name
	invented, changed := shown, shown
	invented.dialog.State, invented.dialog.CallbackId = "invented", "consent.withdraw"
	changed.dialog.State = shown.dialog.State[:len(shown.dialog.State)-8] + "AAAAAAAA"
	whole, _ := shown.fill(nil)
	for _, sent := range []struct {
		what, as string
		form     mmForm
	}{{"invented", "mika", invented}, {"another person's", "mika", shown}, {"another person's", "ville", shown}, {"changed", "ville", changed}} {
		if answer := sent.form.submit(w.people[sent.as], whole); !strings.Contains(answer.Error, "Asiaa ei löydy") {
			w.t.Errorf("a form with an %s state was answered %+v", sent.what, answer)
		}
	}
	for login, had := range before {
		if rows := w.denied(login) - had; rows != 2 {
			w.t.Errorf("%d denials of 2 of %s were logged", rows, login)
		}
	}
	w.roomHolds(time.Second, e2eTeam...)
}

// forgedButton: somebody makes a message of their own with a button that looks like Luotsi's, down to a real ticket, and gets
// the person to press it whose ticket it is.
func (w *e2e) forgedButton() {
	mika, paula := w.people["mika"], w.people["paula"]
	ticket, err := w.service.house.Tickets.Seal(bot.Ticket{
		Kind: bot.ButtonTicket, Command: "case.show", Code: w.code, Person: w.name("paula"), Expires: w.now().Add(time.Hour),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	button := model.PostAction{Id: "b1", Type: model.PostActionTypeButton, Name: "Näytä asia", Integration: &model.PostActionIntegration{
		URL: w.base + "/mattermost/action", Context: map[string]any{"ticket": ticket, "label": "Näytä asia"},
	}}
	var post model.Post
	mika.must(http.MethodPost, "/posts", map[string]any{
		"channel_id": mika.directWith(paula.id), "message": "Paina tästä.",
		"props": map[string]any{"attachments": []any{map[string]any{"actions": []any{button}}}},
	}, &post)
	for _, login := range []string{"mika", "paula"} {
		// Only Luotsi's own buttons know the whole address, which the server shows to nobody.
		had := w.denied(login)
		w.people[login].pressOn(&post, "b1").hears("Asiaa ei löydy")
		if rows := w.denied(login) - had; rows != 1 {
			w.t.Errorf("%d denials of 1 of %s were logged", rows, login)
		}
	}
	body := strings.NewReader("token=guessed&user_id=" + paula.id + "&channel_id=" + w.room + "&command=%2Fluotsi&text=asia")
	answer, err := w.web.Post(w.base+"/mattermost/command", "application/x-www-form-urlencoded", body)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusUnauthorized {
		w.t.Errorf("a command with a guessed token was answered %s", answer.Status)
	}
}
