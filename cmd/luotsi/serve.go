package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"luotsi/bot"
)

// serveCmd runs Luotsi for an organisation.
type serveCmd struct {
	Listen        string `env:"LUOTSI_LISTEN" default:"127.0.0.1:8088" help:"Address to listen on; a proxy with a certificate stands before it."`
	BaseURL       string `name:"base-url" env:"LUOTSI_BASE_URL" required:"" help:"Luotsi's own address, as the chat server and people's browsers reach it."`
	databaseFlags `group:"Database and keys"`
	Mattermost    mattermostFlags `embed:"" prefix:"mattermost-" group:"Mattermost"`
	Slack         slackFlags      `embed:"" prefix:"slack-" group:"Slack"`
	SignIn        signInFlags     `embed:"" prefix:"oidc-" group:"Sign-in"`

	Rooms            string `env:"LUOTSI_ROOMS" enum:",mattermost,slack" default:"" group:"The house" help:"Where rooms are opened when both chats are on: mattermost (if not told) or slack."`
	Timezone         string `env:"LUOTSI_TIMEZONE" enum:"Europe/Helsinki" default:"Europe/Helsinki" group:"The house" help:"Time zone: Europe/Helsinki only, as the rules are Finland's."`
	Language         string `env:"LUOTSI_LANGUAGE" enum:"fi,sv,en" default:"fi" group:"The house" help:"Language of what is said to everybody, in rooms and the coordinators' channel: fi, sv or en."`
	County           string `env:"LUOTSI_COUNTY" group:"The house" help:"Name of the wellbeing services county, printed on papers for clients."`
	CountySV         string `name:"county-sv" env:"LUOTSI_COUNTY_SV" group:"The house" help:"Its name on papers in Swedish, if it has one."`
	CountyEN         string `name:"county-en" env:"LUOTSI_COUNTY_EN" group:"The house" help:"Its name on papers in English, if it has one."`
	EmergencyPhone   string `env:"LUOTSI_EMERGENCY_PHONE" default:"112" group:"The house" help:"Telephone number of the emergency social services (sosiaalipäivystys)."`
	Phone            string `env:"LUOTSI_PHONE" group:"The house" help:"Where a client reaches the service coordinators, printed on papers for clients."`
	Accept900        bool   `name:"accept-900" env:"LUOTSI_ACCEPT_900" group:"The house" help:"Temporary identity codes of the 900 series are in use here."`
	SelfRegistration bool   `env:"LUOTSI_SELF_REGISTRATION" group:"The house" help:"Let members of the chat, never guests, put themselves into the people directory."`
}

// Run serves until it is told to stop, and then lets go of what runs.
func (s *serveCmd) Run(ctx context.Context, o *out) (err error) {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	slog.SetDefault(log)
	service, err := openService(ctx, *s, time.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, service.close()) }()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("the address cannot be used (choose another with --listen): %w", err)
	}
	o.say("Luotsi listens on %s for %s", listener.Addr(), s.BaseURL)
	return service.serve(ctx, listener)
}

// serve answers HTTP, works jobs and listens to the chats until ctx ends, which is no error.
func (s *service) serve(ctx context.Context, listener net.Listener) error {
	if err := s.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("starting jobs: %w", err)
	}
	s.works.Store(true)
	group, within := errgroup.WithContext(ctx)
	group.Go(func() error {
		return bot.Guarded(s.log, "serving HTTP", func() error { return serveHTTP(within, s.handler(), listener) })
	})
	group.Go(func() error {
		return bot.Guarded(s.log, "running the chats", func() error { return s.runChats(within) })
	})
	if err := group.Wait(); ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// serveHTTP answers until ctx ends, and then finishes what was asked.
func serveHTTP(ctx context.Context, h http.Handler, listener net.Listener) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- bot.Guarded(nil, "shutting HTTP down", func() error { return server.Shutdown(end) })
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
