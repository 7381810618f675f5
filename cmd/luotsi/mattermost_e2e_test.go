package main

import (
	"os"
	"strings"
	"testing"
)

// How to run TestMattermost; see TestMattermost.
const (
	e2eURL      = "LUOTSI_TEST_MATTERMOST_URL"      // a running server's address
	e2eLogin    = "LUOTSI_TEST_MATTERMOST_LOGIN"    // a system administrator's
	e2ePassword = "LUOTSI_TEST_MATTERMOST_PASSWORD" // and the password
	e2eRestart  = "LUOTSI_TEST_MATTERMOST_RESTART"  // a shell command that restarts the server; without it that step is not run
)

// TestMattermost walks one case from the first concern to the empty room in a running Mattermost, as several people do by its
// API and websocket, with Luotsi set up by its own commands and serving in this process. What it makes on the server (a team,
// its people, a bot) it closes again; the server must be able to reach this machine's loopback.
func TestMattermost(t *testing.T) {
	if os.Getenv(e2eURL) == "" {
		t.Skipf("NOT RUN: nothing was tried against a real Mattermost. To run it, give %s=http://127.0.0.1:8065, and a system administrator's %s and %s; "+
			"%s='a command that restarts the server' also tries a restart.", e2eURL, e2eLogin, e2ePassword, e2eRestart)
	}
	w := newE2E(t)
	for _, step := range []struct {
		name string
		do   func(*e2e)
	}{
		{"set up as an administrator does", (*e2e).setUp},
		{"somebody unknown gets a polite answer", (*e2e).unknown},
		{"a concern is raised by a form", (*e2e).raise},
		{"a coordinator takes it from the queue", (*e2e).take},
		{"and accepts it", (*e2e).accept},
		{"the client's consent is recorded", (*e2e).consent},
		{"a private room opens for the coordinator alone", (*e2e).roomOpens},
		{"somebody of another register is invited and comes", (*e2e).invite},
		{"a responsible worker is named and accepts", (*e2e).responsible},
		{"a meeting is planned and everybody is reminded once", (*e2e).meeting},
		{"an outsider cannot see the room", (*e2e).outsider},
		{"an outsider put into the room is taken out", (*e2e).meddled},
		{"a room that was renamed gets its name back", (*e2e).renamed},
		{"Luotsi is put out of the room and let in again", (*e2e).putOut},
		{"an identity code in the room", (*e2e).identityCode},
		{"a forged form is refused and logged", (*e2e).forgedForm},
		{"a forged button is refused and logged", (*e2e).forgedButton},
		{"the server restarts in the middle", (*e2e).restart},
		{"a withdrawal empties the room within a minute", (*e2e).withdrawal},
		{"nothing was said twice, and nothing of the client anywhere", (*e2e).nothingLeft},
	} {
		if !t.Run(step.name, func(t *testing.T) { w.t = t; step.do(w) }) {
			w.t = t
			t.Fatalf("the way ends here. What Luotsi logged:\n%s", w.complaints())
		}
	}
	w.t = t
	t.Logf("warnings and errors that Luotsi logged on the way:\n%s", w.complaints())
}

// complaints are what Luotsi logged as a warning or an error.
func (w *e2e) complaints() string {
	var b strings.Builder
	for line := range strings.Lines(w.logged()) {
		if strings.Contains(line, "level=WARN") || strings.Contains(line, "level=ERROR") {
			b.WriteString(line)
		}
	}
	return b.String()
}
