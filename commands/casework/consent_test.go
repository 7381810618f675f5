package casework

import (
	"slices"
	"testing"
	"time"
)

// pending waits for the client's answer, asked on the day.
func pending(t testing.TB, day time.Time) *build {
	t.Helper()
	return aCaseAt(t, day).taken().accepted().asked()
}

func (b *build) grant(k Consent) (Case, error) {
	return b.quiet().Grant(people["paula"], k, b.s, b.now)
}

func TestWhatHindersAConsent(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Consent)
		want   Rule
	}{
		"in order":                     {func(*Consent) {}, ""},
		"property only":                {func(k *Consent) { k.GivenBy, k.RepresentativeEvidence = "guardian_property_only", "Päätös" }, NoMandate},
		"unable to judge":              {func(k *Consent) { k.Capacity = "unable" }, NoMandate},
		"able with support":            {func(k *Consent) { k.Capacity = "able_with_support" }, ""},
		"nobody gave it":               {func(k *Consent) { k.GivenBy = "" }, NoMandate},
		"somebody else gave it":        {func(k *Consent) { k.GivenBy, k.RepresentativeEvidence = "neighbour", "Paperi" }, NoMandate},
		"guardian without evidence":    {func(k *Consent) { k.GivenBy, k.Capacity = "guardian_personal_matters", "unable" }, GroundMissing},
		"guardian with evidence":       {func(k *Consent) { k.GivenBy, k.RepresentativeEvidence = "guardian_personal_matters", "Päätös" }, ""},
		"custodian":                    {func(k *Consent) { k.GivenBy, k.RepresentativeEvidence = "custodian_minor", "Ote" }, ""},
		"power of attorney":            {func(k *Consent) { k.GivenBy, k.RepresentativeEvidence = "continuing_poa_personal", "Ote" }, ""},
		"no data specified":            {func(k *Consent) { k.Categories = nil }, GroundMissing},
		"oral":                         {func(k *Consent) { k.Form = "oral_documented" }, ""},
		"oral, third sector":           {func(k *Consent) { *k = aConsent("ESIMERKKIJARJESTO"); k.Form = "oral_documented" }, WrittenNeeded},
		"oral, third sector's person":  {func(k *Consent) { *k = aConsent("person:jaana"); k.Form = "oral_documented" }, WrittenNeeded},
		"oral, near person":            {func(k *Consent) { *k = aConsent("near:daughter"); k.Form = "oral_documented" }, WrittenNeeded},
		"unknown form, near person":    {func(k *Consent) { *k = aConsent("near:daughter"); k.Form = "" }, WrittenNeeded},
		"identified, near and third":   {func(k *Consent) { *k = aConsent("near:son", "ESIMERKKIJARJESTO"); k.Form = "e_identified" }, ""},
		"opposes the coordinator":      {func(k *Consent) { k.ObjectsTo = []string{"ASIAKASOHJAUS"} }, Objected},
		"nothing for the coordinator":  {func(k *Consent) { k.NoContent = []string{"person:paula"} }, Objected},
		"opposes another":              {func(k *Consent) { k.ObjectsTo = []string{"MIEPA"} }, ""},
		"informed tomorrow":            {func(k *Consent) { k.InformedOn = monday.AddDate(0, 0, 1) }, NotInformed},
		"until today":                  {func(k *Consent) { k.ValidUntil = helsinki(2026, 11, 23, 0, 0) }, ""},
		"until yesterday":              {func(k *Consent) { k.ValidUntil = helsinki(2026, 11, 22, 0, 0) }, PastValidity},
		"until the same date":          {func(k *Consent) { k.ValidUntil = helsinki(2027, 11, 23, 0, 0) }, ""},
		"until the evening of it":      {func(k *Consent) { k.ValidUntil = helsinki(2027, 11, 23, 23, 59) }, ""},
		"until the day after the date": {func(k *Consent) { k.ValidUntil = helsinki(2027, 11, 24, 0, 0) }, PastValidity},
	} {
		t.Run(name, func(t *testing.T) {
			k := aConsent("KOTIHOITO-B")
			c.change(&k)
			_, err := pending(t, monday).grant(k)
			wantRule(t, err, c.want)
		})
	}
}

