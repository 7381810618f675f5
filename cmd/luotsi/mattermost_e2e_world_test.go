package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattermost/mattermost/server/public/model"
	"go.uber.org/goleak"

	"luotsi/store/storetest"
)

// e2e is a running Mattermost with a team of this test's own, and Luotsi beside it.
type e2e struct {
	t       *testing.T // of the step that is under way
	whole   *testing.T
	dir     string
	url     string // of the server
	team    string // id
	suffix  string // of all names made for this run
	admin   *mmPerson
	people  map[string]*mmPerson
	bot     string // Luotsi's user id there
	queue   string // id of the coordinators' channel
	square  string // id of the channel everybody is in
	base    string // Luotsi's own address
	service *service
	db      *sqlx.DB // as the database's owner
	ahead   atomic.Int64
	logged  func() string
	web     *http.Client

	code, room string
	starts     time.Time // of the meeting
}

// The people of the test; outo is in the team but not in Luotsi's directory.
var e2ePeople = []struct{ login, unit, profession, roles string }{
	{"paula", "ASIAKASOHJAUS", "palveluohjaaja", "professional coordinator"},
	{"sanna", "SOTE-KESKUS-A", "sairaanhoitaja", "professional"},
	{"ville", "IAKKAAT", "sosiaaliohjaaja", "professional"},
	{"kaisa", "KOTIHOITO-B", "kotihoidon sairaanhoitaja", "professional"},
	{"mika", "MIEPA", "päihdesairaanhoitaja", "professional"},
	{"outo", "", "", ""},
}

func newE2E(t *testing.T) *e2e {
	if os.Getenv(e2eLogin) == "" || os.Getenv(e2ePassword) == "" {
		t.Fatalf("%s is set: %s and %s must be set too", e2eURL, e2eLogin, e2ePassword)
	}
	for _, variable := range os.Environ() { // what the machine is configured for is not this test's
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "LUOTSI_") && !strings.HasPrefix(name, "LUOTSI_TEST_") {
			t.Setenv(name, value) // so that it is put back
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	w := &e2e{
		t: t, whole: t, dir: t.TempDir(), url: strings.TrimRight(os.Getenv(e2eURL), "/"), suffix: strings.ToLower(rand.Text()[:8]), people: map[string]*mmPerson{},
		web: &http.Client{Timeout: time.Minute, Transport: &http.Transport{}},
	}
	storetest.Server(t)
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() {
		w.web.CloseIdleConnections()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		goleak.VerifyNone(t, before)
	})
	w.logged = collectLogs(t)
	w.admin = w.signIn(os.Getenv(e2eLogin), os.Getenv(e2ePassword))
	w.makeTeam()
	for _, p := range e2ePeople {
		w.people[p.login] = w.makePerson(p.login)
	}
	return w
}

// now is the service's clock.
func (w *e2e) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

// moveTo moves the service's clock.
func (w *e2e) moveTo(to time.Time) { w.ahead.Store(int64(time.Until(to))) }

// makeTeam makes a team for this run, which is archived in the end.
func (w *e2e) makeTeam() {
	var team model.Team
	w.admin.must(http.MethodPost, "/teams", map[string]string{"name": "luotsi-" + w.suffix, "display_name": "Luotsi " + w.suffix, "type": "I"}, &team)
	w.team = team.Id
	w.whole.Cleanup(func() { w.admin.must(http.MethodDelete, "/teams/"+w.team, nil, nil) })
	var square model.Channel
	w.admin.must(http.MethodGet, "/teams/"+w.team+"/channels/name/town-square", nil, &square)
	w.square = square.Id
}

// makePerson makes an account in the team, which is deactivated in the end, and signs in with it.
func (w *e2e) makePerson(login string) *mmPerson {
	name, password := login+"-"+w.suffix, "Salasana-"+rand.Text()
	var user model.User
	w.admin.must(http.MethodPost, "/users", map[string]string{
		"username": name, "email": name + "@example.test", "password": password, "first_name": strings.ToUpper(login[:1]) + login[1:],
	}, &user)
	w.whole.Cleanup(func() { w.admin.must(http.MethodDelete, "/users/"+user.Id, nil, nil) })
	w.admin.must(http.MethodPost, "/teams/"+w.team+"/members", map[string]string{"team_id": w.team, "user_id": user.Id}, nil)
	return w.signIn(name, password)
}

// makeDatabase makes an empty one; the address is its owner's.
func (w *e2e) makeDatabase() string {
	server, name := storetest.Server(w.t), "e2e_"+w.suffix
	all := storetest.Connect(w.whole, server.URL("postgres"))
	if _, err := all.ExecContext(w.t.Context(), "create database "+name); err != nil {
		w.t.Fatal(err)
	}
	w.whole.Cleanup(func() {
		if _, err := all.ExecContext(context.Background(), "drop database "+name+" with (force)"); err != nil {
			w.t.Error(err)
		}
	})
	w.db = storetest.Connect(w.whole, server.URL(name))
	return server.URL(name)
}

// start serves until the whole test ends, and waits until Luotsi says that it is ready.
func (w *e2e) start(listener net.Listener, c serveCmd) {
	ctx, stop := context.WithCancel(context.Background())
	s, err := openService(ctx, c, w.now, slog.Default())
	if err != nil {
		stop()
		w.t.Fatal(err)
	}
	s.house.Accept900 = true // temporary identity codes: nobody has them
	w.service = s
	served := make(chan error, 1)
	go func() { served <- s.serve(ctx, listener) }()
	w.whole.Cleanup(func() {
		stop()
		if err := errors.Join(<-served, s.close()); err != nil {
			w.t.Error(err)
		}
	})
	w.until(20*time.Second, "Luotsi to be ready", func() error {
		select {
		case err := <-served:
			served <- err
			w.t.Fatal(err)
		default:
		}
		answer, err := w.web.Get(w.base + "/readyz")
		if err == nil && answer.StatusCode != http.StatusOK {
			err = errors.New(answer.Status)
		}
		if answer != nil {
			err = errors.Join(err, answer.Body.Close())
		}
		return err
	})
}

// until waits for something that is not so yet.
func (w *e2e) until(most time.Duration, what string, look func() error) {
	w.t.Helper()
	over := time.After(most)
	for {
		err := look()
		if err == nil {
			return
		}
		select {
		case <-over:
			w.t.Fatalf("waited %v for %s: %v", most, what, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
