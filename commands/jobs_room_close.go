package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"
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
		err = w.remove(ctx, c, chat, r.Room, members)
	}
	if err == nil {
		w.sayClosed(ctx, c, chat, r.Room)
		err = chat.Archive(ctx, r.Room)
	}
	if err != nil && !errors.Is(err, bot.ErrGone) {
		return w.maybeLost(ctx, c, r, err)
	}
	r.Archived, r.Lost = true, false
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		if err := tx.SaveRoom(ctx, r); err != nil || told == "" {
			return err
		}
		return (&Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}).tellOf(ctx, told, c.Lead())
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
func (w *roomWorker) remove(ctx context.Context, c casework.Case, chat Chat, room string, users []string) error {
	var failed error
	for _, user := range users {
		err := chat.Remove(ctx, room, user)
		if err == nil {
			err = w.Within(ctx, w.Now(), func(tx Tx) error { return w.removed(ctx, tx, c, chat, user) })
		}
		failed = worst(ctx, failed, err)
	}
	return failed
}

// removed logs who was taken out. If that is somebody who was put in by hand, who leads the case is told.
func (w *roomWorker) removed(ctx context.Context, tx Tx, c casework.Case, chat Chat, user string) error {
	row := roomRow(c, "room.remove", w.Now())
	known, err := tx.UserByAccount(ctx, chat.Name(), user)
	switch {
	case errors.Is(err, casework.ErrNotKnown):
		row.Fields = "room " + chat.Name() + ":" + user
	case err != nil:
		return err
	default:
		row.Fields = "room " + known.Login
	}
	if err := tx.LogAccess(ctx, row); err != nil || !casework.Roster(c, w.Now()).Open || slices.Contains(c.Relations(known.Person), casework.WasMember) {
		return err // those who left the team by an act were told by that act
	}
	return (&Desk{Tx: tx, House: w.House, At: w.Now(), Case: c}).tellOf(ctx, casework.ToldOutsider, c.Lead())
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
