package sandbox

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// get asks for a page without following where it sends.
func (w *world) get(path string) *http.Response {
	w.t.Helper()
	client := *w.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	req, err := http.NewRequestWithContext(w.t.Context(), "GET", w.server.URL+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := client.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestAddressesLeadSomewhere(t *testing.T) {
	w := newWorld(t)
	id := w.room("case-1", "paula")
	if err := w.chat.Enable(t.Context(), "sanna", false); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/":                       "/?as=paula&room=dm",
		"/?as=nobody&room=queue":  "/?as=paula&room=dm",
		"/?as=sanna&room=dm":      "/?as=paula&room=dm",
		"/?as=ville":              "/?as=ville&room=dm",
		"/?as=ville&room=" + id:   "/?as=ville&room=dm",
		"/?as=ville&room=a%00b":   "/?as=ville&room=dm",
		"/?as=paula&room=" + id:   "",
		"/?as=ville&room=general": "",
	} {
		res := w.get(path)
		if got := res.Header.Get("Location"); got != want || want == "" && res.StatusCode != 200 {
			t.Errorf("%s leads to %q with %d, want %q", path, got, res.StatusCode, want)
		}
	}
}

func TestPageMayLoadOnlyItsOwn(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/?as=paula&room=dm", "/sandbox/static/app.js", "/sandbox/form/form.css", "/sandbox/part/news?as=paula&room=dm"} {
		res := w.get(path)
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if got := res.Header.Get("Content-Security-Policy"); res.StatusCode != 200 || !strings.Contains(got, part) {
				t.Errorf("%s: %d, policy %q lacks %s", path, res.StatusCode, got, part)
			}
		}
		if strings.Contains(res.Header.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: the policy is unsafe", path)
		}
	}
}

func TestNewsAreToldOnce(t *testing.T) {
	w := newWorld(t)
	w.say("paula", "general", "uutinen")
	news := func(since string) (body, cursor string) {
		data, err := io.ReadAll(w.get("/sandbox/part/news?as=sanna&room=general&since=" + since).Body)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`name="since" value="(\d+)"`).FindSubmatch(data)
		if found == nil {
			t.Fatalf("no cursor in %s", data)
		}
		return string(data), string(found[1])
	}
	body, cursor := news("0")
	if !strings.Contains(body, "uutinen") {
		t.Errorf("no news in %s", body)
	}
	if body, again := news(cursor); strings.Contains(body, "uutinen") || again != cursor {
		t.Errorf("told again, or the cursor went from %s to %s", cursor, again)
	}
}
