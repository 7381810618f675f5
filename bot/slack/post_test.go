package slack

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
)

// strictBook is a ledger in memory that knows which attempts came to nothing, as the real one does.
type strictBook struct {
	*saidBook
	tried map[string]time.Time
	now   func() time.Time
}

func newStrictBook(w *workspace) *strictBook {
	return &strictBook{saidBook: ledgerBook(), tried: map[string]time.Time{}, now: w.clock.Now}
}

func (b *strictBook) Once(ctx context.Context, platform, key string, say func(time.Time) (string, error)) (string, error) {
	return b.saidBook.Once(ctx, platform, key, func(time.Time) (string, error) {
		before := b.tried[key]
		if before.IsZero() {
			b.tried[key] = b.now()
		}
		return say(before)
	})
}

func TestAMessageThatWasSaidIsFoundAmongMany(t *testing.T) {
	w := newWorkspace(t, quick)
	w.pageSize = 5
	s, sanna := w.luotsi(newStrictBook(w)), w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	w.do(func() { w.lose = 1 })
	var later *bot.RetryError
	if _, err := s.Post(t.Context(), room, "k", said("kerran")); !errors.As(err, &later) {
		t.Fatalf("error %v, want to try again", err)
	}
	first := w.sees(sanna, room)[0].ID
	for range 12 {
		w.write(sanna, room, "kerran")
	}
	// Somebody copies what marks the message: it is not Luotsi's.
	w.do(func() {
		ch := w.channels[room]
		mine := ch.messages[0]
		ch.messages = append(ch.messages, &wsMessage{ts: w.stamp(), user: sanna, text: "kerran", metadata: mine.metadata})
	})
	if again, err := s.Post(t.Context(), room, "k", said("kerran")); err != nil || again != first {
		t.Errorf("%q %v, want %q", again, err, first)
	}
	if n := w.count("chat.postMessage"); n != 1 {
		t.Errorf("said %d times", n)
	}
}

func TestAFailedAttemptIsSaidAfterAll(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(newStrictBook(w)), w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	w.do(func() { w.fail["chat.postMessage"] = "internal_error" })
	if _, err := s.Post(t.Context(), room, "k", said("kerran")); err == nil {
		t.Fatal("no error")
	}
	if _, err := s.Post(t.Context(), room, "k", said("kerran")); err != nil {
		t.Fatal(err)
	}
	if seen := w.sees(sanna, room); len(seen) != 1 {
		t.Errorf("sees %+v", seen)
	}
}

// TestMessagesCarryNothingButAHash: everybody in the channel can read what marks a message.
func TestMessagesCarryNothingButAHash(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	p := bot.Post{
		Title: "Aino", Code: "BCDFGHJ-K", Lines: []bot.PostLine{{Kind: bot.QuoteLine, Label: "Omin sanoin", Text: "sairas"}},
		Buttons: []bot.PostButton{{ID: "b1", Label: "Avaa", Ticket: "sealed"}},
	}
	if _, err := s.Direct(t.Context(), sanna, "notice-17", p); err != nil {
		t.Fatal(err)
	}
	meta := w.channels[w.users[sanna].direct].messages[0].metadata
	payload := meta["event_payload"].(map[string]any)
	if mark, _ := payload["key"].(string); len(payload) != 1 || len(mark) != 32 || strings.Contains(mark, "17") || meta["event_type"] != "luotsi" {
		t.Errorf("metadata %v", meta)
	}
}

func TestADirectMessageIsTheOnesAlone(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna, ville := w.luotsi(ledgerBook()), w.person("sanna"), w.person("ville")
	id, err := s.Direct(t.Context(), sanna, "k", said("sinulle"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Edit(t.Context(), "", id, said("sinulle toisin")); err != nil {
		t.Fatal(err)
	}
	if seen := w.sees(sanna, ""); len(seen) != 1 || seen[0].Text != "sinulle toisin" {
		t.Errorf("sees %+v", seen)
	}
	if seen := w.sees(ville, ""); len(seen) > 0 {
		t.Errorf("another sees %+v", seen)
	}
	channel, err := s.directChannel(t.Context(), sanna)
	if err != nil || !strings.HasPrefix(id, channel+":") || w.count("conversations.open") != 1 {
		t.Errorf("%q %v, asked %d times", channel, err, w.count("conversations.open"))
	}
}

func TestEditOfAnothersMessageIsRefused(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	room := w.room(s, "luotsi-abc", sanna)
	theirs := messageID(room, w.write(sanna, room, "hei"))
	if err := s.Edit(t.Context(), room, theirs, said("x")); !errors.Is(err, bot.ErrPermanent) {
		t.Errorf("error %v", err)
	}
	if err := s.Edit(t.Context(), "C404", theirs, said("x")); !isGone(err) {
		t.Errorf("a message of another channel: %v", err)
	}
}
