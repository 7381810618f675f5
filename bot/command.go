package bot

import (
	"context"
	"fmt"
	"sort"
	"strings"
)

// Where says in which places a command may be used.
type Where string

// The places of a command. Elsewhere the person is told where it works, with a button that answers there.
const (
	Anywhere   Where = ""
	DirectOnly Where = "direct"
)

// Aim says whether a command is about a case.
type Aim int

// The aims.
const (
	NoCase  Aim = iota // about no case
	OneCase            // about one case: its code is the first argument, or implied by the case's room
	AnyCase            // about one case if a code is given or implied, otherwise about none
)

// Command is one thing a person can ask of Luotsi, declared once. D is what handlers work with ("the desk").
// Its summary is the catalogue's "command.<key>.summary"; an example is derived from its name.
type Command[D any] struct {
	Key   string          // stable name for audit, tickets and goldens: "concern.raise"
	Names map[Lang]string // what is typed after the trigger; other accepted names after "|"
	Where Where
	Aim   Aim
	// Form says what the command needs to know, or nil when it needs nothing (more). Asked again when the form is sent.
	Form func(ctx context.Context, c *Call[D]) (*Form, error)
	// Do carries the command out, with the form's answers in c.Input if there was a form.
	Do func(ctx context.Context, c *Call[D]) (Response, error)
}

// Call is one request on its way through: who asks what, about which case, and with which answers.
type Call[D any] struct {
	Request Request
	Person  Person
	Command *Command[D] // nil when the request named none
	Code    string      // case code as given, or implied by the room
	Args    map[string]string
	Input   Input
	Ticket  Ticket // of the form, button or link, if any
	Desk    D      // set by the Office

	draft map[string]any // answers kept of the form's earlier part
	asked map[string]any // answers of the part just sent
}

// Registry holds every command. It is built once and then only read.
type Registry[D any] struct {
	Commands []*Command[D]
	byKey    map[string]*Command[D]
	byName   map[string]*Command[D]
	longest  int // words in the longest name
}

// Triggers are the slash commands people type; the shortcuts stand for the command with that name.
var Triggers = map[string]string{"luotsi": "", "huoli": "huoli", "oro": "oro", "concern": "concern"}

// NewRegistry checks that no name or key stands for two commands and that every command has a name in every language.
func NewRegistry[D any](commands ...*Command[D]) (*Registry[D], error) {
	r := &Registry[D]{byKey: map[string]*Command[D]{}, byName: map[string]*Command[D]{}}
	for _, c := range commands {
		if r.byKey[c.Key] != nil {
			return nil, fmt.Errorf("command key %q stands twice", c.Key)
		}
		r.byKey[c.Key] = c
		r.Commands = append(r.Commands, c)
		for _, lang := range Langs {
			if err := r.name(c, lang); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

func (r *Registry[D]) name(c *Command[D], lang Lang) error {
	if c.Names[lang] == "" {
		return fmt.Errorf("command %q has no name in %s", c.Key, lang)
	}
	for _, name := range strings.Split(c.Names[lang], "|") {
		folded := foldName(name)
		if other := r.byName[folded]; other != nil && other != c {
			return fmt.Errorf("name %q stands for %q and %q", folded, other.Key, c.Key)
		}
		r.byName[folded] = c
		r.longest = max(r.longest, len(strings.Fields(folded)))
	}
	return nil
}

// Command finds a command by its key, or nil.
func (r *Registry[D]) Command(key string) *Command[D] { return r.byKey[key] }

// NameIn is the name shown to people of the language.
func (c *Command[D]) NameIn(lang Lang) string {
	name, _, _ := strings.Cut(c.Names[lang.Known()], "|")
	return strings.TrimSpace(name)
}

// Usage is what is typed to give the command about a case: the typed twin of a button.
func (c *Command[D]) Usage(lang Lang, code string) string {
	return strings.TrimSpace("/luotsi " + c.NameIn(lang) + " " + code)
}

// find resolves the longest name the words begin with, in any language, and returns the words after it.
func (r *Registry[D]) find(words []string) (*Command[D], []string) {
	for n := min(r.longest, len(words)); n > 0; n-- {
		if c := r.byName[foldName(strings.Join(words[:n], " "))]; c != nil {
			return c, words[n:]
		}
	}
	return nil, words
}

// nearest is the command whose name is closest to what was typed, or nil when nothing is close.
func (r *Registry[D]) nearest(typed string) *Command[D] {
	typed = foldName(typed)
	names := make([]string, 0, len(r.byName))
	for n := range r.byName {
		names = append(names, n)
	}
	sort.Strings(names)
	best, bestAt := (*Command[D])(nil), 1+len(typed)/3
	for _, n := range names {
		if d := editDistance(typed, n); d <= bestAt && d < len(typed) {
			best, bestAt = r.byName[n], d-1
		}
	}
	return best
}

var nameFolder = strings.NewReplacer("ä", "a", "å", "a", "ö", "o", "-", " ", "_", " ", "–", " ")

// foldName makes spellings alike: case, missing dots and rings, hyphens and extra spaces are forgiven.
func foldName(s string) string {
	return strings.Join(strings.Fields(nameFolder.Replace(strings.ToLower(s))), " ")
}

func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			prev, row[j] = row[j], min(row[j]+1, row[j-1]+1, prev+cost)
		}
	}
	return row[len(b)]
}
