package mattermost

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/bottest"
	"luotsi/bot/mattermost/mattermosttest"
)

// pressable is a button that is pressed with the ticket.
func pressable(label, ticket string) bot.PostButton {
	return bot.PostButton{ID: "b1", Label: label, Ticket: ticket}
}

func smallForm() *bot.Dialog {
	return &bot.Dialog{
		ID: "form-ticket", Command: "team.invite", Title: "Kutsu tiimiin", Intro: "Tämän näkee tiimi.", Submit: "Lähetä",
		Fields: []bot.DialogField{
			{Name: "person", Kind: bot.Someone, Label: "Kuka", Required: true, Options: choices("kaisa", "leo")},
			{Name: "need", Kind: bot.TextArea, Label: "Mihin", Required: true, Max: 3000},
			{Name: "note", Kind: bot.TextArea, Label: "Lisätieto", Folded: true, Max: 3000},
		},
	}
}

func TestCommandIsAnsweredToTheAskerAlone(t *testing.T) {
	d := newDesk(t, "11.6.0")
	room := d.chat.ChannelNamed("jono")
	d.says(bot.Answer{Replies: []bot.Post{plain("Ensimmäinen *rivi*.", pressable("Ota", "t")), plain("Toinen.")}, Link: "https://luotsi.test/page/client/x"})
	status, out := d.types("katri", room, "/luotsi tänään")
	if status != http.StatusOK || out.ResponseType != model.CommandResponseTypeEphemeral || out.Text != `Ensimmäinen \*rivi\*.` || !out.SkipSlackParsing {
		t.Errorf("%d %+v", status, out)
	}
	if len(out.Attachments) != 1 || out.Attachments[0].Actions[0].Integration.Context["ticket"] != "t" {
		t.Errorf("the buttons are %+v", out.Attachments)
	}
	if len(out.ExtraResponses) != 1 || !out.ExtraResponses[0].SkipSlackParsing || out.ExtraResponses[0].ResponseType != model.CommandResponseTypeEphemeral ||
		out.ExtraResponses[0].Text != "Toinen.\n\n[Avaa Luotsin sivu](https://luotsi.test/page/client/x)" {
		t.Errorf("the second is %+v", out.ExtraResponses)
	}
	if r := d.last(t); r.Text != "/luotsi tänään" || r.Place != (bot.Place{Kind: bot.InQueue, Room: room}) || r.User != d.user("katri") {
		t.Errorf("asked %+v", r)
	}
	d.says(bot.Answer{})
	if _, out := d.types("katri", room, "/luotsi"); out.Text != "" || out.Attachments != nil {
		t.Errorf("nothing is answered with %+v", out)
	}
	d.says(bot.Answer{Link: "https://luotsi.test/page/client/x"})
	if _, out := d.types("katri", room, "/luotsi"); out.Text != "Tämä näytetään vain Luotsin omalla sivulla. Linkki toimii kerran.\n\n[Avaa Luotsin sivu](https://luotsi.test/page/client/x)" {
		t.Errorf("a link alone is answered with %q", out.Text)
	}
}

func TestDirectAnswerGoesToThePerson(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.says(bot.Answer{Replies: []bot.Post{plain("Vain sinulle.", pressable("Avaa", "t"))}, Direct: true})
	_, out := d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi")
	d.drain()
	if out.Text != "Luotsi vastasi sinulle yksityisviestillä." || len(out.ExtraResponses) > 0 {
		t.Errorf("in the room: %+v", out)
	}
	if seen := d.chat.Sees(d.user("katri"), ""); len(seen) != 1 || seen[0].Text != "Vain sinulle." || len(seen[0].Buttons) != 1 {
		t.Errorf("in private: %+v", seen)
	}
}

// An answer that takes long comes later, where the command was given.
func TestSlowAnswerComesLater(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.hasty()
	release := make(chan struct{})
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) {
		<-release
		return bot.Answer{Replies: []bot.Post{plain("Myöhään.")}}, nil
	})
	if status, out := d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi"); status != http.StatusOK || out.Text != "" {
		t.Errorf("at once: %d %+v", status, out)
	}
	release <- struct{}{}
	if late := <-d.hooks.got; late.Text != "Myöhään." || late.ResponseType != model.CommandResponseTypeEphemeral {
		t.Errorf("later: %+v", late)
	}
	d.hooks.gone = true
	d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi")
	close(release)
	d.drain()
	if seen := d.chat.Sees(d.user("katri"), ""); len(seen) != 1 || seen[0].Text != "Myöhään." {
		t.Errorf("in private: %+v", seen)
	}
}

