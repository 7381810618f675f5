package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/bot/mattermost/mattermosttest"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// servedOffice is a service that runs, beside a strict Mattermost.
type servedOffice struct {
	*service
	chat  *mattermosttest.Server
	base  string
	users map[string]string
}

// serveOffice runs the service until the test ends. The change is made to its configuration first.
func serveOffice(t testing.TB, change func(*serveCmd)) *servedOffice {
	t.Helper()
	storetest.Server(t)
	o := &servedOffice{chat: mattermosttest.New(t), users: map[string]string{}}
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.base = "http://" + listener.Addr().String()
	dir := t.TempDir()
	c := serveCmd{
		BaseURL: o.base, Language: "fi", EmergencyPhone: "112",
		databaseFlags: databaseFlags{
			DatabaseURL: store.ServiceURL(storetest.URL(t)), Keyset: filepath.Join(dir, "keyset.json"), Kek: filepath.Join(dir, "kek"),
		},
		Mattermost: mattermostFlags{URL: o.chat.URL(), Token: "token-luotsi", Team: "kotihoito", Queue: "jono", CommandTokens: []string{"secret"}},
	}
	if _, err := store.LoadKeys(c.Keyset, c.Kek, true); err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&c)
	}
	s, err := openService(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o.service = s
	o.settle(t, s)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("serving:", err)
		}
		if err := s.close(); err != nil {
			t.Error(err)
		}
	})
	o.wait(t, "/readyz", http.StatusOK)
	return o
}

// settle puts people with accounts into the directory.
func (o *servedOffice) settle(t testing.TB, s *service) {
	t.Helper()
	_, users, _ := sandboxDirectory()
	accounts := map[string][]casework.Account{}
	for _, login := range []string{"sanna", "paula"} {
		o.users[login] = o.chat.Person(login)
		accounts[login] = []casework.Account{{Platform: "mattermost", User: o.users[login]}}
	}
	if err := s.store.SeedDirectory(t.Context(), sandboxUnits, users, accounts); err != nil {
		t.Fatal(err)
	}
}

func (o *servedOffice) status(t testing.TB, path string) int {
	t.Helper()
	r, err := http.Get(o.base + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	return r.StatusCode
}

func (o *servedOffice) wait(t testing.TB, path string, status int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); o.status(t, path) != status; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s never answered %d", path, status)
		}
	}
}

