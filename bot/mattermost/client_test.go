package mattermost

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// answering is Luotsi before a server that always answers the same.
func answering(t *testing.T, status int, header map[string]string, body string) *Mattermost {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(web.Close)
	return &Mattermost{client: newClient(Config{URL: web.URL, Token: "t"})}
}

func TestWhatTheServerAnswersBecomesAnErrorOfThePort(t *testing.T) {
	retry := func(after time.Duration) func(error) bool {
		return func(err error) bool {
			var r *bot.RetryError
			return errors.As(err, &r) && r.After == after
		}
	}
	is := func(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }
	plain := func(err error) bool {
		return err != nil && !retry(later)(err) && !is(bot.ErrGone)(err) && !is(bot.ErrPermanent)(err)
	}
	ago := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   func(error) bool
	}{
		{"rate limit", 429, map[string]string{"Retry-After": "17"}, "limit exceeded", retry(17 * time.Second)},
		{"rate limit, other header", 429, map[string]string{"X-Ratelimit-Reset": "3"}, "limit exceeded", retry(3 * time.Second)},
		{"rate limit, at once", 429, map[string]string{"Retry-After": "0"}, "", retry(time.Second)},
		{"rate limit, past date", 429, map[string]string{"Retry-After": ago}, "", retry(time.Second)},
		{"rate limit, absurd", 429, map[string]string{"Retry-After": "99999999"}, "", retry(latest)},
		{"rate limit, nonsense", 429, map[string]string{"Retry-After": "soon"}, "", retry(later)},
		{"bad gateway", 502, nil, "<html>", retry(later)},
		{"maintenance", 503, map[string]string{"Retry-After": "60"}, `{"id":"x"}`, retry(time.Minute)},
		{"cut answer", 200, nil, `{"id":"`, retry(later)},
		{"a page instead", 200, nil, "<html>", retry(later)},
		{"no such user", 404, nil, `{"id":"app.user.missing_account.const","status_code":404}`, is(bot.ErrGone)},
		{"not allowed", 403, nil, `{"id":"api.context.permissions.app_error","status_code":403}`, plain},
		{"token", 401, nil, `{"id":"api.context.session_expired.app_error","status_code":401}`, plain},
		{"redirect", 301, map[string]string{"Location": "http://elsewhere.test/"}, "", plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := answering(t, c.status, c.header, c.body).Profile(t.Context(), model.NewId())
			if !c.want(err) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestAServerThatIsNotThereIsForLater(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	web.Close()
	m := &Mattermost{client: newClient(Config{URL: web.URL, Token: "the-token"})}
	user := model.NewId()
	_, err := m.Profile(t.Context(), user)
	var r *bot.RetryError
	if !errors.As(err, &r) || strings.Contains(err.Error(), user) || strings.Contains(err.Error(), "the-token") {
		t.Errorf("error is %v", err)
	}
}

func TestErrorsDoNotRepeatWhatTheServerWrote(t *testing.T) {
	for _, body := range []string{"Maija Meikäläinen 010150-999N", `{"id":"x.app_error","message":"Maija 010150-999N","detailed_error":"010150-999N"}`} {
		for _, code := range []int{400, 403, 418, 429, 500} {
			_, err := answering(t, code, nil, body).Profile(t.Context(), model.NewId())
			if err == nil || strings.Contains(err.Error(), "999") || strings.Contains(err.Error(), "Maija") {
				t.Errorf("%d: error is %v", code, err)
			}
		}
	}
}

func TestADialogIsOpenedForWhomTheTriggerBelongsTo(t *testing.T) {
	s := newChat(t)
	m := s.luotsi(&notes{})
	sanna := s.Person("sanna")
	d := model.Dialog{CallbackId: "c", Title: "Huoli", State: "sealed", SubmitLabel: "OK"}
	if err := m.openDialog(t.Context(), s.Trigger(sanna), d); err != nil {
		t.Fatal(err)
	}
	if got, ok := s.Before(sanna); !ok || got.State != "sealed" || got.URL != "http://luotsi.test/mattermost/dialog" {
		t.Errorf("before her: %+v", got)
	}
	large := d
	large.IntroductionText = strings.Repeat("x", 400_000) // no other try would open it
	if err := m.openDialog(t.Context(), s.Trigger(sanna), large); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("too large a dialog: %v", err)
	}
	old := s.Trigger(sanna)
	s.Expire()
	if err := m.openDialog(t.Context(), old, d); !errors.Is(err, bot.ErrGone) {
		t.Errorf("error is %v", err)
	}
}
