package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// restart: the server goes and comes while something falls due; what was done before stands, and what is done after works.
func (w *e2e) restart() {
	command := os.Getenv(e2eRestart)
	if command == "" {
		w.t.Skipf("NOT RUN: what a restart of the server does was not tried. Give %s a shell command that restarts it.", e2eRestart)
	}
	was := w.connections()
	w.starts = w.meetingDay(4)
	act := w.people["ville"].command(w.room, "/luotsi tapaaminen siirrä")
	act.opens().sent(map[string]any{"starts_at": w.starts, "reason": "client_request"})
	restarted := w.inBackground(command)
	w.until(time.Minute, "the server to go down", func() error {
		answer, err := w.web.Get(w.url + "/api/v4/system/ping")
		if err != nil {
			return nil
		}
		return errors.Join(errors.New("it still answers"), answer.Body.Close())
	})
	w.moveTo(w.starts.AddDate(0, 0, -1).Add(-time.Hour)) // reminders fall due while nobody can be told
	<-restarted
	w.until(time.Minute, "people's clients to connect again", func() error {
		for login, times := range w.connections() {
			if times <= was[login] {
				return fmt.Errorf("%s has not", login)
			}
		}
		return nil
	})
	w.afterRestart(act)
}

func (w *e2e) afterRestart(act mmAct) {
	act.answered("Uusi aika on")
	for _, login := range e2eTeam {
		w.people[login].told("Muistutus: tapaaminen " + w.code)
	}
	paula, sanna := w.people["paula"], w.people["sanna"]
	again := paula.command(w.room, "/luotsi tiimi kutsu")
	again.opens().sent(map[string]any{"person": w.name("sanna"), "need_answered": "merkittytoinen"})
	again.answered("Kutsu on lähetetty")
	sanna.told("Sinut on kutsuttu tiimin jäseneksi")
	sanna.press(sanna.dm, "Tulen tiimiin").answered("Olet nyt tiimissä")
	w.roomHolds(10*time.Second, append([]string{"sanna"}, e2eTeam...)...)
	w.add(w.people["kaisa"], w.people["mika"].id)
	w.roomHolds(30*time.Second, append([]string{"sanna"}, e2eTeam...)...) // Luotsi may still be waiting to connect again
}

// inBackground runs a shell command to its end, whatever becomes of the test: a server half restarted would stay down.
func (w *e2e) inBackground(command string) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		if told, err := exec.Command("sh", "-c", command).CombinedOutput(); err != nil {
			w.whole.Errorf("%s: %v\n%s", command, err, told)
		}
	}()
	w.t.Cleanup(func() { <-done })
	return done
}

// connections is how often each person's client has connected.
func (w *e2e) connections() map[string]int {
	times := map[string]int{}
	for login, p := range w.people {
		times[login] = p.ear.times()
	}
	return times
}

// withdrawal: recorded by a member in the room, which is empty and closed within a minute.
func (w *e2e) withdrawal() {
	kaisa, began := w.people["kaisa"], time.Now()
	kaisa.command(w.room, "/luotsi suostumus peru").opens().sent(nil)
	w.until(time.Minute, "the room to be empty and archived", func() error {
		have, err := w.admin.members(w.room)
		if err != nil {
			return err
		}
		delete(have, w.bot)
		room, err := w.roomNow()
		if err == nil && (len(have) > 0 || room.DeleteAt == 0) {
			err = fmt.Errorf("it holds %v, archived: %t", w.who(have), room.DeleteAt != 0)
		}
		return err
	})
	w.t.Logf("empty and archived after %v", time.Since(began).Round(10*time.Millisecond))
	kaisa.told("Suostumuksen peruminen on kirjattu")
	for _, login := range e2eTeam {
		if login != "kaisa" {
			w.people[login].told("Yhteistyö tässä asiassa on päättynyt")
		}
		if status, _ := w.people[login].call(http.MethodGet, "/channels/"+w.room+"/posts", nil, nil); status < 400 {
			w.t.Errorf("%s can still read the room (%d)", login, status)
		}
	}
}

// nothingLeft looks at all that people can read, at the room, and at the log.
func (w *e2e) nothingLeft() {
	kept, shared := map[string]string{}, map[string]bool{w.room: true, w.queue: true, w.square: true}
	w.collect(w.admin, &model.Channel{Id: w.room}, kept)
	for login, p := range w.people {
		for _, c := range p.channels() {
			w.collect(p, c, kept)
		}
		w.reminded(login)
		for _, secret := range []string{e2eClient, "Merkittynimi", e2eCode} {
			if holds(p.ear.all(), secret) {
				w.t.Errorf("%q was told to %s", secret, login)
			}
		}
	}
	kept["the log"] = w.logged()
	for place, text := range kept {
		for _, secret := range []string{e2eClient, "Merkittynimi", e2eCode, e2eTyped} {
			if holds(text, secret) {
				w.t.Errorf("%q is in %s", secret, place)
			}
		}
		for _, words := range e2eWords {
			if holds(text, words) {
				w.t.Errorf("%q is in %s (shared: %t)", words, place, shared[place])
			}
		}
	}
	if !strings.Contains(kept[w.queue], w.code) || !strings.Contains(kept[w.room], w.code) {
		w.t.Error("nothing was looked at")
	}
}

// collect adds what a channel is called and all that was written in it, and looks whether Luotsi said something twice there.
func (w *e2e) collect(as *mmPerson, c *model.Channel, kept map[string]string) {
	as.must(http.MethodGet, "/channels/"+c.Id, nil, c)
	posts, err := as.posts(c.Id)
	if err != nil {
		w.t.Fatal(err)
	}
	said := map[string]int{}
	for _, p := range posts {
		key, ok := p.GetProp("luotsi_key").(string)
		part, _ := p.GetProp("luotsi_part").(string)
		if said[key+part]++; ok && said[key+part] > 1 {
			w.t.Errorf("said twice: %q", p.Message)
		}
	}
	text, err := json.Marshal([]any{c, posts})
	if err != nil {
		w.t.Fatal(err)
	}
	kept[c.Id] = string(text)
}

// reminded: once for each day of a meeting.
func (w *e2e) reminded(login string) {
	posts, err := w.people[login].posts(w.people[login].dm)
	if err != nil {
		w.t.Fatal(err)
	}
	times := map[string]int{}
	for _, p := range posts {
		if strings.HasPrefix(p.Message, "Muistutus: tapaaminen") {
			times[p.Message]++
		}
	}
	for message, n := range times {
		if n != 1 {
			w.t.Errorf("%s was told %d times %q", login, n, message)
		}
	}
}
