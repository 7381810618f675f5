package mattermost

import (
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"
)

func TestStartFindsItselfTeamAndQueue(t *testing.T) {
	s := newChat(t)
	for _, queue := range []string{"jono", s.ChannelNamed("jono"), ""} {
		m := s.stranger()
		m.cfg.Queue = queue
		if err := m.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := server{version: [2]int{9, 10}, me: s.Bot, team: s.Team, queue: s.ChannelNamed("jono")}
		if queue == "" {
			want.queue = ""
		}
		if m.server != want {
			t.Errorf("found %+v, want %+v", m.server, want)
		}
		if m.server.nativeDates() || m.server.multiSelect() || m.server.steps() {
			t.Error("an old server is taken for a new one")
		}
	}
	s.Set(func() { s.Version = "11.6.0.11.6.0.0123.false" })
	if m := s.luotsi(&notes{}); m.server.version != [2]int{11, 6} || !m.server.nativeDates() || !m.server.multiSelect() || !m.server.steps() {
		t.Errorf("found %+v", m.server)
	}
	s.Set(func() { s.Version = "" }) // a proxy drops the header
	if m := s.luotsi(&notes{}); m.server.version != [2]int{9, 10} {
		t.Errorf("found %+v", m.server)
	}
}

func TestStartSaysInOneSentenceWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		says string
		do   func(*chat, *Mattermost)
	}{
		{"does not accept the bot's token", func(_ *chat, m *Mattermost) { m.client.SetToken("wrong") }},
		{"has no team \"other\"", func(_ *chat, m *Mattermost) { m.cfg.Team = "other" }},
		{"has no team \"kotihoito\"", func(s *chat, _ *Mattermost) { s.Users[s.Bot].InTeam = false }},
		{"has no coordinators' channel \"nowhere\"", func(_ *chat, m *Mattermost) { m.cfg.Queue = "nowhere" }},
		{"has no coordinators' channel", func(_ *chat, m *Mattermost) { m.cfg.Queue = model.NewId() }},
		{"has no coordinators' channel \"jono\"", func(s *chat, _ *Mattermost) { delete(s.Channels[s.jono()].Members, s.Bot) }},
		{"has archived the coordinators' channel", func(s *chat, m *Mattermost) {
			m.cfg.Queue = s.jono()
			s.Channels[s.jono()].DeleteAt = 1
		}},
		{"is version 9.9, Luotsi needs 9.10", func(s *chat, _ *Mattermost) { s.Version = "9.9.1.9.9.1.x.false" }},
		{"does not answer as it should", func(s *chat, _ *Mattermost) { s.Down = true }},
	} {
		s := newChat(t)
		m := s.stranger()
		s.Set(func() { c.do(s, m) })
		err := m.Start(t.Context())
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error is %v, want one that says %q", err, c.says)
		}
	}
}

// jono is the coordinators' channel; the server is locked by the caller.
func (s *chat) jono() string { return s.Named("jono").Id }

func TestWatchNeedsAHouseAndAStart(t *testing.T) {
	s := newChat(t)
	if err := s.luotsi(&notes{}).Watch(t.Context()); err == nil {
		t.Error("watches without a house")
	}
	if err := s.stranger(func(c *Config) { c.House = &hearing{} }).Watch(t.Context()); err == nil {
		t.Error("watches before it has started")
	}
}
