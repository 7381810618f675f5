package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"luotsi/bot"
)

// maxSaid is how long a message between people may be, in characters; commands are Luotsi's to judge.
const maxSaid = 16_000

// outcome is what came of something a person did.
type outcome struct {
	Replies []message         `json:"replies"`
	Form    *bot.Dialog       `json:"form"`
	Errors  map[string]string `json:"errors"`
	Link    *string           `json:"link"`
}

// doing is what a person's act leaves in the chat: what they said themselves, or Luotsi's answer to them alone.
type doing struct {
	room   string
	said   *bot.Post
	answer bot.Answer
}

// say is a person writing in a room: a command if it begins with a slash, otherwise a message to those in the room.
func (s *Sandbox) say(ctx context.Context, as, roomID, text, request string) (outcome, error) {
	return s.once(ctx, as, request, func(ctx context.Context, id string) (doing, error) {
		r, err := s.seenBy(ctx, as, roomID)
		if err != nil {
			return doing{}, err
		}
		if strings.HasPrefix(strings.TrimSpace(text), "/") {
			return s.ask(ctx, as, r.ID, bot.Request{ID: id, Text: text})
		}
		switch {
		case strings.TrimSpace(text) == "":
			return doing{}, errMalformed
		case utf8.RuneCountInString(text) > maxSaid:
			return doing{}, errTooLong
		case r.Archived:
			return doing{}, errArchived
		}
		return doing{room: r.ID, said: &bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}}}, nil
	})
}

// submit is a person sending a form, which counts as done where the form was opened.
func (s *Sandbox) submit(ctx context.Context, as, form string, values map[string]any, request string) (outcome, error) {
	if form == "" {
		return outcome{}, errMalformed
	}
	return s.once(ctx, as, request, func(ctx context.Context, id string) (doing, error) {
		opened, _, err := s.findForm(ctx, as, form)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return doing{}, err
		}
		return s.ask(ctx, as, opened, bot.Request{ID: id, Submit: form, Values: values})
	})
}

// press is a person pressing a button. Whether it is theirs to press is for Luotsi to say, so every ticket is passed on.
func (s *Sandbox) press(ctx context.Context, as, messageID, buttonID, request string) (outcome, error) {
	return s.once(ctx, as, request, func(ctx context.Context, id string) (doing, error) {
		m, err := s.find(ctx, messageID)
		if errors.Is(err, sql.ErrNoRows) {
			return doing{}, errUnknownMessage
		}
		if err != nil {
			return doing{}, err
		}
		i := slices.IndexFunc(m.post.Buttons, func(b bot.PostButton) bool { return b.ID == buttonID && b.Ticket != "" })
		if i < 0 {
			return doing{}, errUnknownButton
		}
		return s.ask(ctx, as, m.Room, bot.Request{ID: id, Press: m.post.Buttons[i].Ticket})
	})
}

// ask brings a request to Luotsi. It counts as made in the room if the person is (still) there, otherwise as made directly.
func (s *Sandbox) ask(ctx context.Context, as, roomID string, req bot.Request) (doing, error) {
	_, err := s.seenBy(ctx, as, roomID)
	var unseen *inputError
	if errors.As(err, &unseen) {
		roomID, err = directRoom, nil
	}
	if err != nil {
		return doing{}, err
	}
	req.Platform, req.User, req.Place, req.At = s.Name(), as, placeOf(roomID), s.cfg.Clock.Now()
	answer, err := s.cfg.Handle(ctx, req)
	if answer.Direct {
		roomID = directRoom
	}
	return doing{room: roomID, answer: answer}, err
}

func placeOf(roomID string) bot.Place {
	switch roomID {
	case directRoom:
		return bot.Place{Kind: bot.InDirect}
	case queueRoom:
		return bot.Place{Kind: bot.InQueue, Room: roomID}
	case generalRoom:
		return bot.Place{Kind: bot.InOther, Room: roomID}
	default:
		return bot.Place{Kind: bot.InRoom, Room: roomID}
	}
}

