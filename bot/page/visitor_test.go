package page

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// visitor is a browser without a screen: it keeps cookies by path and name, and says what browsers say of a request.
type visitor struct {
	t       *testing.T
	h       http.Handler
	cookies map[string]*http.Cookie
	status  int
	head    http.Header
	body    string
}

func visit(t *testing.T, h http.Handler) *visitor {
	return &visitor{t: t, h: h, cookies: map[string]*http.Cookie{}}
}

func (v *visitor) do(r *http.Request) *visitor {
	v.t.Helper()
	if r.Header.Get("Sec-Fetch-Dest") == "" {
		r.Header.Set("Sec-Fetch-Dest", "document")
	}
	for _, c := range v.cookies {
		if strings.HasPrefix(r.URL.Path, c.Path) {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
	w := httptest.NewRecorder()
	v.h.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
			continue
		}
		v.cookies[c.Name] = c
	}
	v.status, v.head, v.body = w.Code, w.Header(), w.Body.String()
	return v
}

func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	return v.do(httptest.NewRequest(http.MethodGet, path, nil))
}

func (v *visitor) post(path string, fields url.Values) *visitor {
	v.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(r)
}

var (
	formsIn  = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)".*?</form>`)
	hiddenIn = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// hidden is what the shown page's form to the address carries along.
func (v *visitor) hidden(action string) url.Values {
	v.t.Helper()
	fields := url.Values{}
	for _, form := range formsIn.FindAllStringSubmatch(v.body, -1) {
		if form[1] != action {
			continue
		}
		for _, m := range hiddenIn.FindAllStringSubmatch(form[0], -1) {
			fields.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
		}
		return fields
	}
	v.t.Fatalf("no form to %s in\n%s", action, v.body)
	return nil
}

// send sends the shown page's form to the address with what is typed: name and value by turns.
func (v *visitor) send(action string, typed ...string) *visitor {
	v.t.Helper()
	fields := v.hidden(action)
	for i := 0; i+1 < len(typed); i += 2 {
		fields.Add(typed[i], typed[i+1])
	}
	return v.post(action, fields)
}

// opens goes through a link's door.
func (v *visitor) opens(link string) *visitor {
	v.t.Helper()
	return v.open("/page/open/" + link).send("/page/open")
}

// wants checks the status and what the page says; what begins with "not " it must not say.
func (v *visitor) wants(status int, words ...string) *visitor {
	v.t.Helper()
	if v.status != status {
		v.t.Errorf("status %d, want %d:\n%s", v.status, status, v.body)
	}
	for _, w := range words {
		not, absent := strings.CutPrefix(w, "not ")
		if absent && strings.Contains(v.body, not) || !absent && !strings.Contains(v.body, w) {
			v.t.Errorf("want %q in\n%s", w, v.body)
		}
	}
	return v
}

// next is where the shown notice's button leads.
func (v *visitor) next() string {
	v.t.Helper()
	_, rest, found := strings.Cut(v.body, `<a class="button primary" href="`)
	if !found {
		v.t.Fatalf("no way on in\n%s", v.body)
	}
	address, _, _ := strings.Cut(rest, `"`)
	return html.UnescapeString(address)
}