// Information comes before the answer: asked or at the latest with the answer, and anew once a consent has ended.
func TestInformedFirst(t *testing.T) {
	_, err := aCase(t).taken().accepted().grant(aConsent("KOTIHOITO-B"))
	wantRule(t, err, NotInformed)
	informed := aConsent("KOTIHOITO-B")
	informed.InformedOn = helsinki(2026, 11, 23, 0, 0)
	_, err = aCase(t).taken().accepted().grant(informed)
	wantRule(t, err, "")
	_, err = active(t).withdrawn().grant(aConsent("KOTIHOITO-B"))
	wantRule(t, err, NotInformed)
	_, err = active(t).withdrawn().asked().grant(aConsent("KOTIHOITO-B"))
	wantRule(t, err, "")
	b := pending(t, monday)
	b.did(b.quiet().NoReply(people["paula"], b.now)).granted("KOTIHOITO-B")
	if k := b.c.Consent(); k.InformedHow != "phone" || k.InformedBy != "paula" || k.Version != 2 {
		t.Errorf("after no reply: %+v", k)
	}
}

func TestCoverage(t *testing.T) {
	k := aConsent("KOTIHOITO-B", "person:leo", "IAKKAAT", "near:daughter")
	k.NoContent, k.ObjectsTo = []string{"IAKKAAT"}, []string{"person:ulla"}
	for _, c := range []struct {
		who             Person
		covers, informs bool
	}{
		{people["kaisa"], true, true},                           // her unit
		{people["leo"], true, true},                             // by name
		{people["sanna"], false, false},                         // leo's unit, but only leo is named
		{people["ville"], true, false},                          // no content for that unit
		{people["ulla"], false, false},                          // the client opposes
		{people["mika"], false, false},                          // not a party
		{Person{Login: "daughter", Unit: "X"}, false, false},    // a near person is no chat person
		{Person{}, false, false},                                // nobody
		{Person{Login: "x", Unit: "kotihoito-b"}, false, false}, // codes are exact
	} {
		if k.Covers(c.who) != c.covers || k.Informs(c.who) != c.informs {
			t.Errorf("%s: covers %v, informs %v", c.who.Login, k.Covers(c.who), k.Informs(c.who))
		}
	}
	k.Parties = append(k.Parties, Party{})
	if k.Covers(Person{Login: "unitless"}) {
		t.Error("an empty party covers somebody without a unit")
	}
}

// The coordinator's own unit is always a party (I2).
func TestOwnUnitIsAlwaysAParty(t *testing.T) {
	for _, parties := range [][]string{{"KOTIHOITO-B"}, {"KOTIHOITO-B", "ASIAKASOHJAUS"}, nil} {
		b := pending(t, monday).granted(parties...)
		own := 0
		for _, p := range b.c.Consent().Parties {
			if p.Code == "ASIAKASOHJAUS" {
				own++
			}
		}
		if own != 1 || !b.c.Consent().Covers(people["paula"]) {
			t.Errorf("%v: own unit %d times", parties, own)
		}
	}
}

// The last day is inclusive, to its last moment in Helsinki, also when it is 23 or 25 hours long.
func TestConsentHoldsThroughItsLastDay(t *testing.T) {
	for _, day := range []time.Time{
		helsinki(2027, 3, 28, 0, 0), helsinki(2027, 10, 31, 0, 0), helsinki(2027, 3, 27, 0, 0), helsinki(2027, 6, 30, 0, 0), helsinki(2026, 12, 31, 0, 0),
	} {
		k := aConsent("KOTIHOITO-B")
		k.ValidUntil = day
		c := pending(t, monday).grantedAs(k).c
		end := time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, Helsinki)
		if got := c.Consent().End(); !got.Equal(end) {
			t.Errorf("until %s: ends %s, want %s", day, got, end)
		}
		for _, at := range []struct {
			t    time.Time
			want bool
		}{{monday, true}, {monday.Add(-1), false}, {end.Add(-1), true}, {end.Add(-1).UTC(), true}, {end, false}, {end.UTC(), false}} {
			if _, ok := c.ConsentAt(at.t); ok != at.want {
				t.Errorf("until %s: holds at %s: %v", day, at.t, ok)
			}
		}
	}
}

