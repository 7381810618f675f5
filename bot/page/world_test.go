package page

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"luotsi/bot"
)

// sealer seals as the house does, with a key of its own.
type sealer struct{ cipher.AEAD }

func newSealer(t *testing.T) sealer {
	t.Helper()
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		t.Fatal(err)
	}
	return sealer{aead}
}

func (s sealer) Encrypt(plain, data []byte) ([]byte, error) {
	return s.Seal(nil, nil, plain, data), nil
}

func (s sealer) Decrypt(sealed, data []byte) ([]byte, error) { return s.Open(nil, nil, sealed, data) }

type row struct{ login, did, rule string }

// town is an office of two people, kept in memory, under the real dispatcher: what it remembers is what the tests look at.
type town struct {
	mu      sync.Mutex
	now     time.Time
	fault   error
	rule    string // refuses every concern that is sent, and every case that is shown
	rows    []row
	sent    []map[string]any
	spent   map[string]bool
	answers map[string]bot.Answer
	drafts  map[string][]byte
	bot     *bot.Dispatcher[*town]
}

var (
	ownView = bot.AreaField("own_view").Secret()
	basis   = bot.SelectField("basis", "basis", "agrees", "duty").Must()
	code    = func() bot.Field[string] { f := bot.TextField("identity_code").Secret(); f.Identity = true; return f }()
	seen    = bot.DateTimeField("seen_at").InPast().Fold()
)

const townTexts = `
"form.concern.raise.title" = "Uusi huoli"
"form.concern.raise.intro" = "Vastaukset näkevät vain palveluohjaajat."
"field.own_view" = "Asiakkaan omin sanoin"
"field.basis" = "Peruste"
"field.identity_code" = "Henkilötunnus"
"field.seen_at" = "Milloin näit tämän"
"option.basis.agrees" = "Asiakas suostuu"
"option.basis.duty" = "Ilmoitusvelvollisuus"
"done.raised" = "Huoli on lähetetty. Saat tiedon, kun se otetaan käsittelyyn."
"done.code" = "Tunnus"
"done.words" = "Asiakas kertoo"
"refusal.wrong_state" = "Tämä asia on jo suljettu. Avaa uusi huoli."
"button.show" = "Näytä asia"
`

func newTown(t *testing.T) *town {
	t.Helper()
	o := &town{now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), spent: map[string]bool{}, answers: map[string]bot.Answer{}, drafts: map[string][]byte{}}
	names := func(name string) map[bot.Lang]string {
		return map[bot.Lang]string{bot.FI: name, bot.SV: name, bot.EN: name}
	}
	registry, err := bot.NewRegistry(
		&bot.Command[*town]{Key: "concern.raise", Names: names("huoli"), Form: raiseForm, Do: raise},
		&bot.Command[*town]{Key: "case.show", Names: names("asia"), Do: func(_ context.Context, c *bot.Call[*town]) (bot.Response, error) {
			if rule := c.Desk.rule; rule != "" {
				refusal := bot.Refuse(rule, nil)
				refusal.Buttons = []bot.Button{{Label: bot.T("button.show"), Command: "case.show"}, {Label: bot.T("button.show"), Link: "/page/print/consent"}}
				return bot.Response{}, refusal
			}
			return bot.Reply(bot.Message{Title: bot.Plain("Asia BCD2346-7")}.Quote(bot.T("done.words"), "Olen <b>väsynyt</b>.")), nil
		}},
	)
	if err != nil {
		t.Fatal(err)
	}
	texts := fstest.MapFS{}
	for _, lang := range bot.Langs {
		texts[string(lang)+".toml"] = &fstest.MapFile{Data: []byte(townTexts)}
	}
	said, err := bot.NewCatalog(bot.Helsinki, Texts, texts)
	if err != nil {
		t.Fatal(err)
	}
	o.bot = &bot.Dispatcher[*town]{
		Registry: registry, Catalog: said, Tickets: bot.Tickets{Sealer: newSealer(t)}, Office: o,
		Forbidden: func(s string) bool { return strings.Contains(s, "010150-9012") },
	}
	return o
}

func raiseForm(_ context.Context, c *bot.Call[*town]) (*bot.Form, error) {
	return &bot.Form{Command: c.Command.Key, Fields: []bot.AnyField{ownView, basis, code, seen}}, nil
}

