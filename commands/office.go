package commands

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Office carries calls out: once, in one transaction, through the gate, with a log row. It is bot's Office.
type Office struct{ *House }

// Person finds who a platform's user is.
func (o Office) Person(ctx context.Context, platform, user string) (bot.Person, error) {
	var p bot.Person
	err := o.Within(ctx, o.Now(), func(tx Tx) error {
		u, err := userOf(ctx, tx, platform, user)
		p = personOf(u)
		return err
	})
	if errors.Is(err, casework.ErrNotKnown) {
		return p, bot.ErrUnknownPerson
	}
	return p, err
}

// userOf finds a platform's user; on Luotsi's own pages the user is the login.
func userOf(ctx context.Context, tx Tx, platform, user string) (casework.User, error) {
	if platform != bot.Web {
		return tx.UserByAccount(ctx, platform, user)
	}
	u, err := tx.User(ctx, user)
	if err == nil && u.Disabled {
		err = casework.ErrNotKnown
	}
	return u, err
}

func personOf(u casework.User) bot.Person {
	p := bot.Person{Login: u.Login, Name: u.Name, Unit: u.Unit, Profession: u.Profession, Lang: bot.Lang(u.Lang).Known()}
	for _, r := range u.Roles {
		p.Roles = append(p.Roles, bot.Role(r))
	}
	return p
}

type (
	actFunc = func(context.Context, *Call) (bot.Response, error)
	sayFunc = func(context.Context, *Call, bot.Response, error) (bot.Answer, error)
)

// Carry does the call's act once for its request id; see bot.Office.
func (o Office) Carry(ctx context.Context, c *Call, act actFunc, say sayFunc) (bot.Answer, error) {
	var answer bot.Answer
	err := o.Within(ctx, c.Request.At, func(tx Tx) error {
		call := *c // a transaction may run twice; each run begins with the call as it came
		again, at, err := o.answered(ctx, tx, c, &answer)
		switch {
		case err != nil || again && redelivered(c.Request, at):
			return err
		case again:
			answer, err = o.repeat(ctx, tx, &call, answer, act, say)
			return err
		}
		answer, err = o.carry(ctx, tx, &call, act, say)
		if err != nil || c.Request.Submit != "" && refused(answer) {
			return err // a form that was not taken may come again as it is, when the hindrance is gone
		}
		return remember(ctx, tx, c, answer)
	})
	if err != nil {
		return bot.Answer{}, fmt.Errorf("carrying out %s: %w", nameOf(c), err)
	}
	return answer, nil
}

func nameOf(c *Call) string {
	if c.Command == nil {
		return "no command"
	}
	return c.Command.Key
}

// carry sits down at a desk, asks the gate, spends the form's ticket, acts, and writes the log row whatever came of it.
func (o Office) carry(ctx context.Context, tx Tx, c *Call, act actFunc, say sayFunc) (bot.Answer, error) {
	known, err := o.sit(ctx, tx, c)
	if err != nil {
		return bot.Answer{}, err
	}
	var response bot.Response
	err = tx.Try(ctx, func() error {
		if err := gate(c, known); err != nil {
			return err
		}
		if err := spend(ctx, tx, c); err != nil {
			return err
		}
		if response, err = act(ctx, c); err != nil || c.Request.Submit == "" || c.Request.Part {
			return err
		}
		return tx.DropDraft(ctx, c.Ticket.Nonce)
	})
	err = told(ctx, c, err)
	answer, err := o.finish(ctx, c, response, err, say)
	return answer, err
}

// finish says what came of it and logs it. Faults in a form are no denial, but a rule that refused one is.
func (o Office) finish(ctx context.Context, c *Call, r bot.Response, failed error, say sayFunc) (bot.Answer, error) {
	answer, err := say(ctx, c, r, failed)
	if err != nil {
		return answer, err
	}
	answer.Done = failed == nil && c.Desk.kept
	if c.Request.Unasked && failed == nil && !c.Desk.kept {
		return answer, nil // nobody looked
	}
	row := c.Desk.Log
	row.Allowed, row.Rule = failed == nil, ruleOf(failed)
	if row.CaseID == 0 && row.Allowed {
		row.CaseID, row.Code = c.Desk.Case.ID, string(c.Desk.Case.Code)
	}
	return answer, c.Desk.LogAccess(ctx, row)
}