// "At most 12 months": the same date next year, or the last day of that month.
func TestLatestEnd(t *testing.T) {
	for _, c := range []struct{ given, want time.Time }{
		{monday, helsinki(2027, 11, 23, 0, 0)},
		{helsinki(2027, 3, 28, 3, 30), helsinki(2028, 3, 28, 0, 0)},
		{helsinki(2028, 2, 29, 12, 0), helsinki(2029, 2, 28, 0, 0)},
		{helsinki(2027, 2, 28, 12, 0), helsinki(2028, 2, 28, 0, 0)},
		{helsinki(2026, 12, 31, 23, 59), helsinki(2027, 12, 31, 0, 0)},
		{helsinki(2026, 12, 31, 23, 59).UTC(), helsinki(2027, 12, 31, 0, 0)},
		{time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC), helsinki(2028, 1, 1, 0, 0)}, // already the new year in Helsinki
	} {
		if got := LatestEnd(c.given, DefaultSettings()); !got.Equal(c.want) {
			t.Errorf("given %s: until %s, want %s", c.given, got, c.want)
		}
	}
	if got := pending(t, monday).granted("KOTIHOITO-B").c.Consent().ValidUntil; !got.Equal(helsinki(2027, 11, 23, 0, 0)) {
		t.Errorf("unless said otherwise until %s", got)
	}
}

// An oral consent holds for 30 days, the last inclusive, however its clock is read; written confirmation lifts that.
func TestOralConsent(t *testing.T) {
	for _, c := range []struct{ given, end time.Time }{
		{monday, helsinki(2026, 12, 24, 0, 0)},
		{helsinki(2027, 3, 10, 9, 0), helsinki(2027, 4, 10, 0, 0)},
		{helsinki(2027, 10, 10, 0, 30).UTC(), helsinki(2027, 11, 10, 0, 0)},
	} {
		b := pending(t, c.given)
		k := aConsent("KOTIHOITO-B")
		k.Form = "oral_documented"
		b.grantedAs(k)
		if got := b.c.Consent().End(); !got.Equal(c.end) {
			t.Errorf("given orally %s: ends %s, want %s", c.given, got, c.end)
		}
		if b.after(time.Hour).granted("KOTIHOITO-B"); !b.c.Consent().End().After(c.end.AddDate(0, 9, 0)) {
			t.Errorf("confirmed in writing, it still ends %s", b.c.Consent().End())
		}
	}
	unsaid := aConsent("KOTIHOITO-B")
	if unsaid.Form = ""; pending(t, monday).grantedAs(unsaid).c.Consent().OralUntil.IsZero() {
		t.Error("what is not in writing lasts as if it were")
	}
	b, k := pending(t, monday), aConsent("KOTIHOITO-B")
	k.Form, k.ValidUntil = "oral_documented", helsinki(2026, 11, 30, 0, 0)
	if b.grantedAs(k); !b.c.Consent().End().Equal(helsinki(2026, 12, 1, 0, 0)) {
		t.Errorf("an earlier end stays: %s", b.c.Consent().End())
	}
}

