package sandbox

import (
	"net/http"
	"strings"
	"testing"
)

func TestPrivateRoomsAreClosedToOthers(t *testing.T) {
	w := newWorld(t)
	id := w.room("case-1", "paula", "ville")
	w.say("paula", id, "salaista")
	var unknown, closed map[string]string
	w.call("GET", "messages?as=leo&room="+id, nil, 400, &closed)
	w.call("GET", "messages?as=leo&room=r0", nil, 400, &unknown)
	if closed["error"] == "" || closed["error"] != unknown["error"] {
		t.Errorf("closed %v, unknown %v", closed, unknown)
	}
	w.call("POST", "say", object{"as": "leo", "room": id, "text": "hei"}, 400, nil)
	w.call("POST", "join", object{"as": "leo", "room": id, "login": "leo"}, 400, nil)
	w.call("POST", "join", object{"as": "ville", "room": id, "login": "nobody"}, 400, nil)
	w.call("POST", "join", object{"as": "ville", "room": id, "login": "leo"}, 200, nil)
	w.reads("leo", id, "paula: salaista")
	w.call("POST", "leave", object{"as": "leo", "room": id, "login": "paula"}, 200, nil)
	w.call("POST", "leave", object{"as": "leo", "room": id, "login": "leo"}, 200, nil)
	w.call("GET", "messages?as=leo&room="+id, nil, 400, nil)
	w.call("GET", "messages?as=paula&room="+id, nil, 400, nil)
	for range 3 {
		select {
		case got := <-w.met:
			if got != id {
				t.Errorf("told of %s", got)
			}
		default:
			t.Error("not told of a change")
		}
	}
	w.call("POST", "leave", object{"as": "leo", "room": "general", "login": "leo"}, 400, nil)
	w.call("POST", "join", object{"as": "leo", "room": "general", "login": "sanna"}, 200, nil)
}

func TestArchivedRoomIsReadOnly(t *testing.T) {
	w := newWorld(t)
	id := w.room("case-1", "paula")
	w.say("paula", id, "hei")
	if err := w.chat.Archive(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.call("POST", "say", object{"as": "paula", "room": id, "text": "vielä"}, 400, nil)
	w.call("POST", "join", object{"as": "paula", "room": id, "login": "leo"}, 400, nil)
	w.reads("paula", id, "paula: hei")
}

func TestBadInput(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("ä", maxSaid+1)
	for name, in := range map[string]struct {
		path string
		body any
	}{
		"no person":         {"say", object{"room": "general", "text": "hei"}},
		"unknown person":    {"say", object{"as": "nobody", "room": "general", "text": "hei"}},
		"unknown room":      {"say", object{"as": "sanna", "room": "nowhere", "text": "hei"}},
		"odd room":          {"say", object{"as": "sanna", "room": "a\x00b", "text": "hei"}},
		"odd request":       {"say", object{"as": "sanna", "room": "general", "text": "hei", "request": "a\x00b"}},
		"nothing said":      {"say", object{"as": "sanna", "room": "general", "text": "  "}},
		"too much said":     {"say", object{"as": "sanna", "room": "general", "text": long}},
		"text of a number":  {"say", object{"as": "sanna", "room": "general", "text": 5}},
		"a list":            {"say", []string{"sanna"}},
		"no form":           {"submit", object{"as": "sanna"}},
		"no time":           {"clock", object{}},
		"time in words":     {"clock", object{"to": "huomenna"}},
		"nothing of outage": {"outage", object{}},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.t = t
			var out map[string]string
			w.call("POST", in.path, in.body, 400, &out)
			if out["error"] == "" {
				t.Error("no error told")
			}
		})
	}
	w.call("POST", "say", object{"as": "sanna", "room": "general", "text": "hei", "extra": 1}, 200, nil)
	var out outcome
	w.call("POST", "submit", object{"as": "sanna", "form": "not ours", "values": object{}}, 200, &out)
	if len(out.Replies) != 1 || *out.Replies[0].Refusal != "not_found" {
		t.Errorf("a form that is not ours: %+v", out)
	}
}

func TestBigBodies(t *testing.T) {
	w := newWorld(t)
	form := w.say("sanna", "dm", "/huoli").Form
	var out outcome
	w.call("POST", "submit", object{"as": "sanna", "form": form.ID, "values": object{"own_view": strings.Repeat("x", 3<<20)}}, 200, &out)
	if out.Errors["own_view"] == "" {
		t.Errorf("three megabytes: %+v", out.Errors)
	}
	var big map[string]string
	w.call("POST", "say", object{"as": "sanna", "room": "dm", "text": strings.Repeat("x", 5<<20)}, 413, &big)
	if strings.Count(big["error"], " / ") != 2 {
		t.Errorf("five megabytes: %v", big)
	}
}

func TestOnlyOurOwnPageMayAsk(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		set    func(*http.Request)
		status int
	}{
		"plain":          {func(*http.Request) {}, 200},
		"localhost":      {func(r *http.Request) { r.Host = "localhost:99" }, 200},
		"ipv6":           {func(r *http.Request) { r.Host = "[::1]:80" }, 200},
		"foreign host":   {func(r *http.Request) { r.Host = "evil.example" }, 403},
		"foreign origin": {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		"other site":     {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		"no type":        {func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
		"form type":      {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), "POST", w.server.URL+"/sandbox/api/say",
				strings.NewReader(`{"as":"sanna","room":"general","text":"hei"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			c.set(req)
			w := *w
			w.t = t
			w.send(req, c.status, nil)
		})
	}
}

func TestBreakdownIsToldByReferenceOnly(t *testing.T) {
	w := newWorld(t)
	w.luotsi.breakDown()
	var out map[string]string
	w.call("POST", "say", object{"as": "sanna", "room": "general", "text": "/luotsi"}, 500, &out)
	if out["reference"] == "" || strings.Contains(out["error"], "broken") {
		t.Errorf("told: %v", out)
	}
	w.reads("sanna", "general", "")
}
