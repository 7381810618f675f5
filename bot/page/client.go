package page

import (
	"errors"
	"net/http"
	"strings"

	"luotsi/bot"
)

// Client is who one case's client is, as the page shows it. What is empty is not shown.
type Client struct{ Code, Name, IdentityCode, Contact, NearName string }

// How long an open page shows one client, and several.
const (
	minutesOne  = 5
	minutesMany = 15
)

type clientView struct {
	words
	Clients []Client
	Minutes int
	Seconds int
	Me      string // name of the person the link was made for, where that is known
	Session bool   // that person's session, which can be ended here
	Codes   bool   // some client's identity code is shown
	Contact bool   // some client's contact is shown
}

// reveal spends a link whose button was pressed and shows what it opens, unless somebody else uses the browser.
func (p pages) reveal(w http.ResponseWriter, r *http.Request) {
	if !p.read(w, r, smallBody) {
		return
	}
	link := r.PostForm.Get("link")
	if p.Handle != nil || p.issuer != nil {
		if _, ok := p.entitled(w, r, toClient, link); !ok {
			return
		}
	}
	lang, clients, err := p.Open(r.Context(), link)
	var refused *bot.Refusal
	switch {
	case errors.As(err, &refused):
		err = p.show(w, http.StatusForbidden, "neutral", p.notice(lang, "refused", ""))
	case err == nil:
		v := p.clients(lang, clients)
		if login, unknown := p.holder(link); unknown == nil {
			v.Me = p.name(r.Context(), login)
		}
		if _, v.Session = p.session(r); v.Session {
			w.Header().Set("Content-Security-Policy", askingPolicy)
		}
		err = p.show(w, http.StatusOK, "client", v)
	}
	if err != nil {
		p.broken(w, lang, err)
	}
}

// personal tells a page that somebody opens from one that a browser or program loads beforehand or inside another page.
func personal(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	if dest := r.Header.Get("Sec-Fetch-Dest"); dest != "" && dest != "document" {
		return false
	}
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		purpose := strings.ToLower(r.Header.Get(name))
		if strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") || strings.Contains(purpose, "preview") {
			return false
		}
	}
	return true
}

func (p pages) clients(lang bot.Lang, clients []Client) clientView {
	v := clientView{words: p.in(lang), Clients: clients, Minutes: minutesOne}
	if len(clients) > 1 {
		v.Minutes = minutesMany
	}
	v.Seconds = v.Minutes * 60
	for _, c := range clients {
		v.Codes = v.Codes || c.IdentityCode != ""
		v.Contact = v.Contact || c.Contact != ""
	}
	return v
}

// closed is where a client's page goes when its time is over. It shows the mark that makes the browser forget that page.
func (p pages) closed(w http.ResponseWriter, r *http.Request) {
	lang := asked(r)
	if err := p.show(w, http.StatusOK, "neutral", p.notice(lang, "closed", "")); err != nil {
		p.broken(w, lang, err)
	}
}

// forget serves the mark and has the browser drop the pages it keeps for going back: some keep even what may not be stored.
// The closed page itself comes too early for that; the client's page is kept only when it has been left.
func forget(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Clear-Site-Data", `"cache"`)
	http.ServeFileFS(w, r, Static, "mark.svg")
}

// asked is the language an address asks for, Finnish if none.
func asked(r *http.Request) bot.Lang { return bot.Lang(r.URL.Query().Get("lang")).Known() }
