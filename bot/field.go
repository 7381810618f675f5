package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Kind is what a field asks for; every platform shows each kind in its own way.
type Kind string

// The eight kinds.
const (
	LineText Kind = "text"
	TextArea Kind = "textarea"
	Select   Kind = "select"
	Multi    Kind = "multi"
	Bool     Kind = "bool"
	Day      Kind = "date"
	Moment   Kind = "datetime"
	Someone  Kind = "person"
)

// Option is one choice of a select, multi or person field.
type Option struct {
	Value string
	Label Text
}

// Spec is what a field is apart from its type.
type Spec struct {
	Name      string
	Kind      Kind
	Required  bool
	When      *When // required only then, on top of Required
	Folded    bool  // shown only when the person asks for more; not so while it may be required
	Identity  bool  // may hold a personal identity code; every other field refuses one
	Sensitive bool  // identity or client's words: only on a platform trusted with identity
	Max       int   // characters; 0 = the kind's own limit
	Past      bool  // a date or time that has already been is what is asked
	Default   any   // string, []string or bool
	Options   []Option
	Refused   map[string]string // values a rule of care refuses, by the rule's name
	Label     Text              // zero: the catalogue's "field.<name>", or the form's own "form.<command>.<name>"
	Help      Text              // zero: the catalogue's "help.<name>", if there is one
	read      func(s Spec, raw any, now time.Time) (any, *FieldError)
}

// When is a condition on another field of the same form: that it has one of the values.
type When struct {
	Field  string   `json:"field"`
	Values []string `json:"values"`
}

func (w *When) holds(raw map[string]any) bool {
	if w == nil {
		return false
	}
	v, _ := raw[w.Field].(string)
	return slices.Contains(w.Values, v)
}

// Field is a question whose answer has the type T. It is a variable: listed in a form, and read by the handler with Of.
type Field[T any] struct{ Spec }

// AnyField is a field of any type, as a form lists it.
type AnyField interface{ spec() Spec }

func (f Field[T]) spec() Spec { return f.Spec }

// Of is the field's answer, or T's zero value when it was left empty.
func (f Field[T]) Of(in Input) T {
	v, _ := in.read[f.Name].(T)
	return v
}

// Given reports whether the field was answered.
func (f Field[T]) Given(in Input) bool {
	_, ok := in.read[f.Name]
	return ok
}

// Asked reports whether the field was put to the person, who may have left it empty: a chat may leave folded fields out.
func (f Field[T]) Asked(in Input) bool { return in.asked[f.Name] }

// Must returns the field as a required one.
func (f Field[T]) Must() Field[T] { f.Required = true; return f }

// MustWhen returns the field as one that is required when another field has one of the values.
func (f Field[T]) MustWhen(other string, values ...string) Field[T] {
	f.When = &When{Field: other, Values: values}
	return f
}

// Fold returns the field hidden behind "more".
func (f Field[T]) Fold() Field[T] { f.Folded = true; return f }

// Secret returns the field as one only a trusted platform may show.
func (f Field[T]) Secret() Field[T] { f.Sensitive = true; return f }

// From returns the field with the choices it has in this form.
func (f Field[T]) From(options []Option) Field[T] { f.Options = options; return f }

// Never returns the field as one that refuses the values by a rule of care.
func (f Field[T]) Never(rule string, values ...string) Field[T] {
	f.Refused = map[string]string{}
	for _, v := range values {
		f.Refused[v] = rule
	}
	return f
}

// Preset returns the field with an answer already in it: string, []string or bool.
func (f Field[T]) Preset(v any) Field[T] { f.Default = v; return f }

// Named returns the field with a label of its own.
func (f Field[T]) Named(label Text) Field[T] { f.Label = label; return f }

// Helped returns the field with a help text of its own.
func (f Field[T]) Helped(help Text) Field[T] { f.Help = help; return f }

// InPast returns a date or time field that asks for what has already been.
func (f Field[T]) InPast() Field[T] { f.Past = true; return f }

// The limits of what a person can type, in characters.
const (
	MaxText     = 150
	MaxTextArea = 3000
)

// TextField asks for one line.
func TextField(name string) Field[string] {
	return Field[string]{Spec{Name: name, Kind: LineText, Max: MaxText, read: readText}}
}

// AreaField asks for free text of several lines.
func AreaField(name string) Field[string] {
	return Field[string]{Spec{Name: name, Kind: TextArea, Max: MaxTextArea, read: readText}}
}

