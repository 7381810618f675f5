package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"luotsi/commands/casework"
)

type roomRow struct {
	Platform string `db:"platform"`
	Room     string `db:"room"`
	CaseID   int64  `db:"case_id"`
	Number   int    `db:"number"`
	Archived bool   `db:"archived"`
	Lost     bool   `db:"lost"`
	Name     string `db:"name"`
}

// Rooms lists the rooms a case ever had, oldest first.
func (t *Tx) Rooms(ctx context.Context, caseID int64) ([]casework.RoomRecord, error) {
	return t.rooms(ctx, "where case_id = $1 order by id", caseID)
}

// OpenRooms lists every room that is not known to be archived, of all cases.
func (t *Tx) OpenRooms(ctx context.Context) ([]casework.RoomRecord, error) {
	return t.rooms(ctx, "where not archived order by id")
}

func (t *Tx) rooms(ctx context.Context, rest string, args ...any) ([]casework.RoomRecord, error) {
	rows, err := rowsOf[roomRow](ctx, t, "rooms", rest, args...)
	rooms := make([]casework.RoomRecord, len(rows))
	for i, r := range rows {
		rooms[i] = casework.RoomRecord{CaseID: r.CaseID, Number: r.Number, Platform: r.Platform, Room: r.Room, Archived: r.Archived, Lost: r.Lost, Name: r.Name}
	}
	return rooms, err
}

// SaveRoom stores what is known of a room. A room is one by its platform and the platform's id: a repeated call replaces
// what was known of it. An open room of a case whose consent does not hold (any more) is refused by casework.NoConsent, and
// with it the transaction: such a room must be closed first and then recorded as archived, so that it is not forgotten.
func (t *Tx) SaveRoom(ctx context.Context, r casework.RoomRecord) error {
	err := put(ctx, t, "rooms", 2, roomRow{
		CaseID: r.CaseID, Number: r.Number, Platform: r.Platform, Room: r.Room, Archived: r.Archived, Lost: r.Lost, Name: r.Name,
	})
	var refused *pq.Error
	if errors.As(err, &refused) && refused.Constraint == "room_needs_consent" {
		return fmt.Errorf("record room: %w", &casework.Refusal{Rule: casework.NoConsent})
	}
	return err
}

// LoseRoom notes that Luotsi was put out of a room, or is in it again. A repeated call changes nothing; casework.ErrNotKnown when
// there is no such room.
func (t *Tx) LoseRoom(ctx context.Context, platform, room string, lost bool) error {
	return t.touchOne(ctx, "note lost room", `update rooms set lost = $3 where platform = $1 and room = $2`, platform, room, lost)
}

// Lease takes the sole right to do a piece of work for a case until the instant (of the machine's clock). ok is false while
// another holds it; that one then finds, when releasing, that somebody came. The holder may lease again.
func (t *Tx) Lease(ctx context.Context, caseID int64, work, holder string, until time.Time) (ok bool, err error) {
	err = t.db.GetContext(ctx, &ok, `insert into leases as l (case_id, work, holder, until, again) values ($1, $2, $3, $4, false)
		on conflict (case_id, work) do update set
			again  = l.holder <> excluded.holder and l.until > $5,
			holder = case when l.holder = excluded.holder or l.until <= $5 then excluded.holder else l.holder end,
			until  = case when l.holder = excluded.holder or l.until <= $5 then excluded.until else l.until end
		returning holder = $3`, caseID, work, holder, instant(until), instant(time.Now()))
	if err != nil {
		return false, fmt.Errorf("lease %s: %w", work, err)
	}
	return ok, nil
}

// Release gives the right back, unless somebody came meanwhile: then again is true and the lease is kept, to look once more.
// Releasing what one does not hold changes nothing.
func (t *Tx) Release(ctx context.Context, caseID int64, work, holder string) (again bool, err error) {
	// In this order: who leaves word between the two statements is waited for by the first, or finds no lease and does the work.
	done, err := t.db.ExecContext(ctx, `delete from leases where case_id = $1 and work = $2 and holder = $3 and not again`, caseID, work, holder)
	if err != nil {
		return false, fmt.Errorf("release %s: %w", work, err)
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return false, err
	}
	done, err = t.db.ExecContext(ctx, `update leases set again = false where case_id = $1 and work = $2 and holder = $3`, caseID, work, holder)
	if err != nil {
		return false, fmt.Errorf("release %s: %w", work, err)
	}
	n, err := done.RowsAffected()
	return n > 0, err
}

type cardRow struct {
	CaseID   int64  `db:"case_id"`
	Platform string `db:"platform"`
	Room     string `db:"room"`
	Message  string `db:"message"`
}

// Card finds the message that shows a case in the coordinators' room; ok is false when there is none yet.
func (t *Tx) Card(ctx context.Context, caseID int64, platform string) (room, message string, ok bool, err error) {
	rows, err := rowsOf[cardRow](ctx, t, "cards", "where case_id = $1 and platform = $2", caseID, platform)
	if err != nil || len(rows) == 0 {
		return "", "", false, err
	}
	return rows[0].Room, rows[0].Message, true, nil
}

// SaveCard stores which message shows a case; a repeated call replaces it.
func (t *Tx) SaveCard(ctx context.Context, caseID int64, platform, room, message string) error {
	return put(ctx, t, "cards", 2, cardRow{CaseID: caseID, Platform: platform, Room: room, Message: message})
}

// LoseQueue notes that Luotsi cannot use a platform's coordinators' room. news is false when that was known: a repeated call changes
// nothing.
func (t *Tx) LoseQueue(ctx context.Context, platform string) (news bool, err error) {
	return t.changes(ctx, "note lost queue", `insert into lost_queues (platform, since) values ($1, $2) on conflict do nothing`, platform, instant(t.at))
}

// FindQueue notes that it can be used again. news is false when it was not lost.
func (t *Tx) FindQueue(ctx context.Context, platform string) (news bool, err error) {
	return t.changes(ctx, "note found queue", `delete from lost_queues where platform = $1`, platform)
}

// LostQueues lists the platforms whose coordinators' room Luotsi cannot use.
func (t *Tx) LostQueues(ctx context.Context) (platforms []string, err error) {
	if err := t.db.SelectContext(ctx, &platforms, `select platform from lost_queues order by platform`); err != nil {
		return nil, fmt.Errorf("list lost queues: %w", err)
	}
	return platforms, nil
}

func (t *Tx) changes(ctx context.Context, doing, query string, args ...any) (some bool, err error) {
	done, err := t.db.ExecContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("%s: %w", doing, err)
	}
	n, err := done.RowsAffected()
	return n > 0, err
}
