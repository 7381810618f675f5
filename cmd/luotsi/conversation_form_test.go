package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"luotsi/bot"
)

// sheet is a form in somebody's hands with what was last sent in it.
type sheet struct {
	as     string
	dialog bot.Dialog
	values map[string]any
}

// answer fills in the form that was opened, as a person does: what is preset stays unless something else is written.
func (k *talk) answer(answers [][2]string) error {
	if len(answers) == 0 {
		return nil
	}
	if k.open == nil {
		return fmt.Errorf("there is no form to fill in, but: %s", k.last.raw)
	}
	return k.send(*k.open, k.open.as, answers)
}

func (k *talk) send(s sheet, as string, answers [][2]string) error {
	values := maps.Clone(s.values)
	if values == nil {
		values = map[string]any{}
		for _, f := range s.dialog.Fields {
			if f.Default != nil {
				values[f.Name] = f.Default
			}
		}
	}
	for _, a := range answers {
		i := slices.IndexFunc(s.dialog.Fields, func(f bot.DialogField) bool { return f.Name == a[0] })
		if i < 0 {
			return fmt.Errorf("the form has no field %s", a[0])
		}
		values[a[0]] = valueOf(s.dialog.Fields[i].Kind, a[1])
	}
	if err := k.act("submit", map[string]any{"as": as, "form": s.dialog.ID, "values": values}); err != nil {
		return err
	}
	if len(k.last.got.Errors) > 0 {
		s.values = values
		k.open = &s
	}
	return nil
}

func valueOf(kind bot.Kind, written string) any {
	switch kind {
	case bot.Multi:
		list := []string{}
		for one := range strings.SplitSeq(written, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
		return list
	case bot.Bool:
		return written == "true"
	}
	return strings.ReplaceAll(written, `\n`, "\n")
}

// corrects fills in anew what was at fault and sends the same form with all the rest as it was typed.
func (k *talk) corrects(words []string, answers [][2]string) error {
	if k.open == nil || k.open.as != words[0] || k.open.values == nil {
		return fmt.Errorf("%s has no form with faults", words[0])
	}
	return k.answer(answers)
}

func (k *talk) keepForm(words []string, _ [][2]string) error {
	if k.open == nil {
		return fmt.Errorf("no form is open, but: %s", k.last.raw)
	}
	k.kept[words[0]], k.open = *k.open, nil
	return nil
}

func (k *talk) sendsKept(words []string, answers [][2]string) error {
	s, ok := k.kept[words[1]]
	if !ok {
		return fmt.Errorf("no form was kept as %s", words[1])
	}
	return k.send(s, words[0], answers)
}
