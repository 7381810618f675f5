package casework

import (
	"slices"
	"testing"
	"time"
)

func TestRoster(t *testing.T) {
	noContent := func() *build {
		k := aConsent("KOTIHOITO-B", "MIEPA", "IAKKAAT")
		k.NoContent = []string{"MIEPA"}
		return pending(t, monday).grantedAs(k).joined("mika", "ville")
	}
	for name, c := range map[string]struct {
		b    *build
		want []string // nil = closed
	}{
		"submitted":            {aCase(t), nil},
		"consent pending":      {pending(t, monday), nil},
		"at opening":           {together(t), []string{"paula"}},
		"invited only":         {together(t).invited("mika", "leo"), []string{"paula"}},
		"accepted":             {together(t).invited("leo").joined("mika"), []string{"paula", "mika"}},
		"named only":           {together(t).named("kaisa"), []string{"paula"}},
		"responsible first":    {active(t), []string{"paula", "kaisa", "mika"}},
		"responsible, member":  {together(t).joined("kaisa").responsible("kaisa"), []string{"paula", "kaisa"}},
		"coordinator leads":    {together(t).responsible("paula"), []string{"paula"}},
		"guest never":          {active(t).joined("jaana"), []string{"paula", "kaisa", "mika"}},
		"near person never":    {active(t).planned(monthOut, "near:daughter"), []string{"paula", "kaisa", "mika"}},
		"who gets no content":  {noContent(), []string{"paula", "ville"}},
		"withdrawn":            {active(t).withdrawn(), nil},
		"expired":              {active(t).expired(), nil},
		"closed":               {active(t).withdrawn().closed(), nil},
		"refused":              {pending(t, monday).refused(), nil},
		"consultation":         {raised(t, monday, aNamelessConcern()).taken().answered("paula"), nil},
		"raiser is no member":  {together(t), []string{"paula"}},
		"long after it lapsed": {active(t).at(monday.AddDate(3, 0, 0)), nil},
	} {
		room := Roster(c.b.c, c.b.now)
		if room.Open != (c.want != nil) || !slices.Equal(room.Members, c.want) {
			t.Errorf("%s: open %v with %q, want %q", name, room.Open, room.Members, c.want)
		}
	}
}

// Who may read of the client is who may be in the room, except that the coordinator may read without it and guests never.
func TestInformed(t *testing.T) {
	k := aConsent("KOTIHOITO-B", "MIEPA", "IAKKAAT", "ESIMERKKIJARJESTO")
	k.NoContent = []string{"MIEPA"}
	b := pending(t, monday).grantedAs(k).joined("mika", "ville", "jaana")
	end := b.c.Consent().End()
	for name, c := range map[string]struct {
		who  string
		at   time.Time
		want bool
	}{
		"covered":                {"ville", b.now, true},
		"gets no content":        {"mika", b.now, false},
		"guest":                  {"jaana", b.now, false},
		"to the last second":     {"ville", end.Add(-time.Second), true},
		"once it has ended":      {"ville", end, false},
		"by an older clock":      {"ville", b.now.Add(-time.Hour), true},
		"not a party":            {"leo", b.now, false},
		"whose unit has changed": {"moved", b.now, false},
	} {
		who := people[c.who]
		if c.who == "moved" {
			who = people["ville"]
			who.Unit = "HALLINTO"
		}
		if got := b.c.Informed(who, c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// Somebody whose unit changed is let in by the client no more, without any act: the store gives the directory's unit.
func TestRosterFollowsTheDirectory(t *testing.T) {
	b := active(t)
	b.c.Team[0].Person.Unit = "HALLINTO"
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "kaisa"}) {
		t.Errorf("room: %q", got)
	}
}

// What the client opposes is not let in, though the unit is a party (C10).
func TestRosterLeavesOutWhomTheClientOpposes(t *testing.T) {
	b := active(t).joined("leo")
	k := aConsent("KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A")
	k.ObjectsTo = []string{"person:leo"}
	if got := Roster(b.grantedAs(k).c, b.now).Members; !slices.Equal(got, []string{"paula", "kaisa", "mika"}) {
		t.Errorf("room: %q", got)
	}
}

func TestRosterClosesOnTheInstant(t *testing.T) {
	b := active(t).days(10).withdrawn()
	if !Roster(active(t).c, b.now).Open {
		t.Fatal("closed before the withdrawal")
	}
	for _, at := range []time.Time{b.now, b.now.Add(time.Hour), b.now.Add(-time.Hour)} {
		if room := Roster(b.c, at); room.Open {
			t.Errorf("open at %s after the withdrawal at %s", at, b.now)
		}
	}
}
