package mattermost

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// office is the administrator's side of a Mattermost in memory: it refuses what a real one (9.10 and 11.6) refuses to whoever is
// no administrator, keeps tokens from those who may not see them, and counts what changed.
type office struct {
	t   *testing.T
	web *httptest.Server

	mu       sync.Mutex
	version  string
	licence  bool
	shift    time.Duration // of the server's clock
	fixed    bool          // the environment fixes the settings
	reached  bool          // the server gets an officeAnswer from Luotsi
	proving  bool          // addresses must be confirmed
	limited  int           // so many calls are told to slow down
	settings setupSettings
	team     *model.Team
	users    map[string]*model.User // by id
	owners   map[string]string      // of bots, by id
	tokens   map[string]string      // user id
	teamed   map[string]bool
	channels map[string]*model.Channel
	members  map[string]map[string]bool // of channels
	commands []*model.Command
	roles    map[string]*model.Role
	asked    int      // calls
	changes  []string // method and path of all that changed something
}

func newOffice(t *testing.T) *office {
	o := &office{
		t: t, version: "9.10.0", reached: true, team: &model.Team{Id: model.NewId(), Name: "kotihoito"}, users: map[string]*model.User{},
		owners: map[string]string{}, tokens: map[string]string{}, teamed: map[string]bool{}, channels: map[string]*model.Channel{},
		members: map[string]map[string]bool{}, roles: map[string]*model.Role{},
	}
	for name, rights := range map[string][]string{
		"system_user": {"create_direct_channel"}, "team_user": {"create_private_channel"},
		"channel_user": {
			"read_channel", "create_post", "edit_post", "delete_post", model.PermissionManagePrivateChannelMembers.Id,
			model.PermissionManagePrivateChannelProperties.Id, model.PermissionDeletePrivateChannel.Id,
		},
		"channel_admin": {"manage_channel_roles"},
	} {
		o.roles[name] = &model.Role{Id: model.NewId(), Name: name, Permissions: rights}
	}
	s := &o.settings
	yes := model.NewPointer(true)
	s.ServiceSettings.EnableCommands, s.ServiceSettings.EnableBotAccountCreation = yes, model.NewPointer(false)
	s.ServiceSettings.PostEditTimeLimit, s.TeamSettings.MaxChannelsPerTeam = model.NewPointer(-1), model.NewPointer[int64](enoughChannels)
	s.ServiceSettings.SiteURL, s.ServiceSettings.AllowedUntrustedInternalConnections = model.NewPointer("https://chat"), model.NewPointer("10.0.0.0/8")
	s.EmailSettings.SendPushNotifications, s.EmailSettings.SendEmailNotifications = yes, yes
	s.EmailSettings.PushNotificationContents, s.EmailSettings.EmailNotificationContentsType = model.NewPointer("full"), model.NewPointer("full")
	admin := o.person("admin")
	o.users[admin].Roles = "system_user system_admin"
	o.tokens["admin-token"] = admin
	o.web = httptest.NewServer(o.routes())
	t.Cleanup(o.web.Close)
	return o
}

// person makes an ordinary member of the team.
func (o *office) person(name string) string {
	id := model.NewId()
	o.users[id] = &model.User{Id: id, Username: name, Email: name + "@example.org", Roles: "system_user"}
	o.teamed[id] = true
	return id
}

// setup is a run with everything that must be given.
func (o *office) setup(said *[]string, kept map[string]string) Setup {
	return Setup{
		URL: o.web.URL, AdminToken: "admin-token", BaseURL: "http://127.0.0.1:8088/", Lang: "fi", Stored: kept,
		Keep: func(name, value string) error { kept[name] = value; return nil },
		Say: func(format string, args ...any) {
			*said = append(*said, strings.TrimSpace(officeText(format, args...)))
		},
		Transport: o.web.Client().Transport,
	}
}

// officeAnswer is a status with what is said; a text with an error status is Mattermost's error.
type officeAnswer struct {
	status int
	body   any
}

