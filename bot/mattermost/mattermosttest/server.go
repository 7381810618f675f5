// Package mattermosttest is a Mattermost for tests that is as strict as a real one.
package mattermosttest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
	"go.uber.org/goleak"
)

// Server is a Mattermost in memory. It refuses what a real one refuses, by the same status and reason (seen on 9.10 and 11.6), and
// fails the test when it is asked what a plain bot should not ask. Its methods may be called by many at once and lock it; its fields
// may be read and changed within Set once somebody is connected.
type Server struct {
	t    testing.TB
	web  *httptest.Server
	Bot  string // the bot's user id
	Team string // id of the only team

	mu       sync.Mutex
	Version  string
	now      int64
	Users    map[string]*Member
	tokens   map[string]string // user id by token
	Channels map[string]*Channel
	Posts    []*model.Post     // oldest first, also deleted ones and what edited ones were
	files    map[string]string // name by id
	pending  map[string]*model.Post
	triggers map[string]string // user id by trigger
	dialogs  []Shown
	sockets  map[*socket]bool
	Calls    []string // method and path of all that was asked, oldest first
	Hooked   []string // what was sent to commands' response addresses, oldest first

	Down      bool // nothing works
	Limited   int  // so many calls are told to slow down
	Lose      int  // so many changes are made but the answer is lost
	Spare     int  // so many changes are answered before one is lost
	Unready   int  // so many calls find nobody in a conversation that was just opened
	Full      bool // the team has as many channels as it may
	Barred    bool // no member may make private channels or write to somebody in private
	Frozen    bool // the time is over in which a message's text may be changed (PostEditTimeLimit)
	NoManage  bool // only a channel's admins may change it and its members
	MayDelete bool // the bot may delete others' posts
}

// Member is an account. It may be outside the team, or an administrator of the system.
type Member struct {
	model.User
	InTeam, Admin bool
}

// Channel is a channel and who is in it.
type Channel struct {
	model.Channel
	Members map[string]string // roles by user id
}

// New starts a server with a team, a bot in it and a coordinators' channel "jono". When the test ends nothing may be left
// running that was not before: such tests do not run at the same time as others.
func New(t testing.TB) *Server {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	s := &Server{
		t: t, Version: "9.10.0.9.10.0.0123456789abcdef.false", Users: map[string]*Member{}, tokens: map[string]string{},
		Channels: map[string]*Channel{}, files: map[string]string{}, pending: map[string]*model.Post{}, triggers: map[string]string{},
		sockets: map[*socket]bool{}, Team: model.NewId(),
	}
	s.Bot = s.Person("luotsi")
	s.Users[s.Bot].IsBot = true
	s.web = httptest.NewServer(s)
	t.Cleanup(s.close)
	s.Act(s.Person("katri"), "POST", "/channels", model.Channel{TeamId: s.Team, Name: "jono", DisplayName: "Jono", Type: "P"}, 201)
	s.Act("katri", "POST", "/channels/"+s.ChannelNamed("jono")+"/members", Data{"user_id": s.Bot}, 201)
	return s
}

// URL is the server's address, without a slash at the end.
func (s *Server) URL() string { return s.web.URL }

// Set reads or changes the server's fields behind everybody's back. It must not call other methods that lock the server: of those
// below only UserNamed and Named may be called within it.
func (s *Server) Set(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

func (s *Server) close() {
	s.Drop()
	s.web.Close()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
}

// Data is an object of JSON.
type Data map[string]any

// refusal is what the server answers to a call that it does not do.
type refusal struct {
	status int
	id     string
}

var (
	forbidden   = &refusal{403, "api.context.permissions.app_error"}
	badParam    = &refusal{400, "api.context.invalid_url_param.app_error"}
	badBody     = &refusal{400, "api.context.invalid_body_param.app_error"}
	noChannel   = &refusal{404, "app.channel.get.existing.app_error"}
	noUser      = &refusal{404, "app.user.missing_account.const"}
	noMember    = &refusal{404, "app.channel.get_member.missing.app_error"}
	noTeamUser  = &refusal{404, "app.team.get_member.missing.app_error"}
	noneByName  = &refusal{404, "app.channel.get_by_name.missing.app_error"}
	nameTaken   = &refusal{400, "store.sql_channel.save_channel.exists.app_error"}
	noPost      = &refusal{404, "app.post.get.app_error"}
	archivedYet = &refusal{400, "api.channel.delete_channel.deleted.app_error"}
)

// ask is one call being answered.
type ask struct {
	*http.Request
	s    *Server
	user *Member
	body []byte
}

func (a *ask) read(v any) bool { return json.Unmarshal(a.body, v) == nil }

// id reads an id from the path; "me" is the asker.
func (a *ask) id(what string) string {
	if id := a.PathValue(what); id != "me" {
		return id
	}
	return a.user.Id
}

type answer func(*ask) (int, any, *refusal)

// ServeHTTP answers one call. All state is behind one lock: the server is as strict as it is slow.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Calls = append(s.Calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v4"))
	w.Header().Set("X-Version-Id", s.Version)
	switch {
	case s.Down:
		http.Error(w, "<html>Bad gateway</html>", http.StatusBadGateway)
		return
	case s.Limited > 0:
		s.Limited--
		w.Header().Set("Retry-After", "7")
		http.Error(w, "limit exceeded", http.StatusTooManyRequests)
		return
	}
	if strings.HasPrefix(r.URL.Path, "/hooks/commands/") && r.Method == http.MethodPost { // the address is all the right it takes
		s.Hooked = append(s.Hooked, string(body))
		return
	}
	token := strings.TrimPrefix(strings.TrimPrefix(r.Header.Get("Authorization"), "BEARER "), "Bearer ")
	user := s.Users[s.tokens[token]]
	if r.URL.Path == "/api/v4/websocket" {
		s.connect(w, r, user)
		return
	}
	if user == nil || user.DeleteAt != 0 {
		s.write(w, 401, failure(&refusal{401, "api.context.session_expired.app_error"}))
		return
	}
	status, out := s.answer(&ask{Request: r, s: s, user: user, body: body})
	if r.Method != http.MethodGet && user.Id == s.Bot && s.loses() {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = conn.Close()
		}
		return
	}
	s.write(w, status, out)
}

