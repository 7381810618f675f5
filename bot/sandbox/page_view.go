package sandbox

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"luotsi/bot"
)

// pageView is what the templates show. All of it is in the language of the person who looks.
type pageView struct {
	Lang        bot.Lang
	Me          personView
	Room        roomView
	Rooms       []roomView
	People      []personView
	Messages    []messageView
	Edited      []messageView
	Cursor      int64 // the change number up to which the window has seen
	SideHash    string
	SideChanged bool
	Clock       clockView
	Verbs       []Verb
	Hello       *helloView
	Elsewhere   int // unread messages in other rooms

	catalog *bot.Catalog
	lastSeq int64
}

type personView struct {
	Person
	Initials string
	Tint     int // one of the avatar colours
	Unread   int
	Current  bool
	Link     string
}

type roomView struct {
	ID, Title, Kind string
	Archived        bool
	Current         bool
	Unread          int
	Link            string
	Members         []string
}

type clockView struct{ Date, Time, Full string }

type messageView struct {
	ID         string
	Author     personView
	Bot, Mine  bool
	OnlyYou    bool
	Edited     bool
	Refusal    string
	Day        string // says the day when the message is the first of it
	Time, Full string
	Title      string
	Blocks     []block
	Buttons    []bot.PostButton
	Replaces   bool // an edited message that takes the place of what the window has
}

// messagePair is a message and the view it is shown in.
type messagePair struct {
	V *pageView
	M messageView
}

// block is a run of lines of one kind, which belong in one element.
type block struct {
	Kind  bot.LineKind
	Lines []bot.PostLine
}

// T says one of the page's own sentences.
func (v *pageView) T(id string) string { return v.Say(bot.T("sandbox." + id)) }

// Say says a text in the language of the person who looks.
func (v *pageView) Say(t bot.Text) string { return v.catalog.Say(v.Lang, t) }

// Here is the part of an address that says who looks and where.
func (v *pageView) Here() string {
	return url.Values{"as": {v.Me.Login}, "room": {v.Room.ID}}.Encode()
}

// MemberCount says how many are in the room.
func (v *pageView) MemberCount() string {
	return v.Say(bot.TD("sandbox.members", bot.Data{"count": len(v.Room.Members)}))
}

// FewMembers reports whether the names of all in the room fit on its head.
func (v *pageView) FewMembers() bool { return len(v.Room.Members) <= 6 }

// HelloTitle says who the person is.
func (v *pageView) HelloTitle() string {
	return v.Say(bot.TD("sandbox.hello.title_me", bot.Data{"name": v.Me.Name, "profession": v.Me.Profession}))
}

// bare is a view with who looks, when, and where by its id only.
func (s *Sandbox) bare(r *http.Request, as string) *pageView {
	v := &pageView{Lang: s.cfg.Lang(r.Context(), as).Known(), catalog: s.cfg.Catalog}
	v.Me = v.person(s, as)
	v.Room.ID = r.URL.Query().Get("room")
	v.Verbs = s.cfg.Verbs(as)
	now := s.cfg.Clock.Now().In(s.zone)
	v.Clock = clockView{Date: bot.FormatDate(v.Lang, now), Time: v.hour(now), Full: now.Format(time.RFC3339)}
	return v
}

// hour is the time of day as the language writes it.
func (v *pageView) hour(t time.Time) string {
	sign := "."
	if v.Lang == bot.EN {
		sign = ":"
	}
	return fmt.Sprintf("%d%s%02d", t.Hour(), sign, t.Minute())
}

func (v *pageView) person(s *Sandbox, login string) personView {
	if login == botLogin {
		return personView{Person: Person{Login: login, Name: "Luotsi"}}
	}
	p := s.people[login]
	h := fnv.New32a()
	_, _ = h.Write([]byte(login))
	return personView{
		Person: p, Initials: initials(p.Name), Tint: int(h.Sum32()%6) + 1, Current: login == v.Me.Login,
		Link: "/?" + url.Values{"as": {login}, "room": {directRoom}}.Encode(),
	}
}

func initials(name string) string {
	var out strings.Builder
	for i, word := range strings.Fields(name) {
		if i < 2 {
			first, _ := utf8.DecodeRuneInString(word)
			out.WriteRune(first)
		}
	}
	return strings.ToUpper(out.String())
}

