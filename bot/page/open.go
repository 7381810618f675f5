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
	Minutes           int // how long a link lives
}

// door answers to a link's address with one button. It spends nothing.
func (p pages) door(w http.ResponseWriter, r *http.Request) {
	link := r.PathValue("link")
	holder, err := p.holder(link)
	if err != nil {
		p.refuse(w, "", http.StatusForbidden)
		return
	}
	if _, ok := p.session(r); !ok && p.issuer != nil {
		p.signIn(w, r)
		return
	}
	p.showDoor(w, p.lang(r.Context(), holder), toWork, link)
}

func (p pages) showDoor(w http.ResponseWriter, lang bot.Lang, to entrance, link string) {
	v := doorView{words: p.in(lang), Action: to.path, Link: link, Minutes: int(bot.LinkLife.Minutes())}
	var err error
	if p.Sealer != nil {
		v.Try, err = p.seal("try", p.Now())
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
	lang, id := p.lang(r.Context(), login), rand.Text()
	// A page that came long ago is another attempt: going back in a browser must not open a spent link again.
	if try, at := r.PostForm.Get("try"), (time.Time{}); p.unseal("try", try, &at) && p.Now().Sub(at) <= bot.LinkLife {
		id = once("open", link, try)
	}
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
	p.answer(w, s, lang, answer, "said.title")
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
	n.Me = s.Login
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

// once is the id of one thing that was done: the same parts give the same id.
func once(parts ...any) string {
	sum := sha256.New()
	_ = json.NewEncoder(sum).Encode(parts) // of strings and a form's values, in the order of their names; a hash takes all
	return hex.EncodeToString(sum.Sum(nil))
}