// formIncomplete is logged of a form that was not taken although no rule of care refused it.
const formIncomplete = "form_incomplete"

func ruleOf(err error) string {
	var refusal *bot.Refusal
	var wrong bot.FieldErrors
	switch {
	case errors.As(err, &refusal):
		return refusal.Rule
	case errors.As(err, &wrong):
		for _, fault := range wrong {
			if fault.Rule != "" {
				return fault.Rule
			}
		}
		return formIncomplete
	}
	return ""
}

// sit prepares the desk: who asks, and the locked case the call is about. known is false when it names a case that does
// not exist.
func (o Office) sit(ctx context.Context, tx Tx, c *Call) (known bool, err error) {
	user, err := tx.User(ctx, c.Person.Login)
	if err != nil {
		return false, err
	}
	c.Desk = &Desk{Tx: tx, House: o.House, At: c.Request.At, Me: user}
	if c.Code == "" && c.Command != nil && c.Command.Aim != bot.NoCase && c.Request.Place.Kind == bot.InRoom {
		code, ok, err := tx.CodeOfRoom(ctx, c.Request.Platform, c.Request.Place.Room)
		if err != nil {
			return false, err
		}
		if ok {
			c.Code = string(code)
		}
	}
	known = true
	if c.Code != "" {
		known, err = c.Desk.lock(ctx, c)
	}
	c.Desk.Log = logRow(c)
	if err == nil && c.Ticket.Nonce == "" {
		err = c.Desk.logTried(ctx, c.Request)
	}
	return known, err
}

func (d *Desk) lock(ctx context.Context, c *Call) (bool, error) {
	code, ok := casework.ParseCode(c.Code)
	if !ok {
		return false, nil
	}
	found, err := d.Lock(ctx, code)
	if errors.Is(err, casework.ErrNotKnown) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c.Code, d.Case = string(code), found
	if d.At.Before(found.ChangedAt) {
		d.At = found.ChangedAt
	}
	return true, nil
}

func joined(codes []string) string { return strings.Join(codes, " ") }

// spend uses up the ticket of a link that is opened, or of a form that is sent as a whole; a form sent again under another
// request id is refused.
func spend(ctx context.Context, tx Tx, c *Call) error {
	if c.Ticket.Nonce == "" || c.Request.Press != "" || c.Request.Part {
		return nil
	}
	fresh, err := tx.Spend(ctx, c.Ticket.Nonce, c.Ticket.Expires)
	switch {
	case err != nil:
		return err
	case fresh:
		return nil
	case c.Request.Open != "":
		return bot.Refuse("link_used", nil)
	}
	return bot.Refuse("already_sent", nil)
}

// told turns a rule's refusal into what the person reads, with the button that leads on.
func told(ctx context.Context, c *Call, err error) error {
	var r *casework.Refusal
	if !errors.As(err, &r) {
		return err
	}
	refusal := bot.Refuse(string(r.Rule), c.Desk.about(ctx, r))
	refusal.Code = string(c.Desk.Case.Code)
	if field, ok := r.About["field"].(string); ok && c.Request.Submit != "" {
		return bot.FieldErrors{field: {Rule: refusal.Rule, Text: refusal.Text}}
	}
	if key := wayOn[r.Rule]; key != "" && c.Code != "" {
		refusal.Buttons = []bot.Button{{Label: bot.T("button." + key), Command: key, Code: c.Code}}
	}
	return refusal
}

// wayOn is the command that leads on from a refusal.
var wayOn = map[casework.Rule]string{
	casework.NoConsent:      "consent.record",
	casework.NotParty:       "consent.amend",
	casework.WrongState:     "case.show",
	casework.NobodyToRemove: "case.show",
}

// about gives a refusal's sentence its values, as far as the person may know.
func (d *Desk) about(ctx context.Context, r *casework.Refusal) bot.Data {
	data := bot.Data{"code": string(d.Case.Code), "phone": d.House.Phone, "who": "", "day": "", "state": "", "at": ""}
	for k, v := range r.About {
		data[k] = v
	}
	if state, ok := r.About["state"].(string); ok {
		data["state"] = d.stateText(casework.State(state))
	}
	if login, ok := r.About["login"].(string); ok {
		data["who"] = d.nameOf(ctx, login)
	}
	if day, ok := r.About["day"].(time.Time); ok {
		data["day"] = bot.Date(day)
	}
	return data
}
