package sandbox

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/page"
	"luotsi/store/storetest"
)

// world is a sandbox with a small Luotsi behind it.
type world struct {
	t      *testing.T
	db     *sql.DB
	chat   *Sandbox
	luotsi *luotsi
	engine *engine
	server *httptest.Server
	met    chan string // rooms whose members people changed
}

var start = time.Date(2026, 11, 21, 12, 0, 0, 0, bot.Helsinki)

func newWorld(t *testing.T) *world {
	t.Helper()
	return openWorld(t, storetest.Open(t).DB)
}

// openWorld is the sandbox on a database that may have been used before.
func openWorld(t *testing.T, db *sql.DB) *world {
	t.Helper()
	clock, err := OpenClock(t.Context(), db, start)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, engine: &engine{clock: clock}, met: make(chan string, 10)}
	w.luotsi = newLuotsi(t)
	w.chat, err = New(t.Context(), Config{
		DB: db, Clock: clock, People: staff(), Sealer: testKey(t), Handle: w.luotsi.Handle, Catalog: w.luotsi.dispatcher.Catalog,
		Lang:   func(_ context.Context, login string) bot.Lang { return w.luotsi.lang(login) },
		Engine: w.engine, Verbs: w.luotsi.verbs, OnMembers: func(room, _ string, _ bool) { w.met <- room },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(w.chat.Handler())
	t.Cleanup(w.server.Close)
	return w
}

func staff() []Person {
	return []Person{
		{"sanna", "Sanna Salo", "SOTE-KESKUS-A", "health", "sairaanhoitaja", []string{"professional"}},
		{"paula", "Paula Palo", "ASIAKASOHJAUS", "social", "palveluohjaaja", []string{"professional", "coordinator"}},
		{"ville", "Ville Virta", "IAKKAAT", "social", "sosiaaliohjaaja", []string{"professional"}},
		{"kaisa", "Kaisa Koski", "KOTIHOITO-B", "health", "kotihoidon sairaanhoitaja", []string{"professional"}},
		{"leo", "Leo Lahti", "SOTE-KESKUS-A", "health", "lääkäri", []string{"professional"}},
		{"esko", "Esko Erola", "IAKKAAT", "social", "esihenkilö", []string{"supervisor"}},
		{"katri", "Katri Kallio", "SOTE-KESKUS-A", "health", "asiakaspäällikkö", []string{"professional", "coordinator"}},
	}
}

// aead is a sealer of the standard library's making.
type aead struct{ cipher.AEAD }

var testKeyBytes = bytes.Repeat([]byte{7}, 32)

func testKey(t *testing.T) aead {
	t.Helper()
	block, err := aes.NewCipher(testKeyBytes)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return aead{gcm}
}

func (a aead) Encrypt(plain, about []byte) ([]byte, error) {
	nonce := make([]byte, a.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return a.Seal(nonce, nonce, plain, about), nil
}

func (a aead) Decrypt(sealed, about []byte) ([]byte, error) {
	if len(sealed) < a.NonceSize() {
		return nil, io.ErrUnexpectedEOF
	}
	return a.Open(nil, sealed[:a.NonceSize()], sealed[a.NonceSize():], about)
}

// engine delivers at given instants.
type engine struct {
	clock *Clock
	mu    sync.Mutex
	due   []time.Time
	at    []time.Time // when deliveries happened, by the clock
	vain  bool        // nothing can be delivered
	tries int
	again int
}

func (e *engine) NextDue(_ context.Context, until time.Time) (time.Time, bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.due) == 0 || e.due[0].After(until) {
		return time.Time{}, false, nil
	}
	return e.due[0], true, nil
}

func (e *engine) RunDue(context.Context) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.tries++
	n := 0
	for !e.vain && len(e.due) > 0 && !e.due[0].After(e.clock.Now()) {
		e.at = append(e.at, e.clock.Now())
		e.due = e.due[1:]
		n++
	}
	return n, nil
}

func (e *engine) Idle(context.Context) (int, int, error) { return 2, 1, nil }

func (e *engine) Undelivered(context.Context) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for _, d := range e.due {
		if !d.After(e.clock.Now()) {
			n++
		}
	}
	return n, nil
}

func (e *engine) Retry(context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.again++
	return nil
}

type object = map[string]any

// call asks the API and checks the status; the answer is decoded into out unless that is nil.
func (w *world) call(method, path string, in any, status int, out any) {
	w.t.Helper()
	var body io.Reader
	if in != nil {
		data, err := json.Marshal(in)
		if err != nil {
			w.t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.server.URL+"/sandbox/api/"+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	w.send(req, status, out)
}

func (w *world) send(req *http.Request, status int, out any) {
	w.t.Helper()
	res, err := w.server.Client().Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	if res.StatusCode != status {
		w.t.Fatalf("%s %s: status %d, want %d: %s", req.Method, req.URL.Path, res.StatusCode, status, data)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(data, out); err != nil {
		w.t.Fatalf("%s %s: %v: %s", req.Method, req.URL.Path, err, data)
	}
}

func (w *world) say(as, room, text string) outcome {
	w.t.Helper()
	var out outcome
	w.call("POST", "say", object{"as": as, "room": room, "text": text}, 200, &out)
	return out
}

func (w *world) messages(as, room string) []message {
	w.t.Helper()
	var out []message
	w.call("GET", "messages?as="+as+"&room="+room, nil, 200, &out)
	return out
}

// texts is what a person reads in a room: "author: text".
func (w *world) texts(as, room string) string {
	w.t.Helper()
	var out []string
	for _, m := range w.messages(as, room) {
		out = append(out, m.Author+": "+m.Text)
	}
	return strings.Join(out, "\n")
}

func (w *world) reads(as, room, want string) {
	w.t.Helper()
	if got := w.texts(as, room); got != want {
		w.t.Errorf("%s reads in %s:\n%s\nwant:\n%s", as, room, got, want)
	}
}

// room makes a case room with the people in it.
func (w *world) room(name string, people ...string) string {
	w.t.Helper()
	id, err := w.chat.OpenRoom(w.t.Context(), name)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range people {
		if err := w.chat.Invite(w.t.Context(), id, p); err != nil {
			w.t.Fatal(err)
		}
	}
	return id
}

func texts() map[string]string {
	return map[string]string{
		"fi.toml": textsFI, "sv.toml": textsFI, "en.toml": textsFI,
	}
}

func newCatalog(t *testing.T) *bot.Catalog {
	t.Helper()
	c, err := bot.NewCatalog(bot.Helsinki, Texts, page.Texts, testTexts())
	if err != nil {
		t.Fatal(fmt.Errorf("reading texts: %w", err))
	}
	return c
}
