package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// Slack's tiers: calls of one method in a minute.
const (
	tier2   = 20
	tier3   = 50
	tier4   = 100
	special = 300 // posting: Slack tells no number for a workspace, only "several hundred"
)

// perMinute is how often each method that Luotsi uses may be called. What is not here counts as tier 2.
var perMinute = map[string]int{
	"auth.test":                tier2,
	"chat.delete":              tier3,
	"chat.postMessage":         special,
	"chat.update":              tier3,
	"conversations.archive":    tier2,
	"conversations.create":     tier2,
	"conversations.history":    tier3,
	"conversations.info":       tier3,
	"conversations.invite":     tier3,
	"conversations.kick":       tier3,
	"conversations.list":       tier2,
	"conversations.members":    tier4,
	"conversations.open":       tier3,
	"conversations.rename":     tier2,
	"conversations.replies":    tier3,
	"conversations.setPurpose": tier2,
	"conversations.setTopic":   tier2,
	"users.info":               tier4,
	"users.list":               tier2,
	"users.lookupByEmail":      tier3,
	"views.open":               tier4,
	"views.publish":            tier4,
	"views.update":             tier4,
}

// callLife is how long one call may take; after it nobody knows whether it was done.
const callLife = 20 * time.Second

// After being told to slow down, a call comes again by itself if the wait is short, so that a job need not start over.
const (
	shortWait  = 5 * time.Second
	shortTries = 3
)

// outlet is what goes out to Slack.
type outlet struct {
	api    *slack.Client
	queue  *queue
	log    *slog.Logger
	bot    string          // Luotsi's bot id, which its messages carry beside its user id; known after Start
	direct *memory[string] // user id → id of their conversation with Luotsi
	rooms  roomBook
	past   past
	lines  atomic.Int32  // connections of Socket Mode that are up
	tells  chan struct{} // held while the house is told of an identity code
	insist time.Duration // the pause before it is told again; doubled each time
	every  time.Duration // how often what was said is looked back through
}

func newOutlet(c Config) (*outlet, error) {
	options := []slack.Option{slack.OptionHTTPClient(c.HTTP), slack.OptionAppLevelToken(c.AppToken)}
	if c.APIURL != "" {
		u, err := url.Parse(c.APIURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return nil, errors.New("the address of Slack's API is not an address (LUOTSI_SLACK_API_URL)")
		}
		options = append(options, slack.OptionAPIURL(strings.TrimRight(c.APIURL, "/")+"/"))
	}
	return &outlet{
		api: slack.New(c.BotToken, options...), queue: newQueue(wallClock{}, c.Log), log: c.Log,
		direct: newMemory[string](directLife, maxDirects), tells: make(chan struct{}, 1), insist: time.Second, every: time.Hour,
	}, nil
}

// call makes a call when its turn comes; its error is one of bot's.
func (s *Slack) call(ctx context.Context, c call, do func(context.Context, *slack.Client) error) error {
	return s.inTurn(ctx, c, func() error { return s.atOnce(ctx, c.method, do) })
}

// inTurn does something that makes a call when the call's turn comes, and again if Slack asks to come back in a moment.
func (s *Slack) inTurn(ctx context.Context, c call, do func() error) error {
	for try := 1; ; try++ {
		var answer error
		err := s.out.queue.do(ctx, c, func() time.Duration {
			answer = do()
			return slowedBy(answer)
		})
		if err != nil {
			return err
		}
		if closed := slowedBy(answer); closed == 0 || closed > shortWait || try == shortTries {
			return answer
		}
	}
}

// atOnce makes a call past the queue: for what Slack gives three seconds for.
func (s *Slack) atOnce(ctx context.Context, method string, do func(context.Context, *slack.Client) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	life, cancel := context.WithTimeout(ctx, callLife)
	defer cancel()
	err := do(life, s.out.api)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("slack %s: %w", method, ctx.Err())
	}
	err = faultOf(method, err)
	var f *fault
	if errors.As(err, &f) && f.fix != "" {
		s.out.log.ErrorContext(ctx, "slack refuses", "method", f.method, "error", f.code, "fix", f.fix)
	}
	return err
}

// slowedBy tells for how long Slack wants no more such calls.
func slowedBy(err error) time.Duration {
	var later *bot.RetryError
	if f := (*fault)(nil); errors.As(err, &f) && f.slow && errors.As(err, &later) {
		return later.After
	}
	return 0
}

// faultOf makes what slack-go returns one of bot's errors. Addresses are left out: some hold secrets.
func faultOf(method string, err error) error {
	var (
		limited *slack.RateLimitedError
		status  slack.StatusCodeError
		said    slack.SlackErrorResponse
		address *url.Error
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &bot.RetryError{After: max(limited.RetryAfter, time.Second), Err: &fault{method: method, code: "ratelimited", slow: true}}
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return &bot.RetryError{After: slowDown, Err: &fault{method: method, code: "ratelimited", slow: true}}
	case errors.As(err, &status):
		f := &fault{method: method, code: fmt.Sprintf("HTTP %d", status.Code)}
		if status.Code < 500 {
			f.fix = "the address answers, but not as Slack's API does; check LUOTSI_SLACK_API_URL and any proxy"
		}
		return &bot.RetryError{After: unreachable, Err: f}
	case errors.As(err, &said):
		return judged(method, said)
	case errors.Is(err, slack.ErrBlockIDNotUnique), errors.Is(err, slack.ErrParametersMissing):
		return &fault{method: method, code: err.Error(), fix: fixShape, kind: bot.ErrPermanent}
	case errors.As(err, &address):
		return &bot.RetryError{After: unreachable, Err: fmt.Errorf("slack %s: %w", method, address.Err)}
	}
	return &bot.RetryError{After: unreachable, Err: fmt.Errorf("slack %s: %w", method, err)} // also an answer that is not JSON
}

// openView opens a modal at once and returns the view's id.
func (s *Slack) openView(ctx context.Context, trigger string, v slack.ModalViewRequest) (view string, err error) {
	err = s.atOnce(ctx, "views.open", func(ctx context.Context, api *slack.Client) error {
		r, err := api.OpenViewContext(ctx, trigger, v)
		if err == nil {
			view = r.View.ID
		}
		return err
	})
	return view, err
}

// updateView replaces an open modal. A modal that was closed meanwhile is bot.ErrGone.
func (s *Slack) updateView(ctx context.Context, view string, v slack.ModalViewRequest) error {
	return s.call(ctx, call{method: "views.update", urgency: facing}, func(ctx context.Context, api *slack.Client) error {
		_, err := api.UpdateViewContext(ctx, v, "", "", view)
		return err
	})
}

// publishHome shows a person their home view.
func (s *Slack) publishHome(ctx context.Context, user string, v slack.HomeTabViewRequest) error {
	return s.call(ctx, call{method: "views.publish", urgency: talking}, func(ctx context.Context, api *slack.Client) error {
		_, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v})
		return err
	})
}