// A refusal says nothing to anybody but that the concern has been handled, and keeps no trace of a team.
func TestRefusalSaysNothing(t *testing.T) {
	b := pending(t, monday)
	b.did(b.quiet().Refuse(people["paula"], "Ei halua", "yes", "Vaara", b.now))
	if got := b.told(); !slices.Equal(got, []string{"handled:sanna"}) {
		t.Errorf("a refusal tells %q", got)
	}
	c := b.c
	if c.State != Closed || c.ClosedFor != "consent_refused" || !c.ClosedAt.Equal(b.now) || c.RoomNumber != 0 || c.Consent().Status != ConsentRefused {
		t.Errorf("refused: %+v", c)
	}
	if len(c.Consents) != 1 || c.Consent().InformedHow != "phone" || c.Consent().RefuseReason != "Ei halua" || c.Consent().NotifyReason != "Vaara" {
		t.Errorf("the record of it: %+v", c.Consents)
	}
	if len(Agenda(c, b.s)) != 0 {
		t.Error("time goes on with it")
	}
}

// For thirty days after a refusal nobody asks again, on whichever side of a change of clocks they end.
func TestRestAfterRefusal(t *testing.T) {
	b := aCaseAt(t, helsinki(2027, 3, 2, 9, 0)).taken().accepted() // as when another concern comes about the same client
	b.c.RefusedBefore = helsinki(2027, 3, 1, 0, 30)
	end := helsinki(2027, 3, 31, 0, 30)
	for range 2 {
		err := b.c.MayAskConsent(b.s, end.Add(-time.Second))
		wantRule(t, err, RestPeriod)
		if day, ok := err.(*Refusal).About["day"].(time.Time); !ok || !day.Equal(end) {
			t.Errorf("about %v", day)
		}
		wantRule(t, b.c.MayAskConsent(b.s, end), "")
		_, err = b.c.AskConsent(people["paula"], b.now, "phone", b.s, b.now)
		wantRule(t, err, RestPeriod)
		b.c.RefusedBefore = b.c.RefusedBefore.UTC()
	}
}

// The rest binds who would ask: not a client who comes of an own will, nor a duty; and it never keeps an answer out.
func TestRestHasTwoExceptions(t *testing.T) {
	for _, basis := range Bases {
		b := aCase(t).taken().accepted()
		b.c.RefusedBefore, b.c.Concern.Basis = monday.AddDate(0, 0, -1), basis
		want := RestPeriod
		if basis == "client_own_contact" || slices.Contains(duties, basis) {
			want = ""
		}
		wantRule(t, b.c.MayAskConsent(b.s, b.now), want)
		informed := aConsent("MIEPA")
		informed.InformedOn = monday
		b.grantedAs(informed)
	}
}

func TestSilenceIsNeverConsent(t *testing.T) {
	b := pending(t, monday).days(30)
	b.did(b.quiet().NoReply(Person{Login: System}, b.now))
	if _, ok := b.c.ConsentAt(b.now); ok || b.c.State != ConsentPending || b.c.Consent().Status != ConsentNoReply {
		t.Errorf("no reply: %+v", b.c)
	}
	if got := b.told(); !slices.Equal(got, []string{"no_reply:paula"}) {
		t.Errorf("no reply tells %q", got)
	}
	if b.asked(); b.c.Consent().Version != 2 || b.c.Consent().Status != ConsentRequested {
		t.Errorf("asked again: %+v", b.c.Consent())
	}
	if b.asked(); b.c.Consents[1].Status != ConsentNoReply || b.c.Consent().Version != 3 {
		t.Errorf("asked once more: %+v", b.c.Consents)
	}
}

func TestGrantedTells(t *testing.T) {
	for name, c := range map[string]struct {
		parties []string
		want    []string
	}{
		"raiser is no party": {[]string{"KOTIHOITO-B"}, []string{"room_open:paula", "welcome:"}},
		"raiser is a party":  {[]string{"SOTE-KESKUS-A"}, []string{"room_open:paula", "welcome:", "started:sanna"}},
	} {
		if got := pending(t, monday).granted(c.parties...).told(); !slices.Equal(got, c.want) {
			t.Errorf("%s: tells %q, want %q", name, got, c.want)
		}
	}
}