// SelectField asks for one of the codes; their labels are the catalogue's "option.<list>.<code>".
func SelectField(name, list string, codes ...string) Field[string] {
	return Field[string]{Spec{Name: name, Kind: Select, Options: Options(list, codes...), read: readChoice}}
}

// MultiField asks for any number of the codes.
func MultiField(name, list string, codes ...string) Field[[]string] {
	return Field[[]string]{Spec{Name: name, Kind: Multi, Options: Options(list, codes...), read: readChoices}}
}

// BoolField asks yes or no; an unanswered one reads false.
func BoolField(name string) Field[bool] {
	return Field[bool]{Spec{Name: name, Kind: Bool, read: readBool}}
}

// DateField asks for a day; it reads as midnight of that day in Helsinki.
func DateField(name string) Field[time.Time] {
	return Field[time.Time]{Spec{Name: name, Kind: Day, read: readDay}}
}

// DateTimeField asks for an instant.
func DateTimeField(name string) Field[time.Time] {
	return Field[time.Time]{Spec{Name: name, Kind: Moment, read: readMoment}}
}

// PersonField asks for a person of the organisation; it reads as a login. Its choices are given per form.
func PersonField(name string) Field[string] {
	return Field[string]{Spec{Name: name, Kind: Someone, read: readChoice}}
}

// Options makes choices of codes whose labels are the catalogue's "option.<list>.<code>".
func Options(list string, codes ...string) []Option {
	out := make([]Option, len(codes))
	for i, c := range codes {
		out[i] = Option{Value: c, Label: T("option." + list + "." + c)}
	}
	return out
}

func readText(s Spec, raw any, _ time.Time) (any, *FieldError) {
	v, ok := raw.(string)
	if !ok {
		return nil, &FieldError{Text: T("error.shape")}
	}
	v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
	switch {
	case v == "":
		return nil, nil
	case !utf8.ValidString(v) || strings.ContainsRune(v, 0):
		return nil, &FieldError{Text: T("error.shape")}
	case utf8.RuneCountInString(v) > s.Max:
		return nil, &FieldError{Text: TD("error.too_long", Data{"max": s.Max, "length": utf8.RuneCountInString(v)})}
	}
	return v, nil
}

func readChoice(s Spec, raw any, _ time.Time) (any, *FieldError) {
	v, ok := raw.(string)
	switch {
	case !ok:
		return nil, &FieldError{Text: T("error.shape")}
	case v == "":
		return nil, nil
	case !offers(s.Options, v):
		return nil, &FieldError{Text: T("error.not_a_choice")}
	}
	return v, nil
}

func readChoices(s Spec, raw any, _ time.Time) (any, *FieldError) {
	values, ok := stringsOf(raw)
	if !ok {
		return nil, &FieldError{Text: T("error.shape")}
	}
	var out []string
	for _, v := range values {
		if v == "" || slices.Contains(out, v) {
			continue
		}
		if rule := s.Refused[v]; rule != "" {
			return nil, &FieldError{Rule: rule, Text: T("refusal." + rule)}
		}
		if !offers(s.Options, v) {
			return nil, &FieldError{Text: T("error.not_a_choice")}
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func offers(options []Option, v string) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == v })
}

// stringsOf accepts what platforms send for several choices: a list, or one string for one choice.
func stringsOf(raw any) ([]string, bool) {
	switch v := raw.(type) {
	case string:
		return []string{v}, true
	case []string:
		return v, true
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			s, ok := e.(string)
			if !ok {
				return nil, false
			}
			out[i] = s
		}
		return out, true
	}
	return nil, false
}

func readBool(_ Spec, raw any, _ time.Time) (any, *FieldError) {
	switch v := raw.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.ToLower(v) {
		case "true", "on", "1":
			return true, nil
		case "false", "":
			return false, nil
		}
	}
	return nil, &FieldError{Text: T("error.shape")}
}

func readDay(s Spec, raw any, now time.Time) (any, *FieldError) {
	return readTime(s, raw, now, ParseDay)
}

func readMoment(s Spec, raw any, now time.Time) (any, *FieldError) {
	return readTime(s, raw, now, ParseMoment)
}

func readTime(s Spec, raw any, now time.Time, parse func(string, time.Time, bool) (time.Time, error)) (any, *FieldError) {
	v, ok := raw.(string)
	if !ok {
		return nil, &FieldError{Text: T("error.shape")}
	}
	if strings.TrimSpace(v) == "" {
		return nil, nil
	}
	t, err := parse(v, now, s.Past)
	if err != nil {
		return nil, &FieldError{Text: TD("error.when."+whenReason(err), Data{"example": WhenExample(s.Kind, s.Past, now)})}
	}
	return t, nil
}
