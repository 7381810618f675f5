package sandbox

import (
	"testing"
	"time"

	"luotsi/bot/bottest"
	"luotsi/store/storetest"
)

func TestPlatformKeepsItsPromises(t *testing.T) {
	bottest.Exercise(t, func(t *testing.T) bottest.Bench {
		w := newWorld(t)
		return bottest.Bench{
			Platform: w.chat, Users: []string{"sanna", "paula", "ville"}, Missing: "nobody", NoRoom: "r0000",
			Sees: func(user, room string) []bottest.Seen { return w.sees(user, room) },
			Members: func(room string) []string {
				var in []string
				if err := w.chat.db.SelectContext(t.Context(), &in, `select login from sandbox.member where room = $1`, room); err != nil {
					t.Fatal(err)
				}
				return in
			},
			Disable: func(user string) {
				if err := w.chat.Enable(t.Context(), user, false); err != nil {
					t.Fatal(err)
				}
			},
			Outage: func(down bool) {
				w.call("POST", "outage", object{"platform_down": down}, 200, nil)
			},
		}
	})
}

// sees is what a person reads by the API; nothing in a room that is not theirs.
func (w *world) sees(user, room string) []bottest.Seen {
	w.t.Helper()
	if room == "" {
		room = directRoom
	}
	if _, err := w.chat.seenBy(w.t.Context(), user, room); err != nil {
		w.call("GET", "messages?as="+user+"&room="+room, nil, 400, nil)
		return nil
	}
	var out []bottest.Seen
	for _, m := range w.messages(user, room) {
		seen := bottest.Seen{ID: m.ID, Text: m.Text}
		for _, b := range m.Buttons {
			seen.Buttons = append(seen.Buttons, b.Label)
		}
		out = append(out, seen)
	}
	return out
}

func TestServiceRoleMayUseTheChatAndChangeNoTable(t *testing.T) {
	address := storetest.URL(t)
	owner := storetest.Connect(t, address)
	role := "sandbox_" + newID("")
	if _, err := owner.ExecContext(t.Context(), "create role "+role+" login"); err != nil {
		t.Fatal(err)
	}
	if err := Migrate(t.Context(), owner.DB, role); err != nil {
		t.Fatal(err)
	}
	w := openWorld(t, storetest.Connect(t, storetest.As(t, address, role)).DB)
	w.say("sanna", "general", "hei")
	w.reads("paula", "general", "sanna: hei")
	w.call("POST", "clock", object{"to": start.Add(time.Hour).Format(time.RFC3339)}, 200, nil)
	if _, err := w.chat.db.ExecContext(t.Context(), "drop table sandbox.message"); err == nil {
		t.Error("the service's role dropped a table")
	}
}
