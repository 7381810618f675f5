package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"luotsi/bot"
)

var errDown = errors.New("the sandbox plays an outage")

// up fails while an outage is played.
func (s *Sandbox) up() error {
	if s.down.Load() {
		return &bot.RetryError{After: time.Minute, Err: errDown}
	}
	return nil
}

// Outage makes every call of bot.Platform fail until it is switched off; then postponed jobs run at once.
func (s *Sandbox) Outage(ctx context.Context, down bool) error {
	if s.down.Swap(down) && !down {
		return s.cfg.Engine.Retry(ctx)
	}
	return nil
}

// Name is "sandbox".
func (s *Sandbox) Name() string { return "sandbox" }

// Trusted: the sandbox's people and clients are made up, and its page is Luotsi's own.
func (s *Sandbox) Trusted() bool { return true }

// Post says something in a room; see bot.Platform.
func (s *Sandbox) Post(ctx context.Context, room, key string, p bot.Post) (string, error) {
	if err := s.up(); err != nil {
		return "", err
	}
	m := record{Room: room, Author: botLogin, Key: &key, post: p}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var open bool // locked, so that nothing is said in a room that is being archived meanwhile
		err := tx.GetContext(ctx, &open, `select not archived from sandbox.room where id = $1 for share`, storable(room))
		if err == nil && open {
			return s.write(ctx, tx, &m)
		}
		if err == nil {
			err = tx.GetContext(ctx, &m.ID, `select id from sandbox.message where room = $1 and only_for = '' and key = $2`, room, key)
		}
		return goneIfNone(err)
	})
	return s.done(m.ID, "posting", err)
}

// Edit replaces a message; see bot.Platform. The room may be left empty for a direct message.
func (s *Sandbox) Edit(ctx context.Context, room, message string, p bot.Post) error {
	if err := s.up(); err != nil {
		return err
	}
	body, err := s.seal("message:"+message, p)
	if err != nil {
		return fmt.Errorf("editing: %w", err)
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		var id string
		return goneIfNone(tx.GetContext(ctx, &id, `update sandbox.message set body = $3, edited = true, rev = nextval('sandbox.change')
			where id = $1 and author = 'luotsi' and (room = $2 or $2 = '') returning id`, storable(message), storable(room), body))
	})
	_, err = s.done(message, "editing", err)
	return err
}

// Direct says something to one person alone; see bot.Platform.
func (s *Sandbox) Direct(ctx context.Context, user, key string, p bot.Post) (string, error) {
	if err := s.reach(ctx, user); err != nil {
		return "", err
	}
	m := record{Room: directRoom, OnlyFor: user, Author: botLogin, Key: &key, post: p}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error { return s.write(ctx, tx, &m) })
	return s.done(m.ID, "telling a person", err)
}

// OpenRoom makes a private room, or finds the open one of that name; see bot.Platform.
func (s *Sandbox) OpenRoom(ctx context.Context, name string) (string, error) {
	if err := s.up(); err != nil {
		return "", err
	}
	if name == "" || name == directRoom || storable(name) == "" {
		return "", fmt.Errorf("opening a room: the name cannot be used: %w", bot.ErrPermanent)
	}
	_, err := s.db.ExecContext(ctx, `insert into sandbox.room (id, name) values ($1, $2) on conflict (name) do nothing`, newID("r"), name)
	if err != nil {
		return "", fmt.Errorf("opening a room: %w", err)
	}
	var r room
	if err := s.db.GetContext(ctx, &r, `select id, name, private, archived from sandbox.room where name = $1`, name); err != nil {
		return "", fmt.Errorf("opening a room: %w", err)
	}
	if r.Archived || isStanding(r.ID) {
		return "", fmt.Errorf("opening a room: the name is taken: %w", bot.ErrPermanent)
	}
	return s.done(r.ID, "opening a room", nil)
}

// Restore finds nothing to do: nobody can rename the sandbox's rooms. See bot.Platform.
func (s *Sandbox) Restore(ctx context.Context, room, _ string) (bool, error) {
	if err := s.up(); err != nil {
		return false, err
	}
	_, err := s.platformRoom(ctx, room)
	return false, err
}

