package page

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"luotsi/bot"
)

// minutesSaid is how long what was said stays on the screen; it may be a client's own words.
const minutesSaid = 15

// workView is a page of one person's work: what Luotsi said, a form, or both.
type workView struct {
	words
	Me      string // name of whose session it is, if there is one
	Heading string // id of the page's heading; a form has its own
	Posts   []bot.Post
	Form    template.HTML
	Title   string // of the form
	Summary string // how many of the form's answers are at fault
	Link    string
	Try     string
	Minutes int // until what was said closes itself
}

// Seconds are the Minutes.
func (v workView) Seconds() int { return v.Minutes * 60 }

// answer shows whatever Luotsi answers to somebody it knows, whose session goes on or begins unless the answer is a no.
func (p pages) answer(ctx context.Context, w http.ResponseWriter, s session, lang bot.Lang, a bot.Answer, heading string) {
	try, err := p.attempt()
	if err != nil {
		p.broken(w, lang, err)
		return
	}
	v := workView{words: p.in(lang), Heading: heading, Posts: a.Replies, Link: a.Link, Try: try, Minutes: minutesSaid}
	refused := refusedBy(a) != ""
	if refused {
		v.Heading = "said.refused"
	}
	if refused && s.Until.IsZero() { // a session that only now would begin: nobody has been proven to be here
		v.Posts = withoutTickets(v.Posts)
	} else {
		v.Me = p.name(ctx, s.Login)
		if err := p.keep(w, s); err != nil {
			p.broken(w, lang, err)
			return
		}
	}
	if a.Dialog != nil {
		p.form(ctx, w, http.StatusOK, s, v, FormView{Dialog: *a.Dialog})
		return
	}
	w.Header().Set("Content-Security-Policy", askingPolicy)
	if err := p.show(w, http.StatusOK, "said", v); err != nil {
		p.broken(w, lang, err)
	}
}

// form shows a form as a page. What is needed to read it when it is sent travels with it, sealed.
func (p pages) form(ctx context.Context, w http.ResponseWriter, status int, s session, v workView, f FormView) {
	f.Catalog, f.Lang, f.Action, f.Page, f.Now = p.Catalog, v.Lang, "/page/form", true, p.Now()
	v.Title, v.Summary = f.Dialog.Title, f.summary()
	var err error
	f.Sealed, err = p.seal("form", sentForm{Login: s.Login, Dialog: withoutAnswers(f.Dialog)})
	var html bytes.Buffer
	if err == nil {
		err = RenderForm(&html, f)
	}
	if err == nil {
		v.Me, v.Form = p.name(ctx, s.Login), template.HTML(html.String()) // written by this package's own template, which escapes
		w.Header().Set("Content-Security-Policy", typingPolicy)
		err = p.show(w, status, "asked", v)
	}
	if err != nil {
		p.broken(w, v.Lang, fmt.Errorf("showing a form as a page: %w", err))
	}
}

// withoutAnswers returns the form without what was answered before: that is in its fields, where people see it.
func withoutAnswers(d bot.Dialog) bot.Dialog {
	fields := make([]bot.DialogField, len(d.Fields))
	for i, f := range d.Fields {
		f.Default = nil
		fields[i] = f
	}
	d.Fields = fields
	return d
}

func withoutTickets(posts []bot.Post) []bot.Post {
	plain := make([]bot.Post, len(posts))
	for i, m := range posts {
		var links []bot.PostButton
		for _, b := range m.Buttons {
			if b.Ticket == "" {
				links = append(links, b)
			}
		}
		m.Buttons = links
		plain[i] = m
	}
	return plain
}

// press does what a button of a shown message does. Pressed twice, it answers the same, for as long as the page is there.
func (p pages) press(w http.ResponseWriter, r *http.Request) {
	if !p.read(w, r, smallBody) {
		return
	}
	s, known := p.session(r)
	if !known {
		p.tell(w, http.StatusForbidden, p.notice("", "over", ""))
		return
	}
	lang, ticket := p.lang(r.Context(), s.Login), orNothing(r.PostForm.Get("ticket"))
	id := p.attempted("press", ticket, r.PostForm.Get("try"), minutesSaid*time.Minute)
	answer, err := p.ask(r.Context(), s.Login, bot.Request{ID: id, Press: ticket})
	if err != nil {
		p.broken(w, lang, err)
		return
	}
	p.answer(r.Context(), w, s, lang, answer, "said.title")
}
