package mattermost

import "testing"

// TestWatchTellsOfTheCoordinatorsChannel: that Luotsi was put out of it and let in again, and that it was archived. Who comes there is
// no case's affair.
func TestWatchTellsOfTheCoordinatorsChannel(t *testing.T) {
	c := newScene(t)
	c.watch()
	jono := c.ChannelNamed("jono")
	path := "/channels/" + jono
	for i, change := range []struct {
		what, method, path string
		body               any
	}{
		{"evict", "DELETE", path + "/members/" + c.Bot, nil},
		{"let in", "POST", path + "/members", data{"user_id": c.Bot}},
		{"archive", "DELETE", path, nil},
	} {
		t.Log(change.what)
		c.Act("katri", change.method, change.path, change.body, 200, 201)
		c.house.hears(t, "drift "+jono, i+1)
	}
	c.house.never(t, "came "+jono)
}
