package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/commands/casework"
)

// What people write in the test and what must stand nowhere: who the client is, and somebody's own words.
const (
	e2eClient = "Merkittynimi Esimerkki"
	e2eCode   = "010140-900T"
	e2eTyped  = "231145-902D" // an identity code that somebody types in the room
)

var e2eWords = []string{
	"merkittynäkemys", "merkittyyritys", "merkittytarve", "merkittykutsu", "merkittypaikka", "merkittytoinen",
}

// team are those whom the case's room holds, once they have come.
var e2eTeam = []string{"paula", "ville", "kaisa"}

func (w *e2e) unknown() {
	w.people["outo"].command(w.square, "/huoli").hears("Luotsi ei tunne sinua vielä. Pyydä ylläpitäjää")
}

var anyCode = regexp.MustCompile(`[BCDFGHJKMNPQRTVWX2346789]{7}-[BCDFGHJKMNPQRTVWX2346789]`)

func (w *e2e) raise() {
	sanna := w.people["sanna"]
	form := sanna.command(w.square, "/huoli").opens()
	answers := map[string]any{
		"own_view": "Merkittynäkemys: kuka asioitani hoitaa?", "basis": "shl35_1_client_agrees", "identity_name": e2eClient,
		"identity_code": "010140-900X", "criteria": []string{"unclear_provider", "many_contacts"},
	}
	if wrong := form.sends(answers); wrong.Errors["identity_code"] == "" {
		w.t.Errorf("a mistyped identity code was taken: %+v", wrong)
	}
	answers["identity_code"], answers["tried_so_far"] = e2eCode, "merkittyyritys" // which newer servers ask in a second step
	form.sent(answers)
	w.code = anyCode.FindString(sanna.told("on vastaanotettu").Message)
	if w.code == "" {
		w.t.Fatal("the receipt names no code")
	}
}

func (w *e2e) take() {
	paula := w.people["paula"]
	card := paula.sees(w.queue, "Huoli "+w.code+" odottaa käsittelyä")
	paula.pressOn(card, buttonOf(card, "Ota käsittelyyn")).hears("kuka asioitani hoitaa?") // the client's own words, read and not kept
	paula.told("Otit huolen " + w.code)
	w.people["sanna"].told("Huoli " + w.code + " on käsittelyssä")
	w.until(15*time.Second, "the card to tell who took it", func() error { return w.settled(paula, card, "Sen otti Paula") })
}

// settled: the message tells the text, and has no button any more.
func (w *e2e) settled(as *mmPerson, post *model.Post, text string) error {
	var now model.Post
	if _, err := as.call(http.MethodGet, "/posts/"+post.Id, nil, &now); err != nil {
		return err
	}
	if buttonOf(&now, "") != "" || !strings.Contains(now.Message, text) {
		return fmt.Errorf("it says %q and has the button %q", now.Message, buttonOf(&now, ""))
	}
	return nil
}

func (w *e2e) accept() {
	paula := w.people["paula"]
	press := paula.press(paula.dm, "Aloita asiakkuus")
	press.opens().sent(map[string]any{"client_group": "older", "use_profile": "both"})
	paula.told("Asiakkuus on alkanut")
	posts, err := paula.posts(paula.dm)
	if err != nil {
		w.t.Fatal(err)
	}
	i := slices.IndexFunc(posts, func(p *model.Post) bool { return strings.Contains(p.Message, "Otit huolen "+w.code) })
	w.until(10*time.Second, "the message to tell who accepted", func() error { return w.settled(paula, posts[i], "✓ Aloita asiakkuus: Paula") })
}

func (w *e2e) consent() {
	paula := w.people["paula"]
	paula.press(paula.dm, "Pyydä suostumus").opens().sent(map[string]any{"informed_on": casework.Calendar{}.Day(w.now()), "informed_how": "in_person"})
	paula.told("pyydettiin suostumus")
	paula.press(paula.dm, "Kirjaa suostumus").opens().sent(map[string]any{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"},
		"categories": []string{"contact_details", "functioning"}, "copy_given": "paper", "chat_tool_ok": true,
	})
	paula.told("Suostumus on kirjattu")
}

func (w *e2e) roomOpens() {
	paula, name := w.people["paula"], roomNameOf(w.code, 1)
	var room *model.Channel
	w.until(20*time.Second, "the case's room", func() error {
		list := paula.channels()
		if i := slices.IndexFunc(list, func(c *model.Channel) bool { return c.Name == name }); i >= 0 {
			room = list[i]
			return nil
		}
		return errors.New("it is not there")
	})
	w.room = room.Id
	w.neutral(room)
	paula.sees(w.room, "Tämä on asian "+w.code+" huone")
	w.roomHolds(10*time.Second, "paula")
}

