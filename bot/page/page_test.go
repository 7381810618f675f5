package page

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"luotsi/bot"
)

// links stands in for those who keep clients and links: every link opens once.
type links struct {
	lang    bot.Lang
	clients []Client
	fault   error
	opened  int
	spent   map[string]bool
}

func (l *links) open(_ context.Context, sealed string) (bot.Lang, []Client, error) {
	l.opened++
	switch {
	case l.fault != nil:
		return l.lang, nil, l.fault
	case l.spent[sealed]:
		return l.lang, nil, bot.Refuse("link_used", nil)
	}
	l.spent[sealed] = true
	return l.lang, l.clients, nil
}

var (
	aino   = Client{Code: "BCD2346-7", Name: "Aino Esimerkki", IdentityCode: "010150-9012", Contact: "Koivukuja 1\n040 000 0000"}
	veikko = Client{Code: "KLM7788-9", Name: "Veikko Esimerkki", Contact: "050 000 0000"}
)

func units(context.Context) ([]string, error) {
	return []string{"SOTE-KESKUS-A", "ASIAKASOHJAUS", "IAKKAAT", "KOTIHOITO-B", "MIEPA", "ESIMERKKIJARJESTO"}, nil
}

func serve(t *testing.T, l *links, change func(*Config)) http.Handler {
	t.Helper()
	l.spent = map[string]bool{}
	c := Config{Catalog: catalog(t), Open: l.open, Units: units, Phone: "000 123 4567", County: map[bot.Lang]string{bot.FI: "Esimerkin hyvinvointialue", bot.SV: "Exempels välfärdsområde"}}
	if change != nil {
		change(&c)
	}
	return New(c)
}