// once does a person's act and keeps what came of it. The same request again gives the same outcome and does nothing.
func (s *Sandbox) once(ctx context.Context, as, request string, do func(context.Context, string) (doing, error)) (outcome, error) {
	on, err := s.isEnabled(ctx, as)
	switch {
	case err != nil:
		return outcome{}, fmt.Errorf("finding the person: %w", err)
	case !on:
		return outcome{}, errUnknownPerson
	case request != storable(request):
		return outcome{}, errMalformed
	}
	if out, found, err := s.outcomeOf(ctx, as, request); found || err != nil {
		return out, err
	}
	id := as + ":" + request
	if request == "" {
		id = as + ":" + rand.Text()
	}
	ctx = context.WithoutCancel(ctx) // a closed window does not undo half of what was asked
	d, err := do(ctx, id)
	if err != nil {
		return outcome{}, err
	}
	out, err := s.keep(ctx, as, request, d)
	if errors.Is(err, errDoneBefore) {
		out, _, err = s.outcomeOf(ctx, as, request)
	}
	s.hub.changed()
	return out, err
}

var errDoneBefore = errors.New("the same request was answered meanwhile")

func (s *Sandbox) outcomeOf(ctx context.Context, as, request string) (out outcome, found bool, err error) {
	if request == "" {
		return out, false, nil
	}
	var body []byte
	err = s.db.GetContext(ctx, &body, `select body from sandbox.outcome where login = $1 and request = $2`, as, request)
	if errors.Is(err, sql.ErrNoRows) {
		return out, false, nil
	}
	if err != nil {
		return out, false, fmt.Errorf("reading an outcome: %w", err)
	}
	return out, true, s.unseal("outcome:"+as+":"+request, body, &out)
}

// keep writes what an act left in the chat and its outcome, or nothing of it when the request was answered meanwhile.
func (s *Sandbox) keep(ctx context.Context, as, request string, d doing) (out outcome, err error) {
	out = outcome{Replies: []message{}, Form: d.answer.Dialog, Errors: d.answer.Errors, Link: orNull(d.answer.Link)}
	if out.Errors == nil {
		out.Errors = map[string]string{}
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if d.said != nil {
			m := record{Room: d.room, Author: as, post: *d.said}
			if d.room == directRoom {
				m.OnlyFor = as
			}
			if err := s.write(ctx, tx, &m); err != nil {
				return err
			}
		}
		for _, p := range d.answer.Replies {
			m := record{Room: d.room, OnlyFor: as, Author: botLogin, post: p}
			if err := s.write(ctx, tx, &m); err != nil {
				return err
			}
			out.Replies = append(out.Replies, s.show(m))
		}
		if out.Form != nil {
			if err := s.keepForm(ctx, tx, as, d.room, *out.Form); err != nil {
				return err
			}
		}
		return s.keepOutcome(ctx, tx, as, request, out)
	})
	return out, err
}

func (s *Sandbox) keepOutcome(ctx context.Context, tx *sqlx.Tx, as, request string, out outcome) error {
	if request == "" {
		return nil
	}
	body, err := s.seal("outcome:"+as+":"+request, out)
	if err != nil {
		return fmt.Errorf("sealing an outcome: %w", err)
	}
	done, err := tx.ExecContext(ctx, `insert into sandbox.outcome (login, request, body) values ($1, $2, $3)
		on conflict do nothing`, as, request, body)
	if err != nil {
		return fmt.Errorf("keeping an outcome: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errDoneBefore)
	}
	return nil
}

func digestOf(form string) []byte {
	d := sha256.Sum256([]byte(form))
	return d[:]
}

// keepForm remembers where a form was opened, and how it looks, for when it comes back with faults.
func (s *Sandbox) keepForm(ctx context.Context, tx *sqlx.Tx, as, room string, d bot.Dialog) error {
	digest := digestOf(d.ID)
	body, err := s.seal(fmt.Sprintf("form:%x", digest), d)
	if err != nil {
		return fmt.Errorf("sealing a form: %w", err)
	}
	_, err = tx.ExecContext(ctx, `insert into sandbox.form (digest, login, room, body) values ($1, $2, $3, $4)
		on conflict (digest) do nothing`, digest, as, room, body)
	if err != nil {
		return fmt.Errorf("keeping a form: %w", err)
	}
	return nil
}

// findForm is the room a person's form was opened in and how it looks. One that is not theirs is sql.ErrNoRows.
func (s *Sandbox) findForm(ctx context.Context, as, form string) (room string, d bot.Dialog, err error) {
	digest := digestOf(form)
	var row struct {
		Room string `db:"room"`
		Body []byte `db:"body"`
	}
	err = s.db.GetContext(ctx, &row, `select room, body from sandbox.form where digest = $1 and login = $2`, digest, as)
	if err != nil {
		return directRoom, d, err
	}
	return row.Room, d, s.unseal(fmt.Sprintf("form:%x", digest), row.Body, &d)
}
