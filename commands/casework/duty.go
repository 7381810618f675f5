package casework

import (
	"slices"
	"time"
)

// DutyNotice is a statutory notification (T12): one way, to an authority that may get it, with only the necessary facts. It
// never opens a room or gathers a team.
type DutyNotice struct {
	No             int
	By             string
	At             time.Time
	Ground         string
	Facts          string
	Target         string // service line
	ClientInformed string
}

// DutyGrounds are the provisions that allow or demand a notification without consent.
var DutyGrounds = []string{
	"shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge", "atl53_5_no_capacity", "atl55_2",
	"atl56_safeguard", "atl62_police_threat", "ls25_child_welfare",
}

// MayNotify tells whether a notification may be recorded: it needs its ground, its facts and
// whom it goes to, in any state but a concern
// whose client is not known or was taken back.
func (c Case) MayNotify(d DutyNotice) error {
	switch {
	case !c.Concern.HasIdentity:
		return refuse(IdentityNeeded)
	case !slices.Contains(DutyGrounds, d.Ground):
		return refuseAbout(GroundMissing, map[string]any{"field": "ground"})
	case d.Facts == "":
		return refuseAbout(GroundMissing, map[string]any{"field": "ground_text"})
	case !slices.Contains(ServiceLines, d.Target):
		return refuseAbout(GroundMissing, map[string]any{"field": "target"})
	case !slices.Contains(ClientInformed, d.ClientInformed):
		return refuseAbout(GroundMissing, map[string]any{"field": "client_informed"})
	}
	return nil
}

// Notify records a statutory notification. The case stays in its state.
func (c Case) Notify(by Person, d DutyNotice, now time.Time) (Case, error) {
	if err := c.MayNotify(d); err != nil {
		return c, err
	}
	c = c.change(now)
	d.No, d.By, d.At = len(c.Duties)+1, by.Login, now
	c.Duties = append(c.Duties, d)
	return c, nil
}
