package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// lobby is a chat with people whom the directory does not have.
type lobby struct {
	bot.Platform
	people    map[string]bot.Profile
	untrusted bool
}

// Trusted is as the sandbox's, unless the lobby is to be one that is not.
func (l *lobby) Trusted() bool { return !l.untrusted && l.Platform.Trusted() }

// Profile knows the lobby's own people too.
func (l *lobby) Profile(ctx context.Context, user string) (bot.Profile, error) {
	if p, ok := l.people[user]; ok {
		return p, nil
	}
	return l.Platform.Profile(ctx, user)
}

// door is where newcomers come in.
type door struct {
	*county
	t     *testing.T
	chat  *lobby
	times int // requests so far: each has an id of its own
}

func newDoor(t *testing.T) *door {
	d := &door{t: t, chat: &lobby{people: map[string]bot.Profile{
		"U1": {User: "U1", Login: "nina", Name: "Nina Nieminen", Email: "nina@example.org", Enabled: true},
		"U2": {User: "U2", Login: "Nina", Enabled: true},
		"U3": {User: "U3", Login: "vieras", Enabled: true, Guest: true},
		"U4": {User: "U4", Login: "kone", Enabled: true, Bot: true},
		"U5": {User: "U5", Login: "poissa"},
		"U6": {User: "U6", Login: "paula", Email: "p@example.org", Enabled: true},
	}}}
	newTown(t, monday, func(c *county) {
		d.county = c
		d.chat.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, d.chat
		c.house.SelfRegistration = true
	})
	return d
}

// asks does one request of a newcomer.
func (d *door) asks(user string, r bot.Request) bot.Answer {
	d.t.Helper()
	d.times++
	r.Platform, r.User, r.Place = "sandbox", user, bot.Place{Kind: bot.InDirect}
	if r.ID == "" {
		r.ID = fmt.Sprint("door", d.times)
	}
	if r.At.IsZero() {
		r.At = d.clock.Now()
	}
	a, err := d.handle(d.t.Context(), r)
	if err != nil {
		d.t.Fatal(err)
	}
	return a
}

// form is the form that somebody new is asked to fill in.
func (d *door) form(user string) string {
	d.t.Helper()
	a := d.asks(user, bot.Request{Text: "huoli"})
	if a.Dialog == nil || len(a.Dialog.Fields) != 2 || refused(a) != "" {
		d.t.Fatalf("%s is not asked who they are: %+v", user, a)
	}
	return a.Dialog.ID
}

var ownWords = map[string]any{"unit": "KOTIHOITO-B", "profession": "sairaanhoitaja"}

// sends fills a form in.
func (d *door) sends(user, form string) bot.Answer {
	d.t.Helper()
	return d.asks(user, bot.Request{Submit: form, Values: ownWords})
}