// Invite puts a person into a room; see bot.Platform.
func (s *Sandbox) Invite(ctx context.Context, room, user string) error {
	if err := s.reach(ctx, user); err != nil {
		return err
	}
	var private bool
	err := s.db.GetContext(ctx, &private, `with room as (select id, private from sandbox.room where id = $1 and not archived for share),
		added as (insert into sandbox.member (room, login) select id, $2 from room where private on conflict do nothing)
		select private from room`, storable(room), user)
	_, err = s.done(room, "inviting", goneIfNone(err))
	return err
}

// Remove takes a person out of a room; see bot.Platform.
func (s *Sandbox) Remove(ctx context.Context, room, user string) error {
	if err := s.up(); err != nil {
		return err
	}
	r, err := s.platformRoom(ctx, room)
	if err != nil {
		return err
	}
	if !r.Private {
		return fmt.Errorf("removing: the room is everybody's: %w", bot.ErrPermanent)
	}
	_, err = s.done(room, "removing", s.dropMember(ctx, room, storable(user)))
	return err
}

// Archive closes a room for good; its members may still read it. See bot.Platform.
func (s *Sandbox) Archive(ctx context.Context, room string) error {
	if err := s.up(); err != nil {
		return err
	}
	r, err := s.platformRoom(ctx, room)
	if err != nil {
		return err
	}
	if isStanding(r.ID) {
		return fmt.Errorf("archiving: the room is everybody's: %w", bot.ErrPermanent)
	}
	_, err = s.db.ExecContext(ctx, `update sandbox.room set archived = true where id = $1`, room)
	_, err = s.done(room, "archiving", err)
	return err
}

// Members lists who is in a room; see bot.Platform.
func (s *Sandbox) Members(ctx context.Context, room string) ([]string, error) {
	if err := s.up(); err != nil {
		return nil, err
	}
	r, err := s.platformRoom(ctx, room)
	if err != nil {
		return nil, err
	}
	return s.membersOf(ctx, r)
}

// Profile tells who a user is; see bot.Platform. The user id is the login.
func (s *Sandbox) Profile(ctx context.Context, user string) (bot.Profile, error) {
	if err := s.up(); err != nil {
		return bot.Profile{}, err
	}
	if s.people[user].Login == "" {
		return bot.Profile{}, fmt.Errorf("looking a person up: %w", bot.ErrGone)
	}
	on, err := s.isEnabled(ctx, user)
	if err != nil {
		return bot.Profile{}, fmt.Errorf("looking a person up: %w", err)
	}
	return bot.Profile{User: user, Login: user, Email: user + "@sandbox.example", Enabled: on}, nil
}

// Working tells which of the people are switched on; see bot.Platform.
func (s *Sandbox) Working(ctx context.Context, users []string) ([]string, error) {
	if err := s.up(); err != nil {
		return nil, err
	}
	var off []string
	if err := s.db.SelectContext(ctx, &off, `select login from sandbox.disabled`); err != nil {
		return nil, fmt.Errorf("looking people up: %w", err)
	}
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(users))), func(login string) bool {
		return s.people[login].Login == "" || slices.Contains(off, login)
	}), nil
}

func isStanding(id string) bool { return id == generalRoom || id == queueRoom }

// reach fails when nothing can be said or done to the person now.
func (s *Sandbox) reach(ctx context.Context, user string) error {
	if err := s.up(); err != nil {
		return err
	}
	on, err := s.isEnabled(ctx, user)
	if err != nil {
		return fmt.Errorf("looking a person up: %w", err)
	}
	if !on {
		return fmt.Errorf("looking a person up: no working account: %w", bot.ErrGone)
	}
	return nil
}

func (s *Sandbox) platformRoom(ctx context.Context, id string) (room, error) {
	r, err := s.findRoom(ctx, id)
	if err != nil {
		return r, fmt.Errorf("finding a room: %w", goneIfNone(err))
	}
	return r, nil
}

// goneIfNone: what the database does not have, the platform has no more.
func goneIfNone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return bot.ErrGone
	}
	return err
}

// done tells open windows of a change that came about, or what was being done of one that did not.
func (s *Sandbox) done(id, doing string, err error) (string, error) {
	if err != nil {
		return "", fmt.Errorf("%s: %w", doing, err)
	}
	s.hub.changed()
	return id, nil
}
