package commands

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
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
		failed = worst(ctx, failed, w.closeRoom(ctx, c, r, ""))
	}
	if want.Open {
		failed = worst(ctx, failed, w.keepRoom(ctx, c, want, rooms))
	} else if failed == nil {
		failed = w.dropUnsaid(ctx, c)
	}
	return failed
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

// keepRoom makes the open room hold exactly whom it should and bear its own name, opening it if there is none. Outsiders go
// first, whatever else fails. One that somebody closed in the chat is emptied and another opened in its place.
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
	filled := w.fill(ctx, c, want, r)
	if errors.Is(filled, bot.ErrOutside) {
		return w.maybeLost(ctx, c, r, filled)
	}
	changed, restored := w.restore(ctx, c, chat, &r)
	if errors.Is(restored, bot.ErrGone) {
		if err := w.closeRoom(ctx, c, r, casework.ToldRoomAgain); err != nil {
			return err
		}
		rooms[i].Archived = true
		return w.keepRoom(ctx, c, want, rooms)
	}
	if changed && restored == nil {
		restored = w.logRoom(ctx, c, "room.restore")
	}
	return w.maybeLost(ctx, c, r, worst(ctx, filled, restored))
}

// restore gives a room its name back. If somebody gave that one to another room meanwhile, it gets another one as neutral: the name that
// it was given instead may say anything.
func (w *roomWorker) restore(ctx context.Context, c casework.Case, chat Chat, r *casework.RoomRecord) (changed bool, err error) {
	if r.Name == "" {
		r.Name = roomName(c, r.Number, 0)
	}
	changed, err = chat.Restore(ctx, r.Room, r.Name)
	if !errors.Is(err, bot.ErrPermanent) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrOutside) {
		return changed, err
	}
	another := roomName(c, r.Number, 0) + "-" + strings.ToLower(rand.Text()[:6])
	if changed, err = chat.Restore(ctx, r.Room, another); err == nil {
		r.Name = another
		err = w.saveRoom(ctx, *r, false)
	}
	return changed, err
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

// fill makes a room hold whom it should, outsiders out first, and says there what is to be said. As long as an outsider is in,
// nobody else comes and nothing is said.
func (w *roomWorker) fill(ctx context.Context, c casework.Case, want casework.Room, r casework.RoomRecord) error {
	chat, err := w.chat(r.Platform)
	if err != nil {
		return err
	}
	users, err := w.accounts(ctx, c, chat, r.Room, want.Members)
	if err != nil {
		return err
	}
	have, err := chat.Members(ctx, r.Room)
	if err != nil {
		return err
	}
	outsiders := slices.DeleteFunc(slices.Clone(have), func(u string) bool { return slices.Contains(users, u) })
	if err := w.remove(ctx, c, chat, r, outsiders); err != nil {
		return err
	}
	var failed error
	for _, user := range users {
		if slices.Contains(have, user) {
			continue
		}
		err := chat.Invite(ctx, r.Room, user)
		if errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrPermanent) {
			slog.ErrorContext(ctx, "somebody cannot be let into a room", "case_id", c.ID, "cause", err)
			err = w.tellNotLetIn(ctx, c, r.Room, user)
		}
		failed = worst(ctx, failed, err)
	}
	return worst(ctx, failed, w.sayInRoom(ctx, c, chat, r.Room))
}

// roomName is neutral: the code, a number when the case had a room before (P01), and a letter when one of the same number was
// closed in the chat.
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
	name := roomName(c, number, again)
	room, err := chat.OpenRoom(ctx, name)
	if errors.Is(err, bot.ErrPermanent) { // perhaps somebody who knew the code has taken the name
		name += "-" + strings.ToLower(rand.Text()[:6])
		room, err = chat.OpenRoom(ctx, name)
	}
	if errors.Is(err, bot.ErrPermanent) { // an administrator can mend that: it is tried until one has
		return casework.RoomRecord{}, worst(ctx, &bot.RetryError{After: refusedPause, Err: err}, w.tellNoRoom(ctx, c))
	}
	if err != nil {
		return casework.RoomRecord{}, err
	}
	r := casework.RoomRecord{CaseID: c.ID, Number: number, Platform: chat.Name(), Room: room, Name: name}
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
	return w.Within(ctx, w.Now(), func(tx Tx) error { return tx.SaveRoom(ctx, r) })
}

// accounts finds the platform's users of the logins; who has no account there is left out, and who leads the case told so.
func (w *roomWorker) accounts(ctx context.Context, c casework.Case, chat Chat, room string, logins []string) (users []string, err error) {
	var without []string
	err = w.Within(ctx, w.Now(), func(tx Tx) error {
		users, without = users[:0], nil
		for _, login := range logins {
			user, err := tx.AccountOf(ctx, login, chat.Name())
			switch {
			case errors.Is(err, casework.ErrNotKnown):
				without = append(without, login)
			case err != nil:
				return err
			default:
				users = append(users, user)
			}
		}
		return nil
	})
	for _, login := range without {
		err = worst(ctx, err, w.tellNotLetIn(ctx, c, room, login))
	}
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
