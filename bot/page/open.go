package page

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"luotsi/bot"
)

// The most that is read of what a browser sends: a link or button, and a form with all that is typed in it.
const (
	smallBody = 64 << 10
	formBody  = 1 << 20
)

// entrance is what a kind of link opens: its address without the link, and the notice of one that may not be opened.
type entrance struct{ path, refused string }

var (
	toWork   = entrance{path: "/page/open", refused: "unopened"}
	toClient = entrance{path: "/page/client", refused: "refused"}
)

// doorView is the page between a link and what it opens: programs that follow links in advance come no further.
type doorView struct {
	words
	Action, Link, Try string
	Whose             string // name of the person the link was made for, where that is known
	Minutes           int    // how long a link lives
}

// door answers to a link's address with one button and whose link it is. It spends nothing: programs that look at links in
// advance press no buttons, not even those that do it in a whole browser.
func (p pages) door(to entrance) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		link := r.PathValue("link")
		holder, err := p.holder(link)
		_, known := p.session(r)
		switch {
		case !personal(r):
			w.WriteHeader(http.StatusNoContent)
		case err != nil && !errors.Is(err, errUnwired):
			p.tell(w, http.StatusForbidden, p.notice("", to.refused, ""))
		case !known && p.issuer != nil:
			p.signIn(w, r)
		default:
			p.showDoor(r.Context(), w, holder, to, link)
		}
	}
}

// showDoor names the person a link was made for: whoever opens it is that person in this browser from then on.
func (p pages) showDoor(ctx context.Context, w http.ResponseWriter, holder string, to entrance, link string) {
	lang := p.lang(ctx, holder)
	v := doorView{words: p.in(lang), Action: to.path, Link: link, Whose: p.name(ctx, holder), Minutes: int(bot.LinkLife.Minutes())}
	var err error
	if p.Sealer != nil {
		v.Try, err = p.attempt()
	}
	if err == nil {
		w.Header().Set("Content-Security-Policy", askingPolicy)
		err = p.show(w, http.StatusOK, "door", v)
	}
	if err != nil {
		p.broken(w, lang, err)
	}
}

// open opens a link for the person it was made for, and begins a session. Pressed twice, the button answers the same.
func (p pages) open(w http.ResponseWriter, r *http.Request) {
	if !p.read(w, r, smallBody) {
		return
	}
	link := r.PostForm.Get("link")
	login, ok := p.entitled(w, r, toWork, link)
	if !ok {
		return
	}
	lang := p.lang(r.Context(), login)
	id := p.attempted("open", link, r.PostForm.Get("try"), bot.LinkLife)
	answer, err := p.ask(r.Context(), login, bot.Request{ID: id, Open: link})
	switch {
	case err != nil:
		p.broken(w, lang, err)
		return
	case spent(answer):
		p.refuse(w, lang, http.StatusForbidden)
		return
	}
	s, known := p.session(r)
	if !known {
		s = session{Login: login, Began: p.Now()}
	}
	p.answer(r.Context(), w, s, lang, answer, "said.title")
}

// entitled tells for whom a link may be opened in this browser, having answered already when it may not. The one whose browser
// it is has then been refused by Handle, which logs it.
func (p pages) entitled(w http.ResponseWriter, r *http.Request, to entrance, link string) (login string, ok bool) {
	holder, err := p.holder(link)
	s, known := p.session(r)
	switch {
	case err != nil && !known:
		p.tell(w, http.StatusForbidden, p.notice("", to.refused, ""))
	case err != nil || known && s.Login != holder:
		p.deny(w, r, s, to.refused, bot.Request{Open: orNothing(link)})
	case !known && p.issuer != nil:
		n := p.notice(p.lang(r.Context(), holder), "signin", "")
		n.Next = to.path + "/" + link
		p.tell(w, http.StatusForbidden, n)
	default:
		return holder, true
	}
	return "", false
}

// deny asks for what the session's person has no right to, so that the asking is judged and logged like any other, and shows
// nothing of what came of it.
func (p pages) deny(w http.ResponseWriter, r *http.Request, s session, refused string, req bot.Request) {
	req.ID = rand.Text()
	lang := p.lang(r.Context(), s.Login)
	if _, err := p.ask(r.Context(), s.Login, req); err != nil {
		p.broken(w, lang, err)
		return
	}
	n := p.notice(lang, refused, "")
	n.Me = p.name(r.Context(), s.Login)
	w.Header().Set("Content-Security-Policy", askingPolicy)
	p.tell(w, http.StatusForbidden, n)
}

// errUnwired: what the pages need to know people by was not given to them. Then nobody is let in.
var errUnwired = errors.New("the pages were not given what they need to know people by")

func (p pages) holder(link string) (login string, err error) {
	if p.Holder == nil {
		return "", errUnwired
	}
	return p.Holder(link)
}

// ask hands a request to Luotsi in a person's name.
func (p pages) ask(ctx context.Context, login string, req bot.Request) (bot.Answer, error) {
	if p.Handle == nil {
		return bot.Answer{}, errUnwired
	}
	req.Platform, req.User, req.Place, req.At = bot.Web, login, bot.Place{Kind: bot.OnPage}, p.Now()
	return p.Handle(ctx, req)
}

// read takes in what was sent, answering already when that cannot be done.
func (p pages) read(w http.ResponseWriter, r *http.Request, most int64) bool {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		p.refuse(w, "", http.StatusBadRequest)
		return false
	}
	return true
}

// spent reports whether the answer is that the ticket opens nothing: used, expired, somebody else's, or not ours at all.
func spent(a bot.Answer) bool {
	return slices.Contains([]string{"not_found", "expired_ticket", "link_used", "already_sent", "unknown_person"}, refusedBy(a))
}

// refusedBy names the rule that refused, empty when none did.
func refusedBy(a bot.Answer) string {
	for _, m := range a.Replies {
		if m.Refusal != "" {
			return m.Refusal
		}
	}
	return ""
}

// orNothing makes a ticket that opens nothing of a missing one: a request without any would be a question of another kind.
func orNothing(ticket string) string {
	if ticket == "" {
		return "-"
	}
	return ticket
}

// attempt marks a page that is shown now, so that a button that is pressed twice on it does one thing.
func (p pages) attempt() (string, error) { return p.seal("try", p.Now()) }

// attempted is the id of what a button does. A page that came longer than most ago is another attempt, and judged anew: going
// back in a browser must not open a spent link again, nor show what the person has no right to any more.
func (p pages) attempted(did, ticket, try string, most time.Duration) string {
	if at := (time.Time{}); p.unseal("try", try, &at) && p.Now().Sub(at) <= most {
		return once(did, ticket, try)
	}
	return rand.Text()
}

// once is the id of one thing that was done: the same parts give the same id.
func once(parts ...any) string {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(parts) // of strings and a form's values, in the order of their names; a hash takes all
	return hex.EncodeToString(sum.Sum(nil))
}