// answer finds what is asked for and does it.
func (s *Server) answer(a *ask) (status int, out any) {
	mux := http.NewServeMux()
	for pattern, do := range routes {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/v4"+path, func(_ http.ResponseWriter, r *http.Request) {
			var no *refusal
			a.Request = r
			if status, out, no = do(a); no != nil {
				status, out = no.status, failure(no)
			}
		})
	}
	mux.ServeHTTP(httptest.NewRecorder(), a.Request)
	if status == 0 {
		s.t.Errorf("the server was asked for what it does not have: %s %s", a.Method, a.URL.Path)
		return 404, failure(&refusal{404, "api.context.404.app_error"})
	}
	return status, out
}

// loses reports whether the answer to what was just done is lost.
func (s *Server) loses() bool {
	switch {
	case s.Lose == 0:
		return false
	case s.Spare > 0:
		s.Spare--
		return false
	}
	s.Lose--
	clear(s.pending) // what was pending is forgotten with it
	return true
}

func failure(r *refusal) Data {
	return Data{"id": r.id, "message": "Refused.", "detailed_error": "", "request_id": model.NewId(), "status_code": r.status}
}

func (s *Server) write(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.t.Error(err)
	}
}

// tick is the server's clock in milliseconds; no two things happen at the same instant.
func (s *Server) tick() int64 {
	s.now = max(s.now+1, time.Now().UnixMilli())
	return s.now
}

var routes map[string]answer

func init() {
	routes = map[string]answer{
		"GET /users/{user}": (*ask).getUser, "GET /users/username/{name}": (*ask).getUserByName, "GET /users/email/{email}": (*ask).getUserByEmail,
		"GET /users/me/channels": (*ask).getUserChannels,
		"POST /users/ids":        (*ask).getUsersByIDs, "GET /config/client": (*ask).getConfig, "GET /teams/name/{name}": (*ask).getTeam, "GET /teams/{team}/members/{user}": (*ask).getTeamMember,
		"POST /channels": (*ask).createChannel, "GET /channels/{channel}": (*ask).getChannel, "DELETE /channels/{channel}": (*ask).archive,
		"PUT /channels/{channel}/patch": (*ask).patchChannel, "PUT /channels/{channel}/privacy": (*ask).setPrivacy,
		"GET /teams/{team}/channels/name/{name}": (*ask).getChannelByName, "POST /channels/direct": (*ask).createDirect,
		"GET /channels/{channel}/members": (*ask).getMembers, "POST /channels/{channel}/members": (*ask).addMember,
		"GET /channels/{channel}/members/{user}":    (*ask).getMember,
		"DELETE /channels/{channel}/members/{user}": (*ask).removeMember,
		"POST /posts": (*ask).createPost, "GET /posts/{post}": (*ask).getPost, "PUT /posts/{post}/patch": (*ask).patchPost,
		"DELETE /posts/{post}": (*ask).deletePost, "GET /channels/{channel}/posts": (*ask).getPosts,
		"POST /posts/ephemeral": (*ask).never, "POST /channels/{channel}/restore": (*ask).restore, "POST /commands": (*ask).never,
		"POST /actions/dialogs/open": (*ask).openDialog,
	}
}

// never is what a plain account may not do.
func (a *ask) never() (int, any, *refusal) { return 0, nil, forbidden }
