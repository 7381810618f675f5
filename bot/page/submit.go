package page

import (
	"crypto/rand"
	"net/http"
	"strings"

	"luotsi/bot"
)

// sentForm is what travels with a shown form, sealed: whose it is and what it asks.
type sentForm struct {
	Login  string
	Dialog bot.Dialog
}

// keptForm names answers that were kept when the session had ended. It shows none of them.
type keptForm struct{ Login, Ticket string }

// submit takes in a form. While it is not accepted it stays with everything that was typed.
func (p pages) submit(w http.ResponseWriter, r *http.Request) {
	if !p.read(w, r, formBody) {
		return
	}
	var f sentForm
	ours := p.unseal("form", r.PostForm.Get(SealedField), &f) && f.Dialog.ID == r.PostForm.Get(TicketField)
	s, known := p.session(r)
	switch {
	case !ours && !known:
		p.refuse(w, "", http.StatusForbidden)
	case !ours:
		p.deny(w, r, s, toWork.refused, bot.Request{Submit: orNothing("")})
	case known && s.Login != f.Login:
		p.deny(w, r, s, toWork.refused, bot.Request{Submit: f.Dialog.ID})
	case !known && !p.had(r, f.Login):
		p.unproven(w, p.lang(r.Context(), f.Login))
	case !known:
		p.keepTyped(w, r, f, DecodeForm(f.Dialog, r.PostForm))
	default:
		p.send(w, r, s, f.Dialog, DecodeForm(f.Dialog, r.PostForm))
	}
}

func (p pages) send(w http.ResponseWriter, r *http.Request, s session, d bot.Dialog, values map[string]any) {
	lang := p.lang(r.Context(), s.Login)
	answer, err := p.ask(r.Context(), s.Login, sending(d.ID, values, d.Part))
	f, status := FormView{Dialog: d, Values: values}, http.StatusUnprocessableEntity
	switch {
	case err != nil:
		status = http.StatusInternalServerError
		f.Alert = p.in(lang).With("broken.form", "reference", p.logged(err))
	case len(answer.Errors) > 0:
		f.Errors, f.Alert = answer.Errors, elsewhere(d, answer.Errors)
	case refusedBy(answer) != "":
		f.Alert = saidIn(answer)
	default:
		p.answer(r.Context(), w, s, lang, answer, "said.done")
		return
	}
	if err := p.keep(w, s); err != nil {
		p.broken(w, lang, err)
		return
	}
	p.form(r.Context(), w, status, s, workView{words: p.in(lang)}, f)
}

// sending is the request of a form that is sent; sent again as it is, it is the same request.
func sending(ticket string, values map[string]any, part bool) bot.Request {
	return bot.Request{ID: once("form", ticket, values, part), Submit: ticket, Values: values, Part: part}
}

// elsewhere joins the faults of fields that the form does not show.
func elsewhere(d bot.Dialog, faults map[string]string) string {
	shown := map[string]bool{}
	for _, f := range d.Fields {
		shown[f.Name] = true
	}
	var said []string
	for name, text := range faults {
		if !shown[name] {
			said = append(said, text)
		}
	}
	return strings.Join(said, "\n")
}

func saidIn(a bot.Answer) string {
	said := make([]string, len(a.Replies))
	for i, m := range a.Replies {
		said[i] = m.Text()
	}
	return strings.Join(said, "\n")
}

// unproven answers to a form from a browser that its person has not been in, or has left: nothing is done in that person's name.
func (p pages) unproven(w http.ResponseWriter, lang bot.Lang) {
	n := p.notice(lang, "unproven", "")
	if p.issuer != nil {
		n.More = append(n.More, "unproven.sign")
	} else {
		n.More = append(n.More, "unproven.link")
	}
	p.tell(w, http.StatusForbidden, n)
}

// keepTyped keeps what was typed into a form whose session has ended in this browser. Whoever sends it now is not known to be
// the person whose form it is, so nothing of it is shown.
func (p pages) keepTyped(w http.ResponseWriter, r *http.Request, f sentForm, values map[string]any) {
	lang := p.lang(r.Context(), f.Login)
	answer, err := p.ask(r.Context(), f.Login, sending(f.Dialog.ID, values, true))
	whole := true
	if err == nil && len(answer.Errors) > 0 { // what is at fault cannot be kept; the rest can
		for name := range answer.Errors {
			whole = whole && empty(values[name]) // an answer that is missing has lost nothing
			delete(values, name)
		}
		answer, err = p.ask(r.Context(), f.Login, sending(f.Dialog.ID, values, true))
	}
	switch {
	case err != nil:
		p.broken(w, lang, err)
	case len(answer.Errors) > 0 || refusedBy(answer) != "":
		p.tell(w, http.StatusForbidden, p.notice(lang, "lost", ""))
	default:
		p.showKept(w, lang, keptForm{Login: f.Login, Ticket: f.Dialog.ID}, whole)
	}
}

func empty(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v) == ""
	case []string:
		return len(v) == 0
	}
	return v == nil || v == false
}

func (p pages) showKept(w http.ResponseWriter, lang bot.Lang, k keptForm, whole bool) {
	sealed, err := p.seal("kept", k)
	if err != nil {
		p.broken(w, lang, err)
		return
	}
	n := p.notice(lang, "kept", "")
	if !whole {
		n.More = append(n.More, "kept.part")
	}
	if p.issuer != nil {
		n.More = append(n.More, "kept.sign")
	} else {
		n.More = append(n.More, "kept.link")
	}
	n.Next = "/page/resume/" + sealed
	p.tell(w, http.StatusForbidden, n)
}

// resume goes on with a form whose answers were kept, once the person whose form it is is known again.
func (p pages) resume(w http.ResponseWriter, r *http.Request) {
	var k keptForm
	s, known := p.session(r)
	switch {
	case !personal(r):
		w.WriteHeader(http.StatusNoContent)
	case !p.unseal("kept", r.PathValue("draft"), &k):
		p.refuse(w, "", http.StatusForbidden)
	case !known && p.issuer != nil:
		p.signIn(w, r)
	case !known:
		p.showKept(w, p.lang(r.Context(), k.Login), k, true)
	case s.Login != k.Login:
		p.deny(w, r, s, toWork.refused, bot.Request{Submit: k.Ticket})
	default:
		p.goOn(w, r, s, k.Ticket)
	}
}

// goOn shows a form with its kept answers: a part without any answers is answered with all that is asked.
func (p pages) goOn(w http.ResponseWriter, r *http.Request, s session, ticket string) {
	lang := p.lang(r.Context(), s.Login)
	answer, err := p.ask(r.Context(), s.Login, bot.Request{ID: rand.Text(), Submit: ticket, Values: map[string]any{}, Part: true})
	switch {
	case err != nil:
		p.broken(w, lang, err)
	case spent(answer):
		p.refuse(w, lang, http.StatusForbidden)
	default:
		p.answer(r.Context(), w, s, lang, answer, "said.title")
	}
}
