// Package page asks and shows on Luotsi's own web pages what a chat is not trusted with, to the one person it is for; the pages
// work by keyboard, by screen reader, on a phone and without scripts.
package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"luotsi/bot"
)

//go:embed locale static templates
var files embed.FS

// Texts holds the pages' own sentences, for bot.NewCatalog.
var Texts = folder("locale")

// Static holds what the pages load: styles, scripts and pictures.
var Static = folder("static")

func folder(name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		return files
	}
	return sub
}

// FormView is a form to be shown, perhaps not for the first time.
type FormView struct {
	Dialog  bot.Dialog
	Catalog *bot.Catalog // with Texts in it
	Lang    bot.Lang
	Values  map[string]any    // what was typed before; nil: the fields' defaults
	Errors  map[string]string // by field name, said in Lang
	Alert   string            // said above the fields: why the form as a whole was not accepted
	Action  string            // address the form is sent to
	Target  string            // optional: htmx selector of what the answer replaces; empty: an ordinary post
	Echo    string            // optional: address that says a typed date in full, asked by htmx
	Cancel  bool              // offer a button that closes the dialog the form is in (data-close)
	Sealed  string            // optional: what the form carries along unread, in the hidden field SealedField
	Now     time.Time         // what the days of examples are counted from
	Page    bool              // the form is a page of its own: its title is the page's heading
}

// maxRadios is how many choices are shown at once; more go into a list that opens.
const maxRadios = 8

type formModel struct {
	FormView
	Intro   []string
	Faults  []fault
	Summary string
	Fields  []fieldModel
	Folded  []fieldModel
	Open    bool // the folded fields hold something to see
	listed  []fieldModel
}

type fault struct{ ID, Label, Text string }

type fieldModel struct {
	bot.DialogField
	ID       string
	Error    string
	Text     string          // of a text, date or list field
	Chosen   map[string]bool // of a field with choices, or "true" of a yes-or-no field
	Radios   bool
	Area     bool
	Rows     int
	Lines    []string // of a field whose choices are written by name
	List     string   // id of the list that completes them; the field's own when it has options
	Picker   string   // type of the browser's own date picker
	EchoURL  string
	Describe string // ids of help and error, for screen readers
	Hint     string
	form     *formModel
}

// T says one of the page's own sentences.
func (m formModel) T(id string) string { return m.Catalog.Say(m.Lang, bot.T("page.form."+id)) }

// T says one of the page's own sentences.
func (f fieldModel) T(id string) string { return f.form.T(id) }

var parsed = sync.OnceValues(func() (*template.Template, error) {
	return template.ParseFS(files, "templates/form.html")
})

// TicketField is the hidden field that holds a form's ticket. No question's input can have that name.
const TicketField = "form-ticket"

// SealedField is the hidden field that holds what a form carries along. No question's input can have that name.
const SealedField = "form-sealed"

// controlName is the name and the id of a question's input. It is never the bare name of the question: one called "form" would
// stand in for the form's own property of that name, and htmx could not send the form.
func controlName(d bot.DialogField) string { return "f-" + d.Name }

// TicketField is the package's, for the template.
func (m formModel) TicketField() string { return TicketField }

// SealedField is the package's, for the template.
func (m formModel) SealedField() string { return SealedField }

// RenderForm writes a form as HTML: a form element with a hidden field TicketField that holds its ticket, and for each field an
// input that DecodeForm finds, labelled, with its help and its error beside it. The heading has the id "form-title".
func RenderForm(w io.Writer, v FormView) error {
	t, err := parsed()
	if err != nil {
		return fmt.Errorf("reading the form's template: %w", err)
	}
	if err := t.ExecuteTemplate(w, "form", newFormModel(v)); err != nil {
		return fmt.Errorf("showing a form: %w", err)
	}
	return nil
}

func newFormModel(v FormView) *formModel {
	m := &formModel{FormView: v, Intro: lines(v.Dialog.Intro)}
	for _, d := range v.Dialog.Fields {
		f := m.field(d)
		if f.Error != "" {
			m.Faults = append(m.Faults, fault{ID: f.ID, Label: f.Label, Text: f.Error})
		}
		if !d.Folded {
			m.Fields = append(m.Fields, f)
			continue
		}
		m.Folded = append(m.Folded, f)
		m.Open = m.Open || f.Error != "" || v.Values != nil && (f.Text != "" || len(f.Chosen) > 0)
	}
	m.Summary = v.summary()
	return m
}

// summary says how many of the shown answers are at fault; empty when none is.
func (v FormView) summary() string {
	n := 0
	for _, d := range v.Dialog.Fields {
		if v.Errors[d.Name] != "" {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return v.Catalog.Say(v.Lang, bot.TD("page.form.faults", bot.Data{"count": n}))
}

func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func (m *formModel) field(d bot.DialogField) fieldModel {
	f := fieldModel{DialogField: d, ID: controlName(d), Error: m.Errors[d.Name], Chosen: map[string]bool{}, form: m}
	f.fill(m.valueOf(d))
	m.names(&f, m.valueOf(d))
	switch d.Kind {
	case bot.TextArea:
		f.Area, f.Rows = true, 3
	case bot.Select, bot.Someone:
		f.Radios = len(d.Options) <= maxRadios
	case bot.Day:
		f.Picker, f.Hint = "date", m.example(d)
	case bot.Moment:
		f.Picker, f.Hint = "datetime-local", m.example(d)
	}
	if f.Picker != "" && m.Echo != "" {
		f.EchoURL = echoURL(m.Echo, d)
	}
	var ids []string
	if d.Help != "" || f.Hint != "" {
		ids = append(ids, f.ID+"-help")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	f.Describe = strings.Join(ids, " ")
	return f
}

// example shows how the field's day or moment may be written.
func (m *formModel) example(d bot.DialogField) string {
	return m.Catalog.Say(m.Lang, bot.WhenExample(d.Kind, d.Past, m.Now))
}

func echoURL(base string, d bot.DialogField) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("field", controlName(d))
	q.Set("kind", string(d.Kind))
	if d.Past {
		q.Set("past", "1")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (m *formModel) valueOf(d bot.DialogField) any {
	if m.Values == nil {
		return d.Default
	}
	return m.Values[d.Name]
}

// fill puts a value of any shape that defaults, decoded posts and stored JSON have into the field.
func (f *fieldModel) fill(v any) {
	switch v := v.(type) {
	case string:
		f.Text = v
		if v != "" && (len(f.Options) > 0 || f.Kind == bot.Bool) {
			f.Chosen[v] = true
		}
	case bool:
		if v {
			f.Chosen["true"] = true
		}
	case []string:
		for _, s := range v {
			f.Chosen[s] = true
		}
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				f.Chosen[s] = true
			}
		}
	}
}
