package bot

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

// TicketKind says what a ticket lets its holder do.
type TicketKind string

// The kinds of ticket.
const (
	FormTicket   TicketKind = "form"   // send one form, once
	ButtonTicket TicketKind = "button" // press one button
	LinkTicket   TicketKind = "link"   // open one page, once
)

// Ticket is what makes a form, a button or a link ours: ids and an expiry, sealed. It never holds case text.
type Ticket struct {
	Kind    TicketKind        `json:"k"`
	Command string            `json:"c"`
	Code    string            `json:"o,omitempty"`
	Person  string            `json:"p,omitempty"` // login; empty only when Role is set
	Role    Role              `json:"r,omitempty"`
	Args    map[string]string `json:"a,omitempty"`
	Nonce   string            `json:"n"`
	Expires time.Time         `json:"e"`
	Direct  bool              `json:"d,omitempty"`
}

// Errors of opening a ticket.
var (
	ErrTicketForged  = errors.New("ticket is not ours")
	ErrTicketExpired = errors.New("ticket has expired")
	ErrTicketOthers  = errors.New("ticket belongs to another person")
)

// Sealer encrypts and authenticates small values under associated data; a Tink AEAD is one.
type Sealer interface {
	Encrypt(plaintext, associatedData []byte) ([]byte, error)
	Decrypt(ciphertext, associatedData []byte) ([]byte, error)
}

// Tickets seals and opens tickets.
type Tickets struct{ Sealer Sealer }

// Seal gives the ticket a fresh nonce if it has none and seals it into URL-safe text.
func (t Tickets) Seal(k Ticket) (string, error) {
	if k.Nonce == "" {
		k.Nonce = rand.Text()
	}
	plain, err := json.Marshal(k)
	if err != nil {
		return "", err
	}
	sealed, err := t.Sealer.Encrypt(plain, []byte("ticket:"+string(k.Kind)))
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sealed), nil
}

// Open unseals a ticket of the kind for the person at the instant. A ticket of another person or role is ErrTicketOthers,
// one past its expiry ErrTicketExpired, anything else that does not open ErrTicketForged.
func (t Tickets) Open(kind TicketKind, sealed string, p Person, at time.Time) (Ticket, error) {
	k, err := t.peek(kind, sealed)
	switch {
	case err != nil:
		return Ticket{}, err
	case k.Role != "" && !p.Has(k.Role), k.Role == "" && k.Person != p.Login:
		return Ticket{}, ErrTicketOthers
	case at.After(k.Expires):
		return k, ErrTicketExpired
	}
	return k, nil
}

// Holder tells whose link a sealed link is, so that a page without a session knows who opens it.
func (t Tickets) Holder(sealed string) (login string, err error) {
	k, err := t.peek(LinkTicket, sealed)
	return k.Person, err
}

// Tried tells what a request's form, button or link was made for (Command, Code and Nonce only), whoever comes with it and however
// late: for the log's row of an attempt. It gives nobody a right. ok is false when the request brings none, or one that is not ours.
func (t Tickets) Tried(r Request) (k Ticket, ok bool) {
	for kind, sealed := range map[TicketKind]string{FormTicket: r.Submit, ButtonTicket: r.Press, LinkTicket: r.Open} {
		if was, err := t.peek(kind, sealed); sealed != "" && err == nil {
			return Ticket{Command: was.Command, Code: was.Code, Nonce: was.Nonce}, true
		}
	}
	return Ticket{}, false
}

func (t Tickets) peek(kind TicketKind, sealed string) (Ticket, error) {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return Ticket{}, ErrTicketForged
	}
	plain, err := t.Sealer.Decrypt(raw, []byte("ticket:"+string(kind)))
	if err != nil {
		return Ticket{}, ErrTicketForged
	}
	var k Ticket
	if err := json.Unmarshal(plain, &k); err != nil {
		return Ticket{}, ErrTicketForged
	}
	return k, nil
}
