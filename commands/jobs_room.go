package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
			if err := tx.Delivered(ctx, n.ID, "", ""); err != nil {
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
	chat, err := w.chat(r.Platform)
	if err != nil {
		return err
	}
	members, err := chat.Members(ctx, r.Room)
	if errors.Is(err, bot.ErrGone) {
		return w.saveRoom(ctx, r, true)
	}
	if err != nil {
		return w.maybeLost(ctx, c, r, err)
	}
	if err := w.remove(ctx, c, chat, r.Room, members); err != nil {
		return w.maybeLost(ctx, c, r, err)
	}
	if err := chat.Archive(ctx, r.Room); err != nil && !errors.Is(err, bot.ErrGone) {
		return err
	}
	return w.saveRoom(ctx, r, true)
}

// remove takes people out, all that it can even when one call fails, and logs each.
func (w *roomWorker) remove(ctx context.Context, c casework.Case, chat Chat, room string, users []string) error {
	var failed error
	for _, user := range users {
		err := chat.Remove(ctx, room, user)
		if err == nil {
			err = w.logRoom(ctx, c, "room.remove")
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

func (w *roomWorker) logRoom(ctx context.Context, c casework.Case, action string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error { return tx.LogAccess(ctx, roomRow(c, action, w.Now())) })
}

func roomRow(c casework.Case, action string, at time.Time) casework.AccessRow {
	return casework.AccessRow{
		At: at, Who: casework.System, Action: action, CaseID: c.ID, Code: string(c.Code), Fields: "room", Purpose: "team_convening",
		Surface: "job", Allowed: true,
	}
}

// keepRoom makes the open room hold exactly whom it should and bear its own name, opening it if there is none. One that
// somebody closed in the chat is emptied and another opened in its place.
func (w *roomWorker) keepRoom(ctx context.Context, c casework.Case, want casework.Room, rooms []casework.RoomRecord) error {
	i := slices.IndexFunc(rooms, func(r casework.RoomRecord) bool { return r.Number == want.Number && !r.Archived })
	if i < 0 {
		r, err := w.openRoom(ctx, c, want.Number, rooms)
		if err != nil || r.Archived {
			return err
		}
		return w.fill(ctx, c, want, r)
	}
	r := rooms[i]
	chat, err := w.chat(r.Platform)
	if err != nil {
		return err
	}
	err = chat.Restore(ctx, r.Room, roomName(c, r.Number, before(rooms, r)))
	if errors.Is(err, bot.ErrGone) {
		if err := errors.Join(w.closeRoom(ctx, c, r), w.tellLead(ctx, c, casework.ToldRoomAgain)); err != nil {
			return err
		}
		rooms[i].Archived = true
		return w.keepRoom(ctx, c, want, rooms)
	}
	if err != nil {
		return w.maybeLost(ctx, c, r, err)
	}
	return w.maybeLost(ctx, c, r, w.fill(ctx, c, want, r))
}

// before counts the rooms with the same number that the case had before the record.
func before(rooms []casework.RoomRecord, r casework.RoomRecord) (n int) {
	for _, other := range rooms {
		if other.Room == r.Room {
			return n
		}
		if other.Number == r.Number {
			n++
		}
	}
	return n
}

// fill makes a room hold whom it should, outsiders out first, and says there what is to be said.
func (w *roomWorker) fill(ctx context.Context, c casework.Case, want casework.Room, r casework.RoomRecord) error {
	chat, err := w.chat(r.Platform)
	if err != nil {
		return err
	}
	users, err := w.accounts(ctx, chat, want.Members)
	if err != nil {
		return err
	}
	have, err := chat.Members(ctx, r.Room)
	if err != nil {
		return err
	}
	outsiders := slices.DeleteFunc(slices.Clone(have), func(u string) bool { return slices.Contains(users, u) })
	if err := w.remove(ctx, c, chat, r.Room, outsiders); err != nil {
		return err
	}
	if err := w.tellMeddled(ctx, c, chat, outsiders); err != nil {
		return err
	}
	for _, user := range users {
		if slices.Contains(have, user) {
			continue
		}
		if err := chat.Invite(ctx, r.Room, user); err != nil && !errors.Is(err, bot.ErrGone) {
			return err
		}
	}
	return w.sayInRoom(ctx, c, chat, r.Room)
}

// roomName is neutral: the code, a number when the case had a room before (P01), and a letter when one of the same number was
// closed in the chat or its name was taken there.
func roomName(c casework.Case, number, again int) string {
	name := "luotsi-" + strings.ToLower(string(c.Code))
	if number > 1 {
		name += fmt.Sprintf("-%d", number)
	}
	if again > 0 {
		name += "-" + string(rune('a'+again%26))
	}
	return name
}

func (w *roomWorker) openRoom(ctx context.Context, c casework.Case, number int, rooms []casework.RoomRecord) (casework.RoomRecord, error) {
	chat := w.Chats[0]
	again := before(rooms, casework.RoomRecord{Number: number})
	room, err := chat.OpenRoom(ctx, roomName(c, number, again))
	if errors.Is(err, bot.ErrPermanent) { // perhaps somebody who knew the code has taken the name
		room, err = chat.OpenRoom(ctx, roomName(c, number, again+1))
	}
	if err != nil {
		return casework.RoomRecord{}, err
	}
	r := casework.RoomRecord{CaseID: c.ID, Number: number, Platform: chat.Name(), Room: room}
	err = w.saveRoom(ctx, r, false)
	var ended *casework.Refusal
	if errors.As(err, &ended) { // the consent ended in this very moment: the empty room is closed, and known to be
		r.Archived = true
		return r, errors.Join(chat.Archive(ctx, room), w.saveRoom(ctx, r, true))
	}
	if err != nil {
		return r, err
	}
	return r, w.logRoom(ctx, c, "room.open")
}

func (w *roomWorker) saveRoom(ctx context.Context, r casework.RoomRecord, archived bool) error {
	r.Archived = archived
	r.Lost = r.Lost && !archived
	return w.Within(ctx, w.Now(), func(tx Tx) error { return tx.SaveRoom(ctx, r) })
}

// accounts finds the platform's users of the logins; who has no account there is left out.
func (w *roomWorker) accounts(ctx context.Context, chat Chat, logins []string) (users []string, err error) {
	err = w.Within(ctx, w.Now(), func(tx Tx) error {
		users = users[:0]
		for _, login := range logins {
			user, err := tx.AccountOf(ctx, login, chat.Name())
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

// sayInRoom says what is to be said in the room, in the order it arose. The room's language is the house's.
func (w *roomWorker) sayInRoom(ctx context.Context, c casework.Case, chat Chat, room string) error {
	var waiting []casework.OutNotice
	err := w.Within(ctx, w.Now(), func(tx Tx) (err error) {
		waiting, err = tx.RoomNotices(ctx, c.ID)
		return err
	})
	if err != nil {
		return err
	}
	for _, n := range waiting {
		post, err := w.Catalog.SayMessage(w.Lang, w.noticeMessage(n, c), "", w.Now(), w.Tickets)
		if err != nil {
			return err
		}
		message, err := chat.Post(ctx, room, fmt.Sprintf("n%d", n.ID), post)
		if err != nil {
			return err
		}
		if err := w.delivered(ctx, n.ID, chat.Name(), message); err != nil {
			return err
		}
	}
	return nil
}

// delivered marks a notice done; an empty message means that it was no longer right, or reached nobody.
func (h *House) delivered(ctx context.Context, id int64, platform, message string) error {
	return h.Within(ctx, h.Now(), func(tx Tx) error { return tx.Delivered(ctx, id, platform, message) })
}
