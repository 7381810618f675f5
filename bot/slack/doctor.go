package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Checkup is what can be known of a workspace from outside it, and of Luotsi's place in it. It changes nothing.
type Checkup struct {
	BotToken, AppToken, SigningSecret, APIURL, Queue, BaseURL string // as in Config
	People                                                    []CheckedPerson
	Now                                                       func() time.Time
	HTTP                                                      *http.Client // optional
}

// CheckedPerson is somebody of the people directory.
type CheckedPerson struct {
	Login   string
	Account string // Slack's user id; empty when none is linked
}

// checkRun is one run of Checkup.
type checkRun struct {
	Checkup
	*Slack
	found []bot.Finding
}

// Scopes are the permissions that Luotsi uses in Slack, and no others.
var Scopes = []string{
	"chat:write", "commands", "groups:history", "groups:read", "groups:write", "im:history", "im:write", "users:read", "users:read.email",
}

// scopeFor says what each permission is for.
var scopeFor = map[string]string{
	"chat:write":       "saying anything",
	"commands":         "the slash commands",
	"groups:history":   "finding a message whose answer was lost, and noticing identity codes",
	"groups:read":      "seeing who is in a case's channel",
	"groups:write":     "making channels, inviting and removing",
	"im:history":       "finding a direct message whose answer was lost",
	"im:write":         "direct messages",
	"users:read":       "seeing whose account works",
	"users:read.email": "finding people by e-mail",
}

// How far the clocks may differ. Slack's requests are refused beyond five minutes.
const (
	skewHint  = time.Minute
	skewFault = 4 * time.Minute
)

// Check names what is wrong, the cause before its consequences. Nothing found means that nothing is wrong as far as can be told.
func (c Checkup) Check(ctx context.Context) []bot.Finding {
	config := Config{BotToken: c.BotToken, AppToken: c.AppToken, APIURL: c.APIURL, Queue: c.Queue, HTTP: c.HTTP, Log: slog.New(slog.DiscardHandler)}
	if config.HTTP == nil {
		config.HTTP = http.DefaultClient
	}
	r := &checkRun{Checkup: c}
	r.checkGiven()
	out, err := newOutlet(config)
	if err != nil {
		r.fault("LUOTSI_SLACK_API_URL is not an address.", "Leave it out: Slack's own is known.")
		return r.found
	}
	r.Slack = &Slack{cfg: config, out: out}
	if c.BotToken != "" && r.checkToken(ctx) {
		r.checkQueue(ctx)
		r.checkPeople(ctx)
	}
	if c.AppToken != "" {
		r.checkSocket(ctx)
	}
	return r.found
}

func (r *checkRun) fault(what, fix string) {
	r.found = append(r.found, bot.Finding{Level: bot.Fault, What: what, Fix: fix})
}

func (r *checkRun) hint(what, fix string) {
	r.found = append(r.found, bot.Finding{Level: bot.Hint, What: what, Fix: fix})
}

// checkGiven looks at what the environment says before anybody is asked.
func (r *checkRun) checkGiven() {
	if r.BotToken == "" {
		r.fault("LUOTSI_SLACK_BOT_TOKEN is not set.", "Install the app to the workspace and copy the bot token from OAuth & Permissions.")
	}
	if r.AppToken == "" && r.SigningSecret == "" {
		r.fault("Neither LUOTSI_SLACK_SIGNING_SECRET nor LUOTSI_SLACK_APP_TOKEN is set.", "Copy the signing secret from Basic Information of the app, or make an app-level token for Socket Mode.")
	}
	if base, err := url.Parse(r.BaseURL); err != nil || base.Host == "" || base.Scheme != "https" {
		tell := r.fault
		if r.AppToken != "" { // then only people's browsers come by it
			tell = r.hint
		}
		tell("LUOTSI_BASE_URL is not an https address.", "Set it to the address at which Slack and people's browsers reach Luotsi.")
	}
	if r.Queue == "" {
		r.fault("LUOTSI_SLACK_COORDINATOR_CHANNEL is not set.", "Make a private channel, write /invite @Luotsi there, and set it to the channel's id.")
	}
}