// fill puts in what was written, and apart from it what was edited, after the change number that the window has seen. day
// is the day of the last message before that.
func (v *pageView) fill(s *Sandbox, in room, found []record, since int64, day string) {
	v.Cursor = since
	for _, m := range found {
		view := v.message(s, in, m)
		v.Cursor = max(v.Cursor, m.Rev)
		if m.Seq <= since {
			view.Replaces = true
			v.Edited = append(v.Edited, view)
			continue
		}
		if d := bot.FormatDate(v.Lang, m.At.In(s.zone)); d != day {
			view.Day, day = d, d
		}
		v.Messages = append(v.Messages, view)
		v.lastSeq = max(v.lastSeq, m.Seq)
	}
}

func (v *pageView) message(s *Sandbox, in room, m record) messageView {
	at := m.At.In(s.zone)
	return messageView{
		ID: m.ID, Author: v.person(s, m.Author), Bot: m.Author == botLogin, Mine: m.Author == v.Me.Login,
		OnlyYou: m.OnlyFor != "" && in.ID != directRoom && m.Author == botLogin, Edited: m.Edited, Refusal: m.post.Refusal,
		Time: v.hour(at), Full: at.Format(time.RFC3339), Title: m.post.Title, Blocks: blocks(m.post.Lines),
		Buttons: m.post.Buttons,
	}
}

func blocks(lines []bot.PostLine) []block {
	var out []block
	for _, l := range lines {
		if n := len(out); n > 0 && l.Kind == bot.FactLine && out[n-1].Kind == bot.FactLine {
			out[n-1].Lines = append(out[n-1].Lines, l)
			continue
		}
		out = append(out, block{Kind: l.Kind, Lines: []bot.PostLine{l}})
	}
	return out
}

func (v *pageView) side(s *Sandbox, in room, rooms []room, unread map[string]map[string]int) {
	for _, r := range rooms {
		view := v.roomView(s, r, unread[v.Me.Login][r.ID])
		view.Current = r.ID == in.ID
		if !view.Current {
			v.Elsewhere += view.Unread
		}
		v.Rooms = append(v.Rooms, view)
	}
	for _, p := range s.cfg.People {
		view := v.person(s, p.Login)
		if !view.Current {
			for _, n := range unread[p.Login] {
				view.Unread += n
			}
		}
		v.People = append(v.People, view)
	}
}

func (v *pageView) roomView(s *Sandbox, r room, unread int) roomView {
	out := roomView{
		ID: r.ID, Title: r.Name, Kind: "room", Archived: r.Archived, Unread: unread,
		Link: "/?" + url.Values{"as": {v.Me.Login}, "room": {r.ID}}.Encode(),
	}
	switch r.ID {
	case generalRoom, queueRoom, directRoom:
		out.Title, out.Kind = v.T("room."+r.ID), r.ID
	}
	for _, login := range r.Members {
		out.Members = append(out.Members, s.people[login].Name)
	}
	return out
}

// unread counts, by person and room, what others have said that the person has not had on the screen.
func (s *Sandbox) unread(ctx context.Context) (map[string]map[string]int, error) {
	var rows []struct {
		Login string `db:"login"`
		Room  string `db:"room"`
		Count int    `db:"count"`
	}
	logins := make([]string, len(s.cfg.People))
	for i, p := range s.cfg.People {
		logins[i] = p.Login
	}
	err := s.db.SelectContext(ctx, &rows, `with place as (
			select login, room from unnest(string_to_array($1, ' ')) login, unnest(array['dm', 'general']) room
			union all select login, room from sandbox.member)
		select p.login, p.room, count(*) from place p
		left join sandbox.seen s on s.login = p.login and s.room = p.room
		join sandbox.message m on m.room = p.room and m.seq > coalesce(s.seq, 0) and m.author <> p.login
			and (m.only_for = p.login or m.only_for = '' and p.room <> 'dm')
		group by p.login, p.room`, strings.Join(logins, " "))
	if err != nil {
		return nil, fmt.Errorf("counting unread messages: %w", err)
	}
	out := map[string]map[string]int{}
	for _, r := range rows {
		if out[r.Login] == nil {
			out[r.Login] = map[string]int{}
		}
		out[r.Login][r.Room] = r.Count
	}
	return out, nil
}

func (s *Sandbox) markSeen(ctx context.Context, login, room string, seq int64) error {
	_, err := s.db.ExecContext(ctx, `insert into sandbox.seen (login, room, seq) values ($1, $2, $3)
		on conflict (login, room) do update set seq = greatest(sandbox.seen.seq, excluded.seq)`, login, room, seq)
	if err != nil {
		return fmt.Errorf("marking as read: %w", err)
	}
	return nil
}