// command is what the server sends of a slash command.
func (o *servedOffice) command(user, words string) (int, string, error) {
	form := url.Values{
		"token": {"secret"}, "channel_id": {o.chat.ChannelNamed("jono")}, "channel_name": {"jono"}, "user_id": {o.users[user]},
		"command": {"/luotsi"}, "text": {words}, "trigger_id": {o.chat.Trigger(o.users[user])},
	}
	r, err := http.Post(o.base+"/mattermost/command", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return r.StatusCode, string(body), err
}

// answered gives a command until it is answered at once: on a busy machine an answer may be late, and goes another way.
func (o *servedOffice) answered(t testing.TB, user, words string) (said string) {
	t.Helper()
	for late := time.Now().Add(time.Minute); ; {
		status, said, err := o.command(user, words)
		if status != http.StatusOK || err != nil {
			t.Fatalf("answered %d: %v", status, err)
		}
		if strings.Contains(said, `"text"`) {
			return said
		}
		if time.Now().After(late) {
			t.Fatal("never answered at once")
		}
	}
}

// raise has Sanna raise a concern, and waits until its card stands before the coordinators in Mattermost.
func (o *servedOffice) raise(t testing.TB) {
	t.Helper()
	ask := func(r bot.Request) bot.Answer {
		t.Helper()
		r.ID, r.Platform, r.User, r.Place, r.At = rand.Text(), "mattermost", o.users["sanna"], bot.Place{Kind: bot.InDirect}, time.Now()
		answer, err := o.handle(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	form := ask(bot.Request{Text: "/huoli"}).Dialog
	answer := ask(bot.Request{Submit: form.ID, Values: map[string]any{
		"basis": "client_own_contact", "criteria": []any{"many_contacts"}, "urgency": "normal", "identity_name": "Testi-Aino Esimerkki",
		"identity_contact": "040 000 0000", "own_view": "Haluaisin, että joku kertoisi, kuka asioitani hoitaa.",
	}})
	if len(answer.Replies) == 0 || answer.Replies[0].Code == "" {
		t.Fatalf("not raised: %+v", answer)
	}
	jono, katri := o.chat.ChannelNamed("jono"), ""
	o.chat.Set(func() { katri = o.chat.UserNamed("katri") })
	shows := func(m bottest.Seen) bool { return strings.Contains(m.Text, answer.Replies[0].Code) }
	for late := time.Now().Add(time.Minute); !slices.ContainsFunc(o.chat.Sees(katri, jono), shows); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("the coordinators never see it")
		}
	}
}

// TestServeGoesOnWithoutAChatThatIsAway: the other chat is answered, and what is to be done there is done.
func TestServeGoesOnWithoutAChatThatIsAway(t *testing.T) {
	o := serveOffice(t, func(c *serveCmd) {
		c.Slack = slackFlags{BotToken: "xoxb-away", SigningSecret: "secret", APIURL: "http://127.0.0.1:1/", Queue: "C1"}
	})
	if said := o.answered(t, "paula", "ohje"); !strings.Contains(said, "/luotsi") {
		t.Errorf("Mattermost is answered %q", said)
	}
	o.raise(t)
	for path, want := range map[string]int{
		"/healthz": http.StatusOK, "/slack/command": http.StatusServiceUnavailable, "/mattermost/command": http.StatusMethodNotAllowed,
		"/metrics": http.StatusOK, "/page/print/consent?lang=sv": http.StatusOK, "/elsewhere": http.StatusNotFound,
	} {
		if got := o.status(t, path); got != want {
			t.Errorf("%s answers %d, want %d", path, got, want)
		}
	}
}

// TestServeGoesOnWithoutTheCoordinatorsChannel: withdrawals and reminders wait for nobody to mend it.
func TestServeGoesOnWithoutTheCoordinatorsChannel(t *testing.T) {
	o := serveOffice(t, func(c *serveCmd) { c.Mattermost.Queue = "poistettu" })
	if said := o.answered(t, "paula", "ohje"); !strings.Contains(said, "/luotsi") {
		t.Errorf("answered %q", said)
	}
}

// TestServeNeedsAChat says what is missing.
func TestServeNeedsAChat(t *testing.T) {
	dir := t.TempDir()
	c := serveCmd{BaseURL: "http://127.0.0.1:1", databaseFlags: databaseFlags{
		DatabaseURL: store.ServiceURL(storetest.URL(t)), Keyset: filepath.Join(dir, "keyset.json"), Kek: filepath.Join(dir, "kek"),
	}}
	if _, err := store.LoadKeys(c.Keyset, c.Kek, true); err != nil {
		t.Fatal(err)
	}
	_, err := openService(t.Context(), c, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "LUOTSI_MATTERMOST_URL") {
		t.Errorf("error %v", err)
	}
}

// BenchmarkServe answers 50 commands a second by the whole service, and tells the 99th percentile of the time each took.
func BenchmarkServe(b *testing.B) {
	o := serveOffice(b, nil)
	took := make([]time.Duration, b.N)
	var asked sync.WaitGroup
	tick := time.NewTicker(time.Second / 50)
	defer tick.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		asked.Go(func() {
			begun := time.Now()
			if status, _, err := o.command([]string{"paula", "sanna"}[i%2], []string{"", "omat", "huoli", "ohje"}[i%4]); status != http.StatusOK || err != nil {
				b.Error(status, err)
			}
			took[i] = time.Since(begun)
		})
	}
	asked.Wait()
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}
