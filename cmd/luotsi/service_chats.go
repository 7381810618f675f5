package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"luotsi/bot"
	"luotsi/bot/mattermost"
	"luotsi/bot/slack"
	"luotsi/commands"
	"luotsi/commands/casework"
)

// chat is a platform as the service runs it.
type chat interface {
	bot.Platform
	Start(ctx context.Context) error      // reaches the chat; a *bot.RetryError may be tried again
	QueueRoom() (string, error)           // id of the coordinators' room, empty when none is named; bot.ErrOutside until it has been found
	QueueReady(ctx context.Context) error // whether the coordinators' room can be used; bot.ErrOutside or bot.ErrGone, with what to do
	Handler() http.Handler
	Watch(ctx context.Context) error // listens to what the chat tells, until ctx ends
	Close(ctx context.Context) error // waits for what is being answered
}

// openChats makes every chat that is configured; rooms are opened in the first.
func (s *service) openChats() error {
	if s.Mattermost.URL != "" {
		if err := s.openMattermost(); err != nil {
			return err
		}
	}
	if s.Slack.wanted() {
		if err := s.openSlack(); err != nil {
			return err
		}
	}
	if len(s.chats) == 0 {
		return errors.New("no chat is configured: set LUOTSI_MATTERMOST_URL or LUOTSI_SLACK_BOT_TOKEN")
	}
	if s.Rooms != "" {
		i := len(s.chats) - 1
		if s.chats[0].Name() != s.Rooms && s.chats[i].Name() != s.Rooms {
			return errors.New("rooms are to be in " + s.Rooms + " (LUOTSI_ROOMS), which is not configured")
		}
		if s.chats[i].Name() == s.Rooms {
			s.chats[0], s.chats[i] = s.chats[i], s.chats[0]
		}
	}
	for _, c := range s.chats {
		s.house.Chats = append(s.house.Chats, commands.Chat{Platform: c, Queue: c.queue, QueueReady: c.QueueReady})
	}
	return nil
}

func (s *service) openMattermost() error {
	if err := s.Mattermost.secrets(); err != nil {
		return err
	}
	m, err := mattermost.New(mattermost.Config{
		URL: s.Mattermost.URL, Token: s.Mattermost.Token, Team: s.Mattermost.Team, Queue: s.Mattermost.Queue,
		BaseURL: s.BaseURL, CommandTokens: s.Mattermost.CommandTokens,
		Handle: s.handled, Ledger: s.store, Catalog: s.house.Catalog, Lang: s.lang("mattermost"), Now: s.now, Log: s.log, House: s.house,
		HouseLang: s.house.Lang,
	})
	if err != nil {
		return err
	}
	s.chats = append(s.chats, &gate{chat: m})
	return nil
}

func (s *service) openSlack() error {
	if err := s.Slack.secrets(); err != nil {
		return err
	}
	c, err := slack.New(slack.Config{
		BotToken: s.Slack.BotToken, AppToken: s.Slack.AppToken, SigningSecret: s.Slack.SigningSecret, APIURL: s.Slack.APIURL,
		Queue: s.Slack.Queue, BaseURL: s.BaseURL,
		Handle: s.handle, Ledger: s.store, Catalog: s.house.Catalog, Lang: s.lang("slack"), Now: s.now, Log: s.log, House: s.house,
		HouseLang: s.house.Lang,
	})
	if err != nil {
		return err
	}
	s.chats = append(s.chats, &gate{chat: slackChat{Slack: c, room: s.Slack.Queue, socket: s.Slack.AppToken != ""}})
	return nil
}

// homes is a chat that keeps what a person has to do before their eyes.
type homes interface {
	RefreshHome(ctx context.Context, user string)
}

