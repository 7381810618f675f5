package bot

import (
	"context"
	"time"
)

// Platform is a chat that Luotsi speaks in. Texts arrive in the recipient's language; ids are the platform's own.
// Every method may fail with *RetryError (later), ErrPermanent (never), ErrGone (no longer there), ErrOutside (Luotsi was put out
// of the room) or any other error (later).
// An implementation proves these promises by passing bottest.Exercise.
type Platform interface {
	// Name is the platform's short name, "mattermost", "slack" or "sandbox": stored beside every id of its.
	Name() string

	// Trusted reports whether a client's identity may be typed into and shown by this chat's own dialogs.
	Trusted() bool

	// Post says something in a room and returns the message's id. The same key again posts nothing and returns the
	// first message's id. ErrGone when the room is archived or deleted.
	Post(ctx context.Context, room, key string, p Post) (message string, err error)

	// Edit replaces a message with its buttons. Doing it twice changes nothing more. ErrGone when the message is no more. The
	// room is empty for a direct message.
	Edit(ctx context.Context, room, message string, p Post) error

	// Direct says something to one person alone. The same key again says nothing and returns the first message's id.
	// ErrGone when the person's account is disabled or missing.
	Direct(ctx context.Context, user, key string, p Post) (message string, err error)

	// OpenRoom makes a private room that nobody but Luotsi is in. The name is the identity: the same name again returns
	// the same room as long as it is open. ErrPermanent when an archived room holds the name, or Luotsi may open none there.
	OpenRoom(ctx context.Context, name string) (room string, err error)

	// Restore gives a room its name back and empties what a chat shows beside it: header, topic, purpose; changed reports that
	// something was otherwise. A room that is so already is left alone. ErrGone when the room is no longer for those in it alone:
	// archived, made public, or shared with another organisation.
	Restore(ctx context.Context, room, name string) (changed bool, err error)

	// Invite puts a person into a room. Inviting a member changes nothing. ErrGone when the person has no account or the
	// room is archived.
	Invite(ctx context.Context, room, user string) error

	// Remove takes a person out of a room at once, also of an archived one. Removing a non-member changes nothing.
	Remove(ctx context.Context, room, user string) error

	// Archive closes a room for good. Archiving an archived room changes nothing. A platform may keep it readable to
	// its members: remove them first. Remove and Archive fail with ErrPermanent when the platform does not let Luotsi do it, as long
	// as no administrator mends that.
	Archive(ctx context.Context, room string) error

	// Members lists who is in a room, without Luotsi itself. ErrGone when the room no longer exists.
	Members(ctx context.Context, room string) (users []string, err error)

	// Profile tells who a user is there. ErrGone when there is no such account.
	Profile(ctx context.Context, user string) (Profile, error)

	// Working tells which of the accounts exist and are enabled, each once and in no order, with few calls also for
	// thousands of them.
	Working(ctx context.Context, users []string) (working []string, err error)
}

// Profile is what a platform knows of a person.
type Profile struct {
	User    string // the platform's id
	Login   string
	Name    string // as it is shown there; may be empty
	Email   string
	Lang    Lang // that the account is used in; empty when it is none that Luotsi speaks
	Proven  bool // the platform vouches that the address is the person's own: its organisation gave it, or it was confirmed
	Enabled bool // false: deactivated, can neither read nor be told
	Guest   bool // from outside the organisation
	Bot     bool // a program's account, nobody's
}

// Ledger remembers which message was said under which key, so that an answer lost on the way never makes it be said twice.
type Ledger interface {
	// Once returns the message said under the platform's key, or has it said now. While say runs nobody else says anything
	// under the key. tried is when an earlier attempt began whose outcome is not known, zero if there was none: say then looks
	// for the message in the chat before it says it again. An error of say is returned and the key stays unsaid.
	Once(ctx context.Context, platform, key string, say func(tried time.Time) (message string, err error)) (message string, err error)

	// Said reports whether the message is one that was said by Once on the platform.
	Said(ctx context.Context, platform, message string) (bool, error)
}