// neutral: a room is private and says nothing but the code.
func (w *e2e) neutral(room *model.Channel) {
	w.t.Helper()
	if name := roomNameOf(w.code, 1); room.Name != name || room.DisplayName != name || room.Type != model.ChannelTypePrivate || room.Header != "" || room.Purpose != "" {
		w.t.Errorf("the room is not neutral: %+v", room)
	}
}

// roomNow is the room as it stands in the server's database. The server may keep an old copy of a channel that is looked at in the
// very moment in which it changes, and show that for half an hour; what is searched for never comes from there.
func (w *e2e) roomNow() (model.Channel, error) {
	var all []model.Channel
	_, err := w.admin.call(http.MethodPost, "/channels/search", map[string]any{
		"term": "", "team_ids": []string{w.team}, "private": true, "include_deleted": true,
	}, &all)
	if i := slices.IndexFunc(all, func(c model.Channel) bool { return c.Id == w.room }); i >= 0 {
		return all[i], nil
	}
	return model.Channel{}, errors.Join(err, errors.New("the room is not found"))
}

// roomHolds waits until the room holds exactly these people, and Luotsi.
func (w *e2e) roomHolds(most time.Duration, logins ...string) {
	w.t.Helper()
	want := map[string]bool{w.bot: true}
	for _, login := range logins {
		want[w.people[login].id] = true
	}
	w.until(most, fmt.Sprintf("the room to hold %v", logins), func() error {
		have, err := w.admin.members(w.room)
		if err == nil && !maps.Equal(have, want) {
			err = fmt.Errorf("it holds %v", w.who(have))
		}
		return err
	})
}

// who names people by their ids.
func (w *e2e) who(ids map[string]bool) (logins []string) {
	for login, p := range w.people {
		if ids[p.id] {
			logins = append(logins, login)
		}
	}
	if ids[w.bot] {
		logins = append(logins, "luotsi")
	}
	slices.Sort(logins)
	return logins
}

// invite: the code is implied in the room; who is invited is let in on accepting.
func (w *e2e) invite() {
	paula, kaisa := w.people["paula"], w.people["kaisa"]
	act := paula.command(w.room, "/luotsi tiimi kutsu")
	act.opens().sent(map[string]any{"person": w.name("kaisa"), "need_answered": "merkittykutsu"})
	act.answered("Kutsu on lähetetty")
	kaisa.told("Sinut on kutsuttu tiimin jäseneksi")
	w.roomHolds(time.Second, "paula")
	kaisa.press(kaisa.dm, "Tulen tiimiin").answered("Olet nyt tiimissä")
	w.roomHolds(10*time.Second, "paula", "kaisa")
}

func (w *e2e) responsible() {
	paula, ville := w.people["paula"], w.people["ville"]
	act := paula.command(w.room, "/luotsi vastuu")
	act.opens().sent(map[string]any{"person": w.name("ville"), "need": "merkittytarve"})
	act.answered("Pyyntö on lähetetty")
	ville.told("Sinua pyydetään vastuutyöntekijäksi")
	ville.press(ville.dm, "Hyväksyn tehtävän").answered("Olet nyt vastuutyöntekijä")
	paula.told("vastuutyöntekijä on hyväksynyt tehtävän")
	w.roomHolds(10*time.Second, e2eTeam...)
}

// meeting: everybody is reminded at nine on the working day before.
func (w *e2e) meeting() {
	w.starts = w.meetingDay(3)
	act := w.people["ville"].command(w.room, "/luotsi tapaaminen sovi")
	act.opens().sent(map[string]any{"starts_at": w.starts, "place": "merkittypaikka", "client_answer": "in_person"})
	act.answered("Tapaaminen pidetään")
	for _, login := range []string{"paula", "kaisa"} {
		w.people[login].told("Asia " + w.code)
	}
	w.moveTo(w.starts.AddDate(0, 0, -1).Add(-time.Hour)) // nine, the day before at ten
	for _, login := range e2eTeam {
		w.people[login].told("Muistutus: tapaaminen " + w.code)
	}
}

// meetingDay is ten o'clock on the first day at least so many days ahead that is a working day and has one before it.
func (w *e2e) meetingDay(days int) time.Time {
	calendar := casework.Calendar{}
	day := calendar.Day(w.now()).AddDate(0, 0, days)
	for !calendar.Working(day) || !calendar.Working(day.AddDate(0, 0, -1)) {
		day = day.AddDate(0, 0, 1)
	}
	return calendar.At(day, 10, 0)
}
