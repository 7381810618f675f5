package mattermost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

const (
	callTimeout = 15 * time.Second
	answerLimit = 32 << 20 // bytes of one answer; a list of a thousand full posts is less
	later       = 5 * time.Second
	latest      = 10 * time.Minute
)

// newClient makes the server as the bot's account sees it. Nothing is sent yet.
func newClient(c Config) *model.Client4 {
	httpClient := http.Client{}
	if c.HTTP != nil {
		httpClient = *c.HTTP
	}
	if httpClient.Timeout == 0 {
		httpClient.Timeout = callTimeout
	}
	if httpClient.Transport == nil {
		httpClient.Transport = http.DefaultTransport
	}
	httpClient.Transport = bounded{httpClient.Transport}
	// A redirected POST loses its body: better to fail and say so.
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client := model.NewAPIv4Client(c.URL)
	client.HTTPClient = &httpClient
	client.SetToken(c.Token)
	return client
}

// bounded lets no answer fill the memory.
type bounded struct{ http.RoundTripper }

// RoundTrip sends the request; a longer answer ends too early.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil || answer.Body == nil || answer.StatusCode == http.StatusSwitchingProtocols {
		return answer, err
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, answerLimit), answer.Body}
	return answer, nil
}

// refused is a call that the server understood and did not do.
type refused struct {
	Status int
	ID     string // the server's name for the reason; its sentences are not kept, they may quote what was said
}

// Error tells status and reason.
func (r *refused) Error() string {
	if r.ID == "" {
		return fmt.Sprintf("the server refused (%d)", r.Status)
	}
	return fmt.Sprintf("the server refused (%d %s)", r.Status, r.ID)
}

// status is the status with which the server refused; zero if it may do it later, or it is another error or none.
func status(err error) int {
	var r *refused
	var later *bot.RetryError
	if errors.As(err, &later) || !errors.As(err, &r) {
		return 0
	}
	return r.Status
}

// because reports whether the server's name for the reason ends so.
func because(err error, reason string) bool {
	var r *refused
	return errors.As(err, &r) && strings.HasSuffix(r.ID, reason)
}

// fault turns what came of a call into *refused, *bot.RetryError or nil. What the server wrote is not kept.
func fault(r *model.Response, err error) error {
	if err == nil {
		return nil
	}
	if r == nil || r.StatusCode == 0 {
		return &bot.RetryError{After: later, Err: withoutAddress(err)}
	}
	var told *model.AppError
	known := errors.As(err, &told)
	switch {
	case r.StatusCode == http.StatusTooManyRequests:
		return &bot.RetryError{After: wait(r.Header), Err: &refused{Status: r.StatusCode}}
	case r.StatusCode >= 500 && r.StatusCode != http.StatusNotImplemented, r.StatusCode == http.StatusRequestTimeout:
		return &bot.RetryError{After: wait(r.Header), Err: &refused{Status: r.StatusCode}}
	case r.StatusCode < 300: // done, but the answer did not arrive whole
		return &bot.RetryError{After: later, Err: errors.New("the server's answer was cut")}
	case known:
		return &refused{r.StatusCode, told.Id}
	default:
		return &refused{Status: r.StatusCode}
	}
}

// withoutAddress drops the address from a network error.
func withoutAddress(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// wait reads how long the server wants to be left alone.
func wait(h http.Header) time.Duration {
	for _, name := range []string{"Retry-After", "X-Ratelimit-Reset"} {
		if seconds, err := strconv.ParseFloat(h.Get(name), 64); err == nil && seconds >= 0 {
			return min(max(time.Duration(seconds*float64(time.Second)), time.Second), latest)
		}
		if at, err := http.ParseTime(h.Get(name)); err == nil {
			return min(max(time.Until(at), time.Second), latest)
		}
	}
	return later
}

// openDialog shows a form to whom the trigger belongs. An expired trigger is bot.ErrGone.
func (m *Mattermost) openDialog(ctx context.Context, trigger string, d model.Dialog) error {
	err := fault(m.client.OpenInteractiveDialog(ctx, model.OpenDialogRequest{
		TriggerId: trigger, URL: m.cfg.BaseURL + "/mattermost/dialog", Dialog: d,
	}))
	var no *refused
	if errors.As(err, &no) && strings.HasPrefix(no.ID, "interactive_message.decode_trigger_id.") {
		return fmt.Errorf("opening a form: %w: %w", bot.ErrGone, err)
	}
	return doing("opening a form", err)
}

// doing says what was being done when it failed.
func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
