package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// setupTimeout bounds one call of setting up or checking.
const setupTimeout = 20 * time.Second

// setupClient is the server as one account sees it, while setting up or checking. It is not what Luotsi works with day by day.
type setupClient struct{ *model.Client4 }

func newSetupClient(address, token string, transport http.RoundTripper) (setupClient, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return setupClient{}, errors.New("the address of Mattermost must be like https://chat.example.org")
	}
	if transport == nil {
		transport = http.DefaultTransport
	}
	c := model.NewAPIv4Client(strings.TrimRight(address, "/"))
	c.HTTPClient = &http.Client{Transport: setupPatience{transport}, Timeout: setupTimeout}
	if token != "" {
		c.SetToken(token)
	}
	return setupClient{c}, nil
}

// setupPatience asks again after the time that a server with a rate limit names: a list of people is many questions.
type setupPatience struct{ http.RoundTripper }

// RoundTrip sends the request, at most four times.
func (p setupPatience) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	for n := 0; ; n++ {
		again := r.Clone(r.Context())
		if r.Body != nil {
			again.Body = io.NopCloser(bytes.NewReader(body))
		}
		res, err := p.RoundTripper.RoundTrip(again)
		if err != nil || res.StatusCode != http.StatusTooManyRequests || n == 3 {
			return res, err
		}
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) // unreadable: soon
		_ = res.Body.Close()                                      // what it says is in the header
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(min(time.Duration(max(seconds, 1))*time.Second, 10*time.Second)):
		}
	}
}

// setupStatus is the HTTP status of an answer; zero when none came.
func setupStatus(r *model.Response) int {
	if r == nil {
		return 0
	}
	return r.StatusCode
}

// setupWhy turns the client's error into a sentence for an administrator. It never repeats an address with its query, nor a token.
func setupWhy(doing string, r *model.Response, err error) error {
	if err == nil {
		return nil
	}
	var refused *model.AppError
	var unreachable *url.Error
	switch {
	case setupStatus(r) == http.StatusUnauthorized:
		return fmt.Errorf("%s: Mattermost does not accept the token or login", doing)
	case errors.As(err, &refused) && refused.Message != "":
		return fmt.Errorf("%s: Mattermost says (%d): %s", doing, refused.StatusCode, strings.TrimRight(refused.Message, "."))
	case errors.As(err, &unreachable):
		return fmt.Errorf("%s: Mattermost does not answer: %w", doing, unreachable.Err)
	default:
		return fmt.Errorf("%s: %w", doing, err)
	}
}

// setupVersion is what the server says of itself without a login.
type setupVersion struct {
	Version string    // like "9.10.0"
	Date    time.Time // the server's clock; zero when it does not tell
	SiteURL string
	Proving bool // whoever has changed their e-mail address must confirm the new one; told to those who are signed in only
}

// versionOf asks the server who it is. Anything but a Mattermost server is an error.
func (c setupClient) versionOf(ctx context.Context) (setupVersion, error) {
	r, err := c.DoAPIGet(ctx, "/config/client?format=old", "")
	if err != nil {
		return setupVersion{}, setupWhy("asking the server", model.BuildResponse(r), err)
	}
	defer r.Body.Close()
	var told map[string]string
	if err := json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&told); err != nil || told["Version"] == "" {
		return setupVersion{}, errors.New("asking the server: this is not a Mattermost server")
	}
	v := setupVersion{Version: told["Version"], SiteURL: told["SiteURL"], Proving: told["RequireEmailVerification"] == "true"}
	if date, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		v.Date = date
	}
	return v, nil
}

// setupSettings are the server's settings that matter to Luotsi; only an administrator may read them. A nil one was not told.
type setupSettings struct {
	ServiceSettings struct {
		SiteURL                                *string `json:",omitempty"`
		AllowedUntrustedInternalConnections    *string `json:",omitempty"`
		EnableCommands                         *bool   `json:",omitempty"`
		EnableBotAccountCreation               *bool   `json:",omitempty"`
		DisableBotsWhenOwnerIsDeactivated      *bool   `json:",omitempty"`
		MaximumPersonalAccessTokenLifetimeDays *int    `json:",omitempty"`
		PostEditTimeLimit                      *int    `json:",omitempty"` // seconds; -1: none
	}
	TeamSettings struct {
		MaxChannelsPerTeam *int64 `json:",omitempty"`
	}
	EmailSettings struct {
		SendPushNotifications         *bool   `json:",omitempty"`
		PushNotificationContents      *string `json:",omitempty"`
		SendEmailNotifications        *bool   `json:",omitempty"`
		EmailNotificationContentsType *string `json:",omitempty"`
	}
	PrivacySettings struct {
		ShowEmailAddress *bool `json:",omitempty"`
	}
}

// settings reads the settings.
func (c setupClient) settings(ctx context.Context) (s setupSettings, err error) {
	r, err := c.DoAPIGet(ctx, "/config", "")
	if err != nil {
		return s, setupWhy("reading the settings", model.BuildResponse(r), err)
	}
	defer r.Body.Close()
	if err := json.NewDecoder(r.Body).Decode(&s); err != nil {
		return s, fmt.Errorf("reading the settings: %w", err)
	}
	return s, nil
}

// change sets those settings that are not nil, and returns what the server then has: what its environment fixes stays as it was.
func (c setupClient) change(ctx context.Context, s setupSettings) (setupSettings, error) {
	r, err := c.DoAPIPutJSON(ctx, "/config/patch", s)
	if err != nil {
		return setupSettings{}, setupWhy("changing the settings", model.BuildResponse(r), err)
	}
	if err := r.Body.Close(); err != nil {
		return setupSettings{}, err
	}
	return c.settings(ctx)
}

// licensed reports whether the server has a licence: some settings mean nothing without.
func (c setupClient) licensed(ctx context.Context) bool {
	r, err := c.DoAPIGet(ctx, "/license/client?format=old", "")
	if err != nil {
		return false
	}
	defer r.Body.Close()
	var told map[string]string
	return json.NewDecoder(r.Body).Decode(&told) == nil && told["IsLicensed"] == "true"
}

// setupOn reports a setting that was told and is on.
func setupOn(v *bool) bool { return v != nil && *v }

// setupText is a setting's text; empty when it was not told.
func setupText(v *string) string {
	if v == nil {
		return ""
	}
	return *v
}
