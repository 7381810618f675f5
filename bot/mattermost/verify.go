package mattermost

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// forged stands for a ticket where there is nothing to believe: the house denies it in the words it has for all it does not
// know, and logs it.
const forged = "forged"

// ourCommand reports whether a request of a slash command comes from the server: it carries one of its tokens, in the form or in
// the header. Every token is compared, each in the same time whatever it is.
func (m *Mattermost) ourCommand(token string, header http.Header) bool {
	if token == "" {
		token, _ = strings.CutPrefix(header.Get("Authorization"), "Token ")
	}
	got, found := sha256.Sum256([]byte(token)), 0
	for _, accepted := range m.cfg.CommandTokens {
		want := sha256.Sum256([]byte(accepted))
		if accepted != "" {
			found |= subtle.ConstantTimeCompare(got[:], want[:])
		}
	}
	return found == 1
}

// passName names what the address for clicks carries. The server shows that address to no client, unlike a form's.
const passName = "key"

// clickAddress is where the server sends clicks.
func (m *Mattermost) clickAddress() string {
	return m.cfg.BaseURL + actionPath + "?" + url.Values{passName: {m.pass}}.Encode()
}

// ourClick reports whether a click comes from the server, in the same time whatever it carries.
func (m *Mattermost) ourClick(pass string) bool {
	got, want := sha256.Sum256([]byte(pass)), sha256.Sum256([]byte(m.pass))
	return subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

// button is what a button's context holds: what it is for, and where Luotsi put it.
type button struct {
	Ticket string `json:"ticket"`
	Label  string `json:"label"`
	spot
}

// spot is where a message with buttons stands.
type spot struct {
	Room  string `json:"room"`            // the channel
	Mark  string `json:"mark,omitempty"`  // what the message is known by there
	Alone bool   `json:"alone,omitempty"` // shown to one person as an answer, and kept nowhere
}

// contextSeal is beside what a button's context holds, which it seals.
const contextSeal = "seal"

// context writes a button down so that another one in its place is noticed.
func (m *Mattermost) context(b button) map[string]any {
	out := map[string]any{"ticket": b.Ticket, "label": b.Label, "room": b.Room, contextSeal: m.sealOf(b)}
	if b.Mark != "" {
		out["mark"] = b.Mark
	}
	if b.Alone {
		out["alone"] = true
	}
	return out
}

// button reads a button back, and reports whether it is one that Luotsi put into the channel.
func (m *Mattermost) button(context map[string]any, room string) (b button, ours bool) {
	if json.Unmarshal([]byte(canonical(context)), &b) != nil {
		return button{}, false
	}
	seal, _ := context[contextSeal].(string)
	if !hmac.Equal([]byte(seal), []byte(m.sealOf(b))) || b.Room != room || b.Ticket == "" {
		return button{}, false
	}
	return b, true
}

// sealOf is a button's seal. No form's state begins like what is sealed here.
func (m *Mattermost) sealOf(b button) string {
	return base64.RawURLEncoding.EncodeToString(m.sign([]byte("button\x00" + canonical(b))))
}

// state is what a dialog carries through the server and back. People can read it, and send what they like in its place.
type state struct {
	Ticket string            `json:"t"`
	User   string            `json:"u"`
	Post   string            `json:"p,omitempty"` // the message whose button opened the form
	Room   string            `json:"r,omitempty"` // where it stands
	Label  string            `json:"l,omitempty"` // the button's
	Mark   string            `json:"m,omitempty"` // what the message is known by
	Direct bool              `json:"d,omitempty"` // opened where the person is alone with Luotsi
	Part   bool              `json:"a,omitempty"` // more of the form is asked elsewhere
	Fields map[string]string `json:"f"`           // how the answers shown are to be read, by name
	Kept   map[string]any    `json:"k,omitempty"` // answers that stand unless others are given
}

// How a dialog's answers are read.
const (
	readOne   = "1" // one value
	readMany  = "n" // several values
	readBool  = "b"
	readBools = "c" // several values, each an element of its own; the first one's name follows
	readMore  = "m" // whether more is to be asked; no answer of the form
)

// moreName is the element that asks whether the rest of the form is wanted. No field of a form has such a name.
const moreName = between + "more"

// sealed writes a state down so that another one in its place is noticed.
func (m *Mattermost) sealed(s state) (string, error) {
	body, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(m.sign(body), body...)), nil
}

// opened reads a state back. One that was invented, changed or somebody else's is an error.
func (m *Mattermost) opened(text, user string) (s state, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < sha256.Size || !hmac.Equal(raw[:sha256.Size], m.sign(raw[sha256.Size:])) {
		return s, errors.New("a form's state is not ours")
	}
	if err := json.Unmarshal(raw[sha256.Size:], &s); err != nil {
		return s, errors.New("a form's state is not ours")
	}
	if s.User != user {
		return state{}, errors.New("a form's state is another person's")
	}
	return s, nil
}

func (m *Mattermost) sign(body []byte) []byte {
	mac := hmac.New(sha256.New, m.seal)
	mac.Write(body)
	return mac.Sum(nil)
}

// oursToPress reports whether a message with a button is one that Luotsi said: to all, or in an answer to one person, which the
// server does not keep.
func (m *Mattermost) oursToPress(ctx context.Context, a asking) (bool, error) {
	if a.Press == forged {
		return false, nil
	}
	said, err := m.cfg.Ledger.Said(ctx, platform, a.post)
	if said || err != nil {
		return said, err
	}
	kept, r, err := m.client.GetPost(ctx, a.post, "")
	err = fault(r, err)
	switch {
	case status(err) == http.StatusNotFound:
		return a.alone, nil
	case status(err) != 0:
		return false, nil // somewhere Luotsi is not
	case err != nil:
		return false, err
	}
	return m.stands(kept, a), nil
}

// stands reports whether a message is Luotsi's own and the one whose button was pressed.
func (m *Mattermost) stands(p *model.Post, a asking) bool {
	return p.UserId == m.server.me && p.ChannelId == a.channel && a.mark != "" && labelOf(p).mark == a.mark
}
