package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

// mmPerson is somebody at a client of the server: the HTTP API with their own session, and a websocket.
type mmPerson struct {
	*e2e
	login, id, token string
	dm               string // id of the channel with Luotsi
	ear              *ear
	read             map[string]bool // messages that a step has looked for and found
}

// signIn opens a session, which ends with the whole test.
func (w *e2e) signIn(login, password string) *mmPerson {
	p := &mmPerson{e2e: w, login: login, read: map[string]bool{}}
	body, err := json.Marshal(map[string]string{"login_id": login, "password": password})
	if err != nil {
		w.t.Fatal(err)
	}
	answer, err := w.web.Post(w.url+"/api/v4/users/login", "application/json", bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	var user model.User
	if err := json.NewDecoder(answer.Body).Decode(&user); err != nil || answer.StatusCode != http.StatusOK {
		w.t.Fatalf("%s cannot sign in: %s", login, answer.Status)
	}
	p.id, p.token = user.Id, answer.Header.Get("Token")
	w.whole.Cleanup(func() { p.must(http.MethodPost, "/users/logout", nil, nil) })
	p.ear = listen(w.url, p.token)
	w.whole.Cleanup(p.ear.close)
	return p
}

// call does one call of the API and returns its status; out may be nil. The error is of a status that is no success, too.
func (p *mmPerson) call(method, path string, in, out any) (status int, err error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, p.url+"/api/v4"+path, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	answer, err := p.web.Do(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return answer.StatusCode, err
	case answer.StatusCode >= 300:
		return answer.StatusCode, fmt.Errorf("%s %s: %s: %s", method, path, answer.Status, text)
	case out == nil:
		return answer.StatusCode, nil
	}
	return answer.StatusCode, json.Unmarshal(text, out)
}

// must is call where nothing else than success will do.
func (p *mmPerson) must(method, path string, in, out any) {
	p.t.Helper()
	if _, err := p.call(method, path, in, out); err != nil {
		p.t.Fatalf("%s: %v", p.login, err)
	}
}

// directWith finds the channel of two.
func (p *mmPerson) directWith(other string) string {
	var c model.Channel
	p.must(http.MethodPost, "/channels/direct", []string{p.id, other}, &c)
	return c.Id
}

// channels are those the person can see in the team, direct ones too.
func (p *mmPerson) channels() (list []*model.Channel) {
	p.must(http.MethodGet, "/users/me/teams/"+p.team+"/channels", nil, &list)
	return list
}

// posts are a channel's messages, newest first.
func (p *mmPerson) posts(channel string) (posts []*model.Post, err error) {
	var list model.PostList
	if _, err := p.call(http.MethodGet, "/channels/"+channel+"/posts?per_page=200", nil, &list); err != nil {
		return nil, err
	}
	for _, id := range list.Order {
		posts = append(posts, list.Posts[id])
	}
	return posts, nil
}

// members are the ids of a channel's members.
func (p *mmPerson) members(channel string) (map[string]bool, error) {
	var list []*model.ChannelMember
	_, err := p.call(http.MethodGet, "/channels/"+channel+"/members?per_page=100", nil, &list)
	there := map[string]bool{}
	for _, m := range list {
		there[m.UserId] = true
	}
	return there, err
}

// told waits for a message in the channel with Luotsi that no step has looked for yet.
func (p *mmPerson) told(text string) *model.Post {
	p.t.Helper()
	return p.sees(p.dm, text)
}

// sees waits for a message of Luotsi's in a channel that no step has looked for yet.
func (p *mmPerson) sees(channel, text string) (found *model.Post) {
	p.t.Helper()
	p.until(20*time.Second, fmt.Sprintf("%s to be told %q", p.login, text), func() error {
		posts, err := p.posts(channel)
		if err != nil {
			return err
		}
		var all strings.Builder
		for _, post := range posts {
			if post.UserId == p.bot && strings.Contains(post.Message, text) && !p.read[post.Id] {
				p.read[post.Id], found = true, post
				return nil
			}
			fmt.Fprintf(&all, "\n- %s", post.Message)
		}
		return fmt.Errorf("there is only:%s", all.String())
	})
	return found
}

// heardEvent is something the websocket told.
type heardEvent struct {
	Event string         `json:"event"`
	Data  map[string]any `json:"data"`
}

// ear hears what the server tells a person's client, and connects again when the server was away.
type ear struct {
	stop  context.CancelFunc
	ended sync.WaitGroup

	mu        sync.Mutex
	events    []heardEvent
	raw       []string
	connected int // how often
}

func listen(address, token string) *ear {
	ctx, stop := context.WithCancel(context.Background())
	e := &ear{stop: stop}
	e.ended.Go(func() {
		for ctx.Err() == nil {
			e.session(ctx, address, token)
			select {
			case <-ctx.Done():
			case <-time.After(200 * time.Millisecond):
			}
		}
	})
	return e
}

func (e *ear) session(ctx context.Context, address, token string) {
	conn, answer, err := websocket.DefaultDialer.DialContext(ctx, "ws"+strings.TrimPrefix(address, "http")+"/api/v4/websocket",
		http.Header{"Authorization": {"Bearer " + token}})
	if answer != nil {
		_ = answer.Body.Close()
	}
	if err != nil {
		return
	}
	unhook := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() { unhook(); _ = conn.Close() }()
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		var event heardEvent
		if json.Unmarshal(text, &event) != nil || event.Event == "" {
			continue
		}
		e.mu.Lock()
		if event.Event == "hello" {
			e.connected++
		}
		e.events, e.raw = append(e.events, event), append(e.raw, string(text))
		e.mu.Unlock()
	}
}

// mark is how much was heard so far.
func (e *ear) mark() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.events)
}

// since are the events after a mark.
func (e *ear) since(mark int) []heardEvent {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]heardEvent(nil), e.events[mark:]...)
}

// times is how often the ear connected.
func (e *ear) times() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.connected
}

// all is everything that was ever heard.
func (e *ear) all() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.raw, "\n")
}

func (e *ear) close() { e.stop(); e.ended.Wait() }
