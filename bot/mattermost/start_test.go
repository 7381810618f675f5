package mattermost

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

func TestStartFindsItselfTeamAndQueue(t *testing.T) {
	s := newChat(t)
	for _, queue := range []string{"jono", s.ChannelNamed("jono"), ""} {
		m := s.stranger()
		m.cfg.Queue = queue
		if err := m.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := server{version: [2]int{9, 10}, me: s.Bot, team: s.Team}
		room := s.ChannelNamed("jono")
		if queue == "" {
			room = ""
		}
		if found, err := m.QueueRoom(); m.server != want || found != room || err != nil {
			t.Errorf("found %+v and %q (%v), want %+v and %q", m.server, found, err, want, room)
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

// TestStartGoesOnWithoutTheCoordinatorsChannel: withdrawals and reminders wait for nobody to mend it. It is said at once, and found when
// it is there.
func TestStartGoesOnWithoutTheCoordinatorsChannel(t *testing.T) {
	for _, c := range []struct {
		says    string
		kind    error
		do, end func(*chat, *Mattermost)
	}{
		{
			"has no coordinators' channel \\\"nowhere\\\"", bot.ErrOutside, func(_ *chat, m *Mattermost) { m.cfg.Queue = "nowhere" },
			func(s *chat, _ *Mattermost) { s.Channels[s.jono()].Name = "nowhere" },
		},
		{
			"has no coordinators' channel \\\"jono\\\"", bot.ErrOutside, func(s *chat, _ *Mattermost) { delete(s.Channels[s.jono()].Members, s.Bot) },
			func(s *chat, _ *Mattermost) { s.Channels[s.jono()].Members[s.Bot] = "channel_user" },
		},
		{
			"has archived the coordinators' channel", bot.ErrGone, func(s *chat, m *Mattermost) { m.cfg.Queue, s.Channels[s.jono()].DeleteAt = s.jono(), 1 },
			func(s *chat, _ *Mattermost) { s.Channels[s.jono()].DeleteAt = 0 },
		},
	} {
		s, log := newChat(t), &book{}
		m := s.stranger(func(k *Config) { k.Log = slog.New(slog.NewTextHandler(log, nil)) })
		s.Set(func() { c.do(s, m) })
		if err := m.Start(t.Context()); err != nil || !strings.Contains(log.String(), c.says) {
			t.Errorf("started: %v; the log says %q, want %q", err, log, c.says)
		}
		if _, err := m.QueueRoom(); !errors.Is(err, bot.ErrOutside) {
			t.Errorf("the channel: %v", err)
		}
		if err := m.QueueReady(t.Context()); !errors.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", c.says, err, c.kind)
		}
		s.Set(func() { c.end(s, m) })
		err := m.QueueReady(t.Context())
		if room, failed := m.QueueRoom(); err != nil || failed != nil || room == "" {
			t.Errorf("mended: %v, room %q %v", err, room, failed)
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

// What a server does not know yet it is not asked: the versions are those of Mattermost's own documentation.
func TestWhatAServerIsAskedGoesByItsVersion(t *testing.T) {
	form := everyKind()
	form.Fields = append(form.Fields, bot.DialogField{Name: "note", Kind: bot.TextArea, Label: "Lisätieto", Folded: true})
	for version, want := range map[[2]int]struct {
		many, day, moment string
		steps             bool
	}{
		{9, 10}:  {"bool", "text", "text", false},
		{10, 12}: {"bool", "text", "text", false},
		{11, 0}:  {"select", "text", "text", false},
		{11, 1}:  {"select", "date", "text", true},
		{11, 5}:  {"select", "date", "text", true},
		{11, 6}:  {"select", "date", "datetime", true},
		{12, 0}:  {"select", "date", "datetime", true},
	} {
		d, s := opened(t, aServer(t, version[0], version[1]), form, opening{lang: bot.FI})
		steps := slices.ContainsFunc(d.Elements, func(e model.DialogElement) bool { return e.Name == moreName })
		many := "many"
		if s.Fields["many"] != readMany {
			many = s.Fields["many"][1:]
		}
		if find(t, d, many).Type != want.many || find(t, d, "day").Type != want.day || find(t, d, "moment").Type != want.moment || steps != want.steps {
			t.Errorf("%v is asked %+v", version, d.Elements)
		}
	}
}
