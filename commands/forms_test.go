package commands

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// people is all that forms ask of a transaction.
type people struct{ Tx }

var (
	paula   = casework.Person{Login: "paula", Unit: "ASIAKASOHJAUS", Register: casework.Social, Coordinator: true}
	sanna   = casework.Person{Login: "sanna", Unit: "SOTE-KESKUS-A", Register: casework.Health}
	kaisa   = casework.Person{Login: "kaisa", Unit: "KOTIHOITO-B", Register: casework.Health}
	staffed = []casework.User{
		{Person: paula, Name: "Paula Palo", Roles: []string{"professional", "coordinator"}},
		{Person: sanna, Name: "Sanna Salo", Roles: []string{"professional"}},
		{Person: kaisa, Name: "Kaisa-Maria Kaukovaara-Ylä-Åkerman", Roles: []string{"professional"}},
	}
)

func (people) Users(context.Context) ([]casework.User, error) { return staffed, nil }

func (people) User(_ context.Context, login string) (casework.User, error) {
	for _, u := range staffed {
		if u.Login == login {
			return u, nil
		}
	}
	return casework.User{}, casework.ErrNotKnown
}

func (people) Units(context.Context) ([]casework.Unit, error) {
	return []casework.Unit{
		{Code: "ASIAKASOHJAUS", Name: "Asiakas- ja palveluohjaus", Register: casework.Social, Care: true},
		{Code: "KOTIHOITO-B", Name: "Kotihoito B", Register: casework.Health, Care: true},
	}, nil
}

func (people) SameClient(context.Context, int64) ([]int64, error) { return []int64{1, 2}, nil }

func (people) LastRefusal(context.Context, int64) (time.Time, error) { return time.Time{}, nil }

// Read knows other cases of the same client, in the state and since the day that take longest to say.
func (people) Read(_ context.Context, id int64) (casework.Case, error) {
	wednesday := time.Date(2026, 12, 30, 14, 30, 0, 0, casework.Helsinki)
	return casework.Case{ID: id, Code: "BCDFGHJ-K", State: casework.Paused, Coordinator: paula, AcceptedAt: wednesday}, nil
}

// onlyCase is a transaction in which everybody has something to do with the one open case.
type onlyCase struct {
	people
	c casework.Case
}

func (o onlyCase) Open(context.Context, string, bool) ([]casework.Case, error) {
	return []casework.Case{o.c}, nil
}

// stage is a case at one point of its way, somebody who acts on it, and when.
type stage struct {
	c  casework.Case
	me casework.User
	at time.Time
}

// stages walks a case from a concern to a withdrawn consent.
func stages(t *testing.T) []stage {
	t.Helper()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, casework.Helsinki)
	s := casework.DefaultSettings()
	var all []stage
	step := func(c casework.Case, err error) casework.Case {
		if err != nil {
			t.Fatalf("walking a case: %v", err)
		}
		for _, me := range staffed {
			all = append(all, stage{c, me, at})
		}
		at = at.Add(time.Hour)
		return c
	}
	asked := casework.Concern{Raiser: sanna, Basis: "nameless", Criteria: []string{"at_risk"}, Urgency: "normal", Question: "?"}
	advice := step(step(casework.Raise("BCDFGHJ-K", asked, at)).Take(paula, at))
	step(advice.AnswerQuestion(paula, "!", at))
	known := casework.Concern{Raiser: sanna, Basis: "shl35_1_client_agrees", Criteria: []string{"at_risk"}, Urgency: "urgent", HasIdentity: true}
	c := step(step(casework.Raise("BCDFGHJ-K", known, at)).Take(paula, at))
	step(c.Return("?", s, at))
	c = step(c.Accept(paula, casework.ClientFacts{Group: "older"}, at))
	c = step(c.AskConsent(paula, at, "phone", s, at))
	c = step(c.Grant(paula, casework.Consent{
		Form: "written_signed", GivenBy: "client", Capacity: "able", Categories: []string{"health"},
		Parties: []casework.Party{{Code: kaisa.Unit, Register: kaisa.Register}, {Code: sanna.Unit, Register: sanna.Register}, {Code: "near:daughter"}},
	}, s, at))
	c = step(c.Name(paula, kaisa, casework.Naming{Need: "?"}, at))
	c = step(c.AcceptNaming(kaisa, at))
	c = step(c.Invite(kaisa, sanna, "?", at))
	away := step(c.BeAway(kaisa, casework.AbsentResponsible, sanna, at.Add(24*time.Hour), at.Add(48*time.Hour), at))
	step(away.NotStandIn(sanna, at))
	meeting := casework.Meeting{Kind: "network_meeting", StartsAt: at.Add(24 * time.Hour), Minutes: 60, Invitees: []string{"kaisa", "near:daughter"}}
	c = step(c.Plan(kaisa, meeting, at))
	at = at.Add(48 * time.Hour)
	step(c, nil)
	step(c.Withdraw(paula, casework.Withdrawal{By: "client", To: "paula", At: at, Scope: "all"}, at))
	return all
}