func raise(_ context.Context, c *bot.Call[*town]) (bot.Response, error) {
	if rule := c.Desk.rule; rule != "" {
		return bot.Response{}, bot.Refuse(rule, nil)
	}
	c.Desk.sent = append(c.Desk.sent, c.Request.Values)
	return bot.Reply(bot.Say(bot.T("done.raised")).Fact(bot.T("done.code"), bot.Plain("BCD2346-7")).
		Quote(bot.T("done.words"), ownView.Of(c.Input)).Button(bot.Button{Label: bot.T("button.show"), Command: "case.show"})), nil
}

// Handle is the dispatcher's, one request at a time.
func (o *town) Handle(ctx context.Context, req bot.Request) (bot.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if req.Platform != bot.Web || req.Place.Kind != bot.OnPage || req.ID == "" {
		return bot.Answer{}, errors.New("not a page's request")
	}
	if o.fault != nil {
		return bot.Answer{}, o.fault
	}
	return o.bot.Handle(ctx, req)
}

func (o *town) Person(_ context.Context, _, user string) (bot.Person, error) {
	if user != "sanna" && user != "ville" {
		return bot.Person{}, bot.ErrUnknownPerson
	}
	return bot.Person{Login: user, Name: user, Lang: bot.FI}, nil
}

func (*town) Stranger(context.Context, *bot.Call[*town]) error { return nil }

func (o *town) Carry(ctx context.Context, c *bot.Call[*town], act func(context.Context, *bot.Call[*town]) (bot.Response, error),
	say func(context.Context, *bot.Call[*town], bot.Response, error) (bot.Answer, error),
) (bot.Answer, error) {
	key := c.Person.Login + " " + c.Request.ID
	if a, ok := o.answers[key]; ok {
		return a, nil
	}
	c.Desk = o
	var r bot.Response
	err := o.spend(c)
	if err == nil {
		r, err = act(ctx, c)
	}
	if err != nil && c.Request.Submit != "" && !c.Request.Part {
		delete(o.spent, c.Ticket.Nonce)
	}
	logged := row{login: c.Person.Login}
	if c.Command != nil {
		logged.did = c.Command.Key
	}
	if refusal := (*bot.Refusal)(nil); errors.As(err, &refusal) {
		logged.rule = refusal.Rule
	}
	o.rows = append(o.rows, logged)
	a, fault := say(ctx, c, r, err)
	if fault == nil && (err == nil || c.Request.Submit == "") {
		o.answers[key] = a
	}
	return a, fault
}

func (o *town) spend(c *bot.Call[*town]) error {
	nonce := c.Ticket.Nonce
	if nonce == "" || c.Request.Press != "" || c.Request.Part {
		return nil
	}
	if o.spent[nonce] && c.Request.Open != "" {
		return bot.Refuse("link_used", nil)
	}
	if o.spent[nonce] {
		return bot.Refuse("already_sent", nil)
	}
	o.spent[nonce] = true
	return nil
}

func (o *town) KeepDraft(_ context.Context, c *bot.Call[*town], nonce string, answers map[string]any, _ time.Time) error {
	kept, err := json.Marshal(answers)
	o.drafts[c.Person.Login+" "+nonce] = kept
	return err
}

func (o *town) Draft(_ context.Context, c *bot.Call[*town], nonce string) (answers map[string]any, err error) {
	if kept, ok := o.drafts[c.Person.Login+" "+nonce]; ok {
		err = json.Unmarshal(kept, &answers)
	}
	return answers, err
}

func (o *town) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *town) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// link makes a link as a chat gives it to somebody.
func (o *town) link(t *testing.T, login, command string) string {
	t.Helper()
	sealed, err := o.bot.Tickets.Seal(bot.Ticket{Kind: bot.LinkTicket, Command: command, Person: login, Expires: o.clock().Add(bot.LinkLife)})
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

// refusals lists who has been refused what.
func (o *town) refusals() (all []row) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range o.rows {
		if r.rule != "" {
			all = append(all, r)
		}
	}
	return all
}

func (o *town) pages(t *testing.T, change func(*Config)) http.Handler {
	t.Helper()
	return serve(t, &links{lang: bot.FI, clients: []Client{aino}}, func(c *Config) {
		c.Catalog, c.Handle, c.Holder, c.Sealer, c.Now = o.bot.Catalog, o.Handle, o.bot.Tickets.Holder, o.bot.Tickets.Sealer, o.clock
		c.Lang = func(context.Context, string) bot.Lang { return bot.FI }
		if change != nil {
			change(c)
		}
	})
}