// get opens an address as a browser does for a person.
func get(h http.Handler, path string, head ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Sec-Fetch-Dest", "document")
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// opened presses the button of a client's link.
func opened(h http.Handler, link string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/page/client", strings.NewReader("link="+link))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestClientIsShownOnce(t *testing.T) {
	l := &links{lang: bot.FI, clients: []Client{aino}}
	h := serve(t, l, nil)
	first := opened(h, "sealed")
	for _, want := range []string{aino.Name, aino.IdentityCode, aino.Contact, aino.Code, "kirjattu lokiin", "5 minuutin", `content="300;url=/page/closed?lang=fi"`} {
		if !strings.Contains(first.Body.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if first.Code != http.StatusOK || l.opened != 1 {
		t.Errorf("status %d after opening %d times, want 200 after one", first.Code, l.opened)
	}
	second := opened(h, "sealed")
	if second.Code != http.StatusForbidden || strings.Contains(second.Body.String(), "Aino") {
		t.Errorf("the second opening: status %d", second.Code)
	}
}

func TestOnlyAPersonSpendsALink(t *testing.T) {
	l := &links{lang: bot.FI, clients: []Client{aino}}
	h := serve(t, l, nil)
	for _, head := range [][]string{
		{"Sec-Purpose", "prefetch"},
		{"Sec-Purpose", "prefetch;prerender"},
		{"Purpose", "prefetch"},
		{"X-Purpose", "preview"},
		{"X-Moz", "prefetch"},
		{"Sec-Fetch-Dest", "image"},
		{"Sec-Fetch-Dest", "iframe"},
	} {
		if w := get(h, "/page/client/sealed", head...); w.Code != http.StatusNoContent || w.Body.Len() != 0 {
			t.Errorf("%v: status %d, %d bytes", head, w.Code, w.Body.Len())
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/page/client/sealed", nil))
	if w.Code != http.StatusNoContent || l.opened != 0 {
		t.Errorf("HEAD: status %d, opened %d times in all", w.Code, l.opened)
	}
	for _, dest := range []string{"document", ""} { // a program that looks at links may do it in a whole browser
		if w := get(h, "/page/client/sealed", "Sec-Fetch-Dest", dest); w.Code != http.StatusOK || l.opened != 0 || strings.Contains(w.Body.String(), "Aino") {
			t.Errorf("opened as %q: status %d, opened %d times", dest, w.Code, l.opened)
		}
	}
	if w := opened(h, "sealed"); w.Code != http.StatusOK || l.opened != 1 {
		t.Errorf("a person afterwards: status %d, opened %d times", w.Code, l.opened)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	h := serve(t, &links{lang: bot.FI, clients: []Client{aino}}, nil)
	want := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Referrer-Policy":         "no-referrer",
		"X-Content-Type-Options":  "nosniff",
		"X-Robots-Tag":            "noindex",
		"Cache-Control":           "no-store",
	}
	for _, path := range []string{"/page/client", "/page/client", "/page/closed", "/page/print/consent", "/page/print/information", "/page/nothing", "/page/static/page.css"} {
		w := get(h, path)
		if path == "/page/client" {
			w = opened(h, "a")
		}
		for name, value := range want {
			if name == "Cache-Control" && strings.Contains(path, "static") {
				value = "no-cache"
			}
			if got := w.Header().Get(name); got != value {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if body := w.Body.String(); strings.Contains(body, "<script") || strings.Contains(body, " style=") {
			t.Errorf("%s holds a script or a style", path)
		}
	}
	if w := get(h, "/page/static/"); w.Code != http.StatusNotFound {
		t.Errorf("the list of files: status %d", w.Code)
	}
}

func TestRefusalsLookAlike(t *testing.T) {
	for _, lang := range []bot.Lang{bot.FI, bot.SV, bot.EN, ""} {
		seen := ""
		for _, rule := range []string{"link_used", "expired_ticket", "not_allowed", "not_found"} {
			refusal := bot.Refuse(rule, nil)
			refusal.Code = "BCD2346-7"
			w := opened(serve(t, &links{lang: lang, fault: refusal}, nil), rule)
			body := w.Body.String()
			if seen == "" {
				seen = body
			}
			if w.Code != http.StatusForbidden || body != seen {
				t.Errorf("%s in %q: status %d or other words than for another rule", rule, lang, w.Code)
			}
		}
		for l, words := range map[bot.Lang]string{bot.FI: "Linkkiä ei voi avata", bot.SV: "Länken kan inte", bot.EN: "cannot be opened"} {
			if said, want := strings.Contains(seen, words), lang == "" || lang == l; said != want {
				t.Errorf("a refusal in %q says %q: %v", lang, words, said)
			}
		}
	}
}

func TestWhatGoesWrongIsToldByReferenceOnly(t *testing.T) {
	var log bytes.Buffer
	l := &links{lang: bot.SV, fault: errors.New("reading rows: broken")}
	h := serve(t, l, func(c *Config) {
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		c.Units = func(context.Context) ([]string, error) { return nil, errors.New("reading units: broken") }
	})
	for path, w := range map[string]func() *httptest.ResponseRecorder{
		"client": func() *httptest.ResponseRecorder { return opened(h, "sealedlink") },
		"paper":  func() *httptest.ResponseRecorder { return get(h, "/page/print/consent?lang=sv") },
	} {
		log.Reset()
		w := w()
		body := w.Body.String()
		_, rest, _ := strings.Cut(body, "Referens ")
		reference, _, _ := strings.Cut(rest, "<")
		if w.Code != http.StatusInternalServerError || len(reference) != 6 || !strings.Contains(log.String(), "reference="+reference) {
			t.Errorf("%s: status %d, reference %q, log %q", path, w.Code, reference, log.String())
		}
		if strings.Contains(body, "broken") || strings.Contains(log.String(), "sealedlink") {
			t.Errorf("%s: the page tells the cause or the log the link", path)
		}
	}
}

func TestNamesAreText(t *testing.T) {
	hostile := Client{Code: "BCD2346-7", Name: `<script>alert(1)</script>`, IdentityCode: `"><img src=x>`, Contact: `</dd><style>*{}</style>`}
	for _, clients := range [][]Client{{hostile}, {hostile, hostile}} {
		body := opened(serve(t, &links{lang: bot.FI, clients: clients}, nil), "x").Body.String()
		for _, tag := range []string{"<script", "<img src=x", "<style"} {
			if strings.Contains(body, tag) {
				t.Errorf("%q became markup", tag)
			}
		}
		if !strings.Contains(body, "&lt;script&gt;") {
			t.Error("the name is not shown")
		}
	}
	paper := get(serve(t, &links{}, func(c *Config) { c.County, c.Phone = map[bot.Lang]string{bot.FI: "<b>x"}, "<i>y" }), "/page/print/information").Body.String()
	if strings.Contains(paper, "<b>x") || strings.Contains(paper, "<i>y") || !strings.Contains(paper, "&lt;i&gt;y") {
		t.Error("county or phone became markup")
	}
}

func TestSeveralClients(t *testing.T) {
	l := &links{lang: bot.EN, clients: []Client{aino, veikko}}
	body := opened(serve(t, l, nil), "x").Body.String()
	for _, want := range []string{"My clients", aino.Name, veikko.Name, aino.Code, veikko.Code, "15 minutes", `content="900;url=/page/closed?lang=en"`, "<title>Luotsi</title>"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	l.clients = []Client{{Code: aino.Code, Name: aino.Name}, {Code: veikko.Code, Name: veikko.Name}}
	body = opened(serve(t, l, nil), "y").Body.String()
	if strings.Contains(body, "Personal identity code") || strings.Contains(body, "Contact details") {
		t.Error("a column is shown that holds nothing")
	}
	l.clients = nil
	body = opened(serve(t, l, nil), "z").Body.String()
	if !strings.Contains(body, "You have no clients") {
		t.Error("no clients: nothing is said")
	}
}

func TestStyleClosesWhenThePageDoes(t *testing.T) {
	css, err := os.ReadFile("static/page.css")
	if err != nil {
		t.Fatal(err)
	}
	p := pages{Config: Config{Catalog: catalog(t)}}
	for _, clients := range [][]Client{{aino}, {aino, veikko}} {
		v := p.clients(bot.FI, clients)
		var page bytes.Buffer
		look, err := looks()
		if err != nil {
			t.Fatal(err)
		}
		if err := look.ExecuteTemplate(&page, "client", v); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(page.String(), `<body class="`)
		class, _, _ := strings.Cut(rest, `"`)
		_, rule, _ := strings.Cut(string(css), "."+class+" { --life: ")
		life, _, _ := strings.Cut(rule, "s;")
		if _, after, _ := strings.Cut(page.String(), `http-equiv="refresh" content="`); !strings.HasPrefix(after, life+";") || life == "" {
			t.Errorf("%d clients: the style hides them after %q s, the page closes at %.4s", len(clients), life, after)
		}
	}
}

func TestClosedPageLeavesNothingBehind(t *testing.T) {
	h := serve(t, &links{}, nil)
	closed := get(h, "/page/closed?lang=sv")
	_, rest, _ := strings.Cut(closed.Body.String(), `<img src="`)
	mark, _, _ := strings.Cut(rest, `"`)
	if closed.Code != http.StatusOK || !strings.Contains(closed.Body.String(), "Sidan är stängd") || mark == "" {
		t.Fatalf("status %d, mark %q", closed.Code, mark)
	}
	if w := get(h, mark); w.Code != http.StatusOK || w.Header().Get("Clear-Site-Data") != `"cache"` || w.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("%s: status %d, %v", mark, w.Code, w.Header())
	}
}