// handled answers what is asked elsewhere than in Slack, which knows by itself what was done there: whoever did something sees it in
// their home view as well. The others whom it concerns are told, and theirs are made anew by that.
func (s *service) handled(ctx context.Context, req bot.Request) (bot.Answer, error) {
	answer, err := s.handle(ctx, req)
	if err != nil || !answer.Done {
		return answer, err
	}
	for _, c := range s.chats {
		if h, ok := c.chat.(homes); ok {
			if user := s.accountIn(ctx, c.Name(), req); user != "" {
				h.RefreshHome(ctx, user)
			}
		}
	}
	return answer, nil
}

// accountIn is who asks, as another chat knows them; empty when it does not.
func (s *service) accountIn(ctx context.Context, chat string, req bot.Request) (user string) {
	p, err := commands.Office{House: s.house}.Person(ctx, req.Platform, req.User)
	if err == nil {
		err = s.house.Within(ctx, s.now(), func(tx commands.Tx) error {
			user, err = tx.AccountOf(ctx, p.Login, chat)
			return err
		})
	}
	if err != nil && !errors.Is(err, casework.ErrNotKnown) && !errors.Is(err, bot.ErrUnknownPerson) {
		s.log.WarnContext(ctx, "a home view is not made anew", "chat", chat, "error", err)
	}
	return user
}

// slackChat is Slack as the service runs it: what happens there comes by Socket Mode, or to the handler by HTTP.
type slackChat struct {
	*slack.Slack
	room   string
	socket bool
}

// QueueRoom is the configured channel.
func (c slackChat) QueueRoom() (string, error) { return c.room, nil }

// Watch keeps Socket Mode's connections, where that is the way.
func (c slackChat) Watch(ctx context.Context) error {
	if c.socket {
		return c.Socket(ctx)
	}
	<-ctx.Done()
	return ctx.Err()
}

// runChats reaches every chat, each in its own time, and listens to it until ctx ends.
func (s *service) runChats(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, c := range s.chats {
		group.Go(func() error { return s.listen(ctx, c, panicPause) })
	}
	return group.Wait()
}

// listen reaches a chat and listens to it. What panicked is begun again after the pause: the other chats, the jobs and the pages go on.
func (s *service) listen(ctx context.Context, c *gate, pause time.Duration) error {
	err := bot.Restarted(ctx, s.log, "reaching a chat", pause, func() error { return s.reach(ctx, c) })
	if err != nil {
		return err
	}
	return bot.Restarted(ctx, s.log, "listening to a chat", pause, func() error { return c.Watch(ctx) })
}

// How long a chat that cannot be reached is left alone, one that was misconfigured when others are well, and one that panicked.
const (
	panicPause     = 10 * time.Second
	unreachedPause = 2 * time.Second
	wrongPause     = time.Minute
)

// reached has everything done that waits for a chat, and whose accounts were closed there looked at.
func (s *service) reached(ctx context.Context) error {
	if s.jobs == nil {
		return nil
	}
	err := s.house.Within(ctx, s.now(), func(tx commands.Tx) error { return tx.Enqueue(ctx, commands.Follow{}, 4) })
	return errors.Join(err, s.jobs.RetryNow(ctx))
}

// reach starts in a chat, again and again until it can be reached. What is wrong for good is an error when there is no other
// chat to go on with.
func (s *service) reach(ctx context.Context, c *gate) error {
	for {
		err := c.Start(ctx)
		var later *bot.RetryError
		wait := wrongPause
		switch {
		case err == nil:
			c.open.Store(true)
			s.log.Info("chat reached", "chat", c.Name())
			if err := s.reached(ctx); err != nil {
				s.log.Warn("what waits for a chat is done later", "chat", c.Name(), "cause", err)
			}
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &later):
			wait = max(min(later.After, wrongPause), unreachedPause)
			s.log.Warn("a chat cannot be reached yet", "chat", c.Name(), "cause", err)
		case len(s.chats) == 1:
			return fmt.Errorf("starting in %s: %w", c.Name(), err)
		default:
			s.log.Error("a chat is not configured rightly", "chat", c.Name(), "cause", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}