// forms finds every command's form at the point of a case's way where the command asks most.
func forms(t *testing.T, catalog *bot.Catalog) map[string]*bot.Form {
	t.Helper()
	house := &House{Settings: casework.DefaultSettings(), Catalog: catalog, EmergencyPhone: "0295 000 000", Phone: "0295 000 001"}
	way, found := stages(t), map[string]*bot.Form{}
	for _, command := range registry(t).Commands {
		if command.Form == nil {
			continue
		}
		for _, s := range way {
			d := &Desk{Tx: people{}, House: house, At: s.at, Me: s.me, Case: s.c}
			c := &Call{Person: personOf(s.me), Command: command, Code: string(s.c.Code), Desk: d, Request: bot.Request{At: s.at}}
			if form, err := command.Form(t.Context(), c); err == nil && form != nil && asksMore(form, found[command.Key]) {
				found[command.Key] = form
			}
		}
		if found[command.Key] == nil {
			t.Errorf("%s: its form is never asked", command.Key)
		}
	}
	units, _ := people{}.Units(t.Context())
	newcomer := registration(units, true)
	found[registerForm] = &newcomer
	return found
}

func asksMore(form, than *bot.Form) bool { return than == nil || len(form.Fields) > len(than.Fields) }

func newCatalog(t *testing.T) *bot.Catalog {
	t.Helper()
	catalog, err := bot.NewCatalog(casework.Helsinki, Texts())
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

// The narrowest platform sets the limits: Mattermost counts a dialog's title, labels and help in bytes, Slack a choice in characters.
func TestFormsFitEveryPlatform(t *testing.T) {
	catalog := newCatalog(t)
	for key, form := range forms(t, catalog) {
		for _, lang := range bot.Langs {
			d := catalog.SayForm(lang, *form)
			where := key + " in " + string(lang)
			atMost(t, where+", title", d.Title, len(d.Title), 24)
			atMost(t, where+", submit", d.Submit, len(d.Submit), 24)
			atMost(t, where+", introduction", d.Intro, utf8.RuneCountInString(d.Intro), 2000)
			for _, f := range d.Fields {
				at := where + ", " + f.Name
				atMost(t, at+", label", f.Label, len(f.Label), 24)
				atMost(t, at+", help", f.Help, len(f.Help), 150)
				atMost(t, at+", choices", "", len(f.Options), 100)
				for _, o := range f.Options {
					atMost(t, at+", choice "+o.Value, o.Label, utf8.RuneCountInString(o.Label), 75)
				}
			}
		}
	}
}

// atMost also fails for a text that is missing or lacks a value.
func atMost(t *testing.T, where, text string, size, limit int) {
	t.Helper()
	if size > limit {
		t.Errorf("%s: %d, may be %d: %s", where, size, limit, text)
	}
	if strings.Contains(text, "⟦") || strings.Contains(text, "<no value>") {
		t.Errorf("%s: %s", where, text)
	}
}

// oneChoice are the fields that nobody reads, because they hold a single choice: what the form asks to be seen and agreed to.
var oneChoice = []string{"amendResult", "resolution"}

func TestEveryFieldIsReadByAHandler(t *testing.T) {
	declared, read := fieldVariables(t)
	if len(declared) < 50 {
		t.Fatalf("only %d fields found in the source", len(declared))
	}
	for _, name := range declared {
		if !read[name] && !slices.Contains(oneChoice, name) {
			t.Errorf("the answer to %s is asked for and never read", name)
		}
		if read[name] && slices.Contains(oneChoice, name) {
			t.Errorf("%s is read, and need not be excused", name)
		}
	}
}

// fieldVariables finds the package's fields, and which of them are read: by Of or Given, or counted.
func fieldVariables(t *testing.T) (declared []string, read map[string]bool) {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	read = map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if g, ok := decl.(*ast.GenDecl); ok && g.Tok == token.VAR {
				declared = append(declared, fieldsOf(g)...)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool { noteRead(n, read); return true })
	}
	return declared, read
}

func fieldsOf(g *ast.GenDecl) (names []string) {
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			continue
		}
		is := false
		ast.Inspect(v.Values[0], func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && (strings.HasSuffix(id.Name, "Field") || id.Name == "withIdentity") {
				is = true
			}
			_, inside := n.(*ast.FuncLit)
			return !inside
		})
		if _, literal := v.Values[0].(*ast.CallExpr); is && literal {
			names = append(names, v.Names[0].Name)
		}
	}
	return names
}

func noteRead(n ast.Node, read map[string]bool) {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok && (n.Sel.Name == "Of" || n.Sel.Name == "Given") {
			read[x.Name] = true
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "count" || f.Name == "orUnasked") && len(n.Args) > 0 {
			if x, ok := n.Args[0].(*ast.Ident); ok {
				read[x.Name] = true
			}
		}
	}
}

// A refusal that names the state must not tell the raiser of a concern that its client consented or refused.
func TestRaiserIsToldNoMoreOfTheStateThanHowFarItHasCome(t *testing.T) {
	for _, s := range stages(t) {
		chosen := &Call{Command: showCase, Person: personOf(s.me), Desk: &Desk{Tx: onlyCase{c: s.c}, At: s.at, Me: s.me}}
		r, err := choose(t.Context(), chosen)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range r.Replies[0].Buttons {
			if state := b.Label.Data["state"].(bot.Text).ID; s.me.Login == sanna.Login && strings.HasPrefix(state, "state.") {
				t.Errorf("Sanna may choose a case in %s that says %q", s.c.State, state)
			}
		}
		d := &Desk{At: s.at, Me: s.me, Case: s.c}
		told := d.stateText(s.c.State).ID
		inTeam := slices.ContainsFunc(s.c.InTeam(), func(p casework.Person) bool { return p.Login == s.me.Login })
		led := slices.Contains(s.c.Relations(s.me.Person), casework.WasResponsible) // until the pause, and knows of it
		if strings.HasPrefix(told, "state.") != (inTeam || led) {
			t.Errorf("%s reads %q of a case in %s", s.me.Login, told, s.c.State)
		}
	}
}
