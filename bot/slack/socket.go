package slack

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"luotsi/bot"
)

// Socket Mode: how many connections are kept, so that one can be renewed while the other hears.
const (
	connections   = 2
	maxAck        = 19 << 10 // bytes; Slack drops an acknowledgement of 20 KB without a word
	maxSocketRead = 8 << 20  // bytes of one message
	firstPause    = time.Second
	longestPause  = 5 * time.Minute
	steadyAfter   = time.Minute // a connection that lasted this long was a good one
)

// Socket hears Slack through Socket Mode until the context ends: for networks that let nothing in. What fails, a token that is
// not taken included, is logged and tried again, ever more seldom. Without an app token it is an error.
func (s *Slack) Socket(ctx context.Context) error {
	if s.cfg.AppToken == "" {
		return errors.New("slack: Socket Mode needs an app token (LUOTSI_SLACK_APP_TOKEN)")
	}
	var both sync.WaitGroup
	for range connections {
		both.Go(func() { s.keepConnected(ctx) })
	}
	both.Wait()
	return nil
}

// keepConnected runs one connection again and again. slack-go renews it by itself when Slack asks for that, and gives up when
// the token is not taken.
func (s *Slack) keepConnected(ctx context.Context) {
	for pause := s.in.again; ctx.Err() == nil; {
		begun := time.Now()
		err := bot.Guarded(s.cfg.Log, "a connection of Socket Mode", func() error { return s.connect(ctx) })
		if ctx.Err() != nil {
			return
		}
		if time.Since(begun) > steadyAfter {
			pause = s.in.again
		}
		s.cfg.Log.ErrorContext(ctx, "Socket Mode is not connected; check LUOTSI_SLACK_APP_TOKEN and that the app has Socket Mode on",
			"error", causeOf(err), "again_in", pause.String())
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// causeOf tells an error without any address: those of Socket Mode are secrets.
func causeOf(err error) string {
	if err = faultOf("apps.connections.open", err); err == nil {
		return "the connection ended"
	}
	return err.Error()
}

// connect runs one connection until it ends for good, and hears what it brings.
func (s *Slack) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	quiet := log.New(quietly{}, "", 0) // its own words hold what people typed
	client := socketmode.New(s.out.api, socketmode.OptionReadLimit(maxSocketRead), socketmode.OptionLog(quiet))
	var up line
	defer up.down(&s.out.lines)
	ended := make(chan error, 1)
	go func() {
		ended <- bot.Guarded(s.cfg.Log, "a connection of Socket Mode", func() error { return client.RunContext(ctx) })
	}()
	for {
		select {
		case e := <-client.Events:
			s.hear(ctx, client, e, &up)
		case err := <-ended:
			return err
		}
	}
}

// line is one connection: whether it is up, as far as is known.
type line bool

// up counts the connection in, and reports whether no other was up: then something may have been missed. A connection that took the place
// of another missed nothing, as Slack tells everything to any that is up.
func (l *line) up(lines *atomic.Int32) (alone bool) {
	if *l {
		return false
	}
	*l = true
	return lines.Add(1) == 1
}

func (l *line) down(lines *atomic.Int32) {
	if *l {
		*l = false
		lines.Add(-1)
	}
}

type quietly struct{}

func (quietly) Write(p []byte) (int, error) { return len(p), nil }

// hear takes one message of a connection. What is not understood is acknowledged too: it would only come again.
func (s *Slack) hear(ctx context.Context, client *socketmode.Client, e socketmode.Event, l *line) {
	req := e.Request
	switch e.Type {
	case socketmode.EventTypeConnecting:
		l.down(&s.out.lines)
		return
	case socketmode.EventTypeConnected:
		s.cfg.Log.InfoContext(ctx, "Socket Mode is connected")
		since, alone := s.out.past.silentSince(), l.up(&s.out.lines) // before anything more is heard
		s.in.start(ctx, func(ctx context.Context) { s.reconnected(ctx, since, alone) })
		return
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			s.cfg.Log.WarnContext(ctx, "Socket Mode cannot connect", "error", causeOf(failed.ErrorObj), "again_in", failed.Backoff.String())
		}
		return
	case socketmode.EventTypeErrorBadMessage:
		req = new(socketmode.Request)
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); !ok || json.Unmarshal(bad.Message, req) != nil {
			return
		}
	}
	if req == nil || req.EnvelopeID == "" {
		return
	}
	s.in.start(ctx, func(work context.Context) {
		ack, ok := s.takeEnvelope(work, *req)
		if !ok {
			return // Slack brings it again
		}
		var payload any
		if len(ack) > 0 {
			payload = json.RawMessage(ack)
		}
		if err := client.AckCtx(ctx, req.EnvelopeID, payload); err != nil {
			s.cfg.Log.WarnContext(work, "an acknowledgement could not be sent to Slack", "error", err.Error())
		}
	})
}

// takeEnvelope does what one message of Socket Mode holds: the same as came by HTTP.
func (s *Slack) takeEnvelope(ctx context.Context, req socketmode.Request) (ack []byte, ok bool) {
	var decode func([]byte) (deed, error)
	switch req.Type {
	case socketmode.RequestTypeSlashCommands:
		decode = commandJSON
	case socketmode.RequestTypeInteractive:
		decode = interactionJSON
	case socketmode.RequestTypeEventsAPI:
		decode = eventJSON
	default:
		return nil, true
	}
	d, err := decode(req.Payload)
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "a message of Socket Mode was not understood", "kind", req.Type)
		return nil, true
	}
	return s.take(ctx, d, maxAck)
}
