package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
)

// oldest is the oldest server version that Luotsi is tried with.
var oldest = [2]int{9, 10}

// server is what Luotsi found out of the server when it started.
type server struct {
	version  [2]int
	me, team string // ids: the bot's account and its team
}

// since: the server is of this version or newer.
func (s server) since(major, minor int) bool {
	return s.version[0] > major || s.version[0] == major && s.version[1] >= minor
}

// What dialogs can do from which version on says Mattermost's developer documentation, "Use interactive dialogs". A server that does
// not know the next form takes it for the end of the first, and closes it without a word.

// multiSelect: a dialog's selection may allow several.
func (s server) multiSelect() bool { return s.since(11, 0) }

// nativeDates: dialogs know days.
func (s server) nativeDates() bool { return s.since(11, 1) }

// steps: a dialog may be answered by the next one.
func (s server) steps() bool { return s.since(11, 1) }

// nativeTimes: dialogs know times of day that may be typed, in the house's time zone. From 11.1 to 11.5 they know those of a list
// only, in the zone of who looks: 9.10 could not be said there, and 9.00 might be another time.
func (s server) nativeTimes() bool { return s.since(11, 6) }

// Start finds out who Luotsi is on the server and how old the server is. It must succeed before anything else is used; a
// repeated call finds out anew. An error says in one sentence what to mend.
func (m *Mattermost) Start(ctx context.Context) error {
	me, r, err := m.client.GetMe(ctx, "")
	if err := m.cannot(fault(r, err), map[int]string{
		http.StatusUnauthorized: "does not accept the bot's token",
		http.StatusNotFound:     "is not there: this address is not a Mattermost server's",
	}); err != nil {
		return err
	}
	found := server{me: me.Id}
	if found.version, err = m.version(ctx, r.ServerVersion); err != nil {
		return err
	}
	if found.version[0] < oldest[0] || found.version[0] == oldest[0] && found.version[1] < oldest[1] {
		return fmt.Errorf("the Mattermost server is version %d.%d, Luotsi needs %d.%d or newer",
			found.version[0], found.version[1], oldest[0], oldest[1])
	}
	if found.team, err = m.findTeam(ctx, found.me); err != nil {
		return err
	}
	m.server = found
	err = m.QueueReady(ctx)
	if errors.Is(err, bot.ErrOutside) || errors.Is(err, bot.ErrGone) {
		m.cfg.Log.ErrorContext(ctx, "the coordinators' channel cannot be used: concerns are not shown there", "cause", err)
		return nil
	}
	return err
}

// cannot makes a sentence of why starting failed.
func (m *Mattermost) cannot(err error, why map[int]string) error {
	switch {
	case err == nil:
		return nil
	case why[status(err)] != "":
		return fmt.Errorf("the Mattermost server at %s %s", m.cfg.URL, why[status(err)])
	case status(err) >= 300 && status(err) < 400:
		return fmt.Errorf("the Mattermost server at %s points elsewhere: give Luotsi the address it points to", m.cfg.URL)
	default:
		return fmt.Errorf("the Mattermost server at %s does not answer as it should: %w", m.cfg.URL, err)
	}
}

// version reads the server's version from a header, or asks when a proxy has dropped it.
func (m *Mattermost) version(ctx context.Context, header string) (v [2]int, err error) {
	if v, ok := readVersion(header); ok {
		return v, nil
	}
	answer, err := m.client.DoAPIGet(ctx, "/config/client?format=old", "")
	if err != nil {
		return v, m.cannot(fault(model.BuildResponse(answer), err), nil)
	}
	told, r, err := model.DecodeJSONFromResponse[map[string]string](answer)
	if err := errors.Join(m.cannot(fault(r, err), nil), answer.Body.Close()); err != nil {
		return v, err
	}
	if v, ok := readVersion(told["Version"]); ok {
		return v, nil
	}
	return v, fmt.Errorf("the Mattermost server at %s does not tell its version", m.cfg.URL)
}

func readVersion(text string) (v [2]int, ok bool) {
	parts := strings.SplitN(text, ".", 3)
	if len(parts) < 2 {
		return v, false
	}
	for i := range v {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < 0 {
			return [2]int{}, false
		}
		v[i] = n
	}
	return v, true
}

func (m *Mattermost) findTeam(ctx context.Context, me string) (string, error) {
	team, r, err := m.client.GetTeamByName(ctx, m.cfg.Team, "")
	none := fmt.Sprintf("has no team %q that the bot may see: check the name, and add the bot to the team", m.cfg.Team)
	if err := m.cannot(fault(r, err), map[int]string{
		http.StatusNotFound: none, http.StatusForbidden: none, http.StatusBadRequest: none,
	}); err != nil {
		return "", err
	}
	member, r, err := m.client.GetTeamMember(ctx, team.Id, me, "")
	outside := fmt.Sprintf("has not the bot in the team %q: add it there", m.cfg.Team)
	if err := m.cannot(fault(r, err), map[int]string{http.StatusNotFound: outside, http.StatusForbidden: outside}); err != nil {
		return "", err
	}
	if member.DeleteAt != 0 {
		return "", fmt.Errorf("the Mattermost server at %s %s", m.cfg.URL, outside)
	}
	return team.Id, nil
}

// QueueReady finds the coordinators' channel and reports whether Luotsi can speak there; nothing when none is named. bot.ErrOutside when
// there is none of that name with the bot in it, bot.ErrGone when it is archived: the error says in one sentence what to mend.
func (m *Mattermost) QueueReady(ctx context.Context) error {
	if m.cfg.Queue == "" {
		return nil
	}
	channel, r, err := m.client.GetChannelByName(ctx, m.cfg.Queue, m.server.team, "")
	failed := fault(r, err)
	if status(failed) != 0 && model.IsValidId(m.cfg.Queue) { // an id has the shape of a name
		channel, r, err = m.client.GetChannel(ctx, m.cfg.Queue)
		if failed = fault(r, err); failed == nil && channel.TeamId != m.server.team {
			failed = &refused{Status: http.StatusNotFound}
		}
	}
	if failed == nil && channel.DeleteAt == 0 {
		_, r, err = m.client.GetChannelMember(ctx, channel.Id, m.server.me, "")
		failed = fault(r, err)
	}
	switch status(failed) {
	case http.StatusNotFound, http.StatusForbidden, http.StatusBadRequest:
		return fmt.Errorf("the Mattermost server at %s has no coordinators' channel %q with the bot in it: check the name, and add the bot to "+
			"the channel: %w", m.cfg.URL, m.cfg.Queue, bot.ErrOutside)
	}
	if err := m.cannot(failed, nil); err != nil {
		return err
	}
	if channel.DeleteAt != 0 {
		return fmt.Errorf("the Mattermost server at %s has archived the coordinators' channel %q: unarchive it, or name another: %w",
			m.cfg.URL, m.cfg.Queue, bot.ErrGone)
	}
	m.found.Store(&channel.Id)
	return nil
}

// queue is the id of the coordinators' channel, as far as it has been found; empty otherwise.
func (m *Mattermost) queue() string {
	if id := m.found.Load(); id != nil {
		return *id
	}
	return ""
}

// QueueRoom is the id of the coordinators' channel; empty when none is named, bot.ErrOutside until it has been found.
func (m *Mattermost) QueueRoom() (string, error) {
	if id := m.queue(); id != "" || m.cfg.Queue == "" {
		return id, nil
	}
	return "", fmt.Errorf("the coordinators' channel has not been found yet: %w", bot.ErrOutside)
}
