package commands

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// cardWorker keeps one message per concern in the coordinators' room: code, urgency and waiting time, with a button to take
// it; once taken, who took it, and no button.
type cardWorker struct {
	river.WorkerDefaults[ShowCard]
	*House
}

// Work does one job; a repeated one changes nothing more.
func (w *cardWorker) Work(ctx context.Context, job *river.Job[ShowCard]) error {
	id := job.Args.CaseID
	if job.Args.Platform == "" { // from before each chat had its own
		return w.Within(ctx, w.Now(), func(tx Tx) error { return w.showCards(ctx, tx, id, job.Args.Revision) })
	}
	err := w.alone(ctx, id, "card "+job.Args.Platform, job.ID, func() error {
		return outcome(ctx, "show_card", id, w.show(ctx, job.Args.Platform, id))
	})
	return patient(job.JobRow, err)
}

// showCards has a concern's card shown in every chat.
func (h *House) showCards(ctx context.Context, tx Tx, caseID int64, revision int) error {
	for _, chat := range h.Chats {
		if err := tx.Enqueue(ctx, ShowCard{CaseID: caseID, Revision: revision, Platform: chat.Name()}, 3); err != nil {
			return err
		}
	}
	return nil
}

func (w *cardWorker) show(ctx context.Context, platform string, caseID int64) error {
	chat, err := w.chat(platform)
	if err != nil {
		return err
	}
	queue, err := w.queueOf(ctx, chat)
	if err != nil || queue == "" {
		return err
	}
	return w.showIn(ctx, chat, queue, caseID)
}

func (w *cardWorker) showIn(ctx context.Context, chat Chat, queue string, caseID int64) error {
	var message bot.Message
	var room, known string
	var posted bool
	err := w.Within(ctx, w.Now(), func(tx Tx) error {
		c, err := tx.Read(ctx, caseID)
		if err != nil {
			return err
		}
		message, err = card(ctx, &Desk{Tx: tx, House: w.House, At: w.Now(), Case: c})
		if err != nil {
			return err
		}
		room, known, posted, err = tx.Card(ctx, caseID, chat.Name())
		return err
	})
	if err != nil {
		return err
	}
	post, err := w.Catalog.SayMessage(w.Lang, message, "", w.Now(), w.Tickets)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("card-%d", caseID)
	if posted {
		if err := chat.Edit(ctx, room, known, post); !errors.Is(err, bot.ErrGone) && (room == queue || !errors.Is(err, bot.ErrOutside)) {
			return w.orPutOff(ctx, chat, err)
		}
		key += "-after-" + known // that one was deleted: another takes its place
	}
	known, err = chat.Post(ctx, queue, key, post)
	if err != nil {
		return w.orPutOff(ctx, chat, err)
	}
	return w.Within(ctx, w.Now(), func(tx Tx) error { return tx.SaveCard(ctx, caseID, chat.Name(), queue, known) })
}

// orPutOff passes on what came of showing a card; where the room itself cannot be used, the card is put off.
func (w *cardWorker) orPutOff(ctx context.Context, chat Chat, err error) error {
	if unusable(err) {
		return w.queueClosed(ctx, chat, err)
	}
	return err
}

// card says where a concern stands, as far as all coordinators may know.
func card(ctx context.Context, d *Desk) (bot.Message, error) {
	c := d.Case
	m := bot.Message{}.About(string(c.Code))
	data := bot.Data{"code": string(c.Code), "urgency": bot.T("option.urgency." + c.Concern.Urgency), "at": c.Concern.RaisedAt}
	if c.State == casework.Submitted {
		return m.With(bot.TD("card.waiting", data)).
			Button(bot.Button{Label: bot.T("button.concern.take"), Command: "concern.take", Code: string(c.Code), Role: bot.Coordinator}), nil
	}
	data["who"], data["at"] = d.nameOf(ctx, c.Coordinator.Login), c.TakenAt
	if !c.State.Open() {
		return m.With(bot.TD("card.handled", data)), nil
	}
	return m.With(bot.TD("card.taken", data)), nil
}
