package casework

import (
	"errors"
	"regexp"
	"time"
)

// User is a person of the organisation in the people directory.
type User struct {
	Person
	Name       string
	Email      string // empty when not told
	Profession string
	Roles      []string
	Lang       string
	QuietFrom  string // "HH:MM"; empty = none
	QuietTo    string
	Digest     bool
	Disabled   bool // access is closed
	Held       bool // it was closed by hand: no account that works opens it again
}

// SelfLogin begins the logins of people who registered themselves, and no others.
const SelfLogin = "self-"

var login = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// LoginFits reports whether a person may have the login: letters a to z, digits, dot, hyphen and underscore, and not one by
// which Luotsi itself acts.
func LoginFits(s string) bool { return login.MatchString(s) && s != System && s != "luotsi" }

// Account is a user's account on a chat platform.
type Account struct {
	Platform string
	User     string // the platform's id
}

// Unit is a unit of the organisation or a partner outside it.
type Unit struct {
	Code     string
	Name     string
	Register Register
	Care     bool // gives care or support, so that a client may let it in
}

// Identity is who a client is. It lives in the vault only, encrypted, and is shown on Luotsi's own page.
type Identity struct {
	Name    string
	Code    string // personal identity code; empty when only contact details are known
	Contact string
}

// AccessRow is a row of the access log (703/2023 § 10; model.md P25): who used which data, why, and whether it was allowed.
type AccessRow struct {
	At        time.Time
	Who       string // login
	Unit      string
	Action    string // command key, or the name of an act of time
	CaseID    int64  // 0 = about no case, or about one that the person may not know of
	Code      string // case code, empty likewise
	Fields    string // groups of data used: "identity", "concern", "case", "log"
	Register  string // whose data
	Purpose   string // purpose code
	Basis     string // consent version ("consent:2"), contact basis, or empty
	Surface   string // mattermost, slack, sandbox, web, job
	RequestID string
	Allowed   bool
	Rule      string // rule that denied
}

// AccessPage is a part of a case's access log, as it is read at once. Rows of one day (Helsinki) that differ in nothing but their
// moment are one line, so that many of them hide nothing else.
type AccessPage struct {
	Upto  int64 // the newest row of the reading, so that its pages fit together while rows are added; 0 = all there are
	From  int   // lines to pass over
	Lines int   // at most
	// Every allowed row of the action for one of the purposes is a line of its own.
	Alone    string
	Purposes []string
}

// AccessLine is what is read of one or more rows of a case's access log: the newest, without what a line does not tell (Code,
// Fields, Register, Basis, RequestID).
type AccessLine struct {
	AccessRow
	No    int64     // the row's place in the log
	First time.Time // moment of the oldest of them
	Times int       // how many there are
}

// DisclosureRow is a row of the disclosure log (model.md P26): what was disclosed, by whom, to whom, on what ground.
type DisclosureRow struct {
	At            time.Time
	CaseID        int64
	Data          string // information categories
	From          Register
	Discloser     string
	Recipient     string // login
	RecipientUnit string
	Purpose       string
	Ground        string // contact basis or "consent:<version>"
}

// OutNotice is a notice on its way to one person or to the case's room.
type OutNotice struct {
	ID        int64
	CaseID    int64
	Kind      string // a NoticeKind, or "remind_" and an ItemKind
	To        string // login; empty = the case's room
	On        time.Time
	CreatedAt time.Time
	Done      bool // delivered or no longer right
}

// RoomRecord is a case's room as it is known to be on a platform.
type RoomRecord struct {
	CaseID   int64
	Number   int
	Platform string
	Room     string // the platform's id
	Archived bool
	Lost     bool   // Luotsi was put out of it
	Name     string // what it was called when it was opened; empty when not known
}

// DueItem is an agenda item that is due.
type DueItem struct {
	ID     int64
	CaseID int64
	Item
}

// Errors of whoever keeps cases and people.
var (
	ErrNotKnown   = errors.New("not known")
	ErrCodeTaken  = errors.New("case code already used")
	ErrLoginTaken = errors.New("login, e-mail or account is somebody's already")
)
