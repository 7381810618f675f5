package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

// oldest is the oldest server version that Luotsi is tried with.
var oldest = [2]int{9, 10}

// server is what Luotsi found out of the server when it started.
type server struct {
	version         [2]int
	me, team, queue string // ids: the bot's account, its team, the coordinators' channel (empty when none is named)
}

// nativeDates: dialogs know dates and times.
func (s server) nativeDates() bool { return s.version[0] >= 11 }

// multiSelect: a dialog's selection may allow several.
func (s server) multiSelect() bool { return s.version[0] >= 11 }

// steps: a dialog may be answered by the next one.
func (s server) steps() bool { return s.version[0] >= 11 }

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
	if found.queue, err = m.findQueue(ctx, found); err != nil {
		return err
	}
	m.server = found
	return nil
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

func (m *Mattermost) findQueue(ctx context.Context, found server) (string, error) {
	if m.cfg.Queue == "" {
		return "", nil
	}
	channel, r, err := m.client.GetChannelByName(ctx, m.cfg.Queue, found.team, "")
	failed := fault(r, err)
	if status(failed) != 0 && model.IsValidId(m.cfg.Queue) { // an id has the shape of a name
		channel, r, err = m.client.GetChannel(ctx, m.cfg.Queue)
		if failed = fault(r, err); failed == nil && channel.TeamId != found.team {
			failed = &refused{Status: http.StatusNotFound}
		}
	}
	outside := fmt.Sprintf("has no coordinators' channel %q with the bot in it: check the name, and add the bot to the channel", m.cfg.Queue)
	why := map[int]string{http.StatusNotFound: outside, http.StatusForbidden: outside, http.StatusBadRequest: outside}
	if err := m.cannot(failed, why); err != nil {
		return "", err
	}
	if channel.DeleteAt != 0 {
		return "", fmt.Errorf("the Mattermost server at %s has archived the coordinators' channel %q", m.cfg.URL, m.cfg.Queue)
	}
	_, r, err = m.client.GetChannelMember(ctx, channel.Id, found.me, "")
	return channel.Id, m.cannot(fault(r, err), why)
}

// QueueRoom is the id of the coordinators' channel, as Start found it; empty when none is named.
func (m *Mattermost) QueueRoom() string { return m.server.queue }
