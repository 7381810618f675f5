package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Office is where calls are carried out: it finds people, owns the transaction, locks the case, asks the gate, remembers
// answers and keeps the log.
type Office[D any] interface {
	// Person finds who a platform's user is, or ErrUnknownPerson.
	Person(ctx context.Context, platform, user string) (Person, error)

	// Carry runs act once for the call's request id, with c.Desk set, c.Code resolved and the case locked, after the gate
	// has allowed it; then say makes the answer of what came out, and answer, new state, log row and jobs commit together.
	// A refusal (from the gate, act or a spent ticket) undoes the act and still commits its log row. The same request id
	// again returns the first answer. An error means that nothing was committed.
	Carry(ctx context.Context, c *Call[D], act func(context.Context, *Call[D]) (Response, error),
		say func(context.Context, *Call[D], Response, error) (Answer, error)) (Answer, error)

	// KeepDraft keeps a person's answers to part of a form, encrypted, under the form's nonce; what was kept under it before is
	// replaced. It is part of the transaction Carry runs.
	KeepDraft(ctx context.Context, c *Call[D], nonce string, answers map[string]any, until time.Time) error

	// Draft is what the person's KeepDraft kept under the nonce, nil when nothing. It is part of the transaction Carry runs.
	Draft(ctx context.Context, c *Call[D], nonce string) (map[string]any, error)

	// Stranger logs that somebody who is not in the directory, or no longer, tries a form, a button, a link or a case. Who is asking
	// on Luotsi's own page is known by login; elsewhere the call names no person.
	Stranger(ctx context.Context, c *Call[D]) error
}

// Dispatcher takes requests from adapters to commands and says what came of them.
type Dispatcher[D any] struct {
	Registry *Registry[D]
	Catalog  *Catalog
	Tickets  Tickets
	Office   Office[D]
	// Turns bounds how many requests are under way at once; nil bounds nothing.
	Turns *Turns
	// Lang is the house's language, for who is not in the directory; empty: Finnish.
	Lang Lang
	// Forbidden recognises what may stand in no text: a personal identity code.
	Forbidden func(string) bool
	// CodeLike recognises what may be meant as a case's code, whether or not there is such a case; nil: anything is.
	CodeLike func(string) bool
	// May reports whether the person's roles may ever give the command; nil: everybody's may.
	May func(p Person, command *Command[D]) bool
	// Choose offers the person's own cases when a command that needs one was given without.
	Choose func(ctx context.Context, c *Call[D]) (Response, error)
	// Newcomer answers somebody who is not in the people directory. When it is nil, or does not know them either
	// (ErrUnknownPerson), they are told whom to ask.
	Newcomer func(ctx context.Context, req Request) (Answer, error)
	// LangOf is the language of an account that is nobody's in the directory; nil: the house's.
	LangOf func(ctx context.Context, platform, user string) Lang
	// Urgent is what is told, after that, to who is not in the directory: where to turn in need. Nil: nothing is.
	Urgent func() Text
	// Trusted reports whether a client's identity and anybody's own words may be said and asked on a platform; nil: everywhere.
	Trusted func(platform string) bool
	// PageURL begins the address of a page that a sealed link opens: "https://…/page/open/".
	PageURL string
	// Reads is the key of the command that shows a case, for words that a platform may not show.
	Reads string

	denials Denials // what strangers try
}

// Handle answers a request. The error is for the adapter's log only and never holds case text: not even that of a panic, whose
// value could be anything.
func (d *Dispatcher[D]) Handle(ctx context.Context, req Request) (answer Answer, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = Answer{}, fmt.Errorf("panic of type %T at %s", p, debug.Stack())
		}
	}()
	return d.handle(ctx, req)
}

func (d *Dispatcher[D]) handle(ctx context.Context, req Request) (Answer, error) {
	person, err := d.Office.Person(ctx, req.Platform, req.User)
	switch {
	case errors.Is(err, ErrUnknownPerson):
		return d.stranger(ctx, req)
	case err != nil:
		return Answer{}, err
	}
	who := person.Login
	if req.Unasked { // the adapter makes one at a time for a person
		who = ""
	}
	leave, ok := d.Turns.Take(ctx, who)
	if !ok {
		return d.busy(person.Lang), nil
	}
	defer leave()
	c := &Call[D]{Request: req, Person: person}
	act := d.route(c)
	return d.Office.Carry(ctx, c, act, d.say)
}

// busy is the answer when too much is under way. Nothing was begun: the same request may come again as it is.
func (d *Dispatcher[D]) busy(lang Lang) Answer {
	return d.plain(lang, Message{Refusal: "busy"}.With(T("refusal.busy")))
}

