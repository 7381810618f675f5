package bot

import (
	"context"
	"maps"
	"slices"
)

// draftArg is the argument of a button or link that goes on with a form begun elsewhere: the form's nonce.
const draftArg = "draft"

// submit checks a form's answers, with those kept of an earlier part, against the form as it is now, and carries the command
// out.
func (d *Dispatcher[D]) submit(ctx context.Context, c *Call[D]) (Response, error) {
	if c.Command.Form == nil {
		return Response{}, Refuse("not_found", nil)
	}
	form, err := c.Command.Form(ctx, c)
	if err != nil {
		return Response{}, err
	}
	if form == nil {
		return d.do(ctx, c)
	}
	kept, err := d.draft(ctx, c, c.Ticket.Nonce)
	if err != nil {
		return Response{}, err
	}
	answers := map[string]any{}
	maps.Copy(answers, kept)
	maps.Copy(answers, c.Request.Values)
	if kept != nil {
		c.draft = answers
	}
	chosen, unknown := d.Catalog.Choose(c.Person.Lang, *form, answers, d.Forbidden)
	in, wrong := form.Read(chosen, c.Request.At, d.Forbidden)
	if wrong != nil {
		maps.Copy(wrong, unknown) // which says more of what Read refuses, too
	}
	if c.Request.Part {
		return d.keepPart(ctx, c, form, answers, wrong)
	}
	if wrong != nil {
		return Response{}, wrong
	}
	c.Input = in
	return d.do(ctx, c)
}

// keepPart keeps the answers to a part of a form once nothing is wrong with them, and goes on with the rest.
func (d *Dispatcher[D]) keepPart(ctx context.Context, c *Call[D], form *Form, answers map[string]any, wrong FieldErrors) (Response, error) {
	maps.DeleteFunc(wrong, func(name string, _ FieldError) bool {
		_, asked := c.Request.Values[name]
		return !asked
	})
	if len(wrong) > 0 {
		return Response{}, wrong
	}
	if err := d.Office.KeepDraft(ctx, c, c.Ticket.Nonce, answers, c.Ticket.Expires); err != nil {
		return Response{}, err
	}
	c.draft, c.asked = answers, c.Request.Values
	return Response{Form: form}, nil
}

// goBack puts into the answer to a form's last part a form that asks again what was asked before and turned out to be wrong, with
// what was answered. Everything else that was answered is kept.
func (d *Dispatcher[D]) goBack(ctx context.Context, c *Call[D], wrong FieldErrors, a *Answer) error {
	if c.draft == nil || c.Request.Part {
		return nil
	}
	form, err := c.Command.Form(ctx, c)
	if err != nil || form == nil {
		return err
	}
	back := false
	c.asked = map[string]any{}
	for _, field := range form.Fields {
		name := field.spec().Name
		_, faulty := wrong[name]
		if _, now := c.Request.Values[name]; faulty && !now {
			back = true
			continue
		}
		c.asked[name] = nil
	}
	if !back {
		return nil
	}
	if err := d.Office.KeepDraft(ctx, c, c.Ticket.Nonce, c.draft, c.Ticket.Expires); err != nil {
		return err
	}
	return d.sayForm(c, *form, a)
}

func (d *Dispatcher[D]) draft(ctx context.Context, c *Call[D], nonce string) (map[string]any, error) {
	if nonce == "" {
		return nil, nil
	}
	return d.Office.Draft(ctx, c, nonce)
}

// open reports whether identity and people's own words may be said and asked where the request came from.
func (d *Dispatcher[D]) open(r Request) bool {
	return r.Place.Kind == OnPage || d.Trusted == nil || d.Trusted(r.Platform)
}

// sayForm puts a form, or what is still to be asked of it here, into the answer. Where only coded answers may be asked, the
// rest, or all of it when nothing else is left, is asked on Luotsi's own page.
func (d *Dispatcher[D]) sayForm(c *Call[D], f Form, a *Answer) error {
	open := d.open(c.Request)
	if !open {
		f.Words = nil
	}
	dialog := d.Catalog.SayForm(c.Person.Lang, f)
	prefill(dialog.Fields, c.draft)
	nonce := c.Args[draftArg]
	if c.asked != nil {
		nonce = c.Ticket.Nonce
	}
	if !open {
		coded := slices.DeleteFunc(slices.Clone(dialog.Fields), DialogField.private)
		if c.asked != nil || len(coded) == 0 {
			return d.sayOnPage(c, f, nonce, a)
		}
		dialog.Part = len(coded) < len(dialog.Fields)
		dialog.Fields = coded
	}
	dialog.Fields = slices.DeleteFunc(dialog.Fields, func(field DialogField) bool {
		_, asked := c.asked[field.Name]
		return asked
	})
	var err error
	dialog.ID, err = d.Tickets.Seal(Ticket{
		Kind: FormTicket, Command: f.Command, Code: f.Code, Args: f.Args, Nonce: nonce,
		Person: c.Person.Login, Expires: c.Request.At.Add(FormLife), Direct: c.Ticket.Direct,
	})
	a.Dialog = &dialog
	return err
}

// private fields are asked only where a client's identity may be: what says so itself, and whatever is written by hand.
func (f DialogField) private() bool {
	return f.Sensitive || f.Kind == LineText || f.Kind == TextArea || f.Named()
}

func prefill(fields []DialogField, draft map[string]any) {
	for i, f := range fields {
		if v, ok := draft[f.Name]; ok {
			fields[i].Default = v
		}
	}
}

// sayOnPage answers with a link to the form on Luotsi's own page, where it goes on with what has been answered.
func (d *Dispatcher[D]) sayOnPage(c *Call[D], f Form, nonce string, a *Answer) error {
	args := maps.Clone(f.Args)
	if nonce != "" {
		if args == nil {
			args = map[string]string{}
		}
		args[draftArg] = nonce
	}
	return d.sayLink(c, f.Command, f.Code, args, TD("link.form", linkData()), a)
}

// sayLink answers with a link that opens once, for this person, within minutes, and begins the command on Luotsi's own page.
func (d *Dispatcher[D]) sayLink(c *Call[D], command, code string, args map[string]string, why Text, a *Answer) error {
	sealed, err := d.Tickets.Seal(Ticket{
		Kind: LinkTicket, Command: command, Code: code, Args: args, Person: c.Person.Login, Expires: c.Request.At.Add(LinkLife),
	})
	if err != nil {
		return err
	}
	post, err := d.sayTo(c, Say(why).About(code))
	a.Replies = append(a.Replies, post)
	a.Link = d.PageURL + sealed
	return err
}

func linkData() Data { return Data{"minutes": int(LinkLife.Minutes())} }
