package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Who is in a room without belonging there: those who came, and those whom the chat does not let Luotsi take out.

// Came takes note of who came or was put into a case's room, and has the room looked at. Who does not belong there is in the log, and
// who leads the case is told, also when that person has gone again before anybody looks: to come in is to read all that was said. Each
// call is a visit.
func (h *House) Came(ctx context.Context, platform, room, user string) error {
	return h.inRoomOf(ctx, platform, room, func(d *Desk) error {
		if err := d.Enqueue(ctx, SyncRoom{CaseID: d.Case.ID, Revision: d.Case.Revision}, 1); err != nil {
			return err
		}
		who, err := d.UserByAccount(ctx, platform, user)
		if err != nil && !errors.Is(err, casework.ErrNotKnown) {
			return err
		}
		if who.Login != "" && slices.Contains(casework.Roster(d.Case, d.At).Members, who.Login) {
			return nil
		}
		row := doneBy(against(roomRow(d.Case, "room.outsider", d.At), "not_in_team"), platform, user, who)
		if err := d.LogAccess(ctx, row); err != nil {
			return err
		}
		return d.tellOutsider(ctx, room, user, false)
	})
}

// visit is how long it is not told again that the same person, whom nobody took out meanwhile, came.
const visit = 10 * time.Minute

// lateWord is how long after the taking out a chat may still tell of the coming.
const lateWord = 10 * time.Second

// tellOutsider tells who leads the case that somebody who does not belong in the room was there, once for each visit: at the coming, or at
// the taking out, which ends the visit, whichever Luotsi hears of first. The case is locked.
func (d *Desk) tellOutsider(ctx context.Context, room, user string, out bool) error {
	of := room + " " + user
	mine, other, holds := "outsider: "+of, "outsider taken out: "+of, visit
	if out {
		mine, other, holds = other, mine, lateWord
	}
	untold, err := d.Spend(ctx, other, d.At.Add(visit))
	if err == nil {
		err = d.Unspend(ctx, other)
	}
	if err != nil || !untold {
		return err
	}
	first, err := d.Spend(ctx, mine, d.At.Add(holds))
	if err != nil || !first && !out {
		return err
	}
	return d.tellOf(ctx, casework.ToldOutsider, d.Case.Nearest())
}

// partingKnown is how long it is known that somebody who left the team was taken out of its room: longer than any consent holds.
const partingKnown = 5 * 365 * 24 * time.Hour

// parted reports whether this is the first time the person is taken out since leaving the team by an act, which told of it. Who is put
// into the room again after that is an outsider.
func (d *Desk) parted(ctx context.Context, login string) (first bool, err error) {
	left := d.Case.LeftTeam(login)
	if left.IsZero() {
		return false, nil
	}
	return d.Spend(ctx, fmt.Sprintf("parted: %d %s %d", d.Case.ID, login, left.Unix()), d.At.Add(partingKnown))
}

// stuckFor is how long it is not told again that the chat keeps people in a room.
const stuckFor = 24 * time.Hour

// maybeStuck passes on what came of taking people out of a room, or of closing it. When the chat does not let Luotsi do it, those who can
// do it by hand are told, once a day while it lasts, and it is logged: who leads the case, or led it until its consent ended, and its
// coordinator, and when nobody should be in the room any more, also the supervisors. The patrol goes on trying.
func (w *roomWorker) maybeStuck(ctx context.Context, c casework.Case, r casework.RoomRecord, err error) error {
	if !errors.Is(err, bot.ErrPermanent) {
		return err
	}
	told := w.Within(ctx, w.Now(), func(tx Tx) error {
		first, err := tx.Spend(ctx, "not taken out: "+r.Room, w.Now().Add(stuckFor))
		if err != nil || !first {
			return err
		}
		people := leadersOf(c)
		if !casework.Roster(c, w.Now()).Open {
			people = append(people, casework.ToSupervisors)
		}
		for _, a := range c.Responsible { // who led the case until its consent ended is still in the room too
			if slices.Contains(c.Relations(a.Person), casework.WasResponsible) {
				people = append(people, a.Person.Login)
			}
		}
		d := &Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}
		for _, who := range people {
			if err := d.tellOf(ctx, casework.ToldNotTakenOut, who); err != nil {
				return err
			}
		}
		return tx.LogAccess(ctx, against(roomRow(c, "room.remove", w.Now()), "chat_refuses"))
	})
	return errors.Join(err, told)
}

// leadersOf are the coordinator of a case and who leads it, each once.
func leadersOf(c casework.Case) []string {
	people := []string{c.Coordinator.Login}
	if lead := c.Nearest(); lead != "" && lead != c.Coordinator.Login {
		people = append(people, lead)
	}
	return people
}
