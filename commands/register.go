package commands

import (
	"context"
	"errors"
	"strings"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	ownUnit       = bot.SelectField("unit", "unit").Must()
	ownProfession = bot.TextField("profession").Must()
)

// registerForm is no command: nobody is in the directory yet who could give it.
const registerForm = "register"

// Newcomer answers somebody who is not in the people directory, or leaves it to the dispatcher (bot.ErrUnknownPerson). Where the organisation lets people
// register themselves, a full member of the chat, never a guest or a program, is asked for unit and profession, and may then raise
// concerns like any professional. A chat that is not trusted is not asked for the profession, which is typed freely: the
// administrator's import gives it.
func (o Office) Newcomer(ctx context.Context, req bot.Request) (bot.Answer, error) {
	if !o.SelfRegistration || req.Platform == bot.Web {
		return bot.Answer{}, bot.ErrUnknownPerson
	}
	chat, err := o.chat(req.Platform)
	if err != nil {
		return bot.Answer{}, err
	}
	profile, err := chat.Profile(ctx, req.User)
	if err != nil {
		return bot.Answer{}, err
	}
	if profile.Guest || profile.Bot || !profile.Enabled {
		return bot.Answer{}, bot.ErrUnknownPerson
	}
	var form bot.Form
	err = o.Within(ctx, o.Now(), func(tx Tx) error {
		units, err := tx.Units(ctx)
		form = registration(units, chat.Trusted())
		return err
	})
	if err != nil {
		return bot.Answer{}, err
	}
	newcomer, lang := bot.Person{Login: req.Platform + "/" + req.User}, o.langIn(profile)
	if req.Submit == "" {
		return o.askNewcomer(form, newcomer, req, lang)
	}
	if _, err := o.Tickets.Open(bot.FormTicket, req.Submit, newcomer, req.At); err != nil { // not every chat can answer a form with a form
		return o.newcomerTold(lang, bot.Message{Refusal: "expired_ticket"}.With(bot.T("refusal.expired_ticket")))
	}
	in, wrong := form.Read(req.Values, req.At, forbidden)
	if wrong != nil {
		a := bot.Answer{Replies: []bot.Post{}, Errors: map[string]string{}}
		for name, fault := range wrong {
			a.Errors[name] = o.Catalog.Say(lang, fault.Text)
		}
		return a, nil
	}
	return o.register(ctx, req, profile, in)
}

// registration asks who somebody is in the organisation; those of partners outside are put in by the administrator.
func registration(units []casework.Unit, trusted bool) bot.Form {
	var options []bot.Option
	for _, u := range units {
		if u.Care && u.Register != casework.ThirdSector {
			options = append(options, bot.Option{Value: u.Code, Label: bot.Plain(u.Name)})
		}
	}
	fields := []bot.AnyField{ownUnit.From(options)}
	if trusted {
		fields = append(fields, ownProfession)
	}
	return bot.Form{Command: registerForm, Fields: fields}
}

func (o Office) askNewcomer(form bot.Form, newcomer bot.Person, req bot.Request, lang bot.Lang) (bot.Answer, error) {
	dialog := o.Catalog.SayForm(lang, form)
	var err error
	dialog.ID, err = o.Tickets.Seal(bot.Ticket{
		Kind: bot.FormTicket, Command: registerForm, Person: newcomer.Login, Expires: req.At.Add(bot.FormLife),
	})
	return bot.Answer{Replies: []bot.Post{}, Dialog: &dialog}, err
}

func (o Office) register(ctx context.Context, req bot.Request, profile bot.Profile, in bot.Input) (bot.Answer, error) {
	name, lang := profile.Name, o.langIn(profile)
	if name == "" {
		name = profile.Login
	}
	u := casework.User{
		Person: casework.Person{Login: selfLogin(profile), Unit: ownUnit.Of(in)},
		Name:   name, Profession: ownProfession.Of(in), Roles: []string{string(bot.Professional)}, Lang: string(lang),
	}
	if profile.Proven { // by any other the organisation's sign-in would let a stranger in
		u.Email = strings.ToLower(profile.Email)
	}
	answer, err := o.newcomerTold(lang, bot.Say(bot.T("done.registered")))
	if err != nil {
		return bot.Answer{}, err
	}
	call := &Call{Request: req, Person: bot.Person{Login: u.Login}}
	err = o.Within(ctx, req.At, func(tx Tx) error {
		if again, _, err := o.answered(ctx, tx, call, &answer); again || err != nil {
			return err
		}
		if err := tx.AddUser(ctx, u, casework.Account{Platform: req.Platform, User: req.User}); err != nil {
			return err
		}
		err := tx.LogAccess(ctx, casework.AccessRow{
			At: req.At, Who: u.Login, Unit: u.Unit, Action: "person.register", Purpose: "own_work", Fields: "person", Surface: req.Platform,
			RequestID: req.ID, Allowed: true,
		})
		if err != nil {
			return err
		}
		return remember(ctx, tx, call, answer) // a chat may send the form once more
	})
	if errors.Is(err, casework.ErrLoginTaken) {
		return o.newcomerTold(lang, bot.Message{Refusal: "login_taken"}.With(bot.T("refusal.login_taken")))
	}
	return answer, err
}

// selfLogin is the login of somebody who registered themselves. It begins in a way that no other login does: a name chosen in
// the chat must never become that of a colleague whom the administrator puts in later.
func selfLogin(p bot.Profile) string {
	login := strings.ToLower(p.Login)
	if login == "" || len(login) > 50 || strings.Trim(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" {
		login = strings.ToLower(p.User)
	}
	return casework.SelfLogin + login
}

// newcomerTold says something to somebody who is not in the directory yet.
func (o Office) newcomerTold(lang bot.Lang, m bot.Message) (bot.Answer, error) {
	post, err := o.Catalog.SayMessage(lang, m, "", o.Now(), o.Tickets)
	return bot.Answer{Replies: []bot.Post{post}}, err
}

// LoginByEmail finds who in the directory has the e-mail; ok is false when nobody has, or is no longer there.
func (h *House) LoginByEmail(ctx context.Context, email string) (login string, ok bool, err error) {
	err = h.Within(ctx, h.Now(), func(tx Tx) error {
		u, err := tx.UserByEmail(ctx, email)
		login = u.Login
		return err
	})
	if errors.Is(err, casework.ErrNotKnown) {
		return "", false, nil
	}
	return login, err == nil, err
}
