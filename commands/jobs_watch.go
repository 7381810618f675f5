package commands

import (
	"context"
	"errors"
	"slices"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// What chats tell of the rooms, and what is told of it to those who look after the cases.

// patrolWorker has every open room looked at again and again: what a chat did not tell is found in minutes.
type patrolWorker struct {
	river.WorkerDefaults[Patrol]
	*House
}

// Work does one round; a repeated one changes nothing more.
func (w *patrolWorker) Work(ctx context.Context, _ *river.Job[Patrol]) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		rooms, err := tx.OpenRooms(ctx)
		if err != nil {
			return err
		}
		for _, r := range rooms {
			if err := tx.Enqueue(ctx, SyncRoom{CaseID: r.CaseID}, 4); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenRooms lists the platform's ids of the rooms there that are not archived.
func (h *House) OpenRooms(ctx context.Context, platform string) (rooms []string, err error) {
	err = h.Within(ctx, h.Now(), func(tx Tx) error {
		records, err := tx.OpenRooms(ctx)
		rooms = nil
		for _, r := range records {
			if r.Platform == platform {
				rooms = append(rooms, r.Room)
			}
		}
		return err
	})
	return rooms, err
}

// RoomDrifted makes a room be looked at now, because the chat said that its members, its name or its being changed.
func (h *House) RoomDrifted(ctx context.Context, platform, room string) error {
	return h.inRoomOf(ctx, platform, room, func(d *Desk) error {
		return d.Enqueue(ctx, SyncRoom{CaseID: d.Case.ID, Revision: d.Case.Revision}, 1)
	})
}

// inRoomOf runs f as the system at the case whose room it is; in a room of no case nothing is done.
func (h *House) inRoomOf(ctx context.Context, platform, room string, f func(*Desk) error) error {
	return h.Within(ctx, h.Now(), func(tx Tx) error {
		code, ok, err := tx.CodeOfRoom(ctx, platform, room)
		if err != nil || !ok {
			return err
		}
		c, err := tx.Lock(ctx, code)
		if err != nil {
			return err
		}
		d, err := h.systemDesk(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		return f(d)
	})
}

// LooksIdentity reports whether a text holds what looks like a personal identity code, and whether one in it is valid.
func (h *House) LooksIdentity(text string) (looks, valid bool) {
	return casework.LooksLikeIdentityCode(text), casework.HasIdentityCode(text)
}

// IdentitySaid tells who wrote a personal identity code in a case's room, and who leads the case, and logs that it happened:
// event, author and time only (P07). What only looks like one is told its author alone. Each call is a message of its own.
func (h *House) IdentitySaid(ctx context.Context, platform, room, user string, valid, deleted bool) error {
	return h.inRoomOf(ctx, platform, room, func(d *Desk) error {
		author, err := d.UserByAccount(ctx, platform, user)
		if err != nil && !errors.Is(err, casework.ErrNotKnown) {
			return err
		}
		if !valid {
			return d.tellOf(ctx, casework.ToldIdentityHint, author.Login)
		}
		lead := casework.ToldIdentityTold
		if deleted {
			lead = casework.ToldIdentityGone
		}
		row := roomRow(d.Case, "room.identity_code", d.At)
		row.Who, row.Unit, row.Surface, row.Allowed, row.Rule = author.Login, author.Unit, platform, false, "identity_in_text"
		if author.Login == "" {
			row.Who = platform + ":" + user
		}
		return errors.Join(d.tellOf(ctx, casework.ToldIdentity, author.Login), d.tellOf(ctx, lead, d.Case.Lead()), d.LogAccess(ctx, row))
	})
}

// tellOf tells one person, if there is one, of something that has just happened in the chat.
func (d *Desk) tellOf(ctx context.Context, kind casework.NoticeKind, login string) error {
	if login == "" {
		return nil
	}
	return d.tell(ctx, string(kind), login, d.At)
}

// tellMeddled tells who leads the case that somebody who does not belong there was in the room and was taken out. Those who
// left the team by an act were told by that act.
func (w *roomWorker) tellMeddled(ctx context.Context, c casework.Case, chat Chat, outsiders []string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		for _, user := range outsiders {
			known, err := tx.UserByAccount(ctx, chat.Name(), user)
			if err == nil && slices.Contains(c.Relations(known.Person), casework.WasMember) {
				continue
			}
			d := &Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}
			return d.tellOf(ctx, casework.ToldOutsider, c.Lead())
		}
		return nil
	})
}

// tellLead tells who leads the case something of its room.
func (w *roomWorker) tellLead(ctx context.Context, c casework.Case, kind casework.NoticeKind) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		return (&Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}).tellOf(ctx, kind, c.Lead())
	})
}

// maybeLost passes on what came of looking after a room. When Luotsi was put out of it, and when it is in again, those who can
// help are told once, and it is logged.
func (w *roomWorker) maybeLost(ctx context.Context, c casework.Case, r casework.RoomRecord, err error) error {
	lost := errors.Is(err, bot.ErrOutside)
	if lost == r.Lost || err != nil && !lost {
		return err
	}
	kind, row := casework.ToldRoomBack, roomRow(c, "room.back", w.Now())
	if lost {
		kind, row = casework.ToldRoomLost, roomRow(c, "room.lost", w.Now())
	}
	told := w.Within(ctx, w.Now(), func(tx Tx) error {
		d := &Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}
		people := []string{c.Coordinator.Login}
		if lead := c.Lead(); lead != "" && lead != c.Coordinator.Login {
			people = append(people, lead)
		}
		for _, login := range people {
			if err := d.tellOf(ctx, kind, login); err != nil {
				return err
			}
		}
		return errors.Join(tx.LoseRoom(ctx, r.Platform, r.Room, lost), tx.LogAccess(ctx, row))
	})
	return errors.Join(err, told)
}
