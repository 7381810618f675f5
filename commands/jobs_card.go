package commands

import (
	"cmp"
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

// Work does one job; a repeated one changes nothing more. A card that is put off is no failure: whoever came meanwhile, because the
// room can be used again, has it shown at once.
func (w *cardWorker) Work(ctx context.Context, job *river.Job[ShowCard]) error {
	var off error
	err := w.alone(ctx, job.Args.CaseID, "card", job.ID, func() error {
		err := outcome(ctx, "show_card", job.Args.CaseID, w.show(ctx, job.Args.CaseID))
		if off = nil; errors.As(err, new(*river.JobSnoozeError)) {
			off, err = err, nil
		}
		return err
	})
	return cmp.Or(err, off)
}

func (w *cardWorker) show(ctx context.Context, caseID int64) error {
	var failed error
	for _, chat := range w.Chats {
		queue, err := w.queueOf(ctx, chat)
		if err == nil && queue != "" {
			err = w.showIn(ctx, chat, queue, caseID)
		}
		failed = worst(ctx, failed, err)
	}
	return failed
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
