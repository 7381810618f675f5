package sandbox

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"luotsi/bot"
)

// luotsi is a small bot: it takes notes of worries and lets a coordinator take them up.
type luotsi struct {
	dispatcher *bot.Dispatcher[*luotsi]
	mu         sync.Mutex
	answers    map[string]bot.Answer
	requests   []bot.Request
	spent      map[string]bool
	notes      []string
	broken     bool
	chat       bot.Platform // where it tells the queue of notes, if set
	swedish    string       // login of the one who reads Swedish
}

var (
	ownView = bot.AreaField("own_view")
	name    = bot.TextField("client_name").Must()
	urgency = bot.SelectField("urgency", "urgency", "normal", "urgent", "immediate").Must().Preset("normal")
	basis   = bot.SelectField("basis", "basis", "agrees", "duty", "own_contact", "not_asked").Must()
	signs   = bot.MultiField("criteria", "criteria", "many_services", "home", "memory", "loneliness", "falls").Must()
	unit    = bot.SelectField("unit", "unit", "a", "b", "c", "d", "e", "f", "g", "h", "i")
	seenAt  = bot.DateTimeField("seen_at").InPast()
	tried   = bot.AreaField("tried").Fold()
	living  = bot.BoolField("living_alone").Fold()
	manner  = bot.TextField("form").Fold() // a name that browsers' own forms have a property of
)

const textsFI = `
"command.today.summary" = "Mitä tänään on tehtävänä"
"command.note.summary" = "Kerro huoli asiakkaasta"
"command.take.summary" = "Ota huoli käsittelyyn"
"form.note.title" = "Kerro huoli"
"form.note.intro" = "Tämän näkevät palveluohjaajat. Henkilötunnusta ei kysytä."
"form.note.submit" = "Lähetä huoli"
"field.own_view" = "Asiakkaan oma näkemys"
"help.own_view" = "Mitä asiakas itse sanoo tilanteestaan? Kirjoita hänen omin sanoin."
"field.client_name" = "Asiakkaan nimi"
"field.urgency" = "Kiireellisyys"
"option.urgency.normal" = "Ei kiireellinen"
"option.urgency.urgent" = "Kiireellinen"
"option.urgency.immediate" = "Heti (soita myös 112, jos henki on vaarassa)"
"field.basis" = "Millä perusteella otat yhteyttä?"
"option.basis.agrees" = "Asiakas suostuu"
"option.basis.duty" = "Ilmoitusvelvollisuus"
"option.basis.own_contact" = "Asiakas pyysi itse"
"option.basis.not_asked" = "Ei ole vielä kysytty"
"field.criteria" = "Mistä huoli herää?"
"option.criteria.many_services" = "Monta palvelua yhtä aikaa"
"option.criteria.home" = "Kotona pärjääminen"
"option.criteria.memory" = "Muisti"
"option.criteria.loneliness" = "Yksinäisyys"
"option.criteria.falls" = "Kaatuilu"
"field.unit" = "Yksikkö"
"option.unit.a" = "Sote-keskus A"
"option.unit.b" = "Kotihoito B"
"option.unit.c" = "Iäkkäiden palvelut"
"option.unit.d" = "Mielenterveys"
"option.unit.e" = "Vammaispalvelut"
"option.unit.f" = "Kuntoutus"
"option.unit.g" = "Suun terveys"
"option.unit.h" = "Asiakasohjaus"
"option.unit.i" = "Päihdepalvelut"
"field.seen_at" = "Milloin tapasit asiakkaan?"
"field.tried" = "Mitä on jo kokeiltu?"
"field.living_alone" = "Asiakas asuu yksin"
"field.form" = "Miten suostumus annettiin?"
"test.today" = "Tänään"
"test.noted" = "Kiitos, huoli on jonossa"
"test.taken" = "Otit huolen käsittelyyn."
"test.new" = "Uusi huoli"
"test.take" = "Ota käsittelyyn"
"test.open" = "Kerro huoli"
"test.holder" = "Vastuussa"
"test.due" = "Viimeistään"
"test.next" = "Seuraava askel"
"refusal.not_yours" = "Tämä ei ole sinun tehtäväsi. Jonon huolet ottaa palveluohjaaja."
`