func TestFaultIsShownWithAReference(t *testing.T) {
	d := newDesk(t, "11.6.0")
	for name, fail := range map[string]func(context.Context, bot.Request) (bot.Answer, error){
		"error":    func(context.Context, bot.Request) (bot.Answer, error) { return bot.Answer{}, errTest },
		"panic":    func(context.Context, bot.Request) (bot.Answer, error) { panic("Testi-Aino") },
		"bad form": func(context.Context, bot.Request) (bot.Answer, error) { return bot.Answer{Dialog: &bot.Dialog{}}, nil },
	} {
		d.logs.Reset()
		d.answers(fail)
		status, out := d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi etsi Testi-Aino")
		before, rest, found := strings.Cut(out.Text, "kerro ylläpitäjälle viite ")
		reference := strings.TrimSuffix(rest, ".")
		if status != http.StatusOK || !found || !strings.HasPrefix(before, "Jokin meni vikaan.") || len(reference) != 6 {
			t.Errorf("%s: %d %q", name, status, out.Text)
		}
		logs := d.logs.String()
		if !strings.Contains(logs, "reference="+reference) || strings.Contains(logs, "Aino") || strings.Contains(logs, d.user("katri")) || strings.Contains(logs, "luotsi etsi") {
			t.Errorf("%s: the log tells %s", name, logs)
		}
	}
}

// A form is opened, what is wrong stands in it, and what came of it is said in private.
func TestFormFromCommandToAnswer(t *testing.T) {
	d := newDesk(t, "11.6.0")
	room := d.chat.ChannelNamed("jono")
	d.says(bot.Answer{Dialog: smallForm()})
	if _, out := d.types("katri", room, "/luotsi tiimi kutsu"); out.Text != "" {
		t.Errorf("beside the form: %q", out.Text)
	}
	katri := d.user("katri")
	form, ok := d.chat.Before(katri)
	if !ok || form.Title != "Kutsu tiimiin" || form.URL != d.address(dialogPath) || len(form.Elements) != 3 {
		t.Fatalf("no form, or this: %+v", form)
	}

	d.says(bot.Answer{Errors: map[string]string{"need": "Kirjoita tämä.", "hidden": "Valitse vielä."}, Replies: []bot.Post{plain("Kirjoita tämä.")}})
	status, out := d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa"})
	if status != http.StatusOK || out.Errors["need"] != "Kirjoita tämä." || out.Error != "Valitse vielä." || len(out.Errors) != 1 {
		t.Errorf("wrong: %+v", out)
	}
	first := d.last(t)
	if first.Submit != "form-ticket" || first.Part || first.Values["person"] != "kaisa" || first.Values["need"] != "" || len(first.Values) != 2 {
		t.Errorf("asked %+v", first)
	}

	d.says(bot.Answer{Replies: []bot.Post{{Lines: plain("Ei nyt.").Lines, Refusal: "no_consent", Buttons: []bot.PostButton{pressable("Kirjaa", "t")}}}})
	if _, out := d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa", "need": "x"}); out.Error != "Ei nyt." {
		t.Errorf("refused: %+v", out)
	}

	d.says(bot.Answer{Replies: []bot.Post{plain("Kutsu on lähetetty.")}, Done: true})
	if _, out := d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa", "need": "x"}); out.Error != "" || len(out.Errors) > 0 || out.Type != "" {
		t.Errorf("done: %+v", out)
	}
	d.drain()
	seen := d.chat.Sees(katri, "")
	slices.SortFunc(seen, func(a, b bottest.Seen) int { return strings.Compare(a.Text, b.Text) }) // each is said when it is ready
	if len(seen) != 2 || seen[0].Text != "Ei nyt." || len(seen[0].Buttons) != 1 || seen[1].Text != "Kutsu on lähetetty." {
		t.Errorf("in private: %+v", seen)
	}
}

func TestFormGoesOnInSteps(t *testing.T) {
	d := newDesk(t, "11.6.0")
	room, katri := d.chat.ChannelNamed("jono"), d.user("katri")
	d.says(bot.Answer{Dialog: smallForm()})
	d.types("katri", room, "/luotsi tiimi kutsu")
	form, _ := d.chat.Before(katri)
	rest := smallForm()
	rest.Fields = rest.Fields[2:]
	d.says(bot.Answer{Dialog: rest})
	_, out := d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa", "need": "x", moreName: true})
	if out.Type != "form" || out.Form == nil || len(out.Form.Elements) != 1 || out.Form.Elements[0].Name != "note" || out.Form.State == form.State || out.Form.State == "" {
		t.Fatalf("then: %+v", out)
	}
	if r := d.last(t); !r.Part || len(r.Values) != 2 {
		t.Errorf("asked %+v", r)
	}
	d.says(bot.Answer{})
	form.Dialog = *out.Form
	// The web client sends what earlier steps were answered once more.
	d.chat.Submit(katri, room, form, map[string]any{"person": "kaisa", "need": "x", moreName: true, "note": "y"})
	if r := d.last(t); r.Part || len(r.Values) != 1 || r.Values["note"] != "y" || r.Submit != "form-ticket" {
		t.Errorf("asked %+v", r)
	}
}

