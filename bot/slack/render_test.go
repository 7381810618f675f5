package slack

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

func TestRender(t *testing.T) {
	b := newBench(t, nil)
	p := bot.Post{
		Title: "Asia <BCD> & muuta",
		Lines: []bot.PostLine{
			{Kind: bot.PlainLine, Text: "Rivi *ei lihava* <!here> <@U2>"},
			{Kind: bot.FactLine, Label: "Tila", Text: "auki"},
			{Kind: bot.QuoteLine, Label: "Oma sana", Text: "<https://x|y> :smile:"},
			{Kind: bot.HeadLine, Text: "Tänään"},
			{Kind: bot.PlainLine, Text: "Loppu"},
		},
		Buttons: []bot.PostButton{{ID: "b1", Label: "Avaa", Ticket: "sealed"}, {ID: "b2", Label: "Ohje", Link: "https://luotsi.example/help"}},
	}
	text, blocks, err := b.slack.render(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := escape(p.Text()); text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	var kinds []string
	for _, block := range blocks {
		kinds = append(kinds, string(block.BlockType()))
	}
	if got := strings.Join(kinds, " "); got != "header section section divider header section actions" {
		t.Errorf("blocks %s", got)
	}
	said := asJSON(blocks)
	if strings.Contains(said, `"mrkdwn"`) || strings.ContainsAny(said, "<>") || strings.Contains(said, `\u003c`) || strings.Contains(said, `"emoji":true`) {
		t.Errorf("something is not plain: %s", said)
	}
	if !strings.Contains(said, `"value":"sealed"`) || !strings.Contains(said, `"url":"https://luotsi.example/help"`) || strings.Count(said, `"value"`) != 1 {
		t.Errorf("buttons: %s", said)
	}
}

func TestRenderKeepsTheLimits(t *testing.T) {
	b := newBench(t, nil)
	long := bot.Post{Title: strings.Repeat("t", 400)}
	for range 60 {
		long.Lines = append(long.Lines, bot.PostLine{Kind: bot.QuoteLine, Label: "x", Text: strings.Repeat("sana & ", 600)})
	}
	for range 60 {
		long.Buttons = append(long.Buttons, bot.PostButton{ID: "b" + strings.Repeat("1", len(long.Buttons)), Label: strings.Repeat("ä", 90), Ticket: strings.Repeat("x", 2000)})
	}
	_, blocks, err := b.slack.render(long)
	if err != nil {
		t.Fatal(err)
	}
	shown := ""
	for _, part := range parts(blocks) {
		text := 0
		for _, block := range part {
			text += weight(block)
			if s, ok := block.(*slack.SectionBlock); ok {
				shown += unescape(s.Text.Text)
			}
		}
		if err := checkBlocks("a part", part, maxPostBlocks); err != nil || text > maxPostText+maxActions*maxButton {
			t.Errorf("a part has %d characters: %v", text, err)
		}
	}
	if got, want := strings.Count(shown, "sana"), 60*600; got != want {
		t.Errorf("%d of %d words are shown", got, want)
	}
	long.Buttons[3].Ticket += "x"
	if _, _, err := b.slack.render(long); err == nil || !strings.Contains(err.Error(), "ticket of button b111 has 2001") {
		t.Errorf("a ticket that is too long: %v", err)
	}
	if _, _, err := b.slack.render(bot.Post{}); err == nil {
		t.Error("nothing to say was said")
	}
}

func TestFrontAndCut(t *testing.T) {
	tests := []struct {
		text       string
		limit      int
		head, rest string
	}{
		{"abc", 3, "abc", ""},
		{"abc", 2, "ab", "c"},
		{"a & b", 7, "a ", "& b"},
		{"ensimmäinen rivi\ntoinen rivi", 25, "ensimmäinen rivi\n", "toinen rivi"},
		{"yksi kaksi kolme", 12, "yksi kaksi ", "kolme"},
		{"👍👍👍", 5, "👍👍", "👍"},
		{"", 5, "", ""},
	}
	for _, tt := range tests {
		head, rest := front(tt.text, tt.limit)
		if escape(head) != escape(unescape(tt.head)) || rest != tt.rest {
			t.Errorf("front(%q, %d) = %q, %q", tt.text, tt.limit, head, rest)
		}
	}
	if got := cut("yksi kaksi kolme", 12); got != "yksi kaksi…" || size(got) > 12 {
		t.Errorf("cut to %q", got)
	}
}

func TestHome(t *testing.T) {
	b := newBench(t, always(reply("Tänään", bot.PostButton{ID: "b1", Label: "Avaa", Ticket: "sealed"})))
	event := func(id, tab string) string {
		return `{"type":"event_callback","team_id":"T1","event_id":"` + id + `","event":{"type":"app_home_opened","user":"U1","tab":"` + tab + `"}}`
	}
	b.slack.RefreshHome(t.Context(), "U1") // not opened yet: nothing to refresh
	b.deliver("/slack/event", jsonType, event("Ev1", "messages"))
	b.deliver("/slack/event", jsonType, event("Ev2", "home"))
	b.deliver("/slack/event", jsonType, event("Ev2", "home")+" ")
	c := b.api.wait("views.publish", 1)[0]
	if c.body["user_id"] != "U1" || !strings.Contains(c.raw, "sealed") || !strings.Contains(c.raw, "/luotsi ohje") {
		t.Errorf("published %s", c.raw)
	}
	b.slack.RefreshHome(t.Context(), "U1")
	b.api.wait("views.publish", 2)
	if r := b.asked(); len(r) != 2 || r[0].Text != "/luotsi" || r[0].Place.Kind != bot.InDirect || r[0].ID != "" || r[0].Unasked || !r[1].Unasked {
		t.Errorf("asked %+v", r)
	}
	b.press("D1:5.0", "sealed", "1", func(p map[string]any) {
		delete(p, "message")
		delete(p, "response_url")
		p["container"] = map[string]any{"type": "view", "view_id": "VH"}
		p["view"] = map[string]any{"id": "VH", "type": "home", "blocks": []any{}}
	})
	if c := b.api.wait("views.open", 1)[0]; c.body["trigger_id"] != "1" || !strings.Contains(c.raw, `"type":"modal"`) {
		t.Errorf("a press at home opened %s", c.raw)
	}
}

func TestHomesAreMadeOneAtATime(t *testing.T) {
	h, at := newHomes(), newBench(t, nil).now
	if h.claim("u", at, false) {
		t.Error("a view nobody opened is made")
	}
	if !h.claim("u", at, true) || h.claim("u", at, false) || h.claim("u", at, true) {
		t.Error("a view is made twice at once")
	}
	if !h.done("u") || h.done("u") {
		t.Error("what changed meanwhile is made once more, and once only")
	}
	if h.claim("u", at.Add(homeLife+1), false) {
		t.Error("a view opened long ago is made anew")
	}
}
