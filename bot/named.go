package bot

import (
	"slices"
	"strings"
	"unicode"
)

// How many choices are listed to choose from. Who may choose more, writes the names of those they mean: no chat's form holds a whole
// county, and nobody reads through one.
const (
	MaxChoices = 40  // of which several may be chosen
	MaxListed  = 500 // of which one is chosen
)

// maxNear is how many choices are told that come near a name which is none.
const maxNear = 4

// apart stands between what a choice is called and what tells it from others of that name.
const apart = " · "

// Named reports whether the field's choices are too many to be listed, so that they are written by name.
func (f DialogField) Named() bool {
	return f.Kind == Multi && len(f.Options) > MaxChoices || f.Kind == Someone && len(f.Options) > MaxListed
}

// Names are the choices of the field's default by name, as who chooses would write them.
func (f DialogField) Names(value any) []string {
	values, _ := stringsOf(value)
	out := make([]string, 0, len(values))
	for _, v := range values {
		if i := slices.IndexFunc(f.Options, func(o DialogOption) bool { return o.Value == v }); i >= 0 {
			v = f.Options[i].Label
		}
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

// Choose returns a form's raw answers with choices in the place of their names: of what is not a choice's value already. A name is a
// choice's label in the language, or the part of it before " · " if no other choice begins so; capital letters and spaces do not
// matter. Several are divided by new lines, semicolons or commas. What names none is told beside its field, with what comes near, or
// is left as it was, which Read refuses.
func (c *Catalog) Choose(lang Lang, f Form, raw map[string]any, forbidden func(string) bool) (map[string]any, FieldErrors) {
	out, wrong := map[string]any{}, FieldErrors{}
	for name, v := range raw {
		out[name] = v
	}
	for _, field := range f.Fields {
		s := field.spec()
		values, ok := stringsOf(raw[s.Name])
		if !ok || len(s.Options) == 0 || slices.ContainsFunc(values, forbidden) {
			continue
		}
		if !slices.ContainsFunc(values, func(v string) bool { return v != "" && !offers(s.Options, v) && s.Refused[v] == "" }) {
			continue
		}
		chosen, fault := c.sayField(lang, f, s).choose(values)
		switch {
		case fault != nil:
			wrong[s.Name] = *fault
		case len(chosen) > 0 && s.Kind == Multi:
			out[s.Name] = chosen
		case len(chosen) == 1:
			out[s.Name] = chosen[0]
		}
	}
	return out, wrong
}

// choose reads what is written in a field's place; neither choices nor a fault if it names nothing known.
func (f DialogField) choose(written []string) ([]string, *FieldError) {
	var chosen []string
	for _, text := range written {
		for rest := pieces(text); len(rest) > 0; {
			value, used := f.first(rest)
			if used == 0 {
				return nil, f.unknown(rest[0])
			}
			chosen, rest = append(chosen, value), rest[used:]
		}
	}
	return chosen, nil
}

// pieces divides what is written where names may end. A comma stays with what follows it, since a name may hold one.
func pieces(text string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		for i, piece := range strings.Split(line, ",") {
			if i > 0 {
				piece = "," + piece
			}
			if folded(strings.TrimPrefix(piece, ",")) != "" {
				out = append(out, piece)
			}
		}
	}
	return out
}

// first finds the choice that the first pieces name, the longest name first, and tells how many pieces that took.
func (f DialogField) first(rest []string) (value string, used int) {
	for n := len(rest); n > 0; n-- {
		if n > 1 && !strings.HasPrefix(rest[n-1], ",") {
			continue
		}
		if value, ok := f.called(strings.TrimPrefix(strings.Join(rest[:n], ""), ",")); ok {
			return value, n
		}
	}
	return "", 0
}

// called finds the one choice of a name.
func (f DialogField) called(name string) (value string, ok bool) {
	name = folded(name)
	var begins []string
	for _, o := range f.Options {
		label := folded(o.Label)
		if name == label || name == folded(o.Value) {
			return o.Value, true
		}
		if before, _, more := strings.Cut(label, apart); more && name == before {
			begins = append(begins, o.Value)
		}
	}
	if len(begins) != 1 {
		return "", false
	}
	return begins[0], true
}

// unknown says what comes near a name that is none.
func (f DialogField) unknown(name string) *FieldError {
	name = strings.TrimSpace(strings.TrimPrefix(name, ","))
	words := strings.Fields(folded(name))
	var near []string
	for _, o := range f.Options {
		if label := strings.FieldsFunc(folded(o.Label), notInName); begun(label, words) {
			near = append(near, o.Label)
		}
	}
	data := Data{"name": name, "near": strings.Join(near[:min(len(near), maxNear)], "; ")}
	switch {
	case len(near) > maxNear:
		return &FieldError{Text: TD("error.name_of_many", data)}
	case len(near) > 0:
		return &FieldError{Text: TD("error.name_near", data)}
	case f.Named():
		return &FieldError{Text: TD("error.name_unknown", data)}
	}
	return nil
}

// begun reports whether each word begins one of the label's.
func begun(label, words []string) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		return !slices.ContainsFunc(label, func(l string) bool { return strings.HasPrefix(l, w) })
	})
}

func notInName(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("·-,()", r) }

// folded is a text as names are compared.
func folded(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