// stranger answers somebody who is not in the directory. What they try is logged, up to a bound; the bare command is no trying.
func (d *Dispatcher[D]) stranger(ctx context.Context, req Request) (Answer, error) {
	c, who := &Call[D]{Request: req}, req.Platform+":"+req.User
	if req.Platform == Web { // who was known once: their old links are theirs
		c.Person.Login = req.User
	}
	d.route(c)
	tries := req.Submit+req.Press+req.Open != "" || c.Code != ""
	if tries && d.denials.Room(who, req.At) {
		leave, ok := d.Turns.Take(ctx, who)
		if !ok {
			return d.busy(d.Lang.Known()), nil
		}
		defer leave()
		if err := d.Office.Stranger(ctx, c); err != nil {
			return Answer{}, err
		}
	}
	if d.Newcomer != nil {
		answer, err := d.Newcomer(ctx, req)
		if !errors.Is(err, ErrUnknownPerson) {
			return answer, err
		}
	}
	lang := d.Lang
	if d.LangOf != nil {
		lang = d.LangOf(ctx, req.Platform, req.User)
	}
	told := Message{Refusal: "unknown_person"}.With(T("refusal.unknown_person"))
	if d.Urgent != nil {
		told = told.With(d.Urgent())
	}
	return d.plain(lang.Known(), told), nil
}

// plain says one message outside any transaction.
func (d *Dispatcher[D]) plain(lang Lang, m Message) Answer {
	post, _ := d.Catalog.SayMessage(lang, m, "", time.Time{}, d.Tickets)
	return Answer{Replies: []Post{post}}
}

type act[D any] func(context.Context, *Call[D]) (Response, error)

func refuse[D any](r *Refusal) act[D] {
	return func(context.Context, *Call[D]) (Response, error) { return Response{}, r }
}

// route decides what a request asks for, filling in the call, and returns the act that will be carried out.
func (d *Dispatcher[D]) route(c *Call[D]) act[D] {
	switch {
	case c.Request.Submit != "":
		return d.routeTicket(c, FormTicket, c.Request.Submit, d.submit)
	case c.Request.Press != "":
		return d.routeTicket(c, ButtonTicket, c.Request.Press, d.begin)
	case c.Request.Open != "":
		return d.routeTicket(c, LinkTicket, c.Request.Open, d.begin)
	default:
		return d.routeText(c)
	}
}

func (d *Dispatcher[D]) routeTicket(c *Call[D], kind TicketKind, sealed string, then act[D]) act[D] {
	k, err := d.Tickets.Open(kind, sealed, c.Person, c.Request.At)
	c.Command = d.Registry.Command(k.Command)
	switch {
	case errors.Is(err, ErrTicketExpired):
		return refuse[D](&Refusal{Rule: "expired_ticket", Text: T("refusal.expired_ticket"), Buttons: d.again(c, k)})
	case err != nil || c.Command == nil:
		return refuse[D](Refuse("not_found", nil))
	}
	c.Ticket, c.Code, c.Args = k, k.Code, k.Args
	return then
}

// again is the button that starts an expired form or button over.
func (d *Dispatcher[D]) again(c *Call[D], k Ticket) []Button {
	if c.Command == nil {
		return nil
	}
	return []Button{{Label: T("button.again"), Command: k.Command, Code: k.Code, Args: k.Args}}
}

// begin starts a command: shows its form, or carries it out when it needs none.
func (d *Dispatcher[D]) begin(ctx context.Context, c *Call[D]) (Response, error) {
	if r := d.misplaced(c); r != nil {
		return Response{}, r
	}
	if c.Command.Aim == OneCase && c.Code == "" {
		return d.Choose(ctx, c)
	}
	if c.Command.Form != nil {
		form, err := c.Command.Form(ctx, c)
		if err != nil {
			return Response{}, err
		}
		if form != nil {
			c.draft, err = d.draft(ctx, c, c.Args[draftArg])
			return Response{Form: form}, err
		}
	}
	return d.do(ctx, c)
}

func (d *Dispatcher[D]) misplaced(c *Call[D]) *Refusal {
	if c.Command.Where != DirectOnly || c.Request.Place.Kind == InDirect || c.Request.Place.Kind == OnPage || c.Ticket.Direct {
		return nil
	}
	return &Refusal{
		Rule: "wrong_place", Text: TD("refusal.wrong_place", Data{"name": c.Command.NameIn(c.Person.Lang)}),
		Buttons: []Button{{Label: T("button.in_direct"), Command: c.Command.Key, Code: c.Code, Direct: true}},
	}
}

func (d *Dispatcher[D]) do(ctx context.Context, c *Call[D]) (Response, error) {
	r, err := c.Command.Do(ctx, c)
	r.Direct = r.Direct || c.Ticket.Direct
	return r, err
}
