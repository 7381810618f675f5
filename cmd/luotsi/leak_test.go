package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"luotsi/bot"
	"luotsi/store/storetest"
)

// secrets are marked words put wherever people write: who the client is, and free text of every form of the path.
var secrets = []string{
	"Merkittynimi", "010140-900T", "merkittyosoite", "merkittynäkemys", "merkittypalvelu", "merkittyyritys", "merkittykysymys",
	"merkittyvastaus", "merkittytarve", "merkittykutsu", "merkittypaikka", "merkittypäätös", "merkittytuki", "merkittytulkki", "merkittysyy",
}

const secretPath = `clock 2027-02-01 09:00
sanna: huoli
  own_view = merkittynäkemys
  basis = shl35_1_client_agrees
  identity_name = Merkittynimi Esimerkki
  identity_code = 010140-900T
  identity_contact = merkittyosoite
  criteria = unclear_provider
  current_services = merkittypalvelu
  tried_so_far = merkittyyritys
A is the code
paula: ota {A}
paula: kysy {A}
  question = merkittykysymys
sanna: vastaa {A}
  answer = merkittyvastaus
paula: aloita {A}
  client_group = older
  use_profile = both
paula: suostumus pyydä {A}
  informed_on = tänään
  informed_how = phone
paula: suostumus kirjaa {A}
  form = written_signed
  parties = SOTE-KESKUS-A, IAKKAAT, KOTIHOITO-B
  categories = contact_details
paula: vastuu {A}
  person = ville
  need = merkittytarve
paula: tiimi kutsu {A}
  person = kaisa
  need_answered = merkittykutsu
ville: vastuu hyväksy {A}
kaisa: tiimi hyväksy {A}
room of {A}: paula, ville, kaisa
ville: tapaaminen sovi {A}
  starts_at = 16.2.2027 klo 10
  place = merkittypaikka
  client_answer = in_person
  support_person = merkittytuki
  interpreter = merkittytulkki
clock 2027-02-16 12:00
ville: tapaaminen kirjaa {A}
  attendance_client = present_in_person
  decisions = merkittypäätös
paula: henkilö {A}
  purpose = check_identity
paula opens the link
page shows "Merkittynimi"
outage on
paula: suostumus korjaa {A}
  reason = merkittysyy
mika: asia {A}
refused not_found
mika: huoli 010140-900T
refused identity_in_text
outage off
room of {A}: archived
`

// TestNothingLeaks walks the whole path with marked words and looks for them in the database's dump, in everything logged,
// in the names of rooms and in everything Luotsi says in chat of its own accord.
func TestNothingLeaks(t *testing.T) {
	said := &overhearing{}
	logged := collectLogs(t)
	k := newTalk(t)
	k.before = append(k.before, func(c *county) { said.Platform, c.house.Chats[0].Platform = c.house.Chats[0].Platform, said })
	k.run(secretPath)
	slog.Debug("overheard\n")
	k.town.county.log().Warn("overheard as well")
	for _, place := range []struct{ where, text, surely string }{
		{"the database", dump(t, k.town.url), k.codes["A"]},
		{"the log", logged(), `overheard\n`},
		{"the log", logged(), "overheard as well"},
		{"chat", said.all(), k.codes["A"]},
	} {
		if !strings.Contains(place.text, place.surely) {
			t.Errorf("nothing was looked at in %s", place.where)
		}
		for _, secret := range secrets {
			if holds(place.text, secret) {
				t.Errorf("%q is in %s", secret, place.where)
			}
		}
	}
}

// holds reports whether the text has the secret in it, as it is or as PostgreSQL dumps bytes.
func holds(text, secret string) bool {
	text = strings.ToLower(text)
	for _, form := range []string{secret, strings.ToLower(secret), hex.EncodeToString([]byte(secret))} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// dump is all that the database holds, as whoever has its files or a copy reads it.
func dump(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), storetest.Server(t).Bin("pg_dump"), "--inserts", u.String())
	var out, wrong bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &wrong
	if err := cmd.Run(); err != nil {
		t.Fatalf("pg_dump: %v: %s", err, wrong.String())
	}
	return out.String()
}

// collectLogs catches everything that is logged until the test ends, at every level, also what goes to the terminal.
func collectLogs(t *testing.T) func() string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	terminal, usual := os.Stderr, slog.Default()
	os.Stderr = file
	slog.SetDefault(slog.New(slog.NewTextHandler(file, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		os.Stderr = terminal
		slog.SetDefault(usual)
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return func() string {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

// overhearing is the chat with somebody who writes down all that Luotsi says of its own accord, buttons and room names.
type overhearing struct {
	bot.Platform
	mu    sync.Mutex
	heard strings.Builder
}

func (o *overhearing) note(words ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard.WriteString(strings.Join(words, "\n") + "\n")
}

func (o *overhearing) post(p bot.Post) {
	o.note(p.Code, p.Text())
	for _, b := range p.Buttons {
		o.note(b.ID, b.Label, b.Link)
	}
}

func (o *overhearing) all() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.heard.String()
}

// Post overhears what is said in a room.
func (o *overhearing) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	o.note(key)
	o.post(p)
	return o.Platform.Post(ctx, room, key, p)
}

// Edit overhears what a message is changed to.
func (o *overhearing) Edit(ctx context.Context, room, message string, p bot.Post) error {
	o.post(p)
	return o.Platform.Edit(ctx, room, message, p)
}

// Direct overhears what is said to one person.
func (o *overhearing) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	o.note(key)
	o.post(p)
	return o.Platform.Direct(ctx, user, key, p)
}

// OpenRoom overhears what a room is called.
func (o *overhearing) OpenRoom(ctx context.Context, name string) (string, error) {
	o.note(name)
	return o.Platform.OpenRoom(ctx, name)
}
