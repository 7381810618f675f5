package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"luotsi/commands/casework"
)

// talk is a conversation on its way.
type talk struct {
	t        *testing.T
	meanings []meaning
	town     *town
	before   []func(*county) // done to the county before it starts
	codes    map[string]string
	closed   map[string]bool // accounts
	acts     int             // each act gets a request id of its own

	last    doing
	open    *sheet            // the form that waits for answers
	kept    map[string]sheet  // forms put aside
	answers map[string]string // what was answered, put aside
	link    string
	page    string
	spaces  map[string]string // room ids by name, once anybody has seen them
	trouble bool              // the last act was refused and nobody has said so yet
}

// doing is an act as it was asked of the API, and what came of it.
type doing struct {
	path string
	body map[string]any
	got  heard
	raw  []byte
}

func newTalk(t *testing.T) *talk {
	return &talk{
		t: t, meanings: meanings(), codes: map[string]string{"long": strings.Repeat("a", 4000), "huge": strings.Repeat("a", 1_000_000)},
		kept: map[string]sheet{}, answers: map[string]string{}, spaces: map[string]string{},
	}
}

// clock begins the conversation at the first time it is told, and moves the clock at every later one.
func (k *talk) clock(words []string, _ [][2]string) error {
	to, err := time.ParseInLocation("2006-01-02 15:04", words[0], casework.Helsinki)
	if err != nil {
		return err
	}
	if k.town == nil {
		k.town = newTown(k.t, to, k.before...)
		return nil
	}
	if err := k.town.moveTo(k.t.Context(), to); err != nil {
		return err
	}
	return k.town.idle(k.t.Context())
}

func (k *talk) outage(words []string, _ [][2]string) error {
	if _, err := k.town.post(k.t.Context(), "outage", map[string]any{"platform_down": words[0] == "on"}, nil); err != nil {
		return err
	}
	return k.town.idle(k.t.Context())
}

// account closes or opens somebody's account in the chat.
func (k *talk) account(words []string, _ [][2]string) error {
	if k.closed == nil {
		k.closed = map[string]bool{}
	}
	k.closed[words[0]] = words[1] == "closes"
	return k.act("account", map[string]any{"login": words[0], "enabled": words[1] == "opens"})
}

// people are everybody whose account is open.
func (k *talk) people() []string {
	return slices.DeleteFunc(everybody(), func(login string) bool { return k.closed[login] })
}

// act does one thing by the API and waits until Luotsi has done what follows from it.
func (k *talk) act(path string, body map[string]any) error {
	if k.town == nil {
		return errors.New("no clock yet")
	}
	if err := k.untroubled(); err != nil {
		return err
	}
	if _, ok := body["request"]; !ok {
		k.acts++
		body["request"] = fmt.Sprintf("act-%d", k.acts)
	}
	k.last = doing{path: path, body: body}
	var err error
	if k.last.raw, err = k.town.post(k.t.Context(), path, body, &k.last.got); err != nil {
		return err
	}
	k.open, k.trouble = nil, len(k.last.got.refusals()) > 0 || len(k.last.got.Errors) > 0
	if f := k.last.got.Form; f != nil {
		k.open = &sheet{as: body["as"].(string), dialog: *f}
	}
	if link := k.last.got.Link; link != nil {
		k.link = *link
	}
	return k.town.idle(k.t.Context())
}

// untroubled: a script never passes over a refusal in silence.
func (k *talk) untroubled() error {
	if k.trouble {
		return fmt.Errorf("the act before was refused: %s", k.last.raw)
	}
	return nil
}

func (k *talk) says(words []string, answers [][2]string) error {
	room, err := k.room(words[0], words[1])
	if err != nil {
		return err
	}
	text := words[2]
	if !strings.HasPrefix(text, "/") {
		text = "/luotsi " + text
	}
	if err := k.act("say", map[string]any{"as": words[0], "room": room, "text": text}); err != nil {
		return err
	}
	return k.answer(answers)
}

func (k *talk) presses(words []string, answers [][2]string) error {
	as, label, code := words[0], words[2], words[3]
	room := ""
	if words[1] != "" {
		var err error
		if room, err = k.room(as, words[1]); err != nil {
			return err
		}
	}
	seen, err := k.town.messages(k.t.Context(), as, room)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(seen) {
		for _, b := range m.Buttons {
			if b.Label == label && (code == "" || m.Code != nil && *m.Code == code) {
				if err := k.act("press", map[string]any{"as": as, "message": m.ID, "button": b.ID}); err != nil {
					return err
				}
				return k.answer(answers)
			}
		}
	}
	return fmt.Errorf("%s sees no such button; these messages:\n%s", as, shown(seen))
}

