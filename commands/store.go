package commands

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"luotsi/commands/casework"
)

// Within runs f in one transaction whose time is at: everything f does commits together or not at all. An error from f rolls
// everything back and is returned.
type Within func(ctx context.Context, at time.Time, f func(Tx) error) error

// Tx is what an act can do within its transaction.
type Tx interface {
	Requests
	Directory
	Cases
	Vault
	Logs
	Outbox
}

// Requests make a repeated request harmless.
type Requests interface {
	// Answered claims the person's request id. If it was answered before, its answer comes back; while another transaction
	// is answering the same id, this waits for it. at is when it was answered first.
	Answered(ctx context.Context, login, request string) (answer []byte, at time.Time, ok bool, err error)
	// Remember keeps the answer of a claimed request id, encrypted, for 24 hours.
	Remember(ctx context.Context, login, request string, answer []byte) error
	// Spend uses up a form's nonce, or another thing that is to happen once; fresh is false when it was used before and until has not
	// passed. A spending that is undone by Try is not one.
	Spend(ctx context.Context, nonce string, until time.Time) (fresh bool, err error)
	// Unspend makes it fresh again.
	Unspend(ctx context.Context, nonce string) error
	// KeepDraft keeps a person's answers to part of a form, encrypted, under the form's nonce until the instant.
	KeepDraft(ctx context.Context, login, nonce string, answers []byte, until time.Time) error
	// Draft is what the person's KeepDraft kept under the nonce; ok is false when nothing.
	Draft(ctx context.Context, login, nonce string) (answers []byte, ok bool, err error)
	// DropDraft forgets what was kept under the nonce.
	DropDraft(ctx context.Context, nonce string) error
	// Try runs f on a savepoint: when f fails, what it did is undone, and its error returned; the transaction lives on.
	Try(ctx context.Context, f func() error) error
}

// Directory knows the people and the units. Disabled people are listed with Disabled set.
type Directory interface {
	// UserByAccount finds a person by a platform account; casework.ErrNotKnown when there is none or it is disabled.
	UserByAccount(ctx context.Context, platform, user string) (casework.User, error)
	// UserByEmail finds a person by e-mail; casework.ErrNotKnown when there is none or it is disabled.
	UserByEmail(ctx context.Context, email string) (casework.User, error)
	// AddUser puts a new person with a platform's account into the directory. casework.ErrLoginTaken when the login, the e-mail or
	// the account is somebody's already.
	AddUser(ctx context.Context, u casework.User, a casework.Account) error
	// Accounts lists everybody's accounts in the chats, by login.
	Accounts(ctx context.Context) (map[string][]casework.Account, error)
	// User finds a person by login; casework.ErrNotKnown when there is none.
	User(ctx context.Context, login string) (casework.User, error)
	// AccountOf finds a person's account on the platform; casework.ErrNotKnown when there is none.
	AccountOf(ctx context.Context, login, platform string) (user string, err error)
	Users(ctx context.Context) ([]casework.User, error)
	Units(ctx context.Context) ([]casework.Unit, error)
	SaveUser(ctx context.Context, u casework.User) error // its settings: Lang, QuietFrom, QuietTo, Digest
	// Disable closes a person's access or opens it again; held: by hand, so that no account opens it. casework.ErrNotKnown when
	// there is no such person.
	Disable(ctx context.Context, login string, disabled, held bool) error
}

// Cases are the truth. People in them carry their unit and register as the directory has them now.
type Cases interface {
	// Lock reads a case by its code and holds it until the transaction ends; casework.ErrNotKnown when there is none.
	Lock(ctx context.Context, code casework.Code) (casework.Case, error)
	// LockID is Lock by id.
	LockID(ctx context.Context, id int64) (casework.Case, error)
	// Add stores a new case and gives its id back; casework.ErrCodeTaken when the code was ever used.
	Add(ctx context.Context, c casework.Case, agenda []casework.Item) (int64, error)
	// Save stores a changed case (locked before) and reconciles its agenda. News is not stored here: see Tell.
	Save(ctx context.Context, c casework.Case, agenda []casework.Item) error
	// Open lists every open case the person has anything to do with (raiser, coordinator, named, member, invited, asked to
	// stand in or standing in); for a service coordinator (queue) also all that nobody has taken. Unlocked, oldest first.
	Open(ctx context.Context, login string, queue bool) ([]casework.Case, error)
	// Read reads one case unlocked.
	Read(ctx context.Context, id int64) (casework.Case, error)
	// CodeOfRoom finds whose room it is on the platform; ok is false when it is nobody's.
	CodeOfRoom(ctx context.Context, platform, room string) (code casework.Code, ok bool, err error)
	// CountOpen counts open cases by state, for those who see figures only.
	CountOpen(ctx context.Context) (map[casework.State]int, error)
}

