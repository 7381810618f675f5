package bot

import (
	"time"
)

// Role is what a person is trusted with in the organisation, apart from any case.
type Role string

// The roles of model.md § 2. What each may do stands in commands/access.go.
const (
	Professional Role = "professional"
	Coordinator  Role = "coordinator"
	Supervisor   Role = "supervisor"
	DPO          Role = "dpo"
	Analyst      Role = "analyst"
	Guest        Role = "guest"
	Admin        Role = "admin"
)

// Person is somebody of the organisation who talks to Luotsi.
type Person struct {
	Login      string // unique in the organisation; what forms carry
	Name       string
	Unit       string // unit code
	Profession string
	Roles      []Role
	Lang       Lang
}

// Has reports whether the person has the role.
func (p Person) Has(r Role) bool {
	for _, have := range p.Roles {
		if have == r {
			return true
		}
	}
	return false
}

// PlaceKind says what kind of conversation a request came from.
type PlaceKind string

// The kinds of place.
const (
	InDirect PlaceKind = "direct" // the person alone with Luotsi
	InRoom   PlaceKind = "room"   // a case's own private room
	InQueue  PlaceKind = "queue"  // the service coordinators' room
	InOther  PlaceKind = "other"  // any other room
	OnPage   PlaceKind = "page"   // Luotsi's own web page
)

// Place is where a request was made.
type Place struct {
	Kind PlaceKind
	Room string // the platform's id of the room; empty for direct
}

// Web is the platform of what is asked on Luotsi's own pages; its users are logins.
const Web = "web"

// Request is one thing a person asked, decoded and authenticated by an adapter. Exactly one of Text, Submit, Press and Open is
// set.
type Request struct {
	ID       string // the platform's event id: the same id twice changes nothing and is answered the same
	Platform string
	User     string // the platform's id of the person
	Place    Place
	At       time.Time
	Text     string         // a slash command with its arguments, trigger included
	Submit   string         // sealed ticket of a form that is sent
	Press    string         // sealed ticket of a button that is pressed
	Open     string         // sealed ticket of a link to Luotsi's own page that is opened
	Values   map[string]any // of a form that is sent: string, []string or bool by field name
	Part     bool           // Values are only some of the form's answers: they are kept, and the rest is asked for
	Unasked  bool           // an adapter makes a view anew by itself: nobody asked, and a look is no row in the log
}

// Response is what a command's handler says: data, in no language yet.
type Response struct {
	Replies []Message // seen only by the asker
	Form    *Form     // to be filled in
	Link    string    // one-time address on Luotsi's own page
	Direct  bool      // replies belong in the person's direct messages, wherever the asking happened
}

// Reply is a Response of one message.
func Reply(m Message) Response { return Response{Replies: []Message{m}} }

// Answer is a Response said in the asker's language: what an adapter shows. It marshals to JSON and back unchanged.
type Answer struct {
	Replies []Post            `json:"replies"`
	Dialog  *Dialog           `json:"form"`
	Errors  map[string]string `json:"errors"`
	Link    string            `json:"link"`
	Direct  bool              `json:"direct,omitempty"`
	Done    bool              `json:"done,omitempty"` // a case was changed: the button that asked for it has had its use
}