func officeNo(status int, message string) officeAnswer {
	return officeAnswer{status, map[string]any{"id": "test", "message": message, "status_code": status}}
}

// officeCall is a request of somebody who is signed in.
type officeCall struct {
	*http.Request
	who  *model.User
	body map[string]any
}

func (c officeCall) admin() bool { return c.who.IsSystemAdmin() }

func (c officeCall) into(v any) {
	text, _ := json.Marshal(c.body)
	_ = json.Unmarshal(text, v)
}

// handle serves a path; who is nobody gets 401 first, and who is no administrator 403 where only one may.
func (o *office) handle(mux *http.ServeMux, pattern string, adminOnly bool, do func(officeCall) officeAnswer) {
	method, path, _ := strings.Cut(pattern, " ")
	mux.HandleFunc(method+" /api/v4"+path, func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		w.Header().Set("Date", time.Now().Add(o.shift).UTC().Format(http.TimeFormat))
		o.asked++
		if o.limited > 0 {
			o.limited--
			w.Header().Set("Retry-After", "0")
			http.Error(w, "limit exceeded", http.StatusTooManyRequests)
			return
		}
		_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		c := officeCall{Request: r, who: o.users[o.tokens[token]]}
		_ = json.NewDecoder(r.Body).Decode(&c.body) // lists are for nobody here
		a := officeNo(http.StatusUnauthorized, "session")
		switch {
		case c.who == nil && !strings.HasPrefix(path, "/config/client") && !strings.HasPrefix(path, "/license"):
		case adminOnly && !c.admin():
			a = officeNo(http.StatusForbidden, "permissions")
		default:
			a = do(c)
		}
		if method != http.MethodGet && a.status < 300 && !strings.Contains(path, "/ids") && !strings.Contains(path, "/execute") {
			o.changes = append(o.changes, method+" "+strings.TrimPrefix(r.URL.Path, "/api/v4"))
		}
		w.WriteHeader(a.status)
		_ = json.NewEncoder(w).Encode(a.body)
	})
}

func (o *office) named(name string) *model.User {
	for _, u := range o.users {
		if u.Username == name || strings.EqualFold(u.Email, name) {
			return u
		}
	}
	return nil
}

func (o *office) role(id string) *model.Role {
	for role := range maps.Values(o.roles) {
		if role.Id == id {
			return role
		}
	}
	return nil
}

// merge sets what a patch of the settings says, unless the environment fixes them.
func (o *office) merge(c officeCall) officeAnswer {
	if !o.fixed {
		c.into(&o.settings)
	}
	return officeAnswer{200, o.settings}
}

func (o *office) patchRole(c officeCall) officeAnswer {
	var patch model.RolePatch
	c.into(&patch)
	o.role(c.PathValue("id")).Permissions = *patch.Permissions
	return officeAnswer{200, o.role(c.PathValue("id"))}
}

// command makes or updates a slash command as a server does: a trigger once in a team, the token the server's own.
func (o *office) command(c officeCall) officeAnswer {
	var given model.Command
	c.into(&given)
	i := slices.IndexFunc(o.commands, func(old *model.Command) bool { return old.Trigger == given.Trigger })
	if !*o.settings.ServiceSettings.EnableCommands {
		return officeNo(http.StatusNotImplemented, "commands disabled")
	}
	if c.Method == http.MethodPost {
		if i >= 0 {
			return officeNo(http.StatusBadRequest, "trigger taken")
		}
		given.Id, given.Token, given.CreatorId = model.NewId(), model.NewId(), c.who.Id
		given.PreSave()
		if err := given.IsValid(); err != nil {
			return officeNo(http.StatusBadRequest, err.Message)
		}
		o.commands = append(o.commands, &given)
		return officeAnswer{201, given}
	}
	given.Token = o.commands[i].Token
	o.commands[i] = &given
	return officeAnswer{200, given}
}
