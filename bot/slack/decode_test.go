package slack

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"luotsi/bot"
)

func TestDecode(t *testing.T) {
	button := `"actions":[{"type":"button","action_id":"b1","block_id":"x","value":"ticket","action_ts":"1","text":{"type":"plain_text","text":"A &amp; B"}}]`
	tests := []struct {
		name   string
		decode func([]byte) (deed, error)
		body   string
		want   deed
		err    error
	}{
		{
			"command by HTTP", commandForm, "team_id=T1&channel_id=C1&user_id=U1&command=%2Fhuoli&text=+a+%26lt%3B+&trigger_id=t&response_url=https%3A%2F%2Fr",
			deed{kind: commanded, team: "T1", user: "U1", channel: "C1", trigger: "t", response: "https://r", request: bot.Request{Text: "/huoli  a <"}},
			nil,
		},
		{
			"command by Socket Mode", commandJSON, `{"team_id":"T1","channel_id":"C1","user_id":"U1","command":"/oro","text":"","trigger_id":"t"}`,
			deed{kind: commanded, team: "T1", user: "U1", channel: "C1", trigger: "t", request: bot.Request{Text: "/oro"}},
			nil,
		},
		{"command of nobody", commandForm, "channel_id=C1&command=%2Fhuoli&trigger_id=t", deed{}, errMalformed},
		{"no command", commandForm, "channel_id=C1&user_id=U1&command=huoli&trigger_id=t", deed{}, errMalformed},
		{"no form", commandForm, "%zz", deed{}, errMalformed},
		{"no JSON", commandJSON, "{", deed{}, errMalformed},
		{
			"press", interactionJSON, `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"D1"},"trigger_id":"t","response_url":"https://r",` +
				`"container":{"type":"message","channel_id":"D1","message_ts":"5.0"},"message":{"text":"x"},` + button + `}`,
			deed{kind: pressed, team: "T1", user: "U1", channel: "D1", trigger: "t", response: "https://r", message: "D1:5.0", text: "x", label: "A & B", request: bot.Request{Press: "ticket"}},
			nil,
		},
		{
			"press on a link", interactionJSON, `{"type":"block_actions","user":{"id":"U1"},"actions":[{"type":"button","action_id":"page","block_id":"x","text":{"type":"plain_text","text":"A"}}]}`,
			deed{kind: nothing, user: "U1"},
			nil,
		},
		{
			"a box is ticked", interactionJSON, `{"type":"block_actions","user":{"id":"U1"},"actions":[{"type":"checkboxes","action_id":"b","block_id":"x","selected_options":[]}]}`,
			deed{kind: nothing, user: "U1"},
			nil,
		},
		{"press of nobody", interactionJSON, `{"type":"block_actions",` + button + `}`, deed{}, errMalformed},
		{"a shortcut", interactionJSON, `{"type":"shortcut","user":{"id":"U1"}}`, deed{kind: nothing, user: "U1"}, nil},
		{"a modal without a ticket", interactionJSON, `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","private_metadata":"{}"}}`, deed{}, errMalformed},
		{"a modal of something else", interactionJSON, `{"type":"view_submission","user":{"id":"U1"},"view":{"id":"V1","private_metadata":"hello"}}`, deed{}, errMalformed},
		{
			"a modal is closed", interactionJSON, `{"type":"view_closed","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1","private_metadata":"{\"t\":\"x\",\"m\":\"D1:5.0\"}"}}`,
			deed{kind: closed, team: "T1", user: "U1", message: "D1:5.0"},
			nil,
		},
		{"challenge", eventJSON, `{"type":"url_verification","challenge":"abc","token":"x"}`, deed{kind: challenge, answer: "abc"}, nil},
		{"rate limited", eventJSON, `{"type":"app_rate_limited"}`, deed{kind: nothing}, nil},
		{
			"home", eventJSON, `{"type":"event_callback","team_id":"T1","event_id":"E1","event":{"type":"app_home_opened","user":"U1","tab":"home"}}`,
			deed{kind: homeSeen, id: "event E1", team: "T1", user: "U1"},
			nil,
		},
		{
			"messages tab", eventJSON, `{"type":"event_callback","team_id":"T1","event_id":"E1","event":{"type":"app_home_opened","user":"U1","tab":"messages"}}`,
			deed{kind: nothing, id: "event E1", team: "T1", user: "U1"},
			nil,
		},
		{
			"a member came", eventJSON, `{"type":"event_callback","team_id":"T1","event_id":"E2","event":{"type":"member_joined_channel","user":"U1","channel":"C1"}}`,
			deed{kind: happened, id: "event E2", team: "T1"},
			nil,
		},
		{
			"an event nobody knows", eventJSON, `{"type":"event_callback","team_id":"T1","event_id":"E3","event":{"type":"moon_rises"}}`,
			deed{kind: nothing, id: "event E3", team: "T1"},
			nil,
		},
		{"an event without its id", eventJSON, `{"type":"event_callback","event":{"type":"app_home_opened"}}`, deed{}, errMalformed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.decode([]byte(tt.body))
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if err != nil {
				return
			}
			if got.request.ID != "" && got.request.ID != got.id || (got.kind == commanded || got.kind == pressed) && got.id == "" {
				t.Errorf("ids %q and %q", got.id, got.request.ID)
			}
			if !strings.HasPrefix(got.id, "event ") {
				got.id = ""
			}
			got.request.ID = ""
			if diff := cmp.Diff(summary(tt.want), summary(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// summary is a deed without what cannot be compared.
func summary(d deed) map[string]any {
	return map[string]any{
		"kind": d.kind, "id": d.id, "team": d.team, "user": d.user, "channel": d.channel, "request": d.request, "trigger": d.trigger,
		"response": d.response, "message": d.message, "ephemeral": d.ephemeral, "text": d.text, "label": d.label, "answer": d.answer,
	}
}

func TestIDsTellDeedsApart(t *testing.T) {
	if digest("a", "bc") == digest("ab", "c") || digest("a") == digest("a", "") {
		t.Error("different things have the same id")
	}
	one, _ := commandForm([]byte("channel_id=C1&user_id=U1&command=%2Fhuoli&trigger_id=t1"))
	two, _ := commandForm([]byte("channel_id=C1&user_id=U1&command=%2Fhuoli&trigger_id=t2"))
	same, _ := commandJSON([]byte(`{"channel_id":"C1","user_id":"U1","command":"/huoli","trigger_id":"t1"}`))
	if one.id == two.id || one.id != same.id {
		t.Error("a command's id is its trigger's")
	}
}

// FuzzDecode: whatever is signed, nothing that comes in makes the decoder fall over, and what it takes it can answer.
func FuzzDecode(f *testing.F) {
	f.Add("team_id=T1&channel_id=C1&user_id=U1&command=%2Fhuoli&text=a&trigger_id=t")
	f.Add(`{"type":"block_actions","user":{"id":"U1"},"container":{"type":"message"},"message":{"blocks":[{"type":"actions","elements":[{"type":"button"}]}]},"actions":[{"type":"button","block_id":"x","value":"v"}]}`)
	f.Add(`{"type":"view_submission","user":{"id":"U1"},"view":` + asJSON(withState(shown(f, allKinds))) + `}`)
	f.Add(`{"type":"event_callback","event_id":"E","event":{"type":"message","channel":"C","text":"x","message":{"text":"y"}}}`)
	f.Add(`{"type":"event_callback","event_id":"E","event":{"type":"group_rename","channel":{"id":"C"}}}`)
	p := finnish(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, decode := range []func([]byte) (deed, error){commandForm, commandJSON, interactionForm, interactionJSON, eventJSON} {
			d, err := decode([]byte(body))
			if err != nil {
				continue
			}
			if d.kind == "" || d.kind == submitted && d.request.Submit == "" || d.kind == pressed && d.request.Press == "" {
				t.Errorf("decoded %+v", d)
			}
			if d.kind == submitted {
				_ = asJSON(again(d.view, faultsAbove(p, d.view.Blocks.BlockSet, map[string]string{"x": "y"})))
			}
		}
	})
}