// again asks the same under the same request id: the same must come back, letter by letter.
func (k *talk) again([]string, [][2]string) error {
	before := k.last
	if err := k.act(before.path, before.body); err != nil {
		return err
	}
	k.open = nil
	if !bytes.Equal(before.raw, k.last.raw) {
		return fmt.Errorf("first  %s\nsecond %s", before.raw, k.last.raw)
	}
	return nil
}

// onceMore asks the same as something new.
func (k *talk) onceMore([]string, [][2]string) error {
	body := maps.Clone(k.last.body)
	delete(body, "request")
	return k.act(k.last.path, body)
}

// atOnce lets several people say the same at the same moment: exactly one is let
// through; the answer of one who was not is looked at next.
func (k *talk) atOnce(words []string, _ [][2]string) error {
	people := strings.Split(words[0], ", ")
	outcomes := make([]doing, len(people))
	failed := make([]error, len(people))
	var wait sync.WaitGroup
	for i, as := range people {
		wait.Go(func() {
			body := map[string]any{"as": as, "room": "dm", "text": "/luotsi " + words[1], "request": fmt.Sprintf("at-once-%d", i)}
			outcomes[i] = doing{path: "say", body: body}
			outcomes[i].raw, failed[i] = k.town.post(k.t.Context(), "say", body, &outcomes[i].got)
		})
	}
	wait.Wait()
	lucky := slices.DeleteFunc(slices.Clone(outcomes), func(d doing) bool { return len(d.got.refusals()) > 0 })
	for _, d := range outcomes {
		if len(d.got.refusals()) > 0 {
			k.last, k.trouble = d, true
		}
	}
	if err := errors.Join(failed...); err != nil || len(lucky) != 1 {
		return fmt.Errorf("%d of them were let through (%v)", len(lucky), err)
	}
	return k.town.idle(k.t.Context())
}

func (k *talk) adds(words []string, _ [][2]string) error { return k.meddle("join", words) }

func (k *talk) takesOut(words []string, _ [][2]string) error { return k.meddle("leave", words) }

func (k *talk) meddle(path string, words []string) error {
	room, err := k.room(words[0], words[2])
	if err != nil {
		return err
	}
	if _, err := k.town.post(k.t.Context(), path, map[string]string{"as": words[0], "room": room, "login": words[1]}, nil); err != nil {
		return err
	}
	return k.town.idle(k.t.Context())
}

// opensLink goes through a link's door, which says whose it is and shows no client.
func (k *talk) opensLink(words []string, _ [][2]string) error {
	if k.link == "" {
		return fmt.Errorf("%s was given no link", words[0])
	}
	if err := k.browse(http.MethodGet, k.link, nil); err != nil {
		return err
	}
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(k.page, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	whose := nameOf(k.town.county.house)(k.t.Context(), words[0])
	if !fields.Has("link") || !strings.Contains(k.page, "<strong>") || !strings.Contains(k.page, whose) || strings.Contains(k.page, "Testi-Aino") {
		return fmt.Errorf("the link has no door: %s", k.page)
	}
	to, err := url.Parse(k.link)
	if err != nil {
		return err
	}
	return k.browse(http.MethodPost, to.ResolveReference(&url.URL{Path: "/page/client"}).String(), fields)
}

// browse shows somebody a page, as a browser does.
func (k *talk) browse(method, address string, fields url.Values) error {
	req, err := http.NewRequestWithContext(k.t.Context(), method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Sec-Fetch-Dest", "document")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	k.page = string(page)
	return err
}

func (k *talk) isCode(words []string, _ [][2]string) error {
	for _, m := range k.last.got.Replies {
		if m.Code != nil {
			k.codes[words[0]] = *m.Code
			k.codes[strings.ToLower(words[0])] = strings.ToLower(strings.ReplaceAll(*m.Code, "-", ""))
			return nil
		}
	}
	return fmt.Errorf("no reply names a code: %s", k.last.raw)
}

// shown lists messages for a failing test's reader.
func shown(messages []said) string {
	var b strings.Builder
	for _, m := range messages {
		body, err := json.Marshal(m)
		fmt.Fprintln(&b, string(body), orNothing(err))
	}
	return b.String()
}

func orNothing(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
