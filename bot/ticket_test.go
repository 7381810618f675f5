package bot_test

import (
	"reflect"
	"testing"
	"time"

	"luotsi/bot"
)

// marked seals by leaving everything readable, under its associated data.
type marked struct{}

func (marked) Encrypt(plain, data []byte) ([]byte, error) {
	return append(append(data, 0), plain...), nil
}

func (marked) Decrypt(sealed, data []byte) ([]byte, error) {
	if n := len(data); len(sealed) > n && string(sealed[:n]) == string(data) && sealed[n] == 0 {
		return sealed[n+1:], nil
	}
	return nil, bot.ErrTicketForged
}

// What somebody tried can be logged, whoever it was and however late; nothing in it is a right.
func TestTriedTellsOfATicketAndGivesNoRight(t *testing.T) {
	tickets := bot.Tickets{Sealer: marked{}}
	seal := func(kind bot.TicketKind) string {
		sealed, err := tickets.Seal(bot.Ticket{
			Kind: kind, Command: "client.reveal", Code: "LK7RTQ4-9", Person: "ville", Nonce: "n",
			Args: map[string]string{"purpose": "contact_client"}, Expires: time.Unix(0, 0),
		})
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	want := bot.Ticket{Command: "client.reveal", Code: "LK7RTQ4-9", Nonce: "n"}
	for name, c := range map[string]struct {
		r  bot.Request
		ok bool
	}{
		"form":           {bot.Request{Submit: seal(bot.FormTicket)}, true},
		"button":         {bot.Request{Press: seal(bot.ButtonTicket)}, true},
		"link":           {bot.Request{Open: seal(bot.LinkTicket)}, true},
		"link as a form": {bot.Request{Submit: seal(bot.LinkTicket)}, false},
		"not ours":       {bot.Request{Open: "-"}, false},
		"words":          {bot.Request{Text: "henkilö LK7RTQ4-9"}, false},
		"nothing at all": {bot.Request{}, false},
	} {
		k, ok := tickets.Tried(c.r)
		if ok != c.ok || ok && !reflect.DeepEqual(k, want) || !ok && !reflect.DeepEqual(k, bot.Ticket{}) {
			t.Errorf("%s: %v %+v", name, ok, k)
		}
	}
}
