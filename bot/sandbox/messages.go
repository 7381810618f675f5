package sandbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"luotsi/bot"
)

// botLogin is Luotsi's own name as an author.
const botLogin = "luotsi"

// record is a message as it is stored. OnlyFor is the one person who sees it; empty: everyone in the room.
type record struct {
	ID      string    `db:"id"`
	Seq     int64     `db:"seq"`
	Rev     int64     `db:"rev"`
	Room    string    `db:"room"`
	OnlyFor string    `db:"only_for"`
	Author  string    `db:"author"`
	Key     *string   `db:"key"`
	At      time.Time `db:"at"`
	Edited  bool      `db:"edited"`
	Body    []byte    `db:"body"`
	post    bot.Post
}

// seal stores a value as JSON that only this program can read, bound to the place it is stored at.
func (s *Sandbox) seal(place string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.cfg.Sealer.Encrypt(plain, []byte("sandbox."+place))
}

func (s *Sandbox) unseal(place string, body []byte, v any) error {
	plain, err := s.cfg.Sealer.Decrypt(body, []byte("sandbox."+place))
	if err != nil {
		return fmt.Errorf("unsealing: %w", err)
	}
	return json.Unmarshal(plain, v)
}

// write stores a message, filling in its id, time and numbers. With a key that was used before in the same place, nothing
// is written and the first message's id is filled in.
func (s *Sandbox) write(ctx context.Context, tx *sqlx.Tx, m *record) error {
	m.ID, m.At = newID("m"), s.cfg.Clock.Now()
	body, err := s.seal("message:"+m.ID, m.post)
	if err != nil {
		return fmt.Errorf("sealing a message: %w", err)
	}
	var number int64
	err = tx.GetContext(ctx, &number, `insert into sandbox.message (id, seq, rev, room, only_for, author, key, at, body)
		select $1, n, n, $2, $3, $4, $5, $6, $7 from nextval('sandbox.change') n
		on conflict (room, only_for, key) do nothing returning seq`,
		m.ID, m.Room, m.OnlyFor, m.Author, m.Key, m.At, body)
	if err == nil {
		m.Seq, m.Rev = number, number
		return nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("writing a message: %w", err)
	}
	return tx.GetContext(ctx, &m.ID, `select id from sandbox.message where room = $1 and only_for = $2 and key = $3`,
		m.Room, m.OnlyFor, m.Key)
}

// read lists what a person sees in a room, oldest first, that was written or edited after the change number.
func (s *Sandbox) read(ctx context.Context, login, room string, after int64) ([]record, error) {
	var found []record
	err := s.db.SelectContext(ctx, &found, `select id, seq, rev, room, only_for, author, key, at, edited, body
		from sandbox.message where room = $1 and (only_for = $2 or only_for = '' and room <> 'dm') and rev > $3 order by seq`,
		room, login, after)
	if err != nil {
		return nil, fmt.Errorf("reading messages: %w", err)
	}
	for i := range found {
		if err := s.unseal("message:"+found[i].ID, found[i].Body, &found[i].post); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// dayBefore says the day of the last message a person sees that was written up to the change number, or nothing.
func (s *Sandbox) dayBefore(ctx context.Context, lang bot.Lang, login, room string, seq int64) (string, error) {
	var at time.Time
	err := s.db.GetContext(ctx, &at, `select at from sandbox.message where room = $1
		and (only_for = $2 or only_for = '' and room <> 'dm') and seq <= $3 order by seq desc limit 1`, room, login, seq)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("reading messages: %w", err)
	}
	return bot.FormatDate(lang, at.In(s.zone)), nil
}

// find reads one message, whoever may see it. An unknown one is sql.ErrNoRows.
func (s *Sandbox) find(ctx context.Context, id string) (record, error) {
	var m record
	err := s.db.GetContext(ctx, &m, `select id, seq, rev, room, only_for, author, key, at, edited, body
		from sandbox.message where id = $1`, storable(id))
	if err != nil {
		return m, err
	}
	return m, s.unseal("message:"+m.ID, m.Body, &m.post)
}

// message is a message as people and programs see it.
type message struct {
	ID      string   `json:"id"`
	Room    string   `json:"room"`
	Author  string   `json:"author"`
	At      string   `json:"at"`
	Text    string   `json:"text"`
	Code    *string  `json:"code"`
	Refusal *string  `json:"refusal"`
	OnlyYou bool     `json:"only_you"`
	Buttons []button `json:"buttons"`
	Edited  bool     `json:"edited"`
}

type button struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Link  string `json:"link,omitempty"`
}

func (s *Sandbox) show(m record) message {
	out := message{
		ID: m.ID, Room: m.Room, Author: m.Author, At: s.stamp(m.At), Text: m.post.Text(),
		Code: orNull(m.post.Code), Refusal: orNull(m.post.Refusal), OnlyYou: m.OnlyFor != "", Edited: m.Edited,
		Buttons: make([]button, 0, len(m.post.Buttons)),
	}
	for _, b := range m.post.Buttons {
		out.Buttons = append(out.Buttons, button{ID: b.ID, Label: b.Label, Link: b.Link})
	}
	return out
}

// stamp is an instant as RFC 3339 with Helsinki's offset.
func (s *Sandbox) stamp(t time.Time) string { return t.In(s.zone).Format(time.RFC3339) }

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// storable makes an id from outside safe to ask the database for: what no id can be becomes one that nothing has.
func storable(id string) string {
	if len(id) > 200 || !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
		return ""
	}
	return id
}
