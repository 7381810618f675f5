package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// roomWorker makes a case's rooms what Roster says: removals first, then the room itself, invitations, what is to be said
// there, and last the archiving. It looks at how things are, not at what happened: a lost event, a crash or somebody's
// meddling is put right by the next run.
type roomWorker struct {
	river.WorkerDefaults[SyncRoom]
	*House
}

// Work does one job; a repeated one changes nothing more.
func (w *roomWorker) Work(ctx context.Context, job *river.Job[SyncRoom]) error {
	return w.alone(ctx, job.Args.CaseID, "room", job.ID, func() error {
		return outcome(ctx, "sync_room", job.Args.CaseID, w.sync(ctx, job.Args.CaseID))
	})
}

// sync looks once and puts right what differs.
func (w *roomWorker) sync(ctx context.Context, caseID int64) error {
	c, rooms, err := w.look(ctx, caseID)
	if err != nil {
		return err
	}
	want := casework.Roster(c, w.Now())
	var failed error
	for _, r := range rooms {
		if r.Archived || want.Open && r.Number == want.Number {
			continue
		}
		failed = errors.Join(failed, w.closeRoom(ctx, c, r))
	}
	if want.Open {
		failed = errors.Join(failed, w.keepRoom(ctx, c, want, rooms))
	} else if failed == nil {
		failed = w.dropUnsaid(ctx, c)
	}
	return failed
}

