package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

// monday is when most tests begin: a Monday morning without a holiday near.
var monday = time.Date(2027, 2, 1, 9, 0, 0, 0, casework.Helsinki)

// town is an empty county on a database of its own, talked to by the sandbox's JSON API only.
type town struct {
	county *county
	server *httptest.Server
	url    string // of the database, for its owner
}

func newTown(t testing.TB, start time.Time, before ...func(*county)) *town {
	t.Helper()
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{url: storetest.URL(t), server: httptest.NewUnstartedServer(nil)}
	w.county, err = openCounty(t.Context(), w.url, keys, start, "http://"+w.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.county.close(); err != nil {
			t.Error(err)
		}
	})
	for _, change := range before {
		change(w.county)
	}
	if err := w.county.start(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	w.server.Config.Handler = w.county.chat.Handler()
	w.server.Start()
	t.Cleanup(w.server.Close)
	return w
}

// The API's answers, as a program outside knows them from the contract.
type (
	heard struct {
		Replies []said            `json:"replies"`
		Form    *bot.Dialog       `json:"form"`
		Errors  map[string]string `json:"errors"`
		Link    *string           `json:"link"`
	}
	said struct {
		ID, Room, Author, At, Text string
		Code, Refusal              *string
		OnlyYou                    bool `json:"only_you"`
		Edited                     bool
		Buttons                    []struct{ ID, Label, Link string }
	}
	place struct {
		ID, Name          string
		Private, Archived bool
		Members           []string
	}
)

func (h heard) refusals() []string {
	var rules []string
	for _, m := range h.Replies {
		if m.Refusal != nil {
			rules = append(rules, *m.Refusal)
		}
	}
	return rules
}

func (h heard) text() string {
	texts := make([]string, len(h.Replies))
	for i, m := range h.Replies {
		texts[i] = m.Text
	}
	return strings.Join(texts, "\n")
}

// post does one act of the API and returns the bytes of the answer as well.
func (w *town) post(ctx context.Context, path string, in, out any) ([]byte, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.server.URL+"/sandbox/api/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return answerOf(req, out)
}

// get reads something of the API.
func (w *town) get(ctx context.Context, path string, query url.Values, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.server.URL+"/sandbox/api/"+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	_, err = answerOf(req, out)
	return err
}

func answerOf(req *http.Request, out any) ([]byte, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%s %s: %s: %s", req.Method, req.URL.Path, res.Status, got)
	case out == nil:
		return got, nil
	}
	return got, json.Unmarshal(got, out)
}

// idle waits until Luotsi has done all that it can do now.
func (w *town) idle(ctx context.Context) error {
	_, err := w.post(ctx, "idle", struct{}{}, nil)
	return err
}

// moveTo moves the clock.
func (w *town) moveTo(ctx context.Context, to time.Time) error {
	_, err := w.post(ctx, "clock", map[string]string{"to": to.Format(time.RFC3339)}, nil)
	return err
}

// rooms are the rooms the person can see.
func (w *town) rooms(ctx context.Context, as string) (rooms []place, err error) {
	err = w.get(ctx, "rooms", url.Values{"as": {as}}, &rooms)
	return rooms, err
}

// messages are what the person sees in a room, or in all of theirs when room is empty.
func (w *town) messages(ctx context.Context, as, room string) (all []said, err error) {
	rooms := []place{{ID: room}}
	if room == "" {
		if rooms, err = w.rooms(ctx, as); err != nil {
			return nil, err
		}
	}
	for _, r := range rooms {
		var some []said
		if err := w.get(ctx, "messages", url.Values{"as": {as}, "room": {r.ID}}, &some); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// everybody lists the logins of the organisation.
func everybody() []string {
	logins := make([]string, len(sandboxPeople))
	for i, p := range sandboxPeople {
		logins[i] = p.Login
	}
	return logins
}

// roomNameOf is what a case's room is called; number counts the rooms the case has had.
func roomNameOf(code string, number int) string {
	name := "luotsi-" + strings.ToLower(code)
	if number > 1 {
		name += fmt.Sprintf("-%d", number)
	}
	return name
}
