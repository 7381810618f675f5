package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"luotsi/bot"
)

const (
	addressWait = 10 * time.Second // for each question to Luotsi's own address
	answerSize  = 1 << 10          // bytes read of an answer
)

// lookAtAddress asks Luotsi under its own address whether it is ready, and whether the proxy lets people and chats through to it.
func (d *doctorCmd) lookAtAddress(ctx context.Context) []bot.Finding {
	found := []bot.Finding{}
	u, err := url.Parse(d.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return append(found, isFault("LUOTSI_BASE_URL is not an address.", "Set it to the address under which Luotsi is reached, like https://luotsi.example.org."))
	}
	if unprotected(d.BaseURL) {
		found = append(found, isFault("Luotsi's address is without encryption (http), and clients' identities go over it.",
			"Put a proxy with a certificate before Luotsi and set LUOTSI_BASE_URL to https://…"))
	}
	more, ready := lookAtReady(ctx, u)
	found = append(found, more...)
	if !ready {
		return found
	}
	ways := []way{{part: "/page/", try: "page/client", who: "people's browsers"}}
	if d.Mattermost.wanted() {
		ways = append(ways, way{part: "/mattermost/", try: "mattermost/command", who: "the Mattermost server", guarded: true})
	}
	if d.Slack.wanted() && d.Slack.AppToken == "" && d.Slack.AppTokenFile == "" { // by Socket Mode nothing comes in
		ways = append(ways, way{part: "/slack/", try: "slack/command", who: "Slack", guarded: true})
	}
	for _, w := range ways {
		found = append(found, w.look(ctx, u)...)
	}
	return found
}

// lookAtReady asks for readiness; where the proxy keeps that to itself, for a sign of life. ready says that Luotsi answers.
func lookAtReady(ctx context.Context, u *url.URL) (found []bot.Finding, ready bool) {
	status, text, err := ask(ctx, u.JoinPath("readyz"))
	switch {
	case err != nil:
		return []bot.Finding{isFault("Luotsi does not answer at "+u.Host+": "+err.Error()+".",
			"Start it (luotsi serve), check the proxy before it, and that this machine reaches that name.")}, false
	case status == http.StatusOK:
		return nil, true
	case status == http.StatusServiceUnavailable && strings.HasPrefix(text, notReady):
		return []bot.Finding{isFault("Luotsi runs but is not ready: no chat has been reached yet, or the database does not answer.",
			"Look at its log (journalctl -u luotsi), and below.")}, false
	case status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout:
		return []bot.Finding{isFault(fmt.Sprintf("The proxy at %s does not reach Luotsi (%d).", u.Host, status),
			"Start Luotsi (systemctl start luotsi), and compare LUOTSI_LISTEN with the proxy's own configuration.")}, false
	}
	if alive, _, err := ask(ctx, u.JoinPath("healthz")); err != nil || alive != http.StatusOK {
		return []bot.Finding{isFault(fmt.Sprintf("What answers at %s is not Luotsi (%d).", u.Host, status), "Check the name and the proxy.")}, false
	}
	return []bot.Finding{{
		Level: bot.Hint, What: fmt.Sprintf("Whether Luotsi is ready cannot be seen: the proxy does not pass /readyz on (%d).", status),
		Fix: "Let this machine through to it; it says yes or no and nothing else.",
	}}, true
}

// way is a part of Luotsi's address that somebody must get through to.
type way struct {
	part, try string // try takes POST only: Luotsi, and hardly anybody else, answers GET with 405
	who       string
	guarded   bool // the proxy may rightly keep everybody else out, this machine too
}

func (w way) look(ctx context.Context, u *url.URL) []bot.Finding {
	status, _, err := ask(ctx, u.JoinPath(w.try))
	switch {
	case err != nil:
		return []bot.Finding{isFault(fmt.Sprintf("Nobody answers at %s under %s: %s.", u.Host, w.part, err), "Check the proxy before Luotsi.")}
	case status == http.StatusMethodNotAllowed, w.guarded && status == http.StatusForbidden:
		return nil
	case status == http.StatusServiceUnavailable && w.guarded:
		return []bot.Finding{isFault(fmt.Sprintf("Luotsi runs, but does not take what %s sends: it has not reached that chat yet (%d).", w.who, status),
			"Look at its log (journalctl -u luotsi), and below.")}
	case status == http.StatusNotFound && w.guarded:
		return []bot.Finding{isFault(fmt.Sprintf("What %s sends to %s%s does not reach Luotsi (%d).", w.who, u.Host, w.part, status),
			"Let the proxy pass it on; and start Luotsi anew if that chat has been configured since.")}
	}
	return []bot.Finding{isFault(fmt.Sprintf("The proxy at %s does not let %s through to %s (%d).", u.Host, w.who, w.part, status),
		"Let it pass on everything under "+w.part+" as it is.")}
}

// ask asks a single time and follows no redirect: whoever is sent elsewhere has not reached Luotsi.
func ask(ctx context.Context, u *url.URL) (status int, text string, err error) {
	ctx, cancel := context.WithTimeout(ctx, addressWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return 0, "", err
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		var why *url.Error
		if errors.As(err, &why) {
			err = why.Err // without the address, which is told already
		}
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerSize))
	return response.StatusCode, string(body), err
}