func (r *checkRun) checkToken(ctx context.Context) (ok bool) {
	self, err := r.whoAmI(ctx)
	var f *fault
	switch {
	case errors.As(err, &f) && f.fix != "":
		r.fault("Slack answers "+f.code+".", sentence(f.fix))
		return false
	case err != nil:
		r.fault("Slack was asked who Luotsi is there, and no proper answer came ("+err.Error()+").", "Check name resolution, the way out to slack.com and any proxy or firewall on it, and LUOTSI_SLACK_API_URL if it is set.")
		return false
	case self.BotID == "":
		r.fault("The token is a person's.", "Set LUOTSI_SLACK_BOT_TOKEN to the app's bot token (xoxb-…).")
		return false
	}
	r.checkScopes(self.Header)
	r.checkClock(self.Header)
	return true
}

// checkScopes compares what the token may do with what Luotsi does.
func (r *checkRun) checkScopes(h http.Header) {
	var have []string
	for _, scope := range strings.Split(h.Get("X-OAuth-Scopes"), ",") {
		if scope = strings.TrimSpace(scope); scope != "" {
			have = append(have, scope)
		}
	}
	if have == nil {
		r.hint("Slack did not tell which permissions the app has.", "Compare them with what luotsi manifest slack prints.")
		return
	}
	for _, scope := range Scopes {
		if !slices.Contains(have, scope) {
			r.fault("The app lacks the permission "+scope+", which is for "+scopeFor[scope]+".",
				"Add it under OAuth & Permissions, or make the app anew from luotsi manifest slack, and install it again.")
		}
	}
	for _, scope := range have {
		if !slices.Contains(Scopes, scope) {
			r.hint("The app has the permission "+scope+", which Luotsi does not use.", "Take it away from the app.")
		}
	}
}

func (r *checkRun) checkClock(h http.Header) {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	skew := r.Now().Sub(theirs).Abs().Round(time.Second)
	tell := r.hint
	if skew >= skewFault {
		tell = r.fault
	}
	if skew >= skewHint {
		tell(fmt.Sprintf("This machine's clock differs from Slack's by %s; Slack's requests are refused beyond five minutes.", skew),
			"Set the machine's clock by the network (timedatectl set-ntp true).")
	}
}

func (r *checkRun) checkQueue(ctx context.Context) {
	if r.Queue == "" {
		return
	}
	err := r.QueueReady(ctx)
	if err == nil {
		return
	}
	if what, fix, known := strings.Cut(err.Error(), "; "); known && errors.Is(err, errQueue) {
		r.fault(sentence(what), sentence(fix))
		return
	}
	r.fault("The coordinators' channel cannot be looked at: "+err.Error()+".", "Check LUOTSI_SLACK_COORDINATOR_CHANNEL; it is the channel's id, such as C0123456789.")
}

// checkPeople looks who of the directory cannot be reached. Names are staff's logins.
func (r *checkRun) checkPeople(ctx context.Context) {
	if len(r.People) == 0 {
		return
	}
	working, err := r.workingAccounts(ctx)
	if err != nil {
		r.fault("People's accounts cannot be looked at: "+err.Error()+".", "Check the permissions users:read and users:read.email.")
		return
	}
	var without, gone []string
	for _, p := range r.People {
		switch {
		case p.Account == "":
			without = append(without, p.Login)
		case !working[p.Account]:
			gone = append(gone, p.Login)
		}
	}
	r.people("Without an account in Slack are", without, "Run luotsi people import again when they have one.")
	r.people("The account in Slack is deactivated or missing of", gone, "Close their access to Luotsi too, or activate the account.")
}

// people tells what is with some people of the directory; the first ten are named.
func (r *checkRun) people(what string, logins []string, fix string) {
	const named = 10
	if len(logins) == 0 {
		return
	}
	slices.Sort(logins)
	list := strings.Join(logins[:min(named, len(logins))], ", ")
	if more := len(logins) - named; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	r.hint(what+" "+list+".", fix)
}

func (r *checkRun) checkSocket(ctx context.Context) {
	err := r.call(ctx, call{method: "apps.connections.open", urgency: facing}, func(ctx context.Context, api *slack.Client) error {
		_, _, err := api.StartSocketModeContext(ctx)
		return err
	})
	if err != nil {
		r.fault("Socket Mode does not open: "+err.Error()+".",
			"Make an app-level token with the permission connections:write, set LUOTSI_SLACK_APP_TOKEN, and switch Socket Mode on in the app's settings.")
	}
}

func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}
