package slack

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

func linkIn(blocks []any) string {
	for _, e := range wsElements(blocks) {
		if at := wsString(e, "url"); strings.Contains(at, "/page/") {
			return at
		}
	}
	return ""
}

// onPage opens a one-time link, and sends the form behind it if something is to be answered.
func (c *town) onPage(login, link string, typed map[string]any) (text string) {
	c.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	b := &browser{town: c, client: &http.Client{Jar: jar}}
	b.get(link)
	b.send(nil)
	if typed != nil {
		if b.send(typed); !strings.Contains(b.body, "<h1>Valmis</h1>") {
			c.t.Fatalf("%s: the page says %s", login, b.body)
		}
	}
	return b.body
}

// browser is somebody's browser at Luotsi's own pages.
type browser struct {
	*town
	client *http.Client
	at     *url.URL
	body   string
}

func (b *browser) get(address string) { b.do(http.MethodGet, address, nil) }

func (b *browser) do(method, address string, fields url.Values) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(fields.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		b.t.Fatalf("%s: %d %v\n%s", req.URL.Path, res.StatusCode, err, body)
	}
	b.at, b.body = res.Request.URL, string(body)
	b.read = append(b.read, b.body)
}

var (
	anyForm    = regexp.MustCompile(`(?s)<form.*?</form>`)
	formAction = regexp.MustCompile(`<form[^>]* action="([^"]*)"`)
	formInput  = regexp.MustCompile(`<input[^>]*>`)
	formArea   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)
	formList   = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	formChosen = regexp.MustCompile(`<option value="([^"]*)" selected`)
	inputPart  = regexp.MustCompile(` (name|type|value)="([^"]*)"`)
)

// send sends the page's form as it stands, with what is typed into it.
func (b *browser) send(typed map[string]any) {
	b.t.Helper()
	forms := anyForm.FindAllString(b.body, -1)
	if len(forms) == 0 {
		b.t.Fatalf("no form:\n%s", b.body)
	}
	form := forms[0]
	for _, f := range forms {
		if strings.Contains(f, `name="form-ticket"`) {
			form = f
		}
	}
	fields := url.Values{}
	for _, input := range formInput.FindAllString(form, -1) {
		part := map[string]string{}
		for _, m := range inputPart.FindAllStringSubmatch(input, -1) {
			part[m[1]] = html.UnescapeString(m[2])
		}
		choice := part["type"] == "radio" || part["type"] == "checkbox"
		if part["name"] != "" && (!choice || strings.Contains(input, " checked")) {
			fields.Add(part["name"], part["value"])
		}
	}
	for _, m := range formArea.FindAllStringSubmatch(form, -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range formList.FindAllStringSubmatch(form, -1) {
		if chosen := formChosen.FindStringSubmatch(m[2]); chosen != nil {
			fields.Set(m[1], html.UnescapeString(chosen[1]))
		}
	}
	for name, value := range typed {
		if !strings.Contains(form, `"f-`+name+`"`) {
			b.t.Errorf("the page does not ask %s:\n%s", name, b.body)
		}
		fields["f-"+name] = nil
		switch value := value.(type) {
		case string:
			fields.Set("f-"+name, value)
		case []string:
			fields["f-"+name] = value
		}
	}
	action := formAction.FindStringSubmatch(form)
	if action == nil {
		b.t.Fatalf("a form that is sent nowhere:\n%s", form)
	}
	to, err := b.at.Parse(html.UnescapeString(action[1]))
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(http.MethodPost, to.String(), fields)
}
