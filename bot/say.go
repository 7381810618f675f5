package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// say turns what came of a call into the asker's language. An error that is neither a refusal nor a form's faults is
// returned as it is: nothing may be committed then.
func (d *Dispatcher[D]) say(ctx context.Context, c *Call[D], r Response, err error) (Answer, error) {
	var refusal *Refusal
	var wrong FieldErrors
	switch {
	case errors.As(err, &refusal):
		return d.sayRefusal(c, refusal)
	case errors.As(err, &wrong):
		return d.sayWrong(ctx, c, wrong)
	case err != nil:
		return Answer{}, err
	}
	a := Answer{Link: r.Link, Direct: r.Direct, Replies: make([]Post, 0, len(r.Replies))}
	wordless := ""
	for _, m := range r.Replies {
		post, err := d.sayTo(c, m)
		if err != nil {
			return Answer{}, err
		}
		if bare, had := post.WithoutWords(); had && !d.open(c.Request) {
			post, wordless = bare, post.Code
		}
		a.Replies = append(a.Replies, post)
	}
	if wordless != "" && a.Link == "" {
		if err := d.sayLink(c, d.Reads, wordless, nil, TD("link.words", linkData()), &a); err != nil {
			return Answer{}, err
		}
	}
	if r.Form != nil {
		if err := d.sayForm(c, *r.Form, &a); err != nil {
			return Answer{}, err
		}
	}
	return a, nil
}

func (d *Dispatcher[D]) sayTo(c *Call[D], m Message) (Post, error) {
	return d.Catalog.SayMessage(c.Person.Lang, m, c.Person.Login, c.Request.At, d.Tickets)
}

func (d *Dispatcher[D]) sayRefusal(c *Call[D], r *Refusal) (Answer, error) {
	post, err := d.sayTo(c, Message{Lines: []Line{{Kind: PlainLine, Text: r.Text}}, Buttons: r.Buttons, Refusal: r.Rule, Code: r.Code})
	return Answer{Replies: []Post{post}}, err
}

// sayWrong keeps the form open with a text beside each field; a rule of care that refused is named in a reply too. What is wrong
// in an earlier part of the form is asked again.
func (d *Dispatcher[D]) sayWrong(ctx context.Context, c *Call[D], wrong FieldErrors) (Answer, error) {
	a := Answer{Replies: []Post{}, Errors: map[string]string{}}
	for name, fault := range wrong {
		a.Errors[name] = d.Catalog.Say(c.Person.Lang, fault.Text)
		if fault.Rule != "" && len(a.Replies) == 0 {
			post, err := d.sayTo(c, Message{Refusal: fault.Rule}.With(fault.Text))
			if err != nil {
				return Answer{}, err
			}
			a.Replies = append(a.Replies, post)
		}
	}
	return a, d.goBack(ctx, c, wrong, &a)
}

// SayMessage says a message in a language, sealing a ticket into each button for the person (or the button's own person or
// role). Button ids are "b1", "b2", …: letters and digits only.
func (c *Catalog) SayMessage(lang Lang, m Message, person string, at time.Time, tickets Tickets) (Post, error) {
	p := Post{Code: m.Code, Refusal: m.Refusal, Lines: make([]PostLine, 0, len(m.Lines))}
	if !m.Title.IsZero() {
		p.Title = c.Say(lang, m.Title)
	}
	for _, l := range m.Lines {
		line := PostLine{Kind: l.Kind, Text: c.Say(lang, l.Text)}
		if !l.Label.IsZero() {
			line.Label = c.Say(lang, l.Label)
		}
		if l.Words != "" {
			line.Bare = line.Text
			line.Text += " · " + l.Words
		}
		p.Lines = append(p.Lines, line)
	}
	for i, b := range m.Buttons {
		button := PostButton{ID: fmt.Sprintf("b%d", i+1), Label: c.Say(lang, b.Label), Link: b.Link}
		if b.Link == "" {
			ticket, err := tickets.Seal(b.ticket(person, at))
			if err != nil {
				return Post{}, err
			}
			button.Ticket = ticket
		}
		p.Buttons = append(p.Buttons, button)
	}
	return p, nil
}

func (b Button) ticket(person string, at time.Time) Ticket {
	k := Ticket{
		Kind: ButtonTicket, Command: b.Command, Code: b.Code, Args: b.Args,
		Person: person, Role: b.Role, Direct: b.Direct, Expires: at.Add(ButtonLife),
	}
	if b.Person != "" {
		k.Person = b.Person
	}
	return k
}
