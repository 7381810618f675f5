package commands

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// closeRoom empties a room that should no longer be, says there that it is closed, and archives it when nobody is left. Who leads
// the case is told as told says, if it says anything.
func (w *roomWorker) closeRoom(ctx context.Context, c casework.Case, r casework.RoomRecord, told casework.NoticeKind) error {
	chat, err := w.chat(r.Platform)
	if err != nil {
		return err
	}
	members, err := chat.Members(ctx, r.Room)
	if err == nil {
		err = w.remove(ctx, c, chat, r, members)
	}
	if err == nil {
		w.sayClosed(ctx, c, chat, r.Room)
		err = w.maybeStuck(ctx, c, r, chat.Archive(ctx, r.Room))
	}
	if err != nil && !errors.Is(err, bot.ErrGone) {
		return w.maybeLost(ctx, c, r, err)
	}
	r.Archived, r.Lost = true, false
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		if err := tx.SaveRoom(ctx, r); err != nil || told == "" {
			return err
		}
		told := (&Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}).tellOf(ctx, told, c.Nearest())
		return errors.Join(told, tx.LogAccess(ctx, roomRow(c, "room.replaced", w.Now())))
	})
}

// sayClosed leaves the closing words for whoever may read an archived room later. They never hinder the closing.
func (w *roomWorker) sayClosed(ctx context.Context, c casework.Case, chat Chat, room string) {
	n := casework.OutNotice{Kind: string(casework.ToldRoomClosed), CaseID: c.ID}
	post, err := w.Catalog.SayMessage(w.Lang, w.noticeMessage(n, c), "", w.Now(), w.Tickets)
	if err == nil {
		_, err = chat.Post(ctx, room, "closed", post)
	}
	if err != nil {
		slog.WarnContext(ctx, "a room is closed without closing words", "case_id", c.ID, "cause", err)
	}
}

// remove takes people out, all that it can even when one call fails, and logs each.
func (w *roomWorker) remove(ctx context.Context, c casework.Case, chat Chat, r casework.RoomRecord, users []string) error {
	var failed error
	for _, user := range users {
		err := chat.Remove(ctx, r.Room, user)
		if err == nil {
			err = w.Within(ctx, w.Now(), func(tx Tx) error {
				d, err := w.systemDesk(ctx, tx, c.ID)
				if err != nil {
					return err
				}
				return d.removed(ctx, r, user)
			})
		}
		failed = worst(ctx, failed, w.maybeStuck(ctx, c, r, err))
	}
	return failed
}

// removed logs who was taken out. If that is somebody who was put in by hand, who leads the case is told.
func (d *Desk) removed(ctx context.Context, r casework.RoomRecord, user string) error {
	known, err := d.UserByAccount(ctx, r.Platform, user)
	row := roomRow(d.Case, "room.remove", d.At)
	switch {
	case errors.Is(err, casework.ErrNotKnown):
		row.Fields = "room " + r.Platform + ":" + user
	case err != nil:
		return err
	default:
		row.Fields = "room " + known.Login
	}
	if err := d.LogAccess(ctx, row); err != nil {
		return err
	}
	parted, err := d.parted(ctx, known.Login)
	if err != nil || parted || !casework.Roster(d.Case, d.At).Open {
		return err
	}
	return d.tellOutsider(ctx, r.Room, user, true)
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