func TestFormThatCannotOpenSaysSo(t *testing.T) {
	d := newDesk(t, "9.11.0")
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) {
		d.chat.Expire()
		return bot.Answer{Dialog: smallForm()}, nil
	})
	if _, out := d.types("katri", d.chat.ChannelNamed("jono"), "/luotsi"); out.Text != "Lomake ei ehtinyt avautua. Mitään ei tallennettu. Yritä heti uudelleen." {
		t.Errorf("%q", out.Text)
	}
}

// An invented callback, state or form gets the house's own denial.
func TestInventedFormIsTheHousesToDeny(t *testing.T) {
	d := newDesk(t, "11.6.0")
	room, katri := d.chat.ChannelNamed("jono"), d.user("katri")
	d.says(bot.Answer{Dialog: smallForm()})
	d.types("katri", room, "/luotsi")
	form, _ := d.chat.Before(katri)
	d.says(bot.Answer{Replies: []bot.Post{{Lines: plain("Asiaa ei löydy.").Lines, Refusal: "not_found"}}})
	for name, c := range map[string]struct {
		user   string
		change func(*mattermosttest.Shown)
	}{
		"state":           {katri, func(f *mattermosttest.Shown) { f.State = "invented" }},
		"no state":        {katri, func(f *mattermosttest.Shown) { f.State = "" }},
		"somebody else's": {d.user("paula"), func(*mattermosttest.Shown) {}},
		"bare ticket":     {katri, func(f *mattermosttest.Shown) { f.State = "form-ticket" }},
	} {
		f := form
		c.change(&f)
		status, out := d.chat.Submit(c.user, room, f, map[string]any{"person": "kaisa", "need": "x"})
		if r := d.last(t); status != http.StatusOK || out.Error != "Asiaa ei löydy." || r.Submit != forged || len(r.Values) > 0 || r.User != c.user {
			t.Errorf("%s: %d %+v, asked %+v", name, status, out, r)
		}
	}
	form.CallbackId = "concern.take" // means nothing
	if d.chat.Submit(katri, room, form, nil); d.last(t).Submit != "form-ticket" {
		t.Error("the callback id was believed")
	}
}

func TestBusyAndClosed(t *testing.T) {
	d := newDesk(t, "11.6.0")
	d.hasty()
	d.tasks = newTasks(1)
	release := make(chan struct{})
	d.answers(func(context.Context, bot.Request) (bot.Answer, error) { <-release; return bot.Answer{}, nil })
	room := d.chat.ChannelNamed("jono")
	d.types("katri", room, "/luotsi")
	if status, out := d.types("katri", room, "/luotsi"); status != http.StatusOK || !strings.HasPrefix(out.Text, "Luotsilla on juuri nyt ruuhkaa.") {
		t.Errorf("%d %q", status, out.Text)
	}
	if _, out := d.chat.Submit(d.user("katri"), room, mattermosttest.Shown{URL: d.address(dialogPath)}, nil); !strings.HasPrefix(out.Error, "Luotsilla on juuri nyt ruuhkaa.") {
		t.Errorf("%+v", out)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Close(ended); err == nil {
		t.Error("closed while something is under way")
	}
	close(release)
	d.drain()
	if _, out := d.types("katri", room, "/luotsi"); !strings.HasPrefix(out.Text, "Luotsilla on juuri nyt ruuhkaa.") {
		t.Errorf("after the end: %q", out.Text)
	}
	if n := len(d.asked); n != 1 {
		t.Errorf("the house was asked %d times", n)
	}
}

// A person who hangs up has not undone what they asked.
func TestWorkOutlivesTheConnection(t *testing.T) {
	d := newDesk(t, "11.6.0")
	begun, release := make(chan struct{}), make(chan struct{})
	d.answers(func(ctx context.Context, _ bot.Request) (bot.Answer, error) {
		close(begun)
		<-release
		return bot.Answer{Replies: []bot.Post{plain("Tehty.")}}, ctx.Err()
	})
	form := commandForm(func(f url.Values) {
		f.Set("token", "secret")
		f.Set("user_id", d.user("katri"))
		f.Set("response_url", "")
	})
	ctx, hangUp := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, commandPath, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", formKind)
	go func() { <-begun; hangUp() }()
	d.Handler().ServeHTTP(httptest.NewRecorder(), r)
	close(release)
	d.drain()
	if seen := d.chat.Sees(d.user("katri"), ""); len(seen) != 1 || seen[0].Text != "Tehty." {
		t.Errorf("in private: %+v", seen)
	}
}
