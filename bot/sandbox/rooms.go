package sandbox

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"luotsi/bot"
)

// The standing rooms. A direct conversation has the same id for everyone: each person has their own.
const (
	generalRoom = "general"
	queueRoom   = "queue"
	directRoom  = "dm"
)

// room is a room as one of its members sees it.
type room struct {
	ID       string   `json:"id" db:"id"`
	Name     string   `json:"name" db:"name"`
	Private  bool     `json:"private" db:"private"`
	Archived bool     `json:"archived" db:"archived"`
	Members  []string `json:"members" db:"-"`
}

// newID makes an id that tells nothing and is not guessed.
func newID(kind string) string { return kind + strings.ToLower(rand.Text()[:16]) }

func (s *Sandbox) openStandingRooms(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, `insert into sandbox.room (id, name, private) values ($1, $1, false), ($2, $2, true)
		on conflict do nothing`, generalRoom, queueRoom)
	if err != nil {
		return fmt.Errorf("opening standing rooms: %w", err)
	}
	for _, p := range s.cfg.People {
		if !p.has(bot.Coordinator) {
			continue
		}
		if err := s.putMember(ctx, queueRoom, p.Login); err != nil {
			return err
		}
	}
	return nil
}

// findRoom reads a room without its members. An unknown one is sql.ErrNoRows.
func (s *Sandbox) findRoom(ctx context.Context, id string) (room, error) {
	var r room
	err := s.db.GetContext(ctx, &r, `select id, name, private, archived from sandbox.room where id = $1`, storable(id))
	return r, err
}

// membersOf lists a room's members in the order of the organisation. Everyone whose account works is in a public room.
func (s *Sandbox) membersOf(ctx context.Context, r room) ([]string, error) {
	var in []string
	err := s.db.SelectContext(ctx, &in, `select login from sandbox.member where room = $1`, r.ID)
	if !r.Private {
		in, err = s.enabled(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("listing members: %w", err)
	}
	return s.inOrder(in), nil
}

func (s *Sandbox) inOrder(logins []string) []string {
	out := make([]string, 0, len(logins))
	for _, p := range s.cfg.People {
		if slices.Contains(logins, p.Login) {
			out = append(out, p.Login)
		}
	}
	return out
}

func (s *Sandbox) enabled(ctx context.Context) ([]string, error) {
	var off []string
	if err := s.db.SelectContext(ctx, &off, `select login from sandbox.disabled`); err != nil {
		return nil, err
	}
	var on []string
	for _, p := range s.cfg.People {
		if !slices.Contains(off, p.Login) {
			on = append(on, p.Login)
		}
	}
	return on, nil
}

// roomsOf lists the rooms a person can see: the public one, the direct conversation, and the private rooms they are in.
func (s *Sandbox) roomsOf(ctx context.Context, login string) ([]room, error) {
	rooms := []room{}
	err := s.db.SelectContext(ctx, &rooms, `select id, name, private, archived from sandbox.room r
		where not private or exists (select from sandbox.member m where m.room = r.id and m.login = $1)
		order by archived, made`, login)
	if err != nil {
		return nil, fmt.Errorf("listing rooms: %w", err)
	}
	for i := range rooms {
		if rooms[i].Members, err = s.membersOf(ctx, rooms[i]); err != nil {
			return nil, err
		}
	}
	direct := room{ID: directRoom, Name: directRoom, Private: true, Members: []string{login}}
	return slices.Insert(rooms, min(1, len(rooms)), direct), nil
}

// seenBy finds a room if the person can see it; an unknown room and one they are not in are the same unknown_room.
func (s *Sandbox) seenBy(ctx context.Context, login, id string) (room, error) {
	if id == directRoom {
		return room{ID: directRoom, Name: directRoom, Private: true, Members: []string{login}}, nil
	}
	r, err := s.findRoom(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return room{}, errUnknownRoom
	}
	if err != nil {
		return room{}, fmt.Errorf("finding a room: %w", err)
	}
	if r.Members, err = s.membersOf(ctx, r); err != nil {
		return room{}, err
	}
	if !slices.Contains(r.Members, login) {
		return room{}, errUnknownRoom
	}
	return r, nil
}

func (s *Sandbox) putMember(ctx context.Context, room, login string) error {
	_, err := s.db.ExecContext(ctx, `insert into sandbox.member (room, login) values ($1, $2) on conflict do nothing`, room, login)
	if err != nil {
		return fmt.Errorf("adding a member: %w", err)
	}
	return nil
}

func (s *Sandbox) dropMember(ctx context.Context, room, login string) error {
	_, err := s.db.ExecContext(ctx, `delete from sandbox.member where room = $1 and login = $2`, room, login)
	if err != nil {
		return fmt.Errorf("removing a member: %w", err)
	}
	return nil
}

// meddle lets a person change a room's members by themselves, as a chat does: members of a private room may add anyone and
// remove anyone, and the public room is everybody's.
func (s *Sandbox) meddle(ctx context.Context, as, id, login string, join bool) error {
	r, err := s.seenBy(ctx, as, id)
	switch {
	case err != nil:
		return err
	case s.people[login].Login == "":
		return errUnknownPerson
	case !r.Private && join:
		return nil
	case !r.Private, r.ID == directRoom:
		return errNotHere
	case r.Archived && join:
		return errArchived
	}
	change := s.dropMember
	if join {
		change = s.putMember
	}
	if err := change(ctx, r.ID, login); err != nil {
		return err
	}
	s.hub.changed()
	if s.cfg.OnMembers != nil {
		s.cfg.OnMembers(r.ID, login, join)
	}
	return nil
}

// isEnabled reports whether the login is of the organisation and its account works.
func (s *Sandbox) isEnabled(ctx context.Context, login string) (bool, error) {
	if s.people[login].Login == "" {
		return false, nil
	}
	var off bool
	err := s.db.GetContext(ctx, &off, `select exists (select from sandbox.disabled where login = $1)`, login)
	return !off, err
}

// Enable switches a person's account on or off. Who is off can neither read nor be told, but stays in their rooms, as chats do it.
func (s *Sandbox) Enable(ctx context.Context, login string, on bool) error {
	change := `insert into sandbox.disabled (login) values ($1) on conflict do nothing`
	if on {
		change = `delete from sandbox.disabled where login = $1`
	}
	if _, err := s.db.ExecContext(ctx, change, login); err != nil {
		return fmt.Errorf("switching an account: %w", err)
	}
	s.hub.changed()
	return nil
}

// switchAccount switches a person's account as an administrator of the chat would, and lets Luotsi know.
func (s *Sandbox) switchAccount(ctx context.Context, login string, on bool) error {
	if s.people[login].Login == "" {
		return errUnknownPerson
	}
	if err := s.Enable(ctx, login, on); err != nil || s.cfg.OnAccount == nil {
		return err
	}
	return s.cfg.OnAccount(ctx, login, on)
}

// inTx runs do in a transaction in which messages get their numbers in the order they become visible.
func (s *Sandbox) inTx(ctx context.Context, do func(tx *sqlx.Tx) error) error {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('sandbox.message'))`); err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}
