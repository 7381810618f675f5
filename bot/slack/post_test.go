package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
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
}

// TestAConversationIsOpenedSeldom: twenty messages in a minute must not cost twenty calls of a method that may be called fifty times.
func TestAConversationIsOpenedSeldom(t *testing.T) {
	w := newWorkspace(t, quick)
	s, sanna := w.luotsi(ledgerBook()), w.person("sanna")
	opened := func(key string, want int) {
		t.Helper()
		if _, err := s.Direct(t.Context(), sanna, key, said("sinulle")); err != nil {
			t.Error(err)
		}
		if n := w.count("conversations.open"); n != want {
			t.Errorf("%s: opened %d times, want %d", key, n, want)
		}
	}
	opened("first", 1)
	opened("second", 1)
	w.do(func() { // another conversation has taken its place
		delete(w.channels, w.users[sanna].direct)
		w.users[sanna].direct = ""
	})
	opened("third", 2)
	opened("fourth", 2)
	if seen := w.sees(sanna, ""); len(seen) != 2 {
		t.Errorf("sees %+v", seen)
	}
	w.do(func() { w.users[sanna].deleted = true })
	if _, err := s.Direct(t.Context(), sanna, "k", said("sinulle")); !isGone(err) {
		t.Errorf("a closed account: %v", err)
	}
	s.out.direct.life = 0
	w.do(func() { w.users[sanna].deleted = false })
	before := w.count("conversations.open")
	opened("fifth", before+1)
	opened("sixth", before+2)
}

// triedBook is a ledger after an outage: of every message somebody tried to say it. It lets nobody on before as many are there as wait.
type triedBook struct {
	*saidBook
	tried time.Time
	all   sync.WaitGroup
}

func (b *triedBook) Once(ctx context.Context, platform, key string, say func(time.Time) (string, error)) (string, error) {
	return b.saidBook.Once(ctx, platform, key, func(time.Time) (string, error) {
		b.all.Done()
		b.all.Wait()
		return say(b.tried)
	})
}

// TestAfterAnOutageMessagesDoNotWaitForEachOther: as many as there are places look at once whether they were said.
func TestAfterAnOutageMessagesDoNotWaitForEachOther(t *testing.T) {
	w := newWorkspace(t, quick)
	book := &triedBook{saidBook: ledgerBook(), tried: w.clock.Now()}
	s := w.luotsi(book)
	book.all.Add(widthOrdinary)
	var posts sync.WaitGroup
	for i := range widthOrdinary {
		room := w.room(s, fmt.Sprintf("luotsi-%d", i))
		posts.Go(func() {
			if _, err := s.Post(t.Context(), room, "k", said("hei")); err != nil {
				t.Error(err)
			}
		})
	}
	posts.Wait()
	if n := w.count("chat.postMessage"); n != widthOrdinary {
		t.Errorf("%d messages", n)
	}
}

// TestADirectAnswerGoesBeforeNotices: somebody sits before it and waits.
func TestADirectAnswerGoesBeforeNotices(t *testing.T) {
	w := newWorkspace(t, 1)
	answer := reply("vain sinulle")
	answer.Direct = true
	s := w.luotsi(ledgerBook(), func(c *Config) {
		c.Handle = func(context.Context, bot.Request) (bot.Answer, error) { return answer, nil }
	})
	w.handler = s.Handler()
	sanna, ville := w.person("sanna"), w.person("ville")
	room := w.room(s, "luotsi-abc", sanna)
	var beside sync.WaitGroup
	free := make(chan struct{})
	for i := range widthOrdinary {
		beside.Go(func() {
			_ = s.out.queue.do(t.Context(), call{method: fmt.Sprint(i), urgency: facing}, func() time.Duration { <-free; return 0 })
		})
	}
	waiting := func() (all []urgency) {
		s.out.queue.mu.Lock()
		defer s.out.queue.mu.Unlock()
		for _, o := range s.out.queue.waiting {
			all = append(all, o.urgency)
		}
		if s.out.queue.running < widthOrdinary {
			return nil
		}
		return all
	}
	eventually(t, "every place is taken", func() bool {
		defer s.out.queue.mu.Unlock()
		s.out.queue.mu.Lock()
		return s.out.queue.running == widthOrdinary
	})
	beside.Go(func() {
		if _, err := s.Direct(t.Context(), ville, "n1", said("muistutus")); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "the notice waits", func() bool { return len(waiting()) == 1 })
	w.command(sanna, room, "/luotsi henkilö")
	eventually(t, "the answer waits before it", func() bool { return slices.Equal(waiting(), []urgency{facing, talking}) })
	close(free)
	beside.Wait()
	w.shut(s)
	if seen := w.sees(sanna, ""); len(seen) != 1 || seen[0].Text != "vain sinulle" {
		t.Errorf("sees %+v", seen)
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
