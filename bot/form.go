package bot

import (
	"slices"
	"strings"
	"time"
)

// Form is what a command still needs to know, in no language yet. Its title is the catalogue's "form.<command>.title" and
// its introduction, one sentence on who will see the answers, "form.<command>.intro".
type Form struct {
	Command string
	Code    string            // the case it is about
	Args    map[string]string // ids the form must remember
	Data    Data              // values for the title and the introduction
	Notes   []Text            // said above the fields, after the introduction
	Words   []Text            // like Notes, but with somebody's own words: said only where a client's identity may be
	Fields  []AnyField
	Check   func(in Input) FieldErrors // optional: what answers must be together, beyond each by itself
}

// Input is a form's answers, checked and typed; fields are read with Field.Of.
type Input struct {
	read  map[string]any
	asked map[string]bool
}

// Read checks the raw values against the form at the instant: shape, length, choices, dates, what is required, and that no
// field but an identity field holds what forbidden recognises (a personal identity code). All faults are told at once.
func (f Form) Read(raw map[string]any, now time.Time, forbidden func(string) bool) (Input, FieldErrors) {
	in, wrong := Input{read: map[string]any{}, asked: map[string]bool{}}, FieldErrors{}
	for _, field := range f.Fields {
		s := field.spec()
		v, fault := s.answer(raw[s.Name], now, forbidden)
		_, in.asked[s.Name] = raw[s.Name]
		switch {
		case fault != nil:
			wrong[s.Name] = *fault
		case v != nil:
			in.read[s.Name] = v
		case s.Required || s.When.holds(raw):
			wrong[s.Name] = FieldError{Text: missing(s.Kind)}
		}
	}
	if f.Check != nil {
		for name, fault := range f.Check(in) {
			if _, already := wrong[name]; !already {
				wrong[name] = fault
			}
		}
	}
	if len(wrong) > 0 {
		return in, wrong
	}
	return in, nil
}

// missing says that a question must be answered. Of choices that are boxes, no single one must be ticked.
func missing(kind Kind) Text {
	if kind == Multi {
		return T("error.required_many")
	}
	return T("error.required")
}

func (s Spec) answer(raw any, now time.Time, forbidden func(string) bool) (any, *FieldError) {
	if raw == nil {
		return nil, nil
	}
	if texts, ok := stringsOf(raw); ok && !s.Identity && slices.ContainsFunc(texts, forbidden) {
		return nil, &FieldError{Rule: "identity_in_text", Text: T("refusal.identity_in_text")}
	}
	return s.read(s, raw, now)
}

// Dialog is a Form said in one language: what an adapter shows. ID is the sealed ticket that sending it needs.
type Dialog struct {
	ID      string        `json:"id"`
	Command string        `json:"command"`
	Title   string        `json:"title"`
	Intro   string        `json:"intro"`
	Submit  string        `json:"submit"`
	Fields  []DialogField `json:"fields"`
	// Part says that more of the form is asked for elsewhere: it is sent as a Request with Part set.
	Part bool `json:"part,omitempty"`
}

// DialogField is a field of a Dialog.
type DialogField struct {
	Name      string         `json:"name"`
	Kind      Kind           `json:"kind"`
	Label     string         `json:"label"`
	Help      string         `json:"help"`
	Required  bool           `json:"required"`
	When      *When          `json:"required_when,omitempty"`
	Folded    bool           `json:"folded"`
	Sensitive bool           `json:"sensitive,omitempty"`
	Past      bool           `json:"past,omitempty"`
	Default   any            `json:"default"`
	Max       int            `json:"max,omitempty"`
	Options   []DialogOption `json:"options"`
}

// DialogOption is a choice of a DialogField.
type DialogOption struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// SayForm says a form in a language; the id is left to whoever seals its ticket.
func (c *Catalog) SayForm(lang Lang, f Form) Dialog {
	d := Dialog{
		Command: f.Command,
		Title:   c.Say(lang, TD("form."+f.Command+".title", f.Data)),
		Intro:   c.Say(lang, TD("form."+f.Command+".intro", f.Data)),
		Submit:  c.Say(lang, T(c.First("form."+f.Command+".submit", "form.submit"))),
		Fields:  make([]DialogField, 0, len(f.Fields)),
	}
	for _, n := range append(f.Notes[:len(f.Notes):len(f.Notes)], f.Words...) {
		d.Intro += "\n" + c.Say(lang, n)
	}
	for _, field := range f.Fields {
		d.Fields = append(d.Fields, c.sayField(lang, f, field.spec()))
	}
	return d
}

func (c *Catalog) sayField(lang Lang, f Form, s Spec) DialogField {
	d := DialogField{
		Name: s.Name, Kind: s.Kind, Required: s.Required, When: s.When, Folded: s.Folded && !s.Required && s.When == nil, Sensitive: s.Sensitive, Past: s.Past,
		Default: s.Default, Max: s.Max, Options: make([]DialogOption, 0, len(s.Options)),
	}
	label, help := s.Label, s.Help
	if label.IsZero() {
		label = T(c.First("form."+f.Command+"."+s.Name, "field."+s.Name))
	}
	if help.IsZero() {
		help = T(c.First("form."+f.Command+"."+s.Name+"_help", "help."+s.Name))
	}
	d.Label = c.Say(lang, label)
	if help.ID == "" || c.Has(lang, help.ID) {
		d.Help = c.Say(lang, help)
	}
	for _, o := range s.Options {
		d.Options = append(d.Options, DialogOption{Value: o.Value, Label: c.Say(lang, o.Label)})
	}
	if d.Named() {
		d.Help = strings.TrimSpace(d.Help + " " + c.Say(lang, TD("form.names", Data{"example": d.Options[0].Label})))
	}
	return d
}
