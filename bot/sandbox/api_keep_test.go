package sandbox

import (
	"strings"
	"testing"
	"time"
)

func TestOutage(t *testing.T) {
	w := newWorld(t)
	w.call("POST", "outage", object{"platform_down": true}, 200, nil)
	w.say("sanna", "general", "/luotsi tänään")
	w.say("sanna", "general", "ihmiset puhuvat yhä")
	if got := len(w.messages("sanna", "general")); got != 2 {
		t.Errorf("%d messages during the outage", got)
	}
	var idle map[string]int
	w.call("POST", "idle", nil, 200, &idle)
	if idle["pending"] != 2 || idle["retrying"] != 1 {
		t.Errorf("idle: %v", idle)
	}
	w.call("POST", "outage", object{"platform_down": false}, 200, nil)
	w.call("POST", "outage", object{"platform_down": false}, 200, nil)
	if w.engine.again != 1 {
		t.Errorf("postponed jobs were called %d times", w.engine.again)
	}
}

func TestNothingSaidIsStoredInClear(t *testing.T) {
	w := newWorld(t)
	w.luotsi.chat = w.chat
	w.call("POST", "say", object{"as": "sanna", "room": "general", "text": "kurpitsanainen", "request": "r1"}, 200, nil)
	w.call("POST", "say", object{"as": "sanna", "room": "dm", "text": "/luotsi tänään", "request": "r2"}, 200, nil)
	w.call("POST", "say", object{"as": "sanna", "room": "dm", "text": "/huoli", "request": "r3"}, 200, nil)
	for _, table := range []string{"message", "form", "outcome"} {
		var dump string
		if err := w.chat.db.Get(&dump, `select coalesce(string_agg(encode(body, 'escape'), ' '), '') from sandbox.`+table); err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"kurpitsa", "Paula Palo", "oma n", "own_view"} {
			if dump == "" || strings.Contains(dump, word) {
				t.Errorf("%s is in clear in %s, or nothing is there", word, table)
			}
		}
	}
}

func TestChatSurvivesARestart(t *testing.T) {
	w := newWorld(t)
	w.luotsi.chat = w.chat
	id := w.room("case-1", "paula")
	w.say("paula", id, "muista")
	w.note("sanna")
	later := start.Add(48 * time.Hour)
	w.call("POST", "clock", object{"to": later.Format(time.RFC3339)}, 200, nil)
	if err := Migrate(t.Context(), w.db); err != nil {
		t.Fatal(err)
	}
	again := openWorld(t, w.db)
	again.reads("paula", id, "paula: muista")
	again.reads("katri", "queue", "luotsi: Uusi huoli")
	var shows map[string]string
	again.call("GET", "clock", nil, 200, &shows)
	if shows["now"] < later.Format(time.RFC3339) {
		t.Errorf("the clock shows %s after the restart, was %s", shows["now"], later)
	}
}