func testTexts() fs.FS {
	fsys := fstest.MapFS{}
	for name, text := range texts() {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func same(name string) map[bot.Lang]string {
	return map[bot.Lang]string{bot.FI: name, bot.SV: name, bot.EN: name}
}

func newLuotsi(t *testing.T) *luotsi {
	t.Helper()
	l := &luotsi{answers: map[string]bot.Answer{}, spent: map[string]bool{}}
	registry, err := bot.NewRegistry(
		&bot.Command[*luotsi]{Key: "today", Names: same("tänään"), Do: today},
		&bot.Command[*luotsi]{Key: "note", Names: same("huoli"), Form: noteForm, Do: note},
		&bot.Command[*luotsi]{Key: "take", Names: same("ota"), Do: take},
		&bot.Command[*luotsi]{Key: "page", Names: same("sivu"), Do: func(context.Context, *bot.Call[*luotsi]) (bot.Response, error) {
			return bot.Response{Link: "/page/once/abc"}, nil
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	l.dispatcher = &bot.Dispatcher[*luotsi]{
		Registry: registry, Catalog: newCatalog(t), Tickets: bot.Tickets{Sealer: testKey(t)}, Office: l,
		Forbidden: func(s string) bool { return strings.Contains(s, "131052-308T") },
	}
	return l
}

func noteForm(context.Context, *bot.Call[*luotsi]) (*bot.Form, error) {
	return &bot.Form{Command: "note", Fields: []bot.AnyField{ownView, name, basis, signs, urgency, unit, seenAt, tried, living, manner}}, nil
}

func today(_ context.Context, c *bot.Call[*luotsi]) (bot.Response, error) {
	m := bot.Message{Title: bot.T("test.today")}.Head(bot.T("test.next")).
		Fact(bot.T("test.holder"), bot.Plain("Paula Palo")).Fact(bot.T("test.due"), bot.Plain("tiistai 24.11.2026")).
		Quote(bot.T("field.own_view"), "Haluan asua kotona <niin kauan> kuin pystyn & jaksan.").About("BCDFGHJ-K")
	return bot.Reply(m.Button(bot.Button{Label: bot.T("test.open"), Command: "note"})), nil
}

func note(ctx context.Context, c *bot.Call[*luotsi]) (bot.Response, error) {
	c.Desk.notes = append(c.Desk.notes, ownView.Of(c.Input))
	m := bot.Say(bot.T("test.new")).About("BCDFGHJ-K").Button(bot.Button{Label: bot.T("test.take"), Command: "take", Role: bot.Coordinator})
	post, err := c.Desk.dispatcher.Catalog.SayMessage(bot.FI, m, "", c.Request.At, c.Desk.dispatcher.Tickets)
	if err == nil && c.Desk.chat != nil {
		_, err = c.Desk.chat.Post(ctx, queueRoom, c.Request.ID, post)
	}
	return bot.Response{Replies: []bot.Message{bot.Say(bot.T("test.noted")).About("BCDFGHJ-K")}, Direct: true}, err
}

func take(_ context.Context, c *bot.Call[*luotsi]) (bot.Response, error) {
	if !c.Person.Has(bot.Coordinator) {
		return bot.Response{}, bot.Refuse("not_yours", nil)
	}
	return bot.Reply(bot.Say(bot.T("test.taken"))), nil
}

var errBroken = errors.New("broken for the test")

// Handle remembers what was asked and passes it on.
func (l *luotsi) Handle(ctx context.Context, req bot.Request) (bot.Answer, error) {
	l.mu.Lock()
	l.requests = append(l.requests, req)
	broken := l.broken
	l.mu.Unlock()
	if broken {
		return bot.Answer{}, errBroken
	}
	return l.dispatcher.Handle(ctx, req)
}

// breakDown makes every later request fail.
func (l *luotsi) breakDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = true
}

func (l *luotsi) last() bot.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.requests[len(l.requests)-1]
}

func (l *luotsi) lang(login string) bot.Lang {
	if login == l.swedish {
		return bot.SV
	}
	return bot.FI
}

func (l *luotsi) verbs(string) []Verb {
	return []Verb{{"/huoli", "Kerro huoli asiakkaasta"}, {"/luotsi tänään", "Mitä tänään on tehtävänä"}, {"/luotsi ota", "Ota huoli käsittelyyn"}}
}

// Person finds staff.
func (l *luotsi) Person(_ context.Context, _, user string) (bot.Person, error) {
	for _, p := range staff() {
		if p.Login == user {
			who := bot.Person{Login: p.Login, Name: p.Name, Lang: l.lang(p.Login)}
			for _, r := range p.Roles {
				who.Roles = append(who.Roles, bot.Role(r))
			}
			return who, nil
		}
	}
	return bot.Person{}, bot.ErrUnknownPerson
}

func (*luotsi) Stranger(context.Context, *bot.Call[*luotsi]) error { return nil }

// Carry does an act once per request.
func (l *luotsi) Carry(ctx context.Context, c *bot.Call[*luotsi], act func(context.Context, *bot.Call[*luotsi]) (bot.Response, error),
	say func(context.Context, *bot.Call[*luotsi], bot.Response, error) (bot.Answer, error),
) (bot.Answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if a, ok := l.answers[c.Request.ID]; ok {
		return a, nil
	}
	c.Desk = l
	out, err := act(ctx, c)
	a, err := say(ctx, c, out, err)
	if err == nil {
		l.answers[c.Request.ID] = a
	}
	return a, err
}

// KeepDraft and Draft: the sandbox asks every form in one piece.
func (l *luotsi) KeepDraft(context.Context, *bot.Call[*luotsi], string, map[string]any, time.Time) error {
	return errors.New("no form is asked in parts here")
}

// Draft is empty.
func (l *luotsi) Draft(context.Context, *bot.Call[*luotsi], string) (map[string]any, error) {
	return nil, nil
}

func plainPost(text string) bot.Post {
	return bot.Post{Lines: []bot.PostLine{{Kind: bot.PlainLine, Text: text}}}
}
