package slack

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"go.uber.org/goleak"

	"luotsi/bot"
)

func isGone(err error) bool { return errors.Is(err, bot.ErrGone) }

func TestEveryAnswerOfSlackIsUnderstood(t *testing.T) {
	tests := []struct {
		code string
		want error // nil: later
		fix  string
	}{
		{"channel_not_found", bot.ErrGone, ""},
		{"is_archived", bot.ErrGone, ""},
		{"user_not_found", bot.ErrGone, ""},
		{"user_disabled", bot.ErrGone, ""},
		{"restricted_action", bot.ErrPermanent, "workspace owner"},
		{"missing_scope", bot.ErrPermanent, "permission"},
		{"messages_tab_disabled", bot.ErrPermanent, "Messages tab"},
		{"msg_blocks_too_long", bot.ErrPermanent, "fault of Luotsi"},
		{"ratelimited", nil, ""},
		{"internal_error", nil, ""},
		{"fatal_error", nil, ""},
		{"account_inactive", nil, "bot token"},
		{"token_revoked", nil, "bot token"},
		{"invalid_auth", nil, "bot token"},
	}
	for _, tt := range tests {
		t.Run(tt.code, func(t *testing.T) {
			w, log := newWorkspace(t, quick), &bytes.Buffer{}
			s := w.luotsi(ledgerBook(), func(c *Config) { c.Log = slog.New(slog.NewTextHandler(log, nil)) })
			user := w.person("sanna")
			w.do(func() {
				w.fail["conversations.open"] = tt.code
				if tt.code == "ratelimited" { // once more, so that trying again at once does not help
					w.slow["conversations.open"] = 2
				}
			})
			_, err := s.Direct(t.Context(), user, "k", said("salaisuus"))
			var later *bot.RetryError
			if tt.want == nil && (!errors.As(err, &later) || later.After <= 0) || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("error %v", err)
			}
			if tt.fix != "" && !strings.Contains(log.String(), tt.fix) || tt.fix == "" && strings.Contains(log.String(), "refuses") {
				t.Errorf("the log says %q", log)
			}
			if strings.Contains(log.String()+err.Error(), "salaisuus") || strings.Contains(log.String()+err.Error(), w.botToken) {
				t.Errorf("log or error tell too much: %q %v", log, err)
			}
		})
	}
}

// TestALackingPermissionIsNotAPublicChannel: for one channel alone Slack asks for permissions that Luotsi never has; for many kinds at once
// it names them all.
func TestALackingPermissionIsNotAPublicChannel(t *testing.T) {
	all := strings.Join(Scopes, ",")
	tests := []struct {
		needed, provided string
		public           bool
	}{
		{"channels:read", all, true},
		{"channels:read,groups:read,mpim:read,im:read", all, true},
		{"channels:read,groups:read,mpim:read,im:read", "chat:write", false},
		{"groups:read", "chat:write", false},
		{"users:read", "chat:write", false},
		{"", "", false},
	}
	for _, tt := range tests {
		err := faultOf("conversations.info", slack.SlackErrorResponse{Err: "missing_scope", Needed: tt.needed, Provided: tt.provided})
		if isGone(err) != tt.public || madePublic(err) != tt.public || errors.Is(err, bot.ErrPermanent) == tt.public {
			t.Errorf("%s of %s: %v", tt.needed, tt.provided, err)
		}
	}
}

func TestASlowDownIsWaitedForWhenItIsShort(t *testing.T) {
	w := newWorkspace(t, quick)
	s, user := w.luotsi(ledgerBook()), w.person("sanna")
	w.do(func() { w.slow["conversations.open"] = 2 })
	if _, err := s.Direct(t.Context(), user, "k", said("hei")); err != nil {
		t.Error(err)
	}
	if n := w.count("conversations.open"); n != 3 {
		t.Errorf("%d calls, want two that were told to slow down and one", n)
	}
	w.do(func() { w.slow["chat.postMessage"] = 100 })
	var later *bot.RetryError
	if _, err := s.Direct(t.Context(), user, "k2", said("hei")); !errors.As(err, &later) || later.After < time.Second {
		t.Errorf("error %v", err)
	}
}

// TestWhatIsNotSlack: a proxy's page, an address that nobody answers, an answer that never comes.
func TestWhatIsNotSlack(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	page := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); _, _ = w.Write([]byte(body)) }
	}
	stuck := make(chan struct{})
	tests := map[string]http.HandlerFunc{
		"page":           page(200, "<html>Kirjaudu</html>"),
		"not found":      page(404, "404"),
		"bad gateway":    page(502, "<html>"),
		"no retry-after": page(429, "slow down"),
		"cut off":        func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"stuck":          func(_ http.ResponseWriter, r *http.Request) { <-stuck },
	}
	for name, handler := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			if name == "stuck" {
				defer close(stuck)
			}
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			w := newWorkspace(t, 1)
			s := w.stranger(func(c *Config) {
				c.APIURL, c.HTTP = server.URL, &http.Client{Transport: transport, Timeout: 100 * time.Millisecond}
			})
			var later *bot.RetryError
			if err := s.Start(t.Context()); !errors.As(err, &later) || later.After < time.Second || strings.Contains(err.Error(), "http://") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	w := newWorkspace(t, quick)
	s, user := w.luotsi(ledgerBook()), w.person("sanna")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Profile(ctx, user); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if n := w.count("users.info"); n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func said(text string) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}}
}
