package page

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"

	"luotsi/bot"
)

// Config is what the pages need from the rest of Luotsi.
type Config struct {
	Catalog *bot.Catalog // with Texts in it
	// Open spends a one-time link and tells whose clients it shows, in the language of the person it was made for ("" when
	// that is not known). A link that may not be opened is a *bot.Refusal; after any other error it is still unspent.
	Open   func(ctx context.Context, sealed string) (bot.Lang, []Client, error)
	Units  func(ctx context.Context) ([]string, error) // names of the units a client can let in, as printed on the consent form
	Phone  string                                      // where the client can cancel the consent; empty: a line to write on
	County string                                      // whose papers these are; empty: a line to write on
	Log    *slog.Logger                                // optional: errors with the reference people see, and nothing else
}

// policy lets a page load styles and pictures of this program's own, and nothing else; no script runs.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type pages struct{ Config }

// New serves who the client is, behind a one-time link, and the papers given to clients; every address begins with /page/.
func New(c Config) http.Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	p := pages{c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /page/client/{link}", p.client)
	mux.HandleFunc("GET /page/closed", p.closed)
	mux.HandleFunc("GET /page/closed/mark.svg", forget)
	mux.HandleFunc("GET /page/print/consent", p.consent)
	mux.HandleFunc("GET /page/print/information", p.information)
	mux.HandleFunc("GET /page/static/{file}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, Static, r.PathValue("file"))
	})
	return guarded(mux)
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

var looks = sync.OnceValues(func() (*template.Template, error) {
	return template.ParseFS(files, "templates/layout.html", "templates/client.html", "templates/neutral.html",
		"templates/consent.html", "templates/information.html")
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

// broken tells that something went wrong inside, with the reference the log has.
func (p pages) broken(w http.ResponseWriter, lang bot.Lang, err error) {
	reference := rand.Text()[:6]
	p.Log.Error("page failed", "reference", reference, "error", err)
	if err := p.show(w, http.StatusInternalServerError, "neutral", p.notice(lang, "broken", reference)); err != nil {
		http.Error(w, reference, http.StatusInternalServerError)
	}
}