// Vault keeps who the clients are, encrypted.
type Vault interface {
	PutIdentity(ctx context.Context, caseID int64, id casework.Identity) error
	Identity(ctx context.Context, caseID int64) (casework.Identity, error) // casework.ErrNotKnown when there is none
	// PutNearName keeps a near person's name beside the client's identity.
	PutNearName(ctx context.Context, caseID int64, name string) error
	// NearName reads what PutNearName kept; empty when nobody told.
	NearName(ctx context.Context, caseID int64) (string, error)
	// SameClient lists other cases' ids whose client has the same personal identity code.
	SameClient(ctx context.Context, caseID int64) ([]int64, error)
	// LastRefusal is when the same client last refused consent in another case; zero when never.
	LastRefusal(ctx context.Context, caseID int64) (time.Time, error)
	// Forget takes everything out of the vault that tells who a case's client is. A repeated call does nothing.
	Forget(ctx context.Context, caseID int64) error
}

// Logs are append-only and hash-chained.
type Logs interface {
	LogAccess(ctx context.Context, row casework.AccessRow) error
	LogDisclosure(ctx context.Context, row casework.DisclosureRow) error
	// AccessOf reads a page of a case's access log, newest first, and tells how many lines the whole has; of a page beyond the
	// last, none.
	AccessOf(ctx context.Context, caseID int64, p casework.AccessPage) (lines []casework.AccessLine, all int, err error)
	// SealedAt is when all chains were last sealed; zero when never.
	SealedAt(ctx context.Context) (time.Time, error)
}

// Outbox holds what is still to be done outside, in the same transaction as its cause.
type Outbox interface {
	// Tell stores a notice and returns its id. One without a case is about none.
	Tell(ctx context.Context, n casework.OutNotice) (id int64, err error)
	Notice(ctx context.Context, id int64) (casework.OutNotice, error)
	// Undelivered counts the notices and due agenda items that wait for delivery at the transaction's time.
	Undelivered(ctx context.Context) (int, error)
	// RoomNotices lists a case's undelivered room notices, oldest first.
	RoomNotices(ctx context.Context, caseID int64) ([]casework.OutNotice, error)
	// Delivered marks a notice delivered as the platform's message, or no longer right when message is empty.
	Delivered(ctx context.Context, id int64, platform, message string) error
	// Enqueue adds a job to be done after commit; priority 1 is done first, 4 last.
	Enqueue(ctx context.Context, job river.JobArgs, priority int) error
	// Waiting lists the cases for which a job of the kind waits, to be done or to be tried again.
	Waiting(ctx context.Context, kind string) (caseIDs []int64, err error)
	// Unfinished is Waiting, with the cases for which one is being done now.
	Unfinished(ctx context.Context, kind string) (caseIDs []int64, err error)
	// Due claims undelivered agenda items due by the transaction's time, earliest first, of all cases but the given ones; others'
	// claims are passed over.
	Due(ctx context.Context, limit int, but ...int64) ([]casework.DueItem, error)
	// Done marks an agenda item delivered.
	Done(ctx context.Context, itemID int64) error

	// Rooms lists the rooms a case ever had, oldest first.
	Rooms(ctx context.Context, caseID int64) ([]casework.RoomRecord, error)
	// OpenRooms lists every room that is not known to be archived, of all cases.
	OpenRooms(ctx context.Context) ([]casework.RoomRecord, error)
	// SaveRoom stores what is known of a room. An open room of a case whose consent does not hold (any more) is refused by
	// casework.NoConsent, and with it the transaction: close it first and record it as archived.
	SaveRoom(ctx context.Context, r casework.RoomRecord) error
	// LoseRoom notes that Luotsi was put out of a room, or is in it again.
	LoseRoom(ctx context.Context, platform, room string, lost bool) error
	// LoseQueue notes that Luotsi cannot use a platform's coordinators' room; news is false when that was known.
	LoseQueue(ctx context.Context, platform string) (news bool, err error)
	// FindQueue notes that it can be used again; news is false when it was not lost.
	FindQueue(ctx context.Context, platform string) (news bool, err error)
	// LostQueues lists the platforms whose coordinators' room Luotsi cannot use.
	LostQueues(ctx context.Context) (platforms []string, err error)
	// Lease takes the sole right to do a piece of work for a case until the instant (of the machine's clock). ok is false
	// while another holds it; that one then finds, when releasing, that somebody came. The holder may lease again.
	Lease(ctx context.Context, caseID int64, work, holder string, until time.Time) (ok bool, err error)
	// Release gives the right back, unless somebody came meanwhile: then again is true and the lease is kept, to look once
	// more. Releasing what one does not hold changes nothing.
	Release(ctx context.Context, caseID int64, work, holder string) (again bool, err error)
	// Card finds the message that shows a case in the coordinators' room; ok is false when there is none yet.
	Card(ctx context.Context, caseID int64, platform string) (room, message string, ok bool, err error)
	SaveCard(ctx context.Context, caseID int64, platform, room, message string) error
}
