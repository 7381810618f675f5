package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"luotsi/bot"
)

// Config is what the pages need from the rest of Luotsi.
type Config struct {
	Catalog *bot.Catalog // with Texts in it
	// Open spends a one-time link and tells whose clients it shows, in the language of the person it was made for ("" when
	// that is not known). A link that may not be opened is a *bot.Refusal; after any other error it is still unspent.
	Open   func(ctx context.Context, sealed string) (bot.Lang, []Client, error)
	Units  func(ctx context.Context) ([]string, error) // names of the units a client can let in, printed on the consent form if no more than 12
	Phone  string                                      // where the client can cancel the consent; empty: a line to write on
	County map[bot.Lang]string                         // whose papers these are, by language; a missing name is the Finnish one, and without that a line to write on
	Log    *slog.Logger                                // optional: errors with the reference people see, and nothing else

	// Handle carries out what is asked on a page: the request's platform is bot.Web, its user a login, its place bot.OnPage.
	// Optional: without it there are no forms and no messages here, only clients and papers. It needs Holder and Sealer.
	Handle func(ctx context.Context, req bot.Request) (bot.Answer, error)
	Holder func(sealed string) (login string, err error)    // whose link a sealed link is, spent or not
	Sealer bot.Sealer                                       // makes cookies and what forms carry along unreadable and ours
	Now    func() time.Time                                 // optional: the clock that sessions and requests go by
	Lang   func(ctx context.Context, login string) bot.Lang // optional: the language a person reads
	Name   func(ctx context.Context, login string) string   // optional: a person's name; without it, or when "", the login
	// Active tells before each request of a session whether its person may still use Luotsi; false ends the session at once.
	// Optional: without it a session ends by its own time only.
	Active func(ctx context.Context, login string) (bool, error)
	Secure bool    // cookies only go over https
	SignIn *SignIn // optional, with Handle: who uses a page is proven by the organisation's own sign-in
}

// What a page lets its browser load and do: styles and pictures of this program's own; where there is a form, sending it here;
// and only where people type, this program's own script.
const (
	policy       = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	askingPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	typingPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

type pages struct {
	Config
	issuer *issuer // nil without SignIn
}

// New serves forms and messages that a chat is not trusted with and who the client is, all behind one-time links, and the
// papers given to clients; every address begins with /page/.
func New(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	p := pages{Config: c}
	if c.SignIn != nil {
		p.issuer = &issuer{SignIn: *c.SignIn, now: c.Now}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /page/client/{link}", p.still(p.door(toClient)))
	mux.Handle("POST /page/client", p.still(p.reveal))
	mux.HandleFunc("GET /page/closed", p.closed)
	mux.HandleFunc("GET /page/closed/mark.svg", forget)
	mux.HandleFunc("GET /page/print/consent", p.consent)
	mux.HandleFunc("GET /page/print/information", p.information)
	mux.HandleFunc("GET /page/static/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, Static, r.PathValue("file"))
	})
	if c.Handle != nil {
		p.serveWork(mux)
	}
	if p.issuer != nil {
		mux.HandleFunc("GET "+CallbackPath, p.signedIn)
	}
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { p.refuse(w, "", http.StatusForbidden) }))
	return guarded(p.steady(own.Handler(mux)))
}

// serveWork adds what is asked and said on pages.
func (p pages) serveWork(mux *http.ServeMux) {
	mux.Handle("GET /page/open/{link}", p.still(p.door(toWork)))
	mux.Handle("POST /page/open", p.still(p.open))
	mux.Handle("POST /page/form", p.still(p.submit))
	mux.Handle("POST /page/press", p.still(p.press))
	mux.Handle("GET /page/resume/{draft}", p.still(p.resume))
	mux.HandleFunc("POST /page/leave", p.leave)
	for _, sent := range []string{"open", "form", "press", "leave"} { // a page that was sent, asked for again by its address
		mux.HandleFunc("GET /page/"+sent, func(w http.ResponseWriter, _ *http.Request) { p.refuse(w, "", http.StatusNotFound) })
	}
}

// guarded forbids storing, framing, indexing and telling others the address of everything served.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Security-Policy", policy)
		head.Set("Cross-Origin-Opener-Policy", "same-origin")
		head.Set("Referrer-Policy", "no-referrer")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("X-Robots-Tag", "noindex")
		h.ServeHTTP(w, r)
	})
}

// steady makes a panic a fault like any other, with a reference. Its value could hold anything and is not logged.
func (p pages) steady(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v) // the server's own way to let go of a connection
			default:
				w.Header().Set("Content-Security-Policy", policy)
				p.broken(w, "", fmt.Errorf("panic of type %T at %s", v, debug.Stack()))
			}
		}()
		h.ServeHTTP(w, r)
	})
}

var looks = sync.OnceValues(func() (*template.Template, error) {
	return template.ParseFS(files, "templates/layout.html", "templates/client.html", "templates/neutral.html",
		"templates/consent.html", "templates/information.html", "templates/work.html")
})

// show sends a page whole or not at all: what went wrong half-way must not leave half a client on the screen.
func (p pages) show(w http.ResponseWriter, status int, name string, v any) error {
	t, err := looks()
	if err != nil {
		return fmt.Errorf("reading the pages' templates: %w", err)
	}
	var page bytes.Buffer
	if err := t.ExecuteTemplate(&page, name, v); err != nil {
		return fmt.Errorf("showing a page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = page.WriteTo(w) // a reader who left needs no answer
	return nil
}

// notice is a page that says something and shows nothing of anybody, in one language or, when that is unknown, in all.
type notice struct {
	words
	Name      string // the sentences are page.<Name>.title and page.<Name>.text
	Reference string
	More      []string // ids of further sentences, without "page."
	Next      string   // optional: where the button page.<Name>.next leads
	Me        string   // optional: name of who uses the browser, with a button that ends that
	Each      []words
}

func (p pages) notice(lang bot.Lang, name, reference string) notice {
	n := notice{words: p.in(lang), Name: name, Reference: reference}
	if lang != "" {
		n.Each = []words{n.words}
		return n
	}
	for _, l := range bot.Langs {
		n.Each = append(n.Each, p.in(l))
	}
	return n
}

// tell shows a notice.
func (p pages) tell(w http.ResponseWriter, status int, n notice) {
	if err := p.show(w, status, "neutral", n); err != nil {
		p.broken(w, n.Lang, err)
	}
}

// refuse is the one answer to whatever may not be opened, for whatever reason.
func (p pages) refuse(w http.ResponseWriter, lang bot.Lang, status int) {
	p.tell(w, status, p.notice(lang, "unopened", ""))
}

// broken tells that something went wrong inside, with the reference the log has.
func (p pages) broken(w http.ResponseWriter, lang bot.Lang, err error) {
	reference := p.logged(err)
	if err := p.show(w, http.StatusInternalServerError, "neutral", p.notice(lang, "broken", reference)); err != nil {
		http.Error(w, reference, http.StatusInternalServerError)
	}
}

// logged writes an error into the log and returns the reference that people are told.
func (p pages) logged(err error) string {
	reference := rand.Text()[:6]
	p.Log.Error("page failed", "reference", reference, "error", err)
	return reference
}