// people is the directory by login.
func (d *door) people() map[string]casework.User {
	d.t.Helper()
	people := map[string]casework.User{}
	err := d.house.Within(d.t.Context(), monday, func(tx commands.Tx) error {
		users, err := tx.Users(d.t.Context())
		for _, u := range users {
			people[u.Login] = u
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return people
}

func TestMemberRegistersOnce(t *testing.T) {
	d := newDoor(t)
	form := d.form("U1")
	a := d.asks("U1", bot.Request{Submit: form, Values: map[string]any{"unit": "ESIMERKKIJARJESTO", "profession": ""}})
	if a.Errors["unit"] == "" || a.Errors["profession"] == "" {
		t.Errorf("a unit of partners and no profession were taken: %+v", a)
	}
	sent := bot.Request{ID: "sent", Submit: form, Values: ownWords}
	first := d.asks("U1", sent)
	if refused(first) != "" || !strings.Contains(first.Replies[0].Text(), "henkilöluettelossa") {
		t.Fatalf("%+v", first)
	}
	if again := d.asks("U1", sent); refused(again) != "" || again.Replies[0].Text() != first.Replies[0].Text() {
		t.Errorf("the form redelivered: %+v", again)
	}
	if anew := d.sends("U1", form); refused(anew) == "" {
		t.Errorf("the form sent anew: %+v", anew)
	}
	before := len(sandboxPeople)
	got := d.people()
	u := got["self-nina"]
	if len(got) != before+1 || u.Name != "Nina Nieminen" || u.Unit != "KOTIHOITO-B" || u.Profession != "sairaanhoitaja" || !slices.Equal(u.Roles, roles("professional")) {
		t.Errorf("registered is %+v among %d", u, len(got))
	}
	if _, ok, err := d.house.LoginByEmail(t.Context(), "nina@example.org"); ok || err != nil {
		t.Error("an address that nobody confirmed lets somebody in", err)
	}
	if a := d.asks("U1", bot.Request{Text: "huoli"}); a.Dialog == nil || a.Dialog.Fields[0].Name == "unit" || refused(a) != "" {
		t.Errorf("who has registered cannot raise a concern: %+v", a)
	}
}

// TestChatThatIsNotTrustedIsAskedChoicesOnly, and what it proves of an address lets people sign in by it.
func TestChatThatIsNotTrustedIsAskedChoicesOnly(t *testing.T) {
	d := newDoor(t)
	d.chat.untrusted = true
	for user, email := range map[string]string{"U1": "Nina@example.org", "U6": "nina@Example.org"} {
		p := d.chat.people[user]
		p.Email, p.Proven = email, true
		d.chat.people[user] = p
	}
	a := d.asks("U1", bot.Request{Text: "huoli"})
	if a.Dialog == nil || len(a.Dialog.Fields) != 1 || a.Dialog.Fields[0].Name != "unit" {
		t.Fatalf("asked is %+v", a)
	}
	if a = d.sends("U1", a.Dialog.ID); refused(a) != "" {
		t.Fatalf("%+v", a)
	}
	if u := d.people()["self-nina"]; u.Profession != "" || u.Unit != "KOTIHOITO-B" {
		t.Errorf("what was typed freely was kept: %+v", u)
	}
	if login, ok, err := d.house.LoginByEmail(t.Context(), "nina@example.org"); login != "self-nina" || !ok || err != nil {
		t.Errorf("by the address signs in %q: %v", login, err)
	}
	if a := d.sends("U6", d.asks("U6", bot.Request{Text: "huoli"}).Dialog.ID); refused(a) != "login_taken" || d.people()["self-paula"].Login != "" {
		t.Errorf("somebody else has the address: %+v", a)
	}
}

// TestNobodyIsTakenOver: a name in the chat that is somebody's in the directory opens nothing of theirs.
func TestNobodyIsTakenOver(t *testing.T) {
	d := newDoor(t)
	paula := d.people()["paula"]
	if a := d.sends("U6", d.form("U6")); refused(a) != "" {
		t.Fatalf("%+v", a)
	}
	got := d.people()
	if u := got["paula"]; u.Unit != paula.Unit || u.Name != paula.Name || !slices.Equal(u.Roles, paula.Roles) {
		t.Errorf("paula was changed: %+v", u)
	}
	if u := got["self-paula"]; !slices.Equal(u.Roles, roles("professional")) {
		t.Errorf("the newcomer is %+v", u)
	}
	if p, err := (commands.Office{House: d.house}).Person(t.Context(), "sandbox", "U6"); err != nil || p.Login != "self-paula" || p.Has(bot.Coordinator) {
		t.Errorf("the newcomer acts as %+v, %v", p, err)
	}
	d.sends("U1", d.form("U1"))
	if a := d.sends("U2", d.form("U2")); refused(a) != "login_taken" {
		t.Errorf("a second person took the login: %+v", a)
	}
	if err := d.house.SetDisabled(t.Context(), "self-nina", true); err != nil {
		t.Fatal(err)
	}
	if a := d.sends("U1", d.form("U1")); refused(a) != "login_taken" || !d.people()["self-nina"].Disabled {
		t.Errorf("closed access was opened by registering again: %+v", a)
	}
}

func TestOnlyMembersMayRegister(t *testing.T) {
	d := newDoor(t)
	form := d.form("U1")
	for _, user := range []string{"U3", "U4", "U5"} {
		for _, r := range []bot.Request{{Text: "huoli"}, {Submit: form, Values: ownWords}} {
			if a := d.asks(user, r); refused(a) != "unknown_person" || a.Dialog != nil || a.Replies[0].Text() == "" {
				t.Errorf("%s: %+v", user, a)
			}
		}
	}
	d.house.SelfRegistration = false
	for _, r := range []bot.Request{{Text: "huoli"}, {Submit: form, Values: ownWords}} {
		if a := d.asks("U1", r); refused(a) != "unknown_person" || a.Dialog != nil {
			t.Errorf("while it is switched off: %+v", a)
		}
	}
	if n := len(d.people()); n != len(sandboxPeople) {
		t.Errorf("%d people", n)
	}
}

// TestAFormThatIsTooOldIsSaidToBe: a form in answer to one is something that not every chat can show.
func TestAFormThatIsTooOldIsSaidToBe(t *testing.T) {
	d := newDoor(t)
	first := d.form("U1")
	late := d.clock.Now().Add(bot.FormLife + time.Minute)
	for _, r := range []bot.Request{{Submit: "forged"}, {Submit: d.form("U6")}, {Submit: first, At: late}} {
		r.Values = ownWords
		if a := d.asks("U1", r); a.Dialog != nil || refused(a) != "expired_ticket" || len(d.people()) != len(sandboxPeople) {
			t.Fatalf("a form that is not good: %+v", a)
		}
	}
	again := d.asks("U1", bot.Request{Text: "huoli", At: late})
	if again.Dialog == nil || again.Dialog.ID == first {
		t.Fatalf("not asked again: %+v", again)
	}
	if a := d.asks("U1", bot.Request{Submit: again.Dialog.ID, Values: ownWords, At: late}); refused(a) != "" {
		t.Errorf("%+v", a)
	}
}

// TestStrangersReadTheirOwnLanguage where the chat knows it, and where to turn in need. An account in English tells nothing.
func TestStrangersReadTheirOwnLanguage(t *testing.T) {
	d := newDoor(t)
	d.house.SelfRegistration = false
	for lang, begins := range map[bot.Lang]string{bot.SV: "Luotsi känner dig inte ännu", bot.EN: "Luotsi ei tunne sinua", "": "Luotsi ei tunne sinua"} {
		d.chat.people["U1"] = bot.Profile{User: "U1", Lang: lang, Enabled: true}
		a := d.asks("U1", bot.Request{Text: "/oro"})
		if said := a.Replies[0].Text(); refused(a) != "unknown_person" || !strings.HasPrefix(said, begins) || !strings.Contains(said, " 112") || d.house.EmergencyPhone == "" || !strings.Contains(said, d.house.EmergencyPhone) {
			t.Errorf("%s: %s", lang, said)
		}
	}
	if a := d.asks("U404", bot.Request{Text: "/oro"}); !strings.HasPrefix(a.Replies[0].Text(), "Luotsi ei tunne sinua") {
		t.Errorf("nobody's account: %+v", a)
	}
}

// TestNewcomersAreAskedInTheirOwnLanguage, and are spoken to in it from then on.
func TestNewcomersAreAskedInTheirOwnLanguage(t *testing.T) {
	d := newDoor(t)
	oskar := d.chat.people["U1"]
	oskar.Lang = bot.SV
	d.chat.people["U1"] = oskar
	form := d.asks("U1", bot.Request{Text: "/oro"}).Dialog
	if form == nil || form.Title != d.house.Catalog.Say(bot.SV, bot.T("form.register.title")) {
		t.Fatalf("%+v", form)
	}
	if d.sends("U1", form.ID); d.people()["self-nina"].Lang != "sv" {
		t.Errorf("%+v", d.people()["self-nina"])
	}
}

// TestStrangersReadTheHousesLanguage when theirs is not known.
func TestStrangersReadTheHousesLanguage(t *testing.T) {
	d := newDoor(t)
	d.house.SelfRegistration, d.house.Lang = false, bot.SV
	a, err := commands.NewDispatcher(d.house).Handle(t.Context(), bot.Request{Platform: "sandbox", User: "U1", Text: "/luotsi", At: d.clock.Now()})
	if err != nil || refused(a) != "unknown_person" || !strings.Contains(a.Replies[0].Text(), "Luotsi känner dig inte ännu") {
		t.Errorf("%+v, %v", a, err)
	}
}
