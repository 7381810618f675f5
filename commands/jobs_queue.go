package commands

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// queueWorker looks whether Luotsi can use a chat's coordinators' room: it may be put out of it, and the room archived or made public.
// It is asked to when the chat tells of it, when a card finds the room closed, and by every patrol.
type queueWorker struct {
	river.WorkerDefaults[KeepQueue]
	*House
}

// Work does one look; a repeated one changes nothing more. A chat that does not answer now is asked by the next patrol.
func (w *queueWorker) Work(ctx context.Context, job *river.Job[KeepQueue]) error {
	chat, err := w.chat(job.Args.Platform)
	if err != nil || chat.QueueReady == nil {
		return outcome(ctx, "keep_queue", 0, err)
	}
	switch err := chat.QueueReady(ctx); {
	case err == nil:
		return w.found(ctx, chat.Name())
	case unusable(err):
		return w.lost(ctx, chat.Name(), err)
	default:
		slog.WarnContext(ctx, "the coordinators' room cannot be looked at now", "chat", chat.Name(), "cause", err)
		return nil
	}
}

func unusable(err error) bool { return errors.Is(err, bot.ErrOutside) || errors.Is(err, bot.ErrGone) }

// lost tells the coordinators, once until it can be used again: concerns that nobody sees wait for nobody.
func (w *queueWorker) lost(ctx context.Context, platform string, why error) error {
	slog.ErrorContext(ctx, "the coordinators' room cannot be used: concerns are not shown there", "chat", platform, "cause", why)
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		news, err := tx.LoseQueue(ctx, platform)
		if err != nil || !news {
			return err
		}
		return (&Desk{Tx: tx, House: w.House, At: w.Now()}).tell(ctx, string(casework.ToldQueueLost), casework.ToCoordinators, time.Time{})
	})
}

// found has all cards shown at once that were put off.
func (w *queueWorker) found(ctx context.Context, platform string) error {
	return w.Within(ctx, w.Now(), func(tx Tx) error {
		news, err := tx.FindQueue(ctx, platform)
		if err != nil || !news {
			return err
		}
		slog.InfoContext(ctx, "the coordinators' room can be used again", "chat", platform)
		waiting, err := tx.Unfinished(ctx, ShowCard{}.Kind()) // one that is being done may have found the room closed a moment ago
		if err != nil {
			return err
		}
		for _, id := range waiting {
			if err := tx.Enqueue(ctx, ShowCard{CaseID: id, Platform: platform}, 3); err != nil {
				return err
			}
		}
		return nil
	})
}

// putOff is how long a card waits for a coordinators' room that cannot be used. It is shown at once when the room can be used again.
const putOff = 5 * time.Minute

var errQueueLost = errors.New("the coordinators' room cannot be used")

// queueOf is the coordinators' room to show a card in. While the room cannot be used the card is put off.
func (h *House) queueOf(ctx context.Context, chat Chat) (room string, err error) {
	room, err = chat.Queue()
	if unusable(err) {
		return "", h.queueClosed(ctx, chat, err)
	}
	if err != nil || room == "" {
		return "", err
	}
	var lost []string
	err = h.Within(ctx, h.Now(), func(tx Tx) (err error) {
		lost, err = tx.LostQueues(ctx)
		return err
	})
	if err == nil && slices.Contains(lost, chat.Name()) {
		err = &bot.RetryError{After: putOff, Err: errQueueLost}
	}
	return room, err
}

// queueClosed has the coordinators' room looked at that a card could not be shown in, and puts the card off.
func (h *House) queueClosed(ctx context.Context, chat Chat, why error) error {
	slog.ErrorContext(ctx, "a card cannot be shown in the coordinators' room", "chat", chat.Name(), "cause", why)
	err := h.Within(ctx, h.Now(), func(tx Tx) error { return tx.Enqueue(ctx, KeepQueue{Platform: chat.Name()}, 1) })
	return errors.Join(err, &bot.RetryError{After: putOff, Err: errQueueLost})
}
