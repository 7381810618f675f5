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
	"strings"
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

// state is what a dialog carries through the server and back. People can read it, and send what they like in its place.
type state struct {
	Ticket string            `json:"t"`
	User   string            `json:"u"`
	Post   string            `json:"p,omitempty"` // the message whose button opened the form
	Room   string            `json:"r,omitempty"` // where it stands
	Label  string            `json:"l,omitempty"` // the button's
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
func (m *Mattermost) oursToPress(ctx context.Context, post string) (bool, error) {
	said, err := m.cfg.Ledger.Said(ctx, platform, post)
	if said || err != nil {
		return said, err
	}
	kept, r, err := m.client.GetPost(ctx, post, "")
	err = fault(r, err)
	switch {
	case status(err) == http.StatusNotFound:
		return true, nil
	case status(err) != 0:
		return false, nil // somewhere Luotsi is not
	case err != nil:
		return false, err
	}
	return kept.UserId == m.server.me, nil
}
