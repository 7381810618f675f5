package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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
		for _, chat := range w.Chats {
			if chat.QueueReady == nil {
				continue
			}
			if err := tx.Enqueue(ctx, KeepQueue{Platform: chat.Name()}, 4); err != nil {
				return err
			}
		}
		return lookAtRooms(ctx, tx, func(casework.RoomRecord) bool { return true })
	})
}

// lookAtRooms has the open rooms looked at that it is to be, each once: not those that somebody is about to look at anyhow.
func lookAtRooms(ctx context.Context, tx Tx, which func(casework.RoomRecord) bool) error {
	rooms, err := tx.OpenRooms(ctx)
	if err != nil {
		return err
	}
	waiting, err := tx.Waiting(ctx, SyncRoom{}.Kind())
	if err != nil {
		return err
	}
	for _, r := range rooms {
		if !which(r) || slices.Contains(waiting, r.CaseID) {
			continue
		}
		if err := tx.Enqueue(ctx, SyncRoom{CaseID: r.CaseID}, 4); err != nil {
			return err
		}
		waiting = append(waiting, r.CaseID)
	}
	return nil
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

// RoomDrifted makes a room be looked at now, because the chat said that its members, its name or its being changed. It may be the
// coordinators' room.
func (h *House) RoomDrifted(ctx context.Context, platform, room string) error {
	chat, err := h.chat(platform)
	if err != nil {
		return err
	}
	if queue, err := chat.Queue(); err == nil && queue == room {
		return h.Within(ctx, h.Now(), func(tx Tx) error { return tx.Enqueue(ctx, KeepQueue{Platform: platform}, 1) })
	}
	return h.inRoomOf(ctx, platform, room, func(d *Desk) error {
		return d.Enqueue(ctx, SyncRoom{CaseID: d.Case.ID, Revision: d.Case.Revision}, 1)
	})
}

// RoomsDrifted makes all open rooms of a chat be looked at, because it may have told nobody what happened there: no sooner than anything
// that somebody waits for. What waits for the chat, which is back, is tried at once.
func (h *House) RoomsDrifted(ctx context.Context, platform string) error {
	err := h.Within(ctx, h.Now(), func(tx Tx) error {
		return lookAtRooms(ctx, tx, func(r casework.RoomRecord) bool { return r.Platform == platform })
	})
	if err == nil && h.Back != nil {
		err = h.Back(ctx)
	}
	return err
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

// IdentitySaid tells who wrote a personal identity code where Luotsi hears it, and who leads the case if it was in a case's room,
// and logs that it happened: event, author and time only (P07). What only looks like one is told its author alone. said is the message
// as it is now, its id and when it was edited: a repeated call for the same goes on where the first one failed, and changes nothing more.
func (h *House) IdentitySaid(ctx context.Context, platform, room, user, said string, valid, deleted bool) error {
	inCase, said := false, "identity: "+platform+" "+said
	err := h.inRoomOf(ctx, platform, room, func(d *Desk) error {
		inCase = true
		first, err := d.Spend(ctx, said, d.At.Add(saidFor))
		if err != nil || !first {
			return err
		}
		return d.identitySaid(ctx, platform, user, valid, deleted)
	})
	if err != nil || inCase {
		return err
	}
	return h.identityElsewhere(ctx, platform, user, said, valid)
}

// saidFor is how long it is known that an identity code was told of: longer than chats look back.
const saidFor = 48 * time.Hour

func (d *Desk) identitySaid(ctx context.Context, platform, user string, valid, deleted bool) error {
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
	row := doneBy(against(roomRow(d.Case, "room.identity_code", d.At), "identity_in_text"), platform, user, author)
	return errors.Join(d.tellOf(ctx, casework.ToldIdentity, author.Login), d.tellOf(ctx, lead, d.Case.Nearest()), d.LogAccess(ctx, row))
}

// against is the row of what a rule forbids.
func against(row casework.AccessRow, rule string) casework.AccessRow {
	row.Allowed, row.Rule = false, rule
	return row
}

// doneBy is the row of what somebody did in a chat, whom perhaps nobody knows.
func doneBy(row casework.AccessRow, platform, user string, known casework.User) casework.AccessRow {
	row.Who, row.Unit, row.Surface = known.Login, known.Unit, platform
	if known.Login == "" {
		row.Who = platform + ":" + user
	}
	return row
}

// identityElsewhere tells the author of a message that is about no case: in the coordinators' room or to Luotsi alone. Whom the chat
// cannot tell for good, because the account is closed, is told nothing.
func (h *House) identityElsewhere(ctx context.Context, platform, user, said string, valid bool) error {
	chat, err := h.chat(platform)
	if err != nil {
		return err
	}
	lang, at := h.Lang, h.Now()
	err = h.Within(ctx, at, func(tx Tx) error {
		author, err := tx.UserByAccount(ctx, platform, user)
		if err != nil && !errors.Is(err, casework.ErrNotKnown) {
			return err
		}
		if author.Login != "" {
			lang = bot.Lang(author.Lang).Known()
		}
		first, err := tx.Spend(ctx, said, at.Add(saidFor))
		if err != nil || !first || !valid {
			return err
		}
		row := against(roomRow(casework.Case{}, "room.identity_code", at), "identity_in_text")
		return tx.LogAccess(ctx, doneBy(row, platform, user, author))
	})
	if err != nil {
		return err
	}
	post, err := h.Catalog.SayMessage(lang, bot.Say(bot.T("warn.identity_elsewhere")), "", at, h.Tickets)
	if err != nil {
		return err
	}
	_, err = chat.Direct(ctx, user, said, post)
	if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrPermanent) {
		return outcome(ctx, "identity", 0, err)
	}
	return err
}

// AccountChanged follows at once what a chat told of somebody's account: that it was closed, or opened again.
func (h *House) AccountChanged(ctx context.Context, platform, user string) error {
	var login string
	err := h.Within(ctx, h.Now(), func(tx Tx) error {
		u, err := tx.UserByAccount(ctx, platform, user)
		login = u.Login
		return err
	})
	if err != nil || login == "" { // nobody's, or closed already: opening again is followed within the hour
		if errors.Is(err, casework.ErrNotKnown) {
			return nil
		}
		return err
	}
	return h.Within(ctx, h.Now(), func(tx Tx) error { return tx.Enqueue(ctx, Follow{Login: login}, 2) })
}

// tellOf tells one person, if there is one, of something that has just happened in the chat.
func (d *Desk) tellOf(ctx context.Context, kind casework.NoticeKind, login string) error {
	if login == "" {
		return nil
	}
	return d.tell(ctx, string(kind), login, d.At)
}

// tellNotLetIn tells who leads the case that the chat does not let a member of the team in.
func (w *roomWorker) tellNotLetIn(ctx context.Context, c casework.Case, room, who string) error {
	return w.tellLead(ctx, c, casework.ToldNotLetIn, "not let in: "+room+" "+who)
}

// tellNoRoom tells who leads the case that the chat refuses to open a room for it.
func (w *roomWorker) tellNoRoom(ctx context.Context, c casework.Case) error {
	return w.tellLead(ctx, c, casework.ToldNoRoom, fmt.Sprintf("no room: %d", c.ID))
}

// tellLead tells who leads the case something of its room that every look finds anew: once a month for the same thing.
func (w *roomWorker) tellLead(ctx context.Context, c casework.Case, kind casework.NoticeKind, thing string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		first, err := tx.Spend(ctx, thing, w.Now().Add(toldFor))
		if err != nil || !first {
			return err
		}
		return (&Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}).tellOf(ctx, kind, c.Nearest())
	})
}

// toldFor is how long something told once about a room is not told again.
const toldFor = 30 * 24 * time.Hour

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
		for _, login := range leadersOf(c) {
			if err := d.tellOf(ctx, kind, login); err != nil {
				return err
			}
		}
		return errors.Join(tx.LoseRoom(ctx, r.Platform, r.Room, lost), tx.LogAccess(ctx, row))
	})
	return errors.Join(err, told)
}