// dropUnsaid gives up what was still to be said in a room that is no more.
func (w *roomWorker) dropUnsaid(ctx context.Context, c casework.Case) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		waiting, err := tx.RoomNotices(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, n := range waiting {
			if err := tx.Delivered(ctx, n.ID, w.Platform.Name(), ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *roomWorker) look(ctx context.Context, caseID int64) (c casework.Case, rooms []casework.RoomRecord, err error) {
	err = w.Within(ctx, w.Now(), func(tx Tx) error {
		if c, err = tx.Read(ctx, caseID); err != nil {
			return err
		}
		rooms, err = tx.Rooms(ctx, caseID)
		return err
	})
	return c, rooms, err
}

// closeRoom empties a room that should no longer be, and archives it when nobody is left.
func (w *roomWorker) closeRoom(ctx context.Context, c casework.Case, r casework.RoomRecord) error {
	members, err := w.Platform.Members(ctx, r.Room)
	if errors.Is(err, bot.ErrGone) {
		return w.saveRoom(ctx, c, r, true)
	}
	if err != nil {
		return err
	}
	if err := w.remove(ctx, c, r.Room, members); err != nil {
		return err
	}
	if err := w.Platform.Archive(ctx, r.Room); err != nil && !errors.Is(err, bot.ErrGone) {
		return err
	}
	return w.saveRoom(ctx, c, r, true)
}

// remove takes people out, all that it can even when one call fails, and logs each.
func (w *roomWorker) remove(ctx context.Context, c casework.Case, room string, users []string) error {
	var failed error
	for _, user := range users {
		err := w.Platform.Remove(ctx, room, user)
		if err == nil {
			err = w.logRoom(ctx, c, "room.remove")
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (w *roomWorker) logRoom(ctx context.Context, c casework.Case, action string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		return tx.LogAccess(ctx, casework.AccessRow{
			At: w.Now(), Who: casework.System, Action: action, CaseID: c.ID, Code: string(c.Code), Fields: "room", Purpose: "team_convening",
			Surface: "job", Allowed: true,
		})
	})
}

// keepRoom makes the open room hold exactly whom it should, opening it if there is none.
func (w *roomWorker) keepRoom(ctx context.Context, c casework.Case, want casework.Room, rooms []casework.RoomRecord) error {
	users, err := w.accounts(ctx, want.Members)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rooms, func(r casework.RoomRecord) bool { return r.Number == want.Number })
	if i < 0 {
		r, err := w.openRoom(ctx, c, want.Number)
		if err != nil || r.Archived {
			return err
		}
		rooms, i = append(rooms, r), len(rooms)
	}
	room := rooms[i].Room
	have, err := w.Platform.Members(ctx, room)
	if err != nil {
		return err
	}
	outsiders := slices.DeleteFunc(slices.Clone(have), func(u string) bool { return slices.Contains(users, u) })
	if err := w.remove(ctx, c, room, outsiders); err != nil {
		return err
	}
	if err := w.tellMeddled(ctx, c, outsiders); err != nil {
		return err
	}
	for _, user := range users {
		if slices.Contains(have, user) {
			continue
		}
		if err := w.Platform.Invite(ctx, room, user); err != nil && !errors.Is(err, bot.ErrGone) {
			return err
		}
	}
	return w.sayInRoom(ctx, c, room)
}

// roomName is neutral: the code, and a number when the case had a room before (P01).
func roomName(c casework.Case, number int) string {
	name := "luotsi-" + strings.ToLower(string(c.Code))
	if number > 1 {
		name += fmt.Sprintf("-%d", number)
	}
	return name
}

func (w *roomWorker) openRoom(ctx context.Context, c casework.Case, number int) (casework.RoomRecord, error) {
	room, err := w.Platform.OpenRoom(ctx, roomName(c, number))
	if err != nil {
		return casework.RoomRecord{}, err
	}
	r := casework.RoomRecord{CaseID: c.ID, Number: number, Platform: w.Platform.Name(), Room: room}
	err = w.saveRoom(ctx, c, r, false)
	var ended *casework.Refusal
	if errors.As(err, &ended) { // the consent ended in this very moment: the empty room is closed, and known to be
		r.Archived = true
		return r, errors.Join(w.Platform.Archive(ctx, room), w.saveRoom(ctx, c, r, true))
	}
	if err != nil {
		return r, err
	}
	return r, w.logRoom(ctx, c, "room.open")
}

func (w *roomWorker) saveRoom(ctx context.Context, _ casework.Case, r casework.RoomRecord, archived bool) error {
	r.Archived = archived
	return w.Within(ctx, w.Now(), func(tx Tx) error { return tx.SaveRoom(ctx, r) })
}

// accounts finds the platform's users of the logins; who has no account there is left out.
func (w *roomWorker) accounts(ctx context.Context, logins []string) (users []string, err error) {
	err = w.Within(ctx, w.Now(), func(tx Tx) error {
		users = users[:0]
		for _, login := range logins {
			user, err := tx.AccountOf(ctx, login, w.Platform.Name())
			if errors.Is(err, casework.ErrNotKnown) {
				continue
			}
			if err != nil {
				return err
			}
			users = append(users, user)
		}
		return nil
	})
	return users, err
}

// tellMeddled tells who leads the case that somebody who does not belong there was in the room and was taken out. Those who
// left the team by an act were told by that act.
func (w *roomWorker) tellMeddled(ctx context.Context, c casework.Case, outsiders []string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		for _, user := range outsiders {
			known, err := tx.UserByAccount(ctx, w.Platform.Name(), user)
			if err == nil && slices.Contains(c.Relations(known.Person), casework.WasMember) {
				continue
			}
			d := &Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}
			return d.tell(ctx, string(casework.ToldOutsider), c.Lead(), w.Now())
		}
		return nil
	})
}

// sayInRoom says what is to be said in the room, in the order it arose. The room's language is the house's.
func (w *roomWorker) sayInRoom(ctx context.Context, c casework.Case, room string) error {
	var waiting []casework.OutNotice
	err := w.Within(ctx, w.Now(), func(tx Tx) (err error) {
		waiting, err = tx.RoomNotices(ctx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range waiting {
		post, err := w.Catalog.SayMessage(bot.FI, w.noticeMessage(n, c), "", w.Now(), w.Tickets)
		if err != nil {
			return err
		}
		message, err := w.Platform.Post(ctx, room, fmt.Sprintf("n%d", n.ID), post)
		if err != nil {
			return err
		}
		if err := w.delivered(ctx, n.ID, message); err != nil {
			return err
		}
	}
	return nil
}

// delivered marks a notice done; an empty message means that it was no longer right.
func (h *House) delivered(ctx context.Context, id int64, message string) error {
	return h.Within(ctx, h.Now(), func(tx Tx) error { return tx.Delivered(ctx, id, h.Platform.Name(), message) })
}
