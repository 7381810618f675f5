package main

import (
	"database/sql"
	"strings"

	"luotsi/commands/casework"
)

// sight is a case with what is stored and shown beside it, as it is at one moment.
type sight struct {
	c         casework.Case
	rooms     []seenRoom
	waiting   map[string]casework.Item // of the agenda, by key
	delivered map[string]bool          // by key
	unsaid    int                      // notices that reached nobody yet
}

// seenRoom is a room as the chat has it.
type seenRoom struct {
	id                 string
	number             int
	archived, recorded bool // in the chat; in the store
	members            []string
}

// look looks at every case.
func (s *stroll) look() []sight {
	found := make([]sight, len(s.ids))
	for i, id := range s.ids {
		found[i] = sight{c: s.read(id), rooms: s.seenRooms(id)}
		found[i].waiting, found[i].delivered = s.agenda(id)
		s.must(s.county.owner.QueryRowContext(s.ctx(), `select count(*) from notices where case_id = $1 and done_at is null`, id).Scan(&found[i].unsaid))
	}
	return found
}

// each reads the rows of a question about a case.
func (s *stroll) each(question string, id int64, scan func(*sql.Rows) error) {
	rows, err := s.county.owner.QueryContext(s.ctx(), question, id)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		s.must(scan(rows))
	}
	s.must(rows.Err())
}

func (s *stroll) seenRooms(id int64) (rooms []seenRoom) {
	s.each(`select c.id, r.number, c.archived, r.archived, coalesce((select string_agg(m.login, ',') from sandbox.member m where m.room = c.id), '')
		from rooms r join sandbox.room c on c.id = r.room where r.case_id = $1 order by r.number`, id, func(rows *sql.Rows) error {
		var r seenRoom
		var members string
		err := rows.Scan(&r.id, &r.number, &r.archived, &r.recorded, &members)
		r.members = strings.FieldsFunc(members, func(c rune) bool { return c == ',' })
		rooms = append(rooms, r)
		return err
	})
	return rooms
}

func (s *stroll) agenda(id int64) (waiting map[string]casework.Item, delivered map[string]bool) {
	waiting, delivered = map[string]casework.Item{}, map[string]bool{}
	s.each(`select key, kind, to_whom, due, on_at, delivered_at from agenda where case_id = $1`, id, func(rows *sql.Rows) error {
		var i casework.Item
		var on, done sql.NullTime
		err := rows.Scan(&i.Key, &i.Kind, &i.To, &i.Due, &on, &done)
		i.On = on.Time
		if done.Valid {
			delivered[i.Key] = true
		} else {
			waiting[i.Key] = i
		}
		return err
	})
	return waiting, delivered
}

// belong is who must be in the open room of a case, found without the rules' own lists.
func (s *stroll) belong(c casework.Case) []string {
	in := map[string]bool{c.Coordinator.Login: true}
	for _, a := range c.Responsible {
		in[a.Person.Login] = in[a.Person.Login] || a.State == casework.AssignmentAccepted
	}
	for _, m := range c.Team {
		in[m.Person.Login] = in[m.Person.Login] || m.State == casework.MemberActive
	}
	for _, a := range c.Absences {
		in[a.Deputy.Login] = in[a.Deputy.Login] || a.State == casework.DeputyActing
	}
	var logins []string
	for login, yes := range in {
		if p := s.personOf(login); yes && !p.Guest && c.Consent().Informs(p) {
			logins = append(logins, login)
		}
	}
	return s.still(logins)
}
