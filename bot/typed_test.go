package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// typing is a dispatcher of a few commands, of which a supervisor's are not for everybody.
func typing(t *testing.T) *Dispatcher[int] {
	t.Helper()
	command := func(key string, aim Aim, fi, sv string) *Command[int] {
		return &Command[int]{
			Key: key, Aim: aim, Names: map[Lang]string{FI: fi, SV: sv, EN: key},
			Do: func(context.Context, *Call[int]) (Response, error) { return Response{}, nil },
		}
	}
	r, err := NewRegistry(
		command("raise", NoCase, "huoli", "oro"), command("mine", NoCase, "omat", "mina"), command("show", AnyCase, "asia", "ärende"),
		command("plan", AnyCase, "tapaaminen sovi", "möte boka"), command("cancel", AnyCase, "tapaaminen peru", "möte avboka"),
		command("take back", AnyCase, "peru huoli|peruuta", "ta-tillbaka"), command("audit", AnyCase, "tapaaminen valvo", "möte granska"),
	)
	if err != nil {
		t.Fatal(err)
	}
	return &Dispatcher[int]{
		Registry: r, Forbidden: never, CodeLike: func(s string) bool { return strings.Contains(s, "-") },
		May: func(p Person, c *Command[int]) bool { return c.Key != "audit" || p.Has(Supervisor) },
	}
}

// TestWhatIsTyped: a refusal says what may be typed there, gives the way on, and never says what was typed.
func TestWhatIsTyped(t *testing.T) {
	d := typing(t)
	for typed, want := range map[string]struct {
		text    string // id of what is said; empty: the command goes on
		usage   string
		buttons string // commands of the buttons
		code    string
	}{
		"/huoli":                        {},
		"/luotsi asia AB-C":             {code: "AB-C"},
		"/huoli AB-C":                   {"refusal.nothing_after_command", "/luotsi huoli", "raise", ""},
		"/luotsi omat Maija Meikäinen":  {"refusal.nothing_after_command", "/luotsi omat", "mine", ""},
		"/luotsi asia maija":            {"refusal.no_code_on_command_line", "/luotsi asia BCDFGHJ-K", "show", ""},
		"/luotsi asia AB-C maija":       {"refusal.text_on_command_line", "", "show", "AB-C"},
		"/huoli maija 010140-900T":      {"refusal.identity_on_command_line", "", "raise", ""},
		"/luotsi asia 010140-900T":      {"refusal.identity_on_command_line", "", "show", ""},
		"/luotsi uoli 010140-900T":      {"refusal.identity_on_command_line", "", "help", ""},
		"/luotsi tapaaminen":            {"refusal.unknown_command_part", "/luotsi tapaaminen sovi, /luotsi tapaaminen peru", "plan cancel help", ""},
		"/luotsi Möte AB-C":             {"refusal.unknown_command_part", "/luotsi tapaaminen sovi, /luotsi tapaaminen peru", "plan cancel help", ""},
		"/luotsi peru maija":            {"refusal.unknown_command_part", "/luotsi tapaaminen peru, /luotsi peru huoli", "cancel take back help", ""},
		"/luotsi tapaaminen sovii AB-C": {"refusal.unknown_command_near", "", "plan help", ""},
		"/luotsi uoli":                  {"refusal.unknown_command_near", "", "raise help", ""},
		"/luotsi kirjava":               {"refusal.unknown_command", "", "help", ""},
	} {
		c := &Call[int]{Request: Request{Text: typed}, Person: Person{Lang: FI}}
		_, err := d.route(c)(t.Context(), c)
		var r *Refusal
		errors.As(err, &r)
		if r == nil {
			r = &Refusal{}
		}
		var buttons []string
		for _, b := range r.Buttons {
			buttons = append(buttons, b.Command)
		}
		if r.Text.ID != want.text || strings.Join(buttons, " ") != want.buttons || c.Code != want.code {
			t.Errorf("%s: said %q with %q about %q", typed, r.Text.ID, buttons, c.Code)
		}
		if said := usages(r.Text); said != want.usage {
			t.Errorf("%s: may be typed %q, want %q", typed, said, want.usage)
		}
	}
}

// usages are the commands that a refusal says may be typed.
func usages(t Text) string {
	if one, ok := t.Data["usage"].(string); ok {
		return one
	}
	var all []string
	many, _ := t.Data["usages"].([]Text)
	for _, u := range many {
		all = append(all, u.plain)
	}
	return strings.Join(all, ", ")
}
